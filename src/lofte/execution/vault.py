"""The vault: the keys that restore logs are sealed with, each until its day and no longer.

Hard rules:
- A file of its own, `keys-vault.sqlite3`, that is never part of a backup: a key that is gone here
  is gone, and what it sealed is noise wherever a copy of it lies.
- secure_delete is on and there is no WAL; the rollback journal is overwritten after each shredding.
- A key lies wrapped under the house's wrapping key and bound to its request: neither file opens
  anything alone.
- One process writes at a time; what has returned is on the disk.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lofte.errors import Broken, Refused
from lofte.execution.house import House

FILE = "keys-vault.sqlite3"
WINDOW = timedelta(days=14)
"""How long a mistake can be undone; then the key is shredded (art. 5.1 e)."""
FRESH = timedelta(days=1)
"""A key is used again for so long; what is erased later gets a key and a window of its own."""
_NONCE = 12
_ZEROS = bytes(1 << 16)
_TABLE = """
create table if not exists vault_key (
  id text primary key, request text not null, wrapped blob not null,
  made_at text not null, until text not null
) without rowid
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class VaultKey:
    """A key, whose it is, and until when."""

    id: str
    request: str
    value: bytes = field(repr=False)
    made_at: datetime
    until: datetime


def key_for(house: House, request_ref: str) -> VaultKey:
    """The key that this request's rows are sealed with now; made when there is none. Durable."""
    now = house.now
    with _opened(house.folder, to_write=True) as db:
        for found in _living(db, house, request_ref):
            if found.made_at <= now < found.made_at + FRESH:
                return found
        made = VaultKey(
            id=secrets.token_hex(16),
            request=request_ref,
            value=AESGCM.generate_key(bit_length=256),
            made_at=now,
            until=now + WINDOW,
        )
        sealed = _wrap(house, made)
        with db:
            db.execute(
                "insert into vault_key (id, request, wrapped, made_at, until) values (?, ?, ?, ?, ?)",
                (made.id, request_ref, sealed, _text(made.made_at), _text(made.until)),
            )
        return made


def living(house: House, request_ref: str) -> tuple[VaultKey, ...]:
    """The keys of this request whose time is not out, oldest first."""
    with _opened(house.folder) as db:
        return tuple(k for k in _living(db, house, request_ref) if house.now < k.until)


def due(folder: Path, now: datetime) -> tuple[str, ...]:
    """The ids of the keys whose time is out."""
    if not (folder / FILE).exists():
        return ()
    with _opened(folder) as db:
        found = db.execute("select id from vault_key where until <= ? order by id", (_text(now),))
        return tuple(id_ for (id_,) in found)


def known(folder: Path) -> frozenset[str]:
    """The ids of all keys that are left."""
    with _opened(folder) as db:
        return frozenset(id_ for (id_,) in db.execute("select id from vault_key"))


def shred(folder: Path, ids: tuple[str, ...]) -> None:
    """Destroy these keys: overwritten in the file and in its journal. Nothing they sealed opens again.

    Without ids, only the journal of a shredding that was stopped is overwritten."""
    if not (folder / FILE).exists():
        return
    with _opened(folder, to_write=True) as db:
        with db:
            db.executemany("delete from vault_key where id = ?", [(id_,) for id_ in ids])
        _wipe(folder / f"{FILE}-journal")


@contextmanager
def _opened(folder: Path, *, to_write: bool = False) -> Iterator[sqlite3.Connection]:
    path = folder / FILE
    handle = os.open(folder / f"{FILE}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if to_write or not path.exists() else fcntl.LOCK_SH)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        with closing(sqlite3.connect(path, timeout=20)) as db:
            db.execute("pragma secure_delete = on")
            db.execute("pragma journal_mode = persist")
            db.execute("pragma synchronous = extra")
            if not db.execute("select 1 from sqlite_master where name = 'vault_key'").fetchone():
                db.execute(_TABLE)
            yield db
    except (sqlite3.Error, OSError) as error:
        raise Refused(
            f"the vault of keys cannot be used ({type(error).__name__}); see to the disk"
        ) from error
    finally:
        os.close(handle)


def _living(db: sqlite3.Connection, house: House, request_ref: str) -> Iterator[VaultKey]:
    found = db.execute(
        "select id, wrapped, made_at, until from vault_key where request = ? order by made_at, id",
        (request_ref,),
    )
    for id_, wrapped, made_at, until in found.fetchall():
        yield VaultKey(
            id=id_,
            request=request_ref,
            value=_unwrap(house, wrapped, id_, request_ref),
            made_at=datetime.fromisoformat(made_at),
            until=datetime.fromisoformat(until),
        )


def _wrap(house: House, key: VaultKey) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(house.keys.wrapping).encrypt(nonce, key.value, _bound(key.id, key.request))


def _unwrap(house: House, wrapped: bytes, id_: str, request_ref: str) -> bytes:
    try:
        return AESGCM(house.keys.wrapping).decrypt(
            wrapped[:_NONCE], wrapped[_NONCE:], _bound(id_, request_ref)
        )
    except InvalidTag as error:
        raise Broken("a key in the vault does not open; put the house's own keys back") from error


def _bound(id_: str, request_ref: str) -> bytes:
    return f"lofte/1/vault/{id_}/{request_ref}".encode()


def _wipe(journal: Path) -> None:
    """Overwrite the rollback journal, which holds pages as they were; the caller has the lock."""
    if not journal.exists():
        return
    with journal.open("r+b") as file:
        left = os.fstat(file.fileno()).st_size
        while left > 0:
            left -= file.write(_ZEROS[:left])
        file.flush()
        os.fsync(file.fileno())


def _text(moment: datetime) -> str:
    """As UTC with all six decimals, so that text sorts as time does."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")

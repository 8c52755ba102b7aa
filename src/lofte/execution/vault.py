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
from collections.abc import Collection, Iterator
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
_COLUMNS = "id, request, file, wrapped, made_at, until"
_TABLE = """
create table if not exists vault_key (
  id text primary key, request text not null, file text not null, wrapped blob not null,
  made_at text not null, until text not null
)
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class VaultKey:
    """A key, whose it is, and until when."""

    id: str
    request: str
    file: str
    """The restore log that it seals; those who are erased together share one."""
    value: bytes = field(repr=False)
    made_at: datetime
    until: datetime


def keys_for(house: House, requests: Collection[str]) -> dict[str, VaultKey]:
    """The key that each request's rows are sealed with now; those that are not there are made, all
    in one transaction. Durable."""
    now = house.now
    with _opened(house.folder, to_write=True) as db:
        found = {
            key.request: key
            for key in _living(db, house, requests)
            if key.made_at <= now < min(key.until, key.made_at + FRESH)
        }
        file = secrets.token_hex(16)
        made = [_made(request, file, now) for request in dict.fromkeys(requests) if request not in found]
        if made:
            with db:
                db.executemany(
                    f"insert into vault_key ({_COLUMNS}) values (?, ?, ?, ?, ?, ?)",  # noqa: S608
                    [
                        (k.id, k.request, k.file, _wrap(house, k), _text(k.made_at), _text(k.until))
                        for k in made
                    ],
                )
        return found | {key.request: key for key in made}


def by_id(house: House, id_: str) -> VaultKey | None:
    """A key by its id; None when it has been shredded."""
    with _opened(house.folder) as db:
        row = db.execute(f"select {_COLUMNS} from vault_key where id = ?", (id_,)).fetchone()  # noqa: S608
        return None if row is None else _key(house, row)


def _made(request: str, file: str, now: datetime) -> VaultKey:
    return VaultKey(
        id=secrets.token_hex(16),
        request=request,
        file=file,
        value=AESGCM.generate_key(bit_length=256),
        made_at=now,
        until=now + WINDOW,
    )


def living(house: House, request_ref: str) -> tuple[VaultKey, ...]:
    """The keys of this request whose time is not out, oldest first."""
    with _opened(house.folder) as db:
        return tuple(k for k in _living(db, house, [request_ref]) if house.now < k.until)


def due(folder: Path, now: datetime) -> tuple[str, ...]:
    """The ids of the keys whose time is out."""
    if not (folder / FILE).exists():
        return ()
    with _opened(folder) as db:
        found = db.execute("select id from vault_key where until <= ? order by id", (_text(now),))
        return tuple(id_ for (id_,) in found)


def files(folder: Path) -> frozenset[str]:
    """The restore logs that a key is left for."""
    with _opened(folder) as db:
        return frozenset(file for (file,) in db.execute("select distinct file from vault_key"))


def requests(folder: Path) -> frozenset[str]:
    """The requests that a key is left for."""
    if not (folder / FILE).exists():
        return frozenset()
    with _opened(folder) as db:
        return frozenset(ref for (ref,) in db.execute("select distinct request from vault_key"))


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
    handle: int | None = None
    try:
        handle = os.open(folder / f"{FILE}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX if to_write or not path.exists() else fcntl.LOCK_SH)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        with closing(sqlite3.connect(path, timeout=20)) as db:
            db.execute("pragma secure_delete = on")
            db.execute("pragma journal_mode = persist")
            db.execute("pragma synchronous = extra")
            if not db.execute("select 1 from sqlite_master where name = 'vault_key'").fetchone():
                db.execute(_TABLE)
                db.execute("create index if not exists vault_request on vault_key (request)")
            yield db
    except (sqlite3.Error, OSError) as error:
        raise Refused(
            f"the vault of keys cannot be used ({type(error).__name__}); see to the disk"
        ) from error
    finally:
        if handle is not None:
            os.close(handle)


def _living(db: sqlite3.Connection, house: House, requests: Collection[str]) -> Iterator[VaultKey]:
    if not db.execute("select 1 from vault_key limit 1").fetchone():
        return
    sql = f"select {_COLUMNS} from vault_key where request = ? order by made_at, id"  # noqa: S608
    for request in dict.fromkeys(requests):
        for row in db.execute(sql, (request,)).fetchall():
            yield _key(house, row)


def _key(house: House, row: tuple[str, str, str, bytes, str, str]) -> VaultKey:
    id_, request, file, wrapped, made_at, until = row
    return VaultKey(
        id=id_,
        request=request,
        file=file,
        value=_unwrap(house, wrapped, id_, request),
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

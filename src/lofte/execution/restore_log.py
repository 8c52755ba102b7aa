"""The restore log: rows as they were before an erasure, sealed, for fourteen days at most.

Hard rules:
- A row is on the disk, sealed, before what is done to it is lasting: `keep` is called inside the
  erasing transaction, once per row and step, and has not returned until its bytes are durable.
- Each value comes back with its exact type. One that would not is refused, and nothing is erased.
- Rows are sealed with AES-256-GCM under a key of their request, which lies in the vault. When its
  time is out the key is shredded first and the file removed after: any copy of the file is noise.
- Undoing never overwrites what somebody else has written since: what we were going to write is kept
  beside what stood there, and only where that still stands is anything put back.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lofte.connectors.protocol import Changes
from lofte.connectors.undoing import PutBack, Since
from lofte.datamap.document import System
from lofte.errors import Broken, Conflict, Refused
from lofte.execution import heads, stones, vault
from lofte.execution.append import append, records, sync_folder
from lofte.execution.book import note, recorded, untold
from lofte.execution.exactly import pack, unpack
from lofte.execution.house import House
from lofte.execution.vault import VaultKey
from lofte.ledger.kinds import Kind, Value

FOLDER = "restore"
Close = Callable[[str, frozenset[str], int], Mapping[str, Value]]
"""System, steps whose rows are back, how many rows -> what else the entry tells."""
CHUNK = 500
"""Rows of a request sealed together; so much of a row set is in memory twice."""
WHOLE: Changes = {}
"""What is said of rows that go."""
_MARK, _NONCE = 16, 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """Rows of one dataset as they were before a step changed them."""

    step: str
    system: str
    dataset: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    changes: tuple[str, ...] = ()
    """The columns that the step was going to change; () = the rows went whole."""
    wrote: tuple[tuple[Any, ...], ...] = ()
    """What it was going to write there, row by row; () = nobody knows, in a log from before it was kept."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """Rows of one dataset, by request, that a step is about to change alike."""

    dataset: str
    columns: Sequence[str]
    changes: tuple[str, ...]
    """As in `Kept`."""
    rows: Mapping[str, Sequence[Sequence[Any]]]
    """Each with what the step is going to write at its end (`with_what_follows`)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GivenBack:
    """What was given back, and what was left because somebody has written it since."""

    rows: Mapping[tuple[str, str], int]
    """(system, dataset) -> rows."""
    since: Mapping[str, tuple[Since, ...]]
    """System -> columns that were left."""


class Back(Protocol):
    """A system that takes its rows back."""

    def put_back(self, kept: Sequence[Kept], insist: Callable[[], None] = ...) -> PutBack:
        """Insert the rows that are gone and re-write those that were changed and say still what we
        wrote, by key and in the order of foreign keys, in one transaction. `kept` is in the order in
        which it was kept. `insist` is asked before it is made lasting. Raises Unreachable; Conflict and
        Broken, and then nothing was put back."""
        ...

    def close(self) -> None:
        """Give back all connections."""
        ...


def with_what_follows(rows: Sequence[Sequence[Any]], changes: Changes) -> list[tuple[Any, ...]]:
    """Rows as `Taken` has them."""
    if not changes:
        return [*map(tuple, rows)]
    following = zip(*changes.values(), strict=True)
    return [(*row, *said) for row, said in zip(rows, following, strict=True)]


def keep(
    house: House,
    request_ref: str,
    step: str,
    system: str,
    dataset: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    changes: Changes = WHOLE,
) -> None:
    """Keep full rows before what is done to them is lasting. Durable when it returns; raises Refused
    otherwise, and then nothing may be made lasting. `changes` are the columns that the step will change,
    and what it will write there; undoing touches no others."""
    taken = {request_ref: with_what_follows(rows, changes)}
    keep_many(
        house, step, system, [Taken(dataset=dataset, columns=columns, changes=tuple(changes), rows=taken)]
    )


def keep_many(house: House, step: str, system: str, taken: Sequence[Taken]) -> None:
    """As `keep`, for many datasets and requests at once, each under its own key: one wait for the disk."""
    packed: dict[str, _Packed] = {}
    for each in taken:
        about = {"step": str(step), "system": system, "dataset": each.dataset}
        head = pack(("about", "changes"), [(about, list(each.changes))])
        for request, some in each.rows.items():
            mine = packed.setdefault(request, _Packed())
            for at in range(0, len(some), CHUNK):
                part = some[at : at + CHUNK]
                mine.add(len(part), head, pack(each.columns, part))
    if not packed:
        return
    by_file: dict[str, list[tuple[VaultKey, bytes]]] = {}
    for request, key in vault.keys_for(house, packed).items():
        by_file.setdefault(key.file, []).extend((key, record) for record in packed[request].records())
    for file, sealing in by_file.items():
        _append(house, file, sealing)


@dataclass(slots=True)
class _Packed:
    """The rows of one request, in the records that they are sealed in."""

    parts: list[list[bytes]] = field(default_factory=list)
    room: int = 0

    def add(self, rows: int, *part: bytes) -> None:
        """Rows of one dataset, with the rows before them while there is room."""
        if rows > self.room:
            self.parts.append([])
            self.room = CHUNK
        self.parts[-1] += part
        self.room -= rows

    def records(self) -> Iterator[bytes]:
        """Each part as two lines."""
        return (b"\n".join(parts) for parts in self.parts)


def rows(house: House, request_ref: str) -> Iterator[Kept]:
    """What was kept for a request and can still be opened, in the order it was kept. Raises Broken
    when a file is not as it was written."""
    for key in vault.living(house, request_ref):
        cipher, mark = AESGCM(key.value), bytes.fromhex(key.id)
        torn = False
        for position, record in enumerate(records(_file(house, key.file))):
            if torn:
                raise Broken("the restore log has been changed; put the right file back before undoing")
            if not record.startswith(mark):
                continue
            plain = _open(cipher, record, _bound(key, position))
            if plain is None:
                torn = True  # the end of a writer that was stopped, if nothing follows it
                continue
            yield from _kept(plain)


def undo(
    house: House,
    request_ref: str,
    connect: Callable[[System], Back],
    *,
    steps: Collection[str] | None = None,
    by: str = "",
    insist: Callable[[], None] = lambda: None,
    close: Close = lambda _system, _steps, _rows: {},
) -> GivenBack:
    """Give back the rows of a request, those of `steps` or all. Raises
    Refused when the window is over. Doing it again after a failure completes it, and tells what a
    process that died could not. `insist` is asked before anything is made lasting; `close` does what
    belongs to it, in the transaction that tells of a system.

    That the tombstones are to be lifted is on the disk first: a restore between the two must not erase
    what comes back. They are lifted when the rows are back, and stand when they are not."""
    if not vault.living(house, request_ref):
        raise Refused(
            f"nothing is kept for this request: rows are kept for {vault.WINDOW.days} days, "
            "then their key is destroyed"
        )
    by_system: dict[str, list[Kept]] = {}
    for kept in rows(house, request_ref):
        if steps is None or kept.step in steps:
            by_system.setdefault(kept.system, []).append(kept)
    counts: dict[tuple[str, str], int] = {}
    since: dict[str, tuple[Since, ...]] = {}
    for system in sorted(by_system):
        intended, undone = Kind.ERASURE_UNDO_INTENDED, Kind.ERASURE_UNDONE
        waiting = untold(intended, undone, system, request_ref)
        _note(house, intended, request_ref, {"target": system})
        back = _put(house, request_ref, system, connect, by_system[system], insist)
        put = back.rows
        if waiting and not put:
            # All of it is there: somebody gave it back, and died before they could tell.
            put = _distinct(house, by_system[system], back.since)
        stones.lift(house, request_ref, system)
        said: dict[str, Value] = {"target": system, "rows": sum(put.values()), **({"by": by} if by else {})}
        if back.since:
            since[system] = back.since
            said["since"] = sum(len(each.columns) for each in back.since)
        with recorded(house):
            said |= close(system, frozenset(kept.step for kept in by_system[system]), sum(put.values()))
            note(undone, request_ref, said, at=house.now, policy_version=house.policy_version)
            heads.keep(house, system)
        counts |= {(system, dataset): number for dataset, number in put.items()}
    return GivenBack(rows=counts, since=since)


def _put(
    house: House,
    request_ref: str,
    system: str,
    connect: Callable[[System], Back],
    kept: Sequence[Kept],
    insist: Callable[[], None],
) -> PutBack:
    """Put back one system's rows. When the system did not take them, the tombstones stand; when nobody
    knows, which they do is for the next attempt to tell."""
    back = connect(house.datamap.system(system))
    try:
        first = stones.lifting(house, request_ref, system)
        try:
            return back.put_back(kept, insist)
        except (Conflict, Broken, Refused):
            if first:
                stones.stand(house, request_ref, system)
            raise
    finally:
        back.close()


def shred_due(house: House) -> int:
    """Destroy the keys whose time is out, then the files they sealed; returns how many keys."""
    return shred_due_in(house.folder, house.now)


def shred_due_in(folder: Path, now: datetime) -> int:
    """As `shred_due`, for who has no policy that can be read: the window closes all the same."""
    due = vault.due(folder, now)
    vault.shred(folder, due)
    _sweep(folder)
    return len(due)


def shred(house: House, request_ref: str) -> int:
    """Destroy what is kept for one request before its time; returns how many keys."""
    keys = tuple(key.id for key in vault.living(house, request_ref))
    vault.shred(house.folder, keys)
    _sweep(house.folder)
    return len(keys)


def _sweep(folder: Path) -> None:
    """Remove the files whose keys are gone, also those of a shredding that was stopped."""
    files = sorted((folder / FOLDER).glob("*.log"))
    if not files:
        return
    living = vault.files(folder)
    gone = [file for file in files if file.stem not in living]
    for file in gone:
        file.unlink(missing_ok=True)
    if gone:
        sync_folder(folder / FOLDER)


def _distinct(house: House, kept: Sequence[Kept], since: Sequence[Since]) -> dict[str, int]:
    """How many rows these are, by dataset, without those that were left."""
    left = Counter(each.dataset for each in since)
    found: dict[str, set[tuple[Any, ...]]] = {}
    for each in kept:
        key = house.datamap.system(each.system).datasets[each.dataset].key
        at = [each.columns.index(name) for name in key]
        found.setdefault(each.dataset, set()).update(tuple(str(row[n]) for n in at) for row in each.rows)
    return {dataset: len(keys) - left[dataset] for dataset, keys in found.items()}


def _note(house: House, kind: Kind, request_ref: str, payload: dict[str, Value]) -> None:
    with recorded(house):
        note(kind, request_ref, payload, at=house.now, policy_version=house.policy_version)


def _kept(plain: bytes) -> Iterator[Kept]:
    lines = plain.split(b"\n")
    for head, body in zip(lines[::2], lines[1::2], strict=True):
        _, ((about, changes),) = unpack(head)
        columns, found = unpack(body)
        own = len(columns)
        # In the oldest logs it is not said which columns: any of them.
        changed = tuple(columns if changes is None else changes)
        known = all(len(row) == own + len(changed) for row in found)
        yield Kept(
            **about,
            columns=columns,
            rows=tuple(row[:own] for row in found),
            changes=changed,
            wrote=tuple(row[own:] for row in found) if known else (),
        )


def _append(house: House, file: str, sealing: Sequence[tuple[VaultKey, bytes]]) -> None:
    known = {bytes.fromhex(key.id): key for key, _ in sealing}

    def make(first: int) -> Iterator[bytes]:
        ciphers = {key.id: AESGCM(key.value) for key in known.values()}
        for position, (key, plain) in enumerate(sealing, first):
            yield _seal(ciphers[key.id], key, plain, _bound(key, position))

    def holds(position: int, record: bytes) -> bool:
        mark = record[:_MARK]
        key = known.get(mark) or vault.by_id(house, mark.hex())
        # What nobody can open any more is left where it is.
        return key is None or _open(AESGCM(key.value), record, _bound(key, position)) is not None

    append(_file(house, file), make, holds)


def _file(house: House, name: str) -> Path:
    return house.folder / FOLDER / f"{name}.log"


def _bound(key: VaultKey, position: int) -> bytes:
    return f"lofte/1/restore/{key.id}/{key.request}/{position}".encode()


def _seal(cipher: AESGCM, key: VaultKey, plain: bytes, bound: bytes) -> bytes:
    """The id of the key, a nonce, and what only the key opens."""
    nonce = secrets.token_bytes(_NONCE)
    return bytes.fromhex(key.id) + nonce + cipher.encrypt(nonce, plain, bound)


def _open(cipher: AESGCM, record: bytes, bound: bytes) -> bytes | None:
    try:
        return cipher.decrypt(record[_MARK : _MARK + _NONCE], record[_MARK + _NONCE :], bound)
    except (InvalidTag, ValueError):
        return None

"""Noting in the ledger, and giving entries their numbers.

Hard rules:
- `note` writes the entry to the outbox in the transaction of what it tells about: both or neither.
- `recorded` gives the number in the same transaction; what needs evidence before it goes on uses it.
  Its notes are gathered and written together at its end, with their numbers, after all that waited
  for one before them.
- The sequencer gives numbers and MACs in the order of the outbox, one sequencer at a time.
- Closed means closed: when the ledger cannot be written, or its last link does not hold, the
  act that needed it does not happen (`LedgerClosed`).
"""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import DatabaseError, connection, transaction

from lofte.errors import Broken, LedgerClosed
from lofte.execution.house import House
from lofte.execution.models import LedgerEntry, LedgerOutbox, LedgerRecord
from lofte.execution.store import on_sqlite, one_writer, pick, pour, writing
from lofte.ledger import chain
from lofte.ledger.entry import SIZE, Entry, checked_object, commit, opens, payload_bytes
from lofte.ledger.kinds import Kind, Value
from lofte.ledger.payloads import checked

_SEQUENCER = 0x10F7E
"""The number of the advisory lock that keeps PostgreSQL to one sequencer."""
_BATCH = 500
_UNWRITABLE = "the ledger cannot be written, so nothing is done; see to disk and database, then try again"
_DISAGREES = (
    "the last entry of the ledger is not the one that was noted; run `lofte ledger verify` before going on"
)


def note(
    kind: Kind, object_: str, payload: Mapping[str, Value], *, at: datetime, policy_version: str = ""
) -> None:
    """Put an entry in the outbox, inside the caller's transaction. Raises LedgerClosed."""
    if not connection.in_atomic_block:
        raise LedgerClosed("an entry is noted in the transaction of what it tells about; open one")
    checked_object(object_, policy_version)
    content = payload_bytes(checked(kind, payload))
    key = secrets.token_bytes(SIZE)
    commitment = commit(key, content)
    _gathered.take(
        _Note(
            record=(commitment.hex(), object_, key, content),
            entry=Entry(
                seq=0, at=at, kind=kind, object=object_, policy_version=policy_version, commitment=commitment
            ),
        )
    )


@dataclass(frozen=True, slots=True)
class _Note:
    """What has been noted: the record, and the entry that has no number yet."""

    record: tuple[str, str, bytes, bytes]
    entry: Entry


class _Gathered(threading.local):
    """The notes of the `recorded` transaction that this thread is in, until they are written."""

    depth: int | None = None
    """Savepoints that were open when it began; None = there is no such transaction."""

    def __init__(self) -> None:
        self._notes: list[_Note] = []

    def take(self, note: _Note) -> None:
        """Keep a note until the end, where there is one; else write it. What is noted inside a
        savepoint goes with it when it is undone, so it is written at once, and nothing else with it."""
        if self.depth == len(connection.savepoint_ids):
            self._notes.append(note)
        else:
            _write([note])

    def write(self) -> None:
        """Write what is kept; its numbers come later. Raises LedgerClosed."""
        _write(self.taken())

    def taken(self) -> list[_Note]:
        """What is kept, and is the caller's to write from now on."""
        notes, self._notes = self._notes, []
        return notes

    @contextmanager
    def until_written(self) -> Iterator[None]:
        """Gather in this block; what has not been written at its end is forgotten with it."""
        self.depth = len(connection.savepoint_ids)
        try:
            yield
        finally:
            self.depth = None
            self._notes = []


_gathered = _Gathered()


def _write(notes: list[_Note]) -> None:
    try:
        _keep(notes)
        pour(
            LedgerOutbox,
            ("at", "kind", "object", "policy_version", "commitment"),
            [(e.at, e.kind, e.object, e.policy_version, e.commitment) for e in (n.entry for n in notes)],
        )
    except DatabaseError as error:
        raise LedgerClosed(_UNWRITABLE) from error


def _keep(notes: list[_Note]) -> None:
    pour(LedgerRecord, ("commitment", "object", "key", "payload"), [note.record for note in notes])


@contextmanager
def recorded(house: House) -> Iterator[None]:
    """One durable transaction in which something is done, noted, and its entries get their
    numbers: all of it, or nothing. Raises LedgerClosed when the ledger cannot be written.

    Who writes at a high rate uses `writing` and `note` instead, and leaves the numbers to the
    background sequencer.
    """
    numbered = False
    try:
        with writing(), _gathered.until_written():
            yield
            _number(house.keys.ledger, _gathered.taken())
            numbered = True
    except DatabaseError as error:
        if numbered:
            raise LedgerClosed(_UNWRITABLE) from error
        raise


def sequence(key: bytes) -> int:
    """Give the waiting entries their numbers and MACs; returns how many. Raises LedgerClosed."""
    total = 0
    try:
        while count := _sequence_some(key):
            total += count
            if count < _BATCH:
                break
    except DatabaseError as error:
        raise LedgerClosed(_UNWRITABLE) from error
    return total


def _number(key: bytes, notes: list[_Note]) -> None:
    """Give the waiting entries their numbers, and then these, in the caller's transaction. Raises
    LedgerClosed."""
    try:
        _keep(notes)
        sequence(key)  # from here on nobody else gives numbers
        if notes:
            _append(key, _trusted_last(key), [note.entry for note in notes])
    except DatabaseError as error:
        raise LedgerClosed(_UNWRITABLE) from error


def waiting() -> int:
    """How many entries wait for their number."""
    return LedgerOutbox.objects.count()


def entries(after: int = 0) -> Iterator[Entry]:
    """The entries of the ledger in order, from the one after `after`."""
    for row in LedgerEntry.objects.filter(seq__gt=after).order_by("seq").iterator(chunk_size=2000):
        yield _entry(row)


def opened(after: int = 0) -> Iterator[tuple[Entry, dict[str, Value] | None]]:
    """The entries with what they committed to; None where that is forgotten. Raises Broken if a
    record is not the one that its entry committed to."""
    yield from _opened(entries(after))


def opened_about(object_: str, kinds: Iterable[Kind]) -> Iterator[tuple[Entry, dict[str, Value] | None]]:
    """The entries of these kinds about one object, opened in the same way."""
    rows = LedgerEntry.objects.filter(object=object_, kind__in=list(kinds)).order_by("seq")
    yield from _opened(_entry(row) for row in rows)


def _opened(found: Iterable[Entry]) -> Iterator[tuple[Entry, dict[str, Value] | None]]:
    for batch in _batched(found, _BATCH):
        wanted = [entry.commitment.hex() for entry in batch]
        records = LedgerRecord.objects.in_bulk(wanted)
        for entry in batch:
            record = records.get(entry.commitment.hex())
            if record is None:
                yield entry, None
            elif opens(entry, bytes(record.key), bytes(record.payload)):
                yield entry, json.loads(bytes(record.payload))
            else:
                raise Broken(f"what entry {entry.seq} committed to has been changed; put the store back")


def untold(intended: Kind, done: Kind, target: str, object_: str = "") -> dict[str, list[dict[str, Value]]]:
    """Intents on a target after which nobody has told that it was done: object -> what was intended,
    the oldest first. Somebody died in between, and whether it was done is to be found out. Of one
    object, or of all. The target stands as `target` or `system`."""
    rows = LedgerEntry.objects.filter(kind__in=(intended, done)).order_by("seq")
    found: dict[str, list[dict[str, Value]]] = {}
    listed = [_entry(row) for row in (rows.filter(object=object_) if object_ else rows)]
    for batch in _batched(iter(listed), _BATCH):
        records = LedgerRecord.objects.in_bulk([entry.commitment.hex() for entry in batch])
        for entry in batch:
            record = records.get(entry.commitment.hex())
            said = {} if record is None else json.loads(bytes(record.payload))
            if said.get("target", said.get("system")) != target:
                continue
            if entry.kind == intended:
                found.setdefault(entry.object, []).append(said)
            else:
                found.pop(entry.object, None)
    return found


def verify(key: bytes) -> chain.Break | None:
    """The first break in the whole ledger, or None."""
    return chain.verify(entries(), key)


def last_holds(key: bytes) -> bool:
    """True if the last entry follows from the one before it. Cheap; `verify` looks at all."""
    try:
        _trusted_last(key)
    except LedgerClosed:
        return False
    return True


def insist_unbroken(key: bytes) -> int:
    """How many entries there are. Raises LedgerClosed at the first break in the whole ledger."""
    if broken := verify(key):
        raise LedgerClosed(
            f"the ledger is broken at entry {broken.seq} ({broken.why}); run `lofte ledger verify`, and put "
            "the store back from a backup"
        )
    return count()


def count() -> int:
    """How many entries have a number."""
    return LedgerEntry.objects.count()


def forget(object_: str) -> int:
    """Erase what the entries about this object committed to. The chain still holds; the entries
    say nothing more. Returns how many records went."""
    _gathered.write()
    return LedgerRecord.objects.filter(object=object_).delete()[0]


def _batched(items: Iterable[Entry], size: int) -> Iterator[list[Entry]]:
    left = iter(items)
    while batch := list(islice(left, size)):
        yield batch


def _one_sequencer() -> None:
    """Let nobody else give numbers until the transaction ends; SQLite has one writer anyway."""
    if not on_sqlite():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SEQUENCER])


def _sequence_some(key: bytes) -> int:
    with one_writer(), transaction.atomic(savepoint=False):
        _one_sequencer()
        if not pick(LedgerOutbox, ("id",), {}, at_most=1):
            return 0
        waiting_rows = list(LedgerOutbox.objects.order_by("id")[:_BATCH])
        _append(key, _trusted_last(key), [_unnumbered(row) for row in waiting_rows])
        LedgerOutbox.objects.filter(id__in=[row.pk for row in waiting_rows]).delete()
        return len(waiting_rows)


def _append(key: bytes, last: Entry | None, entries_: Iterable[Entry]) -> None:
    """Add entries to the chain, after the last one."""
    linked = []
    for entry in entries_:
        last = chain.linked(entry, key, last)
        linked.append(last)
    pour(
        LedgerEntry,
        ("seq", "at", "kind", "object", "policy_version", "commitment", "mac"),
        [(e.seq, e.at, e.kind, e.object, e.policy_version, e.commitment, e.mac) for e in linked],
    )


def _trusted_last(key: bytes) -> Entry | None:
    """The last entry. Raises LedgerClosed if it does not follow from the one before it."""
    names = ("seq", "at", "kind", "object", "policy_version", "commitment", "mac")
    tail = [
        Entry(**dict(zip(names, row, strict=True)))
        for row in pick(LedgerEntry, names, {}, order=("-seq",), at_most=2)
    ]
    if not tail:
        return None
    before = tail[1] if len(tail) == 2 else None
    if chain.verify([tail[0]], key, after=before):
        raise LedgerClosed(_DISAGREES)
    return tail[0]


def _unnumbered(row: LedgerOutbox) -> Entry:
    return Entry(
        seq=0,
        at=row.at,
        kind=Kind(row.kind),
        object=row.object,
        policy_version=row.policy_version,
        commitment=bytes(row.commitment),
    )


def _entry(row: LedgerEntry) -> Entry:
    return Entry(
        seq=row.seq,
        at=row.at,
        kind=row.kind,
        object=row.object,
        policy_version=row.policy_version,
        commitment=bytes(row.commitment),
        mac=bytes(row.mac),
    )

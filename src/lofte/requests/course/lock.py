"""One person, one piece of work at a time, whatever right it is for.

Hard rules:
- Whoever is about to act for a person, or to read what a package shall hold, first takes every
  identity that was shown. All of them or none: who meets another at work gets Conflict.
- What a system tells about the person is taken too, before anything is done with it. Two who came
  by different identities meet there; the one who finds the other gives everything back, so that
  one of the two always goes on.
- A lock is a lease, and so is a step of the journal. Both are renewed while the work goes on, by a
  thread that dies with it. Who was killed keeps nobody waiting for longer than the lease; who was slow
  looks, before making anything lasting, whether the person is still theirs (`Alone.insist`).
- An identity lies here as a keyed HMAC. An IP address is nobody's for long, and locks nobody.
- Saying no waits for nobody: objections, withdrawals and restrictions hold from when they are
  recorded. Only what they then ask of the systems waits.
- A hold promises that rows stay. Before the last look for holds the persons are closed to new ones: a
  hold is seen, or it is not accepted. When what they were closed for is told, or has failed, they are
  open again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db import DatabaseError, connection, transaction

from lofte.datamap.document import Kind
from lofte.datamap.identity import STRENGTH, Identity, Strength
from lofte.datamap.tracing import Person
from lofte.errors import Conflict, LedgerClosed, LofteError
from lofte.execution import journal
from lofte.execution.house import House
from lofte.execution.journal import LEASE
from lofte.execution.models import PersonLock, Step, StepState
from lofte.execution.store import drop, on_sqlite, pick, pour, put, writing
from lofte.law.calendar import STOCKHOLM
from lofte.requests import sealing
from lofte.requests.models import Identifier, Request

_TURNSTILE = 0x10F70
"""The number of the advisory lock through which claims pass one by one on PostgreSQL."""
_AT_ONCE = 500
BEAT = LEASE.total_seconds() / 5
"""Seconds between two renewals."""
_BEATS = 360
"""Six hours."""
_log = logging.getLogger("lofte.requests")
_LOST = (
    "the work took so long that somebody else has begun with the same person; nothing was made "
    "lasting, try again"
)


class AtWork(Conflict):
    """Somebody else is at work with the same person; doing it again at once will not help."""


@dataclass(kw_only=True, slots=True)
class Alone:
    """The right to be the only one at work with some persons."""

    house: House
    owner: str
    held: dict[str, str] = field(default_factory=dict)
    """Keyed identity -> whose work it is held for."""
    lost: str = ""
    """Why it is a right no longer."""
    renewed: datetime | None = None
    """When more time was asked for last; None = not yet, or nobody knows."""

    def widen(self, about: str, identities: Iterable[Identity]) -> None:
        """Take these identities of a person too. Raises AtWork when another is at work with whoever
        has one of them; then all is given back, and nothing more is to be done."""
        self.widen_each({about: identities})

    def widen_each(
        self, persons: Mapping[str, Iterable[Identity]], also: Callable[[], None] | None = None
    ) -> bool:
        """As `widen`, of many persons: whose work it is -> identities. What `also` writes is written in
        the same transaction, when they are ours. Returns False when none was new, and nothing written."""
        if self.lost:
            raise AtWork(self.lost)
        new: dict[str, str] = {}
        for about, identities in persons.items():
            for found in lookups(self.house, identities):
                if found not in self.held:
                    new.setdefault(found, about)
        if not new:
            return False
        try:
            _claim(self.house, self.owner, new, also)
        except AtWork as error:
            self.lost = str(error)
            raise
        self.held |= new
        return True

    def insist(self) -> None:
        """The last look before something is made lasting. Raises AtWork when the time was out and
        somebody else has begun."""
        if self.lost:
            raise AtWork(self.lost)
        late = self.house.now + LEASE / 2
        if sum(u > late for (u,) in pick(PersonLock, ("until",), {"owner": self.owner})) == len(self.held):
            return
        mine = PersonLock.objects.filter(owner=self.owner)
        with writing():
            _pass_one_by_one()
            if mine.update(until=self.house.now + LEASE) != len(self.held):
                self.lost = _LOST
        if self.lost:
            raise AtWork(self.lost)

    def close(self) -> None:
        """From here on, until it is over, no hold is placed on these persons; in the caller's transaction.
        Whoever looks for holds after it sees all that have been accepted."""
        _pass_one_by_one()
        put(PersonLock, {"closed": True}, {"owner": self.owner})

    def give_back(self) -> None:
        """It is over for all of them when the caller's transaction is durable."""
        drop(PersonLock, {"owner": self.owner})
        transaction.on_commit(self.held.clear)

    def beat(self) -> None:
        """Ask for more time, for the persons and for the steps that are being done. What somebody else
        has taken meanwhile stays theirs."""
        now = self.house.now
        with writing():
            Step.objects.filter(state=StepState.RUNNING, lease_owner=self.owner).update(
                lease_until=now + LEASE
            )
            PersonLock.objects.filter(owner=self.owner).update(until=now + LEASE)
        self.renewed = now

    def keep(self) -> None:
        """As `beat`, when a part of the time has passed since the last one."""
        if self.renewed is None or self.house.now - self.renewed >= LEASE / 5:
            self.beat()


@contextmanager
def alone(house: House, owner: str, persons: Mapping[str, Collection[str]]) -> Iterator[Alone]:
    """Be the only one at work with these persons while the block lasts: whose work it is (the random
    id of a request or an act) -> keyed identities. Raises AtWork."""
    wanted = {lookup: about for about, found in persons.items() for lookup in found}
    held = Alone(house=house, owner=owner, renewed=house.now)
    if wanted:
        _claim(house, owner, wanted)
        held.held |= wanted
    try:
        with _beating(held):
            yield held
    except (KeyboardInterrupt, SystemExit):
        # Who is stopped by hand is at no step any more: the next one need not wait for the lease.
        journal.free(owner)
        raise
    finally:
        if held.held:
            with writing():
                drop(PersonLock, {"owner": owner})


@contextmanager
def _beating(held: Alone) -> Iterator[None]:
    """Renew while the block lasts, but not for ever: who hangs is given up at last."""
    over = threading.Event()

    def beat() -> None:
        try:
            for _ in range(_BEATS):
                if over.wait(BEAT):
                    return
                try:
                    held.beat()
                except (LofteError, DatabaseError) as error:
                    # The next beat may come through; if none does, the lease runs out.
                    _log.warning("a lease could not be renewed: %s", type(error).__name__)
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name="lofte-lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(BEAT)


def insist_open(house: House, found: Collection[str]) -> None:
    """In the caller's transaction: rows of whoever has one of these keyed identities are not just about
    to be gone, nor will be before it ends. Raises AtWork."""
    _pass_one_by_one()
    for row in _rows(sorted(found)):
        if row.closed and row.until > house.now:
            raise AtWork(_at_work(row))


def reopen(owner: str) -> None:
    """What was closed is over, and told; in the caller's transaction."""
    put(PersonLock, {"closed": False}, {"owner": owner, "closed": True})


@contextmanager
def reopening(owner: str) -> Iterator[None]:
    """Around what closes persons: when it fails they are open to holds again, for what comes after it
    may go on with other rows of theirs, and must see these holds. Raises LedgerClosed."""
    try:
        yield
    except LedgerClosed:
        raise  # Nothing goes on after it, and all is given back.
    except Exception:
        with writing():
            reopen(owner)
        raise


def shown(requests: Iterable[Request]) -> dict[str, set[str]]:
    """The keyed identities that were shown with each of these requests, by its random id."""
    refs = {request.pk: request.ref for request in requests}
    found: dict[str, set[str]] = {ref: set() for ref in refs.values()}
    pks = list(refs)
    for start in range(0, len(pks), _AT_ONCE):
        where = {"request_id": pks[start : start + _AT_ONCE]}
        for pk, kind, lookup in pick(Identifier, ("request_id", "kind", "lookup"), where):
            if kind != Kind.IP:
                found[refs[pk]].add(lookup)
    return found


def lookups(house: House, identities: Iterable[Identity]) -> set[str]:
    """Identities as the lock knows them."""
    return {sealing.lookup(house.keys.lookup, i) for i in identities if i.kind is not Kind.IP}


def telling(person: Person) -> set[Identity]:
    """What a system has told that tells this person from everybody else."""
    return {i for i in person.identities - person.shared if STRENGTH[i.kind] is not Strength.WEAK}


def _claim(
    house: House, owner: str, wanted: Mapping[str, str], also: Callable[[], None] | None = None
) -> None:
    """Take all of them, or none. Raises AtWork, when what the owner had before is given back."""
    now = house.now
    with writing():
        _pass_one_by_one()
        busy = [row for row in _rows(sorted(wanted)) if row.owner != owner and row.until > now]
        if busy:
            PersonLock.objects.filter(owner=owner).delete()
        else:
            pour(
                PersonLock,
                ("lookup", "owner", "about", "until", "closed"),
                [(lookup, owner, about, now + LEASE, False) for lookup, about in sorted(wanted.items())],
                unique=("lookup",),
                update=("owner", "about", "until", "closed"),
            )
            if also is not None:
                also()
    if busy:
        raise AtWork(_at_work(busy[0]))


class _Held(NamedTuple):
    """Whose work an identity is held for, who holds it, until when, and whether it is closed to holds."""

    about: str
    owner: str
    until: datetime
    closed: bool


def _rows(wanted: Sequence[str]) -> Iterator[_Held]:
    for start in range(0, len(wanted), _AT_ONCE):
        where = {"lookup": wanted[start : start + _AT_ONCE]}
        yield from (_Held(*row) for row in pick(PersonLock, _Held._fields, where))


def _pass_one_by_one() -> None:
    """SQLite has one writer anyway."""
    if not on_sqlite():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TURNSTILE])


def _at_work(row: _Held) -> str:
    number = Request.objects.filter(ref=row.about).values_list("number", flat=True).first()
    which = f"request {number}" if number else "another act"
    until = row.until.astimezone(STOCKHOLM)
    return (
        f"{which} of the same person is being carried out; try again when it is done, "
        f"at the latest at {until:%H:%M}"
    )

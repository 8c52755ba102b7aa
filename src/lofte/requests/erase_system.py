"""One system's part of an erasure: planned, carried out, and told, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lofte.connectors.protocol import Acting, Connector, Erasing
from lofte.datamap.document import System
from lofte.datamap.identity import Identity
from lofte.datamap.tracing import People
from lofte.errors import Conflict, Refused
from lofte.execution import journal, restore_log, tombstones
from lofte.execution.book import note
from lofte.execution.house import House
from lofte.execution.journal import Claim
from lofte.ledger.kinds import Kind
from lofte.plan import erase as erasing
from lofte.plan.facts import Facts
from lofte.plan.holds import Hold
from lofte.plan.records import DatasetRef, Subject, Verb
from lofte.plan.verdict import ErasePlan
from lofte.requests import evidence, holds
from lofte.requests.evidence import Touched
from lofte.requests.models import Request

ERASE = "erase"
VERIFY = "verify"
EVERYWHERE = "systems"
TRIES = 3
"""Times that a plan is made when rows change under it."""
Connect = Callable[[System], Connector]
Tell = Callable[[str, str], None]


def silent(step: str, system: str) -> None:
    """Tell nobody."""


@dataclass(kw_only=True, slots=True)
class Work:
    """The requests that are carried out together."""

    house: House
    requests: Sequence[Request]
    connect: Connect
    grounds: Sequence[str]
    owner: str
    tell: Tell
    by: str = ""
    accepted: frozenset[str] = frozenset()
    """Places that a handler has looked at and accepts: `system.table.column`."""
    known: dict[str, dict[str, set[Identity]]] = field(default_factory=dict)
    """System -> request -> identities that only this person has."""
    allowed: dict[str, dict[tuple[str, str], int]] = field(default_factory=dict)
    shared: set[Identity] = field(default_factory=set)
    """Identities that somebody else has too, in some system."""
    persons: int = 0
    ambiguous: int = 0

    def sought(self, refs: Collection[str]) -> set[Identity]:
        """What the second scanner looks for: what tells these persons, and nobody else."""
        known = (found for by_ref in self.known.values() for ref, found in by_ref.items() if ref in refs)
        return {identity for each in known for identity in each} - self.shared


def opened(connect: Connect, system: System) -> Erasing:
    """The system, open for erasing. Raises Refused when its kind cannot be erased from."""
    connector = connect(system)
    if isinstance(connector, Erasing):
        return connector
    connector.close()
    raise Refused(f"rows of `{system.id}` cannot be erased by a connector of this kind; do it there by hand")


@dataclass(frozen=True, slots=True)
class Keeper:
    """Takes whole rows into the restore log, and writes their tombstones, each under the request it
    is of; both are on the disk before the row is changed."""

    house: House
    step: str
    requests: Sequence[Request]
    touched: Touched
    grounds: Sequence[str]
    identities: Mapping[int, Collection[Identity]]

    def keep(
        self, at: DatasetRef, columns: Sequence[str], rows: Sequence[tuple[Any, ...]], changes: Sequence[str]
    ) -> None:
        """As `Keep` of the connectors' protocol."""
        house, verb = self.house, Verb.CHANGE if changes else Verb.DELETE
        key = house.datamap.system(at.system).datasets[at.dataset].key
        taken = list(self.touched.take(at.dataset, key, columns, rows))
        refs = {number: self.requests[number].ref for number, _, _ in taken}
        whole = {refs[number]: some for number, some, _ in taken}
        restore_log.keep_all(house, self.step, at.system, at.dataset, columns, whole, changes=tuple(changes))
        erased = {refs[number]: (keys, sorted(self.identities.get(number, ()))) for number, _, keys in taken}
        tombstones.note_all(house, at.system, at.dataset, erased, verb=verb.value, grounds=self.grounds)


class One:
    """One system's part of an erasure: planned, carried out, told."""

    def __init__(
        self, work: Work, system: str, requests: Sequence[Request], subjects: Sequence[Subject]
    ) -> None:
        self._work, self._system = work, system
        self._requests, self._subjects = requests, subjects
        self.plan: ErasePlan | None = None
        self._facts: Facts | None = None
        self._people = People(persons=())
        self._touched = Touched()
        self._statements = 0

    def act(self, session: Acting) -> None:
        """Plan and do it, in the transaction that the session is. Raises Conflict when a hold came in
        between."""
        house = self._work.house
        self._facts = session.facts(self._subjects, house.today)
        self._people = session.known
        held = self._holds()
        self.plan = erasing.plan(
            house.policy,
            house.datamap,
            self._facts,
            self._subjects,
            house.today,
            grounds=self._work.grounds,
            holds=held,
        )
        self._touched = Touched.of(self.plan)
        own = {p.subject: set(p.identities - p.shared) for p in self._people.persons}
        keeper = Keeper(house, ERASE, self._requests, self._touched, self._work.grounds, own)
        acted = session.act(self.plan, keeper.keep)
        self._statements = self._facts.statements + acted.statements
        if self._holds() != held:
            raise Conflict("a hold was placed while the rows were on their way; nothing was erased")

    def _holds(self) -> dict[int, tuple[Hold, ...]]:
        known = {p.subject: p.identities for p in self._people.persons}
        return holds.standing(self._work.house, known)

    def _own(self, number: int) -> set[Identity]:
        """The identities that this person has and nobody else."""
        for person in self._people.persons:
            if person.subject == number:
                return set(person.identities - person.shared)
        return set()

    def remember(self) -> None:
        """What the second scanner shall look for, and where it may find it."""
        assert self.plan is not None and self._facts is not None
        work = self._work
        for number, request in enumerate(self._requests):
            work.known.setdefault(self._system, {})[request.ref] = self._own(number)
        work.shared |= {i for person in self._people.persons for i in person.shared}
        work.allowed[self._system] = evidence.allowed(work.house, self.plan)
        work.persons += self._facts.persons
        work.ambiguous = max(work.ambiguous, self._facts.ambiguous)

    def record(self, claim: Claim, request: Request, number: int) -> None:
        """The evidence of one request, inside the caller's `recorded` transaction."""
        assert self.plan is not None and self._facts is not None
        earlier = evidence.earlier(self._work.house, request, ERASE, self.plan, self._facts, self._touched)
        lines = evidence.lines(self.plan, self._touched, number, earlier)
        evidence.save(self._work.house, request, ERASE, self._system, lines)
        deferred = evidence.defer(self._work.house, request, self.plan, number)
        counts = evidence.counts(lines)
        journal.completed(
            self._work.house, claim, {"rows": sum(counts.values()), "statements": self._statements}
        )
        note(
            Kind.ERASURE_DONE,
            request.ref,
            {
                "step": ERASE,
                "target": self._system,
                "plan_digest": self.plan.digest,
                **counts,
                "shared": sum(self._facts.shared.values()),
                "deferred": deferred,
                "statements": self._statements,
            },
            at=self._work.house.now,
            policy_version=self._work.house.policy_version,
        )

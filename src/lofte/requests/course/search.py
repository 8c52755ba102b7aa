"""Searching the systems for what an access plan asks for, one journal step per system."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lofte.connectors.protocol import Connector, Found, Rows, Session
from lofte.datamap import protected as protection
from lofte.datamap.document import Dataset, System
from lofte.datamap.tracing import People
from lofte.execution import journal, runner
from lofte.execution.house import House
from lofte.execution.journal import Claim
from lofte.plan.records import DatasetRef, Plan, Step, Verb
from lofte.requests.course.lock import Alone, telling
from lofte.requests.models import Request
from lofte.requests.package.spool import Spool

READ = "read"
Connect = Callable[[System], Connector]


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How far a search has come."""

    system: str
    dataset: str
    done: int
    of: int
    """Datasets done, of all."""
    rows: int
    """Rows found in this dataset."""


Tell = Callable[[Progress], None]


def silent(progress: Progress) -> None:
    """Tell nobody."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """What was found in a dataset, in counts."""

    system: str
    dataset: str
    verb: Verb
    rows: int
    waiting: int = 0
    """Rows that only mention the person."""
    shared: int = 0
    """Rows held back, because another person answers to the same identity."""


@dataclass(kw_only=True, slots=True)
class Search:
    """What a search has met so far; it is thrown away with the spool."""

    house: House
    plan: Plan
    spool: Spool
    connect: Connect
    tell: Tell
    held: Alone | None = None
    """The persons at whom nobody else is at work meanwhile."""
    counts: dict[tuple[str, str], Count] = field(default_factory=dict)
    ambiguous: dict[str, int] = field(default_factory=dict)
    """System -> the most persons that answer to one identity."""
    whose: dict[DatasetRef, dict[str, int]] = field(default_factory=dict)
    """Of what is only processed for others: rows by customer, as the map's column calls them."""
    protected: bool = False
    """A row of the person says that their identity is protected."""
    _claim: Claim | None = None
    _renew_at: datetime | None = None

    def run(self, request: Request, owner: str) -> None:
        """Search every system. One that does not answer does not stop the others; then the
        first failure is raised, and its step waits to be tried again."""
        self.run_steps(request.ref, owner)

    def run_steps(self, of: str, owner: str) -> None:
        """As `run`, for whatever the steps are written down under."""
        failures = runner.run(self.house, owner, {READ: self._read}, request=of)
        if failures:
            raise failures[0].error

    def _read(self, claim: Claim) -> dict[str, int]:
        """Read one system in one session."""
        self._claim, self._renew_at = claim, self.house.now + journal.LEASE / 2
        system = self.house.datamap.system(claim.target)
        steps = [step for step in self.plan.steps if step.at.system == system.id]
        connector = self.connect(system)
        try:
            with connector.session() as session:
                people = session.people(self.plan.subjects, self.plan.made_on)
                if self.held is not None:
                    for person in people.persons:
                        self.held.widen(claim.request, telling(person))
                self.spool.know(system.id, people)
                self._meet(system.id, people)
                totals = {"rows": 0, "statements": people.statements, "alike": people.alike}
                totals |= {"waiting": 0, "shared": 0}
                for step in steps:
                    for name, more in self._take(session, people, step).items():
                        totals[name] += more
        finally:
            connector.close()
        return {"datasets": len(steps), **totals}

    def _meet(self, system: str, people: People) -> None:
        if people.ambiguous:
            self.ambiguous[system] = max(a.persons for a in people.ambiguous)

    def _take(self, session: Session, people: People, step: Step) -> dict[str, int]:
        if step.verb is Verb.FORWARD:
            return self._forward(session, people, step)
        rows = session.rows(step.at.dataset, people)
        passed = _Passed()
        rows.found = _watched(self._heeding(rows), passed, self._keep)
        self.spool.take(step.at.system, rows)
        shared = sum(rows.shared.values())
        waiting, back = self.spool.not_given(step.at)
        given = passed.all - waiting - back
        self._count(step, given, waiting, shared)
        return {
            "rows": given,
            "waiting": waiting,
            "statements": rows.statements,
            "alike": rows.alike,
            "shared": shared,
        }

    def _heeding(self, rows: Rows) -> Iterator[Found]:
        """The rows, while it is looked whether one of the person's own says that they are protected."""
        dataset = self.house.datamap.system(rows.at.system).datasets[rows.at.dataset]
        if not protection.columns(dataset):
            return rows.found
        return self._looked_at(rows.found, rows.columns, dataset)

    def _looked_at(self, found: Iterator[Found], columns: Sequence[str], dataset: Dataset) -> Iterator[Found]:
        for each in found:
            if each.certain and protection.marked(dataset, dict(zip(columns, each.row, strict=True))):
                self.protected = True
            yield each

    def _keep(self) -> None:
        """Hold on to the step through a long read. Raises Conflict if another has taken it."""
        now = self.house.now
        if self._claim is not None and self._renew_at is not None and now >= self._renew_at:
            journal.renew(self._claim, now)
            if self.held is not None:
                self.held.insist()
            self._renew_at = now + journal.LEASE / 2

    def _forward(self, session: Session, people: People, step: Step) -> dict[str, int]:
        """What the company only processes for another is counted, not read (art. 28.3 e)."""
        counts = session.count(step.at.dataset, people)
        whose = self.house.datamap.system(step.at.system).datasets[step.at.dataset].whose
        if whose is not None and any(n.all for n in counts.values()):
            self.whose[step.at] = _whose(session.rows(step.at.dataset, people), whose)
        found = (Found((subject,), (), "count") for subject, n in counts.items() for _ in range(n.all))
        self.spool.take(step.at.system, Rows(at=step.at, columns=(), found=found))
        number = sum(n.all for n in counts.values())
        self._count(step, number)
        return {"rows": number, "statements": 1}

    def _count(self, step: Step, rows: int, waiting: int = 0, shared: int = 0) -> None:
        at = (step.at.system, step.at.dataset)
        self.counts[at] = Count(
            system=at[0], dataset=at[1], verb=step.verb, rows=rows, waiting=waiting, shared=shared
        )
        self.tell(
            Progress(system=at[0], dataset=at[1], done=len(self.counts), of=len(self.plan.steps), rows=rows)
        )


def _whose(rows: Rows, column: str) -> dict[str, int]:
    """Rows by customer; nothing else of them is looked at."""
    at = rows.columns.index(column)
    return dict(Counter(str(each.row[at]) for each in rows.found if each.row[at] is not None))


_SIGN_OF_LIFE = 5_000
"""Rows between two looks at the clock."""


@dataclass(kw_only=True, slots=True)
class _Passed:
    """How many rows have gone past."""

    all: int = 0


def _watched(found: Iterator[Found], passed: _Passed, alive: Callable[[], None]) -> Iterator[Found]:
    """The rows, counted on their way past, with a sign of life every so many."""
    alive()
    for each in found:
        passed.all += 1
        if not passed.all % _SIGN_OF_LIFE:
            alive()
        yield each

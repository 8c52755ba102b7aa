"""One system's part of a de-identification: planned, carried out, and tested before it is lasting."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import ClassVar

from lofte.connectors.protocol import Acted, Acting, Erasing, Testing
from lofte.errors import Ambiguous, Conflict, Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.ledger.kinds import Kind
from lofte.plan import anonymity
from lofte.plan import deidentify as planned
from lofte.plan.anonymity import Crowd, Recognisable
from lofte.plan.facts import Facts
from lofte.plan.holds import Holds
from lofte.plan.records import Subject
from lofte.plan.verdict import ErasePlan, Verdict
from lofte.requests.course.lock import AtWork, telling
from lofte.requests.course.receive import identities_of
from lofte.requests.erasure import elsewhere, evidence
from lofte.requests.erasure.as_approved import NotApproved
from lofte.requests.erasure.erase_system import DEIDENTIFY, TRIES, One, Work, opened
from lofte.requests.models import Request


@dataclass(frozen=True, kw_only=True, slots=True)
class Test:
    """How one system did in the test, in counts."""

    system: str
    k: int
    rows: int
    """Rows that stay and tell nobody."""
    smallest: int
    """Persons among whom the most telling of them is; 0 = no row stays."""
    residual: int
    """Places where something of the person would still stand."""
    crowds: tuple[Crowd, ...] = ()


class _TakenBack(Exception):
    """Ends a trial, so that nothing of it is lasting."""


class Part(One):
    """One system's part: planned as an erasure, stripped, done, and tested before it is lasting."""

    step: ClassVar[str] = DEIDENTIFY
    together: ClassVar[bool] = False
    test: Test | None = None

    def _planned(self, session: Acting, facts: Facts, held: Holds) -> ErasePlan:
        """What was approved as an erasure is approved as this too: it takes less."""
        super()._planned(session, facts, held)
        if facts.ambiguous:
            raise Ambiguous(
                "more than one person answers to this identity; ask for another, as a customer number"
            )
        house = self._work.house
        return planned.plan(
            house.policy,
            house.datamap,
            facts,
            self._subjects,
            house.today,
            grounds=self._work.grounds,
            holds=held,
            elsewhere=self._elsewhere(),
            scope=self._scope(),
        )

    def _leaving(self, plan: ErasePlan) -> Sequence[Verdict]:
        return planned.kept(plan)

    def _tested(self, session: Acting) -> None:
        """Raises Recognisable when a row would still tell whose it is."""
        assert self.plan is not None and self._facts is not None
        if not isinstance(session, Testing):
            raise Refused(f"rows of `{self._system}` cannot be tested; erase them instead")
        house, system = self._work.house, self._work.house.datamap.system(self._system)
        k = anonymity.k_of(house.policy)
        allowed = {**self._standing.get(0, {}), **evidence.of_others(house, self._system)}
        sought = {identity for person in self._people.persons for identity in telling(person)}
        left = session.left(sought, allowed)
        crowds = session.crowds(anonymity.looks(system, self._facts, self.plan), k)
        self.test = Test(
            system=self._system,
            k=k,
            rows=sum(crowd.rows for crowd in crowds),
            smallest=min((crowd.smallest for crowd in crowds), default=0),
            residual=sum(each.rows for each in left),
            crowds=crowds,
        )
        if left:
            places = ", ".join(sorted(f"`{self._system}.{each.table}.{each.column}`" for each in left))
            raise Recognisable(
                f"something of the person would still stand in {places}, so this is no de-identification; "
                "let it be replaced or erased in the map; nothing was done"
            )
        anonymity.judge(self._system, crowds, k)


class Trial(Part):
    """A part that is taken back: nothing of it is kept for undoing."""

    def carry_out(self, connector: Erasing) -> None:
        """As `One.carry_out`, and taken back."""
        with suppress(_TakenBack):
            super().carry_out(connector)

    def _carried_out(self, session: Acting, plan: ErasePlan) -> Acted:
        return session.act(plan, lambda at, columns, rows, changes: None)

    def _tested(self, session: Acting) -> None:
        super()._tested(session)
        raise _TakenBack


def in_system(work: Work, request: Request, system: str, kind: type[Part]) -> Part:
    """One system in one transaction, planned again when rows changed meanwhile."""
    house, place = work.house, work.house.datamap.system(system)
    subject = Subject(ref=request.ref, identities=identities_of(house, request))
    if elsewhere.contracts(house, place, [subject], work.connect):
        work.contracts.setdefault(request.ref, set()).add(system)
    connector = opened(work.connect, place)
    try:
        storage = connector.storage()
        for left in range(TRIES - 1, -1, -1):
            part = kind(work, system, [request], [subject], storage)
            try:
                part.carry_out(connector)
                return part
            except Recognisable:
                _note_failed(house, request, part.test)
                raise
            except (AtWork, NotApproved):
                raise
            except Conflict:
                if not left:
                    raise
    finally:
        connector.close()
    raise AssertionError  # the last try returns or raises


def _note_failed(house: House, request: Request, test: Test | None) -> None:
    with recorded(house):
        note_test(house, request, test, passed=False)


def note_test(house: House, request: Request, test: Test | None, *, passed: bool) -> None:
    """How a test went, inside the caller's `recorded` transaction."""
    if test is None:
        return
    note(
        Kind.DEIDENTIFY_TESTED,
        request.ref,
        {
            "target": test.system,
            "passed": int(passed),
            "residual": test.residual,
            "k": test.k,
            "smallest": test.smallest,
            "rows": test.rows,
            "datasets": len({crowd.dataset for crowd in test.crowds}),
        },
        at=house.now,
        policy_version=house.policy_version,
    )

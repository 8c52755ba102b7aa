"""Rectifying and completing (art. 16).

Hard rules:
- Nobody else is at work with the person meanwhile (`lock`). Every system is asked who the person is
  before the first of them is changed; a person who cannot be told from another is asked for more.
- Intent before act. What stood there and what was written is recorded, sealed under the request's
  own key, before a system makes the change lasting.
- One transaction per system, a step of the journal each. Done again after a failure it does the rest:
  what is right already is not found wrong a second time.
- The person's own request goes before their restriction (art. 18.2). A value that is somebody else's
  identity is refused.
- A supplementary statement stands with the person's data from then on: every later answer to a
  request for access holds it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lofte.consent import watch
from lofte.consent.restrict import obeyed
from lofte.datamap.document import System
from lofte.datamap.identity import STRENGTH, Identity, Strength, canonical
from lofte.datamap.tracing import People
from lofte.errors import Ambiguous, Conflict, Refused, Unreachable
from lofte.execution import exactly, journal, runner
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.execution.journal import Claim
from lofte.law.calendar import civil_date
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind, Value
from lofte.plan.records import DatasetRef, Kept, Subject
from lofte.plan.rectify import Correction, RectifyPlan
from lofte.plan.rectify import plan as planned
from lofte.requests import sealing
from lofte.requests.answer import recipients
from lofte.requests.answer.grant import grant
from lofte.requests.course import asked
from lofte.requests.course.lock import Alone, alone, shown, telling
from lofte.requests.course.move import move
from lofte.requests.course.receive import identities_of
from lofte.requests.course.roads import State
from lofte.requests.models import Asked, CorrectedRows, Request, Statement

_ARTICLE = "16"
_ROWS, _WORDS = "before_and_after", "statement"
RECTIFY = "rectify"
_CHANGED = "changed"
_WHO = "more than one person answers to this identity; ask for another, as a customer number"

Reach = Callable[[System], Any]
"""Opens a system for reading and writing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """How it went, in counts."""

    number: str
    state: str
    rows: Mapping[tuple[str, str, str], int]
    """(system, dataset, column) -> rows changed."""
    left: int
    """Rows that say the same and are somebody else's too."""
    kept: tuple[Kept, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A supplementary statement, opened."""

    number: str
    on: date
    text: str


def rectify(house: House, request: Request, correction: Correction, reach: Reach, *, by: str = "") -> Done:
    """Write the right value wherever the wrong one stands, in every system.

    Raises Refused (nothing to rectify, restricted, another's identity), Ambiguous, AtWork, Unreachable
    after the systems that answered are done: the request stays open, and done again it does the rest."""
    _open(request)
    plan = planned(house.policy, house.datamap, correction)
    if request.state == State.DELIVERED:
        return Done(number=request.number, state=request.state, rows={}, left=0, kept=plan.kept)
    identities = identities_of(house, request)
    obeyed(house, identities, Right.RECTIFICATION, asked_by_person=True)
    owner = runner.owner("rectify")
    with alone(house, owner, shown([request])) as held:
        work = _Work(house, request, plan, identities, reach, held)
        work.look()
        by = _intend(house, request, plan, by)
        failures = runner.run(house, owner, {RECTIFY: work.in_system}, request=request.ref)
    if failures:
        raise failures[0].error
    rows, left = _counted(request)
    if any(rows.values()):
        request = grant(house, request, by=by)
    return Done(number=request.number, state=request.state, rows=rows, left=left, kept=plan.kept)


def correction_of(house: House, request: Request) -> tuple[Correction, str]:
    """What a request asks to have rectified, and who did it first. Raises Conflict."""
    terms = asked.terms(house, request)
    return Correction(**terms.what), terms.by


def state(house: House, request: Request, words: str, *, by: str = "") -> Statement:
    """Keep a supplementary statement with the person's data (art. 16, second sentence)."""
    if not words.strip():
        raise Refused("the statement is empty; write what the person wants to add")
    if request.right != Right.RECTIFICATION:
        raise Refused(f"this is a request for {request.right}; a statement belongs to a rectification")
    request.refresh_from_db()
    if request.state == State.RECEIVED:
        raise Refused("the person is not identified yet; identify them first (art. 12.6)")
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    with recorded(house):
        statement = Statement.objects.create(
            request=request,
            words=sealing.seal_text(key, words.strip(), _WORDS, request.ref),
            by=by,
            at=house.now,
        )
        _note(house, Kind.STATEMENT_KEPT, request, {"article": _ARTICLE, **({"by": by} if by else {})})
    return statement


def statements_of(house: House, identities: Sequence[Identity]) -> tuple[Said, ...]:
    """The statements of whoever has one of these identities, oldest first. A weak identity is
    nobody's alone, and finds none."""
    lookups = [
        sealing.lookup(house.keys.lookup, i) for i in identities if STRENGTH[i.kind] is not Strength.WEAK
    ]
    found = Statement.objects.filter(request__identifiers__lookup__in=lookups).distinct().order_by("id")
    said = []
    for statement in found.select_related("request"):
        request = statement.request
        key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
        text = sealing.unseal_text(key, statement.words, _WORDS, request.ref)
        said.append(Said(number=request.number, on=civil_date(statement.at), text=text))
    return tuple(said)


def before_and_after(house: House, request: Request) -> list[tuple[DatasetRef, tuple[str, ...], list[Any]]]:
    """What was changed for a request: dataset, names (key, column, column after), rows."""
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    told = []
    for record in CorrectedRows.objects.filter(request=request).order_by("id"):
        packed = sealing.unseal_text(key, record.rows, _ROWS, request.ref)
        names, rows = exactly.unpack(packed.encode("ascii"))
        told.append((DatasetRef(system=record.system, dataset=record.dataset), names, list(rows)))
    return told


def _open(request: Request) -> None:
    request.refresh_from_db()
    if request.right != Right.RECTIFICATION:
        raise Refused(f"this is a request for {request.right}; it is not fulfilled as rectification")
    if request.state == State.RECEIVED:
        raise Refused("the person is not identified yet; identify them first (art. 12.6)")
    if request.state in (State.REFUSED, State.WITHDRAWN):
        raise Conflict(f"this request is {request.state}; read it again")


def _intend(house: House, request: Request, plan: RectifyPlan, by: str) -> str:
    """Say what is about to be rectified, and write down the steps. Returns who does it."""
    systems = sorted({place.at.system for place in plan.places})
    payload: dict[str, Value] = {"article": _ARTICLE, "systems": len(systems), "kept": len(plan.kept)}
    payload["fields"] = len(plan.places)
    what = dataclasses.asdict(plan.correction)
    with recorded(house):
        before = Asked.objects.filter(request=request).exists()
        another = before and asked.terms(house, request).what != what
        by = asked.keep(house, request, what, by=by)
        journal.begin(request.ref, [(RECTIFY, system) for system in systems], house.now)
        if another:
            journal.reopen(request.ref, house.now, kinds=[RECTIFY])
        journal.hurry(request.ref, house.now)
        _note(house, Kind.RECTIFICATION_INTENDED, request, payload | ({"by": by} if by else {}))
    return by


def _counted(request: Request) -> tuple[dict[tuple[str, str, str], int], int]:
    """What all steps of the request came to, whoever did them: rows changed, and rows left."""
    rows: dict[tuple[str, str, str], int] = {}
    left = 0
    for step in journal.steps(request.ref):
        if step.kind == RECTIFY:
            left += step.result.get("waiting", 0)
            for dataset, column, count in step.result.get(_CHANGED, ()):
                rows[step.target, dataset, column] = count
    return rows, left


class _Work:
    """The rectification of one person, system by system."""

    def __init__(
        self,
        house: House,
        request: Request,
        plan: RectifyPlan,
        identities: Sequence[Identity],
        reach: Reach,
        held: Alone,
    ) -> None:
        self._house, self._request, self._plan = house, request, plan
        self._subject = Subject(ref=request.ref, identities=tuple(identities))
        self._reach, self._held = reach, held
        self._key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)

    def look(self) -> None:
        """Who the person is in each system, before one of them is changed. One that does not answer is
        left to its own step. Raises Ambiguous, Refused, AtWork."""
        for id_ in sorted({place.at.system for place in self._plan.places}):
            try:
                connector = self._reach(self._house.datamap.system(id_))
                try:
                    with connector.session() as session:
                        people = self._meet(session)
                finally:
                    connector.close()
            except Unreachable:
                continue
            if people.ambiguous:
                self._send_back(id_, max(doubt.persons for doubt in people.ambiguous))

    def in_system(self, claim: Claim) -> None:
        """One system, in one transaction."""
        house, system = self._house, self._house.datamap.system(claim.target)
        before = list(CorrectedRows.objects.filter(request=self._request, system=system.id))
        places = [place for place in self._plan.places if place.at.system == system.id]
        connector = self._reach(system)
        try:
            with (
                watch.ours(house, self._subject.identities, system, self._reach),
                connector.acting() as session,
            ):
                people = self._meet(session)
                if people.ambiguous:
                    raise Ambiguous(_WHO)
                done = session.rectify(
                    [self._subject], house.today, places, self._plan.correction, self._keep
                )
                self._held.insist()
        finally:
            connector.close()
        self._record(claim, done, before)

    def _meet(self, session: Any) -> People:
        people: People = session.people([self._subject], self._house.today)
        self._held.widen(self._request.ref, telling(people.persons[0]))
        _nobody_elses(self._house, session, self._subject, self._plan, self._held)
        return people

    def _send_back(self, system: str, persons: int) -> None:
        with recorded(self._house):
            move(self._house, self._request, State.RECEIVED, why="ambiguous")
            _note(self._house, Kind.REQUEST_AMBIGUOUS, self._request, {"system": system, "persons": persons})
        raise Ambiguous(_WHO)

    def _keep(self, at: DatasetRef, names: Sequence[str], before: Sequence[tuple[Any, ...]]) -> None:
        """What stood there and what is about to be written, before it is lasting."""
        rows = [(*row, self._plan.correction.now) for row in before]
        packed = exactly.pack((*names, "after"), rows).decode("ascii")
        with recorded(self._house):
            CorrectedRows.objects.create(
                request=self._request,
                system=at.system,
                dataset=at.dataset,
                rows=sealing.seal_text(self._key, packed, _ROWS, self._request.ref),
                at=self._house.now,
            )
            payload: dict[str, Value] = {"system": at.system, "dataset": at.dataset, "rows": len(before)}
            _note(self._house, Kind.RECTIFICATION_RECORDED, self._request, payload)

    def _record(self, claim: Claim, done: Sequence[Any], before: Sequence[CorrectedRows]) -> None:
        """The evidence, with the step. Rows that an attempt before this one recorded, and that were not
        found wrong again, are those it had made lasting though nobody was told."""
        counts = {(each.place.at.dataset, each.place.column): int(each.rows) for each in done}
        now = {
            self._place(each): self._keys(each)
            for each in CorrectedRows.objects.filter(request=self._request, system=claim.target).exclude(
                pk__in=[old.pk for old in before]
            )
        }
        with recorded(self._house):
            for old in before:
                at, keys = self._place(old), self._keys(old)
                lasting = keys - now.get(at, set())
                if lasting:
                    counts[at] = counts.get(at, 0) + len(lasting)
                else:
                    old.delete()  # it was undone with its transaction, and is recorded anew
            left = sum(int(each.left) for each in done)
            payload: dict[str, Value] = {"system": claim.target, "rows": sum(counts.values()), "left": left}
            _note(self._house, Kind.RECTIFICATION_DONE, self._request, payload)
            recipients.queue_rectified(self._house, self._request)
            journal.completed(
                self._house,
                claim,
                {"rows": sum(counts.values()), "waiting": left},
                aside={_CHANGED: [[*at, count] for at, count in sorted(counts.items())]},
            )

    def _place(self, record: CorrectedRows) -> tuple[str, str]:
        names, _ = self._opened(record)
        return record.dataset, names[-2]

    def _keys(self, record: CorrectedRows) -> set[tuple[Any, ...]]:
        return {tuple(row[:-2]) for row in self._opened(record)[1]}

    def _opened(self, record: CorrectedRows) -> tuple[tuple[str, ...], tuple[tuple[Any, ...], ...]]:
        packed = sealing.unseal_text(self._key, record.rows, _ROWS, self._request.ref)
        return exactly.unpack(packed.encode("ascii"))


def _nobody_elses(house: House, session: Any, subject: Subject, plan: RectifyPlan, held: Alone) -> None:
    """The right value may not be another person's identity: from then on the two would be one. Nobody
    else is at work with whoever has it meanwhile."""
    kinds = {place.kind for place in plan.places} - {None}
    now = plan.correction.now
    for kind in kinds:
        if kind is None or now is None or STRENGTH[kind] is Strength.WEAK:
            continue
        value = canonical(kind, now.strip(), house.today)
        if value is None:
            raise Refused(f"the right value is no {kind}; write it as one")
        held.widen(subject.ref, [Identity(kind=kind, value=value)])
        them = Subject(ref="another", identities=(Identity(kind=kind, value=value),))
        other, own = session.people([them, subject], house.today).persons
        theirs = {(d, k) for d, keys in other.keys.items() for k in keys}
        if theirs - {(d, k) for d, keys in own.keys.items() for k in keys}:
            raise Refused("another person has this identity already; look at both before going on")


def _note(house: House, kind: Kind, request: Request, payload: dict[str, Value]) -> None:
    note(kind, request.ref, payload, at=house.now, policy_version=house.policy_version)

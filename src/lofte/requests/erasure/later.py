"""What was kept for a time goes on its day, by itself and in the same case (art. 5.1 e, 17.3).

The rows are known by their keys, which were sealed when the rest was erased: nothing in them need
tell any more whose they were. A row that has come to tell of somebody else meanwhile is left (`whose`).
A law or a hold that still wants them then is obeyed.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Q

from lofte.connectors.protocol import Acting
from lofte.consent.object import prevailed
from lofte.consent.person import person_mark
from lofte.consent.restrict import as_holds_by
from lofte.datamap.copies import twins
from lofte.datamap.document import System
from lofte.datamap.tracing import Key
from lofte.errors import Conflict, LedgerClosed, Refused
from lofte.execution import heads, journal, runner
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.execution.journal import Claim
from lofte.execution.models import Step, StepState
from lofte.ledger.kinds import Kind
from lofte.plan import erase as erasing
from lofte.plan.facts import Facts
from lofte.plan.holds import Hold
from lofte.plan.living import Elsewhere
from lofte.plan.records import Subject, Verb
from lofte.plan.scope import stone_marks
from lofte.plan.verdict import ErasePlan
from lofte.requests import sealing
from lofte.requests.answer import recipients
from lofte.requests.course import asked, known
from lofte.requests.course.lock import Alone, alone, reopen, shown
from lofte.requests.course.receive import identities_of
from lofte.requests.erasure import doubted, elsewhere, evidence, holds, whose
from lofte.requests.erasure.erase_system import Connect, Keeper, Tell, opened, silent
from lofte.requests.erasure.evidence import Row, Touched
from lofte.requests.erasure.foretell import Tale, foretell, forget, stamps_foretold
from lofte.requests.erasure.whose import Stamp
from lofte.requests.models import Asked, Deferral, Erasure, Request
from lofte.requests.records.deferred import LATER

GROUND = "17.1.a"


def due_later(now: datetime) -> bool:
    """True if what was kept for a time is to go by now."""
    due = Q(state=StepState.WAITING, not_before__lte=now) | Q(state=StepState.RUNNING, lease_until__lt=now)
    return Step.objects.filter(due, kind=LATER).exists()


def erase_later(
    house: House, connect: Connect, *, who: str = "", tell: Tell = silent
) -> tuple[runner.Failure, ...]:
    """Do all that is due by now. What fails is tried again later, and returned; it stops nothing else.
    Raises LedgerClosed."""
    failures: list[runner.Failure] = []
    owner = who or runner.owner(LATER)
    while claim := journal.claim(owner, house.now, kinds=[LATER]):
        tell(LATER, claim.target.rpartition("-")[0])
        try:
            _act(house, connect, claim)
        except LedgerClosed:
            raise
        except Exception as raised:
            error = runner.told(raised)
            journal.failed(house, claim, runner.reason(error))
            failures.append(runner.Failure(claim=claim, error=error))
    return tuple(failures)


def _act(house: House, connect: Connect, claim: Claim) -> None:
    request = Request.objects.get(ref=claim.request)
    named, _, day = claim.target.rpartition("-")
    step = f"{LATER}-{day}"
    system = _system(house, named)
    subject = Subject(ref=request.ref, identities=identities_of(house, request))
    contracts = elsewhere.contracts(house, system, [subject], connect)
    connector = opened(connect, system)
    try:
        # By whatever a hold may know the person, so that none is placed meanwhile.
        whom = {request.ref: shown([request])[request.ref] | known.kept_for_later(request).keys()}
        with alone(house, claim.owner, whom) as held, connector.acting() as session:
            # Read while nobody else is at work with the person: what is undone waits no more.
            waiting = _waiting(house, request, system.id)
            waiting = [*waiting, *_in_copies(system, waiting)]
            due = {each.row for each in waiting if each.due_on <= _day(day)}
            plan, tale, lost, statements = _in_one(house, session, request, waiting, due, contracts, held)
    finally:
        connector.close()
    # That a row is still kept is told once, when the rest went.
    lines = [line for line in evidence.lines(tale.fates.values()) if line.verb is not Verb.KEEP]
    doubtful = {each.row: each.pk for each in waiting if each.row in lost and each.in_doubt(system)}
    new = doubted.still_new(doubtful.values())
    lines += whose.told_lost(lost - doubtful.keys())
    lines += whose.told_lost((row for row, pk in doubtful.items() if pk in new), whose.IN_DOUBT)
    counts = evidence.counts(lines)
    # What has no day any more is gone, or is somebody else's and no longer ours to take.
    staying = {row for row, fate in tale.fates.items() if fate.due is not None}
    done = {each.pk for each in waiting if each.row in due and each.row not in staying}
    done -= set(doubtful.values())
    with recorded(house):
        Deferral.objects.filter(pk__in=done).update(done_at=house.now)
        doubted.doubt(house, request, plan.system, doubtful.values(), new)
        evidence.save(house, request, step, plan.system, [*_told(request, step, plan.system), *lines])
        deferred = evidence.defer(house, request, plan.system, tale.fates.values())
        known.forget_later(request)
        forget(request, LATER, plan.system)
        journal.completed(house, claim, {"rows": counts["deleted"], "statements": statements})
        heads.keep(house, plan.system)
        reopen(claim.owner)
        note(
            Kind.ERASURE_DONE,
            request.ref,
            {
                "step": LATER,
                "target": plan.system,
                "plan_digest": plan.digest,
                **counts,
                "deferred": deferred,
                "statements": statements,
            },
            at=house.now,
            policy_version=house.policy_version,
        )
        recipients.queue_erased(house, request)


def _told(request: Request, step: str, system: str) -> list[evidence.Line]:
    """What the step has done before on the same day: a lifting lets it be done again."""
    return [
        evidence.Line(
            dataset=each.dataset,
            verb=Verb(each.verb),
            ground=each.ground,
            until=each.until,
            rows=each.rows,
            law_until=each.law_until,
        )
        for each in Erasure.objects.filter(request=request, step=step, system=system)
    ]


def _system(house: House, named: str) -> System:
    """Raises Refused when the map does not have it any more."""
    for system in house.datamap.systems:
        if evidence.named(system.id) == named:
            return system
    raise Refused(f"rows of `{named}` are to go, and it is no longer in the data map; put it back")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Waiting:
    """A row that waits for its day."""

    pk: int
    row: Row
    due_on: date
    stamp: Stamp

    def in_doubt(self, system: System) -> bool:
        """Whether it may be the person's though it tells so no more."""
        return whose.in_doubt(system, self.row, self.stamp)


def _in_copies(system: System, waiting: Sequence[_Waiting]) -> Iterator[_Waiting]:
    """Where rows stand instead, when they were moved to a locked copy or back."""
    other = twins(system)
    for each in waiting:
        dataset, key = each.row
        if dataset in other:
            yield replace(each, row=(other[dataset], key))


def _waiting(house: House, request: Request, system: str) -> list[_Waiting]:
    """All rows of the request that wait in a system: those of later days tell whose the others are."""
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    found = []
    for each in Deferral.objects.filter(request=request, system=system, done_at=None).order_by("id"):
        named = tuple(json.loads(sealing.unseal_text(key, each.key, "deferral", request.ref)))
        told = sealing.unseal_text(key, each.stamp, "stamp", request.ref) if each.stamp else "{}"
        row = (each.dataset, named)
        found.append(_Waiting(pk=each.pk, row=row, due_on=each.due_on, stamp=json.loads(told)))
    return found


def _in_one(
    house: House,
    session: Acting,
    request: Request,
    waiting: Sequence[_Waiting],
    due: Collection[Row],
    contracts: frozenset[int],
    alone_: Alone,
) -> tuple[ErasePlan, Tale, set[Row], int]:
    """The plan, what becomes of the rows, and which of them are the person's no more, in the
    transaction that the session is."""
    subject = Subject(ref=request.ref, identities=identities_of(house, request))
    grounds = _grounds(house, request)
    stamps = {each.row: each.stamp for each in waiting}
    facts, lost = _theirs(house, session, request, stamps, due)
    held = _held(house, request, subject)
    plan = erasing.plan(
        house.policy,
        house.datamap,
        facts,
        [subject],
        house.today,
        grounds=grounds,
        holds=held,
        elsewhere=Elsewhere(contracts=contracts, going_on=prevailed(house, {0: subject.identities})),
        scope=frozenset(request.scope),
    )
    touched = Touched.of(plan)
    why = (*grounds, *stone_marks(frozenset(request.scope)))
    keeper = Keeper(house, LATER, (request,), touched, why, {})
    acted = session.act(plan, keeper.keep, keeper.settle)
    left = whose.stamps(house, session, plan, stamps)
    # One foretelling for all days: the step of a later day may tell what that of an earlier one took.
    (tale,) = foretell(house, [request], LATER, plan, touched, lambda _: (), left, alone_.close)
    # The last looks of all: what comes after them comes after the erasure.
    alone_.insist()
    if _held(house, request, subject) != held:
        raise Conflict("a hold was placed while the rows were on their way; nothing was erased")
    fates = {row: fate for row, fate in tale.fates.items() if row not in lost or fate.due is None}
    return plan, replace(tale, fates=fates), lost, facts.statements + acted.statements


def _theirs(
    house: House, session: Acting, request: Request, stamps: Mapping[Row, Stamp], due: Collection[Row]
) -> tuple[Facts, set[Row]]:
    """The facts of the rows that are due and still the person's, and the rows that are so no more."""
    facts = session.facts_of(_by_dataset(stamps), house.today)
    foretold = stamps_foretold(house, request, LATER, facts.system)
    still = whose.still(house, session, facts, stamps, foretold)
    lost = {(row.at.dataset, row.key) for row in facts.rows} - still
    if lost:
        facts = session.facts_of(_by_dataset(still), house.today)
    return whose.as_told(house.datamap.system(facts.system), facts, stamps, due), lost & set(due)


def _by_dataset(rows: Iterable[Row]) -> dict[str, list[Key]]:
    found: dict[str, list[Key]] = {}
    for dataset, key in rows:
        found.setdefault(dataset, []).append(key)
    return found


def _day(written: str) -> date:
    """The day that a step is for. It takes the rows of earlier days with it, where their own step has
    failed; those of later days wait."""
    return date(int(written[:4]), int(written[4:6]), int(written[6:]))


def _held(house: House, request: Request, subject: Subject) -> dict[int, tuple[Hold, ...]]:
    """What keeps the rows now, by any identity that was shown or that a system has told. Nobody has
    asked for this erasure today: a restriction that has come since keeps them too."""
    told = known.kept_for_later(request)
    lookups = {sealing.lookup(house.keys.lookup, each) for each in subject.identities} | set(told)
    stone_marks = {person_mark(house, each) for each in subject.identities} | {m for m in told.values() if m}
    placed = holds.standing_by(house, {0: lookups}).get(0, ())
    return {0: (*placed, *as_holds_by(house, stone_marks))}


def _grounds(house: House, request: Request) -> tuple[str, ...]:
    """Why the rest went, when the person asked: their objection and their withdrawal still hold."""
    if not Asked.objects.filter(request=request).exists():
        return (GROUND,)
    return tuple({GROUND: None, **dict.fromkeys(asked.terms(house, request).what.get("grounds", ()))})

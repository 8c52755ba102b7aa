"""Erasing what a person has asked to have erased (art. 17), in one pass for any number of requests.

Hard rules:
- Intent before act: that we are about to erase has its number in the ledger before a row is touched.
- The plan is made anew in the transaction that carries it out, with the holds that stand at that
  moment; they are asked for once more before it is made lasting. A hold wins, whenever it came.
- Rows are in the restore log and their tombstones on the disk before what is done to them is lasting.
- One transaction per system. When it is lasting, its counts, what is kept for a time and the
  entry in the ledger commit together with the step.
- An answer that was lost is not guessed: what an earlier attempt took is known from the restore log.
- Nobody else is at work with the person meanwhile (`lock`). All systems are asked who the person is
  before the first of them is changed; who cannot be told from another there is sent back, unerased,
  and the others go on.
- The request is answered when every system is done and a second scanner has found nothing that should
  be gone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from lofte.consent.restrict import obeyed
from lofte.datamap.digest import digest as map_digest
from lofte.datamap.document import System
from lofte.datamap.tracing import People
from lofte.errors import Ambiguous, Conflict, LedgerClosed, LofteError, Refused, Unreachable
from lofte.execution import journal, runner
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.execution.journal import Claim
from lofte.execution.models import Step, StepState
from lofte.execution.store import pick
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind
from lofte.plan.living import USUAL, contracted
from lofte.plan.records import Subject
from lofte.policy.digest import digest as policy_digest
from lofte.requests.answer.grant import granted_each
from lofte.requests.course import asked
from lofte.requests.course.lock import AtWork, alone, reopening, shown
from lofte.requests.course.move import insist_not_refused, move, move_each
from lofte.requests.course.receive import identities_of_each
from lofte.requests.course.roads import State
from lofte.requests.erasure import elsewhere, letter
from lofte.requests.erasure.as_approved import NotApproved, OverCap, alarm
from lofte.requests.erasure.erase_system import (
    CONTRACT,
    ERASE,
    TOGETHER,
    TRIES,
    VERIFY,
    Connect,
    One,
    Tell,
    Work,
    insist_grounds,
    once_each,
    opened,
    silent,
)
from lofte.requests.erasure.erase_verify import Residue, remember, verify
from lofte.requests.erasure.turns import by_turns, in_turn
from lofte.requests.models import Erasure, Request
from lofte.requests.records.ordered import EVERYWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class Erased:
    """How it went for one request, in counts."""

    number: str
    state: str
    rows: Mapping[tuple[str, str, str], int]
    """(system, dataset, verb) -> rows."""


def erase(
    house: House,
    requests: Sequence[Request],
    connect: Connect,
    *,
    grounds: Sequence[str] = USUAL,
    by: str = "",
    approved_by: str = "",
    accepted: Collection[str] = (),
    tell: Tell = silent,
) -> tuple[Erased, ...]:
    """Erase what these requests ask. Doing it again goes on where it was stopped. `accepted` are places
    (`system.table.column`) where a handler has looked at what the second scanner found, and lets it be.
    Raises Conflict, Unreachable (the systems that answered are done), FaultsFound, Residue, Broken,
    LedgerClosed."""
    insist_grounds(grounds)
    _read_again(requests)
    if len(turns := by_turns(requests)) > 1:
        again = partial(erase, grounds=grounds, by=by, approved_by=approved_by, accepted=accepted, tell=tell)
        return in_turn(requests, turns, lambda turn: again(house, turn, connect))
    for request in requests:
        if request.right != Right.ERASURE:
            raise Refused(f"this is a request for {request.right}, not for erasure")
    going = [r for r in requests if r.state != State.DELIVERED]
    work = Work(
        house=house,
        requests=going,
        connect=once_each(connect),
        grounds=tuple(grounds),
        owner=runner.owner("erase"),
        tell=tell,
        by=by,
        accepted=frozenset(accepted),
    )
    # Who asks to be erased themselves is stopped by no restriction of their own (art. 18.2).
    everybody = {i for shown_ in identities_of_each(house, going).values() for i in shown_}
    obeyed(house, everybody, Right.ERASURE, asked_by_person=True)
    with alone(house, work.owner, shown(going)) as work.held:
        _read_again(going)
        insist_not_refused(going)
        _erase(work, approved_by)
    return _erased(requests)


def _erase(work: Work, approved_by: str) -> None:
    for start in range(0, len(work.requests), TOGETHER):
        with recorded(work.house):
            _intend(work, work.requests[start : start + TOGETHER], approved_by)
            work.claim(ERASE)
    _look(work)
    _send_back(work)
    failures = _every(work, ERASE, lambda system, claims: _erase_in(work, system, claims))
    _send_back(work)
    if failures:
        # One that must wait holds up no other: those that are done everywhere are answered.
        open_ = {ref for ref, _ in _open_steps(work.requests)}
        work.requests = [request for request in work.requests if request.ref not in open_]
    _answer(work)
    if failures:
        raise failures[0]


def _answer(work: Work) -> None:
    """Look once more for those who are erased from every system, and answer them."""
    _insist_done(work.requests, ERASE)
    failures = _every(work, VERIFY, lambda _, claims: verify(work, claims, _with_answer(work, claims)))
    if failures:
        open_ = {ref for ref, _ in _open_steps(work.requests, VERIFY)}
        work.requests = [request for request in work.requests if request.ref not in open_]
        _read_again(work.requests)
    _insist_done(work.requests, VERIFY)
    waiting = [request for request in work.requests if request.state != State.DELIVERED]
    for start in range(0, len(waiting), TOGETHER):
        with recorded(work.house):
            _answered(work, waiting[start : start + TOGETHER])
    if failures:
        raise failures[0]


def _answered(work: Work, requests: Sequence[Request]) -> None:
    """Their letters, and their end; in the caller's `recorded` transaction."""
    letter.made(work.house, requests)
    granted_each(work.house, requests, by=work.by)


def _with_answer(work: Work, claims: Sequence[Claim]) -> Callable[[], None]:
    """What is written together with the evidence that nothing is left: the answer, unless they are so
    many that others would wait for long."""
    verified = {claim.request for claim in claims}
    requests = [request for request in work.requests if request.ref in verified]

    def answer() -> None:
        if len(requests) <= TOGETHER:
            _answered(work, requests)
            if work.held is not None and len(requests) == len(work.requests):
                work.held.give_back()

    return answer


def _intend(work: Work, requests: Sequence[Request], approved_by: str) -> None:
    """Say what is about to be erased, and write down the steps; in the caller's transaction."""
    house = work.house
    systems = sorted(system.id for system in house.datamap.systems)
    what = {"grounds": work.grounds, "accepted": sorted(work.accepted), "approved_by": approved_by}
    anew = [request for request in requests if request.state != State.SEARCHING]
    doers = asked.keep_each(house, requests, what, by=work.by)
    for by in dict.fromkeys(doers.values()):
        move_each(house, [request for request in anew if doers[request.pk] == by], State.SEARCHING, by=by)
    refs = [request.ref for request in requests]
    steps = [*((ERASE, s, house.now) for s in systems), (VERIFY, EVERYWHERE, house.now)]
    begun = journal.begin_each(dict.fromkeys(refs, steps))
    # It may have been sent back: what the person has shown since finds more.
    journal.reopen_each([r.ref for r in anew if r.ref in begun], house.now, kinds=(ERASE, VERIFY))
    journal.hurry_each([ref for ref in refs if ref in begun], house.now)
    digests = {"policy_digest": policy_digest(house.policy), "map_digest": map_digest(house.datamap)}
    for request in requests:
        by = doers[request.pk]
        note(
            Kind.ERASURE_INTENDED,
            request.ref,
            {
                "article": work.grounds[0] if len(work.grounds) == 1 else "17.1",
                "systems": len(systems),
                **digests,
                **({"by": by} if by else {}),
                **({"approved_by": approved_by} if approved_by else {}),
            },
            at=house.now,
            policy_version=house.policy_version,
        )
    work.by = work.by or next((by for by in doers.values() if by), "")


def _look(work: Work) -> None:
    """Who the persons are in every system that is still to be erased from, before one of them is. A
    system that does not answer is left to its own step. With one system its step is the look."""
    if len(work.house.datamap.systems) < 2:
        return
    open_ = _open_steps(work.requests)
    told = Step.objects.filter(kind=ERASE, state=StepState.DONE, request__in=[r.ref for r in work.requests])
    for ref, target, result in told.values_list("request", "target", "result"):
        if result.get(CONTRACT):
            work.contracts.setdefault(ref, set()).add(target)
    for system in work.house.datamap.systems:
        asking = [r for r in work.requests if (r.ref, system.id) in open_]
        if not asking:
            continue
        try:
            people = _met(work, system, asking)
        except Unreachable:
            if elsewhere.tells(work.house, system):
                work.unheard.add(system.id)
            continue
        work.meet(system.id, asking, people)


def _met(work: Work, system: System, asking: Sequence[Request]) -> People:
    """Who the persons are in a system, and whose contracts run there if it can tell. Raises
    Unreachable."""
    house = work.house
    subjects = [Subject(ref=r.ref, identities=work.shown(r)) for r in asking]
    connector = opened(work.connect, system)
    try:
        with connector.session() as session:
            if not elsewhere.tells(house, system):
                return session.people(subjects, house.today)
            for number in contracted(house.policy, session.facts(subjects, house.today), house.today):
                work.contracts.setdefault(asking[number].ref, set()).add(system.id)
            return session.known
    finally:
        connector.close()


def _open_steps(requests: Sequence[Request], kind: str = ERASE) -> set[tuple[str, str]]:
    open_ = [state for state in StepState if state is not StepState.DONE]
    where = {"kind": kind, "state": open_, "request": [r.ref for r in requests]}
    return {(ref, target) for ref, target in pick(Step, ("request", "target"), where)}


def _send_back(work: Work) -> None:
    """Who cannot be told from another is asked for more (art. 12.6); the others go on. Raises Ambiguous
    when nobody is left."""
    doubtful = [request for request in work.requests if request.ref in work.doubtful]
    for request in doubtful:
        with recorded(work.house):
            move(work.house, request, State.RECEIVED, by=work.by, why="ambiguous")
            for system, persons in work.doubtful[request.ref].items():
                note(
                    Kind.REQUEST_AMBIGUOUS,
                    request.ref,
                    {"system": system, "persons": persons},
                    at=work.house.now,
                    policy_version=work.house.policy_version,
                )
    work.requests = [request for request in work.requests if request not in doubtful]
    if doubtful and not work.requests:
        raise Ambiguous(
            "more than one person answers to this identity; ask for another, as a customer number"
        )


def _every(work: Work, kind: str, do: Callable[[str, list[Claim]], None]) -> list[LofteError]:
    """Do every step of this kind that is due, those of one system together. What fails is written
    down and tried again later; the others go on."""
    failures: list[LofteError] = []
    more = True
    while more:
        more = False
        groups: dict[str, list[Claim]] = {}
        refs = [request.ref for request in work.requests]
        taken = work.claimed.pop(kind, None) or journal.claim_each(work.owner, work.house.now, refs, [kind])
        for claim in taken:
            groups.setdefault(claim.target, []).append(claim)
            more = more or claim.more
        for target, claims in groups.items():
            work.tell(kind, target)
            if work.held is not None:
                work.held.keep()
            failures += _together(work, target, claims, do)
    return failures


def _together(
    work: Work, target: str, claims: Sequence[Claim], do: Callable[[str, list[Claim]], None]
) -> list[LofteError]:
    """Do the step for all of these; who is stopped because more would be taken than was let through
    holds up no other."""
    failures: list[LofteError] = []
    going = list(claims)
    while going:
        failing = going
        try:
            do(target, going)
            return failures
        except LedgerClosed:
            raise
        except Exception as raised:
            error = runner.told(raised)
            if isinstance(error, Residue) and len(going) > 1:
                # Whose it is the scanner does not say: each half is looked for by itself.
                half = len(going) // 2
                for part in (going[:half], going[half:]):
                    failures += _together(work, target, part, do)
                return failures
            if isinstance(error, NotApproved | OverCap):
                alarm(work.house, error)
                stopped = {stop.request for stop in error.stops}
                failing = [claim for claim in going if claim.request in stopped] or going
            for claim in failing:
                journal.failed(work.house, claim, _reason(error))
            if isinstance(error, Residue):
                remember(failing, error)
            failures.append(error)
        going = [claim for claim in going if claim not in failing]
    return failures


def _reason(error: LofteError) -> str:
    said = {Residue: "residual", NotApproved: "not_approved", OverCap: "too_wide"}
    return said.get(type(error)) or runner.reason(error)


# -- one system ------------------------------------------------------------------------------------


def _erase_in(work: Work, system: str, claims: Sequence[Claim]) -> None:
    by_ref = {request.ref: request for request in work.requests}
    requests = [by_ref[claim.request] for claim in claims]
    subjects = [Subject(ref=r.ref, identities=work.shown(r)) for r in requests]
    place = work.house.datamap.system(system)
    if work.unheard - {system} and elsewhere.leans(work.house, place):
        raise elsewhere.silent(work.unheard - {system})
    connector = opened(work.connect, place)
    try:
        storage = connector.storage()
        for left in range(TRIES - 1, -1, -1):
            try:
                one = One(work, system, requests, subjects, storage)
                one.carry_out(connector)
                break
            except (AtWork, NotApproved):
                raise
            except Conflict:
                if not left:
                    raise
        with reopening(work.owner), recorded(work.house):
            for start in range(0, len(claims), TOGETHER):
                one.record(claims[start : start + TOGETHER])
            if len(claims) == len(work.requests):
                work.claim(VERIFY)
    finally:
        connector.close()


# -- the end ------------------------------------------------------------------------------------------


def _insist_done(requests: Sequence[Request], kind: str) -> None:
    if open_ := _open_steps(requests, kind):
        target = min(open_)[1]
        raise Conflict(f"somebody else is at {target} for this request; look at it again")


def _read_again(requests: Sequence[Request]) -> None:
    """As they stand in the store now."""
    for start in range(0, len(requests), TOGETHER):
        some = requests[start : start + TOGETHER]
        states: dict[int, str] = dict(pick(Request, ("id", "state"), {"id": [r.pk for r in some]}))
        for request in some:
            request.state = states[request.pk]


def _erased(requests: Sequence[Request]) -> tuple[Erased, ...]:
    counts: dict[int, dict[tuple[str, str, str], int]] = {request.pk: {} for request in requests}
    _read_again(requests)
    for start in range(0, len(requests), TOGETHER):
        where = {"request_id": list(counts)[start : start + TOGETHER]}
        for pk, *at, number in pick(Erasure, ("request_id", "system", "dataset", "verb", "rows"), where):
            mine, (system, dataset, verb) = counts[pk], at
            mine[system, dataset, verb] = mine.get((system, dataset, verb), 0) + number
    return tuple(Erased(number=r.number, state=r.state, rows=counts[r.pk]) for r in requests)

"""De-identifying what a person has asked to be rid of: the rows stay for statistics and tell nobody whose
they were (art. 17, recital 26).

Hard rules:
- It is called de-identified only when, in the transaction that does it and before that is lasting, a
  second scanner finds nothing of the person beyond what a law, a hold or a purpose that goes on keeps,
  and every row that stays is one among at least k persons. Else nothing of it is done.
- Before anything is done anywhere, all of it is tried in every system and taken back. A system that
  fails the test stops all the others.
- Everything else is as in an erasure: holds win, rows are in the restore log and their tombstones on
  the disk before the change is lasting, one transaction per system, state and evidence together.
- A test that was not passed stands in the ledger like one that was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lofte.connectors.protocol import Testing
from lofte.consent.restrict import obeyed
from lofte.datamap.digest import digest as map_digest
from lofte.datamap.identity import Identity
from lofte.errors import Conflict, LedgerClosed, LofteError, Refused
from lofte.execution import journal, runner
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.execution.journal import Claim
from lofte.execution.models import StepState
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind
from lofte.plan import anonymity
from lofte.plan import deidentify as planned
from lofte.plan.anonymity import Crowd, Recognisable
from lofte.plan.living import USUAL
from lofte.plan.records import Subject
from lofte.plan.scope import EVERYTHING, Scope
from lofte.plan.verdict import ErasePlan
from lofte.policy.digest import digest as policy_digest
from lofte.requests.answer.grant import grant
from lofte.requests.course import asked
from lofte.requests.course.lock import alone, reopening, shown
from lofte.requests.course.move import move
from lofte.requests.course.receive import identities_of
from lofte.requests.course.roads import State
from lofte.requests.erasure import holds, letter
from lofte.requests.erasure.deidentify_system import Part, Test, Trial, in_system, note_test
from lofte.requests.erasure.erase_system import (
    DEIDENTIFY,
    VERIFY,
    Connect,
    Tell,
    Work,
    insist_grounds,
    opened,
    silent,
)
from lofte.requests.erasure.erase_verify import Residue, verify
from lofte.requests.models import Erasure, Request
from lofte.requests.records.ordered import EVERYWHERE

OUTCOME = "deidentified"
"""What the decision says."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Deidentified:
    """How it went, in counts."""

    number: str
    state: str
    rows: Mapping[tuple[str, str, str], int]
    """(system, dataset, verb) -> rows; those that stay and tell nobody under `deidentified`."""
    tests: tuple[Test, ...] = ()


def deidentify(
    house: House,
    request: Request,
    connect: Connect,
    *,
    grounds: Sequence[str] = USUAL,
    by: str = "",
    approved_by: str = "",
    tell: Tell = silent,
) -> Deidentified:
    """Let the rows stay and tell nobody whose they were. Doing it again goes on where it was stopped.

    Raises Recognisable (nothing was done: the rows would still tell whose they are), Conflict,
    Unreachable (the systems that answered are done), FaultsFound, Residue, Broken, LedgerClosed."""
    insist_grounds(grounds)
    _open(request)
    if request.state == State.DELIVERED:
        return _done(request, ())
    work = Work(
        house=house,
        requests=[request],
        connect=connect,
        grounds=tuple(grounds),
        owner=runner.owner(DEIDENTIFY),
        tell=tell,
        by=by,
    )
    obeyed(house, identities_of(house, request), Right.ERASURE, asked_by_person=True)
    with alone(house, work.owner, shown([request])) as work.held:
        _open(request)
        if not _begun(request):
            _tried_first(work, request)
        _intend(work, request, approved_by)
        tests = _every(work, request)
        _verified(work, request)
        letter.make(house, request)
        grant(house, request, by=work.by, outcome=OUTCOME)
    return _done(request, tests)


def _tried_first(work: Work, request: Request) -> None:
    """What was begun by somebody who is gone, and does not pass the test any more, waits for a person
    in the end and is not tried for ever."""
    try:
        tried(work, request)
    except Recognisable as error:
        for kind in (DEIDENTIFY, VERIFY):
            while claim := _claim(work, request, kind):
                _fail(work, claim, error)
        raise


@dataclass(frozen=True, kw_only=True, slots=True)
class Foreseen:
    """What would become of the rows of one system, and among how many persons those that stay are."""

    plan: ErasePlan
    k: int
    crowds: tuple[Crowd, ...]


def foreseen(
    house: House,
    shown: Sequence[Identity],
    connect: Connect,
    *,
    grounds: Sequence[str] = USUAL,
    scope: Scope = EVERYTHING,
) -> tuple[Foreseen, ...]:
    """What would be done for whoever has these identities; reads, and notes nothing. Whether something
    of the person would be left is known first when it is tried."""
    subject = Subject(ref="plan", identities=tuple(shown))
    k, found = anonymity.k_of(house.policy), []
    for system in house.datamap.systems:
        connector = opened(connect, system)
        try:
            with connector.session() as session:
                facts = session.facts([subject], house.today)
                held = holds.standing(house, {p.subject: p.identities for p in session.known.persons})
                plan = planned.plan(
                    house.policy,
                    house.datamap,
                    facts,
                    [subject],
                    house.today,
                    grounds=grounds,
                    holds=held,
                    scope=scope,
                )
                if not isinstance(session, Testing):
                    raise Refused(f"rows of `{system.id}` cannot be tested; erase them instead")
                crowds = session.crowds(anonymity.looks(system, facts, plan), k)
        finally:
            connector.close()
        found.append(Foreseen(plan=plan, k=k, crowds=crowds))
    return tuple(found)


def tried(work: Work, request: Request) -> tuple[Test, ...]:
    """All of it, in every system, each taken back; a test that is not passed is noted. Raises what doing
    it would raise."""
    tests = []
    for system in sorted(system.id for system in work.house.datamap.systems):
        work.tell("try", system)
        part = in_system(work, request, system, Trial)
        if part.test is not None:
            tests.append(part.test)
    return tuple(tests)


def _open(request: Request) -> None:
    request.refresh_from_db()
    if request.right != Right.ERASURE:
        raise Refused(f"this is a request for {request.right}, not for erasure")
    if request.state == State.RECEIVED:
        raise Refused("the person is not identified yet; identify them first (art. 12.6)")
    if request.state in (State.REFUSED, State.WITHDRAWN):
        raise Conflict(f"this request is {request.state}; read it again")


def _begun(request: Request) -> bool:
    """Whether it is done in a system already: then the test was passed, and the rest follows."""
    return any(s.kind == DEIDENTIFY and s.state == StepState.DONE for s in journal.steps(request.ref))


def _intend(work: Work, request: Request, approved_by: str) -> None:
    """Say what is about to be done, and write down the steps."""
    house = work.house
    systems = sorted(system.id for system in house.datamap.systems)
    with recorded(house):
        what = {"grounds": work.grounds, "approved_by": approved_by, DEIDENTIFY: True}
        work.by = asked.keep(house, request, what, by=work.by)
        if request.state != State.SEARCHING:
            move(house, request, State.SEARCHING, by=work.by)
        steps = [*((DEIDENTIFY, system) for system in systems), (VERIFY, EVERYWHERE)]
        journal.begin(request.ref, steps, house.now)
        journal.hurry(request.ref, house.now)
        note(
            Kind.DEIDENTIFY_INTENDED,
            request.ref,
            {
                "article": work.grounds[0] if len(work.grounds) == 1 else "17.1",
                "systems": len(systems),
                "k": anonymity.k_of(house.policy),
                "policy_digest": policy_digest(house.policy),
                "map_digest": map_digest(house.datamap),
                **({"by": work.by} if work.by else {}),
                **({"approved_by": approved_by} if approved_by else {}),
            },
            at=house.now,
            policy_version=house.policy_version,
        )


def _every(work: Work, request: Request) -> tuple[Test, ...]:
    """Every system that is due. One that fails is tried again later; the others go on, and the first
    failure is raised."""
    tests: list[Test] = []
    failures: list[LofteError] = []
    while claim := _claim(work, request, DEIDENTIFY):
        work.tell(DEIDENTIFY, claim.target)
        try:
            part = in_system(work, request, claim.target, Part)
            with reopening(work.owner), recorded(work.house):
                part.record([claim])
                note_test(work.house, request, part.test, passed=True)
        except LedgerClosed:
            raise
        except LofteError as error:
            _fail(work, claim, error)
            failures.append(error)
        else:
            tests += [part.test] if part.test is not None else []
    if failures:
        raise failures[0]
    _insist_done(request, DEIDENTIFY)
    return tuple(tests)


def _verified(work: Work, request: Request) -> None:
    """Look through everything once more, with other eyes."""
    if claim := _claim(work, request, VERIFY):
        work.tell(VERIFY, claim.target)
        try:
            verify(work, [claim])
        except LedgerClosed:
            raise
        except LofteError as error:
            _fail(work, claim, error)
            raise
    _insist_done(request, VERIFY)


def _claim(work: Work, request: Request, kind: str) -> Claim | None:
    return journal.claim(work.owner, work.house.now, request=request.ref, kinds=[kind])


def _fail(work: Work, claim: Claim, error: LofteError) -> None:
    residual = isinstance(error, Residue | Recognisable)
    journal.fail(work.house, claim, "residual" if residual else runner.reason(error))


def _insist_done(request: Request, kind: str) -> None:
    open_ = [s for s in journal.steps(request.ref) if s.kind == kind and s.state != StepState.DONE]
    if open_:
        raise Conflict(f"somebody else is at {open_[0].target} for this request; look at it again")


def _done(request: Request, tests: tuple[Test, ...]) -> Deidentified:
    rows: dict[tuple[str, str, str], int] = {}
    for each in Erasure.objects.filter(request=request):
        verb = OUTCOME if each.ground == planned.STATISTICS else each.verb
        at = (each.system, each.dataset, verb)
        rows[at] = rows.get(at, 0) + each.rows
    request.refresh_from_db()
    return Deidentified(number=request.number, state=request.state, rows=rows, tests=tests)

"""Saying that an approved erasure shall be carried out now, or that a person is searched for; the worker
does it at once.

Hard rules:
- No erasure is ordered that nobody has approved.
- An order is a record of who and when. It is a step of the journal, too: a worker that dies leaves
  it to the next one.
- What was ordered together is carried out in one pass. Once it has begun, each request's own steps
  say how it goes.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.db.models import Q

from lofte.errors import Conflict, LofteError, Refused
from lofte.execution import journal, runner
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.execution.journal import Claim
from lofte.execution.models import PersonLock, Step, StepState
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind
from lofte.plan.living import USUAL
from lofte.requests.deliver import Answer
from lofte.requests.erase import erase
from lofte.requests.erase_system import EVERYWHERE, Connect
from lofte.requests.fulfil import fulfil_access
from lofte.requests.models import Order, Request
from lofte.requests.outcome import SystemOutcome
from lofte.requests.portable import fulfil_portability
from lofte.requests.roads import State

CARRY_OUT = "carry-out"
SEARCHED: Mapping[str, Callable[..., Answer]] = {
    Right.ACCESS.value: fulfil_access,
    Right.PORTABILITY.value: fulfil_portability,
}
"""The rights that are answered with a package, and what makes it."""
_GOING = (State.IDENTIFIED, State.SEARCHING)
_log = logging.getLogger("lofte.requests")


def order(house: House, requests: Sequence[Request], *, by: str, grounds: Sequence[str] = USUAL) -> Order:
    """Let these requests be carried out, in one pass: erasures, or requests that are answered with a
    package. Raises Refused for an erasure that nobody has approved, Conflict for one that is under way
    or answered."""
    with recorded(house):
        return ordered(house, requests, by=by, grounds=grounds)


def ordered(house: House, requests: Sequence[Request], *, by: str, grounds: Sequence[str] = USUAL) -> Order:
    """As `order`, inside the caller's `recorded` transaction."""
    if not requests:
        raise Refused("there is nothing to carry out; choose at least one request")
    ref = secrets.token_hex(16)
    for request in requests:
        may_go(request)
    made = Order.objects.create(ref=ref, grounds=list(grounds), by=by, at=house.now)
    made.requests.set(requests)
    journal.begin(ref, [(CARRY_OUT, EVERYWHERE)], house.now)
    if any(request.right in SEARCHED for request in requests):
        return made  # what is about to be read is noted before it is read
    note(
        Kind.ERASURE_ORDERED,
        ref,
        {
            "article": grounds[0] if len(grounds) == 1 else "17.1",
            "requests": len(requests),
            **({"by": by} if by else {}),
        },
        at=house.now,
        policy_version=house.policy_version,
    )
    return made


def open_order(request: Request) -> Order | None:
    """The order that waits to begin, or is being begun; None = there is none."""
    waiting = Step.objects.filter(kind=CARRY_OUT).exclude(state=StepState.DONE).values("request")
    return request.orders.filter(ref__in=waiting).last()


def begun(made: Order) -> tuple[SystemOutcome, ...]:
    """How the beginning of an order goes: what keeps it, and when it is tried again."""
    return tuple(
        SystemOutcome(
            system=CARRY_OUT,
            step=step.kind,
            state=StepState(step.state),
            since=made.at,
            why=step.failure,
            attempt=step.attempt,
            next_try=step.not_before if step.state == StepState.WAITING else None,
        )
        for step in journal.steps(made.ref)
    )


def hurry(house: House, request: Request) -> None:
    """Let what failed be tried now, whatever it waited for."""
    with recorded(house):
        journal.hurry(request.ref, house.now)
        for each in request.orders.all():
            journal.hurry(each.ref, house.now)


def due_orders(now: datetime) -> bool:
    """True if a worker has something to begin."""
    due = Q(state=StepState.WAITING, not_before__lte=now) | Q(state=StepState.RUNNING, lease_until__lt=now)
    return Step.objects.filter(due, kind=CARRY_OUT).exists()


def do_ordered(house: House, connect: Connect) -> int:
    """Begin all that is ordered and due; returns how many orders were begun. One that cannot begin
    stops no other, and is tried again later."""
    who, begun = runner.owner("order"), 0
    while claim := journal.claim(who, house.now, kinds=[CARRY_OUT]):
        try:
            _carry_out(house, connect, claim)
        except LofteError as error:
            _log.warning("order %s waits: %s", claim.request, type(error).__name__)
            journal.failed(house, claim, runner.reason(error))
        else:
            journal.complete(house, claim, {})
            begun += 1
    return begun


def may_go(request: Request) -> None:
    """Nothing, when it could be ordered now. Raises as `order`."""
    request.refresh_from_db()
    if request.right != Right.ERASURE and request.right not in SEARCHED:
        raise Refused(f"this is a request for {request.right}, not for erasure")
    if request.state not in _GOING:
        raise Conflict("this request is not waiting to be carried out; read it again")
    if request.right == Right.ERASURE and not request.approvals.exists():
        raise Refused("nobody has approved this; let another person look at what would happen, and approve")
    if open_order(request) is not None:
        raise Conflict("this is being carried out already; look again in a moment")


def _carry_out(house: House, connect: Connect, claim: Claim) -> None:
    """Raises what kept a request from beginning; what went wrong later stands at its own steps."""
    ordered = Order.objects.get(ref=claim.request)
    going = list(ordered.requests.filter(state__in=_GOING).order_by("id"))
    try:
        _erase(house, connect, ordered, going)
    except LofteError:
        begun = [request for request in going if _is_begun(request)]
        if len(begun) == len(going):
            return
        # One that must wait holds up no other.
        free = begun or _free(house, going)
        if free and len(free) < len(going):
            _going_on(house, connect, ordered, free)
        raise


def _is_begun(request: Request) -> bool:
    """Whether steps of it are left that go on by themselves. What an earlier making has done is no
    beginning of this one."""
    return any(step.state != StepState.DONE for step in journal.steps(request.ref))


def _free(house: House, going: Sequence[Request]) -> list[Request]:
    """Those of whom nobody else is at work with the same person."""
    busy = PersonLock.objects.filter(until__gt=house.now).values("lookup")
    held = Request.objects.filter(identifiers__lookup__in=busy).values_list("pk", flat=True)
    taken = set(held)
    return [request for request in going if request.pk not in taken]


def _going_on(house: House, connect: Connect, ordered: Order, begun: Sequence[Request]) -> None:
    try:
        _erase(house, connect, ordered, begun)
    except LofteError as error:
        _log.warning("order %s goes on: %s", ordered.ref, type(error).__name__)


def _erase(house: House, connect: Connect, ordered: Order, going: Sequence[Request]) -> None:
    """In one pass, or one for each who has approved some of them. Raises the first that went wrong."""
    by_approver: dict[str, list[Request]] = {}
    for request in going:
        if request.right in SEARCHED:
            SEARCHED[request.right](house, request, connect, by=ordered.by)
            continue
        approval = request.approvals.last()
        by_approver.setdefault(approval.by if approval else "", []).append(request)
    failures: list[LofteError] = []
    for approver, requests in by_approver.items():
        try:
            erase(house, requests, connect, grounds=ordered.grounds, by=ordered.by, approved_by=approver)
        except LofteError as error:
            failures.append(error)
    if failures:
        raise failures[0]

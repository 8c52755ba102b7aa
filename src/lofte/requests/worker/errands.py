"""Carrying out what was ordered (`course.order`): the worker begins it, and each request goes on by its own
steps.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.db.models import Q

from lofte.errors import LofteError
from lofte.execution import journal, runner
from lofte.execution.house import House
from lofte.execution.journal import Claim
from lofte.execution.models import PersonLock, Step, StepState
from lofte.law.rights import Right
from lofte.requests.answer.deliver import Answer
from lofte.requests.answer.fulfil import fulfil_access, lacks
from lofte.requests.answer.portable import fulfil_portability
from lofte.requests.course.order import CARRY_OUT, GOING
from lofte.requests.course.roads import State
from lofte.requests.erasure.erase import erase
from lofte.requests.erasure.erase_system import Connect
from lofte.requests.models import Order, Request

_MAKES: Mapping[str, Callable[..., Answer]] = {
    Right.ACCESS.value: fulfil_access,
    Right.PORTABILITY.value: fulfil_portability,
}
"""What makes the package, of the rights in `course.order.SEARCHED`."""
_log = logging.getLogger("lofte.requests")


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


def _carry_out(house: House, connect: Connect, claim: Claim) -> None:
    """Raises what kept a request from beginning; what went wrong later stands at its own steps."""
    ordered = Order.objects.get(ref=claim.request)
    stands = ordered.requests.filter(state__in=(*GOING, State.DELIVERED)).order_by("id")
    going = [each for each in stands if each.state in GOING or lacks(each)]
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
        makes = _MAKES.get(request.right)
        if makes is not None:
            makes(house, request, connect, by=ordered.by)
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

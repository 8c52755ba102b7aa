"""Saying that an approved erasure shall be carried out now, or that a person is searched for; the worker
does it at once (`worker.errands`).

Hard rules:
- No erasure is ordered that nobody has approved.
- An order is a record of who and when. It is a step of the journal, too: a worker that dies leaves
  it to the next one.
- What was ordered together is carried out in one pass. Once it has begun, each request's own steps
  say how it goes.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from lofte.errors import Conflict, Refused
from lofte.execution import journal
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.execution.models import Step, StepState
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind
from lofte.plan.living import USUAL
from lofte.requests.course.roads import State
from lofte.requests.models import Order, Request
from lofte.requests.records.ordered import EVERYWHERE

CARRY_OUT = "carry-out"
SEARCHED = (Right.ACCESS.value, Right.PORTABILITY.value)
"""The rights that are answered with a package."""
GOING = (State.IDENTIFIED, State.SEARCHING)


def order(house: House, requests: Sequence[Request], *, by: str, grounds: Sequence[str] = USUAL) -> Order:
    """Let these requests be carried out, in one pass: erasures, or requests that are answered with a
    package. Raises Refused for an erasure that nobody has approved, Conflict for one that is under way
    or answered."""
    with recorded(house):
        return ordered(house, requests, by=by, grounds=grounds)


def ordered(
    house: House,
    requests: Sequence[Request],
    *,
    by: str,
    grounds: Sequence[str] = USUAL,
    supplement: bool = False,
) -> Order:
    """As `order`, inside the caller's `recorded` transaction. A `supplement` is made of requests that are
    answered: the caller has judged that something is to be added."""
    if not requests:
        raise Refused("there is nothing to carry out; choose at least one request")
    ref = secrets.token_hex(16)
    for request in requests:
        may_go(request, supplement=supplement)
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


def hurry(house: House, request: Request) -> None:
    """Let what failed be tried now, whatever it waited for."""
    with recorded(house):
        journal.hurry(request.ref, house.now)
        for each in request.orders.all():
            journal.hurry(each.ref, house.now)


def may_go(request: Request, *, supplement: bool = False) -> None:
    """Nothing, when it could be ordered now. Raises as `order`."""
    request.refresh_from_db()
    if request.right != Right.ERASURE and request.right not in SEARCHED:
        raise Refused(f"this is a request for {request.right}, not for erasure")
    if request.state not in ((State.DELIVERED,) if supplement else GOING):
        raise Conflict("this request is not waiting to be carried out; read it again")
    if request.right == Right.ERASURE and not request.approvals.exists():
        raise Refused("nobody has approved this; let another person look at what would happen, and approve")
    if open_order(request) is not None:
        raise Conflict("this is being carried out already; look again in a moment")

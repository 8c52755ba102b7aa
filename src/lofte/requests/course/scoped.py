"""The answer to what is meant: how far a request goes is set once, by what the person says (recital 63)."""

from __future__ import annotations

from collections.abc import Iterable

from lofte.errors import Conflict
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.law.clock import Waits
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind, Value
from lofte.plan.scope import asked
from lofte.requests.course.roads import State
from lofte.requests.course.ticking import clock_of, goes_on
from lofte.requests.models import Request


def waits_for_scope(request: Request) -> bool:
    """Whether the clock stands still until the person says what is meant."""
    lasts = clock_of(request).stopped
    return State(request.state).open and lasts is not None and lasts.waits is Waits.SCOPE


def scoped(house: House, request: Request, named: Iterable[str], *, by: str = "") -> Request:
    """Set which categories the person asks about, none = everything, and let the clock go on from today.
    `by` is the handler who noted it; empty = the person themselves. Raises Conflict when nobody waits for
    it, Refused for a category that we do not have."""
    scope = asked(house.policy, house.datamap, Right(request.right), named)
    with recorded(house):
        now_is = Request.objects.select_for_update().get(pk=request.pk)
        if not waits_for_scope(now_is):
            raise Conflict("the person was not asked what is meant, or has said it already; read it again")
        now_is.scope = sorted(scope)
        now_is.save(update_fields=["scope"])
        payload: dict[str, Value] = {"categories": len(scope), **({"by": by} if by else {})}
        note(Kind.REQUEST_SCOPED, now_is.ref, payload, at=house.now, policy_version=house.policy_version)
        goes_on(house, now_is, by=by)
    return now_is

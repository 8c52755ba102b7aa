"""Moving a request along its road: the one place where its state changes."""

from __future__ import annotations

from lofte.execution.house import House
from lofte.requests.models import Request, Transition
from lofte.requests.roads import State, go


def move(house: House, request: Request, to: State, *, by: str = "", why: str = "") -> Request:
    """The request in its new state, and a record of who moved it, when and why. Inside the
    caller's transaction. Raises Conflict if no road leads there from where it stands now."""
    now_is = Request.objects.select_for_update().get(pk=request.pk)
    before, now_is.state = now_is.state, go(now_is.state, to)
    now_is.save(update_fields=["state"])
    Transition.objects.create(request=now_is, from_state=before, to_state=to, by=by, why=why, at=house.now)
    request.state = now_is.state
    return now_is

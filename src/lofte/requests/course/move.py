"""Moving a request along its road: the one place where its state changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lofte.errors import Conflict
from lofte.execution.house import House
from lofte.execution.store import pick, pour, put
from lofte.requests.course import known
from lofte.requests.course.roads import State, go
from lofte.requests.models import Request, Transition

_ANSWERED = frozenset({State.DELIVERED, State.REFUSED, State.WITHDRAWN})
"""What systems have told is needed until then: also when the person is asked for more, for by then
rows that told it may be gone."""


def move(house: House, request: Request, to: State, *, by: str = "", why: str = "") -> Request:
    """The request in its new state, and a record of who moved it, when and why. Inside the
    caller's transaction. Raises Conflict if no road leads there from where it stands now."""
    now_is = Request.objects.select_for_update().get(pk=request.pk)
    before, now_is.state = now_is.state, go(now_is.state, to)
    now_is.save(update_fields=["state"])
    if to in _ANSWERED:
        known.forget(now_is)
    Transition.objects.create(request=now_is, from_state=before, to_state=to, by=by, why=why, at=house.now)
    request.state = now_is.state
    return now_is


def move_each(house: House, requests: Sequence[Request], to: State, *, by: str = "") -> None:
    """As `move`, for many requests at once, each given as it stands now."""
    by_pk = {request.pk: request for request in requests}
    stood = dict(pick(Request, ("id", "state"), {"id": list(by_pk)}, order=("id",), lock=True))
    made = [(pk, stood[pk], go(stood[pk], to), "", by, house.now) for pk in by_pk]
    put(Request, {"state": to}, {"id": list(by_pk)})
    if to in _ANSWERED:
        known.forget_each(requests)
    pour(Transition, ("request_id", "from_state", "to_state", "why", "by", "at"), made)
    for request in requests:
        request.state = to


def insist_not_refused(requests: Iterable[Request]) -> None:
    """Of requests as they stand now: nothing, when they may be carried out. Raises Conflict."""
    for request in requests:
        if request.state in (State.REFUSED, State.WITHDRAWN):
            raise Conflict(f"request {request.number} is {request.state}; it is not carried out")

"""An answer that was not fetched in time is made anew (art. 12.2).

It is a request of its own in the same case: the one that was answered stays answered, with its own days and
its own entries, and the new one has a clock of its own. The systems are searched again, for what they
hold may have changed; who the person is need not be shown again.
"""

from __future__ import annotations

from lofte.errors import Conflict, Refused
from lofte.execution.book import recorded
from lofte.execution.house import House
from lofte.law.rights import Right
from lofte.requests.answer.fetch import waiting
from lofte.requests.course.order import SEARCHED, ordered
from lofte.requests.course.receive import identities_of, received
from lofte.requests.course.roads import State
from lofte.requests.door.identify import Level, identified, method_of
from lofte.requests.models import Request


def reissue(house: House, request: Request, *, by: str = "", channel: str = "portal") -> Request:
    """The new request, received, identified and ordered to be searched. Raises Conflict while the answer can
    still be fetched or is being made anew already, Refused when the key of the request is destroyed."""
    request.refresh_from_db()
    known = request.identifications.order_by("-id").first()
    if request.right not in SEARCHED or request.state != State.DELIVERED or known is None:
        raise Refused("this request was not answered with a package; there is nothing to make anew")
    there = waiting(request, house.now)
    if there is not None and not there.over:
        raise Conflict("the answer can still be fetched; fetch it")
    identities, method = identities_of(house, request), method_of(house, known)
    with recorded(house):
        if _under_way(request):
            raise Conflict("it is being made anew already; look at the case again in a moment")
        made = received(
            house,
            right=Right(request.right),
            identities=identities,
            channel=channel,
            language=request.language,
            by=by,
            at=house.now,
            case=request.case,
            scope=frozenset(request.scope),
        )
        identified(house, made, method=method, level=Level(known.level), by=known.by)
        ordered(house, [made], by=by)
    return made


def _under_way(request: Request) -> bool:
    """Somebody else has pressed the button too. The row of the request is held until this is done."""
    Request.objects.select_for_update().get(pk=request.pk)
    there = Request.objects.filter(case=request.case_id, right=request.right, pk__gt=request.pk)
    return any(State(each.state).open and each.scope == request.scope for each in there)

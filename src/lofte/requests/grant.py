"""Granting a request whose answer is an act and not a package: it is done, and the person is told."""

from __future__ import annotations

from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind
from lofte.requests.models import Decision, Request
from lofte.requests.move import move
from lofte.requests.roads import State


def grant(house: House, request: Request, *, by: str = "") -> Request:
    """Record that what was asked is done (art. 12.3). Granting again changes nothing."""
    request.refresh_from_db()
    if request.state == State.DELIVERED:
        return request
    article = Right(request.right).article
    with recorded(house):
        moved = move(house, request, State.DELIVERED, by=by)
        Decision.objects.create(request=moved, outcome="granted", article=article, by=by, at=house.now)
        note(
            Kind.REQUEST_GRANTED,
            request.ref,
            {"article": article, **({"by": by} if by else {})},
            at=house.now,
            policy_version=house.policy_version,
        )
    return moved

"""Granting a request whose answer is an act and not a package: it is done, and the person is told."""

from __future__ import annotations

from collections.abc import Sequence

from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.execution.store import pick, pour
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind
from lofte.requests.course.move import move, move_each
from lofte.requests.course.roads import State
from lofte.requests.models import Decision, Request


def grant(house: House, request: Request, *, by: str = "", outcome: str = "granted") -> Request:
    """Record that what was asked is done (art. 12.3). Granting again changes nothing."""
    request.refresh_from_db()
    if request.state == State.DELIVERED:
        return request
    with recorded(house):
        return granted(house, request, by=by, outcome=outcome)


def granted(house: House, request: Request, *, by: str = "", outcome: str = "granted") -> Request:
    """As `grant`, inside the caller's `recorded` transaction."""
    article = Right(request.right).article
    moved = move(house, request, State.DELIVERED, by=by)
    Decision.objects.create(request=moved, outcome=outcome, article=article, by=by, at=house.now)
    _note(house, request, by)
    return moved


def granted_each(house: House, requests: Sequence[Request], *, by: str = "") -> None:
    """As `granted`, of many requests at once; one that is answered already stays as it is."""
    answered = {"id": [r.pk for r in requests], "state": State.DELIVERED}
    done = {pk for (pk,) in pick(Request, ("id",), answered)}
    going = [request for request in requests if request.pk not in done]
    move_each(house, going, State.DELIVERED, by=by)
    pour(
        Decision,
        ("request_id", "outcome", "ground", "article", "why", "by", "at"),
        ((r.pk, "granted", "", Right(r.right).article, b"", by, house.now) for r in going),
    )
    for request in going:
        _note(house, request, by)


def _note(house: House, request: Request, by: str) -> None:
    note(
        Kind.REQUEST_GRANTED,
        request.ref,
        {"article": Right(request.right).article, **({"by": by} if by else {})},
        at=house.now,
        policy_version=house.policy_version,
    )

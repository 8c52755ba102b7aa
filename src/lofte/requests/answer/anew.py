"""Making an answer anew, with the rows that somebody has looked at since (art. 15.4). One that is given is
supplemented: the request stays answered, and the person gets a new package."""

from __future__ import annotations

from lofte.execution.book import recorded
from lofte.execution.house import House
from lofte.requests.answer.weigh import insist_made_anew
from lofte.requests.course.order import ordered
from lofte.requests.course.roads import State
from lofte.requests.models import Order, Request


def make_anew(house: House, request: Request, *, by: str) -> Order:
    """Let the systems be searched once more, and a new package be made of what they say then. Raises Refused
    when nothing was decided since the answer was made, or the key of the request is destroyed; Conflict when
    it is being made."""
    with recorded(house):
        insist_made_anew(house, request, by=by)
        request.refresh_from_db()
        return ordered(house, [request], by=by, supplement=request.state == State.DELIVERED)

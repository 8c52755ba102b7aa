"""What people have asked with their own hand in the portal, and what is done without a handler: a no that is
obeyed, a look at what we have about them, a correction that does no harm."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from lofte.execution.house import House
from lofte.requests.answer import own_data, self_correct
from lofte.requests.course.search import Connect
from lofte.requests.worker import at_once


def due(now: datetime, left: Collection[str] = ()) -> bool:
    """Whether any of it waits, but for the requests that are left."""
    return at_once.due(left) or own_data.due(now) or self_correct.due(left)


def do(house: House, connect: Connect, left: set[str]) -> int:
    """Do all that waits; returns how much came to its end. What cannot be done by itself is put in `left`.
    Raises LedgerClosed."""
    done = at_once.obey(house, connect, left)
    done += own_data.look_up(house, connect)
    return done + self_correct.carry_out(house, connect, left)

"""Undoing an erasure that was a mistake, while the window is open."""

from __future__ import annotations

from collections.abc import Callable

from lofte.datamap.document import System
from lofte.errors import Refused
from lofte.execution import restore_log
from lofte.execution.house import House
from lofte.execution.restore_log import Back
from lofte.requests.models import Request


def undo(house: House, number: str, connect: Callable[[System], Back]) -> dict[tuple[str, str], int]:
    """Give back what was erased for a request, by its number: (system, dataset) -> rows. Raises
    Refused when there is no such request or the window is over, Conflict when somebody else's row
    stands where one of these stood."""
    request = Request.objects.filter(number=number).first()
    if request is None:
        raise Refused("there is no request with this number; it is written as 2026-000123")
    return restore_log.undo(house, request.ref, connect)

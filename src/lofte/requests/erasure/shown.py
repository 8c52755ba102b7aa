"""Keeping what an erasure would come to as it was shown, so that what is approved is what was seen.

Looking reads the systems and changes nothing in them. What is kept are counts, names of datasets,
laws, days and the letter: nobody's data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Max
from pydantic import TypeAdapter, ValidationError

from lofte.errors import Conflict
from lofte.execution.house import House
from lofte.execution.store import writing
from lofte.plan.living import USUAL
from lofte.requests.course.roads import State
from lofte.requests.erasure.erase_system import Connect
from lofte.requests.erasure.preview import Preview, previews
from lofte.requests.models import Request, ShownPlan

_BEFORE = (State.IDENTIFIED, State.SEARCHING)


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """What was shown, to whom and when."""

    id: int
    preview: Preview
    by: str
    at: datetime


def show(
    house: House, requests: Sequence[Request], connect: Connect, *, by: str, grounds: Sequence[str] = USUAL
) -> int:
    """Look at what these requests would come to, and keep it; returns how many. Raises Conflict for one
    that is not identified or is answered, FaultsFound when no plan can be made."""
    for request in requests:
        request.refresh_from_db()
        if request.state not in _BEFORE:
            raise Conflict("only a request that is identified and not yet answered can be looked at")
    seen = previews(house, requests, connect, grounds=grounds)
    with writing():
        ShownPlan.objects.bulk_create(
            ShownPlan(request=request, content=_kept().dump_python(each, mode="json"), by=by, at=house.now)
            for request, each in zip(requests, seen, strict=True)
        )
    return len(seen)


def last_shown(request: Request) -> Shown | None:
    """What was shown last; None = nothing, or in a form that is not read any more."""
    return opened(request.shown_plans.last())


def last_of(requests: Sequence[Request]) -> dict[int, Shown]:
    """The same of many, by key of the request."""
    of = ShownPlan.objects.filter(request__in=requests).order_by().values("request")
    newest = ShownPlan.objects.filter(pk__in=of.annotate(newest=Max("id")).values("newest"))
    found = {each.request_id: opened(each) for each in newest}
    return {key: each for key, each in found.items() if each is not None}


def opened(record: ShownPlan | None) -> Shown | None:
    """A record as what it tells."""
    if record is None:
        return None
    try:
        preview = _kept().validate_python(record.content)
    except ValidationError:
        return None
    return Shown(id=record.pk, preview=preview, by=record.by, at=record.at)


@cache
def _kept() -> TypeAdapter[Any]:
    return TypeAdapter(Preview)

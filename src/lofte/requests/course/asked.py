"""What exactly a request asks, kept sealed, so that it can be gone on with by whoever comes later."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lofte.errors import Conflict
from lofte.execution.house import House
from lofte.requests import sealing
from lofte.requests.models import Asked, Request

_WHAT = "asked"


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """What is asked, and who let it be done."""

    what: Mapping[str, Any] = field(default_factory=dict)
    by: str = ""


def keep(house: House, request: Request, what: Mapping[str, Any], *, by: str) -> str:
    """Write down what is asked, in the caller's transaction; said again, the last holds. Returns who
    does it: this handler, or, when the house goes on by itself, the one who did it before."""
    return keep_each(house, [request], what, by=by)[request.pk]


def keep_each(
    house: House, requests: Sequence[Request], what: Mapping[str, Any], *, by: str
) -> dict[int, str]:
    """As `keep`, the same of many requests: key of the request -> who does it."""
    before = {row.request_id: row for row in Asked.objects.filter(request__in=[r.pk for r in requests])}
    said = json.dumps(what, sort_keys=True)
    doers = {}
    rows = []
    for request in requests:
        old = before.get(request.pk)
        doers[request.pk] = by or (old.by if old else "")
        key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
        rows.append(
            Asked(
                request=request,
                terms=sealing.seal_text(key, said, _WHAT, request.ref),
                by=doers[request.pk],
                at=old.at if old else house.now,
            )
        )
    Asked.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["request"],
        update_fields=["terms", "by", "at"],
    )
    return doers


def terms(house: House, request: Request) -> Terms:
    """What was written down. Raises Conflict when nothing was."""
    found = Asked.objects.filter(request=request).first()
    if found is None:
        raise Conflict("what this request asks exactly is not written down; do it once by its command")
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    return Terms(what=json.loads(sealing.unseal_text(key, found.terms, _WHAT, request.ref)), by=found.by)

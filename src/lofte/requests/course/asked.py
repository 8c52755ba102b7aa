"""What exactly a request asks, kept sealed, so that it can be gone on with by whoever comes later."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lofte.errors import Conflict
from lofte.execution.house import House
from lofte.execution.store import pick, pour
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
    known = pick(Asked, ("request_id", "by", "at"), {"request_id": [r.pk for r in requests]})
    before = {pk: (by_, at) for pk, by_, at in known}
    said = json.dumps(what, sort_keys=True)
    doers = {}
    rows = []
    for request in requests:
        old = before.get(request.pk)
        doers[request.pk] = by or (old[0] if old else "")
        key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
        sealed = sealing.seal_text(key, said, _WHAT, request.ref)
        rows.append((request.pk, sealed, doers[request.pk], old[1] if old else house.now))
    names = ("request_id", "terms", "by", "at")
    pour(Asked, names, rows, unique=("request_id",), update=("terms", "by", "at"))
    return doers


def terms(house: House, request: Request) -> Terms:
    """What was written down. Raises Conflict when nothing was."""
    found = Asked.objects.filter(request=request).first()
    if found is None:
        raise Conflict("what this request asks exactly is not written down; do it once by its command")
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    return Terms(what=json.loads(sealing.unseal_text(key, found.terms, _WHAT, request.ref)), by=found.by)

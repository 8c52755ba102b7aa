"""What a visitor chose, as the cookie keeps it and the ingest reads it (`docs/reference/consent-wire.md`)."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from lofte.policy.cookies.shown import Shown

_COOKIE = re.compile(
    r"1(?P<gpc>g?)\.(?P<edition>[a-z2-7]{8})\.(?P<id>[A-Za-z0-9_-]{0,44})\.(?P<seq>[0-9a-z]{1,6})"
    r"\.(?P<time>[0-9a-z]{1,8})\.(?P<allow>[a-z0-9_~-]{0,108})",
    re.ASCII,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """What stands in a visitor's cookie."""

    gpc: bool
    edition: str
    id: str | None
    seq: int
    at: datetime
    vendors: frozenset[str]
    """The vendors that may store and read, of those that are shown."""

    def counts(self, told: Shown, now: datetime, *, gpc: bool) -> bool:
        """Whether it is a choice about what is shown now: of this edition, not too old, and not made before
        the browser said no."""
        fresh = now - self.at <= timedelta(days=told.body["days"])
        return self.edition == told.edition and fresh and (self.gpc or not gpc)


def kept(cookie: str, told: Shown) -> Kept | None:
    """Read the cookie; what is none of ours is nothing."""
    found = _COOKIE.fullmatch(cookie)
    if not found:
        return None
    allowed = set(found["allow"].split("~"))
    try:
        at = datetime.fromtimestamp(int(found["time"], 36), UTC)
    except (OverflowError, ValueError):
        return None
    return Kept(
        gpc=bool(found["gpc"]),
        edition=found["edition"],
        id=found["id"] or None,
        seq=int(found["seq"], 36),
        at=at,
        vendors=frozenset(v for v, purpose in told.vendors.items() if {v, purpose} & allowed),
    )


def message(
    told: Shown,
    yes: Collection[str],
    *,
    before: Kept | None,
    event: str,
    at: datetime,
    path: str,
    gpc: bool,
) -> dict[str, Any]:
    """What the plain page sends for its visitor: a yes to these vendors, a no to the others."""
    vendors = {vendor: int(vendor in yes) for vendor in told.vendors}
    choices = {
        purpose: int(all(vendors[v] for v, p in told.vendors.items() if p == purpose))
        for purpose in told.purposes
    }
    allow = [
        one
        for purpose in told.purposes
        for one in ([purpose] if choices[purpose] else [v for v in vendors if _part(told, v, purpose, yes)])
    ]
    had = before is not None and before.edition == told.edition and bool(before.vendors)
    return {
        **{key: told.body[key] for key in ("v", "site", "version", "edition", "lang")},
        "id": before.id if before else None,
        "event": event,
        "seq": before.seq + 1 if before else 1,
        "sha": told.sha,
        "action": _action(vendors, had=had),
        "surface": "page",
        "choices": choices,
        "vendors": vendors,
        "allow": "~".join(allow),
        "path": path,
        "gpc": gpc,
        "at": int(at.timestamp() * 1000),
        "view": "l",
    }


def _part(told: Shown, vendor: str, purpose: str, yes: Collection[str]) -> bool:
    return told.vendors[vendor] == purpose and vendor in yes


def _action(vendors: dict[str, int], *, had: bool) -> str:
    if not any(vendors.values()):
        return "withdraw" if had else "reject"
    return "accept" if all(vendors.values()) else "save"

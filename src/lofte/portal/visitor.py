"""Who is looking at their own case: a person who has answered on a contact we had, or signed in.

Hard rules:
- What is proven is proven for one case, and for a short while: a quarter of an hour without a click, an
  hour in all.
- Each rise gets a session of its own, empty and with a new key: whoever planted the old one holds nothing.
- The case of somebody with a protected identity opens to nobody: who was in when it was noted is out.
- One who works here is no visitor, and a visitor is nobody in the console: rights of both never meet in
  one session.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.contrib.auth import logout
from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils import timezone

from lofte.requests.course.protected import is_protected
from lofte.requests.door.identify import Level
from lofte.requests.models import Case

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=1)
_KEY = "visitor"


@dataclass(frozen=True, kw_only=True, slots=True)
class Visitor:
    """A person who has shown that a case is theirs, and how surely."""

    case: str
    """`Case.ref`."""
    level: Level
    since: datetime
    """When they first came in; a rise does not lengthen it."""


def visitor(request: HttpRequest) -> Visitor | None:
    """Who is looking; None when nobody has shown anything, or it is too long ago."""
    if _works_here(request):
        return None
    kept = request.session.get(_KEY)
    if kept is None:
        return None
    now = timezone.now()
    since, seen = (datetime.fromtimestamp(kept[name], UTC) for name in ("since", "seen"))
    if now - seen > IDLE or now - since > LONGEST:
        leave(request)
        return None
    if is_protected(Case.objects.filter(ref=kept["case"]).first()):
        leave(request)
        return None
    request.session[_KEY] = kept | {"seen": now.timestamp()}
    return Visitor(case=kept["case"], level=Level(kept["level"]), since=since)


def admit(request: HttpRequest, case: Case, level: Level) -> None:
    """Let the person in to this case at this level, in a new session. Who was in to another case, or
    signed in to work here, is that no more."""
    before = visitor(request)
    now = timezone.now()
    same = before is not None and before.case == case.ref
    since = before.since if before is not None and same else now
    risen = max(level, before.level) if before is not None and same else level
    logout(request)
    request.session[_KEY] = {
        "case": case.ref,
        "level": int(risen),
        "since": since.timestamp(),
        "seen": now.timestamp(),
    }
    rotate_token(request)


def leave(request: HttpRequest) -> None:
    """Forget who was looking, with all that the session held; one who works here stays signed in."""
    if _works_here(request):
        request.session.pop(_KEY, None)
    else:
        request.session.flush()


def _works_here(request: HttpRequest) -> bool:
    handler = getattr(request, "user", None)
    return bool(handler is not None and handler.is_authenticated)

"""What the pages at the door share: an open house or plain words that it is shut, one answer for known and
unknown, and nothing that is kept by anybody's cache."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from lofte.errors import LofteError
from lofte.requests.door.knock import TooOften

_log = logging.getLogger("lofte.portal")
_KEY = "door"
_NUMBER = re.compile("[0-9]{4}-[0-9]{6}")
View = Callable[..., HttpResponseBase]


def at_the_door(view: View) -> View:
    """A page that anybody may open. What cannot be done is said in words, with what to do instead; why is
    in the log, as a kind of error and nothing more."""

    @wraps(view)
    def around(request: HttpRequest, **more: str) -> HttpResponseBase:
        try:
            answer = view(request, **more)
        except TooOften:
            answer = render(request, "portal/too_often.html", status=429)
            answer["Retry-After"] = "3600"
        except LofteError as error:
            _log.error("%s: %s", view.__name__, type(error).__name__)
            answer = render(request, "portal/shut.html", status=503)
        answer["Cache-Control"] = "no-store"
        return answer

    return around


def at_work() -> Any:
    """The house, and a way into its systems. Raises Refused, FaultsFound."""
    return settings.LOFTE_AT_WORK()


def waiting(request: HttpRequest) -> dict[str, Any]:
    """What this browser waits for: its claim, and what it asked; empty when it waits for nothing."""
    kept = request.session.get(_KEY)
    return dict(kept) if isinstance(kept, dict) else {}


def wait(request: HttpRequest, **more: Any) -> None:
    """Remember what this browser waits for, in place of what it waited for before. The session gets a new
    key: whoever planted the old one sees nothing of it."""
    request.session.cycle_key()
    request.session[_KEY] = more


def keep(request: HttpRequest, **more: Any) -> None:
    """The same in a session that has just got its key."""
    request.session[_KEY] = more


def is_number(said: str) -> bool:
    """Whether this looks like the number of a request; what does not is asked of no store."""
    return bool(_NUMBER.fullmatch(said))


def new_claim() -> str:
    """What a code is tied to: known to one session, and never shown."""
    return secrets.token_hex(16)

"""The door: every question to the API comes in here, or not at all.

Hard rules:
- A route names the scope that it needs, or that it is signed; there is no other way to make one.
- Only a token in the Authorization header opens. A cookie is not looked at, so no page elsewhere can make
  a browser ask in somebody's name.
- How much is read is bounded before it is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import override
from ninja.decorators import decorate_view
from ninja.security import HttpBearer

from lofte.accounts.scopes import Scope
from lofte.accounts.token import Bearer, bearer
from lofte.api.hooks import source_that_signed
from lofte.api.once import once
from lofte.api.problem import (
    BAD_SIGNATURE,
    MEDIA,
    NO_TOKEN,
    SCOPE,
    TOO_LARGE,
    TOO_MANY,
    Problem,
    of_crash,
    of_error,
)
from lofte.errors import LofteError
from lofte.execution.house import House

LARGEST = 256 * 1024
"""Bytes of a body."""
A_MINUTE = 600
"""Questions of one token."""
View = Callable[..., HttpResponseBase]
Op = TypeVar("Op", bound=Callable[..., Any])
_JSON = re.compile(r"application/json(?:\s*;\s*charset=\"?utf-8\"?)?\s*", re.IGNORECASE)


class Shown(HttpBearer):
    """What the document says of how a program shows who it is. Who it is has been seen at the door."""

    openapi_description = "A token, made with `lofte token add`; it starts with `lofte_`."

    def __call__(self, request: HttpRequest) -> Any:
        """Whoever came in by the door."""
        return getattr(request, "bearer", None)

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Never asked: the door has been passed."""
        return None


def at_work() -> Any:
    """The house, and a way into its systems. Raises Refused, FaultsFound."""
    return settings.LOFTE_AT_WORK()


def house() -> House:
    """The house. Raises Refused, FaultsFound."""
    found: House = at_work().house
    return found


def by(request: HttpRequest) -> str:
    """Who does this, as the ledger names them."""
    shown: Bearer = request.bearer  # type: ignore[attr-defined]
    return shown.ref


def guarded(scope: Scope) -> Callable[[Op], Op]:
    """Only for a token with this scope."""

    def around(run: View) -> View:
        @wraps(run)
        def checked(request: HttpRequest, **more: Any) -> HttpResponseBase:
            insist_readable(request)
            at = house()
            shown = _shown(at, request)
            insist_seldom(f"token/{shown.ref}", at)
            if scope not in shown.scopes:
                raise Problem(
                    SCOPE,
                    f"This needs the scope {scope}, and the token has it not.",
                    mend="Make a token with this scope: `lofte token add`, by a handler who may do it.",
                )
            request.bearer = shown  # type: ignore[attr-defined]
            if request.method in ("POST",):
                return once(at, shown.token, request, lambda: run(request, **more))
            return run(request, **more)

        return told_well(checked)

    return decorate_view(around)


def signed(run: Op) -> Op:
    """Only for a source that has signed what it sends; `source` in the address says which it is."""

    def around(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, **more: Any) -> HttpResponseBase:
            insist_readable(request)
            at = house()
            header = request.headers.get
            source = source_that_signed(
                at,
                str(more.get("source", "")),
                header("webhook-id", ""),
                header("webhook-timestamp", ""),
                header("webhook-signature", ""),
                request.body,
            )
            if source is None:
                raise Problem(
                    BAD_SIGNATURE,
                    "No source of this name signed this just now.",
                    mend="Sign id, moment and body as Standard Webhooks does, with the secret of the source.",
                )
            insist_seldom(f"source/{source.ref}", at)
            request.source = source  # type: ignore[attr-defined]
            return view(request, **more)

        return told_well(checked)

    decorated: Op = decorate_view(around)(run)
    return decorated


def told_well(view: View) -> View:
    """Whatever goes wrong is told as a problem, in English, and the answer is stored nowhere."""

    @wraps(view)
    def told(request: HttpRequest, **more: Any) -> HttpResponseBase:
        with override("en"):
            try:
                answer = view(request, **more)
            except Problem as problem:
                answer = problem.answer()
            except LofteError as error:
                answer = of_error(error).answer()
            except Exception as error:  # the face's last line: no trace goes out
                answer = of_crash(error).answer()
        answer["Cache-Control"] = "no-store"
        return answer

    return told


def insist_readable(request: HttpRequest) -> None:
    """Raises Problem for a body that is too large, or none of JSON."""
    length = request.headers.get("Content-Length") or "0"
    if not length.isascii() or not length.isdigit() or int(length) > LARGEST or len(request.body) > LARGEST:
        raise Problem(
            TOO_LARGE,
            f"The body is larger than {LARGEST // 1024} KiB.",
            mend="Send less; words of a person have at most 20,000 letters.",
        )
    if request.body and not _JSON.fullmatch(request.headers.get("Content-Type", "")):
        raise Problem(
            MEDIA, "The body is not said to be JSON.", mend="Send Content-Type: application/json, in UTF-8."
        )


def insist_seldom(who: str, at: House) -> None:
    """Raises Problem when this one has asked too often in this minute."""
    minute = int(at.now.timestamp()) // 60
    key = f"api/{who}/{minute}"
    cache.add(key, 0, timeout=120)
    try:
        asked = cache.incr(key)
    except ValueError:  # it was pushed out in between
        return
    if asked > A_MINUTE:
        raise Problem(
            TOO_MANY,
            f"More than {A_MINUTE} questions in a minute.",
            mend="Wait until the next minute.",
            headers={"Retry-After": str(60 - int(at.now.timestamp()) % 60)},
        )


def _shown(at: House, request: HttpRequest) -> Bearer:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    shown = bearer(at, token.strip()) if kind.lower() == "bearer" else None
    if shown is None:
        raise Problem(
            NO_TOKEN,
            "No token was shown, or one that does not hold.",
            mend="Send Authorization: Bearer lofte_..., with a token that is neither ended nor out.",
            headers={"WWW-Authenticate": 'Bearer realm="lofte"'},
        )
    return shown

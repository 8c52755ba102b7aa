"""Who may open a page, and what is said when something may not or could not be done."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from lofte.accounts.models import Handler
from lofte.accounts.roles import Permission
from lofte.console.refusals import said
from lofte.errors import LofteError

_log = logging.getLogger("lofte.console")
View = Callable[..., HttpResponseBase]


def allowed(*permissions: Permission) -> Callable[[View], View]:
    """Only for those whose role has one of the permissions; the answer is never stored anywhere."""

    def around(view: View) -> View:
        @wraps(view)
        @login_required
        def checked(request: HttpRequest, **more: str) -> HttpResponseBase:
            if not any(map(handler(request).may, permissions)):
                raise PermissionDenied
            answer = view(request, **more)
            add_never_cache_headers(answer)
            return answer

        checked.permissions = permissions  # type: ignore[attr-defined]
        return checked

    return around


def acting(back: str, *keys: str) -> Callable[[View], View]:
    """What is refused or does not work is said on the page called `back`, whose address takes these keys
    of the view's own, and nothing is done."""

    def around(view: View) -> View:
        @wraps(view)
        def tried(request: HttpRequest, **more: str) -> HttpResponseBase:
            try:
                return view(request, **more)
            except LofteError as error:
                _log.warning("%s: %s", view.__name__, type(error).__name__)
                messages.error(request, said(error))
                return redirect(reverse(f"console:{back}", kwargs={key: more[key] for key in keys}))

        return tried

    return around


def handler(request: HttpRequest) -> Handler:
    """Who is signed in."""
    return cast(Handler, request.user)


def at_work() -> Any:
    """The house, and a way into its systems. Raises Refused, FaultsFound."""
    return settings.LOFTE_AT_WORK()

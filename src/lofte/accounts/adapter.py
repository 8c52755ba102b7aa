"""What we ask of allauth: nobody signs up by themselves."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import get_next_redirect_url
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve, reverse

from lofte.accounts.models import Handler
from lofte.accounts.roles import Permission

_FIRST = (
    (Permission.SEE_REQUESTS, "console:requests"),
    (Permission.SEE_LEDGER, "console:ledger"),
    (Permission.SEE_FIGURES, "console:statistics"),
    (Permission.ADD_HANDLERS, "console:handlers"),
)
"""The first page of each, by what they may do."""


class HouseAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Handlers are added by `create_handler`; the sign-up page is closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The first page that they may open: the requests, the ledger, the figures, those who work here, or
        their own account."""
        return reverse(next((page for needed, page in _FIRST if _may(request, needed)), "mfa_index"))

    def post_login(
        self, request: HttpRequest, user: Handler, *, redirect_url: str | None = None, **more: Any
    ) -> HttpResponseBase:
        """To the page they came for; to their first one, when their role does not open it."""
        wanted = redirect_url or get_next_redirect_url(request)
        if wanted and not _opens(user, wanted):
            redirect_url = self.get_login_redirect_url(request)
        answer: HttpResponseBase = super().post_login(request, user, redirect_url=redirect_url, **more)
        return answer


def _may(request: HttpRequest, needed: Permission) -> bool:
    return bool(request.user.may(needed))  # type: ignore[union-attr]


def _opens(user: Handler, address: str) -> bool:
    """False where the page asks for something that this handler may not do."""
    try:
        view: Any = resolve(urlsplit(address).path).func
    except Resolver404:
        return True
    while view is not None:
        if needed := getattr(view, "permissions", ()):
            return any(map(user.may, needed))
        view = getattr(view, "__wrapped__", None)
    return True

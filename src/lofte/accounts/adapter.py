"""What we ask of allauth: nobody signs up by themselves."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse

from lofte.accounts.roles import Permission


class HouseAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Handlers are added by `create_handler`; the sign-up page is closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The requests; the ledger for those who see no case."""
        may = request.user.may  # type: ignore[union-attr]
        if may(Permission.SEE_LEDGER) and not may(Permission.SEE_REQUESTS):
            return reverse("console:ledger")
        return str(super().get_login_redirect_url(request))

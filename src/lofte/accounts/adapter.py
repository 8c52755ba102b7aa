"""What we ask of allauth: nobody signs up by themselves."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class HouseAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Handlers are added by `create_handler`; the sign-up page is closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

"""All addresses: the portal at the root, the console, the API, and the sign-in of those who work here."""

from typing import NoReturn

from django.http import Http404, HttpRequest
from django.urls import include, path, re_path

from lofte.console.staff import first


def not_here(request: HttpRequest, **parts: str) -> NoReturn:
    """What allauth has and this house has not: no letter is sent, nobody signs up, and an address is
    changed by whoever adds handlers."""
    raise Http404


CLOSED = ("email", "confirm-email", "password/(?:reset|set)", "login/code", "signup", "inactive")
"""Account pages that cannot work here, or that staff must not have."""

urlpatterns = [
    path("", include("lofte.portal.urls")),
    path("", include("lofte.banner.urls")),
    path("console/", include("lofte.console.urls")),
    path("api/v1/", include("lofte.api.urls")),
    re_path(rf"^accounts/(?:{'|'.join(CLOSED)})/", not_here),
    path("accounts/first/", first, name="first"),
    path("accounts/", include("allauth.urls")),
]

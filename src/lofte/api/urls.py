"""The addresses of the API."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, re_path

from lofte.api import (
    acting,
    asking,
    caring,
    consenting,
    deciding,
    document,
    inbound,
    obeying,
    reading,
    telling,
)
from lofte.api.door import told_well
from lofte.api.machine import machine
from lofte.api.problem import METHOD, NOT_THERE, Problem

ROOMS = (acting, asking, caring, consenting, deciding, inbound, obeying, reading, telling)
"""Whose routes are made by being read."""


def _asked_well(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A method that the address does not take is told as every other problem."""

    @wraps(view)
    def asked(request: HttpRequest, **more: Any) -> HttpResponseBase:
        answer = view(request, **more)
        if answer.status_code != METHOD.status:
            return answer
        raise Problem(
            METHOD,
            "This address does not take this method.",
            mend="The header Allow says which it takes.",
            headers={"Allow": answer["Allow"]},
        )

    told = told_well(asked)
    told.csrf_exempt = True  # type: ignore[attr-defined]  # no cookie opens anything here
    return told


def _nothing(request: HttpRequest, **more: Any) -> HttpResponseBase:
    raise Problem(NOT_THERE, "There is no such address.", mend="Look at /api/v1/openapi.json.")


def _all() -> list[URLPattern]:
    found = []
    for each in machine.urls[0]:
        if isinstance(each, URLPattern) and each.name != "api-root":
            each.callback = _asked_well(each.callback)
            found.append(each)
    nothing = told_well(_nothing)
    nothing.csrf_exempt = True  # type: ignore[attr-defined]
    return [
        path("openapi.json", document.openapi, name="openapi"),
        path("docs", document.page, name="docs"),
        *found,
        re_path(r"^.*$", nothing, name="nothing"),
    ]


app_name = "api"
urlpatterns = _all()

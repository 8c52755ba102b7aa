"""Around every question that is put to us: a line in the log, and an end to long sessions."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

_log = logging.getLogger("lofte.access")
Answer = Callable[[HttpRequest], HttpResponseBase]
_BEGAN = "began"


class AccessLog:
    """Method, route, status and time. The route is the pattern, never what was typed into it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, then log."""
        began = time.perf_counter()
        response = self.get_response(request)
        match = getattr(request, "resolver_match", None)
        route = f"/{match.route}" if match else "-"
        took = (time.perf_counter() - began) * 1000
        method = request.method if request.method in {"GET", "HEAD", "POST"} else "OTHER"
        _log.info("%s %s %s %.0f ms", method, route, response.status_code, took)
        return response


class AbsoluteSession:
    """A session ends after its longest time, however busy it has been."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """End what has gone on too long, then answer."""
        began = request.session.get(_BEGAN)
        now = timezone.now().timestamp()
        if began is not None and now - began > settings.LOFTE_SESSION_LONGEST.total_seconds():
            request.session.flush()
        response = self.get_response(request)
        if not request.session.is_empty() and _BEGAN not in request.session:
            request.session[_BEGAN] = now
        return response

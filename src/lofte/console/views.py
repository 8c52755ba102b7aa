"""The pages of the console."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_POST, require_safe

from lofte.accounts.models import Handler
from lofte.accounts.roles import Permission
from lofte.console import pages
from lofte.console.ledger import ledger_page
from lofte.errors import Conflict, LofteError
from lofte.requests.fetch import fetch
from lofte.requests.models import Request
from lofte.requests.roads import State

_log = logging.getLogger("lofte.console")
View = Callable[..., HttpResponseBase]
OPEN = [state.value for state in State if state.open]
ORDERS = {"due": ("due_on", "number"), "-due": ("-due_on", "-number")}


def allowed(permission: Permission) -> Callable[[View], View]:
    """Only for those whose role has the permission; the answer is never stored anywhere."""

    def around(view: View) -> View:
        @wraps(view)
        @login_required
        def checked(request: HttpRequest, **more: str) -> HttpResponseBase:
            if not cast(Handler, request.user).may(permission):
                raise PermissionDenied
            answer = view(request, **more)
            add_never_cache_headers(answer)
            return answer

        return checked

    return around


@require_safe
@allowed(Permission.SEE_REQUESTS)
def request_list(request: HttpRequest) -> HttpResponse:
    """All requests, the most urgent first."""
    open_count = Request.objects.filter(state__in=OPEN).count()
    which = request.GET.get("show") or ("open" if open_count else "all")
    order = request.GET.get("order", "due")
    chosen = Request.objects.order_by(*ORDERS.get(order, ORDERS["due"]))
    if which == "open":
        chosen = chosen.filter(state__in=OPEN)
    today = timezone.localdate()
    lines = [pages.line(each, today) for each in chosen]
    return render(
        request,
        "console/requests.html",
        {
            "here": "requests",
            "lines": lines,
            "which": "open" if which == "open" else "all",
            "order": order if order in ORDERS else "due",
            "open_count": open_count,
            "all_count": Request.objects.count(),
        },
    )


@require_safe
@allowed(Permission.SEE_REQUESTS)
def request_page(request: HttpRequest, number: str) -> HttpResponse:
    """One request: where it stands, what happened, what was found."""
    found = get_object_or_404(Request, number=number)
    handler = cast(Handler, request.user)
    return render(
        request,
        "console/request.html",
        {
            "page": pages.request_page(found, timezone.localdate()),
            "may_fetch": handler.may(Permission.FETCH_PACKAGE),
        },
    )


@require_safe
@allowed(Permission.SEE_LEDGER)
def ledger(request: HttpRequest) -> HttpResponse:
    """What was noted, and whether the chain holds (art. 5.2)."""
    written = request.GET.get("page", "1")
    number = int(written) if written.isascii() and written.isdigit() and len(written) < 10 else 1
    page = ledger_page(number, settings.LOFTE_KEYS().ledger)
    return render(request, "console/ledger.html", {"here": "ledger", "page": page})


@require_POST
@allowed(Permission.FETCH_PACKAGE)
def package(request: HttpRequest, number: str) -> HttpResponseBase:
    """The package itself. By POST: a link that is followed by chance opens nothing."""
    found = get_object_or_404(Request, number=number)
    try:
        content = fetch(found, by=cast(Handler, request.user).ref, at=timezone.now())
    except Conflict as error:
        raise Http404 from error
    except LofteError as error:
        _log.error("package of %s: %s", number, error)
        return render(request, "console/not_handed_out.html", status=503)
    return FileResponse(
        content, as_attachment=True, filename=f"registerutdrag-{number}.zip", content_type="application/zip"
    )

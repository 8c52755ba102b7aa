"""The pages of the console."""

from __future__ import annotations

import logging

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from lofte.accounts.roles import Permission
from lofte.console import pages, standing, words
from lofte.console.allowed import allowed, handler
from lofte.console.casework import letters_of, nexts
from lofte.console.erasing import erasing
from lofte.console.happened import happened
from lofte.console.ledger import ledger_page
from lofte.console.watch import elsewhere
from lofte.errors import Conflict, LofteError
from lofte.law.rights import Right
from lofte.requests.fetch import fetch
from lofte.requests.models import Request
from lofte.requests.roads import State

_log = logging.getLogger("lofte.console")
OPEN = [state.value for state in State if state.open]
ORDERS = {"due": ("due_on", "number"), "-due": ("-due_on", "-number")}


@require_safe
@allowed(Permission.SEE_REQUESTS)
def request_list(request: HttpRequest) -> HttpResponse:
    """All requests, the most urgent first."""
    right = request.GET.get("right", "")
    right = right if right in words.RIGHTS else ""
    every = Request.objects.filter(right=right) if right else Request.objects.all()
    open_count = every.filter(state__in=OPEN).count()
    which = request.GET.get("show") or ("open" if open_count else "all")
    order = request.GET.get("order", "due")
    chosen = every.order_by(*ORDERS.get(order, ORDERS["due"])).prefetch_related("clock_events")
    if which in ("open", "mine"):
        chosen = chosen.filter(state__in=OPEN)
    today, listed = timezone.localdate(), list(chosen)
    face = standing.faces(listed)
    if which == "mine":
        listed = [each for each in listed if _mine(request, each, face[each.pk])]
    lines = [pages.line(each, today, face[each.pk]) for each in listed]
    there = set(Request.objects.order_by().values_list("right", flat=True).distinct()) | {right} - {""}
    return render(
        request,
        "console/requests.html",
        {
            "here": "requests",
            "lines": lines,
            "which": which if which in ("open", "mine") else "all",
            "order": order if order in ORDERS else "due",
            "open_count": open_count,
            "all_count": every.count(),
            "right": right,
            "rights": [(id_, words.right_called(id_)[0]) for id_ in words.RIGHTS if id_ in there],
            "may_upload": handler(request).may(Permission.RECEIVE_REQUEST),
        },
    )


def _mine(request: HttpRequest, each: Request, face: words.Face) -> bool:
    needed = standing.waits_for(each, face)
    return needed is not None and handler(request).may(needed)


@require_safe
@allowed(Permission.SEE_REQUESTS)
def request_page(request: HttpRequest, number: str) -> HttpResponse:
    """One request: where it stands, what happened, what was found."""
    found = get_object_or_404(Request.objects.prefetch_related("clock_events"), number=number)
    who = handler(request)
    erases = found.right == Right.ERASURE
    page = {
        "here": "requests",
        "page": pages.request_page(found, timezone.localdate()),
        "may_fetch": who.may(Permission.FETCH_PACKAGE),
        "may_look": who.may(Permission.FULFIL_REQUEST) or who.may(Permission.APPROVE),
        "may_approve": who.may(Permission.APPROVE),
        "may_carry_out": who.may(Permission.FULFIL_REQUEST),
        "erasing": erasing(found) if erases else None,
        "more": elsewhere(found),
        "moments": happened(found),
        "nexts": nexts(found, who),
        "told": letters_of(found),
    }
    acts = "console/erasure.html" if erases else "console/act.html"
    return render(request, "console/request.html" if found.right in words.PACKAGES else acts, page)


@require_safe
@allowed(Permission.SEE_LEDGER)
def ledger(request: HttpRequest) -> HttpResponse:
    """What was noted, and whether the chain holds (art. 5.2)."""
    written = request.GET.get("page", "1")
    number = int(written) if written.isascii() and written.isdigit() and len(written) < 10 else 1
    opens = handler(request).may(Permission.SEE_REQUESTS)
    page = ledger_page(number, settings.LOFTE_KEYS().ledger, opens=opens)
    return render(request, "console/ledger.html", {"here": "ledger", "page": page})


@require_POST
@allowed(Permission.FETCH_PACKAGE)
def package(request: HttpRequest, number: str) -> HttpResponseBase:
    """The package itself. By POST: a link that is followed by chance opens nothing."""
    found = get_object_or_404(Request, number=number)
    try:
        content = fetch(found, by=handler(request).ref, at=timezone.now())
    except Conflict as error:
        raise Http404 from error
    except LofteError as error:
        _log.error("package of %s: %s", number, error)
        return render(request, "console/not_handed_out.html", status=503)
    return FileResponse(
        content, as_attachment=True, filename=f"registerutdrag-{number}.zip", content_type="application/zip"
    )

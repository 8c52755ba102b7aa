"""The pages of the console."""

from __future__ import annotations

import logging
from dataclasses import replace

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lofte.accounts.roles import Permission
from lofte.console import many, pages, words
from lofte.console.allowed import allowed, at_work, handler
from lofte.console.casework import letters_of
from lofte.console.erasing import erasing
from lofte.console.happened import happened
from lofte.console.ledger import ledger_page
from lofte.console.nexts import marks, nexts
from lofte.console.watch import elsewhere
from lofte.console.working import care
from lofte.console.worklist import wanted, worklist
from lofte.errors import Conflict, LofteError
from lofte.law.rights import Right
from lofte.requests.answer.fetch import fetch
from lofte.requests.course.protected import is_protected
from lofte.requests.door.protected import POSTING
from lofte.requests.models import Request

_log = logging.getLogger("lofte.console")


@require_safe
@allowed(Permission.SEE_REQUESTS)
def request_list(request: HttpRequest) -> HttpResponse:
    """The requests, the most urgent first."""
    who = handler(request)
    page = worklist(wanted(request.GET), who, timezone.localdate())
    return render(
        request,
        "console/requests.html",
        {
            "here": "requests",
            "page": page,
            "turned": replace(page.wanted, order="-due" if page.wanted.order == "due" else "due").query,
            "caption": _("Requests, by their last day"),
            "may_receive": who.may(Permission.RECEIVE_REQUEST),
            "acts": many.acts_of(who),
        },
    )


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
        "care": care(found, who),
        "nexts": nexts(found, who),
        "marks": marks(found),
        "may_protect": who.may(Permission.IDENTIFY_SUBJECT) and found.case_id and found.key,
        "is_protected": is_protected(found.case_id),
        "posting": POSTING.say(get_language() or "sv"),
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
        content = fetch(at_work().house, found, by=handler(request).ref)
    except Conflict as error:
        raise Http404 from error
    except LofteError as error:
        _log.error("package of %s: %s", number, error)
        return render(request, "console/not_handed_out.html", status=503)
    return FileResponse(
        content, as_attachment=True, filename=f"registerutdrag-{number}.zip", content_type="application/zip"
    )

"""Receipts of what the person did in the portal: read on a page, and as a file of their own."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from lofte.law.rights import Right
from lofte.ledger.kinds import Kind
from lofte.portal.doorway import at_the_door
from lofte.portal.visitor import visitor
from lofte.requests.door.receipts import as_json, receipts
from lofte.requests.models import Case

DID: Mapping[Kind, str | Promise] = {
    Kind.REQUEST_RECEIVED: _("You asked"),
    Kind.REQUEST_WITHDRAWN: _("You took it back"),
    Kind.CODE_PASSED: _("You entered a code"),
    Kind.REQUEST_GRANTED: _("It was done"),
    Kind.PACKAGE_FETCHED: _("You fetched the answer"),
    Kind.OWN_DATA_SHOWN: _("You looked at what we have about you"),
}


@require_safe
@at_the_door
def receipts_page(request: HttpRequest) -> HttpResponse:
    """What the person has done in this case, each with its place in the ledger."""
    who = visitor(request)
    if who is None:
        return redirect("portal:mine")
    language = "en" if get_language() == "en" else "sv"
    lines = [
        {"receipt": each, "what": DID[each.what], "right": Right(each.right).name_in(language)}
        for each in receipts(Case.objects.get(ref=who.case))
    ]
    return render(request, "portal/receipts.html", {"lines": lines, "here": "mine"})


@require_safe
@at_the_door
def receipt_file(request: HttpRequest, entry: int) -> HttpResponse:
    """One receipt as JSON; nobody is named in it, nor in the name of the file."""
    who = visitor(request)
    if who is None:
        return redirect("portal:mine")
    case = Case.objects.get(ref=who.case)
    found = next((each for each in receipts(case) if each.entry == entry), None)
    if found is None:
        raise Http404
    answer = JsonResponse(as_json(case, found), json_dumps_params={"indent": 2})
    answer["Content-Disposition"] = f'attachment; filename="{found.file}"'
    return answer

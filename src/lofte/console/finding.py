"""Finding a request by its number, or those of a person by what they are known by.

What is typed is looked up by its keyed digest, by POST: it stands in no address, log or page. That somebody
looked for a person stands in the ledger.
"""

from __future__ import annotations

import re

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lofte.accounts.roles import Permission
from lofte.console import case_forms, pages, standing
from lofte.console.allowed import acting, allowed, at_work, handler
from lofte.datamap.identity import read
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.fault import Fault, Place
from lofte.ledger.kinds import Kind
from lofte.requests import sealing
from lofte.requests.models import Request

MOST = 200
_WHOLE = re.compile(r"(20\d\d)[-–/ ](\d{1,6})")
_BARE = re.compile(r"(20\d\d)(\d{6})")
"""A number without its sign; it may be a personnummer as well."""
_END = re.compile(r"\d{1,6}")


@require_POST
@allowed(Permission.SEE_REQUESTS)
@acting("requests")
def find(request: HttpRequest) -> HttpResponseBase:
    """To the request with this number, or the list of those that hold this identity."""
    typed = request.POST.get("words", "").strip()[:320]
    number = _number(typed)
    if number:
        return redirect("console:request", number=number)
    who = handler(request)
    if _WHOLE.fullmatch(typed) or not typed:
        messages.error(request, _("There is no request with this number."))
        return redirect("console:requests")
    if not (who.may(Permission.IDENTIFY_SUBJECT) or who.may(Permission.FULFIL_REQUEST)):
        messages.error(request, _("There is no request with this number. Your role looks for no persons."))
        return redirect("console:requests")
    kinds, found = _of_person(at_work().house, typed, by=who.ref)
    face = standing.faces(found)
    lines = [pages.line(each, timezone.localdate(), face[each.pk]) for each in found]
    page = {"here": "requests", "lines": lines, "kinds": kinds, "most": MOST if len(found) == MOST else 0}
    return render(request, "console/found.html", page)


def _number(typed: str) -> str:
    """The number of a request that is there: as it is written, or the end of the newest such."""
    if whole := _WHOLE.fullmatch(typed) or _BARE.fullmatch(typed):
        there = Request.objects.filter(number=f"{whole[1]}-{int(whole[2]):06}")
    elif _END.fullmatch(typed):
        there = Request.objects.filter(number__endswith=f"-{int(typed):06}")
    else:
        return ""
    return there.order_by("-number").values_list("number", flat=True).first() or ""


def _of_person(house: House, typed: str, *, by: str) -> tuple[int, list[Request]]:
    """By how many kinds of identity it could be read, and the requests that hold one of them, newest
    first. That it was looked for is noted before anything is shown."""
    readings = (read(kind, typed, house.today, Place(path="")) for kind in case_forms.Receive.KINDS)
    known = [each for each in readings if not isinstance(each, Fault)]
    lookups = [sealing.lookup(house.keys.lookup, each) for each in known]
    holds = Q(identifiers__lookup__in=lookups) | Q(deferred_identities__lookup__in=lookups)
    wanted = Request.objects.filter(holds).distinct().order_by("-received_at", "-id")
    found = list(wanted.prefetch_related("clock_events")[:MOST])
    with recorded(house):
        note(
            Kind.PERSON_LOOKED_FOR,
            by,
            {"kinds": len(known), "found": len(found)},
            at=house.now,
            policy_version=house.policy_version,
        )
    return len(known), found

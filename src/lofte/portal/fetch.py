"""The person fetches their answer: a page that tells about it, and the answer itself by POST alone.

Whoever looks must have shown who they are, in this case. Reading the page, however often and by whatever
program, uses nothing up; a number that is not theirs leads where no number leads.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST

from lofte.errors import Conflict, LofteError, NotIdentified
from lofte.law.rights import Right
from lofte.plan.delicate import Delicate
from lofte.portal import eid
from lofte.portal.doorway import at_the_door, at_work, is_number
from lofte.portal.visitor import Visitor, visitor
from lofte.requests.answer.fetch import TIMES, fetch_own, waiting
from lofte.requests.answer.reissue import reissue
from lofte.requests.door.identify import NEEDED, Level
from lofte.requests.door.level import delicate_in
from lofte.requests.models import PackageRecord, Request

_log = logging.getLogger("lofte.portal")
FILE = {Right.ACCESS.value: "registerutdrag", Right.PORTABILITY.value: "mina-uppgifter"}
SANDBOX = "default-src 'none'; sandbox"
WHY: Mapping[Delicate, str | Promise] = {
    Delicate.SPECIAL: lazy("data about health or the like"),
    Delicate.NATIONAL_ID: lazy("personal identity numbers"),
    Delicate.PAYMENT: lazy("payments and accounts"),
    Delicate.WORDS: lazy("messages or files, where anything may stand"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_door
def own(request: HttpRequest, number: str) -> HttpResponseBase:
    """What waits for the person; by POST, the answer itself."""
    who = visitor(request)
    found = _theirs(who, number)
    if who is None or found is None:
        return redirect("portal:mine")
    if request.method != "POST":
        return _page(request, found, who)
    try:
        content, package = fetch_own(at_work().house, found, level=who.level)
    except NotIdentified:
        return _page(request, found, who, status=403)
    except Conflict:
        return _page(request, found, who, status=409)
    except LofteError as error:
        _log.error("answer of %s: %s", found.number, type(error).__name__)
        return _page(request, found, who, status=503, failed=True)
    return _given(found, package, content)


@require_POST
@at_the_door
def anew(request: HttpRequest, number: str) -> HttpResponseBase:
    """The answer was not fetched in time: it is made again."""
    who = visitor(request)
    found = _theirs(who, number)
    if who is None or found is None:
        return redirect("portal:mine")
    if who.level < NEEDED[Right(found.right)]:
        return _page(request, found, who, status=403)
    try:
        reissue(at_work().house, found)
    except Conflict:
        return redirect("portal:mine")
    except LofteError as error:
        _log.error("answer of %s anew: %s", found.number, type(error).__name__)
        return _page(request, found, who, status=503, failed=True)
    return redirect("portal:mine")


def _theirs(who: Visitor | None, number: str) -> Request | None:
    """The request, when it is in the case that they are in to."""
    if who is None or not is_number(number):
        return None
    return Request.objects.filter(case__ref=who.case, number=number, right__in=FILE).first()


def _page(
    request: HttpRequest, found: Request, who: Visitor, *, status: int = 200, failed: bool = False
) -> HttpResponse:
    there = waiting(found, at_work().house.now)
    missing = there is not None and who.level < there.level
    failed = failed or (status == 409 and there is not None and not there.over)
    page = {
        "here": "mine",
        "number": found.number,
        "there": there,
        "times": TIMES,
        "failed": failed,
        "missing": missing,
        "proven": there is not None and there.level is Level.PROVEN,
        "why": _why(found) if missing else (),
        "sign_in": f"{reverse('portal:sign-in')}?fetch={found.number}" if missing and eid.offered() else "",
        "again": bool(found.key) and who.level >= NEEDED[Right(found.right)],
    }
    return render(request, "portal/fetch.html", page, status=status)


def _why(found: Request) -> list[str]:
    """Why more proof is asked, in words."""
    try:
        reasons = delicate_in(at_work().house, found.findings.all())
    except LofteError:
        return []
    return [str(words) for each, words in WHY.items() if each in reasons]


def _given(found: Request, package: PackageRecord, content: object) -> FileResponse:
    answer = FileResponse(
        content,
        as_attachment=True,
        filename=f"{FILE[found.right]}-{found.number}.zip",
        content_type="application/zip",
    )
    answer["Content-Length"] = str(package.size)
    answer["Content-Security-Policy"] = SANDBOX
    return answer

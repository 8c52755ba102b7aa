"""The plain page about cookies: what is used, what was chosen, and a form to change it without scripts."""

from __future__ import annotations

import json
import uuid
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lofte.banner.asked import asked
from lofte.consent.ingest.desk import record
from lofte.consent.ingest.wire import Unfit, Why
from lofte.policy.cookies import Shown
from lofte.policy.cookies.choice import Kept, kept, message
from lofte.policy.document import Policy
from lofte.policy.notice import notice
from lofte.policy.notice.records import Table


# No token: it would be a cookie before any choice. The form's origin is judged instead.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def cookies(request: HttpRequest) -> HttpResponse:
    """Which cookies there are, and what the visitor chose (LEK 9 kap. 28 §; art. 7.3)."""
    language = "en" if get_language() == "en" else "sv"
    policy, told = asked(language)
    before = kept(request.COOKIES.get(told.body["name"], ""), told)
    if request.method == "POST":
        return _choose(request, policy, told, before)
    return _page(request, policy, told, before)


def _page(
    request: HttpRequest,
    policy: Policy,
    told: Shown,
    before: Kept | None,
    *,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    gpc = request.headers.get("Sec-GPC") == "1"
    stands = before if before and before.counts(told, timezone.now(), gpc=gpc) else None
    table = _table(policy, told)
    answer = render(
        request,
        "banner/cookies.html",
        {
            "purposes": told.body["purposes"],
            "texts": told.body["texts"],
            "allowed": stands.vendors if stands else frozenset(),
            "chosen": stands,
            "gpc": gpc,
            "trouble": trouble,
            "company": policy.controller.trade_name or policy.controller.legal_name or "",
            "table": table,
            "rows": [(r.cells[0], list(zip(table.head[1:], r.cells[1:], strict=True))) for r in table.rows]
            if table
            else [],
        },
        status=status,
    )
    answer["Cache-Control"] = "no-store"
    return answer


def _table(policy: Policy, told: Shown) -> Table | None:
    """The table of the notice: the same words in both places."""
    found = (
        line for s in notice(policy, told.language).sections if s.id == "cookies" for line in s.sentences
    )
    return next((line for line in found if isinstance(line, Table)), None)


def _choose(request: HttpRequest, policy: Policy, told: Shown, before: Kept | None) -> HttpResponse:
    if not _own_form(request):
        return _page(request, policy, told, before, trouble="origin", status=403)
    answer = request.POST.get("answer", "save")
    if answer == "accept":
        yes = set(told.vendors)
    elif answer == "reject":
        yes = set()
    else:
        yes = set(request.POST.getlist("vendor")) & set(told.vendors)
    try:
        cookie = _recorded(request, told, before, yes)
    except Unfit:
        return _page(request, policy, told, before, trouble="store", status=503)
    done = redirect(reverse("banner:cookies"))
    done.cookies.load(cookie)
    return done


def _recorded(request: HttpRequest, told: Shown, before: Kept | None, yes: set[str]) -> str:
    """Record it as the banner's own choices are recorded; returns the cookie. Raises Unfit."""
    said = message(
        told,
        yes,
        before=before,
        event=str(uuid.uuid4()),
        at=timezone.now(),
        path=request.path,
        gpc=request.headers.get("Sec-GPC") == "1",
    )
    house = settings.LOFTE_AT_WORK().house
    secure = bool(settings.LOFTE_SECURE)
    try:
        _, cookie = record(house, json.dumps(said).encode(), secure=secure)
    except Unfit as unfit:
        if unfit.why is not Why.ID:
            raise
        # The id was signed with keys that are no more: begin with a new one.
        _, cookie = record(house, json.dumps({**said, "id": None, "seq": 1}).encode(), secure=secure)
    return cookie


def _own_form(request: HttpRequest) -> bool:
    """Whether the form was sent from this very host."""
    sent = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(sent).netloc == request.get_host()

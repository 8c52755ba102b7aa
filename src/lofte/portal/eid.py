"""The pages of the sign-in with e-ID.

Hard rules:
- Who comes back gets a session of its own, empty and with a new key, and holds nothing of the one before.
- What the broker vouched for lies sealed in the session, for a quarter of an hour.
- Is the broker down, or wrongly set up, it is said plainly, and the other ways stay open.
"""

from __future__ import annotations

import base64
import logging
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from lofte.datamap.identity import Identity
from lofte.errors import LofteError, NotIdentified
from lofte.execution.store import writing
from lofte.portal import oidc
from lofte.portal.broker import CALLBACK, Broker, broker, configured
from lofte.portal.doorway import at_the_door, is_number, new_claim
from lofte.portal.limits import network_of
from lofte.portal.visitor import Visitor, admit, visitor
from lofte.requests import sealing
from lofte.requests.door.knock import What, knocked
from lofte.requests.door.signed_in import cases_of, enter, may_be_chosen
from lofte.requests.models import Case, Request

_log = logging.getLogger("lofte.portal")
_BEGUN, _SHOWN, _BOUND = "sign-in", "signed-in", "sign-in"
LIVES = timedelta(minutes=15)


def offered() -> bool:
    """Whether a button for it is to be shown."""
    return configured(_workspace())


def name() -> str:
    """What the broker is called, in the reader's language; empty when there is none, or it has faults."""
    try:
        return _broker().name.say(_language())
    except LofteError:
        return ""


def shown(request: HttpRequest) -> tuple[Identity, ...]:
    """What whoever looks has shown by e-ID a short while ago; empty = nothing."""
    kept = request.session.get(_SHOWN)
    if kept is None or not 0 <= timezone.now().timestamp() - kept["at"] <= LIVES.total_seconds():
        return ()
    key = settings.LOFTE_KEYS().wrapping
    try:
        return tuple(sealing.unseal(key, base64.b64decode(s), kind, _BOUND) for kind, s in kept["sealed"])
    except LofteError:
        return ()


@never_cache
@require_GET
@at_the_door
def begin(request: HttpRequest) -> HttpResponseBase:
    """Off to the broker; how often one network goes there is bounded, as at the other doors."""
    now, who = timezone.now(), visitor(request)
    if offered():
        with writing():
            house = settings.LOFTE_AT_WORK().house
            knocked(house, What.SIGN_IN, network=network_of(request), claim=new_claim())
    try:
        address, begun = oidc.begin(_broker(), _back(), _language(), now)
    except LofteError as error:
        return _not_now(request, error)
    request.session[_BEGUN] = {
        "begun": begun.kept(),
        "case": who.case if who else "",
        "fetch": _wanted(who, request.GET.get("fetch", "")),
    }
    return redirect(address)


@never_cache
@require_GET
def back(request: HttpRequest) -> HttpResponseBase:
    """Back from the broker. What was begun is over, whatever the answer says."""
    kept = request.session.pop(_BEGUN, None)
    if kept is None:
        return _refused(request)
    answer = {key: request.GET[key] for key in ("code", "state", "iss", "error") if key in request.GET}
    try:
        found = oidc.end(_broker(), _back(), oidc.Begun(**kept["begun"]), answer, timezone.now())
    except NotIdentified as error:
        _log.warning("sign-in: %s", error)
        return _refused(request)
    except LofteError as error:
        return _not_now(request, error)
    logout(request)
    rotate_token(request)
    _remember(request, found)
    case = Case.objects.filter(ref=kept["case"]).first() if kept["case"] else None
    if case is not None:
        return _in(request, case, found, kept["fetch"])
    if _to_choose(found):
        return redirect("portal:signed-in")
    return redirect("portal:ask")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cases(request: HttpRequest) -> HttpResponseBase:
    """The cases of whoever has signed in. Which of them goes on, they say themselves."""
    found = shown(request)
    if not found:
        return redirect("portal:mine")
    there = _to_choose(found)
    if request.method == "POST":
        chosen = next((each for each in there if each.ref == request.POST.get("case", "")), None)
        if chosen is not None:
            return _in(request, chosen, found, "")
    lines = [
        {"ref": case.ref, "received": case.received_at, "items": list(case.items.order_by("id"))}
        for case in there
    ]
    return render(request, "portal/signed_in.html", {"lines": lines})


def _to_choose(found: tuple[Identity, ...]) -> list[Case]:
    there = cases_of(settings.LOFTE_AT_WORK().house, found)
    return [case for case in there if may_be_chosen(case)]


def go_on(request: HttpRequest, case: Case) -> None:
    """Somebody has asked while signed in with e-ID: let it go on at once, as far as that proves it."""
    found = shown(request)
    if found:
        _enter(request, case, found)


def _wanted(who: Visitor | None, number: str) -> str:
    """The number, when it is of the case that they are in to."""
    if who is None or not is_number(number):
        return ""
    return number if Request.objects.filter(case__ref=who.case, number=number).exists() else ""


def _in(request: HttpRequest, case: Case, found: tuple[Identity, ...], fetch: str) -> HttpResponseBase:
    """In to the case; or a page that says why not."""
    entered = _enter(request, case, found)
    if entered == "closed":
        return render(request, "portal/by_letter.html")
    if entered == "waits":
        return render(request, "portal/sign_in.html", {"why": entered, "inside": True})
    if entered:
        status = 403 if entered == "elsewhere" else 503
        return render(request, "portal/sign_in.html", {"why": entered}, status=status)
    return redirect("portal:fetch", number=fetch) if fetch else redirect("portal:mine")


def _enter(request: HttpRequest, case: Case, found: tuple[Identity, ...]) -> str:
    """Empty when the person is in and all goes on; else what is to be told."""
    work = settings.LOFTE_AT_WORK()
    try:
        entered = enter(work.house, case, found, work.connect)
    except LofteError as error:
        _log.warning("sign-in: %s", type(error).__name__)
        return "later"
    if not entered.theirs:
        return "elsewhere"
    if not entered.opens:
        return "closed"
    admit(request, case, entered.level)
    _remember(request, found)
    return "waits" if entered.waits else ""


def _remember(request: HttpRequest, found: tuple[Identity, ...]) -> None:
    key = settings.LOFTE_KEYS().wrapping
    sealed = [[i.kind, base64.b64encode(sealing.seal(key, i, _BOUND)).decode()] for i in found]
    request.session[_SHOWN] = {"sealed": sealed, "at": timezone.now().timestamp()}


def _refused(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/sign_in.html", {"why": "refused"}, status=403)


def _not_now(request: HttpRequest, error: LofteError) -> HttpResponse:
    _log.error("sign-in: %s", error)
    return render(request, "portal/sign_in.html", {"why": "down"}, status=503)


def _broker() -> Broker:
    return broker(_workspace())


def _workspace() -> Path:
    return Path(settings.LOFTE_WORKSPACE)


def _back() -> str:
    return settings.LOFTE_URL.rstrip("/") + CALLBACK


def _language() -> str:
    return "en" if get_language() == "en" else "sv"

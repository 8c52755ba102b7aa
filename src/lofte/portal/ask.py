"""Asking for something, without an account and without a script (art. 12.2, 12.3).

Whether somebody is known is not looked for while they wait: the page is the same, made by the same work.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lofte.datamap.identity import Identity
from lofte.errors import NotIdentified
from lofte.execution.house import House
from lofte.portal import eid
from lofte.portal.doorway import at_the_door, at_work, new_claim, wait, waiting
from lofte.portal.far import kinds
from lofte.portal.forms import Ask
from lofte.portal.limits import network_of
from lofte.portal.rights_words import Choice, choices
from lofte.requests.door.at_the_door import Wish, ask, needs_proof
from lofte.requests.models import Case

_ONCE = timedelta(minutes=10)
"""Within this, the same form from the same browser is a finger that slipped."""


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_door
def ask_page(request: HttpRequest) -> HttpResponse:
    """The form, and what was wrong in it."""
    house = at_work().house
    form = Ask(request.POST if request.method == "POST" else None, house=house)
    if request.method == "POST" and form.is_valid():
        if _is_the_same(request, form):
            return redirect("portal:asked")
        signed_in = () if form.for_whom else eid.shown(request)
        wish = _wish(form, signed_in)
        claim = new_claim()
        try:
            case = ask(house, wish, network=network_of(request), claim=claim)
        except NotIdentified:
            form.add_error("email", _("This is an address of ours, and says nothing of who you are."))
        else:
            if signed_in and not wish.protected:
                eid.go_on(request, case)
            _remember(request, form, case, wish, claim)
            return redirect("portal:asked")
    return _form(request, house, form)


@require_safe
@at_the_door
def asked_page(request: HttpRequest) -> HttpResponse:
    """What was taken in, by when it is answered, and what happens next."""
    kept = waiting(request)
    if "numbers" not in kept:
        return redirect("portal:ask")
    shown: dict[str, Any] = {
        "numbers": kept["numbers"],
        "due": date.fromisoformat(kept["due"]),
        "proof": kept["proof"],
        "protected": kept.get("protected", False),
        "here": "ask",
    }
    return render(request, "portal/asked.html", shown)


def _form(request: HttpRequest, house: House, form: Ask) -> HttpResponse:
    chosen = tuple(form.data.getlist("rights")) if form.is_bound else ()  # type: ignore[attr-defined]
    return render(
        request,
        "portal/ask.html",
        {
            "form": form,
            "choices": [_with_kinds(house, form, each) for each in choices(house.policy, chosen)],
            "wrong": [form[name] for name in form.errors if name != "__all__"],
            "company": house.policy.controller.trade_name or house.policy.controller.legal_name or "",
            "here": "ask",
            "signed_in": bool(eid.shown(request)),
            "sign_in": eid.name(),
        },
    )


def _with_kinds(house: House, form: Ask, choice: Choice) -> Choice:
    """The right, with the kinds of data that it may be limited to."""
    part = form.parts.get(choice.right)
    if part is None:
        return choice
    picked = form.data.getlist(part) if form.is_bound else ()  # type: ignore[attr-defined]
    return replace(choice, kinds=kinds(house, picked))


def _wish(form: Ask, signed_in: tuple[Identity, ...]) -> Wish:
    return Wish(
        rights=form.items,
        identities=tuple(dict.fromkeys((*form.identities, *signed_in))),
        address=form.address,
        language="en" if get_language() == "en" else "sv",
        words=form.cleaned_data["words"],
        agent=form.for_whom,
        protected=form.cleaned_data["protected"],
    )


def _remember(request: HttpRequest, form: Ask, case: Case, wish: Wish, claim: str) -> None:
    """For this browser alone, in its session."""
    numbers = [{"number": each.number, "right": each.right} for each in case.items.order_by("id")]
    wait(
        request,
        claim=claim,
        numbers=numbers,
        due=min(each.due_on for each in case.items.all()).isoformat(),
        proof=needs_proof(wish.rights),
        protected=wish.protected,
        asked=_digest(form),
        at=timezone.now().timestamp(),
    )


def _is_the_same(request: HttpRequest, form: Ask) -> bool:
    kept = waiting(request)
    lately = timezone.now().timestamp() - kept.get("at", 0) < _ONCE.total_seconds()
    return lately and kept.get("asked") == _digest(form)


def _digest(form: Ask) -> str:
    """Of what was written, keyed: the session holds nothing of it."""
    said = json.dumps(form.cleaned_data, sort_keys=True, default=str)
    return salted_hmac("lofte.portal.ask", said, algorithm="sha256").hexdigest()

"""Showing who one is: number and address, a code, and in (art. 12.6).

Number and address open nothing: the answer is the same whether they fit or not, and a code goes only to
what we had before.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lofte.portal import doorway, eid
from lofte.portal.doorway import at_the_door, at_work, new_claim, waiting
from lofte.portal.forms import Code, Mine
from lofte.portal.limits import network_of
from lofte.portal.visitor import admit, leave, visitor
from lofte.requests.door.at_the_door import wish_for_code
from lofte.requests.door.challenge import LIVES, Entered, enter


def knock(request: HttpRequest) -> HttpResponse:
    """Number and address: wish for a code. The page is the same whatever they fit."""
    house = at_work().house
    form = Mine(request.POST if request.method == "POST" else None, house=house)
    if request.method == "POST" and form.is_valid():
        given, claim = form.cleaned_data, new_claim()
        wish_for_code(
            house,
            number=given["number"].strip(),
            address=given["email"],
            network=network_of(request),
            claim=claim,
        )
        doorway.wait(request, claim=claim)
        return redirect("portal:code")
    wrong = [form[name] for name in form.errors if name != "__all__"]
    shown = {"form": form, "wrong": wrong, "here": "mine", "sign_in": eid.name()}
    return render(request, "portal/knock.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_door
def code_page(request: HttpRequest) -> HttpResponse:
    """Enter a code, where it was asked for."""
    claim = waiting(request).get("claim", "")
    if not claim:
        return redirect("portal:mine")
    form = Code(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        entered = enter(
            at_work().house, claim=claim, code=form.cleaned_data["code"], network=network_of(request)
        )
        if entered is not None:
            return _in(request, entered, claim)
        form.add_error("code", _("That code does not fit, or its time is out. Look at the last one you got."))
    shown = {"form": form, "minutes": LIVES.seconds // 60, "here": "mine", "inside": visitor(request)}
    return render(request, "portal/code.html", shown)


@require_POST
@at_the_door
def leave_page(request: HttpRequest) -> HttpResponse:
    """Go out; nothing of the case is left in this browser."""
    leave(request)
    return redirect("portal:mine")


def _in(request: HttpRequest, entered: Entered, claim: str) -> HttpResponse:
    """The person is in, in a session of its own, and may prove more in it; or all is noted, and what comes
    of it is told by letter."""
    if not entered.opens:
        leave(request)
        return render(request, "portal/by_letter.html", {"here": "mine"})
    admit(request, entered.case, entered.level)
    doorway.keep(request, claim=claim)
    return redirect("portal:mine")

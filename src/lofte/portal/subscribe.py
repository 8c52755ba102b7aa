"""Asking to be told of new versions by e-mail, saying yes from the mailbox, and saying stop by one click."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lofte.execution.store import writing
from lofte.mail.post import recipient_digest
from lofte.notices import subscribe
from lofte.portal.doorway import at_the_door, at_work, new_claim
from lofte.portal.limits import network_of
from lofte.requests.door.knock import What, knocked


class Subscribe(forms.Form):
    """An address."""

    email = forms.CharField(
        label=lazy("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": lazy("Write your e-mail address.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_door
def ask_page(request: HttpRequest) -> HttpResponse:
    """Where one writes an address; what is answered is the same for all."""
    form = Subscribe(request.POST or None)
    if request.method == "POST" and form.is_valid():
        house, written = at_work().house, form.cleaned_data["email"]
        with writing():
            address = recipient_digest(house, written)
            network = network_of(request)
            knocked(house, What.ASK, network=network, claim=new_claim(), address=address)
        if subscribe.ask(house, written, "en" if get_language() == "en" else "sv"):
            return _page(request, "asked")
        form.add_error("email", str(lazy("This is no e-mail address. Write it as name@example.se.")))
    return _page(request, "ask", form=form, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_door
def confirm_page(request: HttpRequest, token: str) -> HttpResponse:
    """Yes, from the mailbox itself: by a button, since programs that read mail follow links."""
    house = at_work().house
    if request.method == "POST":
        return _page(request, "confirmed" if subscribe.confirm(house, token) else "gone")
    known = subscribe.known_by(house, token) is not None
    return _page(request, "confirm" if known else "gone")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_door
def stop_page(request: HttpRequest, token: str) -> HttpResponse:
    """No more. What posts here may be a program for mail, that knows no form of ours (RFC 8058)."""
    house = at_work().house
    if request.method == "POST":
        subscribe.stop(house, token)
        return _page(request, "stopped")
    known = subscribe.known_by(house, token) is not None
    return _page(request, "stop" if known else "stopped")


def _page(
    request: HttpRequest, stage: str, *, form: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    answer = render(request, "portal/subscribe.html", {"stage": stage, "form": form}, status=status)
    answer["Referrer-Policy"] = "no-referrer"
    return answer

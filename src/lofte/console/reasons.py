"""Asking why, before what is hidden of a request is shown, where the policy wants it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as lazy

from lofte.console.allowed import View, at_work, handler
from lofte.console.forms import WORDS
from lofte.requests.course import look
from lofte.requests.models import Request

_USUAL = (
    ("answer", lazy("I work on the answer")),
    ("who", lazy("I find out who is asking")),
    ("question", lazy("The person has asked about the case")),
    ("check", lazy("I check what another has done")),
    ("other", lazy("Something else: write it below")),
)


class Why(forms.Form):
    """Why somebody looks."""

    why_look = forms.ChoiceField(label=lazy("Why do you look?"), widget=forms.RadioSelect, choices=_USUAL)
    more_look = forms.CharField(
        label=lazy("In your words"),
        help_text=lazy("Needed when it is something else. Kept sealed with the request."),
        max_length=look.LONGEST - 100,
        required=False,
        widget=WORDS,
    )

    def clean(self) -> dict[str, str] | None:
        """Something else is told in words."""
        cleaned = super().clean() or {}
        if cleaned.get("why_look") == "other" and not cleaned.get("more_look"):
            self.add_error("more_look", str(lazy("Write why.")))
        return cleaned

    @property
    def reason(self) -> str:
        """The reason as it is kept."""
        given = self.cleaned_data
        return f"{given['why_look']}: {given['more_look']}".removesuffix(": ")


def reasoned(what: str) -> Callable[[View], View]:
    """The view is shown when a reason is kept for `what`; else a page asks for it, and goes on to the view
    with what was sent to it. Beneath `allowed` and `acting`, on a view that is posted to by `number`."""

    def around(view: View) -> View:
        @wraps(view)
        def asked(request: HttpRequest, number: str) -> HttpResponseBase:
            found, house = get_object_or_404(Request, number=number), at_work().house
            by = handler(request).ref
            if not look.asks(house, found, what, by=by):
                return view(request, number=number)
            form = Why(request.POST if "asked_why" in request.POST else None)
            if form.is_bound and form.is_valid():
                look.because(house, found, what, form.reason, by=by)
                return view(request, number=number)
            sent = [
                (key, value)
                for key, values in request.POST.lists()
                if key not in ("csrfmiddlewaretoken", "asked_why", *form.fields)
                for value in values
            ]
            back = reverse("console:request", args=[number])
            page = {"here": "requests", "number": number, "form": form, "sent": sent, "back": back}
            return render(request, "console/why.html", page)

        return asked

    return around

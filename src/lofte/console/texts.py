"""Texts of one's own for letters: written, changed, taken out of use, and put into what is written."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lofte.accounts.roles import Permission
from lofte.console import words
from lofte.console.allowed import acting, allowed, at_work, handler
from lofte.console.refusals import said
from lofte.errors import LofteError
from lofte.requests.course import worded
from lofte.requests.course.worded import Worded
from lofte.requests.models import Request

FIELD = "why"
"""The field that a text is put into, of each form that takes one."""


class Text(forms.Form):
    """A text."""

    name = forms.CharField(
        label=lazy("Name"), help_text=lazy("As you find it by."), max_length=worded.LONGEST_NAME
    )
    language = forms.ChoiceField(label=lazy("Language"), choices=list(words.LANGUAGES.items()))
    text = forms.CharField(
        label=lazy("The text"),
        help_text=lazy(
            "{number}, {due_on}, {right} and {company} are filled in where it is used. No names, addresses "
            "or numbers of people."
        ),
        max_length=worded.LONGEST,
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    after = forms.IntegerField(widget=forms.HiddenInput, initial=0)


@require_safe
@allowed(Permission.WORK_ON_REQUESTS)
@acting("requests")
def page(request: HttpRequest) -> HttpResponseBase:
    """The texts in use."""
    lines = [(each, words.called(words.LANGUAGES, each.language)) for each in worded.in_use()]
    return render(request, "console/texts.html", {"here": "watch", "lines": lines})


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Permission.WORK_ON_REQUESTS)
@acting("texts")
def text(request: HttpRequest) -> HttpResponseBase:
    """Write one, or a new version of one."""
    there = _named(request.GET)
    first = {"name": there.name, "language": there.language, "text": there.words, "after": there.version}
    form = Text(request.POST or None, initial=first if there.version else {})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            worded.write(
                at_work().house,
                name=given["name"],
                language=given["language"],
                words=given["text"],
                by=handler(request).ref,
                after=given["after"],
            )
        except LofteError as error:
            form.add_error(None, said(error))
        else:
            messages.success(request, _("The text is kept."))
            return redirect("console:texts")
    return render(request, "console/text.html", {"here": "watch", "form": form, "there": there})


@require_POST
@allowed(Permission.WORK_ON_REQUESTS)
@acting("texts")
def taken_out(request: HttpRequest) -> HttpResponseBase:
    """Take one out of use."""
    name, language = request.POST.get("name", ""), request.POST.get("language", "")
    worded.take_out(at_work().house, name=name, language=language, by=handler(request).ref)
    messages.success(request, _("The text is out of use."))
    return redirect("console:texts")


def offered(found: Request) -> tuple[Worded, ...]:
    """The texts that may be put into what is written in this request."""
    return worded.in_use(found.language)


def put_in(request: HttpRequest, found: Request) -> dict[str, Any] | None:
    """What was typed, with the text that was chosen after it; None when none was chosen."""
    name = request.POST.get("insert", "")
    chosen = next((each for each in offered(found) if each.name == name), None) if name else None
    if chosen is None:
        return None
    typed = request.POST.dict()
    said_now = typed.get(FIELD, "").strip()
    new = worded.filled(at_work().house, found, chosen)
    return typed | {FIELD: f"{said_now}\n\n{new}".strip()}


def _named(asked: QueryDict) -> Worded:
    """The text that is asked for; one without a version when it is a new one."""
    name, language = asked.get("name", ""), asked.get("language", "")
    if not name:
        return Worded(name="", language="", words="", version=0)
    for each in worded.in_use(language):
        if each.name == name:
            return each
    raise Http404

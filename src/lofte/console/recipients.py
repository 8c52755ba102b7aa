"""Recipients in the console: who is still to be told what became of the data (art. 19)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lofte.accounts.roles import Permission
from lofte.console import forms, words
from lofte.console.allowed import acting, allowed, at_work, handler
from lofte.console.names import Names, now_called
from lofte.console.preview import Letter
from lofte.requests.answer import recipients
from lofte.requests.answer.recipients import Waiting
from lofte.requests.models import RecipientNotice


@dataclass(frozen=True, kw_only=True, slots=True)
class RecipientLine:
    """A recipient that waits to be told."""

    ref: str
    name: str
    number: str
    right: str
    article: str
    what: tuple[str, ...]
    since: datetime
    sure: bool


@require_safe
@allowed(Permission.SEE_REQUESTS)
@acting("requests")
def recipient_list(request: HttpRequest) -> HttpResponseBase:
    """The recipients that are still to be told, the oldest first."""
    found = recipients.waiting(at_work().house)
    called = now_called(get_language() or "sv")
    lines = [_line(each, called) for each in found]
    return render(request, "console/recipients.html", {"here": "watch", "lines": lines})


@require_safe
@allowed(Permission.SEE_REQUESTS)
@acting("recipients")
def recipient_page(request: HttpRequest, ref: str) -> HttpResponseBase:
    """One recipient: what to tell it, and how it went."""
    return _page(request, ref, forms.Why())


@require_POST
@allowed(Permission.FULFIL_REQUEST)
@acting("recipients")
def letter(request: HttpRequest, ref: str) -> HttpResponseBase:
    """The letter to the recipient. It names the person, so it is made when it is asked for and kept
    nowhere; by POST, for a link that is followed by chance shows nothing."""
    text = recipients.text(at_work().house, _waiting(ref).notice)
    first = "en" if get_language() == "en" else "sv"
    codes = (first, "sv" if first == "en" else "en")
    texts = tuple(
        Letter(code=code, language=words.called(words.LANGUAGES, code), text=text.say(code)) for code in codes
    )
    return _page(request, ref, forms.Why(), texts)


@require_POST
@allowed(Permission.FULFIL_REQUEST)
@acting("recipients")
def told(request: HttpRequest, ref: str) -> HttpResponseBase:
    """It has been told."""
    form, waiting = forms.Told(request.POST), _waiting(ref)
    if not form.is_valid():
        return redirect("console:recipient", ref=ref)
    channel = form.cleaned_data["channel"]
    recipients.told(at_work().house, waiting.notice, channel=channel, by=handler(request).ref)
    messages.success(request, _("It is noted that the recipient has been told."))
    return redirect("console:recipients")


@require_POST
@allowed(Permission.FULFIL_REQUEST)
@acting("recipients")
def cannot(request: HttpRequest, ref: str) -> HttpResponseBase:
    """It cannot be told, or only with disproportionate effort."""
    form, waiting = forms.Why(request.POST), _waiting(ref)
    if not form.is_valid():
        return _page(request, ref, form)
    recipients.cannot(at_work().house, waiting.notice, why=form.cleaned_data["why"], by=handler(request).ref)
    messages.success(request, _("It is noted why the recipient cannot be told."))
    return redirect("console:recipients")


def _page(
    request: HttpRequest, ref: str, why: forms.Why, letters: tuple[Letter, ...] = ()
) -> HttpResponseBase:
    line = _line(_waiting(ref), now_called(get_language() or "sv"))
    return render(
        request,
        "console/recipient.html",
        {
            "here": "watch",
            "line": line,
            "letters": letters,
            "told_form": forms.Told(),
            "why_form": why,
            "may_act": handler(request).may(Permission.FULFIL_REQUEST),
            "return_to": reverse("console:recipient", args=[ref]),
        },
    )


def _waiting(ref: str) -> Waiting:
    """The notice that waits. One that is on record already is not here any more."""
    if not RecipientNotice.objects.filter(ref=ref, told=None).exists():
        raise Http404
    return next(each for each in recipients.waiting(at_work().house) if each.ref == ref)


def _line(waiting: Waiting, called: Names) -> RecipientLine:
    right, article = words.right_called(waiting.right)
    rows = (
        ngettext("%(dataset)s: %(rows)d row", "%(dataset)s: %(rows)d rows", count)
        % {"dataset": called.of(system, dataset).dataset, "rows": count}
        for system, dataset, count in waiting.datasets
    )
    return RecipientLine(
        ref=waiting.ref,
        name=waiting.name.say(get_language() or "sv"),
        number=waiting.number,
        right=right,
        article=article,
        what=tuple(rows),
        since=waiting.since,
        sure=waiting.sure,
    )

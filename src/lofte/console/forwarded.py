"""Customers for whom the company only processes, and who are to answer somebody (art. 28.3 e)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lofte.accounts.roles import Permission
from lofte.console import forms, words
from lofte.console.allowed import acting, allowed, at_work, handler
from lofte.console.names import Names, now_called
from lofte.console.preview import Letter, letters
from lofte.requests.answer import forward
from lofte.requests.answer.forward import Waiting
from lofte.requests.models import Request


@dataclass(frozen=True, kw_only=True, slots=True)
class ForwardedLine:
    """A customer that is to be told. Who it is stands in the letter alone."""

    ref: str
    number: str
    right: str
    article: str
    what: str
    since: datetime


@require_safe
@allowed(Permission.SEE_REQUESTS)
@acting("requests")
def forwarded_list(request: HttpRequest) -> HttpResponseBase:
    """The customers that are still to be told, the oldest first."""
    called = now_called(get_language() or "sv")
    lines = [_line(each, called) for each in forward.waiting()]
    return render(request, "console/forwarded_list.html", {"here": "watch", "lines": lines})


@require_safe
@allowed(Permission.SEE_REQUESTS)
@acting("forwarded")
def forwarded_page(request: HttpRequest, ref: str) -> HttpResponseBase:
    """One customer: what to tell them, and that it is done."""
    return _page(request, ref)


@require_POST
@allowed(Permission.FULFIL_REQUEST)
@acting("forwarded")
def letter(request: HttpRequest, ref: str) -> HttpResponseBase:
    """The letter, which names the customer and the person: made when it is asked for, and kept nowhere."""
    number = _waiting(ref).number
    text = forward.letter(at_work().house, ref, by=handler(request).ref)
    language = Request.objects.get(number=number).language
    return _page(request, ref, letters({code: text.say(code) for code in ("sv", "en")}, language))


@require_POST
@allowed(Permission.FULFIL_REQUEST)
@acting("forwarded")
def told(request: HttpRequest, ref: str) -> HttpResponseBase:
    """The customer has been told."""
    form = forms.Told(request.POST)
    _waiting(ref)
    if not form.is_valid():
        return redirect("console:forwarded-one", ref=ref)
    forward.told(at_work().house, ref, channel=form.cleaned_data["channel"], by=handler(request).ref)
    messages.success(request, _("It is noted that the customer has been told."))
    return redirect("console:forwarded")


def _page(request: HttpRequest, ref: str, shown: tuple[Letter, ...] = ()) -> HttpResponseBase:
    return render(
        request,
        "console/forwarded.html",
        {
            "here": "watch",
            "line": _line(_waiting(ref), now_called(get_language() or "sv")),
            "letters": shown,
            "told_form": forms.Told(),
            "may_act": handler(request).may(Permission.FULFIL_REQUEST),
        },
    )


def _waiting(ref: str) -> Waiting:
    found = next((each for each in forward.waiting() if each.ref == ref), None)
    if found is None:
        raise Http404
    return found


def _line(waiting: Waiting, called: Names) -> ForwardedLine:
    right, article = words.right_called(waiting.right)
    rows = ngettext("%(dataset)s: %(rows)d row", "%(dataset)s: %(rows)d rows", waiting.rows)
    return ForwardedLine(
        ref=waiting.ref,
        number=waiting.number,
        right=right,
        article=article,
        what=rows
        % {"dataset": called.of(waiting.at.system, waiting.at.dataset).dataset, "rows": waiting.rows},
        since=waiting.since,
    )

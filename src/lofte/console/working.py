"""Who takes care of a request, what those who work here have noted, and what was said with the person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lofte.accounts.models import Handler
from lofte.accounts.roles import Permission
from lofte.console import case_forms as forms
from lofte.console import words
from lofte.console.allowed import acting, allowed, at_work, handler
from lofte.console.pages import handlers
from lofte.console.reasons import reasoned
from lofte.requests.course import remark as remarks
from lofte.requests.course.assign import assign, assigned_to
from lofte.requests.course.roads import State
from lofte.requests.models import Request


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A message of the conversation, closed."""

    what: str
    at: datetime
    mail: str
    """The id of an e-mail, which is opened by itself; empty = a message."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Care:
    """Who takes care of a request, and what is written in it; nothing is opened."""

    who: str
    """Empty = nobody."""
    may_take: bool
    may_give: bool
    may_let_go: bool
    remarks: int
    said: tuple[Said, ...]
    messages: int
    opens: bool
    """What is written can still be opened."""
    opens_mail: bool


def care(request: Request, who: Handler) -> Care:
    """The same as this handler sees it."""
    has = assigned_to([request]).get(request.pk, "")
    works = who.may(Permission.WORK_ON_REQUESTS)
    live = works and State(request.state).open
    heard = list(request.messages.all())
    return Care(
        who=handlers({has})[has] if has else "",
        may_take=live and has != who.ref,
        may_give=live,
        may_let_go=live and has == who.ref,
        remarks=request.remarks.count(),
        said=_said(request),
        messages=len(heard),
        opens=works and bool(request.key),
        opens_mail=who.may(Permission.RECEIVE_REQUEST),
    )


@require_POST
@allowed(Permission.WORK_ON_REQUESTS)
@acting("request", "number")
def take(request: HttpRequest, number: str) -> HttpResponseBase:
    """Take it on oneself."""
    by = handler(request).ref
    assign(at_work().house, _found(number), to=by, by=by)
    messages.success(request, _("You take care of it from now."))
    return redirect("console:request", number=number)


@require_POST
@allowed(Permission.WORK_ON_REQUESTS)
@acting("request", "number")
def let_go(request: HttpRequest, number: str) -> HttpResponseBase:
    """Let somebody else take it."""
    assign(at_work().house, _found(number), to="", by=handler(request).ref)
    messages.success(request, _("Nobody takes care of it now. It stands under Nobody's."))
    return redirect("console:request", number=number)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Permission.WORK_ON_REQUESTS)
@acting("request", "number")
def give(request: HttpRequest, number: str) -> HttpResponseBase:
    """Give it to somebody, or to nobody."""
    found = _found(number)
    form = forms.Give(request.POST or None, initial={"to": assigned_to([found]).get(found.pk, "")})
    if request.method == "POST" and form.is_valid():
        assign(at_work().house, found, to=form.cleaned_data["to"], by=handler(request).ref)
        messages.success(request, _("It is noted who takes care of it."))
        return redirect("console:request", number=number)
    return _asked(request, number, form, title=_("Give the request to somebody"), button=_("Give it"))


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Permission.WORK_ON_REQUESTS)
@acting("request", "number")
def remark(request: HttpRequest, number: str) -> HttpResponseBase:
    """Write a note to those who work here."""
    found, form = _found(number), forms.Remark(request.POST or None)
    if request.method == "POST" and form.is_valid():
        remarks.remark(at_work().house, found, form.cleaned_data["words"], by=handler(request).ref)
        messages.success(request, _("The remark is written."))
        return redirect("console:request", number=number)
    return _asked(request, number, form, title=_("Write a remark"), button=_("Write it"))


@require_POST
@allowed(Permission.WORK_ON_REQUESTS)
@acting("request", "number")
@reasoned("remark")
def read_remarks(request: HttpRequest, number: str) -> HttpResponseBase:
    """The remarks, opened; that they were read stands in the ledger."""
    opened = remarks.read_remarks(at_work().house, _found(number), by=handler(request).ref)
    return _opened(request, number, opened, title=_("Remarks"))


@require_POST
@allowed(Permission.WORK_ON_REQUESTS)
@acting("request", "number")
@reasoned("message")
def read_messages(request: HttpRequest, number: str) -> HttpResponseBase:
    """What was said with the person, opened; that it was read stands in the ledger."""
    opened = remarks.read_messages(at_work().house, _found(number), by=handler(request).ref)
    return _opened(request, number, opened, title=_("What was said"))


def _found(number: str) -> Request:
    return get_object_or_404(Request, number=number)


def _said(request: Request) -> tuple[Said, ...]:
    """The conversation, the first first: how it came or went, and when; never what it says."""
    told = [
        Said(
            what=(_("To the person: %(way)s") if each.outgoing else _("From the person: %(way)s"))
            % {"way": words.called(words.CHANNELS, each.channel)},
            at=each.at,
            mail="",
        )
        for each in request.messages.all()
    ]
    for link in request.mails.exclude(mail__key=b"").select_related("mail"):
        told.append(Said(what=_("An e-mail that came in"), at=link.mail.received_at, mail=link.mail.ref))
    for letter in request.outgoing.exclude(template="deadline"):  # that one goes to those who work here
        told.append(Said(what=_("An e-mail from us"), at=letter.queued_at, mail=""))
    return tuple(sorted(told, key=lambda each: each.at))


def _asked(
    request: HttpRequest, number: str, form: forms.Give | forms.Remark, *, title: str, button: str
) -> HttpResponseBase:
    page = {
        "here": "requests",
        "form": form,
        "title": title,
        "button": button,
        "number": number,
        "back": reverse("console:request", args=[number]),
    }
    return render(request, "console/casework.html", page)


def _opened(
    request: HttpRequest, number: str, opened: Sequence[remarks.Opened], *, title: str
) -> HttpResponseBase:
    who = handlers({each.by for each in opened})
    lines = [
        (each, who[each.by] if each.by else _("Us") if each.outgoing else _("The person")) for each in opened
    ]
    page = {"here": "requests", "number": number, "title": title, "lines": lines}
    return render(request, "console/words.html", page)

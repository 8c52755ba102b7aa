"""A code that a handler gives: a letter to print, or a call to make (art. 12.6). The code is shown once."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lofte.accounts.models import Handler
from lofte.accounts.roles import Permission
from lofte.console.allowed import acting, allowed, at_work, handler
from lofte.requests.course.protected import is_protected
from lofte.requests.course.roads import State
from lofte.requests.door import protected
from lofte.requests.door.code_by_hand import by_call, by_letter, may_have_one
from lofte.requests.models import Request


def offered(request: Request, who: Handler) -> bool:
    """Whether this handler may give a code in this request now."""
    return who.may(Permission.IDENTIFY_SUBJECT) and bool(request.key) and may_have_one(request)


@require_safe
@allowed(Permission.IDENTIFY_SUBJECT)
@acting("request", "number")
def page(request: HttpRequest, number: str) -> HttpResponseBase:
    """The two ways, and what each takes."""
    found = get_object_or_404(Request, number=number)
    shown = {"here": "requests", "number": number, "posting": _posting(found)}
    return render(request, "console/code.html", shown)


@require_POST
@allowed(Permission.IDENTIFY_SUBJECT)
@acting("code", "number")
def letter(request: HttpRequest, number: str) -> HttpResponseBase:
    """The letter, to print now: the code in it is kept nowhere."""
    found, work = get_object_or_404(Request, number=number), at_work()
    made = by_letter(work.house, found, work.connect, by=handler(request).ref)
    posting = _posting(found)
    page = {"here": "requests", "number": number, "made": made, "posting": posting}
    return render(request, "console/code_letter.html", page)


@require_POST
@allowed(Permission.IDENTIFY_SUBJECT)
@acting("code", "number")
def call(request: HttpRequest, number: str) -> HttpResponseBase:
    """Whom to call, and what to read out."""
    found, work = get_object_or_404(Request, number=number), at_work()
    made = by_call(work.house, found, work.connect, by=handler(request).ref)
    policy = work.house.policy
    page = {
        "here": "requests",
        "number": number,
        "made": made,
        "company": policy.controller.trade_name or policy.controller.legal_name or "",
        "portal": work.house.url,
        "waits": found.state == State.RECEIVED,
    }
    return render(request, "console/code_call.html", page)


@require_POST
@allowed(Permission.IDENTIFY_SUBJECT)
@acting("request", "number")
def protect(request: HttpRequest, number: str) -> HttpResponseBase:
    """The person has a protected identity, or has it no more."""
    found, on = get_object_or_404(Request, number=number), "off" not in request.POST
    if found.case is not None:
        protected.protect(at_work().house, found.case, handler(request).ref, on)
    if on:
        messages.success(request, _("It is noted. From now on nothing is sent to a contact that you have."))
    else:
        messages.success(request, _("It is noted that the identity is not protected any more."))
    return redirect("console:request", number=number)


def _posting(request: Request) -> str:
    """How a letter reaches somebody with a protected identity; empty for others."""
    return protected.POSTING.say(get_language() or "sv") if is_protected(request.case_id) else ""

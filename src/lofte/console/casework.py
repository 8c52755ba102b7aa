"""A handler takes a request from the telephone to its answer: received, identified, waited for, refused."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lofte.accounts.roles import Permission
from lofte.console import case_forms as forms
from lofte.console import sending, texts
from lofte.console.allowed import acting, allowed, at_work, handler
from lofte.console.letting_go import before_release
from lofte.console.preview import Letter, letters
from lofte.console.proposals import only_proposes, proposed
from lofte.console.reasons import reasoned
from lofte.console.refusals import said
from lofte.errors import LofteError, NotIdentified
from lofte.execution.book import note, recorded
from lofte.law.calendar import STOCKHOLM
from lofte.law.clock import Because, Waits
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind, Value
from lofte.requests.answer.deliver import mark_delivered
from lofte.requests.answer.reissue import reissue
from lofte.requests.answer.release import release
from lofte.requests.course import order as ordering
from lofte.requests.course import ticking
from lofte.requests.course.before import open_wish
from lofte.requests.course.propose import Terms
from lofte.requests.course.protected import seen_by_handler
from lofte.requests.course.receive import identities_of, receive
from lofte.requests.course.refuse import Ground, refusal_letter, refuse
from lofte.requests.course.scoped import scoped
from lofte.requests.course.seconded import What
from lofte.requests.door.identify import Level, identify
from lofte.requests.models import Request


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Permission.RECEIVE_REQUEST)
@acting("requests")
def new(request: HttpRequest) -> HttpResponseBase:
    """Type in what somebody asks, while they are on the telephone or at the counter."""
    house = at_work().house
    form = forms.Receive(
        request.POST or None, house=house, initial={"received_on": house.today, "channel": "phone"}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        there = open_wish(house, Right(given["right"]), form.identities, form.scope)
        if there and not given["another"]:
            form.ask_about(there)
        else:
            made = _received(request, form)
            if made is not None:
                words = _("Request %(number)s is received. Tell the person its number.")
                messages.success(request, words % {"number": made.number})
                return redirect("console:request", number=made.number)
    lead = _("Give all that you know the person by. It is kept sealed, and only the search opens it.")
    return _page(request, form, title=_("Receive a request"), button=_("Receive"), lead=lead)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Permission.IDENTIFY_SUBJECT)
@acting("request", "number")
def identified(request: HttpRequest, number: str) -> HttpResponseBase:
    """Note how the person showed who they are, and what more was proven to be theirs."""
    found, house = get_object_or_404(Request, number=number), at_work().house
    by_call = request.GET.get("way") == "call"
    called = _("Called back on the number that we had: ") if by_call else ""
    form = forms.Identify(request.POST or None, house=house, initial={"method": called})
    if request.method == "POST" and form.is_valid():
        given, by = form.cleaned_data, handler(request).ref
        level = Level(int(given["level"]))
        try:
            identify(house, found, method=given["method"], level=level, by=by, proven=form.identities)
        except NotIdentified as error:
            form.add_error(None, said(error))
        else:
            messages.success(request, _("It is noted who is asking."))
            return redirect("console:request", number=number)
    return _page(request, form, number=number, title=_("Note who is asking"), button=_("Note it"))


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Permission.REFUSE_REQUEST, Permission.FULFIL_REQUEST)
@acting("request", "number")
def refused(request: HttpRequest, number: str) -> HttpResponseBase:
    """Refuse, with the ground that the law gives; or propose it, where another person decides."""
    found = get_object_or_404(Request, number=number)
    form = _form(forms.Refuse, request, found)
    waits = only_proposes(handler(request), What.REFUSAL)
    title, button = _("Refuse the request"), _("Propose it") if waits else _("Refuse")
    if _is_done(request) and form.is_valid():
        given, by = form.cleaned_data, handler(request).ref
        if "look" in request.POST:
            sent = sending.refused(found, Ground(given["ground"]), given["why"])
            return _seen(request, form, sent, number=number, title=title, button=button, grave=not waits)
        if waits:
            return proposed(
                request, found, Terms(what=What.REFUSAL, ground=given["ground"], why=given["why"])
            )
        refuse(at_work().house, found, ground=Ground(given["ground"]), why=given["why"], by=by)
        messages.success(request, _("It is refused. Send the letter below to the person."))
        return redirect("console:request", number=number)
    offered = texts.offered(found)
    return _page(request, form, number=number, title=title, button=button, looks=True, texts=offered)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Permission.FULFIL_REQUEST)
@acting("request", "number")
def wait(request: HttpRequest, number: str) -> HttpResponseBase:
    """Stop the clock while the person is waited for."""
    found = get_object_or_404(Request, number=number)
    form = _form(forms.Wait, request, found)
    title, button = _("Stop the clock"), _("Stop it")
    if _is_done(request) and form.is_valid():
        given, by = form.cleaned_data, handler(request).ref
        if "look" in request.POST:
            sent = sending.asked(found, Waits(given["waits"]), given["why"])
            return _seen(request, form, sent, number=number, title=title, button=button)
        ticking.wait(at_work().house, found, Waits(given["waits"]), why=given["why"], by=by)
        messages.success(request, _("The clock stands still until the person answers."))
        return redirect("console:request", number=number)
    offered = texts.offered(found)
    return _page(request, form, number=number, title=title, button=button, looks=True, texts=offered)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Permission.FULFIL_REQUEST)
@acting("request", "number")
def scope(request: HttpRequest, number: str) -> HttpResponseBase:
    """Note how far the person asks, now that they have said it."""
    found, house = get_object_or_404(Request, number=number), at_work().house
    form = forms.Scope(request.POST if request.method == "POST" else None, house=house)
    if request.method == "POST" and form.is_valid():
        scoped(house, found, form.cleaned_data["kinds"], by=handler(request).ref)
        messages.success(request, _("It is noted, and the clock goes on."))
        return redirect("console:request", number=number)
    return _page(request, form, number=number, title=_("Note what the person means"), button=_("Note it"))


@require_POST
@allowed(Permission.FULFIL_REQUEST)
@acting("request", "number")
def go_on(request: HttpRequest, number: str) -> HttpResponseBase:
    """The person has answered."""
    ticking.go_on(at_work().house, get_object_or_404(Request, number=number), by=handler(request).ref)
    messages.success(request, _("The clock goes on."))
    return redirect("console:request", number=number)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Permission.FULFIL_REQUEST)
@acting("request", "number")
def extend(request: HttpRequest, number: str) -> HttpResponseBase:
    """Take one or two months more. The letter to the person is shown, to be sent."""
    found = get_object_or_404(Request, number=number)
    form = _form(forms.Extend, request, found)
    waits = only_proposes(handler(request), What.EXTENSION)
    title, button = _("Extend the time"), _("Propose it") if waits else _("Extend")
    if _is_done(request) and form.is_valid():
        given, by = form.cleaned_data, handler(request).ref
        if "look" in request.POST:
            months, because = int(given["months"]), Because(given["because"])
            sent = sending.extended(found, months, because, given["why"])
            return _seen(request, form, sent, number=number, title=title, button=button)
        if waits:
            terms = Terms(
                what=What.EXTENSION,
                months=int(given["months"]),
                because=given["because"],
                why=given["why"],
            )
            return proposed(request, found, terms)
        ticking.extend(
            at_work().house,
            found,
            months=int(given["months"]),
            because=Because(given["because"]),
            why=given["why"],
            by=by,
        )
        messages.success(request, _("The time is extended. Send the letter below to the person now."))
        return redirect("console:request", number=number)
    offered = texts.offered(found)
    return _page(request, form, number=number, title=title, button=button, looks=True, texts=offered)


@require_POST
@allowed(Permission.FULFIL_REQUEST)
@acting("request", "number")
def search(request: HttpRequest, number: str) -> HttpResponseBase:
    """Let the worker search the systems and make the package."""
    ordering.order(at_work().house, [get_object_or_404(Request, number=number)], by=handler(request).ref)
    messages.success(request, _("The systems are being searched. Look again in a moment."))
    return redirect("console:request", number=number)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Permission.FULFIL_REQUEST)
@acting("request", "number")
def handed_over(request: HttpRequest, number: str) -> HttpResponseBase:
    """The package has been given to the person."""
    found, form = get_object_or_404(Request, number=number), django_forms.Form()
    if request.method == "POST":
        mark_delivered(at_work().house, found, by=handler(request).ref)
        messages.success(request, _("It is noted that the person has the answer."))
        return redirect("console:request", number=number)
    lead = _("The request is answered by this. Note it when the package is in the person's hands.")
    title, button = _("The person has got it"), _("Note that it is answered")
    return _page(request, form, number=number, title=title, button=button, lead=lead)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Permission.FULFIL_REQUEST)
@acting("request", "number")
def let_go(request: HttpRequest, number: str) -> HttpResponseBase:
    """The person may fetch the answer in the portal, and is told so."""
    found, form = get_object_or_404(Request, number=number), django_forms.Form()
    if request.method == "POST":
        released = release(at_work().house, found, by=handler(request).ref)
        if released.told:
            messages.success(request, _("The answer may be fetched, and a letter tells the person so."))
        else:
            words = _("The answer may be fetched. No letter could tell it: tell the person yourself.")
            messages.warning(request, words)
        return redirect("console:request", number=number)
    lead = before_release(found)
    title, button = _("Let the person fetch it"), _("The answer may be fetched")
    sent = sending.released(found)
    return _page(request, form, number=number, title=title, button=button, lead=lead, sent=sent)


@require_POST
@allowed(Permission.FULFIL_REQUEST)
@acting("request", "number")
def made_again(request: HttpRequest, number: str) -> HttpResponseBase:
    """The answer was not fetched in time; it is made anew, as a request of its own in the same case."""
    found = get_object_or_404(Request, number=number)
    made = reissue(at_work().house, found, by=handler(request).ref, channel=found.channel)
    words = _("It is being made anew, as request %(number)s.") % {"number": made.number}
    messages.success(request, words)
    return redirect("console:request", number=made.number)


@require_POST
@allowed(Permission.FULFIL_REQUEST, Permission.IDENTIFY_SUBJECT)
@acting("request", "number")
@reasoned("identity")
def who(request: HttpRequest, number: str) -> HttpResponseBase:
    """By what the person is known in this request; that it was looked at stands in the ledger. By POST:
    a link that is followed by chance shows nothing."""
    found, house = get_object_or_404(Request, number=number), at_work().house
    identities = identities_of(house, found)
    with recorded(house):
        payload: dict[str, Value] = {"identities": len(identities), "by": handler(request).ref}
        note(Kind.IDENTITY_SHOWN, found.ref, payload, at=house.now, policy_version=house.policy_version)
    known = forms.Receive.KINDS
    lines = [(known.get(each.kind, each.kind), seen_by_handler(found, each)) for each in identities]
    return render(request, "console/who.html", {"here": "requests", "number": number, "lines": lines})


def _received(request: HttpRequest, form: forms.Receive) -> Request | None:
    """The request; None when it was not taken, and the form says why."""
    given = form.cleaned_data
    try:
        return receive(
            at_work().house,
            right=Right(given["right"]),
            identities=form.identities,
            channel=given["channel"],
            language=given["language"],
            received_at=_moment(given["received_on"]),
            by=handler(request).ref,
            scope=form.scope,
        )
    except NotIdentified as error:
        form.add_error(None, said(error))
        return None


def letters_of(request: Request) -> tuple[tuple[str, tuple[Letter, ...]], ...]:
    """What the person is told beside the answer, each with what it is about: that it takes longer, that it
    is refused. None when the workspace has faults."""
    try:
        house = at_work().house
    except LofteError:
        return ()
    texts = (
        (_("What the person is asked for (art. 12.6, recital 63)."), ticking.asking_letter(house, request)),
        (
            _("That it takes longer (art. 12.3). Send it within the first month."),
            ticking.extension_letter(house, request),
        ),
        (_("That it is refused (art. 12.4). Send it within the month."), refusal_letter(house, request)),
    )
    return tuple(
        (about, letters({code: text.say(code) for code in ("sv", "en")}, request.language))
        for about, text in texts
        if text is not None
    )


def _is_done(request: HttpRequest) -> bool:
    """Whether what stands in the form is to be done, or looked at; else it is to be changed."""
    return request.method == "POST" and not {"change", "insert"} & request.POST.keys()


def _form(kind: type[django_forms.Form], request: HttpRequest, found: Request) -> django_forms.Form:
    """The form as it was sent, or with a text of the house put into what was typed."""
    typed = texts.put_in(request, found)
    return kind(request.POST or None) if typed is None else kind(initial=typed)


def _seen(
    request: HttpRequest, form: django_forms.Form, sent: tuple[sending.Sent, ...], **page: Any
) -> HttpResponseBase:
    """The letters, before they are sent; what was typed is kept on the page."""
    return _page(request, form, sent=sent, typed=True, **page)


def _page(
    request: HttpRequest, form: django_forms.Form, *, number: str = "", **page: Any
) -> HttpResponseBase:
    """A page that asks: `title`, `button`, and maybe `lead`, `grave`, the letters that are `sent`, whether
    the form is `typed` and only to be looked at, or `looks` at its letters first."""
    back = reverse("console:request", args=[number]) if number else reverse("console:requests")
    shown = {"here": "requests", "form": form, "number": number, "back": back}
    return render(request, "console/casework.html", shown | page)


def _moment(day: date) -> datetime | None:
    """The noon of a day that has been; None = now."""
    return None if day == timezone.localdate() else datetime.combine(day, time(12), STOCKHOLM)

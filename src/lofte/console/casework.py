"""A handler takes a request from the telephone to its answer: received, identified, waited for, refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST

from lofte.accounts.models import Handler
from lofte.accounts.roles import Permission
from lofte.console import case_forms as forms
from lofte.console.allowed import acting, allowed, at_work, handler
from lofte.console.letting_go import before_release
from lofte.console.preview import Letter, letters
from lofte.console.proposals import only_proposes, proposed, waiting_for
from lofte.console.refusals import said
from lofte.console.words import Words
from lofte.errors import LofteError, NotIdentified
from lofte.execution.book import note, recorded
from lofte.law.calendar import STOCKHOLM
from lofte.law.clock import Because, Waits
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind, Value
from lofte.requests.answer.deliver import mark_delivered
from lofte.requests.answer.fetch import waiting
from lofte.requests.answer.reissue import reissue
from lofte.requests.answer.release import known_in_the_portal, release
from lofte.requests.course import order as ordering
from lofte.requests.course import ticking
from lofte.requests.course.before import open_wish
from lofte.requests.course.propose import Terms
from lofte.requests.course.protected import seen_by_handler
from lofte.requests.course.receive import identities_of, receive
from lofte.requests.course.refuse import Ground, refusal_letter, refuse
from lofte.requests.course.roads import State
from lofte.requests.course.seconded import What
from lofte.requests.door.identify import Level, identify
from lofte.requests.models import Request

_MENTIONS = lazy("Look at rows that name or mention somebody")


@dataclass(frozen=True, kw_only=True, slots=True)
class Next:
    """Something that may be done with a request now, by whoever looks."""

    name: str
    address: str
    at_once: bool = False
    """Done by the button itself; else it leads to a page that asks."""
    main: bool = False
    """What is next, for most."""


def nexts(request: Request, who: Handler) -> tuple[Next, ...]:
    """What this handler may do with it now, the most usual first. What an erasure needs stands with it."""
    state, clock = State(request.state), ticking.clock_of(request)
    if not state.open:
        return _afterwards(request, who)
    searched = request.right in ordering.SEARCHED and state is State.IDENTIFIED
    works = who.may(Permission.FULFIL_REQUEST)
    offered: tuple[tuple[bool, str, Words, bool], ...] = (
        (waiting_for(request, who), "proposal", lazy("Decide on a proposal"), False),
        (
            state is State.RECEIVED and who.may(Permission.IDENTIFY_SUBJECT),
            "identify", lazy("Note who is asking"), False,
        ),
        (
            searched and works and ordering.open_order(request) is None,
            "search", lazy("Search the systems"), True,
        ),
        (
            state is State.READY and works and known_in_the_portal(request),
            "release", lazy("Let the person fetch it"), False,
        ),
        (
            state is State.READY and works and request.mentions.exists(),
            "mentions", _MENTIONS, False,
        ),
        (state is State.READY and works, "handed-over", lazy("The person has got it"), False),
        (works or who.may(Permission.IDENTIFY_SUBJECT), "who", lazy("Show who it is about"), True),
        (clock.stopped is None and works, "wait", lazy("Stop the clock"), False),
        (clock.stopped is not None and works, "go-on", lazy("The person has answered"), True),
        (clock.months == 1 and works, "extend", lazy("Extend the time"), False),
        (
            state is not State.READY and (works or who.may(Permission.REFUSE_REQUEST)),
            "refuse",
            lazy("Refuse") if who.may(Permission.REFUSE_REQUEST) else lazy("Propose to refuse"), False,
        ),
    )  # fmt: skip
    return tuple(
        Next(
            name=str(name),
            address=reverse(f"console:{page}", args=[request.number]),
            at_once=at_once,
            main=page in ("proposal", "identify", "search", "release"),
        )
        for shown, page, name, at_once in offered
        if shown
    )


def _afterwards(request: Request, who: Handler) -> tuple[Next, ...]:
    """What may be done with one that is answered: what was not fetched in time is made anew, and rows that
    nobody had looked at come as a supplement."""
    if not request.key or not who.may(Permission.FULFIL_REQUEST):
        return ()
    there, number = waiting(request, timezone.now()), request.number
    offered = (
        (
            there is not None and there.over,
            Next(
                name=_("Make the answer anew"),
                address=reverse("console:reissue", args=[number]),
                at_once=True,
            ),
        ),
        (
            State(request.state) is State.DELIVERED and request.mentions.exists(),
            Next(name=str(_MENTIONS), address=reverse("console:mentions", args=[number])),
        ),
    )
    return tuple(each for shown, each in offered if shown)


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
        there = open_wish(house, Right(given["right"]), form.identities)
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
    form = forms.Identify(request.POST or None, house=house)
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
    found, form = get_object_or_404(Request, number=number), forms.Refuse(request.POST or None)
    waits = only_proposes(handler(request), What.REFUSAL)
    if request.method == "POST" and form.is_valid():
        given, by = form.cleaned_data, handler(request).ref
        if waits:
            return proposed(
                request, found, Terms(what=What.REFUSAL, ground=given["ground"], why=given["why"])
            )
        refuse(at_work().house, found, ground=Ground(given["ground"]), why=given["why"], by=by)
        messages.success(request, _("It is refused. Send the letter below to the person."))
        return redirect("console:request", number=number)
    title, button = _("Refuse the request"), _("Propose it") if waits else _("Refuse")
    return _page(request, form, number=number, title=title, button=button, grave=not waits)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Permission.FULFIL_REQUEST)
@acting("request", "number")
def wait(request: HttpRequest, number: str) -> HttpResponseBase:
    """Stop the clock while the person is waited for."""
    found, form = get_object_or_404(Request, number=number), forms.Wait(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given, by = form.cleaned_data, handler(request).ref
        ticking.wait(at_work().house, found, Waits(given["waits"]), why=given["why"], by=by)
        messages.success(request, _("The clock stands still until the person answers."))
        return redirect("console:request", number=number)
    return _page(request, form, number=number, title=_("Stop the clock"), button=_("Stop it"))


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
    found, form = get_object_or_404(Request, number=number), forms.Extend(request.POST or None)
    waits = only_proposes(handler(request), What.EXTENSION)
    if request.method == "POST" and form.is_valid():
        given, by = form.cleaned_data, handler(request).ref
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
    button = _("Propose it") if waits else _("Extend")
    return _page(request, form, number=number, title=_("Extend the time"), button=button)


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
    return _page(request, form, number=number, title=title, button=button, lead=lead)


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


def _page(
    request: HttpRequest,
    form: django_forms.Form,
    *,
    title: str,
    button: str,
    number: str = "",
    lead: str = "",
    grave: bool = False,
) -> HttpResponseBase:
    return render(
        request,
        "console/casework.html",
        {
            "here": "requests",
            "form": form,
            "title": title,
            "lead": lead,
            "button": button,
            "number": number,
            "grave": grave,
            "back": reverse("console:request", args=[number]) if number else reverse("console:requests"),
        },
    )


def _moment(day: date) -> datetime | None:
    """The noon of a day that has been; None = now."""
    return None if day == timezone.localdate() else datetime.combine(day, time(12), STOCKHOLM)

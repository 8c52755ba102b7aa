"""A person's own case: where it stands, what happens next and by when, and taking it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lofte.errors import Conflict, LofteError
from lofte.execution.house import House
from lofte.law.rights import Right
from lofte.portal import eid
from lofte.portal.doorway import at_the_door, at_work
from lofte.portal.far import Kind, asked_about, kinds
from lofte.portal.mine_words import HAPPENED, NEEDS, TO_FETCH, Words, stands
from lofte.portal.prove import knock
from lofte.portal.versions import news
from lofte.portal.visitor import Visitor, visitor
from lofte.requests.answer.fetch import TIMES, waiting
from lofte.requests.course import ticking
from lofte.requests.course.refuse import refusal_letter
from lofte.requests.course.roads import State
from lofte.requests.course.scoped import waits_for_scope
from lofte.requests.door.identify import NEEDED, Level
from lofte.requests.door.proved import missing
from lofte.requests.door.withdraw_wish import may_be_withdrawn, withdraw_wish
from lofte.requests.erasure import letter as letters
from lofte.requests.models import Request


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """Something that has happened."""

    at: datetime
    what: Words
    more: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One of the things that were asked."""

    number: str
    right: Right
    name: str
    article: str
    called: Words
    tone: str
    sign: str
    next: Words
    due: date | None
    """None = it is over."""
    stopped: bool
    events: tuple[Event, ...]
    letters: tuple[tuple[Words, str], ...]
    may_withdraw: bool
    scope: tuple[str, ...]
    """What it is limited to; nothing = everything."""
    kinds: tuple[Kind, ...]
    """What may be chosen, when we have asked what is meant."""
    package: bool
    """An answer has been let go: it lies ready to be fetched, or has been."""


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_door
def mine_page(request: HttpRequest) -> HttpResponse:
    """The case of whoever has shown that it is theirs; else where one says which."""
    who = visitor(request)
    if who is None or request.method == "POST":
        return knock(request)
    house, items = at_work().house, _requests(who)
    needed = missing(items[0].case, who.level) if items and items[0].case else None
    shown = {
        "items": [_item(house, each, who) for each in items],
        "needs": NEEDS[needed] if needed else "",
        "sign_in": eid.name() if needed else "",
        "level": int(who.level),
        "here": "mine",
        "news": news(who.case),
    }
    return render(request, "portal/mine.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_door
def withdraw_page(request: HttpRequest, number: str) -> HttpResponse:
    """Take back what was asked, after one look at what that means."""
    who = visitor(request)
    if who is None:
        return redirect("portal:mine")
    found = next((each for each in _requests(who) if each.number == number), None)
    if found is None:
        raise Http404
    if request.method == "POST":
        try:
            withdraw_wish(at_work().house, found)
            messages.success(request, _("It is taken back."))
        except Conflict:
            messages.error(request, _("It cannot be taken back now: it is answered, or being done."))
        return redirect("portal:mine")
    name = Right(found.right).name_in(_language())
    return render(request, "portal/withdraw.html", {"number": number, "name": name, "here": "mine"})


def _requests(who: Visitor) -> list[Request]:
    """What was asked in the visitor's own case, and in no other."""
    found = Request.objects.filter(case__ref=who.case).select_related("case").order_by("id")
    return list(found.prefetch_related("clock_events", "transitions"))


def _language() -> str:
    return "en" if get_language() == "en" else "sv"


def _item(house: House, request: Request, who: Visitor) -> Item:
    state, right = State(request.state), Right(request.right)
    clock = ticking.clock_of(request)
    there = waiting(request, house.now)
    unfetched = there is not None and not there.over and there.left == TIMES
    called, tone, sign, next_ = TO_FETCH if unfetched else stands(state, right, who.level)
    return Item(
        number=request.number,
        right=right,
        name=right.name_in(_language()),
        article=right.article,
        called=called,
        tone=tone,
        sign=sign,
        next=next_,
        due=clock.due(house.today) if state.open else None,
        stopped=state.open and clock.stopped is not None,
        events=tuple(sorted(_events(house, request, who), key=lambda event: event.at)),
        letters=tuple(_letters(house, request, who)),
        may_withdraw=_may_withdraw(request),
        scope=asked_about(house, request),
        kinds=kinds(house) if waits_for_scope(request) and who.level >= Level.CONTACT else (),
        package=there is not None,
    )


def _events(house: House, request: Request, who: Visitor) -> Iterable[Event]:
    free = NEEDED[Right(request.right)] is Level.NOTHING
    for each in request.transitions.all():
        what = each.to_state
        if each.from_state and each.to_state == State.RECEIVED:
            what = "ambiguous"
        elif free and each.to_state == State.IDENTIFIED:
            what = "free"
        yield Event(at=each.at, what=HAPPENED[what])
    for event in request.clock_events.all():
        # What the person was asked for, as they were told it then.
        told = event.what == "stop" and request.key and who.level >= Level.CONTACT
        asked = ticking.why_of(house, event) if told else ""
        yield Event(at=event.at, what=HAPPENED[event.what], more=asked)


def _letters(house: House, request: Request, who: Visitor) -> Iterable[tuple[Words, str]]:
    """What the person was told beside the answer; nothing once the key of the request is destroyed."""
    if not request.key or who.level < Level.CONTACT:
        return
    language = _language()
    if longer := ticking.extension_letter(house, request):
        yield _("That it takes longer"), longer.say(language)
    if refusal := refusal_letter(house, request):
        yield _("Why we said no"), refusal.say(language)
    if who.level >= max(NEEDED[Right(request.right)], Level.CONTACT) and request.letters.exists():
        yield _("What we have done"), letters.letter(house, request, language)


def _may_withdraw(request: Request) -> bool:
    try:
        may_be_withdrawn(request)
    except LofteError:
        return False
    return True

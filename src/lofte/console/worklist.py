"""The worklist: which requests are shown, in which order, how many of each kind there are, a page at a time.

However many requests there are, the page asks the store the same few questions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from lofte.accounts.models import Handler
from lofte.accounts.roles import Permission
from lofte.console import pages, standing, words
from lofte.console.deadline import SOON
from lofte.execution.models import Step, StepState
from lofte.law.rights import Right
from lofte.requests.course.assign import assigned_to, who_has
from lofte.requests.course.order import CARRY_OUT
from lofte.requests.course.roads import State
from lofte.requests.models import Approval, ClockEvent, Order, Proposal, Request, ShownPlan

PAGE = 50
OPEN = [state.value for state in State if state.open]
ORDERS: Mapping[str, tuple[str, str]] = {"due": ("due_on", "number"), "-due": ("-due_on", "-number")}
SHOWN = ("open", "over", "all")
WHOSE = ("mine", "nobody", "me")
TIMES = ("late", "soon")


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What the reader wants to see. What cannot be read is left out, and all is shown."""

    show: str = ""
    """`open`, `over` or `all`; empty = the open ones, where there are any."""
    whose: str = ""
    """`mine`, `nobody`, `me` (what I may do something about); empty = everybody's."""
    time: str = ""
    """`late` or `soon`."""
    right: str = ""
    state: str = ""
    channel: str = ""
    order: str = "due"
    page: int = 1

    @property
    def query(self) -> str:
        """As an address has it, without the page."""
        told = {
            "show": self.show,
            "whose": self.whose,
            "time": self.time,
            "right": self.right,
            "state": self.state,
            "channel": self.channel,
            "order": "" if self.order == "due" else self.order,
        }
        return urlencode({key: value for key, value in told.items() if value})

    @property
    def narrowed(self) -> bool:
        """Something is left out beside what is over."""
        return bool(self.whose or self.time or self.right or self.state or self.channel)


def wanted(given: Mapping[str, str]) -> Wanted:
    """What an address asks for."""

    def one_of(key: str, known: object) -> str:
        value = given.get(key, "")
        return value if value in known else ""  # type: ignore[operator]

    page = given.get("page", "1")
    return Wanted(
        show=one_of("show", SHOWN),
        whose=one_of("whose", WHOSE),
        time=one_of("time", TIMES),
        right=one_of("right", words.RIGHTS),
        state=one_of("state", set(State)),
        channel=one_of("channel", words.CHANNELS),
        order=one_of("order", ORDERS) or "due",
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 8 else 1,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """A way of looking that is often wanted."""

    name: words.Words
    query: str
    count: int | None
    current: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """Something that may be chosen, and how many there are of it."""

    value: str
    name: str
    count: int
    chosen: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Worklist:
    """A page of it."""

    wanted: Wanted
    lines: tuple[pages.Line, ...]
    views: tuple[View, ...]
    rights: tuple[Choice, ...]
    states: tuple[Choice, ...]
    channels: tuple[Choice, ...]
    found: int
    open: int
    every: int
    page: int
    pages: int
    first: int
    last: int


def worklist(asked: Wanted, who: Handler, today: date) -> Worklist:
    """The page that is asked for, seen by this handler."""
    counts = _counts(asked, who, today)
    asked = replace(asked, show=asked.show or ("open" if counts["open"] else "all"))
    chosen = _chosen(asked, who, today)
    rights, states, channels = (_choices(asked, each, who, today) for each in ("right", "state", "channel"))
    found = sum(each.count for each in rights if not asked.right or each.chosen)
    last = max(-(-found // PAGE), 1)
    page = min(max(asked.page, 1), last)
    ordered = chosen.order_by(*ORDERS[asked.order]).prefetch_related("clock_events")
    listed = list(ordered[(page - 1) * PAGE : page * PAGE])
    return Worklist(
        wanted=asked,
        lines=_lines(listed, today),
        views=_views(asked, counts),
        rights=rights,
        states=states,
        channels=channels,
        found=found,
        open=counts["open"],
        every=counts["all"],
        page=page,
        pages=last,
        first=(page - 1) * PAGE + 1 if listed else 0,
        last=(page - 1) * PAGE + len(listed),
    )


def chosen(asked: Wanted, who: Handler, today: date) -> QuerySet[Request]:
    """All that is asked for, in its order, without pages."""
    if not asked.show:
        asked = replace(asked, show="open" if Request.objects.filter(state__in=OPEN).exists() else "all")
    return _chosen(asked, who, today).order_by(*ORDERS[asked.order])


def _chosen(asked: Wanted, who: Handler, today: date) -> QuerySet[Request]:
    some = _known()
    if asked.show == "open":
        some = some.filter(state__in=OPEN)
    elif asked.show == "over":
        some = some.exclude(state__in=OPEN)
    if asked.whose == "me":
        some = some.filter(_for(who))
    elif asked.whose:
        some = some.filter(_whose(asked.whose, who), state__in=OPEN)
    if asked.time:
        some = some.filter(_when(asked.time, today), state__in=OPEN)
    same = {key: getattr(asked, key) for key in ("right", "state", "channel") if getattr(asked, key)}
    return some.filter(**same)


def _known() -> QuerySet[Request]:
    """All of them, with what a question may be about."""
    ticks = ClockEvent.objects.filter(request=OuterRef("pk"), what__in=("stop", "go_on")).order_by("-id")
    return Request.objects.alias(has=who_has(), ticks=Subquery(ticks.values("what")[:1]))


def _whose(whose: str, who: Handler) -> Q:
    return Q(has=who.ref) if whose == "mine" else Q(has=None) | Q(has="")


def _when(time: str, today: date) -> Q:
    """While the clock stands still nothing is late or soon to be."""
    runs = Q(ticks=None) | ~Q(ticks="stop")
    if time == "late":
        return runs & Q(due_on__lt=today)
    return runs & Q(due_on__gte=today, due_on__lte=today + timedelta(days=SOON))


def _for(who: Handler) -> Q:
    """What this handler may do something about now, as `standing.waits_for` says it of each."""
    waiting = Step.objects.filter(kind=CARRY_OUT).exclude(state=StepState.DONE).values("request")
    ordered = Exists(Order.objects.filter(ref__in=waiting, requests=OuterRef("pk")))
    erasures = Request.objects.filter(right=Right.ERASURE, state=State.IDENTIFIED).exclude(ordered)
    seen = erasures.filter(Exists(ShownPlan.objects.filter(request=OuterRef("pk"))))
    seen = seen.exclude(Exists(Approval.objects.filter(request=OuterRef("pk"))))
    faces = standing.faces(list(seen))
    awaits = [pk for pk, face in faces.items() if face is standing.AWAITS]
    found = Q(pk__in=())
    if who.may(Permission.FULFIL_REQUEST):
        found |= Q(state__in=standing.FULFILS) & ~ordered & ~Q(pk__in=awaits)
    if who.may(Permission.APPROVE):
        found |= Q(pk__in=awaits)
    if who.may(Permission.REFUSE_REQUEST):
        theirs = Proposal.objects.filter(request=OuterRef("pk"), settled=None).exclude(by=who.ref)
        found |= Q(Exists(theirs))
    return found


def _counts(asked: Wanted, who: Handler, today: date) -> dict[str, int]:
    """How many there are in each usual view, in one question; right and channel hold in all of them."""
    same = {key: getattr(asked, key) for key in ("right", "channel") if getattr(asked, key)}
    is_open = Q(state__in=OPEN)
    found: dict[str, int] = (
        _known()
        .filter(**same)
        .aggregate(
            all=Count("pk"),
            open=Count("pk", filter=is_open),
            over=Count("pk", filter=~is_open),
            mine=Count("pk", filter=is_open & _whose("mine", who)),
            nobody=Count("pk", filter=is_open & _whose("nobody", who)),
            late=Count("pk", filter=is_open & _when("late", today)),
            soon=Count("pk", filter=is_open & _when("soon", today)),
        )
    )
    return found


def _views(asked: Wanted, counts: Mapping[str, int]) -> tuple[View, ...]:
    offered = (
        ("open", {"show": "open"}),
        ("mine", {"show": "open", "whose": "mine"}),
        ("nobody", {"show": "open", "whose": "nobody"}),
        ("me", {"show": "open", "whose": "me"}),
        ("late", {"show": "open", "time": "late"}),
        ("soon", {"show": "open", "time": "soon"}),
        ("over", {"show": "over"}),
        ("all", {"show": "all"}),
    )
    plain = replace(asked, show="", whose="", time="", state="")
    here = {key: value for key in ("show", "whose", "time") if (value := getattr(asked, key))}
    return tuple(
        View(
            name=words.VIEWS[key],
            query=_with(plain, view).query,
            count=counts.get(key),
            current=view == here,
        )
        for key, view in offered
    )


def _with(asked: Wanted, told: Mapping[str, str]) -> Wanted:
    more: dict[str, Any] = dict(told)
    return replace(asked, **more)


def _choices(asked: Wanted, what: str, who: Handler, today: date) -> tuple[Choice, ...]:
    """What may be chosen of a kind, beside all else that is asked for."""
    among = _chosen(_with(asked, {what: ""}), who, today).order_by()
    counts = dict(among.values_list(what).annotate(n=Count("pk")))
    names: Mapping[str, str] = {
        "right": {value: words.right_called(value)[0] for value in words.RIGHTS},
        "state": {state.value: str(face.name) for state, face in words.STATES.items()},
        "channel": {value: str(name) for value, name in words.CHANNELS.items()},
    }[what]
    mine = getattr(asked, what)
    return tuple(
        Choice(value=value, name=name, count=counts.get(value, 0), chosen=value == mine)
        for value, name in names.items()
        if counts.get(value) or value == mine
    )


def _lines(listed: list[Request], today: date) -> tuple[pages.Line, ...]:
    face, has, beside = standing.faces(listed), assigned_to(listed), _together(listed)
    who = pages.handlers(set(has.values()))
    return tuple(
        replace(
            pages.line(each, today, face[each.pk]),
            who=who[has[each.pk]] if each.pk in has else "",
            beside=tuple(number for number in beside.get(each.case_id, ()) if number != each.number),
        )
        for each in listed
    )


def _together(listed: list[Request]) -> dict[int | None, list[str]]:
    """The numbers of each case that holds several."""
    cases = {each.case_id for each in listed if each.case_id}
    found: dict[int | None, list[str]] = {}
    for case, number in (
        Request.objects.filter(case__in=cases).order_by("number").values_list("case", "number")
    ):
        found.setdefault(case, []).append(number)
    return found

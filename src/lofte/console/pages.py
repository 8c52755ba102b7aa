"""The console's pages as records: what the templates show, made from the rooms' models.

Nothing here says who the person is. What is sealed in a request stays sealed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from lofte.accounts.models import Handler
from lofte.accounts.token import names_of
from lofte.console import drawing, words
from lofte.console import names as naming
from lofte.console.deadline import Deadline, Tone, seen_from
from lofte.datamap.document import Give
from lofte.plan.records import Verb
from lofte.requests.course.roads import State
from lofte.requests.course.ticking import clock_of
from lofte.requests.models import Decision, Finding, PackageRecord, Request, Transition

GOAL_DAYS = 10
"""Our own goal: most requests need far less than the month the law gives."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A request in the list."""

    number: str
    right: str
    article: str
    channel: str
    state: words.Face
    received: datetime
    deadline: Deadline
    who: str = ""
    """Who takes care of it; empty = nobody."""
    beside: tuple[str, ...] = ()
    """The numbers of those that came in the same message."""
    part: bool = False
    """It is asked of some categories only."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """Something that happened to a request."""

    what: str
    when: datetime
    who: str
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """How much was found in one dataset. A number, never a value."""

    dataset: str
    categories: str
    verb: str
    rows: int
    waiting: int
    shared: int
    bar: SafeString


@dataclass(frozen=True, kw_only=True, slots=True)
class SystemCounts:
    """What was found in one system."""

    system: str
    rows: int
    counts: tuple[Count, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Withheld:
    """Why something is not given, and what it is that is not."""

    why: str
    article: str
    what: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """The time a request has, drawn: what the law gives and the goal of our own."""

    start: date
    answered: date | None
    goal: Deadline
    law: Deadline
    bar: SafeString
    notes: tuple[str, ...]
    """What has stopped or extended it, and the day as if nothing had."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestPage:
    """One request, opened."""

    line: Line
    scope: tuple[str, ...]
    """The categories that it is asked of, by name; none = everything."""
    language: str
    policy_version: str
    clock: Clock
    identified: Moment | None
    level: str
    """How surely the person is known, in words."""
    searched: bool
    systems: tuple[SystemCounts, ...]
    without: tuple[str, ...]
    """Datasets that were searched and held nothing."""
    withheld: tuple[Withheld, ...]
    package: PackageRecord | None
    rows: int
    waiting: int
    """Rows that somebody must look at before they are given."""
    shared: int
    """Rows that are held back for another person's sake."""
    meaning: str


def line(request: Request, today: date, face: words.Face | None = None) -> Line:
    """A request as the list shows it; `face` where more is known than the state."""
    right, article = words.right_called(request.right)
    return Line(
        number=request.number,
        right=right,
        article=article,
        channel=words.called(words.CHANNELS, request.channel),
        state=face or words.state_face(request.state, request.right),
        received=request.received_at,
        deadline=_deadline(request, today),
        part=bool(request.scope),
    )


def _deadline(request: Request, today: date) -> Deadline:
    """The law's day. While the clock stands still it comes no nearer."""
    clock = clock_of(request)
    seen = seen_from(today, clock.due(today), done=not State(request.state).open)
    if seen.tone is Tone.QUIET or clock.stopped is None:
        return seen
    return replace(seen, tone=Tone.NOTE, words=_("The clock stands still"))


def request_page(request: Request, today: date) -> RequestPage:
    """A request as its own page shows it."""
    transitions = list(request.transitions.all())
    identification = request.identifications.order_by("-at").first()
    names = handlers({identification.by} if identification else set())
    findings = list(request.findings.order_by("system", "-rows", "dataset"))
    called = naming.names(request.policy_version, get_language() or "sv")
    systems = _systems([each for each in findings if each.rows or each.waiting or each.shared], called)
    decided = request.mentions.exclude(weighed=None).distinct().count()
    waiting = max(sum(finding.waiting for finding in findings) - decided, 0)
    return RequestPage(
        line=line(request, today),
        scope=tuple(called.category(id_) for id_ in request.scope),
        language=words.called(words.LANGUAGES, request.language),
        policy_version=request.policy_version,
        clock=_clock(request, transitions, today),
        identified=Moment(what="", when=identification.at, who=names[identification.by], why="")
        if identification
        else None,
        level=words.called(words.LEVELS, str(identification.level)) if identification else "",
        searched=State(request.state) in (State.READY, State.DELIVERED) or bool(findings),
        systems=systems,
        without=tuple(
            called.of(each.system, each.dataset).dataset
            for each in findings
            if not (each.rows or each.waiting or each.shared)
        ),
        withheld=_withheld(findings, request.decisions.all(), called),
        package=request.packages.order_by("-made_at").first(),
        rows=sum(system.rows for system in systems),
        waiting=waiting,
        shared=sum(finding.shared for finding in findings),
        meaning=_meaning(request, waiting),
    )


def _meaning(request: Request, waiting: int) -> str:
    """Where the request stands. It is not done while rows wait for somebody's eyes."""
    if request.state == State.DELIVERED and waiting:
        return _(
            "The person has an answer. Rows that nobody has looked at are not in it; looked at, they are "
            "sent as a supplement."
        )
    return str(words.state_face(request.state, request.right).meaning)


def handlers(refs: Collection[str]) -> Mapping[str, str]:
    """Who they are, by their random ids: those who work here, and programs that were let in."""
    known = {handler.ref: str(handler) for handler in Handler.objects.filter(ref__in=[r for r in refs if r])}
    if left := {ref for ref in refs if ref} - known.keys():
        known |= {ref: _("%(name)s, a program") % {"name": name} for ref, name in names_of(left).items()}
    return {
        ref: known.get(ref, _("Somebody who no longer works here") if ref else _("Löfte")) for ref in refs
    }


def _clock(request: Request, transitions: list[Transition], today: date) -> Clock:
    start = timezone.localdate(request.received_at)
    done = not State(request.state).open
    due = clock_of(request).due(today)
    goal = min(start + timedelta(days=GOAL_DAYS), due)
    law = _deadline(request, today)
    stopped = timezone.localdate(transitions[-1].at) if done and transitions else today
    tone = Tone.CALM if law.tone is Tone.QUIET else law.tone
    label = _("%(gone)d of %(whole)d days have gone") % {
        "gone": max((stopped - start).days, 0),
        "whole": (due - start).days,
    }
    bar = drawing.time_bar(start=start, due=due, at=stopped, tone=tone, label=label, goals=(goal,))
    return Clock(
        start=start,
        answered=stopped if done else None,
        goal=seen_from(today, goal, done=done),
        law=law,
        bar=bar,
        notes=tuple(_notes(request, today)),
    )


def _notes(request: Request, today: date) -> Iterable[str]:
    clock = clock_of(request)
    if clock.stopped is not None:
        asked = words.called(words.WAITS, clock.stopped.waits)
        yield _("The clock stands still since %(day)s: %(why)s.") % {
            "day": _day(clock.stopped.since),
            "why": asked,
        }
    if days := clock.stood_still(today):
        said = ngettext("It has stood still for %(n)d day", "It has stood still for %(n)d days", days) % {
            "n": days
        }
        yield _("%(stood)s; else the last day would be %(day)s.") % {
            "stood": said,
            "day": _day(clock.unstopped),
        }
    if clock.months > 1:
        more = clock.months - 1
        said = ngettext("The time is extended by %(n)d month", "The time is extended by %(n)d months", more)
        yield _("%(extended)s (art. 12.3).") % {"extended": said % {"n": more}}


def _day(day: date) -> str:
    return date_format(day, "j F Y")


def _systems(findings: list[Finding], called: naming.Names) -> tuple[SystemCounts, ...]:
    most = max((finding.rows for finding in findings), default=0)
    return tuple(
        SystemCounts(system=system, rows=sum(count.rows for count in counts), counts=counts)
        for system, group in groupby(findings, key=lambda each: called.of(each.system, each.dataset).system)
        if (counts := tuple(_count(finding, most, called) for finding in group))
    )


def _count(finding: Finding, most: int, called: naming.Names) -> Count:
    found = called.of(finding.system, finding.dataset)
    return Count(
        dataset=found.dataset,
        categories=", ".join(found.categories),
        verb=words.called(words.VERBS, finding.verb),
        rows=finding.rows,
        waiting=finding.waiting,
        shared=finding.shared,
        bar=drawing.share_bar(finding.rows, most),
    )


def _withheld(
    findings: list[Finding], decisions: Iterable[Decision], called: naming.Names
) -> tuple[Withheld, ...]:
    """One entry per reason: it is the reasons that a handler must be able to answer for."""
    found: dict[tuple[str, str], list[str]] = {}
    for what, why, article in (*_shared(findings, called), *_fields(findings, called), *_decided(decisions)):
        found.setdefault((why, article), []).append(what)
    return tuple(
        Withheld(why=why, article=article, what=tuple(what)) for (why, article), what in found.items()
    )


def _shared(findings: list[Finding], called: naming.Names) -> Iterator[tuple[str, str, str]]:
    for finding in findings:
        if finding.shared:
            dataset = called.of(finding.system, finding.dataset).dataset
            what = ngettext("%(dataset)s: %(rows)d row", "%(dataset)s: %(rows)d rows", finding.shared)
            why = _("Another person answers to the same identity.")
            yield what % {"rows": finding.shared, "dataset": dataset}, why, _("art. 15.4")


def _fields(findings: list[Finding], called: naming.Names) -> Iterator[tuple[str, str, str]]:
    """Fields that the map holds back, in what was found and is given."""
    for finding in findings:
        if not finding.rows or finding.verb != Verb.GIVE:
            continue
        found = called.of(finding.system, finding.dataset)
        reasons: dict[tuple[str, str], list[str]] = {}
        for field in found.held_back:
            why = " ".join((str(words.GIVEN[field.give]), field.why)).strip()
            article = _("art. 15.4") if field.give is Give.MASK_OTHERS else ""
            reasons.setdefault((why, article), []).append(field.field)
        for (why, article), fields in reasons.items():
            yield f"{found.dataset}: {', '.join(fields)}", why, article


def _decided(decisions: Iterable[Decision]) -> Iterator[tuple[str, str, str]]:
    for decision in decisions:
        if decision.ground:
            day = date_format(timezone.localdate(decision.at), "j F Y")
            article = _("art. %(article)s") % {"article": decision.article} if decision.article else ""
            yield _("Decided %(day)s") % {"day": day}, words.called(words.GROUNDS, decision.ground), article

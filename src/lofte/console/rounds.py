"""Many persons at once in the console: a list is uploaded, seen in one table, approved and carried out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lofte.accounts.roles import Permission
from lofte.console import forms, words
from lofte.console.allowed import acting, allowed, at_work, handler
from lofte.console.names import now_called
from lofte.console.pages import handlers
from lofte.console.preview import Fates, fates
from lofte.console.since import done_lines, still_held
from lofte.console.standing import faces
from lofte.datamap.listed import read_list
from lofte.errors import Conflict, Refused
from lofte.execution.house import House
from lofte.fault import Fault
from lofte.plan.preview import Line
from lofte.plan.records import Verb
from lofte.requests.course import order as ordering
from lofte.requests.course.roads import State
from lofte.requests.erasure import shown, together
from lofte.requests.erasure.shown import Shown
from lofte.requests.models import Approval, Erasure, Request, Round

_GOING = (State.IDENTIFIED, State.SEARCHING)
PAGE = 200
"""Persons that the table shows; the sums are of all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundLine:
    """A round in the list."""

    ref: str
    at: datetime
    who: str
    persons: int
    open: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonLine:
    """One person of a round: a number and counts."""

    number: str
    state: words.Face
    gone: int
    changed: int
    kept: int
    near: int
    doubt: str
    """Why somebody must look at this one first; empty = nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundPage:
    """A round, opened."""

    line: RoundLine
    done: Fates | None
    """What was done, from the evidence."""
    fates: Fates | None
    """What would happen to those that are not done."""
    persons: tuple[PersonLine, ...]
    more: int
    """Persons that the table does not show."""
    seen: int
    approved: int
    doubtful: int
    wide: int
    last: int
    """The newest of what was shown; approving names it."""

    @property
    def may_be_approved(self) -> int:
        """How many can be approved as they were seen."""
        return self.seen - self.doubtful - self.approved

    @property
    def may_go(self) -> int:
        """How many are approved and still to be carried out."""
        return self.approved


@require_safe
@allowed(Permission.SEE_REQUESTS)
def round_list(request: HttpRequest) -> HttpResponseBase:
    """The rounds, the newest first."""
    found = list(Round.objects.prefetch_related("requests")[:100])
    who = handlers({each.by for each in found})
    return render(
        request,
        "console/rounds.html",
        {
            "here": "requests",
            "lines": [_line(each, who[each.by], list(each.requests.all())) for each in found],
            "may_upload": handler(request).may(Permission.RECEIVE_REQUEST),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Permission.RECEIVE_REQUEST)
@acting("rounds")
def upload(request: HttpRequest) -> HttpResponseBase:
    """Take in a list. With a fault in it nothing is taken in, and every fault is told with its line."""
    form = forms.Upload(request.POST or None, request.FILES or None)
    faults: Sequence[Fault] = ()
    if request.method == "POST" and form.is_valid():
        made, faults = _taken_in(at_work().house, form, by=handler(request).ref)
        if made is not None:
            messages.success(request, _("The list is taken in. See what would happen before it does."))
            return redirect("console:round", ref=made.ref)
    told = [(each.place.line, *words.of_list(each)) for each in faults]
    page = {"here": "requests", "form": form, "faults": told[:PAGE], "count": len(told)}
    return render(request, "console/upload.html", page, status=422 if told else 200)


@require_safe
@allowed(Permission.SEE_REQUESTS)
def round_page(request: HttpRequest, ref: str) -> HttpResponseBase:
    """One round: what would become of all of them, in one table."""
    who = handler(request)
    return render(
        request,
        "console/round.html",
        {
            "here": "requests",
            "page": _page(get_object_or_404(Round, ref=ref)),
            "may_look": who.may(Permission.FULFIL_REQUEST) or who.may(Permission.APPROVE),
            "may_approve": who.may(Permission.APPROVE),
            "may_carry_out": who.may(Permission.FULFIL_REQUEST),
        },
    )


@require_POST
@allowed(Permission.FULFIL_REQUEST, Permission.APPROVE)
@acting("round", "ref")
def show(request: HttpRequest, ref: str) -> HttpResponseBase:
    """Look into the systems at what would happen to all of them, in one pass."""
    work, found = at_work(), get_object_or_404(Round, ref=ref)
    going = [each for each in found.requests.order_by("id") if each.state in _GOING]
    shown.show(work.house, going, work.connect, by=handler(request).ref)
    return redirect("console:round", ref=ref)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Permission.APPROVE)
@acting("round", "ref")
def approval(request: HttpRequest, ref: str) -> HttpResponseBase:
    """Approve all that can be, as they were seen."""
    page = _page(found := get_object_or_404(Round, ref=ref))
    if request.method != "POST" and page.may_be_approved <= 0:
        raise Conflict("there is nobody left to approve; look first, or read the list again")
    form = forms.Approve(request.POST or None, wide=page.wide > 0, initial={"shown": page.last})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["shown"] != page.last:
            raise Conflict("somebody has looked again since; read what would happen now, then approve")
        seen = {r: s for r, s in _seen(found).items() if not _doubt(s)}
        why = form.cleaned_data.get("why", "")
        done = together.approve_all(at_work().house, seen, by=handler(request).ref, wide=why)
        messages.success(request, _("Approved: %(n)d. A handler may carry them out.") % {"n": done})
        return redirect("console:round", ref=ref)
    return render(request, "console/approve_round.html", {"here": "requests", "page": page, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Permission.FULFIL_REQUEST)
@acting("round", "ref")
def carry_out(request: HttpRequest, ref: str) -> HttpResponseBase:
    """Let the worker begin with all that are approved, in one pass."""
    found = get_object_or_404(Round, ref=ref)
    if request.method == "POST":
        approved = _approved(found)
        going = [
            each
            for each in found.requests.filter(state=State.IDENTIFIED).order_by("id")
            if each.pk in approved and ordering.open_order(each) is None
        ]
        ordering.order(at_work().house, going, by=handler(request).ref)
        messages.success(request, _("It is being carried out. Look again in a moment."))
        return redirect("console:round", ref=ref)
    page = _page(found)
    if not page.may_go:
        raise Refused("there is nothing to carry out; choose at least one request")
    there = found.requests.filter(state=State.IDENTIFIED, pk__in=_approved(found))
    held = len(still_held(there.values_list("pk", flat=True)))
    return render(request, "console/carry_out_round.html", {"here": "requests", "page": page, "held": held})


def _taken_in(house: House, form: forms.Upload, by: str) -> tuple[Round | None, Sequence[Fault]]:
    given = form.cleaned_data
    try:
        text = given["file"].read().decode("utf-8-sig")
    except UnicodeDecodeError:
        form.add_error("file", _("The file is not UTF-8. Save it as CSV UTF-8."))
        return None, ()
    reading = read_list(text, house.datamap, house.today)
    if faults := reading.faults or together.asked_already(house, reading.persons):
        return None, faults
    made = together.receive_round(
        house,
        [person.identities for person in reading.persons],
        method=given["method"],
        level=given["level"],
        channel=given["channel"],
        language=given["language"],
        by=by,
    )
    return made, ()


def _line(record: Round, who: str, requests: Sequence[Request]) -> RoundLine:
    open_ = sum(1 for each in requests if State(each.state).open)
    return RoundLine(ref=record.ref, at=record.at, who=who, persons=len(requests), open=open_)


def _page(record: Round) -> RoundPage:
    requests = list(record.requests.order_by("id"))
    seen, approved = shown.last_of(requests), _approved(record)
    going = [each.pk for each in requests if each.state in _GOING]
    lines = _together([each.preview.lines for pk, each in seen.items() if pk in going])
    done = _done(record)
    did = done_lines(each for of in done.values() for each in of)
    called, face = now_called(get_language() or "sv"), faces(requests)
    waiting = {r.pk: seen[r.pk] for r in requests if r.pk in seen and r.state in _GOING}
    persons = [
        _person(each, seen.get(each.pk), done_lines(done.get(each.pk, ())), face[each.pk])
        for each in requests
    ]
    return RoundPage(
        line=_line(record, handlers({record.by})[record.by], requests),
        done=fates(did, called) if did else None,
        fates=fates(lines, called) if lines else None,
        persons=tuple(sorted(persons, key=lambda each: not each.doubt)[:PAGE]),
        more=max(len(persons) - PAGE, 0),
        seen=len(waiting),
        approved=sum(1 for r in requests if r.pk in approved and r.state == State.IDENTIFIED),
        doubtful=sum(1 for each in waiting.values() if _doubt(each)),
        wide=sum(1 for each in waiting.values() if each.preview.wide),
        last=max((each.id for each in waiting.values()), default=0),
    )


def _together(every: Sequence[Sequence[Line]]) -> list[Line]:
    """The lines of all persons, those with the same fate added up."""
    counts: Counter[Line] = Counter()
    for lines in every:
        for line in lines:
            counts[_unit(line)] += line.rows
    return [
        Line(
            system=line.system,
            dataset=line.dataset,
            verb=line.verb,
            ground=line.ground,
            article=line.article,
            until=line.until,
            rows=rows,
        )
        for line, rows in counts.items()
    ]


def _unit(line: Line) -> Line:
    return Line(
        system=line.system,
        dataset=line.dataset,
        verb=line.verb,
        ground=line.ground,
        article=line.article,
        until=line.until,
        rows=0,
    )


def _person(request: Request, seen: Shown | None, done: Sequence[Line], face: words.Face) -> PersonLine:
    """What was done, else what would be."""
    preview = seen.preview if seen else None
    lines = done if request.state not in _GOING else preview.lines if preview else ()
    rows = Counter[Verb]()
    for line in lines:
        rows[line.verb] += line.rows
    return PersonLine(
        number=request.number,
        state=face,
        gone=rows[Verb.DELETE],
        changed=rows[Verb.CHANGE] + rows[Verb.UNLINK],
        kept=rows[Verb.KEEP],
        near=sum(each.rows for each in preview.near) if preview and request.state in _GOING else 0,
        doubt=_doubt(seen) if seen and request.state in _GOING else "",
    )


def _doubt(seen: Shown) -> str:
    if seen.preview.ambiguous:
        return _("More than one person answers to what was shown.")
    if seen.preview.silent:
        return _("A system did not answer.")
    return ""


def _seen(record: Round) -> dict[Request, Shown]:
    requests = list(record.requests.filter(state__in=_GOING).order_by("id"))
    seen = shown.last_of(requests)
    return {each: seen[each.pk] for each in requests if each.pk in seen}


def _done(record: Round) -> dict[int, list[Erasure]]:
    found: dict[int, list[Erasure]] = {}
    for each in Erasure.objects.filter(request__rounds=record):
        found.setdefault(each.request_id, []).append(each)
    return found


def _approved(record: Round) -> set[int]:
    return set(Approval.objects.filter(request__rounds=record).values_list("request_id", flat=True))

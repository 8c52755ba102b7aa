"""A request for erasure in the console: seen before it is approved, carried out, followed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lofte.accounts.roles import Permission
from lofte.console import forms, words
from lofte.console.allowed import acting, allowed, at_work, handler
from lofte.console.course import Course, course
from lofte.console.names import Names, names
from lofte.console.pages import handlers
from lofte.console.preview import (
    Beneath,
    Fates,
    Letter,
    PlanPage,
    beneath,
    fates,
    letters,
    plan_page,
)
from lofte.console.refusals import said
from lofte.console.since import lines_now, went_later
from lofte.console.standing import answered, faces
from lofte.console.words import Face
from lofte.errors import Conflict, LofteError
from lofte.execution import vault
from lofte.execution.house import House
from lofte.law.rights import Right
from lofte.plan.records import Verb
from lofte.requests.course import order as ordering
from lofte.requests.course.receive import identities_of
from lofte.requests.course.roads import State
from lofte.requests.erasure import holds, layers, shown
from lofte.requests.erasure.approve import approval_of, approve
from lofte.requests.erasure.erase_verify import left_of
from lofte.requests.erasure.letter import letter
from lofte.requests.erasure.outcome import begun, outcome
from lofte.requests.models import Approval, Request

_BEFORE = (State.IDENTIFIED, State.SEARCHING)


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """Who did something, and when."""

    who: str
    at: datetime
    rows: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A hold that stands on the person."""

    case: str
    what: str
    categories: str
    """Empty = all their data."""
    at: datetime
    new: bool
    """It was placed after the erasure was approved: who approved has not seen it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Erasing:
    """How far an erasure has come."""

    face: Face
    plan: PlanPage | None
    approved: Done | None
    ordered: Done | None
    waits: bool
    """It is ordered, and the worker has not begun."""
    course: tuple[Course, ...]
    left: tuple[tuple[str, int], ...]
    """Where the second scanner still finds something: table, column and how many rows."""
    done: Fates | None
    beneath: tuple[Beneath, ...]
    """What may remain beneath the rows that are gone."""
    undo_until: datetime | None
    """Until when all of it can be given back; None = no more, or nothing is done."""
    letters: tuple[Letter, ...]
    since: int
    """Rows that have gone by themselves since the letter was made."""
    held: tuple[Held, ...]
    """Holds that stand on the person now."""
    open: bool
    trouble: str
    """Why nothing can be done now: the workspace has faults."""

    @property
    def stuck(self) -> bool:
        """Something failed and is tried again, now or later."""
        return any(each.stuck for each in self.course)


def erasing(request: Request) -> Erasing:
    """How far this request has come. The page is shown though the workspace has faults."""
    house, trouble = None, ""
    try:
        house = at_work().house
    except LofteError as error:
        trouble = said(error)
    called = names(request.policy_version, get_language() or "sv")
    seen, approved, ordered = shown.last_shown(request), approval_of(request), request.orders.last()
    who = handlers({each.by for each in (seen, approved, ordered) if each is not None})
    lines = lines_now(request, request.erasures.all())
    return Erasing(
        face=answered(request, faces([request])[request.pk], lines),
        plan=plan_page(seen, called, who[seen.by], request.language) if seen else None,
        approved=_approved(approved, who) if approved else None,
        ordered=Done(who=who[ordered.by], at=ordered.at) if ordered else None,
        waits=ordering.open_order(request) is not None,
        course=_course(house, request, called) if house else (),
        left=tuple(sorted(left_of(request).items())),
        done=fates(lines, called) if lines else None,
        beneath=beneath((each for of in layers.of(request).values() for each in of), called),
        undo_until=_undo_until(house, request) if house and lines and not request.undone.exists() else None,
        letters=_letters(house, request) if house else (),
        since=went_later(request.erasures.all()),
        held=_held(house, request, approved, called) if house and request.state in _BEFORE else (),
        open=request.state in _BEFORE,
        trouble=trouble,
    )


@require_POST
@allowed(Permission.FULFIL_REQUEST, Permission.APPROVE)
@acting("request", "number")
def show(request: HttpRequest, number: str) -> HttpResponseBase:
    """Look into the systems at what would happen. Nothing is changed in them; by POST, since it reads
    a person's rows."""
    work, found = at_work(), _found(number)
    shown.show(work.house, [found], work.connect, by=handler(request).ref)
    return redirect("console:request", number=number)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Permission.APPROVE)
@acting("request", "number")
def approval(request: HttpRequest, number: str) -> HttpResponseBase:
    """Let it be carried out as it was seen."""
    found, house = _found(number), at_work().house
    if found.state not in _BEFORE:
        raise Conflict("only a request that is identified and not yet answered can be approved")
    seen = shown.last_shown(found)
    if seen is None:
        raise Conflict("nobody has looked at what would happen; look first")
    form = forms.Approve(request.POST or None, wide=seen.preview.wide, initial={"shown": seen.id})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["shown"] != seen.id:
            raise Conflict("somebody has looked again since; read what would happen now, then approve")
        approve(house, found, seen.preview, by=handler(request).ref, wide=form.cleaned_data.get("why", ""))
        messages.success(request, _("It is approved. A handler may carry it out."))
        return redirect("console:request", number=number)
    return _confirm(request, "console/approve.html", found, form)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Permission.FULFIL_REQUEST)
@acting("request", "number")
def carry_out(request: HttpRequest, number: str) -> HttpResponseBase:
    """Let the worker begin at once."""
    found = _found(number)
    if request.method == "POST":
        ordering.order(at_work().house, [found], by=handler(request).ref)
        messages.success(request, _("It is being carried out. Look again in a moment."))
        return redirect("console:request", number=number)
    ordering.may_go(found)
    return _confirm(request, "console/carry_out.html", found, None)


@require_POST
@allowed(Permission.FULFIL_REQUEST)
@acting("request", "number")
def again(request: HttpRequest, number: str) -> HttpResponseBase:
    """Try now what waits after a failure."""
    ordering.hurry(at_work().house, _found(number))
    messages.success(request, _("It is tried again now. Look again in a moment."))
    return redirect("console:request", number=number)


def _confirm(
    request: HttpRequest, template: str, found: Request, form: forms.Approve | None
) -> HttpResponseBase:
    page = erasing(found)
    called = names(found.policy_version, get_language() or "sv")
    scope = [called.category(id_) for id_ in found.scope]
    shown = {"here": "requests", "number": found.number, "erasing": page, "form": form, "scope": scope}
    return render(request, template, shown)


def _found(number: str) -> Request:
    found = Request.objects.filter(number=number, right=Right.ERASURE).first()
    if found is None:
        raise Http404
    return found


def _course(house: House, request: Request, called: Names) -> tuple[Course, ...]:
    """The steps of the request, and that of the order while it could not begin."""
    ordered = ordering.open_order(request)
    waiting = [each for each in begun(ordered) if each.why] if ordered else []
    return course((*waiting, *outcome(house, request)), called)


def _approved(approval: Approval, who: Mapping[str, str]) -> Done:
    taken = sum(rows for _system, _dataset, verb, rows in approval.counts if verb != Verb.KEEP)
    return Done(who=who[approval.by], at=approval.at, rows=taken)


def _held(house: House, request: Request, approved: Approval | None, called: Names) -> tuple[Held, ...]:
    """What would keep rows of theirs now; none when it is no longer known who it is about."""
    if not request.key:
        return ()
    found = holds.standing(house, {0: identities_of(house, request)}).get(0, ())
    return tuple(
        Held(
            case=each.case,
            what=str(words.HOLDS.get(each.kind, each.kind.value)),
            categories=", ".join(called.category(id_) for id_ in sorted(each.categories)),
            at=each.placed_at,
            new=approved is not None and each.placed_at > approved.at,
        )
        for each in found
    )


def _letters(house: House, request: Request) -> tuple[Letter, ...]:
    """As they were made; none before all is done, nor when the key of the request is destroyed."""
    there = request.letters.values_list("language", flat=True) if request.key else ()
    return letters({code: letter(house, request, code) for code in there}, request.language)


def _undo_until(house: House, request: Request) -> datetime | None:
    return min((key.until for key in vault.living(house, request.ref)), default=None)

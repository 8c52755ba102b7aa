"""Restrictions in the console: what is in force, whom to tell, announcing and lifting (art. 18)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lofte.accounts.roles import Permission
from lofte.consent import copy, watch
from lofte.consent import restrict as restrictions
from lofte.consent.enforce import enforce, put_back
from lofte.consent.models import Notice, Restriction, RestrictionBreach
from lofte.console import forms, words
from lofte.console.allowed import acting, allowed, at_work, handler
from lofte.console.grounds import cited
from lofte.console.names import Names, now_called
from lofte.errors import Conflict
from lofte.execution.house import House
from lofte.plan.restriction import LETTERS, Ground, Outcome
from lofte.plan.restriction import Told as What
from lofte.requests.answer.grant import grant
from lofte.requests.course.receive import identities_of
from lofte.requests.course.roads import State
from lofte.requests.models import Request


@dataclass(frozen=True, kw_only=True, slots=True)
class ToTell:
    """Something that the person is still to be told."""

    what: str
    why: str
    letter: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RestrictionLine:
    """A restriction in force."""

    number: str
    ground: str
    article: str
    asked_for: str
    stopped: tuple[str, ...]
    since: datetime
    to_tell: tuple[ToTell, ...]
    told_of_release: bool
    release_waits: bool
    """The lifting is prepared, and the person is still to be told."""
    may_reach: bool
    """It has begun, and the systems have not been reached yet."""
    breaches: tuple[str, ...]
    """Where somebody else has written to the rows since, in counts."""
    lifted: bool
    """It is lifted, and some system still says otherwise."""

    @property
    def urgent(self) -> bool:
        """Somebody has something to do."""
        return bool(self.to_tell or self.breaches or self.lifted or self.may_reach)


@require_safe
@allowed(Permission.SEE_REQUESTS)
@acting("requests")
def restriction_list(request: HttpRequest) -> HttpResponseBase:
    """The restrictions in force; those with somebody to tell first."""
    house = at_work().house
    called = now_called(get_language() or "sv")
    lines = [_line(house, each, called) for each in going_on()]
    lines.sort(key=lambda each: not each.urgent)
    return render(
        request,
        "console/restrictions.html",
        {"here": "watch", "lines": lines, "waiting": sum(1 for each in lines if each.to_tell)},
    )


def going_on() -> QuerySet[Restriction]:
    """The restrictions in force, and those that are lifted and whose request is not answered yet."""
    open_ = Request.objects.filter(state__in=[state for state in State if state.open]).values("ref")
    going = Q(lifted=None) | Q(request__in=open_)
    return Restriction.objects.filter(going).exclude(request="").order_by("id")


@require_safe
@allowed(Permission.SEE_REQUESTS)
@acting("requests")
def restriction_page(request: HttpRequest, number: str) -> HttpResponseBase:
    """One restriction, and what can be done next."""
    record = _of(number)
    return render(
        request,
        "console/restriction.html",
        {
            "here": "watch",
            "line": _line(at_work().house, record, now_called(get_language() or "sv")),
            "told_form": forms.Told(),
            "why_form": forms.Why(),
            "may_act": handler(request).may(Permission.FULFIL_REQUEST),
        },
    )


@require_POST
@allowed(Permission.FULFIL_REQUEST)
@acting("restriction", "number")
def told(request: HttpRequest, number: str, what: str) -> HttpResponseBase:
    """The person has been told. When it is that the service stops, the systems are told too."""
    record, form = _of(number), forms.Told(request.POST)
    notice = Notice.objects.filter(about=record.ref, what=what).first()
    if notice is None:
        raise Http404
    if form.is_valid():
        restrictions.tell(
            at_work().house, notice, channel=form.cleaned_data["channel"], by=handler(request).ref
        )
        messages.success(request, _("It is noted that the person has been told."))
        if what == What.STOP:
            _enforce(record)
    return redirect("console:restriction", number=number)


@require_POST
@allowed(Permission.FULFIL_REQUEST)
@acting("restriction", "number")
def reach(request: HttpRequest, number: str) -> HttpResponseBase:
    """Let the systems say it, when one did not answer before."""
    _enforce(_of(number))
    messages.success(request, _("The systems say it now."))
    return redirect("console:restriction", number=number)


@require_POST
@allowed(Permission.FULFIL_REQUEST)
@acting("restriction", "number")
def announce(request: HttpRequest, number: str) -> HttpResponseBase:
    """Queue what the person is told before it is lifted (art. 18.3)."""
    restrictions.announce_release(at_work().house, _of(number), by=handler(request).ref)
    return redirect("console:restriction", number=number)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Permission.FULFIL_REQUEST)
@acting("restriction", "number")
def lift(request: HttpRequest, number: str) -> HttpResponseBase:
    """Lift it, when the person has been told."""
    record, form = _of(number), forms.Lift(request.POST or None)
    if request.method == "POST" and form.is_valid():
        stay = _lift(record, Outcome(form.cleaned_data["outcome"]), by=handler(request).ref)
        messages.success(request, _("The restriction is lifted."))
        if stay:
            words_ = _("%(n)d rows stay in the locked copy, because others stand in their place.")
            messages.warning(request, words_ % {"n": stay})
        return redirect("console:restrictions")
    line = _line(at_work().house, record, now_called(get_language() or "sv"))
    return render(request, "console/lift_restriction.html", {"here": "watch", "form": form, "line": line})


@require_POST
@allowed(Permission.FULFIL_REQUEST)
@acting("restriction", "number")
def settle(request: HttpRequest, number: str) -> HttpResponseBase:
    """What somebody else has written may stand, and why."""
    record, form, work = _of(number), forms.Why(request.POST), at_work()
    if form.is_valid():
        why, by = form.cleaned_data["why"], handler(request).ref
        watch.settle(work.house, record, work.connect, why=why, by=by)
        messages.success(request, _("It is noted why the rows may stand as they do."))
    return redirect("console:restriction", number=number)


def _lift(record: Restriction, outcome: Outcome, by: str) -> int:
    """Done again, it does what a silent system left undone. Returns how many rows could not come back."""
    work = at_work()
    if not hasattr(record, "lifted"):
        restrictions.lift(work.house, record, outcome, by=by)
    put_back(work.house, record, work.connect)
    grant(work.house, Request.objects.get(ref=record.request), by=by)
    return copy.left(record)


def _enforce(record: Restriction) -> None:
    work = at_work()
    shown = identities_of(work.house, Request.objects.get(ref=record.request))
    enforce(work.house, record, shown, work.connect)


def _of(number: str) -> Restriction:
    asked = Request.objects.filter(number=number).first()
    found = going_on().filter(request=asked.ref).last() if asked else None
    if found is None:
        raise Http404
    return found


def _line(house: House, record: Restriction, called: Names) -> RestrictionLine:
    asked = Request.objects.filter(ref=record.request).first()
    if asked is None:
        raise Conflict("the request of this restriction is gone; look at it at the terminal")
    ground = Ground(record.ground)
    waiting = restrictions.waiting_notices(record.ref)
    stopped, lifted = restrictions.stopped_by(house, record), hasattr(record, "lifted")
    reached = record.watched.exists() or record.statuses.exists() or record.moves.exists()
    return RestrictionLine(
        number=asked.number,
        ground=words.called(words.RESTRICTED, ground.value),
        article=cited(ground.article),
        asked_for=", ".join(called.purpose(id_) for id_ in record.purposes),
        stopped=() if lifted else tuple(sorted(called.purpose(id_) for id_ in stopped.purposes)),
        since=record.at,
        to_tell=tuple(_to_tell(each) for each in waiting),
        told_of_release=Notice.objects.filter(
            about=record.ref, what=What.RELEASE, told__isnull=False
        ).exists(),
        release_waits=any(each.what == What.RELEASE for each in waiting),
        may_reach=stopped.told and not reached and not lifted,
        breaches=tuple(_breach(each, called) for each in watch.open_breaches(record)),
        lifted=lifted,
    )


def _breach(breach: RestrictionBreach, called: Names) -> str:
    counts = {
        _("changed %(n)d"): breach.changed,
        _("gone %(n)d"): breach.gone,
        _("status overwritten %(n)d"): breach.overwritten,
        _("new %(n)d"): breach.added,
    }
    said = ", ".join(text % {"n": rows} for text, rows in counts.items() if rows)
    return f"{called.of(breach.system, breach.dataset).dataset}: {said}"


def _to_tell(notice: Notice) -> ToTell:
    language = "en" if get_language() == "en" else "sv"
    return ToTell(
        what=notice.what,
        why=words.called(words.NOTICES, notice.what),
        letter=LETTERS[What(notice.what)].say(language),
    )

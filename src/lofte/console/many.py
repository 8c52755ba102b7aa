"""Many requests at once: chosen in the list, seen as it would come out, and only then done."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from lofte.accounts.models import Handler
from lofte.accounts.roles import Permission
from lofte.console import case_forms, words
from lofte.console.allowed import acting, allowed, at_work, handler
from lofte.console.pages import handlers
from lofte.console.refusals import said
from lofte.console.words import Words
from lofte.console.worklist import wanted
from lofte.errors import Conflict, LofteError, Refused
from lofte.execution.house import House
from lofte.law.clock import Because
from lofte.requests.course import order as ordering
from lofte.requests.course import ticking
from lofte.requests.course.assign import assign, assigned_to, insist_may_have
from lofte.requests.course.roads import State
from lofte.requests.course.seconded import What, needed
from lofte.requests.models import Request

MOST = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Fate:
    """What would happen to one of them, or why it is left out."""

    number: str
    right: str
    what: str
    out: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """Something that is done to many."""

    needed: Permission
    name: Words
    sure: Words
    """What the button says."""
    form: Callable[..., django_forms.Form] | None
    judge: Callable[[Sequence[Request], Mapping[str, Any]], Sequence[str | LofteError]]
    """For each: what would happen, or what says no."""
    do: Callable[[House, Sequence[Request], Mapping[str, Any], str], int]
    """Does it to those, and returns to how many."""


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Permission.WORK_ON_REQUESTS, Permission.FULFIL_REQUEST)
@acting("requests")
def many(request: HttpRequest) -> HttpResponseBase:
    """Ask what is needed, show what would happen to each, and do it when that is confirmed."""
    given, who = request.POST if request.method == "POST" else request.GET, handler(request)
    act = ACTS.get(given.get("do", ""))
    found = _found(given)
    if act is None or not found:
        messages.error(request, _("Choose what to do, and at least one request."))
        return redirect(_back(given))
    if not who.may(act.needed):
        raise PermissionDenied
    form = act.form(request.POST or None) if act.form else None
    told: Mapping[str, Any] = {}
    if form is not None:
        if not form.is_valid():
            return _page(request, given, act, found, form=form)
        told = form.cleaned_data
    fates, going = _judged(act, found, told)
    seen = _digest(fates, told)
    if request.method == "POST" and given.get("sure") == seen:
        done = act.do(at_work().house, going, told, who.ref)
        messages.success(request, _done(act, done, len(found) - done))
        return redirect(_back(given))
    if given.get("sure"):
        messages.warning(request, _("Something has changed since you looked. Read it again."))
    return _page(request, given, act, found, form=form, fates=fates, seen=seen)


def acts_of(who: Handler) -> tuple[tuple[str, str], ...]:
    """What this handler may do to many."""
    return tuple((key, str(act.name)) for key, act in ACTS.items() if who.may(act.needed))


def _found(given: QueryDict) -> list[Request]:
    numbers = given.getlist("n")[:MOST]
    return list(Request.objects.filter(number__in=numbers).prefetch_related("clock_events"))


def _judged(
    act: Act, found: Sequence[Request], told: Mapping[str, Any]
) -> tuple[tuple[Fate, ...], list[Request]]:
    judged = list(zip(found, act.judge(found, told), strict=True))
    fates = tuple(
        Fate(
            number=each.number,
            right=words.right_called(each.right)[0],
            what=said(what) if isinstance(what, LofteError) else what,
            out=isinstance(what, LofteError),
        )
        for each, what in judged
    )
    return fates, [each for each, what in judged if not isinstance(what, LofteError)]


def _digest(fates: Sequence[Fate], told: Mapping[str, Any]) -> str:
    """By what it is known that what is done is what was seen."""
    shown = [[each.number, each.what, each.out] for each in fates]
    return hashlib.sha256(json.dumps([shown, dict(told)], default=str).encode()).hexdigest()


def _done(act: Act, done: int, out: int) -> str:
    text = ngettext("%(act)s: %(n)d request.", "%(act)s: %(n)d requests.", done) % {
        "act": act.name,
        "n": done,
    }
    left = ngettext("%(n)d was left out.", "%(n)d were left out.", out) % {"n": out}
    return f"{text} {left}" if out else text


def _back(given: QueryDict) -> str:
    """The list as it was looked at."""
    query = wanted(QueryDict(given.get("back", "")[:500])).query
    return reverse("console:requests") + (f"?{query}" if query else "")


def _page(
    request: HttpRequest,
    given: QueryDict,
    act: Act,
    found: Sequence[Request],
    *,
    form: django_forms.Form | None,
    fates: Sequence[Fate] = (),
    seen: str = "",
) -> HttpResponseBase:
    page = {
        "here": "requests",
        "act": act,
        "do": given.get("do"),
        "numbers": [each.number for each in found],
        "form": form,
        "going": [each for each in fates if not each.out],
        "out": [each for each in fates if each.out],
        "seen": seen,
        "back": _back(given),
        "query": given.get("back", ""),
    }
    return render(request, "console/many.html", page)


def _judge_giving(found: Sequence[Request], told: Mapping[str, Any]) -> Sequence[str | LofteError]:
    to = told["to"]
    if to:
        insist_may_have(to)
    has = assigned_to(found)
    names = handlers({to, *has.values()})
    nobody = _("nobody")

    def judged(each: Request) -> str | LofteError:
        before = has.get(each.pk, "")
        if not State(each.state).open:
            return Conflict("this request is answered already; read it again")
        if before == to:
            return Refused("who is to have it has it already")
        said = {"before": names[before] if before else nobody, "after": names[to] if to else nobody}
        return _("From %(before)s to %(after)s.") % said

    return [judged(each) for each in found]


def _give(house: House, going: Sequence[Request], told: Mapping[str, Any], by: str) -> int:
    return _each(going, lambda each: assign(house, each, to=told["to"], by=by))


def _judge_extending(found: Sequence[Request], told: Mapping[str, Any]) -> Sequence[str | LofteError]:
    today, two = timezone.localdate(), needed(at_work().house, What.EXTENSION)

    def judged(each: Request) -> str | LofteError:
        if two:
            return Refused("the policy wants a second person for this; propose it, and let another decide")
        if not State(each.state).open:
            return Conflict("the request is answered, so its clock does not run any more")
        clock = ticking.clock_of(each)
        try:
            longer = clock.extend(int(told["months"]), today)
        except LofteError as error:
            return error
        days = {"before": clock.due(today), "after": longer.due(today)}
        said = {key: date_format(day, "j F Y") for key, day in days.items()}
        return _("The last day moves from %(before)s to %(after)s.") % said

    return [judged(each) for each in found]


def _extend(house: House, going: Sequence[Request], told: Mapping[str, Any], by: str) -> int:
    months, because = int(told["months"]), Because(told["because"])
    return _each(
        going,
        lambda each: ticking.extend(house, each, months=months, because=because, why=told["why"], by=by),
    )


def _judge_searching(found: Sequence[Request], told: Mapping[str, Any]) -> Sequence[str | LofteError]:
    def judged(each: Request) -> str | LofteError:
        if each.right not in ordering.SEARCHED:
            return Refused("only a request for a copy of the data is searched for in this way")
        try:
            ordering.may_go(each)
        except LofteError as error:
            return error
        return _("The systems are searched, and the package is made.")

    return [judged(each) for each in found]


def _search(house: House, going: Sequence[Request], told: Mapping[str, Any], by: str) -> int:
    if going:
        ordering.order(house, going, by=by)
    return len(going)


def _each(going: Sequence[Request], do: Callable[[Request], object]) -> int:
    """One after the other, each with its own record; one that says no after all stops no other."""
    done = 0
    for request in going:
        try:
            done += do(request) is not None
        except (Conflict, Refused):
            continue
    return done


ACTS: Mapping[str, Act] = {
    "assign": Act(
        needed=Permission.WORK_ON_REQUESTS,
        name=lazy("Give to somebody"),
        sure=lazy("Give them"),
        form=case_forms.Give,
        judge=_judge_giving,
        do=_give,
    ),
    "extend": Act(
        needed=Permission.FULFIL_REQUEST,
        name=lazy("Extend the time"),
        sure=lazy("Extend them"),
        form=case_forms.Extend,
        judge=_judge_extending,
        do=_extend,
    ),
    "search": Act(
        needed=Permission.FULFIL_REQUEST,
        name=lazy("Search the systems"),
        sure=lazy("Search for them"),
        form=None,
        judge=_judge_searching,
        do=_search,
    ),
}

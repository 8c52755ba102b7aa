"""What has had its time, in the console: what each rule has before it, what will leave, what has left.

Counts and days of nobody: whoever may see figures may see these (art. 5.1 e, 5.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.contrib import messages
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lofte.accounts.roles import Permission
from lofte.console import forms
from lofte.console.allowed import acting, allowed, at_work, handler
from lofte.console.drawing import column, share_bar, spare_line
from lofte.console.names import Names, now_called
from lofte.console.pages import handlers
from lofte.policy.document import Policy
from lofte.policy.retention_words import say
from lofte.retention import clock, outlook, pace
from lofte.retention.calendar import Leaving
from lofte.retention.models import Line, Stop, Sweep
from lofte.retention.outlook import Prospect

RUNS = 60
"""Sweeps that the list shows."""
TOP = 3
"""Kinds of data that a week names at once."""
FATES: Mapping[str, object] = {
    "delete": lazy("Leaves"),
    "suppress": lazy("Leaves, the no stays"),
    "anonymise": lazy("Stays, about nobody"),
    "restrict": lazy("Made as small as the law needs"),
    "minimise": lazy("Made as small as the law needs, until it leaves"),
}
STOPS: Mapping[str, object] = {
    "unapproved": lazy("Waits for approval"),
    "unusual": lazy("Unusually many: look why, then let them through with `lofte sweep --wide`"),
    "clock": lazy("The clock is doubted"),
    "faults": lazy("The data map or the database does not let it: run `lofte check`"),
    "unclear": lazy("Rows of a person with a hold cannot be told from another's"),
    "unreachable": lazy("The system does not answer; the next sweep tries again"),
    "broken": lazy("The database did other than it was told; nothing was done"),
    "conflict": lazy("Something changed meanwhile; the next sweep tries again"),
    "unknown": lazy("Refused; the next sweep tries again"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleLine:
    """One dataset and what becomes of its rows."""

    ref: str
    system: str
    """Empty where there is only one."""
    dataset: str
    fate: object
    kept: tuple[str, ...]
    """Until when, in the words that people are told."""
    rows: int
    free: int
    """Of these: those that nothing keeps."""
    waiting: int
    held: int
    unknown: int
    why: object
    """What stops it; empty = nothing."""
    to_approve: bool
    spare: str
    late: bool
    curve: SafeString | str

    @property
    def busy(self) -> bool:
        """There is something to do, or to look at, tonight."""
        return bool(self.rows or self.why or self.late or self.to_approve)


@dataclass(frozen=True, kw_only=True, slots=True)
class Week:
    """What leaves in the seven days from one on."""

    first: date
    rows: int
    most: tuple[tuple[str, int], ...]
    rest: tuple[tuple[str, int], ...]
    bar: SafeString


@require_safe
@allowed(Permission.SEE_FIGURES)
def page(request: HttpRequest) -> HttpResponseBase:
    """What each rule has before it tonight, and whether any row has outstayed its time."""
    last = outlook.newest()
    lines = _rules(outlook.prospects(last)) if last else []
    return render(
        request,
        "console/retention.html",
        {
            "here": "retention",
            "outlook": last,
            "waits": outlook.waits(),
            "lines": [line for line in lines if line.busy],
            "others": [line for line in lines if not line.busy],
            "rows": sum(line.free for line in lines),
            "late": sum(1 for line in lines if line.late),
            "unapproved": sum(1 for line in lines if line.to_approve),
            "may_approve": handler(request).may(Permission.APPROVE),
            "doubted": _doubted(),
            "paused": pace.standing(),
        },
    )


@require_POST
@allowed(Permission.SEE_FIGURES)
@acting("retention")
def again(request: HttpRequest) -> HttpResponseBase:
    """Look at every system anew; the server does it in a moment."""
    outlook.ask(at_work().house, by=handler(request).ref)
    return redirect("console:retention")


@require_POST
@allowed(Permission.APPROVE)
@acting("retention")
def approve(request: HttpRequest) -> HttpResponseBase:
    """Let what was seen be done, from the next sweep on."""
    chosen, by = request.POST.getlist("what"), handler(request).ref
    made = outlook.approve_seen(at_work().house, chosen, by=by)
    words = ngettext("%(n)d is approved.", "%(n)d are approved.", len(made)) % {"n": len(made)}
    then = _("The next sweep, tonight, does it.")
    messages.success(request, f"{words} {then}")
    outlook.ask(at_work().house, by=by)
    return redirect("console:retention")


@require_POST
@allowed(Permission.APPROVE)
@acting("retention")
def clock_is_right(request: HttpRequest) -> HttpResponseBase:
    """Somebody has looked at a clock that was doubted."""
    clock.confirm(at_work().house, by=handler(request).ref)
    messages.success(request, _("The next sweep trusts the clock."))
    return redirect("console:retention")


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Permission.APPROVE)
@acting("retention")
def paused(request: HttpRequest) -> HttpResponseBase:
    """Stop the sweeps for a while, and say why."""
    form = forms.Why(request.POST or None)
    if request.method == "POST" and form.is_valid():
        pace.pause(at_work().house, why=form.cleaned_data["why"], by=handler(request).ref)
        messages.success(request, _("The sweeps are paused until somebody lets them go on."))
        return redirect("console:retention")
    return render(request, "console/retention_pause.html", {"here": "retention", "form": form})


@require_POST
@allowed(Permission.APPROVE)
@acting("retention")
def resumed(request: HttpRequest) -> HttpResponseBase:
    """Let the sweeps go on where they were."""
    pace.resume(at_work().house, by=handler(request).ref)
    messages.success(request, _("The sweeps go on tonight, where they were."))
    return redirect("console:retention")


@require_safe
@allowed(Permission.SEE_FIGURES)
def ahead_page(request: HttpRequest) -> HttpResponseBase:
    """What will leave in the ninety days to come, week by week."""
    last = outlook.newest()
    weeks = _weeks(outlook.leaving(last), last.as_of) if last and last.as_of else []
    return render(
        request,
        "console/retention_ahead.html",
        {
            "here": "retention",
            "outlook": last,
            "weeks": weeks,
            "rows": sum(week.rows for week in weeks),
            "days": outlook.DAYS,
        },
    )


@require_safe
@allowed(Permission.SEE_FIGURES)
def run_list(request: HttpRequest) -> HttpResponseBase:
    """The sweeps that have been, the newest first."""
    runs = list(
        Sweep.objects.select_related("end")
        .annotate(gone=Sum("lines__gone"), changed=Sum("lines__changed"), held=Sum("lines__held"))
        .order_by("-id")[:RUNS]
    )
    who = handlers({run.by for run in runs if run.by})
    most = max((run.gone or 0 for run in runs), default=0)
    lines = [
        {
            "run": run,
            "who": who.get(run.by, ""),
            "stops": run.stops.count(),
            "end": getattr(run, "end", None),
            "bar": share_bar(run.gone or 0, most),
        }
        for run in runs
    ]
    return render(request, "console/retention_runs.html", {"here": "retention", "lines": lines})


@require_safe
@allowed(Permission.SEE_FIGURES)
def run_page(request: HttpRequest, ref: str) -> HttpResponseBase:
    """One sweep: what it had before it, what left, what was left and why."""
    run = Sweep.objects.select_related("end").filter(ref=ref).first()
    if run is None:
        raise Http404
    called = now_called(get_language() or "sv")
    lines = [(_called(called, line), FATES.get(line.fate, line.fate), line) for line in run.lines.all()]
    stops = [
        (_called(called, stop) if stop.system else "", STOPS.get(stop.why, stop.why), stop)
        for stop in run.stops.order_by("id")
    ]
    there = {"here": "retention", "run": run, "end": getattr(run, "end", None), "lines": lines}
    return render(request, "console/retention_run.html", there | {"stops": stops})


def _rules(found: Sequence[Prospect]) -> list[RuleLine]:
    """Those that wait for somebody first, then those that have most to do."""
    language = get_language() or "sv"
    called, curves, policy = now_called(language), outlook.spares(), at_work().house.policy
    lines = [_rule(each, called, policy, curves, language) for each in found]
    if len({line.system for line in lines}) == 1:
        lines = [replace(line, system="") for line in lines]
    return sorted(lines, key=lambda line: (not line.late, not line.why, -line.rows))


def _rule(
    each: Prospect,
    called: Names,
    policy: Policy,
    curves: Mapping[tuple[str, str], Sequence[tuple[date, int]]],
    language: str,
) -> RuleLine:
    task = each.task
    names = called.of(task.system, task.dataset)
    curve = curves.get((task.system, task.dataset), ()) if each.spare is not None else ()
    late = each.spare is not None and each.spare < 0 and task.free > 0
    return RuleLine(
        ref=outlook.name(task),
        system=names.system,
        dataset=names.dataset,
        fate=FATES[task.fate.value],
        kept=tuple(_kept(policy, task.rules, language)),
        rows=task.rows,
        free=task.free,
        waiting=task.waiting,
        held=task.held,
        unknown=task.unknown,
        why=STOPS.get(task.why, task.why) if task.why and (task.rows or task.why not in _QUIET) else "",
        to_approve=task.why == "unapproved",
        spare=_spare(each.spare) if late or not task.rows or task.free else _("stays for now"),
        late=late,
        curve=spare_line(curve, _("Days left for the row with the least time, day by day")),
    )


_QUIET = frozenset({"unapproved", "unusual"})
"""What does not matter where there are no rows."""


def _kept(policy: Policy, rules: Iterable[str], language: str) -> Iterable[str]:
    """As people are told; where use ends earlier, until then."""
    for id_ in rules:
        if rule := policy.retention.get(id_):
            yield say(rule.keep_until, language)


def _spare(days: int | None) -> str:
    if days is None:
        return ""
    if days < 0:
        return ngettext("should have left %(n)d day ago", "should have left %(n)d days ago", -days) % {
            "n": -days
        }
    if days == 0:
        return _("leaves tonight")
    return ngettext("the first leaves in %(n)d day", "the first leaves in %(n)d days", days) % {"n": days}


def _weeks(found: Sequence[Leaving], since: date) -> list[Week]:
    called = now_called(get_language() or "sv")
    several = len({each.system for each in found}) > 1
    counted: dict[int, dict[str, int]] = {}
    for each in found:
        parts = counted.setdefault((each.day - since).days // 7, {})
        name = _called(called, each) if several else called.of(each.system, each.dataset).dataset
        parts[name] = parts.get(name, 0) + each.rows
    most = max((sum(parts.values()) for parts in counted.values()), default=0)
    weeks = []
    for n in range(outlook.DAYS // 7 + 1):
        largest = sorted(counted.get(n, {}).items(), key=lambda part: -part[1])
        rows = sum(count for _name, count in largest)
        first = since + timedelta(days=7 * n)
        bar = column([("calm", rows)], most)
        top, rest = tuple(largest[:TOP]), tuple(largest[TOP:])
        weeks.append(Week(first=first, rows=rows, most=top, rest=rest, bar=bar))
    return weeks


def _called(called: Names, at: Leaving | Line | Stop) -> str:
    names = called.of(at.system, at.dataset)
    return f"{names.system}: {names.dataset}"


def _doubted() -> datetime | None:
    """When the clock was doubted last, if nobody has looked at it since."""
    last = Stop.objects.order_by("-id").first()
    return last.at if last and last.why == "clock" and clock.doubt(at_work().house) else None

"""Rows whose day has come and that no longer tell whose they are: somebody looks, and says it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lofte.accounts.roles import Permission
from lofte.console import case_forms as forms
from lofte.console.allowed import acting, allowed, at_work, handler
from lofte.console.names import Names, now_called
from lofte.execution.house import House
from lofte.requests.course.remark import looked
from lofte.requests.erasure import doubted
from lofte.requests.erasure.doubted import Doubted
from lofte.requests.models import Request


@dataclass(frozen=True, kw_only=True, slots=True)
class DoubtLine:
    """The rows of a request in one dataset."""

    number: str
    system: str
    dataset: str
    id: str
    """Of the dataset, as the data map names it."""
    rows: int
    since: datetime
    keys: tuple[str, ...] = ()
    """By what they are found in the system; shown to who has opened them."""
    hidden: int = 0
    """Rows whose key tells who the person is."""


@require_safe
@allowed(Permission.SEE_REQUESTS)
@acting("watch")
def doubt_list(request: HttpRequest) -> HttpResponseBase:
    """The rows that somebody must look at, the oldest doubt first."""
    house = at_work().house
    lines = _lines(house, doubted.waiting(house), now_called(get_language() or "sv"))
    may = handler(request).may(Permission.FULFIL_REQUEST)
    return render(request, "console/doubts.html", {"here": "watch", "lines": lines, "may_settle": may})


@require_POST
@allowed(Permission.FULFIL_REQUEST)
@acting("doubts")
def show(request: HttpRequest, number: str) -> HttpResponseBase:
    """By what the rows of a request are found in their systems; that it was looked at is noted."""
    house, rows = _of(number)
    looked(house, Request.objects.get(number=number).ref, "doubt", len(rows), by=handler(request).ref)
    lines = _lines(house, rows, now_called(get_language() or "sv"), opened=True)
    page = {"here": "watch", "number": number, "lines": lines}
    return render(request, "console/doubt.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Permission.FULFIL_REQUEST)
@acting("doubts")
def settle(request: HttpRequest, number: str) -> HttpResponseBase:
    """Say whose the rows are."""
    house, rows = _of(number)
    called = now_called(get_language() or "sv")
    datasets: dict[str, list[str]] = {}
    for each in _lines(house, rows, called):
        datasets.setdefault(each.id, []).append(f"{each.system}: {each.dataset}")
    choices = [(id_, ", ".join(names)) for id_, names in datasets.items()]
    form = forms.Whose(request.POST or None, datasets=choices)
    if request.method == "POST" and form.is_valid():
        given, work = form.cleaned_data, at_work()
        count = doubted.settle(
            work.house,
            number,
            work.connect,
            doubted.Whose(given["whose"]),
            dataset=given["dataset"],
            by=handler(request).ref,
        )
        said = ngettext("It is noted whose %(n)d row is.", "It is noted whose %(n)d rows are.", count)
        messages.success(request, said % {"n": count})
        return redirect("console:doubts")
    page = {"here": "watch", "number": number, "form": form}
    return render(request, "console/settle_doubt.html", page)


def _of(number: str) -> tuple[House, Sequence[Doubted]]:
    house = at_work().house
    rows = [each for each in doubted.waiting(house) if each.number == number]
    if not rows:
        raise Http404
    return house, rows


def _lines(house: House, rows: Iterable[Doubted], called: Names, *, opened: bool = False) -> list[DoubtLine]:
    groups: dict[tuple[str, str, str], list[Doubted]] = {}
    for each in rows:
        groups.setdefault((each.number, each.system, each.dataset), []).append(each)
    return [_line(house, group, called, opened=opened) for group in groups.values()]


def _line(house: House, group: Sequence[Doubted], called: Names, *, opened: bool) -> DoubtLine:
    first = group[0]
    found = called.of(first.system, first.dataset)
    shows = opened and _shows_keys(house, first)
    return DoubtLine(
        number=first.number,
        system=found.system,
        dataset=found.dataset,
        id=first.dataset,
        rows=len(group),
        since=min(each.since for each in group),
        keys=tuple(", ".join(map(str, each.key)) for each in group) if shows else (),
        hidden=0 if shows else len(group),
    )


def _shows_keys(house: House, row: Doubted) -> bool:
    """False where the key of a row would tell who the person is."""
    entry = house.datamap.system(row.system).datasets[row.dataset]
    fields = [entry.fields.get(name) for name in entry.key]
    return not any(field is None or field.category or field.identity for field in fields)

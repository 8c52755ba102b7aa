"""What has become since of what an erasure left: holds are lifted, days come, and rows go by themselves.

The records of what was done are never changed; here they are read together, as it stands now.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from itertools import groupby

from lofte.consent.models import Mark, Restriction
from lofte.plan.holds import HoldKind
from lofte.plan.preview import Line
from lofte.plan.records import Verb
from lofte.requests.models import Deferral, DeferredIdentity, Erasure, HeldIdentity, Identifier, Request
from lofte.requests.records.deferred import LATER

STOPS = frozenset({HoldKind.LEGAL_CLAIM, HoldKind.INCIDENT, HoldKind.RESTRICTION})
"""Grounds that no day ends: somebody has to look, and lift."""
LIFTED = "lifted"
"""The ground of what a hold kept that stands no more."""
_Key = tuple[str, str, Verb, str, date | None]


def stops(ground: str) -> bool:
    """True if a hold is among what keeps it."""
    return any(each in STOPS for each in ground.split(", "))


def still_held(requests: Collection[int]) -> set[int]:
    """Those of these requests, by key, of whose person a hold or a restriction stands now."""
    standing = HeldIdentity.objects.filter(hold__liftings=None).values("lookup")
    restricted = Restriction.objects.filter(lifted=None).values("ref")
    marks = Mark.objects.filter(weak=False, act__in=restricted).values("person")
    among = {"request__in": list(requests)}
    found = (
        Identifier.objects.filter(**among, lookup__in=standing),
        DeferredIdentity.objects.filter(**among, lookup__in=standing),
        DeferredIdentity.objects.filter(**among, mark__in=marks).exclude(mark=""),
    )
    return {pk for each in found for pk in each.values_list("request_id", flat=True)}


def lines_now(request: Request, done: Iterable[Erasure]) -> tuple[Line, ...]:
    """What was done and what is left of it, as it stands now."""
    lines = done_lines(done)
    if not any(stops(line.ground) for line in lines) or still_held([request.pk]):
        return lines
    waits: dict[tuple[str, str], date] = {}
    open_ = Deferral.objects.filter(request=request, done_at=None).order_by("due_on")
    for system, dataset, due in open_.values_list("system", "dataset", "due_on"):
        waits[system, dataset] = due
    return tuple(_let_go(line, waits) if stops(line.ground) else line for line in lines)


def done_lines(done: Iterable[Erasure]) -> tuple[Line, ...]:
    """What was done, as lines of the same form. Attempts that did a part each are counted together; what
    went later is no longer among what is left."""
    counts: dict[_Key, int] = {}
    later: list[Erasure] = []
    for each in done:
        if each.step.startswith(LATER):
            later.append(each)
        else:
            _add(counts, each)
    # All that a day brought is told of rows that were left until then.
    by_day = groupby(sorted(later, key=lambda each: each.step), key=lambda each: each.step)
    for same in ([*day] for _step, day in by_day):
        for each in same:
            _no_more(counts, each)
        for each in same:
            _add(counts, each)
    return tuple(
        Line(system=system, dataset=dataset, verb=verb, ground=ground, article="", until=until, rows=rows)
        for (system, dataset, verb, ground, until), rows in counts.items()
        if rows
    )


def went_later(done: Iterable[Erasure]) -> int:
    """How many rows have gone by themselves since the person was answered."""
    return sum(
        each.rows for each in done if each.step.startswith(LATER) and each.verb in (Verb.DELETE, Verb.UNLINK)
    )


def _add(counts: dict[_Key, int], each: Erasure) -> None:
    at = (each.system, each.dataset, Verb(each.verb), each.ground, each.until)
    counts[at] = counts.get(at, 0) + each.rows


def _no_more(counts: dict[_Key, int], gone: Erasure) -> None:
    """Take what has gone from what was left of its dataset: what a day kept that has come, then what a
    hold kept, then the rest."""
    day = gone.step.rpartition("-")[2]

    def order(key: _Key) -> tuple[int, date]:
        _system, _dataset, _verb, ground, until = key
        if until is not None and not stops(ground) and f"{until:%Y%m%d}" <= day:
            return 0, until
        return (1 if stops(ground) else 2), until or date.max

    left = [
        key
        for key in counts
        if key[:2] == (gone.system, gone.dataset) and key[3] and key[2] in (Verb.KEEP, Verb.CHANGE)
    ]
    rows = gone.rows
    for key in sorted(left, key=order):
        taken = min(rows, counts[key])
        counts[key] -= taken
        rows -= taken


def _let_go(line: Line, waits: Mapping[tuple[str, str], date]) -> Line:
    """A line whose hold is lifted: what else keeps it, or that it waits for its day."""
    others = [each for each in line.ground.split(", ") if each not in STOPS]
    return replace(
        line, ground=", ".join(others) or LIFTED, until=waits.get((line.system, line.dataset), line.until)
    )

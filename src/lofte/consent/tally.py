"""How visitors choose, in counts of nobody: by purpose, day and language."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from lofte.consent.models import Choice
from lofte.consent.shown import NECESSARY
from lofte.law.calendar import civil_date

_CHOSE = frozenset(("accept", "reject", "save", "gpc"))
"""Answers to the question; `withdraw` and `expire` are about an answer before."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """The choices of a period."""

    since: date
    until: date
    chosen: int
    actions: dict[str, int]
    by_purpose: dict[str, tuple[int, int]]
    """Purpose -> (how many said yes, how many were asked)."""
    by_day: dict[date, tuple[int, int]]
    """Day -> (how many said yes to something, how many chose)."""
    by_language: dict[str, tuple[int, int]]


def tally(since: date, until: date) -> Tally:
    """The choices that came from the first day until the last, both within, by the Swedish calendar."""
    actions: Counter[str] = Counter()
    purposes: dict[str, list[int]] = {}
    days: dict[date, list[int]] = {
        since + timedelta(days=n): [0, 0] for n in range(max((until - since).days + 1, 0))
    }
    languages: dict[str, list[int]] = {}
    for day, yes, body in _within(since, until):
        actions[body["action"]] += 1
        if body["action"] not in _CHOSE:
            continue
        for at in (days[day], languages.setdefault(body["language"], [0, 0])):
            at[0] += yes > 0
            at[1] += 1
        for id_, said in body["purposes"].items():
            if id_ != NECESSARY:
                each = purposes.setdefault(id_, [0, 0])
                each[0] += said
                each[1] += 1
    return Tally(
        since=since,
        until=until,
        chosen=sum(actions[each] for each in _CHOSE),
        actions=dict(actions),
        by_purpose={id_: (yes, asked) for id_, (yes, asked) in sorted(purposes.items())},
        by_day={day: (yes, asked) for day, (yes, asked) in days.items()},
        by_language={id_: (yes, asked) for id_, (yes, asked) in sorted(languages.items())},
    )


def _within(since: date, until: date) -> Iterator[tuple[date, int, Any]]:
    # A day of Stockholm begins an hour or two before that of UTC.
    first = datetime(since.year, since.month, since.day, tzinfo=UTC) - timedelta(days=1)
    last = datetime(until.year, until.month, until.day, tzinfo=UTC) + timedelta(days=1)
    rows = Choice.objects.filter(at__gte=first, at__lte=last).values_list("at", "yes", "body")
    for at, yes, body in rows.iterator(chunk_size=5000):
        if since <= (day := civil_date(at)) <= until:
            yield day, yes, json.loads(body)

"""How long: the retention language, its arithmetic, and what it promises in plain words.

    expression = anchor [ "+" period ]
    anchor     = entity.event | "year_end(" entity.event ")"

- `keep_until` is inclusive: the action comes at the next midnight in Sweden (`acts_on`).
- `year_end` is 31 December of the anchor's calendar year; months and years clamp.
- A row that serves several purposes stays until the latest of their ends; it may be used until
  the end of the last purpose that may use it, and is restricted after that (`term`).
- An anchor that is not known has no end. What has no known end is never deleted.
- The words people read and the day that is run come from the same tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache

from lofte.fault import Fault, Place
from lofte.law.calendar import STOCKHOLM
from lofte.policy import period as periods
from lofte.policy.document import Policy
from lofte.policy.period import FOUR_YEARS, Period

Anchors = Mapping[str, "date | datetime | None"]
"""What is known of a row: the day or moment of each anchor."""

_EXPRESSION = re.compile(
    r"\s*(?:(year_end)\(\s*)?([a-z][a-z0-9_]*\.[a-z][a-z0-9_]*)\s*(\))?\s*(?:\+\s*(P[0-9A-Z]*))?\s*", re.ASCII
)
_LONGEST = 200

NOTHING_MORE = Period()


@dataclass(frozen=True, kw_only=True, slots=True)
class Expression:
    """An anchor, whether its year's end is meant, and what is added."""

    anchor: str
    year_end: bool = False
    period: Period = NOTHING_MORE

    def __str__(self) -> str:
        head = f"year_end({self.anchor})" if self.year_end else self.anchor
        return f"{head} + {self.period}" if self.period else head


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """How long a row stays: the last day of keeping, the last day of use, by which rules,
    and which anchors were not known. `until` is None when no end is known."""

    until: date | None
    use_until: date | None
    rules: tuple[str, ...] = ()
    """The rules that decide the end: those that end last, or whose end is not known."""
    unknown: tuple[str, ...] = ()

    @property
    def acts_on(self) -> date | None:
        """The first day on which the row may go."""
        return acts_on(self.until)


def parse(text: str, place: Place | None = None) -> Expression | Fault:
    """Read an expression; what is none is a fault (P161)."""
    at = place or Place()
    found = _EXPRESSION.fullmatch(text) if len(text) <= _LONGEST else None
    if not found or bool(found[1]) != bool(found[3]):
        return Fault(
            number="P161",
            place=at,
            what=f"`{text[:_LONGEST]}` does not say until when",
            mend="write `entity.event`, or `year_end(entity.event)`, and `+ period` if more is kept: "
            "`contract.end + P3M`",
        )
    added = periods.parse(found[4], at) if found[4] else NOTHING_MORE
    if isinstance(added, Fault):
        return added
    return Expression(anchor=found[2], year_end=bool(found[1]), period=added)


@lru_cache(maxsize=1024)
def read(text: str) -> Expression:
    """The expression of a policy that has no faults. Raises ValueError for one that has."""
    expression = parse(text)
    if isinstance(expression, Fault):
        raise ValueError(expression.what)
    return expression


def ends_on(expression: Expression | str, anchors: Anchors, tz: tzinfo = STOCKHOLM) -> date | None:
    """The last day of keeping, or None while the anchor is not known."""
    tree = read(expression) if isinstance(expression, str) else expression
    day = _day(anchors.get(tree.anchor), tz)
    if day is None:
        return None
    return tree.period.after(date(day.year, 12, 31) if tree.year_end else day)


def latest(ends: Iterable[date | None]) -> date | None:
    """The end of what has several ends: the last, and none at all while one is not known."""
    known: date | None = None
    for end in ends:
        if end is None:
            return None
        known = end if known is None else max(known, end)
    return known


def acts_on(until: date | None) -> date | None:
    """The day after the last day of keeping: at its midnight the action comes."""
    return None if until is None or until == date.max else until + timedelta(days=1)


def term(policy: Policy, purposes: Iterable[str], anchors: Anchors, tz: tzinfo = STOCKHOLM) -> Term:
    """How long a row that serves these purposes stays (art. 5.1 e), and how long it may be used.

    A purpose without a rule, or a purpose or rule the policy does not know, has no known end.
    """
    named = tuple(dict.fromkeys(purposes))
    chosen = {p: policy.purposes[p].retention if p in policy.purposes else () for p in named}
    ends: dict[str, date | None] = {}
    uses: list[date | None] = [] if named and all(chosen.values()) else [None]
    unknown: dict[str, None] = {}
    for rules in chosen.values():
        for id_ in rules:
            rule = policy.retention.get(id_)
            if rule is None:
                ends[id_] = None
                continue
            ends[id_] = ends_on(rule.keep_until, anchors, tz)
            uses.append(ends_on(rule.restrict_at, anchors, tz) if rule.restrict_at else ends[id_])
            unknown |= {e.anchor: None for e in _missing(rule.keep_until, rule.restrict_at, anchors, tz)}
    until = latest(ends.values()) if named and all(chosen.values()) else None
    deciding = tuple(id_ for id_, end in ends.items() if end is None or end == until)
    return Term(until=until, use_until=latest(uses), rules=deciding, unknown=tuple(unknown))


def always_reaches(expression: Expression, least: Expression) -> bool:
    """Whether one keeps at least as long as the other, whatever day the anchor falls on.
    Different anchors cannot be compared, and do not."""
    if expression.anchor != least.anchor:
        return False
    name = least.anchor
    return all((ends_on(expression, {name: d}) or d) >= (ends_on(least, {name: d}) or d) for d in FOUR_YEARS)


def _missing(keep: str, restrict: str | None, anchors: Anchors, tz: tzinfo) -> list[Expression]:
    trees = [read(text) for text in (keep, restrict) if text]
    return [tree for tree in trees if ends_on(tree, anchors, tz) is None]


def _day(moment: date | datetime | None, tz: tzinfo) -> date | None:
    """The date of an anchor. A moment without a zone is already local time."""
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None:
        return moment.date()
    try:
        return moment.astimezone(tz).date()
    except OverflowError:
        return moment.date()

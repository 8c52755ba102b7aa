"""How long data are kept, said for one person: the rule, and the day when it can be computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from lofte.datamap.document import Dataset
from lofte.datamap.terms import rules_of
from lofte.plan.records import Anchored, Tally
from lofte.plan.words import join, rows, say_date, statute
from lofte.policy.document import Policy, Text
from lofte.policy.retention import ends_on, latest, read
from lofte.policy.retention_words import say as say_rule


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """One retention rule as it falls out for one person (art. 15.1 d)."""

    rule: str
    name: Text
    words: Text
    until: date | None = None
    """The last day the newest row is kept; None when it cannot be computed yet."""
    oldest: date | None = None
    """The last day the oldest row is kept, when the rows have days of their own."""
    past: int | None = 0
    """How many rows are past their last day; None = some are, and how many is not known."""
    running: bool = False
    """The event that starts the period has not happened for at least one row."""
    over: bool = False
    """The last day has passed; the rows should be gone, and the answer says so."""
    law: Text | None = None


Anchors = Mapping[str, Anchored]


def settled(dataset: Dataset, tally: Tally, fiscal: str) -> Anchors:
    """The anchors of these rows as the retention language counts them: a date that stands for a
    financial year is the end of that year."""
    return {
        name: _in_fiscal_years(anchored, fiscal)
        if anchored.last is not None and dataset.anchors[name].fiscal_year
        else anchored
        for name, anchored in tally.anchors.items()
    }


def _in_fiscal_years(anchored: Anchored, fiscal: str) -> Anchored:
    days: dict[date, int] = {}
    for day, count in anchored.days.items():
        end = fiscal_year_end(day, fiscal)
        days[end] = days.get(end, 0) + count
    last = fiscal_year_end(anchored.last, fiscal) if anchored.last else None
    return replace(anchored, last=last, days=days)


def inherited(anchors: Anchors) -> Anchors:
    """The anchors of the rows that others point at: the same days, and how many of the others have
    each is not known."""
    return {name: replace(a, days=dict.fromkeys(a.days, 0)) for name, a in anchors.items()}


def periods(
    policy: Policy, dataset: Dataset, anchors: Anchors, on: date, category: str | None = None
) -> tuple[Period, ...]:
    """The rules that decide how long these rows are kept.

    The rules of all purposes that use the rows count (with `category`, of those that use it),
    and the latest end wins: told are the rules whose end is not known yet, and of those whose day
    is known and yet to come the one that ends last. A rule whose action is `next` only hands over
    to another. Rows that are past their time are told only where one date decides.
    """
    purposes = [
        id_
        for id_ in dataset.purposes
        if category is None or (id_ in policy.purposes and category in policy.purposes[id_].categories)
    ]
    ids = rules_of(policy, dataset, purposes)
    final = [i for i in ids if policy.retention[i].action != "next"] or list(ids)
    found = [_period(i, policy, anchors, on) for i in final]
    deciding = {read(policy.retention[i].keep_until).anchor for i in rules_of(policy, dataset)}
    if len(deciding) > 1:
        found = [replace(p, past=0) for p in found]
    unknown = tuple(p for p in found if p.until is None or p.running)
    known = [p for p in found if p not in unknown and not (unknown and p.over)]
    return (*unknown, *(p for p in known if p.until == longest(known)))[: len(unknown) + 1]


def longest(found: Iterable[Period]) -> date | None:
    """The last day any of the rules keeps the rows; None while one of them has no day yet."""
    return latest(None if p.running else p.until for p in found)


def merge(found: Iterable[Period]) -> tuple[Period, ...]:
    """One entry per rule: the latest day, and running when any of them runs."""
    merged: dict[str, Period] = {}
    for period in found:
        other = merged.get(period.rule)
        if other is None:
            merged[period.rule] = period
            continue
        ends = [p.until for p in (other, period) if p.until is not None]
        merged[period.rule] = replace(
            other,
            until=max(ends, default=None),
            oldest=min((p.oldest for p in (other, period) if p.oldest is not None), default=None),
            past=None if other.past is None or period.past is None else other.past + period.past,
            running=other.running or period.running or len(ends) == 1,
            over=other.over and period.over,
        )
    return tuple(merged.values())


def say(period: Period) -> Text:
    """The period in one sentence: the day when there is one, else the rule in words."""
    if period.until is None:
        return period.words
    if period.running:
        return join(
            "{words} (det som redan är avslutat: till och med {day})",
            "{words} (what has already ended: through {day})",
            words=period.words,
            day=say_date(period.until),
        )
    if period.over:
        return join(
            "tiden gick ut den {day}; uppgifterna ska gallras",
            "the time ran out on {day}; the data are to be deleted",
            day=say_date(period.until),
        )
    if period.oldest is not None and period.oldest != period.until:
        return join(
            "till och med {day} för den nyaste raden och till och med {oldest} för den äldsta",
            "through {day} for the newest row and through {oldest} for the oldest",
            day=say_date(period.until),
            oldest=say_date(period.oldest),
        )
    return join("till och med {day}", "through {day}", day=say_date(period.until))


def overdue(period: Period) -> Text | None:
    """That some of the rows should be gone already; nothing when none should, or all."""
    if period.over or period.past == 0:
        return None
    if period.past is None:
        return Text(
            sv="en del rader har passerat sin tid och ska gallras",
            en="some rows are past their time and are to be deleted",
        )
    one = period.past == 1
    return join(
        "{n} har passerat sin tid och ska gallras",
        "{n} is past its time and is to be deleted"
        if one
        else "{n} are past their time and are to be deleted",
        n=rows(period.past),
    )


def _period(rule_id: str, policy: Policy, anchors: Anchors, on: date) -> Period:
    rule = policy.retention[rule_id]
    tree = read(rule.keep_until)
    anchored = anchors.get(tree.anchor, Anchored())
    until = ends_on(tree, {tree.anchor: anchored.last})
    ends = {day: ends_on(tree, {tree.anchor: day}) for day in anchored.days}
    late = [anchored.days[day] for day, end in ends.items() if end is not None and end < on]
    past = sum(late)
    return Period(
        rule=rule_id,
        name=rule.name or Text(en=rule_id),
        words=Text(sv=say_rule(tree, "sv"), en=say_rule(tree, "en")),
        until=until,
        oldest=min((end for end in ends.values() if end is not None), default=None),
        past=None if late and not past else past,
        running=anchored.open > 0,
        over=until is not None and until < on and not anchored.open,
        law=statute(rule.law) if rule.law else None,
    )


def fiscal_year_end(day: date, month_day: str) -> date:
    """The end of the financial year that the day falls in; 29 February is the last of February. A year
    that ends after the last day there is ends on that day."""
    month, last = (int(part) for part in month_day.split("-"))
    end = _clamped(day.year, month, last)
    if day <= end:
        return end
    return date.max if day.year == date.max.year else _clamped(day.year + 1, month, last)


def _clamped(year: int, month: int, day: int) -> date:
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1

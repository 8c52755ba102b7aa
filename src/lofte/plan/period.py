"""How long data are kept, said for one person: the rule, and the day when it can be computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from lofte.datamap.document import Dataset
from lofte.plan.records import Anchored, Tally
from lofte.plan.words import join, say_date, statute
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
        name: replace(anchored, last=fiscal_year_end(anchored.last, fiscal))
        if anchored.last is not None and dataset.anchors[name].fiscal_year
        else anchored
        for name, anchored in tally.anchors.items()
    }


def periods(
    policy: Policy, dataset: Dataset, anchors: Anchors, on: date, category: str | None = None
) -> tuple[Period, ...]:
    """The rules that decide how long these rows are kept.

    The rules of all purposes that use the rows count (with `category`, of those that use it),
    and the latest end wins: told are the rules whose end is not known yet; when all are known,
    the one that ends last. A rule whose action is `next` only hands over to another.
    """
    ids = dict.fromkeys(
        rule
        for purpose_id in dataset.purposes
        if (purpose := policy.purposes.get(purpose_id))
        and (category is None or category in purpose.categories)
        for rule in purpose.retention
        if rule in policy.retention
    )
    final = [i for i in ids if policy.retention[i].action != "next"] or list(ids)
    found = [_period(i, policy, anchors, on) for i in final]
    unknown = tuple(p for p in found if p.until is None or p.running)
    return unknown or tuple(p for p in found if p.until == longest(found))[:1]


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
        return join("tiden gick ut {day}", "the period ended on {day}", day=say_date(period.until))
    return join("till och med {day}", "through {day}", day=say_date(period.until))


def _period(rule_id: str, policy: Policy, anchors: Anchors, on: date) -> Period:
    rule = policy.retention[rule_id]
    tree = read(rule.keep_until)
    anchored = anchors.get(tree.anchor, Anchored())
    until = ends_on(tree, {tree.anchor: anchored.last})
    return Period(
        rule=rule_id,
        name=rule.name or Text(en=rule_id),
        words=Text(sv=say_rule(tree, "sv"), en=say_rule(tree, "en")),
        until=until,
        running=anchored.open > 0,
        over=until is not None and until < on and not anchored.open,
        law=statute(rule.law) if rule.law else None,
    )


def fiscal_year_end(day: date, month_day: str) -> date:
    """The end of the financial year that the day falls in; 29 February is the last of February."""
    month, last = (int(part) for part in month_day.split("-"))
    end = _clamped(day.year, month, last)
    return end if day <= end else _clamped(day.year + 1, month, last)


def _clamped(year: int, month: int, day: int) -> date:
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1

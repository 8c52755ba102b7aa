"""Which days' rows are past their time: retention rules turned round, from a day to the anchors (art. 5.1 e).

A rule says, for a day of an anchor, the last day of keeping. A sweep asks the other way: what is the
newest day of the anchor whose last day of keeping lies before today? Ends never come earlier for a later
anchor, so that day is found by halving, and one comparison on the anchor's column finds the rows.

Hard rules:
- A row is past its time when every rule of every purpose that keeps it has ended (`policy.retention.term`).
- A purpose without a rule never ends. An anchor that is not known has not ended; it is reported.
- Days are Swedish civil dates. A moment belongs to the day it has in Stockholm, summer time or not.
- What happens is what the rule says that ends last; `next` hands over, and is no end of its own. Where
  two end on the same day, the one that leaves less wins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum

from lofte.datamap.document import Dataset
from lofte.datamap.terms import kept_by, rules_of
from lofte.law.calendar import STOCKHOLM
from lofte.plan.period import fiscal_year_end
from lofte.policy.document import Policy
from lofte.policy.retention import Expression, ends_on, latest, read

NEXT = "next"


class Fate(StrEnum):
    """What becomes of a row whose time is out: the actions of the policy that end something, and
    `minimise` for a row that is kept for a law alone."""

    SUPPRESS = "suppress"
    """The row goes; that its person wants no messages stays, as a keyed hash."""
    DELETE = "delete"
    ANONYMISE = "anonymise"
    """The row stays for counting; what tells of a person goes, field by field."""
    RESTRICT = "restrict"
    """Only what a law needs stays in the row."""
    MINIMISE = "minimise"
    """The same, while the row is still kept: nobody may use it any more (`restrict_at`)."""

    @property
    def goes(self) -> bool:
        """The row is not there afterwards."""
        return self in (Fate.SUPPRESS, Fate.DELETE)


_LEAVES_LESS = tuple(Fate)
Needs = Mapping[str, tuple[Expression, ...]]
"""By anchor, the expressions that must all have ended."""
Days = Mapping[str, "date | None"]
"""What is known of a row: the civil day of each anchor, financial years already at their end."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Timing:
    """When the rows of one dataset go, by the rules of all purposes that keep them."""

    rules: tuple[str, ...]
    keep: Needs
    """What must have ended before a row goes."""
    use: Needs
    """What must have ended before nobody may use it any more."""
    fates: Mapping[str, tuple[Expression, Fate]] = field(default_factory=dict)
    """By rule that is no `next`: when it ends, and what happens then."""
    endless: tuple[str, ...] = ()
    """Purposes without a rule: while there is one, no row goes."""

    @property
    def ends(self) -> bool:
        """Whether rows can be past their time at all."""
        return bool(self.fates) and not self.endless

    @property
    def single(self) -> Fate | None:
        """What happens to every row, where all rules say the same."""
        said = {fate for _, fate in self.fates.values()}
        return said.pop() if len(said) == 1 else None

    @property
    def restricts(self) -> bool:
        """Whether use ends before keeping does."""
        return self.ends and self.use != self.keep


def timing(policy: Policy, dataset: Dataset) -> Timing:
    """The rules that a dataset's rows follow."""
    purposes = [id_ for id_ in kept_by(policy, dataset) if id_ in policy.purposes]
    endless = tuple(id_ for id_ in purposes if not rules_of(policy, dataset, (id_,)))
    ids = rules_of(policy, dataset, purposes)
    keep: dict[str, dict[Expression, None]] = {}
    use: dict[str, dict[Expression, None]] = {}
    fates: dict[str, tuple[Expression, Fate]] = {}
    for id_ in ids:
        rule = policy.retention[id_]
        end = read(rule.keep_until)
        keep.setdefault(end.anchor, {})[end] = None
        stop = read(rule.restrict_at) if rule.restrict_at else end
        use.setdefault(stop.anchor, {})[stop] = None
        if rule.action != NEXT:
            fates[id_] = (end, Fate(rule.action))
    return Timing(
        rules=ids,
        keep={name: tuple(found) for name, found in keep.items()},
        use={name: tuple(found) for name, found in use.items()},
        fates=fates,
        endless=endless,
    )


def newest(expressions: Iterable[Expression], on: date, fiscal: str | None = None) -> date | None:
    """The newest day of the anchor for which all of these ended before `on`; None = not even the first
    day there is. With `fiscal` (`MM-DD`) the day stands for the end of the financial year it falls in."""
    found = min((_newest(each, on, fiscal) for each in expressions), default=date.min)
    return None if found == date.min else found


def _newest(expression: Expression, on: date, fiscal: str | None) -> date:
    """By halving. Nothing ends before its anchor, so no day from `on` can have ended. `date.min` = none."""
    low, high = date.min.toordinal(), on.toordinal()  # `low` is taken for ended, `high` has not
    while high - low > 1:
        middle = (low + high) // 2
        day = date.fromordinal(middle)
        end = ends_on(expression, {expression.anchor: fiscal_year_end(day, fiscal) if fiscal else day})
        low, high = (middle, high) if end is not None and end < on else (low, middle)
    return date.fromordinal(low)


def midnight(day: date) -> datetime:
    """The moment at which a civil day in Sweden begins, in UTC: what lies before it is of an earlier day."""
    return datetime(day.year, day.month, day.day, tzinfo=STOCKHOLM).astimezone(UTC)


def ended(needs: Needs, days: Days, on: date) -> bool:
    """Whether all of this has ended before the day. What is not known has not."""
    return bool(needs) and all((end := ends_on(each, days)) is not None and end < on for each in _all(needs))


def leaves_on(timing: Timing, days: Days) -> date | None:
    """The last day of keeping of one row, or None while it is not known."""
    return latest(ends_on(each, days) for each in _all(timing.keep)) if timing.ends else None


def fate_of(timing: Timing, days: Days, on: date) -> Fate | None:
    """What becomes of one row on this day; None = nothing."""
    if not timing.ends:
        return None
    if ended(timing.keep, days, on):
        ends = [(ends_on(end, days) or date.min, fate) for end, fate in timing.fates.values()]
        last = max(end for end, _ in ends)
        return min((fate for end, fate in ends if end == last), key=_LEAVES_LESS.index)
    return Fate.MINIMISE if timing.restricts and ended(timing.use, days, on) else None


def unknown(timing: Timing, days: Days) -> tuple[str, ...]:
    """The anchors that decide when a row goes, and are not known for it."""
    return tuple(name for name in timing.keep if days.get(name) is None)


def _all(needs: Needs) -> Iterable[Expression]:
    return (each for found in needs.values() for each in found)

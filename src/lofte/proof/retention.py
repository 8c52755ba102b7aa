"""Whether what has had its time is gone, counted row by row, and the promises that hang on it (art. 5.1 e).

* The count is not the sweep's: each row is read as text and judged by the policy's own arithmetic; ways
  between rows are those of the map alone. It knows no hold and no order.
* A row whose time is out and that is held, or that others point at, is known from the last sweep; more
  than these is a broken promise.
* Nothing past is not enough: that a sweep has run, and lately, stands in the ledger.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, timezone

from lofte.datamap.document import ByJson, ByPolymorphic, ByReference, ByValue, Dataset, System, When
from lofte.datamap.terms import kept_by, rules_of
from lofte.law.calendar import civil_date
from lofte.ledger.kinds import Kind
from lofte.plan.period import fiscal_year_end
from lofte.policy.document import Policy, Text
from lofte.policy.retention import ends_on, latest
from lofte.proof.grounds import every_purpose_has_period, law_is_reached
from lofte.proof.records import Case, Check, Evidence, Finding, Verdict, broken, kept, unproven

Texts = Callable[[str, Sequence[str]], Iterable[tuple[str | None, ...]]]
"""Dataset and columns -> every row, as text."""
Days = dict[str, "date | None"]
Told = tuple["str | None", ...]
_Way = ByReference | ByPolymorphic | ByJson | ByValue
"""How a row may point at another by the map."""
FRESH = timedelta(days=2)
_GOES = ("delete", "suppress")
_SAYS = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d))?(?:\.\d+)?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?", re.ASCII
)
_SWEEP = Text(sv="Kör `lofte sweep`, och se vad som hindrar.", en="Run `lofte sweep`, and see what stops it.")


@dataclass(kw_only=True, slots=True)
class Count:
    """The rows that follow one rule, in one dataset."""

    rows: int = 0
    past: int = 0
    """Rows that should be gone."""
    unknown: int = 0
    """Rows whose end is not known."""


@dataclass(slots=True)
class Looked:
    """What was counted in one system: by dataset and rule."""

    found: dict[tuple[str, str], Count] = field(default_factory=dict)

    def at(self, dataset: str, rule: str) -> Count:
        """The count of a rule in a dataset."""
        return self.found.setdefault((dataset, rule), Count())


def look(policy: Policy, system: System, texts: Texts, on: date) -> Looked:
    """Count the rows of every dataset that the company itself answers for."""
    looked = Looked()
    reader = _Reader(policy, system, texts)
    for id_, dataset in system.datasets.items():
        if dataset.role != "controller" or not kept_by(policy, dataset):
            continue
        rules = rules_of(policy, dataset)
        for rule in rules:
            looked.at(id_, rule)
        for days in reader.rows(id_):
            ends = {rule: ends_on(policy.retention[rule].keep_until, days) for rule in rules}
            bare = any(not rules_of(policy, dataset, (p,)) for p in kept_by(policy, dataset))
            until = None if bare else latest(ends.values())
            last = {r for r, end in ends.items() if end == until and policy.retention[r].action != "next"}
            late = until is not None and until < on
            goes = any(policy.retention[r].action in _GOES for r in last)
            for rule in rules:
                count = looked.at(id_, rule)
                count.rows += 1
                count.unknown += until is None
                count.past += late and goes and rule in last
    return looked


def day_of_text(text: str | None) -> date | None:
    """The civil day that a text says; a moment with a zone is the day it has in Stockholm."""
    said = _SAYS.fullmatch(text.strip()) if text else None
    if said is None:
        return None
    try:
        day = date(int(said[1]), int(said[2]), int(said[3]))
        if not said[7]:
            return day
        hours, minutes, seconds = (int(n or 0) for n in said.group(4, 5, 6))
        moment = datetime(day.year, day.month, day.day, hours, minutes, seconds, tzinfo=_zone(said[7]))
        return civil_date(moment)
    except (ValueError, OverflowError):
        return None


def _zone(text: str) -> timezone:
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[3:].lstrip(":") or 0)
    away = timedelta(hours=hours, minutes=minutes)
    return timezone(-away if text[0] == "-" else away)


class _Reader:
    """The days of rows: their own, else the latest of those they point at by the map."""

    def __init__(self, policy: Policy, system: System, texts: Texts) -> None:
        self._system = system
        self._texts = texts
        self._fiscal = policy.controller.fiscal_year_end
        self._above: dict[tuple[str, tuple[str, ...]], Mapping[Told, list[Days]]] = {}

    def rows(self, dataset: str, passed: frozenset[str] = frozenset()) -> Iterator[Days]:
        """The days of every row."""
        for _, days in self._read(dataset, (), passed):
            yield days

    def _read(self, dataset: str, keys: Sequence[str], passed: frozenset[str]) -> Iterator[tuple[Told, Days]]:
        """Every row: what stands in these columns, and its days."""
        entry = self._system.datasets[dataset]
        ways = [
            path
            for path in entry.subject
            if isinstance(path, _Way) and path.to is not None and path.to not in (dataset, *passed)
        ]
        above = [(path, self._parents(path, passed | {dataset})) for path in ways]
        columns = _columns(entry, ways, keys)
        for row in self._texts(dataset, columns):
            said = dict(zip(columns, row, strict=True))
            if not all(_holds(said[name], wanted) for name, wanted in entry.where.items()):
                continue
            inherited: dict[str, list[date | None]] = {}
            for path, parents in above:
                if all(_holds(said[name], wanted) for name, wanted in _when(path).items()):
                    for days in parents.get(_pointing(path, said), ()):
                        for name, day in days.items():
                            inherited.setdefault(name, []).append(day)
            found: Days = {name: latest(days) for name, days in inherited.items()}
            for name, anchor in entry.anchors.items():
                day = day_of_text(said[anchor.column])
                fiscal = day is not None and anchor.fiscal_year
                found[name] = fiscal_year_end(day, self._fiscal) if day and fiscal else day
            yield tuple(said[name] for name in keys), found

    def _parents(self, path: _Way, passed: frozenset[str]) -> Mapping[Told, list[Days]]:
        to = path.to or ""
        named = path.keys if isinstance(path, ByReference | ByPolymorphic) else ()
        keys = tuple(named or self._system.datasets[to].key)
        at = (to, keys)
        if at not in self._above:
            found: dict[Told, list[Days]] = {}
            for key, days in self._read(to, keys, passed):
                if days:
                    found.setdefault(key, []).append(days)
            self._above[at] = found
        return self._above[at]


def _pointing(path: _Way, said: Mapping[str, str | None]) -> Told:
    """The key that the row points at."""
    if isinstance(path, ByReference | ByPolymorphic):
        return tuple(said[name] for name in path.columns)
    text = said[path.column]
    return (_inside(text, path.at) if isinstance(path, ByJson) else text,)


def _inside(text: str | None, at: Sequence[str | int]) -> str | None:
    """The text or the number at a place in JSON; None where there is neither."""
    try:
        value = json.loads(text or "")
        for part in at:
            value = value[part]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        return None
    plain = isinstance(value, str | int | float) and not isinstance(value, bool)
    return str(value) if plain else None


def _columns(entry: Dataset, ways: Sequence[_Way], keys: Sequence[str]) -> list[str]:
    names = [*keys, *entry.where, *(a.column for a in entry.anchors.values())]
    for path in ways:
        pointing = path.columns if isinstance(path, ByReference | ByPolymorphic) else (path.column,)
        names += [*pointing, *_when(path)]
    return list(dict.fromkeys(names or entry.key))


def _when(path: _Way) -> When:
    return {**path.when, path.type: path.is_} if isinstance(path, ByPolymorphic) else path.when


def _holds(said: str | None, wanted: object) -> bool:
    if wanted is None or said is None:
        return wanted is None and said is None
    if isinstance(wanted, tuple | list):
        return any(_holds(said, one) for one in wanted)
    if isinstance(wanted, bool):
        return said.lower() in (("true", "t", "1") if wanted else ("false", "f", "0"))
    return wanted == "not null" or said == str(wanted)


# -- the promises -------------------------------------------------------------------------------------------


def nothing_past(case: Case) -> Verdict:
    """P027, P033, P048, P153: what the sentence is about is gone when its time is out."""
    return _judged(case, _rules_behind(case))


def everything_in_time(case: Case) -> Verdict:
    """P134, P137: each purpose has a period, and no row is past it."""
    judged = every_purpose_has_period(case)
    if judged.finding is Finding.BROKEN:
        return judged
    return _both(judged, _judged(case, set(case.policy.retention)))


def kept_as_the_law_says(case: Case) -> Verdict:
    """P135: rules reach as far as the law demands, and what they keep is gone when that is over."""
    judged = law_is_reached(case)
    if judged.finding is Finding.BROKEN:
        return judged
    return _both(judged, _judged(case, {id_ for id_, rule in case.policy.retention.items() if rule.law}))


def other_use_stopped(case: Case) -> Verdict:
    """P136: what only the books need is used for nothing else. That rows are made small is swept; who
    sees them in the company's own programs is not known to Löfte."""
    judged = _judged(case, {id_ for id_, rule in case.policy.retention.items() if rule.restrict_at})
    if judged.finding is not Finding.KEPT:
        return judged
    return unproven(
        Text(
            sv="Tiderna hålls. Vem som ser räkenskaperna i de egna systemen kan Löfte inte visa än.",
            en="The periods are kept. Who sees the books in the company's systems Löfte cannot show yet.",
        ),
        None,
        *judged.evidence,
    )


def _both(stated: Verdict, counted: Verdict) -> Verdict:
    """What the policy says, and what the rows say."""
    sv, en = (f"{stated.reason.say(each)} {counted.reason.say(each)}" for each in ("sv", "en"))
    return replace(counted, reason=Text(sv=sv, en=en))


def _rules_behind(case: Case) -> set[str]:
    """The rules of what the sentence is about: a category, a purpose, a rule; else all."""
    policy, (head, _, rest) = case.policy, case.promise.path.partition(".")
    name = rest.partition(".")[0]
    if head == "retention" and name in policy.retention:
        return {name}
    purposes = [
        purpose
        for id_, purpose in policy.purposes.items()
        if (head == "purposes" and id_ == name) or (head == "categories" and name in purpose.categories)
    ]
    return {r for p in purposes for r in p.retention if r in policy.retention} or set(policy.retention)


def _judged(case: Case, rules: set[str]) -> Verdict:
    counted = [e for e in case.of(Check.RETENTION) if e.facts.get("rule") in rules]
    if not counted:
        return unproven(
            Text(
                sv="Raderna är inte räknade i systemen.", en="The rows have not been counted in the systems."
            ),
            Text(sv="Kör `lofte prove` utan --offline.", en="Run `lofte prove` without --offline."),
        )
    past, rows, unknown = (sum(e.count(name) or 0 for e in counted) for name in ("past", "rows", "unknown"))
    if past:
        return broken(
            Text(
                sv=f"{past} av {rows} rader har passerat sin tid.",
                en=f"{past} of {rows} rows are past their time.",
            ),
            _SWEEP,
            *counted,
        )
    swept = case.last(Kind.SWEEP_ENDED)
    if swept is None or case.now - swept.at > FRESH:
        return unproven(
            Text(
                sv="Inga rader har passerat sin tid, men ingen gallring har körts de senaste två dygnen.",
                en="No rows are past their time, but no sweep has run in the last two days.",
            ),
            _SWEEP,
            *counted,
        )
    return kept(
        f"Inga av {rows} rader har passerat sin tid ({unknown} har inget känt slut än).",
        f"None of {rows} rows is past its time ({unknown} have no known end yet).",
        *counted,
        swept,
    )


def counted(
    looked: Looked, excused: Mapping[tuple[str, str], int], at: datetime, policy_version: str
) -> tuple[Evidence, ...]:
    """What was counted in one system, as evidence. `excused` are rows that the last sweep let be, for a
    hold or because others point at them, by dataset and rule."""
    return tuple(
        Evidence(
            kind=Check.RETENTION,
            at=at,
            policy_version=policy_version,
            facts={
                "dataset": dataset,
                "rule": rule,
                "rows": count.rows,
                "past": max(0, count.past - excused.get((dataset, rule), 0)),
                "excused": min(count.past, excused.get((dataset, rule), 0)),
                "unknown": count.unknown,
            },
        )
        for (dataset, rule), count in looked.found.items()
    )

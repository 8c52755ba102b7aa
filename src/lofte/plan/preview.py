"""What an erasure will come to, said in figures before anybody approves it (art. 12.1, 17).

A preview is made from plans and holds counts, names of datasets, laws and days: no key, no value.
What is carried out later is compared with it, and a plan that takes more than it should in one
stroke is seen here first.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lofte.plan import words
from lofte.plan.records import Verb
from lofte.plan.verdict import Changes, ErasePlan, Verdict
from lofte.policy.document import Policy, Text
from lofte.policy.terms import Cap

TAKES = frozenset({Verb.DELETE, Verb.CHANGE, Verb.UNLINK})
"""The verbs that change something."""
MORE_ROWS, MORE_PERCENT = 10, 10
"""How much wider than what was approved a plan may have grown: both must be passed to stop it. What was
not seen at all has no such room."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """Rows of one dataset with one fate."""

    system: str
    dataset: str
    verb: Verb
    ground: str
    """The statute, the hold or the purposes that keep it; empty for what goes."""
    article: str
    until: date | None
    """The last day of what is kept; None = it goes now, or the day is not known."""
    rows: int
    law_until: date | None = None
    """The last day on which a law keeps it, where something else may keep it for longer."""


class Nearness(StrEnum):
    """Why rows are other people's too, or perhaps."""

    SHARED = "shared"
    """The row is somebody else's as well."""
    MENTION = "mention"
    """The row only mentions the person."""
    SAME_IDENTITY = "same_identity"
    """Found by an identity that somebody else has too; left alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Near:
    """Rows that are other people's too: left, cut loose or masked, never taken from them (art. 15.4)."""

    system: str
    dataset: str
    rows: int
    why: Nearness = Nearness.SHARED
    verb: Verb = Verb.KEEP


@dataclass(frozen=True, kw_only=True, slots=True)
class TooWide:
    """A plan takes so much that a person must look before it runs."""

    system: str
    dataset: str
    """Empty: all datasets of the system together."""
    rows: int
    of: int
    """How many rows the table has; 0 = the cap is a number of rows."""
    cap: int
    """Rows, or per cent of the table."""

    def say(self) -> Text:
        """In one sentence."""
        if not self.of:
            return words.join(
                "Planen tar {rows} i {system}; taket för en person är {cap}.",
                "The plan takes {rows} in {system}; the cap for one person is {cap}.",
                rows=words.rows(self.rows),
                system=self.system,
                cap=words.rows(self.cap),
            )
        return words.join(
            "Planen tar {rows} av {of} i {at}; taket för en person är {cap} procent av en tabell.",
            "The plan takes {rows} of {of} in {at}; the cap for one person is {cap} per cent of a table.",
            rows=words.rows(self.rows),
            of=words.rows(self.of),
            at=f"{self.system}.{self.dataset}",
            cap=self.cap,
        )


def by_person(plan: ErasePlan) -> dict[int, tuple[Verdict, ...]]:
    """The verdicts on each person's rows; a row of two of them is in both."""
    found: dict[int, list[Verdict]] = {}
    for verdict in plan.verdicts:
        for number in verdict.fact.subjects:
            found.setdefault(number, []).append(verdict)
    return {number: tuple(verdicts) for number, verdicts in found.items()}


def lines(system: str, verdicts: Iterable[Verdict]) -> tuple[Line, ...]:
    """What becomes of one person's rows, by dataset and fate, in the order of the map's datasets."""
    counts = Counter[tuple[str, Verb, str, str, date | None, date | None]]()
    for v in verdicts:
        counts[v.fact.at.dataset, v.verb, v.ground, v.article, v.until, v.law_until] += v.fact.rows
    return tuple(
        Line(
            system=system,
            dataset=dataset,
            verb=verb,
            ground=ground,
            article=article,
            until=until,
            rows=rows,
            law_until=by_law,
        )
        for (dataset, verb, ground, article, until, by_law), rows in counts.items()
    )


def near(system: str, verdicts: Iterable[Verdict], shared: Mapping[str, int]) -> tuple[Near, ...]:
    """The rows of a person that are others' too. `shared` are those found only by an identity that
    another person has, by dataset."""
    counts = Counter[tuple[str, Nearness, Verb]]()
    for verdict in verdicts:
        why = (
            Nearness.MENTION if not verdict.fact.certain else Nearness.SHARED if verdict.fact.others else None
        )
        if why is not None:
            counts[verdict.fact.at.dataset, why, verdict.verb] += verdict.fact.rows
    for dataset, rows in shared.items():
        counts[dataset, Nearness.SAME_IDENTITY, Verb.KEEP] += rows
    return tuple(
        Near(system=system, dataset=dataset, rows=rows, why=why, verb=verb)
        for (dataset, why, verb), rows in counts.items()
        if rows
    )


def digest(plan: ErasePlan, verdicts: Iterable[Verdict]) -> str:
    """SHA-256 of everything that shall be done to one person's rows, by which policy and map. It
    is the same whoever else is in the plan, as long as the same is done."""
    told = sorted(
        (
            (v.fact.at.dataset, key, v.verb.value, _plain(v.changes))
            for v in verdicts
            if v.verb in TAKES
            for key in v.fact.keys
        ),
        key=lambda row: row[:2],
    )
    text = json.dumps([plan.policy_digest, plan.map_digest, plan.system, told], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(changes: Changes) -> list[list[object]]:
    return [[n, c.how, c.value, c.coarse, c.at] for n, c in sorted(changes.items())]


# -- caps ------------------------------------------------------------------------------------------


def cap_of(policy: Policy) -> Cap:
    """The cap that the policy sets, or the usual one."""
    terms = policy.rights.erasure
    return terms.cap if terms is not None and terms.cap is not None else Cap()


def taken(verdicts: Iterable[Verdict]) -> Counter[str]:
    """How many rows are changed or go, by dataset."""
    found = Counter[str]()
    for v in verdicts:
        if v.verb in TAKES:
            found[v.fact.at.dataset] += v.fact.rows
    return found


def to_measure(persons: Iterable[Iterable[Verdict]], cap: Cap) -> dict[str, int]:
    """The datasets whose tables must be counted to judge the cap, and how far: one row more than
    needed to say that the person's share is small. Few rows never pass the cap, so most are not here."""
    most: Counter[str] = Counter()
    for verdicts in persons:
        for dataset, rows in taken(verdicts).items():
            most[dataset] = max(most[dataset], rows)
    floor = cap.of_at_least * cap.percent // 100
    return {dataset: rows * 100 // cap.percent + 1 for dataset, rows in most.items() if rows > floor}


def too_wide(
    system: str, verdicts: Iterable[Verdict], cap: Cap, sizes: Mapping[str, int]
) -> tuple[TooWide, ...]:
    """Where a plan passes the cap for one person. `sizes` are rows of the tables of datasets, counted
    as far as `to_measure` says."""
    counts = taken(verdicts)
    found = []
    if counts.total() > cap.rows:
        found.append(TooWide(system=system, dataset="", rows=counts.total(), of=0, cap=cap.rows))
    for dataset, rows in counts.items():
        size = sizes.get(dataset, 0)
        if size >= cap.of_at_least and rows * 100 > size * cap.percent:
            found.append(TooWide(system=system, dataset=dataset, rows=rows, of=size, cap=cap.percent))
    return tuple(found)


# -- what was approved -------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Wider:
    """More rows than were approved."""

    system: str
    dataset: str
    verb: Verb
    approved: int
    rows: int


def counts(said: Sequence[Line]) -> dict[tuple[str, str, str], int]:
    """Rows by system, dataset and verb."""
    found: Counter[tuple[str, str, str]] = Counter()
    for line in said:
        found[line.system, line.dataset, line.verb.value] += line.rows
    return dict(found)


def wider(approved: Mapping[tuple[str, str, str], int], now: Sequence[Line]) -> tuple[Wider, ...]:
    """Where a plan takes more than was approved: by more than ten rows and more than ten per cent, or
    what was not seen to be taken at all. What is kept may grow."""
    return tuple(
        Wider(system=system, dataset=dataset, verb=Verb(verb), approved=then, rows=rows)
        for (system, dataset, verb), rows in counts(now).items()
        if Verb(verb) in TAKES and _grown(then := approved.get((system, dataset, verb), 0), rows)
    )


def _grown(then: int, rows: int) -> bool:
    if not then:
        return rows > 0
    return rows - then > MORE_ROWS and rows * 100 > then * (100 + MORE_PERCENT)

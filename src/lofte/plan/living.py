"""Which purposes still need a row when its person asks to be erased (art. 17.1, 17.3).

Hard rules:
- A purpose whose time is out needs nothing, whatever was asked.
- What a law wants kept is kept until the day the law says; no ground ends that (art. 17.3 b).
- A contract that runs is a hold: what it needs is kept while it runs.
- A row without a date of its own ends with the row it points at.
- A time that is not known has not ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lofte.datamap.document import Dataset, System
from lofte.datamap.terms import kept_by, rules_of
from lofte.datamap.tracing import Key
from lofte.plan.facts import Facts, RowFact
from lofte.plan.holds import open_anchors
from lofte.plan.period import fiscal_year_end
from lofte.policy.document import Policy, Purpose
from lofte.policy.retention import ends_on, latest, read, term

LAW = "6.1.c"
CONTRACT = "6.1.b"
CONSENT = frozenset({"6.1.a", "9.2.a"})
OBJECTABLE = frozenset({"6.1.e", "6.1.f"})

GROUNDS = ("17.1.a", "17.1.b", "17.1.c", "17.1.d", "17.1.e", "17.1.f")
USUAL = ("17.1.a", "17.1.b", "17.1.c")
"""What somebody means who asks to be erased and says no more: it is not needed any longer, any
consent is taken back, and they object."""

Row = tuple[str, Key]
Dates = Mapping[str, date | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Living:
    """The purposes that still need a row, each with its last day (None = not known)."""

    law: Mapping[str, date | None]
    others: Mapping[str, date | None]

    def __bool__(self) -> bool:
        return bool(self.law or self.others)

    @property
    def until(self) -> date | None:
        """The last day of all of them."""
        return latest((*self.law.values(), *self.others.values()))


class Judge:
    """Judges the purposes of the rows of one system."""

    def __init__(
        self, policy: Policy, system: System, facts: Facts, on: date, grounds: Sequence[str]
    ) -> None:
        self._policy = policy
        self._system = system
        self._on = on
        self._grounds = frozenset(grounds)
        self._dates = _dates(policy, system, facts)
        running = open_anchors(policy)
        self._running = running
        self._with_contract = frozenset(
            subject
            for row in facts.rows
            if row.certain and any(_open(row.anchors, name, on) for name in running)
            for subject in row.subjects
        )

    def living(self, row: RowFact) -> Living:
        """The purposes that still need this row."""
        dataset = self._system.datasets[row.at.dataset]
        dates = self._dates.get((row.at.dataset, row.key), {})
        law: dict[str, date | None] = {}
        others: dict[str, date | None] = {}
        for id_ in kept_by(self._policy, dataset):
            purpose = self._policy.purposes.get(id_)
            if purpose is None:
                continue
            until = self._until(dataset, id_, dates)
            if until is not None and until < self._on:
                continue
            if purpose.legal_basis == LAW:
                law[id_] = until
            elif self._lives(purpose, row, dates):
                others[id_] = until
        return Living(law=law, others=others)

    def _until(self, dataset: Dataset, purpose: str, dates: Dates) -> date | None:
        """The last day this purpose keeps the row, by the rules the dataset follows."""
        if not dataset.retention:
            return term(self._policy, [purpose], dates).until
        rules = rules_of(self._policy, dataset, (purpose,))
        return latest(ends_on(self._policy.retention[rule].keep_until, dates) for rule in rules)

    def _lives(self, purpose: Purpose, row: RowFact, dates: Dates) -> bool:
        """Whether a purpose that no law demands goes on after what was asked."""
        if purpose.legal_basis == CONTRACT and self._contract_runs(purpose, row, dates):
            return True
        if self._grounds & {"17.1.d", "17.1.e"}:
            return False
        if "17.1.c" in self._grounds and (purpose.legal_basis in OBJECTABLE or purpose.marketing is not None):
            return False
        if self._grounds & {"17.1.b", "17.1.f"} and purpose.legal_basis in CONSENT:
            return False
        return not ("17.1.a" in self._grounds and purpose.legal_basis == CONTRACT)

    def _contract_runs(self, purpose: Purpose, row: RowFact, dates: Dates) -> bool:
        """By the row's own date, or that of the row it points at; else by what the person has."""
        rules = (self._policy.retention.get(id_) for id_ in purpose.retention)
        names = {read(rule.keep_until).anchor for rule in rules if rule is not None}
        known = names & dates.keys()
        if known:
            return any(_open(dates, name, self._on) for name in known)
        return bool(names & self._running and row.subjects & self._with_contract)


def _open(dates: Dates, name: str, on: date) -> bool:
    if name not in dates:
        return False
    day = dates[name]
    return day is None or day > on


def _dates(policy: Policy, system: System, facts: Facts) -> dict[Row, dict[str, date | None]]:
    """The anchors of each row, its own before those of the rows it points at."""
    fiscal = policy.controller.fiscal_year_end
    dates: dict[Row, dict[str, date | None]] = {}
    for row in facts.rows:
        anchors = system.datasets[row.at.dataset].anchors
        dates[row.at.dataset, row.key] = {
            name: fiscal_year_end(day, fiscal) if day is not None and anchors[name].fiscal_year else day
            for name, day in row.anchors.items()
        }
    parents = {(row.at.dataset, row.key): tuple(above) for row, above in parents_of(facts)}
    for _ in system.datasets:
        changed = False
        for at, above in parents.items():
            own = dates[at]
            for parent in above:
                for name, day in dates[parent].items():
                    if name not in own:
                        own[name] = day
                        changed = True
        if not changed:
            break
    return dates


def parents_of(facts: Facts) -> Iterable[tuple[RowFact, list[Row]]]:
    """Each row, and the rows among the facts that it points at."""
    faces = faces_of(facts)
    for row in facts.rows:
        above = [
            faces[number, key]
            for number, key in row.links.items()
            if key is not None and (number, key) in faces
        ]
        yield row, [(p.at.dataset, p.key) for p in above]


def faces_of(facts: Facts) -> dict[tuple[int, Key], RowFact]:
    """The row that each tie leads to, by the number of the tie and what stands in it."""
    by_parent: dict[str, list[RowFact]] = {}
    for row in facts.rows:
        by_parent.setdefault(row.at.dataset, []).append(row)
    return {
        (tie.number, row.faces[tie.keys]): row
        for tie in facts.ties
        for parent in tie.parents
        for row in by_parent.get(parent, ())
        if tie.keys in row.faces
    }

"""Which purposes still need a row when its person asks to be erased (art. 17.1, 17.3).

Hard rules:
- A purpose whose time is out needs nothing, whatever was asked.
- What a law wants kept is kept until the day the law says; no ground ends that (art. 17.3 b).
- A contract that runs is a hold: what it needs is kept while it runs.
- A row without a date of its own ends with the row it points at; with the last of several.
- A time that is not known has not ended.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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
Kin = tuple[str, int, int]
"""Dataset, what its rows point at, their own dates."""
Dates = Mapping[str, date | None]
Faces = Mapping[tuple[int, Key], RowFact]
"""The row that each tie leads to, by the number of the tie and what stands in it."""


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

    @property
    def law_until(self) -> date | None:
        """The last day of those that a law demands."""
        return latest(self.law.values())


@dataclass(frozen=True, kw_only=True, slots=True)
class Elsewhere:
    """What the rows of one system do not say of the persons, by number of the subject."""

    contracts: frozenset[int] = frozenset()
    """Who has a contract that runs, as another system tells."""
    going_on: Mapping[int, frozenset[str]] = field(default_factory=dict)
    """The purposes that go on though the person has objected: compelling grounds were shown (art. 21.1)."""


NOTHING = Elsewhere()


def contracted(policy: Policy, facts: Facts, on: date) -> frozenset[int]:
    """Who has a contract that runs, as the rows of this system tell."""
    running = open_anchors(policy)
    return frozenset(
        subject
        for row in facts.rows
        if row.certain and any(_open(row.anchors, name, on) for name in running)
        for subject in row.subjects
    )


class Judge:
    """Judges the purposes of the rows of one system."""

    def __init__(
        self,
        policy: Policy,
        system: System,
        facts: Facts,
        on: date,
        grounds: Sequence[str],
        elsewhere: Elsewhere = NOTHING,
    ) -> None:
        self._policy = policy
        self._system = system
        self._facts = facts
        self._on = on
        self._grounds = frozenset(grounds)
        self._dates = _dates(policy, system, facts)
        self._seen: dict[tuple[Kin, frozenset[int]], Living] = {}
        self._judged: dict[tuple[str, tuple[tuple[str, date | None], ...], bool, frozenset[str]], Living] = {}
        self._keeping: dict[str, tuple[str, ...]] = {}
        self._anchors: dict[tuple[str, str], tuple[str, ...]] = {}
        self._ends: dict[tuple[str, str, tuple[date | None, ...]], date | None] = {}
        self._running = open_anchors(policy)
        self._with_contract = contracted(policy, facts, on) | elsewhere.contracts
        self._going_on = elsewhere.going_on

    def living(self, row: RowFact) -> Living:
        """The purposes that still need this row."""
        kin = kin_of(row)
        known = self._seen.get((kin, row.subjects))
        if known is None:
            known = self._living(row, self._dates.get(kin, {}))
            if kin in self._dates:
                self._seen[kin, row.subjects] = known
        return known

    def _living(self, row: RowFact, dates: Dates) -> Living:
        going_on = self._prevailing(row)
        at = (row.at.dataset, tuple(dates.items()), bool(row.subjects & self._with_contract), going_on)
        if at not in self._judged:
            self._judged[at] = self._needed(row, dates, going_on)
        return self._judged[at]

    def _prevailing(self, row: RowFact) -> frozenset[str]:
        """The purposes that go on for this row though one whose it is has objected."""
        if not self._going_on:
            return frozenset()
        return frozenset().union(*(self._going_on.get(subject, ()) for subject in row.subjects))

    def _needed(self, row: RowFact, dates: Dates, going_on: Collection[str]) -> Living:
        dataset = self._system.datasets[row.at.dataset]
        law: dict[str, date | None] = {}
        others: dict[str, date | None] = {}
        name = row.at.dataset
        if name not in self._keeping:
            self._keeping[name] = kept_by(self._policy, dataset)
        for id_ in self._keeping[name]:
            purpose = self._policy.purposes.get(id_)
            if purpose is None:
                continue
            until = self._until(name, id_, dates)
            if until is not None and until < self._on:
                continue
            if purpose.legal_basis == LAW:
                law[id_] = until
            elif self._lives(purpose, row, dates, id_ in going_on):
                others[id_] = until
        return Living(law=law, others=others)

    def _until(self, name: str, purpose: str, dates: Dates) -> date | None:
        """The last day this purpose keeps a row of this dataset: computed once for the same dates."""
        if (name, purpose) not in self._anchors:
            rules = (self._policy.retention.get(id_) for id_ in self._policy.purposes[purpose].retention)
            self._anchors[name, purpose] = tuple(read(r.keep_until).anchor for r in rules if r is not None)
        own = name if self._system.datasets[name].retention else ""
        at = (own, purpose, tuple([dates.get(anchor) for anchor in self._anchors[name, purpose]]))
        if at not in self._ends:
            self._ends[at] = self._computed(self._system.datasets[name], purpose, dates)
        return self._ends[at]

    def _computed(self, dataset: Dataset, purpose: str, dates: Dates) -> date | None:
        """The last day this purpose keeps the row, by the rules the dataset follows."""
        if not dataset.retention:
            return term(self._policy, [purpose], dates).until
        rules = rules_of(self._policy, dataset, (purpose,))
        return latest(ends_on(self._policy.retention[rule].keep_until, dates) for rule in rules)

    def _lives(self, purpose: Purpose, row: RowFact, dates: Dates, prevails: bool) -> bool:
        """Whether a purpose that no law demands goes on after what was asked; `prevails` = an objection
        to it was weighed, and lost."""
        if purpose.legal_basis == CONTRACT and self._contract_runs(purpose, row, dates):
            return True
        if self._grounds & {"17.1.d", "17.1.e"}:
            return False
        if "17.1.c" in self._grounds and purpose.marketing is not None:
            return False
        if "17.1.c" in self._grounds and purpose.legal_basis in OBJECTABLE and not prevails:
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


def kin_of(row: RowFact) -> Kin:
    """Rows of a dataset that share what they point at, and their own dates, share what follows from it. The
    facts hold both, so that no other row comes to have their ids."""
    return row.at.dataset, id(row.links), id(row.anchors)


def _dates(policy: Policy, system: System, facts: Facts) -> dict[Kin, dict[str, date | None]]:
    """The anchors of rows, their own before those of the rows they point at."""
    fiscal = policy.controller.fiscal_year_end
    years = {
        id_: [name for name, anchor in dataset.anchors.items() if anchor.fiscal_year]
        for id_, dataset in system.datasets.items()
    }
    dates: dict[Kin, dict[str, date | None]] = {}
    first = {kin_of(row): row for row in facts.rows}
    for kin, row in first.items():
        own = dates[kin] = dict(row.anchors)
        for name in years[row.at.dataset]:
            day = own.get(name)
            if day is not None:
                own[name] = fiscal_year_end(day, fiscal)
    below: dict[Kin, list[tuple[Kin, RowFact]]] = {}
    for row, above in parents_of(facts):
        for parent in above:
            below.setdefault(kin_of(parent), []).append((kin_of(row), row))
    waiting = list(below)
    while waiting:
        above_ = waiting.pop()
        inherited = dates[above_]
        for at, row in below.get(above_, ()) if inherited else ():
            if _inherit(dates[at], inherited, row.anchors) and at in below:
                waiting.append(at)
    return dates


def _inherit(dates: dict[str, date | None], above: Dates, own: Collection[str]) -> bool:
    """Take over what a row has no date of its own for. Of several rows pointed at the later end wins:
    the row is needed as long as any of them is. Returns whether something was new."""
    changed = False
    for name, day in above.items():
        if name in own:
            continue
        later = day if name not in dates else latest((dates[name], day))
        if name not in dates or later != dates[name]:
            dates[name] = later
            changed = True
    return changed


def parents_of(facts: Facts) -> Iterable[tuple[RowFact, list[RowFact]]]:
    """A row of each kin, and the rows among the facts that it points at."""
    faces = faces_of(facts)
    for row in {kin_of(row): row for row in facts.rows}.values():
        above = [
            faces[number, key]
            for number, key in row.links.items()
            if key is not None and (number, key) in faces
        ]
        yield row, above


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


def pointing(facts: Facts, faces: Faces) -> dict[tuple[int, Row], list[RowFact]]:
    """The rows among the facts that point at a row, by number of the tie."""
    found: dict[tuple[int, Row], list[RowFact]] = {}
    for row in facts.rows:
        for number, key in row.links.items():
            parent = faces.get((number, key)) if key is not None else None
            if parent is not None:
                found.setdefault((number, (parent.at.dataset, parent.key)), []).append(row)
    return found

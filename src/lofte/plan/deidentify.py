"""De-identification: the rows stay for statistics, and nothing in them tells whose they were.

- It begins as an erasure. What a law, a hold or a purpose that goes on keeps is kept as there; a row
  that is somebody else's too is cut loose as there; the rows that are the person go.
- Of the others, a row that would go stays without what tells: identities, free texts and files are
  emptied, what the map makes coarse is made coarse, what it says to erase is erased. The rest stays
  and is counted (`plan.anonymity`).
- Every link between the person's rows is emptied, so that no two of them can be laid side by side.
  A surrogate is not used: the same one in two rows would tie them together again. A row whose link
  cannot be emptied, or whose own key tells something, goes.
- A row that kept rows point at goes as in an erasure: what is kept would tell whose it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from lofte.datamap.chains import is_person
from lofte.datamap.document import (
    ByMention,
    ByOwn,
    ByPolymorphic,
    ByReference,
    DataMap,
    Dataset,
    Erase,
    FieldMap,
    Path,
    System,
)
from lofte.datamap.paths import columns_of
from lofte.plan import erase
from lofte.plan.facts import Facts, Ground, RowFact, Tie
from lofte.plan.holds import Holds
from lofte.plan.living import NOTHING, USUAL, Elsewhere, Row, faces_of
from lofte.plan.minimise import change, cut_loose, let_go
from lofte.plan.records import Subject, Verb
from lofte.plan.scope import EVERYTHING, Scope
from lofte.plan.verdict import Change, ErasePlan, How, Verdict
from lofte.policy.document import Policy, Text

STATISTICS = "recital 26"
"""The ground of a row that stays and is nobody's any more; written so that no purpose can be called it."""
TOLD = Text(
    sv="Det här är avidentifierat. Raderna är kvar som statistik, och inget i dem visar att de handlade "
    "om dig:",
    en="This is de-identified. The rows stay as statistics, and nothing in them shows that they were about "
    "you:",
)
"""What stands in the letter before the datasets whose rows stay."""
_WAITING = frozenset({"mention", "shared"})


def plan(
    policy: Policy,
    datamap: DataMap,
    facts: Facts,
    subjects: Sequence[Subject],
    on: date,
    *,
    grounds: Sequence[str] = USUAL,
    holds: Holds | None = None,
    elsewhere: Elsewhere = NOTHING,
    scope: Scope = EVERYTHING,
) -> ErasePlan:
    """What shall be done in one system, as far as was asked. Raises FaultsFound as an erasure does."""
    erased = erase.plan(
        policy, datamap, facts, subjects, on, grounds=grounds, holds=holds, elsewhere=elsewhere, scope=scope
    )
    stripped = _Stripped(datamap.system(facts.system), facts, erased.verdicts).verdicts()
    return erase.made(policy, datamap, facts, subjects, on, stripped, grounds=grounds, scope=scope)


def staying(plan: ErasePlan) -> tuple[Verdict, ...]:
    """The rows that stay and shall tell nothing."""
    return tuple(v for v in plan.verdicts if v.ground == STATISTICS)


def kept(plan: ErasePlan) -> tuple[Verdict, ...]:
    """The rows in which the person may still stand: those that a law, a hold or a purpose that goes on
    keeps. One that waits for a handler is not among them: it would tell who the person is."""
    return tuple(
        v
        for v in plan.verdicts
        if v.verb in (Verb.KEEP, Verb.CHANGE)
        and v.ground
        and v.ground != STATISTICS
        and v.ground not in _WAITING
    )


class _Stripped:
    """The verdicts of an erasure, with rows that would go stripped instead where that can be done."""

    def __init__(self, system: System, facts: Facts, verdicts: Sequence[Verdict]) -> None:
        self._system = system
        self._facts = facts
        self._verdicts = verdicts
        self._faces = faces_of(facts)

    def verdicts(self) -> tuple[Verdict, ...]:
        """In the order of the erasure."""
        stripped = {
            (v.fact.at.dataset, v.fact.key): changes
            for v in self._verdicts
            if self._may_stay(v) and (changes := self._changes(v.fact))
        }
        for verdict in self._verdicts:
            if verdict.verb is Verb.DELETE:
                continue
            for tie, at in self._above(verdict.fact):
                if at in stripped and not _empties(verdict, tie):
                    del stripped[at]
        return tuple(self._said(v, stripped.get((v.fact.at.dataset, v.fact.key))) for v in self._verdicts)

    def _said(self, verdict: Verdict, changes: dict[str, Change] | None) -> Verdict:
        if changes is None:
            return verdict
        return replace(verdict, verb=Verb.CHANGE, ground=STATISTICS, until=None, changes=changes)

    def _may_stay(self, verdict: Verdict) -> bool:
        fact = verdict.fact
        dataset = self._system.datasets[fact.at.dataset]
        return (
            verdict.verb is Verb.DELETE
            and fact.certain
            and not fact.others
            and not is_person(dataset)
            and not any(
                dataset.fields[name].category or dataset.fields[name].identity for name in dataset.key
            )
        )

    def _changes(self, fact: RowFact) -> dict[str, Change]:
        """What is done to the values of the row; nothing = it cannot stay."""
        dataset = self._system.datasets[fact.at.dataset]
        ground = self._facts.grounds[fact.at.dataset]
        leading = [n for n, path in enumerate(dataset.subject) if n in fact.paths or _always(path)]
        changes = cut_loose(dataset, ground, leading, (), frozenset(self._system.datasets))
        above = [tie for tie, _ in self._above(fact)]
        changes |= {n: c for n, c in let_go(dataset, ground, above).items() if n not in changes}
        if not all(_cut(dataset.subject[n], changes) for n in leading):
            return {}
        if not all(any(name in changes for name in tie.columns) for tie in above):
            return {}
        changes |= {n: c for n, c in _told(dataset, ground) if n not in changes}
        return changes

    def _above(self, fact: RowFact) -> Iterator[tuple[Tie, Row]]:
        """The person's rows that this one points at."""
        for number, key in fact.links.items():
            parent = self._faces.get((number, key)) if key is not None else None
            if parent is not None:
                yield self._facts.ties[number], (parent.at.dataset, parent.key)


def _told(dataset: Dataset, ground: Ground) -> Iterator[tuple[str, Change]]:
    """The values of a row that tell, or that the map does not let stay."""
    mentioned = {n for path in dataset.subject if isinstance(path, ByMention) for n in path.columns}
    for name, field in dataset.fields.items():
        if name in dataset.key:
            continue
        tells = field.identity is not None or field.text or field.file or name in mentioned
        if tells or _goes(field):
            yield name, change(field, ground.columns[name], unique=name in ground.unique)


def _goes(field: FieldMap) -> bool:
    return field.erase not in (None, Erase.KEEP)


def _always(path: Path) -> bool:
    """A path that holds for every row of its dataset."""
    return not isinstance(path, ByPolymorphic | ByOwn) and not path.when


def _cut(path: Path, changes: dict[str, Change]) -> bool:
    """Whether the row no longer leads anywhere by this path. One empty column of a reference is enough."""
    if isinstance(path, ByMention):
        return True  # its texts are emptied with the rest
    if isinstance(path, ByReference | ByPolymorphic):
        return any(name in changes for name in path.columns)
    return all(name in changes for name in _read(path))


def _read(path: Path) -> tuple[str, ...]:
    return tuple(name for name in columns_of(path) if name not in getattr(path, "when", {}))


def _empties(verdict: Verdict, tie: Tie) -> bool:
    return any(
        name in verdict.changes and verdict.changes[name].how in (How.NULL, How.JSON) for name in tie.columns
    )

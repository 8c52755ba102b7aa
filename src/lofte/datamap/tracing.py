"""Tracing identities: from what a person has shown, to who they are in a system.

Hard rules:
- Two rows that share a UNIQUE identity are one person. Nothing else merges.
- A CONTACT identity finds a person only while exactly one person answers to it.
- All that was shown must point at one and the same person, and something of it at nobody else.
  Else it finds nobody: it is reported, and another identity is asked for (art. 12.6).
- An identity that the person shares with somebody finds no rows by itself (art. 15.4).
- A WEAK identity never finds a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lofte.datamap.document import Kind
from lofte.datamap.identity import STRENGTH, Identity, Strength

Key = tuple[str, ...]
"""The key of a row, each part as text: two keys are the same when their texts are."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ambiguity:
    """More than one person answers to an identity of this subject."""

    subject: int
    identity: Identity
    persons: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Who one subject is in one system."""

    subject: int
    keys: Mapping[str, frozenset[Key]] = field(default_factory=dict)
    """Person dataset -> keys of the rows that are this person."""
    identities: frozenset[Identity] = frozenset()
    """All identities of this person, shown and discovered."""
    shared: frozenset[Identity] = frozenset()
    """Those of them that another person has too; they find nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class People:
    """The subjects as one system knows them; index = position of the subject in the question."""

    persons: tuple[Person, ...]
    ambiguous: tuple[Ambiguity, ...] = ()
    statements: int = 0
    alike: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonRow:
    """A row of a person dataset, and the identities it carries."""

    dataset: str
    key: Key
    identities: frozenset[Identity]


class Trace:
    """Collects person rows round by round and judges who the subjects are.

    Ask `wanted()`, look those identities up, hand the rows to `add`, and again, until nothing
    is wanted; then `people()`. No round depends on the order of rows or of subjects.
    """

    def __init__(self, shown: Sequence[Iterable[Identity]]) -> None:
        self._shown = tuple(frozenset(i) for i in shown)
        self._asked: set[Identity] = set()
        self._rows: dict[tuple[str, Key], PersonRow] = {}

    def wanted(self) -> frozenset[Identity]:
        """Identities not looked up yet. They count as looked up from now on."""
        wanted = {i for shown in self._shown for i in shown}
        wanted |= {i for row in self._rows.values() for i in row.identities if _is(i, Strength.UNIQUE)}
        for person in self._judge()[0]:
            wanted |= person.identities
        wanted = {i for i in wanted if not _is(i, Strength.WEAK)} - self._asked
        self._asked |= wanted
        return frozenset(wanted)

    def add(self, rows: Iterable[PersonRow]) -> None:
        """Remember the rows that answer to what was wanted."""
        for row in rows:
            self._rows[row.dataset, row.key] = row

    def people(self, *, statements: int, alike: int) -> People:
        """Who the subjects are, judged on all rows seen."""
        persons, ambiguous = self._judge()
        return People(persons=persons, ambiguous=ambiguous, statements=statements, alike=alike)

    def _judge(self) -> tuple[tuple[Person, ...], tuple[Ambiguity, ...]]:
        clusters = _clusters(self._rows.values())
        by_identity: dict[Identity, list[int]] = {}
        for number, cluster in enumerate(clusters):
            for identity in {i for row in cluster for i in row.identities}:
                by_identity.setdefault(identity, []).append(number)
        persons: list[Person] = []
        ambiguous: list[Ambiguity] = []
        for subject, shown in enumerate(self._shown):
            person, doubts = _judge_one(subject, shown, clusters, by_identity)
            persons.append(person)
            ambiguous.extend(doubts)
        return tuple(persons), tuple(ambiguous)


def _judge_one(
    subject: int,
    shown: frozenset[Identity],
    clusters: Sequence[Sequence[PersonRow]],
    by_identity: Mapping[Identity, Sequence[int]],
) -> tuple[Person, list[Ambiguity]]:
    """One subject: the one person to whom everything shown points, or a doubt."""
    answers = {i: set(by_identity.get(i, ())) for i in shown if not _is(i, Strength.WEAK)}
    answers = {i: numbers for i, numbers in answers.items() if numbers}
    fitting = set.intersection(*answers.values()) if answers else set()
    fitting = {n for n in fitting if not _contradicts(shown, clusters[n])}
    numbers = frozenset(i for i in shown if i.kind is Kind.PERSONNUMMER)
    told_apart = len(fitting) == 1 and fitting in answers.values()
    if (answers and not told_apart) or len(numbers) > 1:
        persons = max(2, len(set().union(*answers.values())))
        doubtful = frozenset(answers) | (numbers if len(numbers) > 1 else frozenset())
        doubts = [Ambiguity(subject=subject, identity=i, persons=persons) for i in sorted(doubtful)]
        return Person(subject=subject, identities=shown, shared=doubtful), doubts
    keys: dict[str, set[Key]] = {}
    identities = set(shown)
    for number in fitting:
        for row in clusters[number]:
            keys.setdefault(row.dataset, set()).add(row.key)
            identities |= row.identities
    frozen = {dataset: frozenset(found) for dataset, found in keys.items()}
    shared = frozenset(i for i in identities if set(by_identity.get(i, ())) - fitting)
    return Person(subject=subject, keys=frozen, identities=frozenset(identities), shared=shared), []


def _contradicts(shown: Iterable[Identity], cluster: Iterable[PersonRow]) -> bool:
    """Does the person of these rows have a personnummer, and it is not the one that was shown?"""
    said = {i for i in shown if i.kind is Kind.PERSONNUMMER}
    have = {i for row in cluster for i in row.identities if i.kind is Kind.PERSONNUMMER}
    return bool(said and have) and not said & have


def _clusters(rows: Iterable[PersonRow]) -> list[list[PersonRow]]:
    """Rows that share a UNIQUE identity, directly or over other rows, are one cluster."""
    rows = sorted(rows, key=lambda r: (r.dataset, r.key))
    parent = list(range(len(rows)))

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    first: dict[Identity, int] = {}
    for number, row in enumerate(rows):
        for identity in row.identities:
            if _is(identity, Strength.UNIQUE):
                parent[root(number)] = root(first.setdefault(identity, number))
    groups: dict[int, list[PersonRow]] = {}
    for number, row in enumerate(rows):
        groups.setdefault(root(number), []).append(row)
    return list(groups.values())


def _is(identity: Identity, strength: Strength) -> bool:
    return STRENGTH[identity.kind] is strength

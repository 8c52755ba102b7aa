"""Tracing identities: from what a person has shown, to who they are in a system.

Hard rules:
- Two rows that share a UNIQUE identity are one person. Nothing else merges.
- A CONTACT identity finds a person only while exactly one person answers to it.
- An identity that two persons share finds no rows by itself; it is reported (art. 12.6, 15.4).
- A WEAK identity never finds a person.
- Two personnummer are two persons, whatever else points the same way.
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
    """One subject: unique identities first, then contacts that point at exactly one person."""
    doubts: list[Ambiguity] = []
    unique = sorted(i for i in shown if _is(i, Strength.UNIQUE))
    mine = {number for i in unique for number in by_identity.get(i, ())}
    if _persons_in(mine, clusters, unique) > 1:
        doubts += [Ambiguity(subject=subject, identity=i, persons=len(mine)) for i in unique]
        return Person(subject=subject, identities=shown, shared=shown), doubts
    contacts = sorted(i for i in shown if _is(i, Strength.CONTACT))
    answers = {i: set(by_identity.get(i, ())) for i in contacts}
    sole = {number for numbers in answers.values() if len(numbers) == 1 for number in numbers}
    if _persons_in(mine | sole, clusters, unique) > 1:
        sole = set()
    for identity, numbers in answers.items():
        others = numbers - mine - sole
        if others and not numbers & mine:
            doubts.append(Ambiguity(subject=subject, identity=identity, persons=max(2, len(numbers))))
    mine |= sole
    keys: dict[str, set[Key]] = {}
    identities = set(shown)
    for number in mine:
        for row in clusters[number]:
            keys.setdefault(row.dataset, set()).add(row.key)
            identities |= row.identities
    shared = {i for i in identities if set(by_identity.get(i, ())) - mine}
    frozen = {dataset: frozenset(found) for dataset, found in keys.items()}
    return (
        Person(subject=subject, keys=frozen, identities=frozenset(identities), shared=frozenset(shared)),
        doubts,
    )


def _persons_in(numbers: set[int], clusters: Sequence[Sequence[PersonRow]], shown: Iterable[Identity]) -> int:
    """How many persons these clusters and identities are for certain: two personnummer are two."""
    found = {i for n in numbers for row in clusters[n] for i in row.identities} | set(shown)
    return len({i for i in found if i.kind is Kind.PERSONNUMMER})


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

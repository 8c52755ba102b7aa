"""The second look: every fetched row is compared again in Python before it counts.

Databases compare looser than we think: case-blind and accent-blind collations, padded blanks,
numbers against text. Here only equal bytes, or equal canonical identities, are equal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lofte.connectors.sql.dialects import json_at
from lofte.connectors.sql.shapes import Branch, Shape
from lofte.datamap.document import Kind
from lofte.datamap.identity import STRENGTH, Strength, canonical
from lofte.datamap.letters import composed
from lofte.datamap.tracing import Key, People

Subjects = frozenset[int]
NOBODY: Subjects = frozenset()

_EMAIL = re.compile(r"[^\s<>()\[\]{},;:\"'|\\/=]{1,64}@[^\s<>()\[\]{},;:\"'|\\/=@?&#]{1,255}")
_NUMBER = re.compile(r"(?<![\d-])(?:\d{8}|\d{6})[-+ ]?\d{4}(?!\d)")
_PHONE = re.compile(r"(?<![\w+])\+?\d[\d \u00a0()./\u2011-]{5,24}\d(?!\w)")
_WORD = re.compile(r"[^\s<>()\[\]{},;\"'|]+")
_MENTIONS = {Kind.EMAIL: _EMAIL, Kind.PERSONNUMMER: _NUMBER, Kind.PHONE: _PHONE}


def key_text(value: Any) -> str:
    """A part of a key as text; two parts are the same when their texts are."""
    if type(value) is int:
        return str(value)
    if isinstance(value, str):
        return value
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    return str(value)


@dataclass(frozen=True, slots=True)
class Match:
    """Whose a row is: for certain, perhaps (waits for review), and only by a shared identity."""

    certain: Subjects = NOBODY
    perhaps: Subjects = NOBODY
    shared: Subjects = NOBODY

    def __bool__(self) -> bool:
        return bool(self.certain or self.perhaps or self.shared)


class Index:
    """Who is behind each key and each identity, for one question to one system."""

    def __init__(self, people: People, on: date) -> None:
        self.on = on
        self.keys: dict[tuple[str, Key], Subjects] = {}
        self._certain: dict[tuple[str, Key], Match] = {}
        self.known: dict[tuple[Kind, str], Subjects] = {}
        self.shared: dict[tuple[Kind, str], Subjects] = {}
        for person in people.persons:
            me = frozenset((person.subject,))
            for dataset, keys in person.keys.items():
                for key in keys:
                    self.keys[dataset, key] = self.keys.get((dataset, key), NOBODY) | me
            for identity in person.identities:
                target = self.shared if identity in person.shared else self.known
                at = (identity.kind, identity.value)
                target[at] = target.get(at, NOBODY) | me

    def match(self, branch: Branch, row: Sequence[Any]) -> Match:
        """Whose the row is by this branch. An empty match: the database was too generous."""
        if branch.end.json is not None:
            return self._by_json(branch, row[branch.heads[0]])
        if branch.end.how == "keys":
            named = branch.end.of, tuple([key_text(row[at]) for at in branch.heads])
            match = self._certain.get(named)
            if match is None:
                match = self._certain[named] = Match(certain=self.keys.get(named, NOBODY))
            return match
        if branch.end.how == "identity":
            return self._by_identity(branch.end.kinds[0], row[branch.heads[0]])
        return self._by_mention(branch, [row[at] for at in branch.heads])

    def _by_identity(self, kind: Kind, raw: Any) -> Match:
        value = canonical(kind, raw, self.on)
        if value is None:
            return Match()
        known, shared = self.known.get((kind, value), NOBODY), self.shared.get((kind, value), NOBODY)
        if STRENGTH[kind] is Strength.WEAK:
            return Match(perhaps=known, shared=shared)
        return Match(certain=known, shared=shared)

    def _by_json(self, branch: Branch, raw: Any) -> Match:
        value = json_at(raw, branch.end.json or ())
        if value is None:
            return Match()
        if branch.end.how == "keys":
            return Match(certain=self.keys.get((branch.end.of, (key_text(value),)), NOBODY))
        return self._by_identity(branch.end.kinds[0], value)

    def _by_mention(self, branch: Branch, texts: Iterable[Any]) -> Match:
        found: set[int] = set()
        shared: set[int] = set()
        for text in texts:
            if text is None:
                continue
            for kind in branch.end.kinds:
                for value in mentioned(kind, str(text), self.on):
                    found |= self.known.get((kind, value), NOBODY)
                    shared |= self.shared.get((kind, value), NOBODY)
        if branch.end.certain:
            return Match(certain=frozenset(found), shared=frozenset(shared))
        return Match(perhaps=frozenset(found), shared=frozenset(shared))


def mentioned(kind: Kind, text: str, on: date) -> set[str]:
    """The canonical identities of a kind that stand in a text, whole."""
    found: set[str] = set()
    for match in _MENTIONS.get(kind, _WORD).finditer(composed(text)):
        word = match.group()
        for candidate in (word, word.rstrip(".!?:_*"), word.strip(".!?:_*")):
            value = canonical(kind, candidate, on)
            if value is not None:
                found.add(value)
    return found


def spans(kind: Kind, text: str, on: date) -> Iterable[tuple[str, int, int]]:
    """The same, with the place of each; the text must be composed (`letters.composed`). A word with
    a full stop after it is given with and without: either may be the identity."""
    for match in _MENTIONS.get(kind, _WORD).finditer(text):
        word, start = match.group(), match.start()
        plain = word.strip(".!?:_*")
        for candidate, ahead in (
            (word, 0),
            (word.rstrip(".!?:_*"), 0),
            (plain, len(word) - len(word.lstrip(".!?:_*"))),
        ):
            value = canonical(kind, candidate, on)
            if value is not None:
                yield value, start + ahead, start + ahead + len(candidate)


def judge(
    shape: Shape, index: Index, rows: Iterable[Sequence[Any]]
) -> Iterable[tuple[Sequence[Any], Branch, Match]]:
    """Each row with the branch that found it and whose it is."""
    branches, at = shape.branches, shape.branch_at
    only = next(iter(branches.values()))
    for row in rows:
        branch = branches[row[at]] if at >= 0 else only
        yield row, branch, index.match(branch, row)


def slot_values(people: People) -> Mapping[Kind, frozenset[str]]:
    """All identities asked about, by kind; shared ones too, so that they can be counted."""
    found: dict[Kind, set[str]] = {}
    for person in people.persons:
        for identity in person.identities:
            found.setdefault(identity.kind, set()).add(identity.value)
    return {kind: frozenset(values) for kind, values in found.items()}

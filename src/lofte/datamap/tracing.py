"""Tracing identities: from what a person has shown, to who they are in a system.

Hard rules:
- Two rows that share a UNIQUE identity are one person. Nothing else merges.
- A CONTACT identity finds a person only while exactly one person answers to it.
- An identity that two persons share finds no rows by itself; it is reported (art. 12.6, 15.4).
- A WEAK identity never finds a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lofte.datamap.identity import Identity

Key = tuple[Any, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Ambiguity:
    """More than one person answers to an identity of this subject."""

    subject: int
    identity: Identity
    dataset: str
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

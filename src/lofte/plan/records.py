"""What a plan is made of: subjects, steps, what is kept, what was found.

A plan is data. It is made by pure functions from (policy, data map, facts, date), shown before
it runs, executed by one executor, and noted in one ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar, dataclass_transform

from lofte.datamap.identity import Identity

_Record = TypeVar("_Record")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def made_by_the_thousand(cls: type[_Record]) -> type[_Record]:
    """A record of which a plan has one for every row: frozen to whoever checks the types. Frozen at run
    time too, making it would take twice as long."""
    return dataclass(kw_only=True, slots=True)(cls)


class Verb(StrEnum):
    """What a step does with the rows it names."""

    GIVE = "give"
    FORWARD = "forward"
    """The company is only processor: the controller answers, the person is told (art. 28.3 e)."""
    DELETE = "delete"
    """The row goes (art. 17.1)."""
    CHANGE = "change"
    """The row is minimised: what nothing needs any more goes, field by field (art. 5.1 c, 17.3)."""
    UNLINK = "unlink"
    """The row is somebody else's too: only what ties it to this person goes."""
    KEEP = "keep"
    """The row stays as it is, with a ground (art. 17.3, 15.4)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """A person a plan is for: a reference of ours (a request number, never a name) and the
    identities they have shown to be theirs."""

    ref: str
    identities: tuple[Identity, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DatasetRef:
    """A dataset, by system and id."""

    system: str
    dataset: str

    def __str__(self) -> str:
        return f"{self.system}.{self.dataset}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One thing to do in one dataset."""

    verb: Verb
    at: DatasetRef
    article: str
    given: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """What a plan leaves or holds back, and why; `fields` empty = whole rows."""

    at: DatasetRef
    fields: tuple[str, ...] = ()
    ground: str
    until: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What shall be done for these subjects, under this version of policy and map."""

    right: str
    subjects: tuple[Subject, ...]
    steps: tuple[Step, ...]
    kept: tuple[Kept, ...]
    policy_digest: str
    map_digest: str
    made_on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Anchored:
    """What the rows of one person say about one retention anchor."""

    last: date | None = None
    """The latest date among the rows."""
    open: int = 0
    """Rows where the date is not there yet (the contract runs, the ticket is open)."""
    days: Mapping[date, int] = field(default_factory=dict)
    """How many rows have each date; empty when nobody counted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """What was found for one person in one dataset, in figures: no value leaves the row."""

    at: DatasetRef
    rows: int = 0
    first: date | None = None
    last: date | None = None
    fields: frozenset[str] = frozenset()
    """Fields that hold something in at least one row."""
    anchors: Mapping[str, Anchored] = field(default_factory=dict)
    waiting: int = 0
    """Rows that only mention the person; a handler looks at them first (art. 15.4)."""
    shared: int = 0
    """Rows found by an identity that another person has too; never given (art. 12.6)."""
    kept_back: int = 0
    """Rows that only mention the person, which somebody has looked at and not given (art. 15.4)."""
    masked: Mapping[str, int] = field(default_factory=dict)
    """In how many rows each field really was shown as dots."""

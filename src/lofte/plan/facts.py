"""What a database says about the rows of some persons: keys, owners, dates, and what hangs on what.

No personal value is in here; a plan is made from keys and structure alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from lofte.datamap.catalogue import LiveColumn, LiveTrigger
from lofte.datamap.tracing import Key
from lofte.plan.records import DatasetRef, made_by_the_thousand

NOBODY: frozenset[int] = frozenset()


@made_by_the_thousand
class RowFact:
    """One row that is somebody's; or several of them, judged as one (`fellows`)."""

    at: DatasetRef
    key: Key
    raw_key: tuple[Any, ...]
    """The key as the driver gave it, for binding."""
    subjects: frozenset[int]
    """Whose it is, of those that were asked for."""
    certain: bool = True
    """False: the row only mentions the person (art. 15.4)."""
    others: bool = False
    """A head that is not the subjects' own leads to the row too: it is somebody else's as well."""
    paths: frozenset[int] = NOBODY
    """The subject paths of the dataset by which it is the subjects'; -1 = over rows of its own."""
    others_paths: frozenset[int] = NOBODY
    """The paths by which it is somebody else's."""
    anchors: Mapping[str, date | None] = field(default_factory=dict)
    """The dates of the row's own anchors; None = it has not happened yet."""
    links: Mapping[int, Key | None] = field(default_factory=dict)
    """What the row points at, by number of the tie; None = nothing."""
    faces: Mapping[tuple[str, ...], Key] = field(default_factory=dict)
    """What other rows may point at: the values of the columns they are compared with."""
    stamp: tuple[str | None, ...] = ()
    """What was seen when this was read, to be compared when something is done to the row."""
    fellows: tuple[Key, ...] = ()
    """Other rows of the dataset that say the same in all but their keys, which come first in `stamp`: nobody
    points at them, and what holds of this row holds of each of them."""
    raw_fellows: tuple[tuple[Any, ...], ...] = ()
    """Their keys as the driver gave them."""

    @property
    def rows(self) -> int:
        """How many rows it stands for."""
        return 1 + len(self.fellows)

    @property
    def keys(self) -> tuple[Key, ...]:
        """The keys of all of them."""
        return (self.key, *self.fellows)

    @property
    def raw_keys(self) -> tuple[tuple[Any, ...], ...]:
        """The same as the driver gave them."""
        return (self.raw_key, *self.raw_fellows)

    def apart(self) -> tuple[RowFact, ...]:
        """Each of them by itself."""
        if not self.fellows:
            return (self,)
        rest = self.stamp[len(self.key) :]
        return tuple(
            replace(self, key=key, raw_key=raw, stamp=(*key, *rest), fellows=(), raw_fellows=())
            for key, raw in zip(self.keys, self.raw_keys, strict=True)
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Tie:
    """Columns of one table point at columns of another: a foreign key, or a path of the map."""

    number: int
    children: tuple[str, ...]
    """The datasets of the pointing table; none = the table is not mapped."""
    table: str
    schema: str | None = None
    columns: tuple[str, ...]
    parents: tuple[str, ...]
    keys: tuple[str, ...]
    inside: tuple[str | int, ...] = ()
    """The place in the JSON of the pointing column."""
    declared: bool = True
    """The database itself watches over it."""
    on_delete: str = ""
    """`CASCADE`, `SET NULL`, `SET DEFAULT`, or nothing that happens by itself."""
    nullable: bool = False
    """The pointing columns may be emptied."""

    @property
    def acts_by_itself(self) -> bool:
        """The database changes the pointing rows when the row pointed at goes."""
        return self.on_delete in ("CASCADE", "SET NULL", "SET DEFAULT")


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """The table that a dataset stands on."""

    table: str
    columns: Mapping[str, LiveColumn]
    key: frozenset[str] = frozenset()
    """The columns of its own key; a database may say that they may be empty (SQLite), yet a row
    without them would be found by nobody."""
    unique: frozenset[str] = frozenset()
    """Columns of which no two rows may have the same value."""
    triggers: tuple[LiveTrigger, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What one system says about the subjects' rows."""

    system: str
    rows: tuple[RowFact, ...] = ()
    ties: tuple[Tie, ...] = ()
    grounds: Mapping[str, Ground] = field(default_factory=dict)
    pointed: Mapping[int, Mapping[Key, int]] = field(default_factory=dict)
    """By number of a declared tie: how many live rows, ours or not, point at each of `rows`."""
    shared: Mapping[str, int] = field(default_factory=dict)
    """By dataset: rows found only by an identity that another person has too; left alone."""
    ambiguous: int = 0
    """The most persons that answer to one identity; 0 = each answers for one."""
    persons: int = 0
    """How many of the subjects the system knows for certain."""
    statements: int = 0

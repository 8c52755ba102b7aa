"""What a connector does for a sweep: counts and names the rows whose time is out, and lets them go.

It decides nothing: it is handed the rules of a dataset turned into days (`plan.due.Timing`), and asks the
database for the rows that they say are past.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol, runtime_checkable

from lofte.connectors.protocol import Acting
from lofte.datamap.identity import Identity
from lofte.datamap.tracing import Key
from lofte.plan.due import Fate, Timing
from lofte.plan.facts import Ground, Tie
from lofte.plan.verdict import Changes


@dataclass(frozen=True, kw_only=True, slots=True)
class Ahead:
    """What a sweep of one dataset has before it, in counts."""

    fates: Mapping[Fate, int] = field(default_factory=dict)
    """Rows whose time is out, by what becomes of them."""
    waiting: int = 0
    """Of those that go: rows that others still point at. They are minimised, and go with the last of
    them."""
    unknown: int = 0
    """Rows whose end is not known, because an anchor is not: they stay, and are told."""
    wrong: int = 0
    """Of these: rows where the anchor's column holds something that is no day."""
    oldest: date | None = None
    newest: date | None = None
    """The first and the last anchor day among the rows whose time is out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DueRow:
    """A row whose time is out."""

    key: Key
    raw: tuple[Any, ...]
    """The key as the driver gave it, for binding."""
    fate: Fate
    pointed: bool = False
    """Other rows point at it, so it cannot go yet."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """Some of the rows whose time is out, in the order of their key."""

    rows: tuple[DueRow, ...]
    last: tuple[Any, ...] | None
    """Where the next page begins; None = there is none."""


class DueRows(Protocol):
    """One look at one system, or one transaction in it."""

    @property
    def ties(self) -> tuple[Tie, ...]:
        """What points at what."""
        ...

    def careful(self, dataset: str) -> bool:
        """Whether the database would do something of its own when rows of the dataset go."""
        ...

    @property
    def grounds(self) -> Mapping[str, Ground]:
        """The table that each dataset stands on."""
        ...

    def ahead(
        self, dataset: str, timing: Timing, on: date, shrink: Mapping[Fate, Changes] | None = None
    ) -> Ahead:
        """What is past, and what cannot be judged. Of rows that stay, those that are as `shrink` says do
        not count. Raises FaultsFound (X006: a column holds no days)."""
        ...

    def page(
        self,
        dataset: str,
        timing: Timing,
        on: date,
        *,
        use: bool,
        after: tuple[Any, ...] | None,
        size: int,
        only: Collection[Key] | None = None,
        shrink: Changes | None = None,
    ) -> Page:
        """Rows whose keeping is over (with `use`: whose use is over, and which are still kept), after
        this key; of all rows, or `only` of these; of those that stay, only those that are not yet as
        `shrink` says, as far as the database can tell."""
        ...

    def remove(self, dataset: str, timing: Timing, on: date, rows: Sequence[DueRow]) -> int:
        """Let these rows go, as far as they are still past their time and nobody points at them.
        Returns how many went. Raises Broken if one is there afterwards."""
        ...

    def there(self, dataset: str, keys: Collection[Key]) -> frozenset[Key]:
        """Which of these rows are there."""
        ...

    def identities(self, dataset: str, keys: Collection[Key], on: date) -> tuple[Identity, ...]:
        """The identities that stand in these rows themselves."""
        ...

    def everybody(self, on: date) -> Iterator[Identity]:
        """Every identity that stands in any mapped column, streamed; some come more than once."""
        ...

    def leaving(self, dataset: str, timing: Timing) -> Mapping[date, int]:
        """How many rows have each last day of keeping, as far as it is known."""
        ...


class SweepingSession(Acting, Protocol):
    """A look that a sweep can work with."""

    def due(self, fiscal: str) -> DueRows:
        """The rows whose time is out. `fiscal` is the last day of the company's financial year (`MM-DD`)."""
        ...


@runtime_checkable
class Renewing(Protocol):
    """A connector that can stay open from one dataset to the next."""

    def look_anew(self) -> None:
        """Forget what was read of the system's tables, where they have changed since. Raises
        Unreachable."""
        ...

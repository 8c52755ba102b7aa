"""What every connector can do. One folder per kind of foreign system; one contract test suite.

A connector finds, counts and gives; it decides nothing. It never returns a row that it has
not compared again, byte for byte, on the canonical identity.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol, runtime_checkable

from lofte.datamap.catalogue import Catalogue
from lofte.datamap.document import Coarse
from lofte.datamap.identity import Identity
from lofte.datamap.reached import Reached
from lofte.datamap.tracing import Key, People
from lofte.plan.anonymity import Crowd, Look
from lofte.plan.facts import Facts, RowFact
from lofte.plan.figures import Said
from lofte.plan.layers import Storage
from lofte.plan.records import DatasetRef, Subject, Verb
from lofte.plan.verdict import ErasePlan


@dataclass(frozen=True, slots=True)
class Found:
    """One row of one dataset, and which subjects it belongs to."""

    subjects: tuple[int, ...]
    """Indexes into the subjects that were asked for."""
    row: tuple[Any, ...]
    """Values in the order of `Rows.columns`."""
    by: str
    """The path that found it (`reference`, `identity`, `mention`, ...); a mention waits for review."""
    certain: bool = True


@dataclass(kw_only=True, slots=True)
class Rows:
    """The rows of one dataset, streamed. Counters are complete when the iterator is exhausted."""

    at: DatasetRef
    columns: tuple[str, ...]
    found: Iterator[Found]
    statements: int = 0
    alike: int = 0
    """Rows that the database took for equal and we did not; never given."""
    shared: dict[int, int] = field(default_factory=dict)
    """Rows per subject found only by an identity that another person has too; never given."""


Changes = Mapping[str, Sequence[Any]]
"""The columns that will be changed, and what each of the rows will say there; none = the rows go."""
Keep = Callable[[DatasetRef, Sequence[str], Sequence[tuple[Any, ...]], Changes], None]
"""Takes whole rows in before what is done to them is lasting: dataset, names of columns, rows, changes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """What was done in one dataset."""

    at: DatasetRef
    verb: Verb
    rows: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Acted:
    """What was done in one system, in counts."""

    system: str
    done: tuple[Done, ...]
    statements: int

    def rows(self, verb: Verb | None = None) -> int:
        """How many rows were touched, in all or by one verb."""
        return sum(d.rows for d in self.done if verb is None or d.verb is verb)


@dataclass(frozen=True, kw_only=True, slots=True)
class Left:
    """Where something of a person still stands though it should not: never the value."""

    table: str
    column: str
    rows: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """How many rows of a dataset are one subject's."""

    certain: int = 0
    waiting: int = 0
    """Rows that only mention the subject, or that only a weak identity leads to."""
    shared: int = 0
    """Rows found only by an identity that another person has too; never given."""

    @property
    def all(self) -> int:
        """Certain or perhaps."""
        return self.certain + self.waiting


class Session(Protocol):
    """A consistent, read-only look at one system."""

    def people(self, subjects: Sequence[Subject], on: date) -> People:
        """Who the subjects are in this system. A few statements for any number of subjects."""
        ...

    def rows(self, dataset: str, people: People) -> Rows:
        """All rows of the dataset that belong to the subjects. One statement."""
        ...

    def count(self, dataset: str, people: People) -> Mapping[int, Counted]:
        """How many rows each subject has in the dataset (only keys leave the system)."""
        ...


class Connector(Protocol):
    """One foreign system, opened with its part of the data map."""

    def catalogue(self) -> Catalogue:
        """What tables and columns are really there."""
        ...

    def session(self) -> AbstractContextManager[Session]:
        """Open a consistent, read-only session. Raises Unreachable."""
        ...

    def close(self) -> None:
        """Give back all connections."""
        ...


class Judging(Session, Protocol):
    """A look that also tells what an erasure must know."""

    def facts(self, subjects: Sequence[Subject], on: date, *, together: bool = False) -> Facts:
        """Keys and structure of the subjects' rows, and whose else they are. `together`: rows that differ
        in nothing but their keys, and that nobody points at, may be one fact (`RowFact.fellows`)."""
        ...

    def facts_of(self, keys: Mapping[str, Collection[Key]], on: date) -> Facts:
        """The same of rows that are known by dataset and key."""
        ...

    @property
    def known(self) -> People:
        """Who the subjects were, when facts were asked for."""
        ...

    def tells(
        self,
        rows: Sequence[tuple[RowFact, Sequence[str]]],
        mac: Callable[[bytes], str],
        *,
        lock: bool = False,
    ) -> Mapping[tuple[str, Key], Mapping[str, str]]:
        """What these columns of rows say by now, as keyed digests by dataset, key and column; empty =
        nothing stands there. `lock` holds the rows so until the transaction ends."""
        ...

    def sizes(self, at_most: Mapping[str, int]) -> Mapping[str, int]:
        """How many rows the tables of these datasets have, each counted only as far as is said. One
        statement."""
        ...


class Acting(Judging, Protocol):
    """One transaction in which a plan is made and carried out."""

    def remains(
        self, rows: Sequence[tuple[RowFact, Collection[str]]], known: Mapping[int, Collection[Identity]]
    ) -> Mapping[int, Mapping[tuple[str, str], int]]:
        """In how many of these rows, as they are by now, somebody whose they are stands in one of the
        columns: by number of the first of them, then by dataset and column. `known` are the identities of
        each."""
        ...

    def act(self, plan: ErasePlan, keep: Keep, kept: Callable[[], None] | None = None) -> Acted:
        """Do all that the plan says, or nothing. `kept` is called when all rows have been handed over
        to `keep`, before anything is made lasting. Raises Conflict, Broken."""
        ...


@runtime_checkable
class Reaching(Protocol):
    """A system that can tell by which addresses people are reached."""

    def addresses(self, reached: Reached, /) -> Iterator[tuple[str, bool]]:
        """Every address in a column, and whether the identity of whose it is is protected. One statement,
        streamed. Raises Unreachable."""
        ...


@runtime_checkable
class Grouping(Protocol):
    """A system that can tell how many persons there are of each kind."""

    def groups(
        self, dataset: str, columns: Mapping[str, Coarse | None], on: date
    ) -> Mapping[Said, Mapping[str, Set[Hashable]]]:
        """The persons of a dataset in groups, by what their rows say in these columns, as coarse as is
        said. Raises Unreachable, FaultsFound."""
        ...


@runtime_checkable
class Testing(Protocol):
    """A transaction that can also be asked, before it is made lasting, whether it still tells whose the
    rows were."""

    def left(self, known: Iterable[Identity], allowed: Mapping[tuple[str, str], int]) -> tuple[Left, ...]:
        """As `Erasing.left`, with what was changed here and is not lasting yet."""
        ...

    def crowds(self, looks: Sequence[Look], k: int) -> tuple[Crowd, ...]:
        """Among how many persons these rows are, counted up to k."""
        ...


@runtime_checkable
class Erasing(Protocol):
    """A system whose rows can be erased."""

    def session(self) -> AbstractContextManager[Judging]:
        """A consistent, read-only look. Raises Unreachable."""
        ...

    def acting(self) -> AbstractContextManager[Acting]:
        """A transaction that may change rows; lasting when the block ends without an error."""
        ...

    def left(self, known: Iterable[Identity], allowed: Mapping[tuple[str, str], int]) -> tuple[Left, ...]:
        """Where these identities still stand in any table, mapped or not, beyond the rows that are
        allowed to hold them, by dataset and column."""
        ...

    def storage(self) -> Storage:
        """What the system tells of where erased rows may remain. Raises Unreachable."""
        ...

    def close(self) -> None:
        """Give back all connections."""
        ...

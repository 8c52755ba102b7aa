"""A sheet: the rows of one person in one dataset, and what they say in figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from lofte.datamap.document import Dataset, Give
from lofte.detect.text import DOTS
from lofte.law.calendar import civil_date
from lofte.plan.masking import Mask
from lofte.plan.records import Anchored, DatasetRef, Tally
from lofte.requests.package.encode import Row, csv_rows, json_rows

SLICE = 1000
"""How many rows are written at a time."""


class Looked(tuple[Any, ...]):
    """A row that somebody has looked at by itself: masked by then, and not masked again."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Where some rows lie in the spool file: offset, length of the JSON, length of the CSV after it."""

    at: int
    json: int
    csv: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """What is known of a dataset before its first row: which columns are given, in which order."""

    at: DatasetRef
    dataset: Dataset
    columns: tuple[str, ...]
    names: tuple[str, ...]
    """The columns that are given."""
    pick: Callable[[Row], Row] | None
    """Takes the given columns out of a row; None when all are given."""
    masks: bool
    order: int | None
    anchors: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, at: DatasetRef, dataset: Dataset, columns: Sequence[str]) -> Shape:
        """The shape of this dataset for rows with these columns."""
        fields = dataset.fields
        given = [i for i, c in enumerate(columns) if c in fields and fields[c].give is not Give.WITHHOLD]
        index = {c: i for i, c in enumerate(columns)}
        masked = dataset.author is not None or any(
            fields[columns[i]].give in (Give.MASK, Give.MASK_OTHERS) for i in given
        )
        anchors = tuple((n, index[a.column]) for n, a in dataset.anchors.items() if a.column in index)
        order = index.get(dataset.order) if dataset.order else (anchors[0][1] if anchors else None)
        return cls(
            at=at,
            dataset=dataset,
            columns=tuple(columns),
            names=tuple(columns[i] for i in given),
            pick=None if len(given) == len(columns) else _picker(given),
            masks=masked,
            order=order,
            anchors=anchors,
        )

    def named(self, row: Row) -> dict[str, Any]:
        """What is given of a row, by the names of its fields."""
        picked = row if self.pick is None else self.pick(row)
        return dict(zip(self.names, picked, strict=True))

    @property
    def ordered_by(self) -> str | None:
        """The given column by which people read the rows."""
        name = self.columns[self.order] if self.order is not None else None
        return name if name in self.names else None


@dataclass(kw_only=True, slots=True)
class Sheet:
    """Rows that wait in memory, where the others lie, and figures of all of them.

    A row is measured and then masked, once: what lies in `held` before `measured` is as it is given.
    """

    shape: Shape
    mask: Mask | None
    held: list[Row] = field(default_factory=list)
    chunks: list[Chunk] = field(default_factory=list)
    gone: int = 0
    filled: set[str] = field(default_factory=set)
    span: tuple[date | None, date | None] = (None, None)
    anchors: dict[str, Anchored] = field(default_factory=dict)
    masked: dict[str, int] = field(default_factory=dict)
    measured: int = 0

    @property
    def count(self) -> int:
        """How many rows."""
        return self.gone + len(self.held)

    def given(self) -> Iterator[Sequence[Row]]:
        """The rows in memory as they are given, some at a time."""
        self._measure()
        for start in range(0, len(self.held), SLICE):
            rows: Sequence[Row] = self.held[start : start + SLICE]
            if self.shape.pick is not None:
                rows = list(map(self.shape.pick, rows))
            yield rows

    def take_out(self) -> Iterator[tuple[bytes, bytes]]:
        """The rows in memory as JSON and as CSV, and they leave memory; their figures stay."""
        for rows in self.given():
            yield json_rows(self.shape.names, rows), csv_rows(rows)
        self.gone += len(self.held)
        self.held.clear()
        self.measured = 0

    def tally(self, *, waiting: int, shared: int, kept_back: int = 0) -> Tally:
        """The figures of all rows."""
        self._measure()
        return Tally(
            at=self.shape.at,
            rows=self.count,
            first=self.span[0],
            last=self.span[1],
            fields=frozenset(self.filled),
            anchors=dict(self.anchors),
            waiting=waiting,
            shared=shared,
            kept_back=kept_back,
            masked=dict(self.masked),
        )

    def _measure(self) -> None:
        """Add the rows that are new in memory to the figures, and mask them."""
        rows, shape = self.held[self.measured :], self.shape
        if not rows:
            return
        if len(self.filled) < len(shape.names):
            for name, column in zip(shape.columns, zip(*rows, strict=True), strict=True):
                if name not in self.filled and column.count(None) < len(column):
                    self.filled.add(name)
            self.filled.intersection_update(shape.names)
        if shape.order is not None:
            first, last = _span(r[shape.order] for r in rows)
            self.span = (_least(self.span[0], first), _greatest(self.span[1], last))
        for name, at in shape.anchors:
            values = [r[at] for r in rows]
            old = self.anchors.get(name, Anchored())
            days = _days(values, old.days)
            last = max(days, default=None)
            self.anchors[name] = Anchored(last=last, open=old.open + values.count(None), days=days)
        if self.mask is not None:
            for start in range(self.measured, len(self.held), SLICE):
                self._hide(start)
        self.measured = len(self.held)

    def _hide(self, start: int) -> None:
        """Mask some rows where they lie, and count what became dots."""
        assert self.mask is not None
        before = self.held[start : start + SLICE]
        after = [row if isinstance(row, Looked) else self.mask(row) for row in before]
        self.held[start : start + SLICE] = after
        for at, name in enumerate(self.shape.columns):
            dots = sum(
                new[at] is not old[at] and new[at] != old[at] and DOTS in str(new[at])
                for old, new in zip(before, after, strict=True)
            )
            if dots and name in self.shape.names:
                self.masked[name] = self.masked.get(name, 0) + dots


def _picker(given: Sequence[int]) -> Callable[[Row], Row]:
    if len(given) == 1:
        only = given[0]
        return lambda row: (row[only],)
    if not given:
        return lambda row: ()
    return itemgetter(*given)


def _span(values: Iterable[Any]) -> tuple[date | None, date | None]:
    there = [v for v in values if v is not None]
    if not there:
        return None, None
    try:
        return day(min(there)), day(max(there))
    except TypeError:
        days = [d for v in there if (d := day(v))]
        return min(days, default=None), max(days, default=None)


def _days(values: Iterable[Any], known: Mapping[date, int]) -> dict[date, int]:
    """How many rows have each day. Times of the same hour are on the same day and are read once."""
    days = dict(known)
    hours = Counter(v[:13] if isinstance(v, str) and _plain_time(v) else v for v in values)
    for hour, count in hours.items():
        found = day(f"{hour}:00" if isinstance(hour, str) and len(hour) == 13 else hour)
        if found is not None:
            days[found] = days.get(found, 0) + count
    return days


def _plain_time(value: str) -> bool:
    """`2026-10-01 08:30:00`: whole seconds and no zone."""
    return len(value) == 19 and value[13] == value[16] == ":"


def day(value: Any) -> date | None:
    """The day in Sweden that a value of a row says, if it says one."""
    if isinstance(value, datetime):
        return civil_date(value)
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        try:
            return (
                date.fromisoformat(value[:10])
                if len(value) < 11
                else civil_date(datetime.fromisoformat(value))
            )
        except ValueError:
            return None
    return None


def _least(one: date | None, other: date | None) -> date | None:
    return min((d for d in (one, other) if d is not None), default=None)


def _greatest(one: date | None, other: date | None) -> date | None:
    return max((d for d in (one, other) if d is not None), default=None)

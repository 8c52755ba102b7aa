"""Making facts of fetched rows: keys, dates, what each points at, and how it looked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, cast
from uuid import UUID

from lofte.connectors.sql.fact_shapes import DatasetShape, FactShapes
from lofte.connectors.sql.shapes import Shape
from lofte.connectors.sql.verify import Index, Match, judge, key_text
from lofte.datamap.catalogue import LiveColumn, TypeClass
from lofte.datamap.tracing import Key
from lofte.law.calendar import STOCKHOLM
from lofte.plan.facts import NOBODY, RowFact
from lofte.plan.records import DatasetRef

NOTHING: Mapping[Any, Any] = {}
"""Shared by the rows that have none."""
_AS_KEYS = frozenset((TypeClass.INTEGER, TypeClass.NUMBER, TypeClass.TEXT, TypeClass.UUID))
_EXACT = frozenset((int, str, UUID, type(None)))
"""What is equal is the same."""


class Maker:
    """Makes facts of the fetched rows of one dataset; where everything stands is found out once."""

    def __init__(self, shapes: FactShapes, id_: str, shape: DatasetShape) -> None:
        dataset = shapes.system.datasets[id_]
        at = {name: n for n, name in reversed(list(enumerate(shape.columns)))}
        self._columns = shape.columns
        self._at = DatasetRef(system=shapes.system.id, dataset=id_)
        self._key = tuple(at[name] for name in dataset.key)
        self._anchors = [(n, at[a.column]) for n, a in dataset.anchors.items()]
        links = [told for told in shapes.told if id_ in told.tie.children]
        # What is told by columns alone is read by their places; the others look at the row by name.
        self._plain = [(t.tie.number, tuple(at[n] for n in t.tie.columns)) for t in links if t.plain]
        self._leading = tuple(dict.fromkeys(n for _, places in self._plain for n in places))
        self._known: dict[tuple[str | None, ...], Mapping[int, Key | None]] = {}
        self._links = [told for told in links if not told.plain]
        faces = {told.tie.keys for told in shapes.told if id_ in told.tie.parents}
        self._faces = [(keys, tuple(at[name] for name in keys)) for keys in faces]
        self._live = [shapes.shaper.column(id_, name) for name in shape.columns]
        self._paths = frozenset((shape.sole,)) if shape.owners is None else NOBODY
        # Of numbers and texts a stamp is the text that keys are compared by.
        self._texts = all(self._live[n].type in _AS_KEYS for n in (*self._key, *self._leading))
        self._typed = shapes.shaper.dialect.name != "sqlite"
        self.alike = self._texts and self._is_alike(shapes, id_, shape)
        """Whether rows that differ in nothing but their keys may be told as one (`as_one`)."""

    @classmethod
    def of(cls, shapes: FactShapes, id_: str, shape: DatasetShape) -> Maker:
        """One for a session. Where everything stands is found out once for all of them."""
        if id_ not in shapes.makers:
            shapes.makers[id_] = cls(shapes, id_, shape)
        maker: Maker = copy(shapes.makers[id_])
        maker._known = {}
        return maker

    def fact(self, row: Sequence[Any], subjects: frozenset[int], *, certain: bool) -> RowFact:
        """What one row says."""
        stamp = stamped(zip(row, self._live, strict=False))
        texts = stamp if self._texts else [key_text(v) if v is not None else None for v in row]
        return RowFact(
            at=self._at,
            key=tuple([str(texts[n]) for n in self._key]),
            raw_key=tuple([row[n] for n in self._key]),
            subjects=subjects,
            certain=certain,
            paths=self._paths,
            anchors={name: day_of(row[n]) for name, n in self._anchors} if self._anchors else NOTHING,
            links=self._linked(row, texts),
            faces={keys: tuple([key_text(row[n]) for n in at]) for keys, at in self._faces}
            if self._faces
            else NOTHING,
            stamp=stamp,
        )

    def _is_alike(self, shapes: FactShapes, id_: str, shape: DatasetShape) -> bool:
        """Nobody points at rows of the table, nothing but what they point at tells them apart, and they lead
        to their person by a key."""
        live, keyed = shapes.shaper.live(id_), len(self._key)
        at = (live.schema, live.name)
        above = {shapes.shaper.live(parent) for told in shapes.told for parent in told.tie.parents}
        ends = [(branch.end.how, branch.end.json) for branch in shape.find.branches.values()]
        heads = [n for branch in shape.find.branches.values() for n in branch.heads]
        return (
            self._key == tuple(range(keyed))
            and not (self._anchors or self._links)
            and min((*self._leading, *heads), default=keyed) >= keyed
            and ends == [("keys", None)]
            and at not in {(parent.schema, parent.name) for parent in above}
        )

    def groups(
        self, find: Shape, index: Index, rows: Iterable[Sequence[Any]]
    ) -> Iterator[tuple[list[tuple[Any, ...]], Match]]:
        """The fetched rows, those together that differ in nothing but their keys, and whose they are: told
        of the first of them, for all else in them is the same."""
        keyed = len(self._key)
        groups: dict[Any, list[tuple[Any, ...]]] = {}
        for row in cast(Iterable[tuple[Any, ...]], rows):
            rest = row[keyed:]
            groups.setdefault(rest if self._typed else (rest, tuple(map(type, rest))), []).append(row)
        firsts = [same[0] for same in groups.values()]
        for same, (_, _, match) in zip(groups.values(), judge(find, index, firsts), strict=True):
            yield same, match

    def as_one(self, same: Sequence[tuple[Any, ...]], subjects: frozenset[int]) -> list[RowFact]:
        """Rows of a group as one fact. Of values that are equal without being the same (1.0 and 1.00) each
        row is told by itself."""
        keyed = len(self._key)
        if len(same) == 1 or not _EXACT.issuperset(map(type, same[0][keyed:])):
            return [self.fact(row, subjects, certain=True) for row in same]
        others = tuple([row[:keyed] for row in same[1:]])
        first = self.fact(same[0], subjects, certain=True)
        named_ = tuple([tuple(map(key_text, raw)) for raw in others])
        return [replace(first, fellows=named_, raw_fellows=others)]

    def _linked(self, row: Sequence[Any], texts: Sequence[str | None]) -> Mapping[int, Key | None]:
        """What the row points at. Rows that point at the same share it: what is judged by it is judged
        once."""
        leading = tuple([texts[n] for n in self._leading])
        known = self._known.get(leading)
        if known is None:
            known = {number: named(texts, places) for number, places in self._plain}
            self._known[leading] = known
        if not self._links:
            return known
        values = dict(zip(self._columns, row, strict=False))
        return {**known, **{told.tie.number: told.key(values) for told in self._links}}


def named(texts: Sequence[str | None], places: Sequence[int]) -> Key | None:
    """What stands in these places of a row, as it names another; None = nothing."""
    parts = tuple([texts[n] for n in places])
    return None if None in parts else cast(Key, parts)


def stamped(values: Iterable[tuple[Any, LiveColumn]]) -> tuple[str | None, ...]:
    """Values as they are compared later, however a driver gives them: the same text, the same value."""
    return tuple([str(value) if type(value) is int else _stamp(value, live) for value, live in values])


def _stamp(value: Any, live: LiveColumn) -> str | None:
    if value is None:
        return None
    try:
        if live.type is TypeClass.JSON:
            plain = json.loads(value) if isinstance(value, str | bytes) else value
            return json.dumps(plain, sort_keys=True)
        if live.type in (TypeClass.TIME, TypeClass.DATE) and isinstance(value, str):
            value = datetime.fromisoformat(value)
    except ValueError:
        return key_text(value)
    if isinstance(value, datetime):
        value = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
        return str(value.isoformat())
    return f"{value.isoformat()}T00:00:00" if isinstance(value, date) else key_text(value)


def day_of(value: Any) -> date | None:
    """The civil date of an anchor, whatever the driver made of it; what is no date is not known."""
    if isinstance(value, datetime):
        return moment_day(value)
    if isinstance(value, date) or value is None:
        return value
    try:
        return day_of(datetime.fromisoformat(str(value)))
    except ValueError:
        return None


def moment_day(value: datetime) -> date:
    """The day of a moment in Stockholm; at the very ends of the calendar, the day it says itself."""
    try:
        return (value.astimezone(STOCKHOLM) if value.tzinfo else value).date()
    except OverflowError:
        return value.date()

"""Counting the persons among whom rows are, when nothing else tells whose they are.

Every row of the dataset is read, once for what it says and once for whose it is; in memory is what the
asked rows say, and fewer than k other persons for each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from lofte.connectors.sql.changed import coarser
from lofte.connectors.sql.dialects import Condition, json_at
from lofte.connectors.sql.fact_shapes import FactShapes, OwnersWriter
from lofte.connectors.sql.shapes import Branch, Shape
from lofte.connectors.sql.verify import Index, key_text
from lofte.connectors.sql.wire import Wire
from lofte.datamap.chains import base, chains
from lofte.datamap.document import Coarse
from lofte.datamap.identity import STRENGTH, Strength, canonical
from lofte.datamap.tracing import Key, People
from lofte.plan.anonymity import Crowd, Look

Said = tuple[str | None, ...]
"""What a row says, column by column, as coarse as it is read."""
Head = tuple[str, ...]


class EverybodyWriter(OwnersWriter):
    """As for the owners of given rows, for all rows of the dataset."""

    def _only(self, source: Any) -> Iterator[Condition]:
        return iter(())


class Counter:
    """Counts, by what rows say, the different persons they are of; never more than are asked for."""

    def __init__(self, at_most: int) -> None:
        self._at_most = at_most
        self._found: dict[Any, dict[str, set[Head]]] = {}

    def want(self, said: Any) -> None:
        """Count for this."""
        self._found.setdefault(said, {})

    def meet(self, said: Any, head: Head) -> None:
        """A row of somebody says this."""
        kinds = self._found.get(said)
        if kinds is not None:
            heads = kinds.setdefault(head[0], set())
            if len(heads) < self._at_most:
                heads.add(head)

    def persons(self, said: Any) -> int:
        """How many there are for certain: one may be known by identities of several kinds."""
        return max((len(heads) for heads in self._found[said].values()), default=0)

    def wanted(self) -> Iterator[Any]:
        """What is counted for."""
        return iter(self._found)


def crowds(
    wire: Wire, shapes: FactShapes, looks: Sequence[Look], people: People, on: date, k: int
) -> tuple[Crowd, ...]:
    """Among how many persons the rows of each look are, counted up to k."""
    return tuple(_crowd(wire, shapes, look, Index(people, on), k) for look in looks)


def _crowd(wire: Wire, shapes: FactShapes, look: Look, mine: Index, k: int) -> Crowd:
    columns = tuple(look.columns)
    together, alone = Counter(k - 1), Counter(k - 1)
    rows = 0
    for key, said in _all(wire, shapes, look):
        if key in look.keys:
            rows += 1
            together.want(said)
            for column, value in zip(columns, said, strict=True):
                alone.want((column, value))
    for key, said, head in owned(wire, shapes, look, mine):
        if key not in look.keys:
            together.meet(said, head)
            for column, value in zip(columns, said, strict=True):
                alone.meet((column, value), head)
    few = {column for column, value in alone.wanted() if alone.persons((column, value)) + 1 < k}
    return Crowd(
        dataset=look.dataset,
        rows=rows,
        smallest=min((together.persons(said) + 1 for said in together.wanted()), default=k),
        together=columns,
        alone=tuple(column for column in columns if column in few),
    )


def _all(wire: Wire, shapes: FactShapes, look: Look) -> Iterator[tuple[Key, Said]]:
    """Every row of the dataset: its key, and what it says."""
    shaper = shapes.shaper
    dataset = shapes.system.datasets[look.dataset]
    source = shaper.source(look.dataset, "t1")
    names = (*dataset.key, *look.columns)
    statement = sa.select(*(source.c[name] for name in names)).where(
        *shaper.conditions(look.dataset, source, dataset.where)
    )
    width = len(dataset.key)
    for row in wire.stream(shaper.compile(statement), {}):
        yield tuple(key_text(part) for part in row[:width]), _said(look.columns, row[width:])


def owned(wire: Wire, shapes: FactShapes, look: Look, mine: Index) -> Iterator[tuple[Key, Said, Head]]:
    """Every row of the dataset that is somebody else's, once for each way to them."""
    shape = _shape(shapes, look)
    if shape is None:
        return
    key_width, width = len(shapes.system.datasets[look.dataset].key), len(shape.columns)
    only = next(iter(shape.branches.values()))
    for row in wire.stream(shape.stream, {}):
        branch = shape.branches[row[shape.branch_at]] if shape.branch_at >= 0 else only
        head = _head(branch, row, mine)
        if head is not None:
            key = tuple(key_text(part) for part in row[:key_width])
            yield key, _said(look.columns, row[key_width:width]), head


def _shape(shapes: FactShapes, look: Look) -> Shape | None:
    system = shapes.system
    ways = [way for way in chains(system, look.dataset) if way.end.how != "mention"]
    if any(way.end.how == "climb" for way in ways):
        ways = [*base(system, look.dataset), *ways]
    columns = (*system.datasets[look.dataset].key, *look.columns)
    return EverybodyWriter(shapes.shaper, look.dataset, columns, ways).shape() if ways else None


def _head(branch: Branch, row: Sequence[Any], mine: Index) -> Head | None:
    """Who a row leads to; None = nobody, the person who asked, or somebody whom that does not tell."""
    heads = [row[at] for at in branch.heads[: len(branch.end.columns)]]
    if branch.end.json is not None:
        heads = [json_at(heads[0], branch.end.json)]
    if any(head is None for head in heads):
        return None
    if branch.end.how == "keys":
        at = tuple(key_text(head) for head in heads)
        return None if (branch.end.of, at) in mine.keys else (branch.end.of, *at)
    kind = branch.end.kinds[0]
    value = canonical(kind, heads[0], mine.on)
    if value is None or STRENGTH[kind] is Strength.WEAK:
        return None
    known = mine.known.get((kind, value)) or mine.shared.get((kind, value))
    return None if known else (kind.value, value)


def _said(columns: Mapping[str, Coarse | None], row: Sequence[Any]) -> Said:
    return tuple(_read(how, value) for how, value in zip(columns.values(), row, strict=True))


def _read(how: Coarse | None, value: Any) -> str | None:
    if value is None:
        return None
    if how is not None:
        try:
            value = coarser(how, value)
        except (ArithmeticError, ValueError):
            return key_text(value)  # it cannot be made coarse, and says all that it says
    return key_text(value)

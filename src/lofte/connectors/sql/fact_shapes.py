"""The statements that facts are read with, compiled once per system."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from lofte.connectors.sql.dialects import Condition
from lofte.connectors.sql.shapes import Shape, Shaper, Slot
from lofte.connectors.sql.tables import At, Table, tables_of
from lofte.connectors.sql.ties import Told, ties_of
from lofte.connectors.sql.writer import Writer, write
from lofte.datamap.catalogue import LiveColumn
from lofte.datamap.chains import Chain, End, Link, base, chains
from lofte.datamap.document import System
from lofte.plan.facts import Ground, Tie

FOUND = "found"


@dataclass(frozen=True, kw_only=True, slots=True)
class DatasetShape:
    """The statements that tell whose rows a dataset holds."""

    find: Shape
    owners: Shape | None
    """None = a row can only belong to whoever it was found by."""
    columns: tuple[str, ...]
    sole: int
    """The only path there is, when `owners` is None."""
    key_columns: tuple[LiveColumn, ...]


class FactShapes:
    """Everything compiled that facts are read with, for one system."""

    def __init__(self, shaper: Shaper) -> None:
        self.shaper = shaper
        self.system: System = shaper.system
        self._tables: dict[At, Table] = {}
        self.makers: dict[str, Any] = {}
        """How facts are made of the rows of a dataset (`fact_rows.Maker`), found out once."""
        self.told: tuple[Told, ...] = ties_of(shaper)
        self.grounds = {id_: _ground(shaper, id_) for id_ in self.system.datasets}
        self.datasets = {
            id_: shape
            for id_, dataset in self.system.datasets.items()
            if dataset.role == "controller" and dataset.subject and (shape := self._shape(id_)) is not None
        }

    @property
    def looked(self) -> bool:
        """Whether the tables that rows point from have been looked at."""
        return bool(self._tables)

    def table(self, db: Connection, at: At) -> Table:
        """A table that rows point from, as it was when it was first asked for."""
        if not self._tables:
            pointing = {(told.tie.schema, told.tie.table) for told in self.told if told.tie.declared}
            self._tables = tables_of(db, sorted(pointing, key=str))
        return self._tables[at]

    @property
    def ties(self) -> tuple[Tie, ...]:
        """What points at what."""
        return tuple(told.tie for told in self.told)

    def _shape(self, id_: str) -> DatasetShape | None:
        dataset = self.system.datasets[id_]
        columns = self.columns(id_)
        find = write(self.shaper, id_, columns=columns)
        if find is None:
            return None
        ways = [way for way in chains(self.system, id_) if way.end.how != "mention"]
        if any(way.end.how == "climb" for way in ways):
            ways = [*base(self.system, id_), *ways]
        sole = len(ways) == 1 and not ways[0].links and ways[0].end.how in ("keys", "identity")
        sole = sole or (len(ways) == 1 and self._one_head(ways[0]))
        owners = None if sole or not ways else OwnersWriter(self.shaper, id_, dataset.key, ways).shape()
        return DatasetShape(
            find=find,
            owners=owners,
            columns=columns,
            sole=ways[0].path if len(ways) == 1 else -1,
            key_columns=tuple(self.shaper.column(id_, name) for name in dataset.key),
        )

    def columns(self, id_: str) -> tuple[str, ...]:
        """The columns that say how a row hangs together with others, and when its time is out."""
        dataset = self.system.datasets[id_]
        names = [*dataset.key, *(anchor.column for anchor in dataset.anchors.values())]
        for told in self.told:
            names += told.tie.keys if id_ in told.tie.parents else ()
            names += (*told.tie.columns, *told.when) if id_ in told.tie.children else ()
        return tuple(dict.fromkeys(names))

    def _one_head(self, way: Chain) -> bool:
        """Every link on the way leads to one row at most, because the keys are unique."""
        if way.end.how == "climb":
            return False
        for link in way.links:
            live = self.shaper.live(link.to)
            if not any(unique and set(unique) <= set(link.keys) for unique in (live.key, *live.unique)):
                return False
        return True


class OwnersWriter(Writer):
    """Writes the statement that follows the chains of given rows to everybody they lead to."""

    def __init__(self, shaper: Shaper, dataset: str, columns: Sequence[str], ways: Sequence[Chain]) -> None:
        super().__init__(shaper, dataset, columns, ways)
        self.ups: dict[str, Any] = {}

    def _only(self, source: Any) -> Iterator[Condition]:
        live = tuple(self.shaper.column(self.dataset, name) for name in self.key)
        self.slots.setdefault(FOUND, Slot(name=FOUND, what=FOUND, live=live))
        yield self.dialect.in_keys([source.c[name] for name in self.key], live, FOUND)

    def _climb(self, dataset: str) -> Any:
        """From the rows of a dataset that the asked rows lead to, up over rows of the same dataset: the
        key of where it began, where it ended, and what stood there. The rest of the table is not
        looked at."""
        if dataset in self.climbs:
            return self.climbs[dataset]
        names = self.shaper.system.datasets[dataset].key
        up = self._up(dataset)
        ended = []
        for way in base(self.shaper.system, dataset):
            source = self._alias(dataset)
            joined, end, heads, where = self._follow(source, way, shown=True)
            began = [up.c[f"s{n}"].label(f"k{n}") for n in range(len(names))]
            columns = [*began, end.label("e"), *self._padded(heads)]
            here = self._same_key(dataset, source, up)
            ended.append(sa.select(*columns).select_from(joined.join(up, here)).where(*where))
        if not ended:
            ended = [self._nowhere(dataset)]
        found = sa.union_all(*ended) if len(ended) > 1 else ended[0]
        self.climbs[dataset] = climbed = found.cte(f"ended{self._number()}")
        return climbed

    def _up(self, dataset: str) -> Any:
        """The rows of a dataset that the asked rows lead to (s), each with itself and all rows above
        it (k). Those that are led to from a climb over another dataset are among them."""
        if dataset in self.ups:
            return self.ups[dataset]
        names = self.shaper.system.datasets[dataset].key
        first = []
        for below, way in self._onto(dataset):
            asked = self._alias(way.datasets[0])
            joined, source, where = self._walk(asked, way)
            keys = [self._carry(dataset, source, name) for name in names]
            columns = [key.label(f"{letter}{n}") for letter in "sk" for n, key in enumerate(keys)]
            if below is None:
                where += self._only(asked)
            else:
                joined = joined.join(below, self._same_key(way.datasets[0], asked, below))
            first.append(sa.select(*columns).select_from(joined).where(*where))
        reference: Any = first[0].cte(f"up{self._number()}", recursive=True)
        child, parent = self._alias(dataset), self._alias(dataset)
        began = [reference.c[f"s{n}"] for n in range(len(names))]
        above = [self._carry(dataset, parent, name).label(f"k{n}") for n, name in enumerate(names)]
        joined = child.join(parent, self._looped(dataset, child, parent))
        joined = joined.join(reference, self._same_key(dataset, child, reference))
        step = sa.select(*began, *above).select_from(joined).where(*self._where(dataset, parent))
        self.ups[dataset] = up = reference.union(*first[1:], step)
        return up

    def _onto(self, dataset: str) -> Iterator[tuple[Any, Chain]]:
        """The ways that come to a dataset which is climbed: from the asked rows (None), or from rows
        that a climb over another dataset passes."""
        yield from ((None, way) for way in self.ways if _climbs(way, dataset))
        for other in self._climbed():
            for way in base(self.shaper.system, other):
                if _climbs(way, dataset):
                    yield self._up(other), way

    def _climbed(self) -> tuple[str, ...]:
        """All datasets that are climbed on the way from the asked rows."""
        found: dict[str, None] = {}
        ways = list(self.ways)
        while ways:
            way = ways.pop()
            if way.end.how == "climb" and way.end.of not in found:
                found[way.end.of] = None
                ways += base(self.shaper.system, way.end.of)
        return tuple(found)

    def _ends(self, dataset: str, source: Any, end: End) -> Condition:
        there = sa.and_(*(source.c[name].is_not(None) for name in end.columns))
        return sa.and_(there, *self._somebody(dataset, source, end))

    def _somebody(self, dataset: str, source: Any, end: End) -> Iterator[Condition]:
        """A key of nobody (any more) makes the row nobody else's: the person must be there."""
        if end.how != "keys" or end.of == dataset:
            return
        if end.json is not None:
            live = self.shaper.column(dataset, end.columns[0])
            if self.dialect.json_text(source.c[end.columns[0]], live, end.json) is None:
                return  # X004: it cannot be joined by what is in its JSON
        keys = self.shaper.system.datasets[end.of].key
        link = Link(columns=end.columns, to=end.of, keys=keys, when={}, json=end.json)
        person = self._alias(end.of)
        found: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(person)
        yield found.where(self._linked(dataset, source, link, person), *self._where(end.of, person)).exists()


def _climbs(way: Chain, dataset: str) -> bool:
    return way.end.how == "climb" and way.end.of == dataset


def _ground(shaper: Shaper, id_: str) -> Ground:
    live = shaper.live(id_)
    unique = {names[0] for names in (live.key, *live.unique) if len(names) == 1}
    return Ground(
        table=live.name,
        columns={column.name: column for column in live.columns},
        key=frozenset(live.key),
        unique=frozenset(unique),
        triggers=live.triggers,
    )

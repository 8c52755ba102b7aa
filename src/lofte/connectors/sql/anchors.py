"""Anchors of rows as SQL: their own columns, or those of the rows they point at.

- A row's own column comes before that of a row it points at, also when it is empty.
- Of several rows it points at the latest day counts; one whose day is not known has not ended.
- A way that comes back to a dataset it has passed is not followed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from lofte.connectors.sql.days import DayColumn, day_column
from lofte.connectors.sql.dialects import Condition, Expression
from lofte.connectors.sql.fact_shapes import FactShapes
from lofte.connectors.sql.ties import Told
from lofte.datamap.catalogue import LiveColumn, LiveTable, TypeClass

Leaf = Callable[[DayColumn, bool], Condition]
"""What is asked of an anchor's column; the second: its day stands for the end of its financial year."""


@dataclass(frozen=True, slots=True)
class Source:
    """One place that an anchor's day comes from."""

    told: Expression
    read: Callable[[Any], date]
    fiscal: bool


class Anchors:
    """Conditions on the anchors of the rows of one system."""

    def __init__(self, shapes: FactShapes) -> None:
        self._shapes = shapes
        self._shaper = shapes.shaper
        self._dialect = shapes.shaper.dialect
        self._aliases = 0

    def every(
        self, dataset: str, source: Any, names: Iterable[str], leaf: Callable[[str], Leaf]
    ) -> Condition:
        """Each of these anchors is known and is as asked."""
        asked = [self._holds(dataset, source, name, leaf(name), frozenset()) for name in names]
        return sa.and_(*(sa.false() if each is None else each for each in asked)) if asked else sa.false()

    def own(self, dataset: str, source: Any, name: str) -> DayColumn | None:
        """The dataset's own column of an anchor. Raises FaultsFound (X006) when it holds no days."""
        anchor = self._shapes.system.datasets[dataset].anchors.get(name)
        if anchor is None:
            return None
        live = self._shaper.column(dataset, anchor.column)
        table = self._shaper.live(dataset)
        type_ = self._shaper.types[table.schema, table.name, anchor.column]
        found = day_column(self._dialect.name, source.c[anchor.column], live, type_)
        if found is None:
            raise self._shaper.fault(
                "X006",
                f"{dataset}.anchors.{name}",
                f"the column `{anchor.column}` holds no days, so nobody can say when its rows go",
                "name a column of a date or a moment, or give it such a type",
            )
        return found

    def sources(self, dataset: str, source: Any, name: str) -> list[Source]:
        """Where the day of an anchor comes from; the latest of them counts."""
        return list(self._sources(dataset, source, name, frozenset()))

    def pointed(self, dataset: str, source: Any) -> Condition:
        """Some other row points at the row, by foreign key or by a path of the map."""
        asked = []
        for told in self._shapes.told:
            if dataset in told.tie.parents:
                child = self._alias(told.table)
                itself = (told.table.schema, told.table.name) == self._at(dataset)
                where = [sa.not_(self._same(dataset, child, source))] if itself else []
                for id_ in told.tie.children if not told.tie.declared else ():
                    where += self._shaper.conditions(id_, child, self._shapes.system.datasets[id_].where)
                if self._read_once(told) and not itself:
                    asked.append(self._among(told, child, dataset, source, of=child, where=where))
                else:
                    asked.append(_exists(child, source, [self.linked(told, child, dataset, source), *where]))
        return sa.or_(*asked) if asked else sa.false()

    def linked(self, told: Told, child: Any, parent: str, source: Any) -> Condition:
        """A row points at another by this tie."""
        pairs: list[Condition] = []
        for name, live, key in zip(told.tie.columns, told.live, told.tie.keys, strict=True):
            at = self._shaper.column(parent, key)
            column: Expression = child.c[name]
            if told.tie.declared:
                pairs.append(column == source.c[key])  # as the database itself compares a foreign key
                continue
            if told.json is not None:
                value = self._dialect.json_text(column, live, told.json)
                if value is None:
                    says = "a text column cannot be joined by what is in its JSON"
                    mend = "make the column json or jsonb, or find the row by an identity in it"
                    raise self._shaper.fault("X004", f"{told.tie.children[0]}.{name}", says, mend)
                column, live = value, LiveColumn(name=name, type=TypeClass.TEXT, collation="json")
            pairs.append(self._dialect.equal(column, live, source.c[key], at))
        if told.when:
            pairs += self._shaper.conditions(told.tie.children[0], child, told.when)
        return sa.and_(*pairs)

    def _leads(self, told: Told, source: Any, parent: str, above: Any, where: list[Condition]) -> Condition:
        """The row points by this tie at some row that is so."""
        if self._read_once(told):
            return self._among(told, source, parent, above, of=above, where=where)
        return _exists(above, source, [self.linked(told, source, parent, above), *where])

    def _read_once(self, told: Told) -> bool:
        """No index serves what is in JSON; SQLite would read it anew for each pair of rows."""
        return told.json is not None and self._dialect.name == "sqlite"

    def _among(
        self, told: Told, child: Any, parent: str, above: Any, *, of: Any, where: list[Condition]
    ) -> Condition:
        """As `linked`, for what is in JSON: the value of one row is among those of the rows `of` which are
        so. Those are read once for the whole statement, because nothing in them is of the one row."""
        key, at = above.c[told.tie.keys[0]], self._shaper.column(parent, told.tie.keys[0])
        value = self._dialect.json_text(child.c[told.tie.columns[0]], told.live[0], told.json or ())
        assert value is not None  # SQLite can look into any column
        when = list(self._shaper.conditions(told.tie.children[0], child, told.when))
        pointing, pointed = self._dialect.exact(value), self._dialect.exact(self._dialect.as_text(key, at))
        one, other = (pointed, pointing) if of is child else (pointing, pointed)
        inside = [*where, other.is_not(None), *(when if of is child else [])]
        found = one.in_(sa.select(other).select_from(of).where(*inside).correlate(None))
        return sa.and_(sa.func.coalesce(found, sa.false(), type_=sa.Boolean), *([] if of is child else when))

    # -- along the ties -------------------------------------------------------------------------------

    def _holds(
        self, dataset: str, source: Any, name: str, leaf: Leaf, passed: frozenset[str]
    ) -> Condition | None:
        """The anchor is as asked; None when the dataset can have no such anchor."""
        own = self.own(dataset, source, name)
        if own is not None:
            fiscal = self._shapes.system.datasets[dataset].anchors[name].fiscal_year
            return sa.func.coalesce(leaf(own, fiscal), sa.false(), type_=sa.Boolean)
        some: list[Condition] = []
        none: list[Condition] = []
        for told, id_ in self._above(dataset, passed):
            parent = self._shaper.table(self._shaper.live(id_), self._name())
            right = self._holds(id_, parent, name, leaf, passed | {dataset})
            if right is None:
                continue
            where = list(self._shaper.conditions(id_, parent, self._shapes.system.datasets[id_].where))
            has = self._has(id_, parent, name, passed | {dataset})
            some.append(self._leads(told, source, id_, parent, [*where, right]))
            none.append(self._leads(told, source, id_, parent, [*where, *has, sa.not_(right)]))
        if not some:
            return None
        return sa.and_(sa.or_(*some), *(sa.not_(each) for each in none))

    def _has(self, dataset: str, source: Any, name: str, passed: frozenset[str]) -> list[Condition]:
        """The row has the anchor at all; no condition where the column is its own."""
        if name in self._shapes.system.datasets[dataset].anchors:
            return []
        found = self._holds(dataset, source, name, lambda column, _: sa.true(), passed)
        return [] if found is None else [found]

    def _sources(self, dataset: str, source: Any, name: str, passed: frozenset[str]) -> Iterator[Source]:
        own = self.own(dataset, source, name)
        if own is not None:
            fiscal = self._shapes.system.datasets[dataset].anchors[name].fiscal_year
            yield Source(sa.case((own.there, own.told), else_=sa.null()), own.read, fiscal)
            return
        for told, id_ in self._above(dataset, passed):
            parent = self._shaper.table(self._shaper.live(id_), self._name())
            where = [
                self.linked(told, source, id_, parent),
                *self._shaper.conditions(id_, parent, self._shapes.system.datasets[id_].where),
            ]
            for each in self._sources(id_, parent, name, passed | {dataset}):
                found = sa.select(sa.func.max(each.told)).select_from(parent).where(*where)
                yield Source(found.correlate(source).scalar_subquery(), each.read, each.fiscal)

    def _above(self, dataset: str, passed: frozenset[str]) -> Iterator[tuple[Told, str]]:
        """The ties of a dataset and the datasets they lead to."""
        for told in self._shapes.told:
            if dataset in told.tie.children:
                for id_ in told.tie.parents:
                    if id_ != dataset and id_ not in passed:
                        yield told, id_

    # -- names ----------------------------------------------------------------------------------------

    def _alias(self, table: LiveTable) -> Any:
        return self._shaper.table(table, self._name())

    def _name(self) -> str:
        self._aliases += 1
        return f"a{self._aliases}"

    def _at(self, dataset: str) -> tuple[str | None, str]:
        table = self._shaper.live(dataset)
        return table.schema, table.name

    def _same(self, dataset: str, one: Any, other: Any) -> Condition:
        return sa.and_(*(one.c[name] == other.c[name] for name in self._shapes.system.datasets[dataset].key))


def _exists(inner: Any, outer: Any, where: Iterable[Condition]) -> Condition:
    found: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(inner).where(*where)
    return found.correlate(outer).exists()

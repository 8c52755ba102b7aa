"""Statements: one per dataset, for any number of persons, compiled once.

A dataset's statement is the union of its chains. Each chain joins its way to where a person is
told apart and says, with every row, what was matched (`heads`), so that `verify` can compare it
again. A dataset that refers to itself is climbed with a recursive query.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect as Engine
from sqlalchemy.sql import ColumnElement, quoted_name

from lofte.connectors.sql.dialects import Condition, Dialect, Expression
from lofte.datamap.catalogue import Catalogue, LiveColumn, LiveTable, TypeClass
from lofte.datamap.chains import Chain, Cycle, End, Link, chains, loops
from lofte.datamap.document import Dataset, Give, Kind, System, When
from lofte.errors import FaultsFound
from lofte.fault import Fault, Place

FOLD = frozenset({Kind.EMAIL, Kind.IP})
"""Kinds whose stored spelling may differ in capitals."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """Parameters to be bound: keys of a person dataset, spellings of a kind, or needles."""

    name: str
    what: str
    live: tuple[LiveColumn, ...]
    of: str = ""
    kind: Kind | None = None
    certain: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Branch:
    """One chain as it stands in the statement: where in the fetched row its match is found."""

    end: End
    by: str
    heads: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """A compiled statement. The fetched row is: `columns`, hidden columns, branch, heads."""

    dataset: str
    columns: tuple[str, ...]
    key: tuple[int, ...]
    branch_at: int
    branches: tuple[Branch, ...]
    slots: tuple[Slot, ...]
    small: Compiled
    stream: Compiled


@dataclass(frozen=True, kw_only=True, slots=True)
class Compiled:
    """SQL text and the order of its parameters (None = by name)."""

    sql: str
    constants: Mapping[str, Any]
    order: tuple[str, ...] | None

    def bind(self, values: Mapping[str, Any]) -> Any:
        """The parameters as the driver wants them."""
        every = {**self.constants, **values}
        return every if self.order is None else tuple(every[name] for name in self.order)


class Shaper:
    """Builds statements for one system from its map and what its database really holds."""

    def __init__(
        self, system: System, catalogue: Catalogue, types: Mapping[Any, Any], engine: Engine
    ) -> None:
        self.system = system
        self.catalogue = catalogue
        self.types = types
        self.engine = engine
        self.dialect = Dialect(engine.name)

    # -- names: nothing reaches a statement that the catalogue does not know ----------------

    def live(self, dataset: str) -> LiveTable:
        """The dataset's table. Raises FaultsFound (X001) when it is not in the database."""
        entry = self.system.datasets[dataset]
        table = self.catalogue.table(entry.table or dataset, entry.schema_)
        if table is None:
            raise self._fault("X001", dataset, "the database has no such table")
        return table

    def column(self, dataset: str, name: str) -> LiveColumn:
        """A live column. Raises FaultsFound (X002) when the table does not have it."""
        found = self.live(dataset).column(name)
        if found is None:
            raise self._fault("X002", f"{dataset}.{name}", "the table has no such column")
        return found

    def _fault(self, number: str, path: str, what: str, mend: str = "run `lofte check`") -> FaultsFound:
        place = Place(path=f"{self.system.id}.{path}")
        return FaultsFound([Fault(number=number, place=place, what=what, mend=mend)])

    def source(self, dataset: str, alias: str) -> sa.TableValuedAlias | sa.Alias | Any:
        """The dataset's table under an alias, every name quoted."""
        table = self.live(dataset)
        schema = quoted_name(table.schema, quote=True) if table.schema else None
        columns = [
            sa.column(quoted_name(c.name, quote=True), self.types[table.schema, table.name, c.name])
            for c in table.columns
        ]
        return sa.table(quoted_name(table.name, quote=True), *columns, schema=schema).alias(alias)

    def conditions(self, dataset: str, source: Any, when: When) -> Iterator[Condition]:
        """`when` or `where` of the map, exact."""
        for name, value in when.items():
            live = self.column(dataset, name)
            yield self.dialect.holds(source.c[name], live, value)

    # -- statements -----------------------------------------------------------------------------

    def shape(self, dataset: str, *, keys_only: bool = False) -> Shape | None:
        """The statement of a dataset; None when no row of it is anybody's."""
        entry = self.system.datasets[dataset]
        ways = chains(self.system, dataset)
        if isinstance(ways, Cycle):
            ring = " -> ".join(ways.datasets)
            raise self._fault(
                "X003",
                dataset,
                f"datasets refer to each other in a ring: {ring}",
                "take one reference out of `subject`",
            )
        if not ways:
            return None
        columns = entry.key if keys_only else wanted_columns(entry)
        return _Writer(self, dataset, columns, ways).shape()

    def compile(self, statement: Any) -> Compiled:
        """The statement as text."""
        compiled = statement.compile(dialect=self.engine)
        order = tuple(compiled.positiontup) if compiled.positional else None
        constants = {k: v for k, v in compiled.params.items() if v is not None}
        return Compiled(sql=str(compiled), constants=constants, order=order)


def wanted_columns(entry: Dataset) -> tuple[str, ...]:
    """The columns that leave the database: what is given or masked, and what that needs."""
    names = [name for name, field in entry.fields.items() if field.give is not Give.WITHHOLD]
    needed = [*entry.key, *(a.column for a in entry.anchors.values())]
    needed += [entry.author.column] if entry.author else []
    needed += [entry.order] if entry.order else []
    return tuple(dict.fromkeys([*names, *needed]))


class _Writer:
    """Writes the statement of one dataset."""

    def __init__(self, shaper: Shaper, dataset: str, columns: Sequence[str], ways: Sequence[Chain]) -> None:
        self.shaper = shaper
        self.dialect = shaper.dialect
        self.dataset = dataset
        self.ways = tuple(ways)
        own = [name for way in ways if not way.links for name in way.end.columns]
        self.columns = tuple(columns)
        self.fetched = tuple(dict.fromkeys([*columns, *own]))
        self.heads = max((len(way.end.columns) for way in ways if self._has_heads(way)), default=0)
        self.slots: dict[str, Slot] = {}
        self.aliases = 0

    def shape(self) -> Shape:
        selects = [self._select(number, way) for number, way in enumerate(self.ways)]
        stream: Any = selects[0]
        small: Any = selects[0]
        if len(selects) > 1:
            both = sa.union_all(*selects)
            small = both
            inner = both.subquery("found")
            keys = [inner.c[f"c{self.fetched.index(k)}"] for k in self._key()]
            live = [self.shaper.column(self.dataset, k) for k in self._key()]
            stream = sa.select(inner).order_by(
                *(
                    self.dialect.exact(c) if at.type is TypeClass.TEXT else c
                    for c, at in zip(keys, live, strict=True)
                )
            )
        width = len(self.fetched)
        return Shape(
            dataset=self.dataset,
            columns=self.columns,
            key=tuple(self.fetched.index(k) for k in self._key()),
            branch_at=width if len(selects) > 1 else -1,
            branches=tuple(self._branch(way, width + (len(selects) > 1)) for way in self.ways),
            slots=tuple(self.slots.values()),
            small=self.shaper.compile(small.limit(sa.bindparam("at_most", type_=sa.Integer))),
            stream=self.shaper.compile(stream),
        )

    def _key(self) -> tuple[str, ...]:
        return self.shaper.system.datasets[self.dataset].key

    def _has_heads(self, way: Chain) -> bool:
        return bool(way.links) or self._looped(way, 0)

    def _looped(self, way: Chain, at: int) -> bool:
        """Does dataset number `at` refer to itself? (A mention makes only its own row somebody's.)"""
        return way.end.how != "mention" and bool(loops(self.shaper.system, way.datasets[at]))

    def _branch(self, way: Chain, first_head: int) -> Branch:
        if self._has_heads(way):
            at = tuple(range(first_head, first_head + len(way.end.columns)))
        else:
            at = tuple(self.fetched.index(name) for name in way.end.columns)
        return Branch(end=way.end, by=way.by, heads=at)

    def _select(self, number: int, way: Chain) -> Any:
        """The rows of one chain: the dataset's columns, the branch, the heads."""
        source = self._alias(self.dataset)
        here: list[Any] = [source.c[name].label(f"c{n}") for n, name in enumerate(self.fetched)]
        if len(self.ways) > 1:
            here.append(sa.literal_column(str(number)).label("branch"))
        if self._looped(way, 0):
            climbed = self._climb(way, 0)
            joined = source.join(climbed, self._same_key(self.dataset, source, climbed))
            statement = sa.select(*here, *self._padded(self._cte_heads(climbed, way))).select_from(joined)
            return statement.where(*self._where(self.dataset, source))
        statement = sa.select(*here)
        return self._follow(statement, source, way, 0)

    def _follow(self, statement: Any, source: Any, way: Chain, at: int) -> Any:
        """Join from dataset number `at` of the chain to its end, and add conditions and heads."""
        joined: Any = source
        where = [*self._where(way.datasets[at], source)]
        for number in range(at, len(way.links)):
            link, here, there = way.links[number], way.datasets[number], way.datasets[number + 1]
            target = self._alias(there)
            where += self.shaper.conditions(here, source, link.when)
            where += self._where(there, target)
            joined = joined.join(target, self._linked(here, source, link, target))
            if self._looped(way, number + 1):
                climbed = self._climb(way, number + 1)
                joined = joined.join(climbed, self._same_key(there, target, climbed))
                heads = self._cte_heads(climbed, way)
                return statement.add_columns(*self._padded(heads)).select_from(joined).where(*where)
            source = target
        where += self.shaper.conditions(way.datasets[-1], source, way.end.when)
        where.append(self._ends(way.datasets[-1], source, way.end))
        heads = [self._text(way.datasets[-1], source, name) for name in way.end.columns]
        shown = self._padded(heads) if self._has_heads(way) else self._padded([])
        return statement.add_columns(*shown).select_from(joined).where(*where)

    def _climb(self, way: Chain, at: int) -> Any:
        """All rows of a dataset that lead to the person directly, or over rows of the same dataset."""
        shaper, dataset = self.shaper, way.datasets[at]
        source = self._alias(dataset)
        keys = self._carried(dataset, source)
        base = (
            self._follow(sa.select(*keys), source, way, at)
            if way.links[at:]
            else self._base(keys, source, way)
        )
        name = f"climb{self.aliases}"
        climbed = base.cte(name, recursive=True)
        for link in loops(shaper.system, dataset):
            child, parent = self._alias(dataset), self._alias(dataset)
            step = (
                sa.select(*self._carried(dataset, child), *(climbed.c[f"h{n}"] for n in range(self.heads)))
                .select_from(
                    child.join(parent, self._linked(dataset, child, link, parent)).join(
                        climbed, self._same_key(dataset, parent, climbed)
                    )
                )
                .where(*shaper.conditions(dataset, child, link.when), *self._where(dataset, child))
            )
            climbed = climbed.union(step)
        return climbed

    def _base(self, keys: Sequence[Any], source: Any, way: Chain) -> Any:
        return self._follow(sa.select(*keys), source, way, len(way.links))

    def _carried(self, dataset: str, source: Any) -> list[Any]:
        """The key of a dataset as a climb carries it: text by its bytes, the rest as it is."""
        found = []
        for n, name in enumerate(self.shaper.system.datasets[dataset].key):
            live = self.shaper.column(dataset, name)
            text = live.type is TypeClass.TEXT
            found.append(
                (self.dialect.as_text(source.c[name], live) if text else source.c[name]).label(f"k{n}")
            )
        return found

    def _same_key(self, dataset: str, source: Any, climbed: Any) -> Condition:
        names = self.shaper.system.datasets[dataset].key
        pairs = []
        for n, name in enumerate(names):
            live = self.shaper.column(dataset, name)
            text = live.type is TypeClass.TEXT
            pairs.append(
                (self.dialect.as_text(source.c[name], live) if text else source.c[name]) == climbed.c[f"k{n}"]
            )
        return sa.and_(*pairs)

    def _cte_heads(self, climbed: Any, way: Chain) -> list[Any]:
        return [climbed.c[f"h{n}"] for n in range(len(way.end.columns))]

    def _padded(self, heads: Sequence[Any]) -> list[ColumnElement[Any]]:
        """Heads as text, filled up so that all branches have the same columns."""
        empty = [sa.cast(sa.null(), sa.Text if self.dialect.name != "mariadb" else sa.CHAR)]
        return [h.label(f"h{n}") for n, h in enumerate([*heads, *empty * (self.heads - len(heads))])]

    # -- pieces --------------------------------------------------------------------------------

    def _alias(self, dataset: str) -> Any:
        self.aliases += 1
        return self.shaper.source(dataset, f"t{self.aliases}")

    def _where(self, dataset: str, source: Any) -> Iterator[Condition]:
        return self.shaper.conditions(dataset, source, self.shaper.system.datasets[dataset].where)

    def _text(self, dataset: str, source: Any, name: str) -> Expression:
        return self.dialect.as_text(source.c[name], self.shaper.column(dataset, name))

    def _linked(self, here: str, source: Any, link: Link, target: Any) -> Condition:
        """The link's columns equal the target's, all of them together."""
        pairs = []
        for name, key in zip(link.columns, link.keys, strict=True):
            live, live_key = self.shaper.column(here, name), self.shaper.column(link.to, key)
            column: Expression = source.c[name]
            if link.json is not None:
                value = self.dialect.json_text(column, live, link.json)
                if value is None:
                    raise self.shaper._fault(
                        "X004",
                        f"{here}.{name}",
                        "a text column cannot be joined by what is in its JSON",
                        "make the column json or jsonb, or find the row by an identity in it",
                    )
                column, live = value, LiveColumn(name=name, type=TypeClass.TEXT, collation="json")
            pairs.append(self.dialect.equal(column, live, target.c[key], live_key))
        return sa.and_(*pairs)

    def _ends(self, dataset: str, source: Any, end: End) -> Condition:
        """The net thrown over the values of the persons."""
        live = tuple(self.shaper.column(dataset, name) for name in end.columns)
        columns: list[Expression] = [source.c[name] for name in end.columns]
        if end.json is not None:
            value = self.dialect.json_text(columns[0], live[0], end.json)
            if value is None:
                slot = self._slot("fragments", live, end)
                return self.dialect.contains_any(columns[0], live[0], slot, digits=False)
            columns, live = [value], (LiveColumn(name="", type=TypeClass.TEXT),)
        if end.how == "keys":
            return self.dialect.in_keys(columns, live, self._slot("keys", live, end))
        if end.how == "mention":
            return sa.or_(*self._mentioned(columns, live, end))
        kind = end.kinds[0]
        slot = self._slot("identity", live, end, kind)
        if kind is Kind.PHONE:
            return self.dialect.in_digits(columns[0], live[0], slot)
        return self.dialect.in_spellings(columns[0], live[0], slot, fold=kind in FOLD)

    def _mentioned(
        self, columns: Sequence[Expression], live: Sequence[LiveColumn], end: End
    ) -> Iterator[Condition]:
        for kind in end.kinds:
            slot = self._slot("needles", (), end, kind)
            for column, at in zip(columns, live, strict=True):
                yield self.dialect.contains_any(column, at, slot, digits=kind is Kind.PHONE)

    def _slot(self, what: str, live: tuple[LiveColumn, ...], end: End, kind: Kind | None = None) -> str:
        classes = "_".join(c.type for c in live)
        kind = kind or (end.kinds[0] if end.kinds else None)
        key = f"{what}:{end.of}:{kind}:{classes}"
        slot = self.slots.get(key)
        if slot is None:
            name = f"p{len(self.slots)}"
            slot = Slot(name=name, what=what, live=live, of=end.of, kind=kind)
            self.slots[key] = slot
        return slot.name

"""Writing the statement of one dataset: the union of its chains, with what each of them matched.

A dataset that refers to itself becomes one recursive query, whatever the number of chains through
it: MariaDB keeps a temporary table for each mention of one, and dies of a hundred.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement

from lofte.connectors.sql.dialects import Condition, Expression
from lofte.connectors.sql.shapes import ENDS, Branch, Shape, Shaper, Slot, wanted_columns
from lofte.datamap.catalogue import LiveColumn, TypeClass
from lofte.datamap.chains import MAX_CHAINS, Chain, End, Link, base, chains, cycle, loops
from lofte.datamap.document import Kind
from lofte.datamap.identity import COMPARED, Compared


def write(
    shaper: Shaper, dataset: str, *, keys_only: bool = False, columns: Sequence[str] = ()
) -> Shape | None:
    """The statement of a dataset; None when no row of it is anybody's. `columns` are fetched instead
    of those that are given to people. Raises FaultsFound when the map does not fit the database
    (X001-X005)."""
    ring = cycle(shaper.system, dataset)
    if ring is not None:
        says = f"datasets refer to each other in a ring: {' -> '.join(ring.datasets)}"
        raise shaper.fault("X003", dataset, says, "take one reference out of `subject`")
    ways = chains(shaper.system, dataset)
    if not ways:
        return None
    if len(ways) > MAX_CHAINS:
        says = f"there are {len(ways)} ways from a row to a person; at most {MAX_CHAINS} are followed"
        raise shaper.fault("X005", dataset, says, "take paths out of `subject` that others contain")
    entry = shaper.system.datasets[dataset]
    columns = columns or (entry.key if keys_only else wanted_columns(entry))
    return Writer(shaper, dataset, columns, ways).shape()


class Writer:
    """Writes the statement of one dataset."""

    def __init__(self, shaper: Shaper, dataset: str, columns: Sequence[str], ways: Sequence[Chain]) -> None:
        self.shaper = shaper
        self.dialect = shaper.dialect
        self.dataset = dataset
        self.key = shaper.system.datasets[dataset].key
        self.ways = tuple(ways)
        own = [name for way in ways if not way.links for name in way.end.columns]
        self.columns = tuple(columns)
        self.fetched = tuple(dict.fromkeys([*columns, *own]))
        for name in (*self.key, *self.fetched):
            shaper.column(dataset, name)
        self.ends: list[tuple[End, Chain]] = []
        self.slots: dict[str, Slot] = {}
        self.climbs: dict[str, Any] = {}
        self.aliases = 0
        self.climbing = any(way.end.how == "climb" for way in ways)
        self.heads = self._most_heads(self.ways, set())
        self.short = self.climbing and not self._texts(self.ways, set())

    def shape(self) -> Shape:
        """The compiled statement."""
        selects = [self._select(number, way) for number, way in enumerate(self.ways)]
        several = len(selects) > 1 or self.climbing
        small = sa.union_all(*selects) if len(selects) > 1 else selects[0]
        width = len(self.fetched)
        return Shape(
            dataset=self.dataset,
            columns=self.columns,
            key=tuple(self.fetched.index(k) for k in self.key),
            branch_at=width if several else -1,
            several=several,
            branches=self._branches(width + several),
            slots=tuple(self.slots.values()),
            small=self.shaper.compile(small.limit(sa.bindparam("at_most", type_=sa.Integer))),
            stream=self.shaper.compile(self._sorted(small) if several else small),
        )

    def _sorted(self, statement: Any) -> Any:
        """By key, byte for byte, so that the same row's finds come together."""
        inner = statement.subquery("found")
        keys = [inner.c[f"c{self.fetched.index(k)}"] for k in self.key]
        live = [self.shaper.column(self.dataset, k) for k in self.key]
        exact = [
            self.dialect.exact(c) if at.type is TypeClass.TEXT else c
            for c, at in zip(keys, live, strict=True)
        ]
        return sa.select(inner).order_by(*exact)

    def _branches(self, first_head: int) -> dict[int, Branch]:
        found: dict[int, Branch] = {}
        for number, way in enumerate(self.ways):
            for end_number, (end, ended) in enumerate(self.ends):
                if way.end.how != "climb" and ended is not way:
                    continue
                if way.links or way.end.how == "climb":
                    heads = tuple(range(first_head, first_head + len(end.columns)))
                else:
                    heads = tuple(self.fetched.index(name) for name in end.columns)
                said = ended.by if way.end.how == "climb" and not way.links else way.by
                found[number * ENDS + end_number] = Branch(end=end, by=said, heads=heads, path=way.path)
        return found

    def _most_heads(self, ways: Sequence[Chain], seen: set[str]) -> int:
        most = 0
        for way in ways:
            if way.end.how == "climb":
                if way.end.of not in seen:
                    most = max(
                        most, self._most_heads(base(self.shaper.system, way.end.of), seen | {way.end.of})
                    )
            elif way.links or seen:
                most = max(most, len(way.end.columns))
        return most

    def _texts(self, ways: Sequence[Chain], seen: set[str]) -> bool:
        """Are whole texts carried through a climb, to look at what they mention?"""
        for way in ways:
            if way.end.how == "climb" and way.end.of not in seen:
                if self._texts(base(self.shaper.system, way.end.of), seen | {way.end.of}):
                    return True
            elif way.end.how == "mention" and (way.links or seen):
                return True
        return False

    # -- one chain ----------------------------------------------------------------------------

    def _select(self, number: int, way: Chain) -> Any:
        """The rows of one chain: the dataset's columns, the branch, the heads."""
        source = self._alias(self.dataset)
        here: list[Any] = [source.c[name].label(f"c{n}") for n, name in enumerate(self.fetched)]
        joined, end, heads, where = self._follow(source, way, shown=bool(way.links))
        if len(self.ways) > 1 or self.climbing:
            here.append((sa.literal_column(str(number * ENDS)) + end).label("branch"))
        statement = sa.select(*here, *self._padded(heads)).select_from(joined)
        return statement.where(*where, *self._only(source))

    def _only(self, source: Any) -> Iterator[Condition]:
        """What else is asked of every row."""
        return iter(())

    def _follow(
        self, source: Any, way: Chain, *, shown: bool
    ) -> tuple[Any, Expression, list[Expression], list[Condition]]:
        """Join from the first dataset of a chain to its end: the join, the number of the end, what
        stands there (when it is to be shown), and the conditions."""
        joined, source, where = self._walk(source, way)
        last = way.datasets[-1]
        if way.end.how == "climb":
            climbed = self._climb(last).alias(f"up{self._number()}")
            joined = joined.join(climbed, self._same_key(last, source, climbed))
            return joined, climbed.c.e, [climbed.c[f"h{n}"] for n in range(self.heads)], where
        where += self.shaper.conditions(last, source, way.end.when)
        where.append(self._ends(last, source, way.end))
        end, heads = self._shown(last, source, way.end) if shown else (way.end, [])
        self.ends.append((end, way))
        return joined, sa.literal_column(str(len(self.ends) - 1)), heads, where

    def _walk(self, source: Any, way: Chain) -> tuple[Any, Any, list[Condition]]:
        """Join from the first dataset of a chain to its last: the join, the last table, the conditions."""
        joined: Any = source
        where = [*self._where(way.datasets[0], source)]
        for link, here, there in zip(way.links, way.datasets, way.datasets[1:], strict=False):
            target = self._alias(there)
            where += self.shaper.conditions(here, source, link.when)
            where += self._where(there, target)
            joined = joined.join(target, self._linked(here, source, link, target))
            source = target
        return joined, source, where

    def _shown(self, dataset: str, source: Any, end: End) -> tuple[End, list[Expression]]:
        """What stands at an end, as text. A climb carries the value in the JSON, not all of it."""
        if end.json is not None and self.climbing:
            live = self.shaper.column(dataset, end.columns[0])
            value = self.dialect.json_text(source.c[end.columns[0]], live, end.json)
            if value is not None:
                carry = self.dialect.carried if self.short else self.dialect.as_text
                return replace(end, json=None), [carry(value, live)]
        return end, [self._carry_text(dataset, source, name) for name in end.columns]

    def _padded(self, heads: Sequence[Expression]) -> list[ColumnElement[Any]]:
        """Heads as text, filled up so that all branches have the same columns."""
        empty = [self.dialect.nothing()] * (self.heads - len(heads))
        return [h.label(f"h{n}") for n, h in enumerate([*heads, *empty])]

    # -- climbing -------------------------------------------------------------------------------

    def _climb(self, dataset: str) -> Any:
        """All rows of a dataset that lead to a person directly, or over rows of the same dataset:
        their key, where they ended, and what stood there."""
        if dataset in self.climbs:
            return self.climbs[dataset]
        starts = []
        for way in base(self.shaper.system, dataset):
            source = self._alias(dataset)
            joined, end, heads, where = self._follow(source, way, shown=True)
            columns = [*self._carried(dataset, source), end.label("e"), *self._padded(heads)]
            starts.append(sa.select(*columns).select_from(joined).where(*where))
        first = starts[0] if starts else self._nowhere(dataset)
        # Every base and every step is a member of one UNION: MariaDB takes no union within.
        climbed: Any = first.cte(f"climb{self._number()}", recursive=True)
        reference = climbed
        self.climbs[dataset] = climbed = reference.union(*starts[1:], self._step(dataset, reference))
        return climbed

    def _step(self, dataset: str, climbed: Any) -> Any:
        """From a row to those that refer to it; one step for all links, as PostgreSQL asks."""
        child, parent = self._alias(dataset), self._alias(dataset)
        joined = child.join(parent, self._looped(dataset, child, parent))
        joined = joined.join(climbed, self._same_key(dataset, parent, climbed))
        heads = [climbed.c[f"h{n}"] for n in range(self.heads)]
        statement = sa.select(*self._carried(dataset, child), climbed.c.e, *heads).select_from(joined)
        return statement.where(*self._where(dataset, child))

    def _looped(self, dataset: str, child: Any, parent: Any) -> Condition:
        """A row refers to another of its own dataset."""
        links = (
            sa.and_(
                self._linked(dataset, child, link, parent),
                *self.shaper.conditions(dataset, child, link.when),
            )
            for link in loops(self.shaper.system, dataset)
        )
        return sa.or_(*links)

    def _nowhere(self, dataset: str) -> Any:
        source = self._alias(dataset)
        columns = [*self._carried(dataset, source), sa.literal_column("0").label("e"), *self._padded([])]
        return (
            sa.select(*columns)
            .select_from(source)
            .where(source.c[self.shaper.system.datasets[dataset].key[0]].is_(None))
        )

    def _carried(self, dataset: str, source: Any) -> list[Any]:
        """The key of a dataset as a climb carries it: text by its bytes, the rest as it is."""
        names = self.shaper.system.datasets[dataset].key
        return [self._carry(dataset, source, name).label(f"k{n}") for n, name in enumerate(names)]

    def _same_key(self, dataset: str, source: Any, climbed: Any) -> Condition:
        names = self.shaper.system.datasets[dataset].key
        pairs = (self._carry(dataset, source, name) == climbed.c[f"k{n}"] for n, name in enumerate(names))
        return sa.and_(*pairs)

    def _carry(self, dataset: str, source: Any, name: str) -> Expression:
        live = self.shaper.column(dataset, name)
        column: Expression = source.c[name]
        return self.dialect.carried(column, live) if live.type is TypeClass.TEXT else column

    def _carry_text(self, dataset: str, source: Any, name: str) -> Expression:
        live = self.shaper.column(dataset, name)
        column: Expression = source.c[name]
        return self.dialect.carried(column, live) if self.short else self.dialect.as_text(column, live)

    # -- pieces ---------------------------------------------------------------------------------

    def _number(self) -> int:
        self.aliases += 1
        return self.aliases

    def _alias(self, dataset: str) -> Any:
        return self.shaper.source(dataset, f"t{self._number()}")

    def _where(self, dataset: str, source: Any) -> Iterator[Condition]:
        return self.shaper.conditions(dataset, source, self.shaper.system.datasets[dataset].where)

    def _linked(self, here: str, source: Any, link: Link, target: Any) -> Condition:
        """The link's columns equal the target's, all of them together."""
        pairs = []
        for name, key in zip(link.columns, link.keys, strict=True):
            live, live_key = self.shaper.column(here, name), self.shaper.column(link.to, key)
            column: Expression = source.c[name]
            if link.json is not None:
                value = self.dialect.json_text(column, live, link.json)
                if value is None:
                    says = "a text column cannot be joined by what is in its JSON"
                    mend = "make the column json or jsonb, or find the row by an identity in it"
                    raise self.shaper.fault("X004", f"{here}.{name}", says, mend)
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
        return self.dialect.in_spellings(columns[0], live[0], slot, COMPARED[kind])

    def _mentioned(
        self, columns: Sequence[Expression], live: Sequence[LiveColumn], end: End
    ) -> Iterator[Condition]:
        for kind in end.kinds:
            slot = self._slot("needles", (), end, kind)
            for column, at in zip(columns, live, strict=True):
                yield self.dialect.contains_any(column, at, slot, digits=COMPARED[kind] is Compared.DIGITS)

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

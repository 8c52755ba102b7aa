"""Rows whose time is out, found and let go in one SQL database: sets of them, never one by one.

Hard rules:
- A row is past only when all its rules say so; what is not known, or is no day, keeps it.
- Rows go by key and only while they are still past their time and nobody points at them: both stand in
  the statement itself, so what has changed since they were read stays.
- After a statement that lets rows go, none of them is there.
- Pages follow the key, so a row that stays is not met again, and what is in memory is one page.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

import sqlalchemy as sa

from lofte.connectors.sql.anchors import Anchors, Leaf, Source
from lofte.connectors.sql.days import DayColumn
from lofte.connectors.sql.dialects import Condition, json_at
from lofte.connectors.sql.fact_shapes import FactShapes
from lofte.connectors.sql.facts import bind_keys
from lofte.connectors.sql.verify import key_text
from lofte.connectors.sql.wire import Wire
from lofte.connectors.sweeping import Ahead, DueRow, Page
from lofte.datamap.catalogue import LiveColumn
from lofte.datamap.document import ByIdentity, ByJson, ByValue, Coarse, Dataset, Kind, When
from lofte.datamap.identity import Identity, canonical
from lofte.datamap.tracing import Key
from lofte.errors import Broken
from lofte.plan.due import Days, Fate, Needs, Timing, fate_of, leaves_on, newest
from lofte.plan.facts import Ground, Tie
from lofte.plan.period import fiscal_year_end
from lofte.plan.verdict import Change, Changes, How

THESE = "these"
_Named = list[tuple[str, Source]]
"""Anchors and where their days come from, in the order of the fetched columns."""


class SqlDue:
    """The rows of one database whose time is out, through one connection."""

    def __init__(self, wire: Wire, shapes: FactShapes, fiscal: str) -> None:
        self._wire = wire
        self._shapes = shapes
        self._shaper = shapes.shaper
        self._dialect = shapes.shaper.dialect
        self._anchors = Anchors(shapes)
        self._fiscal = fiscal

    @property
    def ties(self) -> tuple[Tie, ...]:
        """What points at what."""
        return self._shapes.ties

    @property
    def grounds(self) -> Mapping[str, Ground]:
        """The table that each dataset stands on."""
        return self._shapes.grounds

    def careful(self, dataset: str) -> bool:
        """Whether the database would do something of its own when rows of the dataset go."""
        acts = (t.tie for t in self._shapes.told if t.tie.declared and t.tie.acts_by_itself)
        fires = any("delete" in trigger.events for trigger in self._shapes.grounds[dataset].triggers)
        return fires or any(dataset in tie.parents for tie in acts)

    # -- what is ahead ----------------------------------------------------------------------------

    def ahead(
        self, dataset: str, timing: Timing, on: date, shrink: Mapping[Fate, Changes] | None = None
    ) -> Ahead:
        """What is past, and what cannot be judged: one statement, and one more where the rules of a
        dataset say different things. Raises FaultsFound (X006)."""
        if not timing.ends:
            return Ahead()
        source = self._source(dataset)
        past, known = self._past(dataset, source, timing.keep, on), self._known(dataset, source, timing.keep)
        named = self._sources(dataset, source, timing.keep)
        days = [s.told.label(f"s{n}") for n, (_, s) in enumerate(named)]
        shrink = shrink or {}
        unlike = self._unlike(dataset, source, shrink.get(timing.single) if timing.single else None)
        over = past if timing.single is None or timing.single.goes else sa.and_(past, unlike)
        due = self._from(dataset, source, [*days, sa.literal_column("1").label("one")], over).subquery("due")
        ends = [end(due.c[f"s{n}"]) for n in range(len(named)) for end in (sa.func.min, sa.func.max)]
        counted = sa.select(
            sa.func.count().label("n"), *(e.label(f"e{n}") for n, e in enumerate(ends))
        ).select_from(due)
        goes = any(fate.goes for _, fate in timing.fates.values())
        waits = self._anchors.pointed(dataset, source) if goes else sa.false()
        parts = [
            counted.subquery("d"),
            self._number(dataset, source, sa.not_(known), "u"),
            self._number(dataset, source, self._wrong(dataset, source, timing.keep), "w"),
            self._number(dataset, source, sa.and_(past, waits), "p"),
            self._number(
                dataset,
                source,
                sa.and_(
                    self._use_over(dataset, source, timing, on),
                    self._unlike(dataset, source, shrink.get(Fate.MINIMISE)),
                ),
                "m",
            ),
        ]
        found = self._wire.all(self._shaper.compile(sa.select(*(c for part in parts for c in part.c))), {})[0]
        rows, told, (unknown, wrong, waiting, minimised) = found[0], found[1:-4], map(int, found[-4:])
        fates = self._fates(dataset, timing, on, int(rows))
        seen = [named[n // 2][1].read(value) for n, value in enumerate(told) if value is not None]
        return Ahead(
            fates={**fates, **({Fate.MINIMISE: minimised} if minimised else {})},
            waiting=waiting,
            unknown=unknown,
            wrong=wrong,
            oldest=min(seen, default=None),
            newest=max(seen, default=None),
        )

    def leaving(self, dataset: str, timing: Timing) -> Mapping[date, int]:
        """How many rows have each last day of keeping, as far as it is known. One statement."""
        found: dict[date, int] = {}
        if timing.ends:
            source = self._source(dataset)
            where = self._known(dataset, source, timing.keep)
            for days, rows in self._grouped(dataset, source, timing, where):
                until = leaves_on(timing, days)
                if until is not None:
                    found[until] = found.get(until, 0) + rows
        return found

    def _fates(self, dataset: str, timing: Timing, on: date, rows: int) -> dict[Fate, int]:
        if timing.single is not None or not rows:
            return {timing.single: rows} if timing.single is not None and rows else {}
        source = self._source(dataset)
        found: dict[Fate, int] = {}
        past = self._past(dataset, source, timing.keep, on)
        for days, count in self._grouped(dataset, source, timing, past):
            if fate := fate_of(timing, days, on):
                found[fate] = found.get(fate, 0) + count
        return found

    def _grouped(
        self, dataset: str, source: Any, timing: Timing, where: Condition
    ) -> Iterator[tuple[Days, int]]:
        named = self._sources(dataset, source, timing.keep)
        days = [s.told.label(f"s{n}") for n, (_, s) in enumerate(named)]
        inner = self._from(dataset, source, days, where).subquery("found")
        columns = [inner.c[f"s{n}"] for n in range(len(named))]
        statement = sa.select(*columns, sa.func.count()).group_by(*columns)
        for *values, rows in self._wire.all(self._shaper.compile(statement), {}):
            yield self._days(named, values), int(rows)

    # -- pages ------------------------------------------------------------------------------------

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
        """Rows whose keeping is over (with `use`: whose use is over), after this key. One statement."""
        source, names = self._source(dataset), self._shapes.system.datasets[dataset].key
        over = self._use_over if use else self._keep_over
        mixed = not use and timing.single is None
        named = self._sources(dataset, source, timing.keep) if mixed else []
        pointed = self._anchors.pointed(dataset, source)
        columns = [
            *(source.c[name].label(f"k{n}") for n, name in enumerate(names)),
            sa.case((pointed, sa.literal_column("1")), else_=sa.literal_column("0")).label("pointed"),
            *(s.told.label(f"s{n}") for n, (_, s) in enumerate(named)),
        ]
        where = over(dataset, source, timing, on)
        if shrink is not None:
            stays = use or (timing.single is not None and not timing.single.goes)
            unlike = self._unlike(dataset, source, shrink)
            where = sa.and_(where, unlike if stays else sa.or_(sa.not_(pointed), unlike))
        if after is not None:
            where = sa.and_(where, self._after(dataset, source, after))
        bound: dict[str, Any] = {}
        if only is not None:
            where = sa.and_(where, self._these(dataset, source))
            bound = self._bound(dataset, [(key, key) for key in sorted(only)])
        statement = self._from(dataset, source, columns, where)
        statement = statement.order_by(*(source.c[name] for name in names)).limit(sa.literal(size))
        fetched = self._wire.all(self._shaper.compile(statement), bound)
        width = len(names)
        found = []
        for row in fetched:
            fate = Fate.MINIMISE if use else timing.single
            fate = fate or fate_of(timing, self._days(named, row[width + 1 :]), on)
            if fate is not None:
                raw = tuple(row[:width])
                key = tuple(map(key_text, raw))
                found.append(DueRow(key=key, raw=raw, fate=fate, pointed=bool(row[width])))
        last = tuple(fetched[-1][:width]) if len(fetched) == size else None
        return Page(rows=tuple(found), last=last)

    def _after(self, dataset: str, source: Any, after: tuple[Any, ...]) -> Condition:
        """The key comes after this one, part by part, in the order that the database itself sorts by."""
        columns = [source.c[name] for name in self._shapes.system.datasets[dataset].key]
        bound = [sa.literal(value, c.type) for c, value in zip(columns, after, strict=True)]
        steps = [
            sa.and_(*(columns[n] == bound[n] for n in range(at)), columns[at] > bound[at])
            for at in range(len(columns))
        ]
        return sa.and_(columns[0] >= bound[0], sa.or_(*steps)) if len(steps) > 1 else steps[0]

    # -- letting go ---------------------------------------------------------------------------------

    def remove(self, dataset: str, timing: Timing, on: date, rows: Sequence[DueRow]) -> int:
        """Let these rows go, as far as they are still past their time and nobody points at them. Two
        statements. Raises Broken if one is there afterwards."""
        table = self._shaper.table(self._shaper.live(dataset), None)
        bound = self._bound(dataset, [(row.key, row.raw) for row in rows])
        where = [
            self._these(dataset, table),
            *self._shaper.conditions(dataset, table, self._shapes.system.datasets[dataset].where),
            self._past(dataset, table, timing.keep, on),
            sa.not_(self._anchors.pointed(dataset, table)),
        ]
        gone = self._wire.change(self._shaper.compile(sa.delete(table).where(*where)), bound)
        left = sa.select(sa.func.count()).select_from(table).where(*where)
        if self._wire.all(self._shaper.compile(left), bound)[0][0]:
            at = f"{self._shapes.system.id}.{dataset}"
            raise Broken(f"rows of `{at}` are still there after they were let go; nothing was done")
        return gone

    def there(self, dataset: str, keys: Collection[Key]) -> frozenset[Key]:
        """Which of these rows are there. One statement."""
        if not keys:
            return frozenset()
        source, names = self._source(dataset), self._shapes.system.datasets[dataset].key
        columns = [source.c[name].label(f"k{n}") for n, name in enumerate(names)]
        statement = self._from(dataset, source, columns, self._these(dataset, source))
        bound = self._bound(dataset, [(key, key) for key in sorted(keys)])
        found = self._wire.all(self._shaper.compile(statement), bound)
        return frozenset(tuple(map(key_text, row)) for row in found) & frozenset(keys)

    # -- who ----------------------------------------------------------------------------------------

    def identities(self, dataset: str, keys: Collection[Key], on: date) -> tuple[Identity, ...]:
        """The identities that stand in these rows themselves."""
        kinds = [(name, kind) for name, kind, _, at in _identified(self._entry(dataset)) if not at]
        if not kinds or not keys:
            return ()
        source = self._source(dataset)
        columns = [source.c[name].label(f"i{n}") for n, (name, _) in enumerate(kinds)]
        statement = self._from(dataset, source, columns, self._these(dataset, source))
        bound = self._bound(dataset, [(key, key) for key in sorted(keys)])
        found: dict[Identity, None] = {}
        for row in self._wire.all(self._shaper.compile(statement), bound):
            for (_, kind), raw in zip(kinds, row, strict=True):
                value = None if raw is None else canonical(kind, raw, on)
                if value is not None:
                    found[Identity(kind=kind, value=value)] = None
        return tuple(found)

    def everybody(self, on: date) -> Iterator[Identity]:
        """Every identity that stands in any mapped column, streamed; some come more than once."""
        for id_, dataset in self._shapes.system.datasets.items():
            if dataset.role != "controller":
                continue
            for name, kind, when, at in _identified(dataset):
                source = self._source(id_)
                where = [source.c[name].is_not(None), *self._shaper.conditions(id_, source, when)]
                statement = sa.select(source.c[name]).select_from(source).where(*where)
                for (raw,) in self._wire.stream(self._shaper.compile(statement), {}):
                    inner = json_at(raw, at) if at else raw
                    value = None if inner is None else canonical(kind, inner, on)
                    if value is not None:
                        yield Identity(kind=kind, value=value)

    # -- conditions -----------------------------------------------------------------------------------

    def _past(self, dataset: str, source: Any, needs: Needs, on: date) -> Condition:
        def leaf(name: str) -> Leaf:
            return partial(self._ended, needs[name], on)

        return self._anchors.every(dataset, source, needs, leaf)

    def _ended(self, needs: Any, on: date, column: DayColumn, fiscal: bool) -> Condition:
        through = newest(needs, on, self._fiscal if fiscal else None)
        return sa.false() if through is None else column.past(through)

    def _known(self, dataset: str, source: Any, needs: Needs) -> Condition:
        return self._anchors.every(dataset, source, needs, lambda _: lambda column, _f: column.there)

    def _wrong(self, dataset: str, source: Any, needs: Needs) -> Condition:
        own = (self._anchors.own(dataset, source, name) for name in needs)
        return sa.or_(sa.false(), *(column.wrong for column in own if column is not None))

    def _keep_over(self, dataset: str, source: Any, timing: Timing, on: date) -> Condition:
        return self._past(dataset, source, timing.keep, on) if timing.ends else sa.false()

    def _use_over(self, dataset: str, source: Any, timing: Timing, on: date) -> Condition:
        if not timing.restricts:
            return sa.false()
        kept = sa.not_(self._past(dataset, source, timing.keep, on))
        return sa.and_(self._past(dataset, source, timing.use, on), kept)

    def _sources(self, dataset: str, source: Any, needs: Needs) -> _Named:
        return [(name, each) for name in needs for each in self._anchors.sources(dataset, source, name)]

    def _days(self, named: _Named, values: Sequence[Any]) -> Days:
        """The civil day of each anchor; of several places the latest."""
        days: dict[str, date | None] = {}
        for (name, source), value in zip(named, values, strict=True):
            if value is not None:
                day = source.read(value)
                day = fiscal_year_end(day, self._fiscal) if source.fiscal else day
                before = days.get(name)
                days[name] = day if before is None else max(day, before)
        return days

    def _unlike(self, dataset: str, source: Any, shrink: Changes | None) -> Condition:
        """The row is not yet as these changes make it, or the database cannot tell."""
        if shrink is None:
            return sa.true()
        said = [self._differs(dataset, source, name, change) for name, change in shrink.items()]
        told = [each for each in said if each is not None]
        return sa.true() if len(told) < len(said) else sa.or_(sa.false(), *told)

    def _differs(self, dataset: str, source: Any, name: str, change: Change) -> Condition | None:
        column, live = source.c[name], self._shaper.column(dataset, name)
        if change.how is How.NULL:
            there: Condition = column.is_not(None)
            return there
        if change.how is How.VALUE:
            same = self._dialect.holds(column, live, change.value)
            return sa.not_(sa.func.coalesce(same, sa.false(), type_=sa.Boolean))
        pattern = {Coarse.YEAR: "____-01-01%", Coarse.MONTH: "____-__-01%"}.get(change.coarse or Coarse.START)
        if change.how is not How.COARSE or pattern is None:
            return None
        text = self._dialect.as_text(column, live)
        return sa.and_(column.is_not(None), sa.not_(text.like(sa.literal(pattern, sa.Text))))

    # -- pieces ---------------------------------------------------------------------------------------

    def _entry(self, dataset: str) -> Dataset:
        return self._shapes.system.datasets[dataset]

    def _source(self, dataset: str) -> Any:
        return self._shaper.source(dataset, "d0")

    def _from(self, dataset: str, source: Any, columns: Sequence[Any], where: Condition) -> Any:
        own = self._shaper.conditions(dataset, source, self._entry(dataset).where)
        return sa.select(*columns).select_from(source).where(*own, where)

    def _number(self, dataset: str, source: Any, where: Condition, name: str) -> Any:
        counted = self._from(dataset, source, [sa.func.count().label(name)], where)
        return counted.subquery(f"q{name}")

    def _these(self, dataset: str, source: Any) -> Condition:
        names = self._entry(dataset).key
        return self._dialect.these_keys([source.c[n] for n in names], self._key(dataset), THESE)

    def _bound(self, dataset: str, keys: Sequence[tuple[Key, tuple[Any, ...]]]) -> dict[str, Any]:
        return bind_keys(self._shaper, THESE, keys, self._key(dataset))

    def _key(self, dataset: str) -> list[LiveColumn]:
        return [self._shaper.column(dataset, name) for name in self._entry(dataset).key]


def _identified(dataset: Dataset) -> Iterator[tuple[str, Kind, When, tuple[str | int, ...]]]:
    """The columns that say whose a row is: name, kind, condition, place in its JSON."""
    found: dict[tuple[str, Kind, tuple[str | int, ...]], When] = {}
    for path in dataset.subject:
        if isinstance(path, ByIdentity):
            found[path.column, path.kind, ()] = {}
        elif isinstance(path, ByJson) and path.kind is not None:
            found[path.column, path.kind, path.at] = {}
        elif isinstance(path, ByValue) and path.kind is not None:
            found[path.column, path.kind, ()] = path.when
        elif path.by == "own":
            found |= {(n, f.identity, ()): {} for n, f in dataset.fields.items() if f.identity is not None}
    for (name, kind, at), when in found.items():
        yield name, kind, when, at

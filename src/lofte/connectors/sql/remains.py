"""In how many rows that an erasure leaves its person really stands, by the eyes of the second scanner.

What it finds later is compared with this: a row that is kept makes room for itself, in the columns
where the person stands in it, and for no other row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.engine import Connection

from lofte.connectors.sql import exact
from lofte.connectors.sql.fact_shapes import FactShapes
from lofte.connectors.sql.needles import Needles, Search
from lofte.connectors.sql.tables import Tables
from lofte.datamap.identity import Identity
from lofte.datamap.tracing import Key
from lofte.plan.facts import RowFact

BATCH = 1_000
"""Rows in memory at a time."""
AT_MOST = 20_000
"""Rows that are kept in memory for who asks for them next."""
SHORT = 64
"""Letters of a text that is remembered: most longer ones stand in one row only."""
MANY = 100_000
"""Values that are remembered."""
_SMALL = frozenset((int, Decimal, date))
Wanted = tuple[RowFact, Collection[str]]
"""A row, and the columns of it that are looked at."""
Spots = dict[tuple[str, str], int]
"""Dataset and column -> rows."""
Seen = dict[tuple[str, Key], tuple[Any, ...]]
"""Dataset and key -> the whole row, as this transaction has left it."""


def remains(
    db: Connection,
    known_tables: Tables,
    shapes: FactShapes,
    rows: Sequence[tuple[RowFact, Collection[str]]],
    known: Mapping[int, Collection[Identity]],
    *,
    seen: Seen,
) -> dict[int, Spots]:
    """In how many of these rows, by dataset and column, one of those whose they are stands; told by
    the first of them. Only the columns that are named with a row are looked at. `seen` is given the
    rows, unless they are too many."""
    by_dataset: dict[str, list[Wanted]] = {}
    for fact, columns in rows:
        by_dataset.setdefault(fact.at.dataset, []).append((fact, columns))
    packed = db.dialect.name == "sqlite"
    anybody = _Once(Search(Needles.of({identity for each in known.values() for identity in each})))
    searches: dict[frozenset[int], Search] = {}
    found: dict[int, Spots] = {}
    ats = {id_: (live.schema, live.name) for id_ in by_dataset for live in (shapes.shaper.live(id_),)}
    tables = known_tables.of(list(ats.values()))
    for some in _some(by_dataset):
        asked = [
            (tables[ats[id_]], shapes.system.datasets[id_].key, [fact.raw_key for fact, _ in part])
            for id_, part in some
        ]
        for (id_, part), (table, *_), read in zip(some, asked, exact.read_each(db, asked), strict=True):
            names = table.names
            if len(rows) <= AT_MOST:
                seen |= {(id_, key): row for key, row in read.items()}
            for fact, columns in part:
                row = read.get(fact.key)
                hits = _hits(anybody, zip(names, row, strict=True), columns, packed) if row else ()
                if not hits or row is None:
                    continue
                if fact.subjects not in searches:
                    theirs = (identity for n in fact.subjects for identity in known.get(n, ()))
                    searches[fact.subjects] = Search(Needles.of(theirs))
                spots = found.setdefault(min(fact.subjects), {})
                for name in _hits(searches[fact.subjects], zip(names, row, strict=True), hits, packed):
                    spots[id_, name] = spots.get((id_, name), 0) + 1
    return found


class _Once:
    """Looks at the same value once: most values of kept rows stand in many of them, and tell nobody."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self._clean: set[tuple[type, Any]] = set()

    def finds(self, value: Any) -> bool:
        """As `Search.finds`."""
        kind = type(value)
        if kind not in _SMALL and not (kind in (str, bytes) and len(value) <= SHORT):
            return self._search.finds(value)
        if (kind, value) in self._clean:
            return False
        found = self._search.finds(value)
        if not found and len(self._clean) < MANY:
            self._clean.add((kind, value))
        return found


def _some(by_dataset: Mapping[str, Sequence[Wanted]]) -> Iterator[list[tuple[str, Sequence[Wanted]]]]:
    """All of it, so many rows at a time."""
    some: list[tuple[str, Sequence[Wanted]]] = []
    room = BATCH
    for id_, asked in by_dataset.items():
        start = 0
        while start < len(asked):
            part = asked[start : start + room]
            some.append((id_, part))
            start, room = start + len(part), room - len(part)
            if not room:
                yield some
                some, room = [], BATCH
    if some:
        yield some


def _hits(
    search: Search | _Once, row: Iterable[tuple[str, Any]], columns: Collection[str], packed: bool
) -> list[str]:
    return [
        name
        for name, value in row
        if name in columns and value is not None and search.finds(_read(value, packed))
    ]


def _read(value: Any, packed: bool) -> Any:
    """As the scanner reads it: SQLite's texts come as their bytes, for some are no UTF-8."""
    return value.encode("utf-8", "surrogateescape") if packed and isinstance(value, str) else value

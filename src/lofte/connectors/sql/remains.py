"""In how many rows that an erasure leaves its person really stands, by the eyes of the second scanner.

What it finds later is compared with this: a row that is kept makes room for itself, in the columns
where the person stands in it, and for no other row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.engine import Connection

from lofte.connectors.sql import exact
from lofte.connectors.sql.fact_shapes import FactShapes
from lofte.connectors.sql.needles import Needles, Search
from lofte.connectors.sql.tables import tables_of
from lofte.datamap.identity import Identity
from lofte.plan.facts import RowFact

BATCH = 1_000
"""Rows in memory at a time."""
Spots = dict[tuple[str, str], int]
"""Dataset and column -> rows."""


def remains(
    db: Connection,
    shapes: FactShapes,
    rows: Sequence[tuple[RowFact, Collection[str]]],
    known: Mapping[int, Collection[Identity]],
) -> dict[int, Spots]:
    """In how many of these rows, by dataset and column, one of those whose they are stands; told by
    the first of them. Only the columns that are named with a row are looked at."""
    by_dataset: dict[str, list[tuple[RowFact, Collection[str]]]] = {}
    for fact, columns in rows:
        by_dataset.setdefault(fact.at.dataset, []).append((fact, columns))
    packed = db.dialect.name == "sqlite"
    anybody = Search(Needles.of({identity for each in known.values() for identity in each}))
    searches: dict[frozenset[int], Search] = {}
    found: dict[int, Spots] = {}
    ats = {id_: (live.schema, live.name) for id_ in by_dataset for live in (shapes.shaper.live(id_),)}
    tables = tables_of(db, list(dict.fromkeys(ats.values()))) if ats else {}
    for id_, asked in by_dataset.items():
        table = tables[ats[id_]]
        for start in range(0, len(asked), BATCH):
            some = {fact.key: (fact, columns) for fact, columns in asked[start : start + BATCH]}
            raw = [fact.raw_key for fact, _ in some.values()]
            for key, row in exact.read(db, table, shapes.system.datasets[id_].key, raw).items():
                fact, columns = some[key]
                hits = _hits(anybody, zip(table.names, row, strict=True), columns, packed)
                if not hits:
                    continue
                if fact.subjects not in searches:
                    theirs = (identity for n in fact.subjects for identity in known.get(n, ()))
                    searches[fact.subjects] = Search(Needles.of(theirs))
                spots = found.setdefault(min(fact.subjects), {})
                for name in _hits(searches[fact.subjects], zip(table.names, row, strict=True), hits, packed):
                    spots[id_, name] = spots.get((id_, name), 0) + 1
    return found


def _hits(
    search: Search, row: Iterable[tuple[str, Any]], columns: Collection[str], packed: bool
) -> list[str]:
    return [
        name
        for name, value in row
        if name in columns and value is not None and search.finds(_read(value, packed))
    ]


def _read(value: Any, packed: bool) -> Any:
    """As the scanner reads it: SQLite's texts come as their bytes, for some are no UTF-8."""
    return value.encode("utf-8", "surrogateescape") if packed and isinstance(value, str) else value

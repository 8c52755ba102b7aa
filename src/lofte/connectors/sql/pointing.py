"""How many rows point at some others by foreign key, mapped or not, as the database itself compares.

A key of text may be compared without regard to capitals, or to blanks at its end. So the database
counts, by the row that is pointed at; and it says which other spellings of a key it takes for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.engine import Connection

from lofte.connectors.sql.fact_shapes import FactShapes
from lofte.connectors.sql.setwise import Named, Source, as_text, fetched, sources
from lofte.connectors.sql.tables import Table, quoted
from lofte.connectors.sql.ties import Told
from lofte.connectors.sql.verify import key_text
from lofte.datamap.tracing import Key


@dataclass(frozen=True, kw_only=True, slots=True)
class Pointing:
    """Who points, by number of the tie."""

    counts: dict[int, dict[Key, int]] = field(default_factory=dict)
    """By what is pointed at: how many rows."""
    spelled: dict[tuple[int, Key], Key] = field(default_factory=dict)
    """What stands in a pointing row, where that is spelled otherwise -> what it points at."""


def pointing(
    db: Connection, shapes: FactShapes, faces: Mapping[int, Sequence[Key]], *, lock: bool = False
) -> Pointing:
    """Count the rows that point at these, by tie and value: one statement. With `lock` (MariaDB) as
    they are now, not as they were when the transaction began; they stay so until it ends."""
    parts: list[str] = []
    bound: list[Any] = []
    keys: list[tuple[int, Key]] = []
    width = max(len(shapes.told[number].tie.columns) for number in faces)
    for number, listed in sorted(faces.items()):
        told = shapes.told[number]
        table = shapes.table(db, (told.tie.schema, told.tie.table))
        numbers = [(str(len(keys) + n),) for n in range(len(listed))]
        keys += [(number, key) for key in listed]
        named = Named(table=table, key=told.tie.columns)
        for source in sources(db, named, [_bound(db, table, told, key) for key in listed], numbers, 1):
            said = _counting(db, named, source, width)
            parts.append(f"({said} lock in share mode)" if lock else said)
            bound += source.bound
    found = Pointing()
    for at, count, *texts in fetched(db, " union all ".join(parts), bound):
        number, key = keys[int(at)]
        counts = found.counts.setdefault(number, {})
        counts[key] = counts.get(key, 0) + int(count)
        if texts[0] is not None:
            spelled = tuple(key_text(text) for text in texts[: len(key)])
            if spelled != key:
                found.spelled[number, spelled] = key
    return found


def _counting(db: Connection, named: Named, source: Source, width: int) -> str:
    table = quoted(db, named.table.name, named.table.schema)
    how = " straight_join " if db.dialect.name in ("mysql", "mariadb") else " cross join "
    columns = [f"t.{quoted(db, name)}" for name in named.key]
    where = " and ".join(f"{column} = v.k{n}" for n, column in enumerate(columns))
    texts = [as_text(db, column) for column in columns] if all(p.text for p in named.parts) else []
    if db.dialect.name in ("mysql", "mariadb"):
        texts = [f"{text} collate utf8mb4_nopad_bin" for text in texts]
    else:
        plain = "binary" if db.dialect.name == "sqlite" else '"C"'
        texts = [f"{text} collate {plain}" for text in texts]
    grouped = ", ".join(["v.c0", *texts])
    listed = ", ".join(["v.c0", "count(*)", *texts, *[as_text(db, "null")] * (width - len(texts))])
    return (
        f"select {listed} from {source.sql}{how}{table} as t "  # noqa: S608
        f"where {where} group by {grouped}"
    )


def _bound(db: Connection, table: Table, told: Told, key: Key) -> tuple[Any, ...]:
    """A key in the types of the pointing columns."""
    columns = (table.column(name) for name in told.tie.columns)
    return tuple(
        int(part) if column.whole and part.lstrip("-").isdecimal() else part
        for column, part in zip(columns, key, strict=True)
    )

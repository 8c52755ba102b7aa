"""A new value in the rows of one person, in the caller's transaction (art. 16).

Rows are read again and locked, what stood there is handed over, rows are changed by key, and read
back. Only rows that are the person's alone are changed; the others that say the same are counted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from lofte.connectors.sql import exact
from lofte.connectors.sql.fact_shapes import FactShapes
from lofte.errors import Broken
from lofte.plan.facts import Facts, RowFact
from lofte.plan.records import DatasetRef
from lofte.plan.rectify import Correction, Place, says

KeepBefore = Callable[[DatasetRef, Sequence[str], Sequence[tuple[Any, ...]]], None]
"""Takes keys, and what stood there, before it is changed: dataset, names of columns, rows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rectified:
    """What was done at one place, in counts."""

    place: Place
    rows: int
    left: int
    """Rows that say the same and are somebody else's too; a handler looks at them."""


def rectify(
    db: Connection,
    shapes: FactShapes,
    facts: Facts,
    places: Sequence[Place],
    correction: Correction,
    on: date,
    keep: KeepBefore,
) -> tuple[Rectified, ...]:
    """Change the value at every one of these places in this system."""
    done = []
    for place in places:
        found = [row for row in facts.rows if row.at == place.at and row.certain]
        if found:
            done.append(_at_place(db, shapes, place, found, correction, on, keep))
    return tuple(done)


def _at_place(
    db: Connection,
    shapes: FactShapes,
    place: Place,
    found: Sequence[RowFact],
    correction: Correction,
    on: date,
    keep: KeepBefore,
) -> Rectified:
    id_ = place.at.dataset
    key = shapes.system.datasets[id_].key
    shapes.shaper.column(id_, place.column)
    live = shapes.shaper.live(id_)
    table = exact.table_of(db, live.schema, live.name)
    column = table.names.index(place.column)
    parts = [table.names.index(name) for name in key]
    shared = {row.key for row in found if row.others}
    rows = exact.read(db, table, key, [row.raw_key for row in found], lock=True)
    wrong = {at: row for at, row in rows.items() if says(place, row[column], correction.was, on)}
    mine = {at: row for at, row in wrong.items() if at not in shared}
    if mine:
        keep(place.at, (*key, place.column), [(*(r[n] for n in parts), r[column]) for r in mine.values()])
    for row in mine.values():
        named = dict(zip(key, (row[n] for n in parts), strict=True))
        if exact.update(db, table, named, {place.column: correction.now}) != 1:
            raise Broken(f"a row of `{place.at}` could not be rectified; nothing was changed in this system")
    after = exact.read(db, table, key, [tuple(r[n] for n in parts) for r in mine.values()]) if mine else {}
    if len(after) != len(mine) or not all(says(place, r[column], correction.now, on) for r in after.values()):
        raise Broken(f"`{place.at}` does not say what was written; nothing was changed in this system")
    return Rectified(place=place, rows=len(mine), left=len(wrong) - len(mine))

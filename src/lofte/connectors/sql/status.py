"""The status column: rows of a restricted person say so themselves (art. 18).

Hard rules:
- What stood there is handed over before it is changed, so that it can be put back exactly.
- Only rows that are the person's alone are changed. One that only mentions them, or that is
  another's too, is left as it is: nobody else's service stops.
- A row that says it already is left: whoever made it say so takes it back.
- Put back is only what still says what we wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from sqlalchemy.engine import Connection

from lofte.connectors.sql import exact
from lofte.connectors.sql.fact_shapes import FactShapes
from lofte.connectors.sql.verify import key_text
from lofte.datamap.document import Scalar
from lofte.errors import Broken
from lofte.plan.facts import Facts, RowFact
from lofte.plan.records import DatasetRef

KeepStatus = Callable[[DatasetRef, Sequence[str], Sequence[tuple[Any, ...]]], None]
"""Takes keys, and what the column said, before it is changed: dataset, names of columns, rows."""


def hold(
    db: Connection,
    shapes: FactShapes,
    facts: Facts,
    keep: KeepStatus,
    datasets: Collection[str] | None = None,
) -> dict[DatasetRef, int]:
    """Let the rows say that they are restricted; `datasets` None = in all that have a column for it.
    Returns how many were changed, by dataset."""
    done: dict[DatasetRef, int] = {}
    for id_, dataset in shapes.system.datasets.items():
        restrict = dataset.restrict
        if restrict is None or restrict.column is None or dataset.role == "processor":
            continue
        if datasets is not None and id_ not in datasets:
            continue
        mine = [row for row in facts.rows if row.at.dataset == id_ and row.certain and not row.others]
        if mine:
            at = DatasetRef(system=shapes.system.id, dataset=id_)
            done[at] = _hold(db, shapes, at, restrict.column, restrict.value, mine, keep)
    return done


def put_back(
    db: Connection, shapes: FactShapes, id_: str, names: Sequence[str], rows: Sequence[Sequence[Any]]
) -> int:
    """Write what stood there before; `names` are the key and the column last. Returns how many
    rows say it now."""
    restrict = shapes.system.datasets[id_].restrict
    if restrict is None:
        raise Broken(f"the map no longer says how `{id_}` shows a restriction; put `restrict` back")
    key, column = tuple(names[:-1]), names[-1]
    shapes.shaper.column(id_, column)
    table = _table(db, shapes, id_)
    now = exact.read(db, table, key, [tuple(row[:-1]) for row in rows], lock=True)
    at, done = table.names.index(column), 0
    for row in rows:
        there = now.get(tuple(key_text(part) for part in row[:-1]))
        if there is not None and says(there[at], restrict.value):
            done += exact.update(db, table, dict(zip(key, row[:-1], strict=True)), {column: row[-1]})
        elif there is not None and says(there[at], row[-1]):
            done += 1  # put back by somebody who died before they could tell
    return done


def _hold(
    db: Connection,
    shapes: FactShapes,
    at: DatasetRef,
    said_by: str,
    value: Scalar,
    mine: Iterable[RowFact],
    keep: KeepStatus,
) -> int:
    key = shapes.system.datasets[at.dataset].key
    shapes.shaper.column(at.dataset, said_by)
    table = _table(db, shapes, at.dataset)
    rows = exact.read(db, table, key, [row.raw_key for row in mine], lock=True)
    column = table.names.index(said_by)
    places = [table.names.index(name) for name in key]
    open_ = [row for row in rows.values() if not says(row[column], value)]
    if not open_:
        return 0
    keep(at, (*key, said_by), [(*(row[n] for n in places), row[column]) for row in open_])
    for row in open_:
        named = dict(zip(key, (row[n] for n in places), strict=True))
        if exact.update(db, table, named, {said_by: value}) != 1:
            raise Broken(f"a row of `{at}` could not be told to be restricted; nothing was changed")
    return len(open_)


def _table(db: Connection, shapes: FactShapes, id_: str) -> exact.Table:
    live = shapes.shaper.live(id_)
    return exact.table_of(db, live.schema, live.name)


def says(there: Any, value: Scalar) -> bool:
    """Whether what stands in a column is this value, however the driver gives it."""
    if there is None or value is None:
        return there is value
    return bool(there == value) or key_text(there) == key_text(value)

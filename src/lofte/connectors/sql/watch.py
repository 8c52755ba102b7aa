"""What restricted rows say, as keyed digests, so that a change can be seen and no value is kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from lofte.connectors.sql import exact
from lofte.connectors.sql.fact_shapes import FactShapes
from lofte.connectors.sql.status import says
from lofte.plan.facts import Facts

Mac = Callable[[bytes], str]
"""A digest under a key of the house."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Looked:
    """The rows of one dataset."""

    columns: tuple[str, ...]
    """What the digests are of. The column that says the restriction, and those that the database
    changes by itself, are left out."""
    rows: Mapping[str, tuple[str, bool]]
    """Digest of the key -> digest of the row, and whether its column says that it is restricted."""


def look(
    db: Connection,
    shapes: FactShapes,
    facts: Facts,
    mac: Mac,
    datasets: Collection[str],
    columns: Mapping[str, Sequence[str]],
) -> dict[str, Looked]:
    """The rows that are the subjects' alone, in these datasets. `columns` are those that were looked
    at before, by dataset: a column that is new since says nothing of the row."""
    return {
        id_: _look(db, shapes, facts, mac, id_, columns.get(id_))
        for id_ in datasets
        if id_ in shapes.datasets
    }


def _look(
    db: Connection, shapes: FactShapes, facts: Facts, mac: Mac, id_: str, columns: Sequence[str] | None
) -> Looked:
    dataset, live = shapes.system.datasets[id_], shapes.shaper.live(id_)
    table = exact.table_of(db, live.schema, live.name)
    by = dataset.restrict.column if dataset.restrict else None
    seen = columns or [c.name for c in table.columns if c.name != by and not c.stamped]
    mine = [row.raw_key for row in facts.rows if row.at.dataset == id_ and row.certain and not row.others]
    found: dict[str, tuple[str, bool]] = {}
    for key, row in exact.read(db, table, dataset.key, mine).items() if mine else ():
        values = dict(zip(table.names, row, strict=True))
        told = mac(_bytes([id_, *key]))
        held = bool(by and dataset.restrict and says(values[by], dataset.restrict.value))
        found[told] = (mac(_bytes([id_, *((name, values.get(name)) for name in seen)])), held)
    return Looked(columns=tuple(seen), rows=found)


def _bytes(parts: Sequence[object]) -> bytes:
    return repr(parts).encode("utf-8", "surrogatepass")

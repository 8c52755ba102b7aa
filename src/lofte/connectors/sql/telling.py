"""What columns of rows say, as keyed digests, so that it can be told later whether a row is still the
one that it was; no value leaves the session."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.engine import Connection

from lofte.connectors.sql import exact
from lofte.connectors.sql.fact_shapes import FactShapes
from lofte.connectors.sql.tables import tables_of
from lofte.connectors.sql.verify import key_text
from lofte.connectors.sql.watch import Mac
from lofte.datamap.tracing import Key
from lofte.plan.facts import RowFact


def tell(
    db: Connection, shapes: FactShapes, rows: Sequence[tuple[RowFact, Sequence[str]]], mac: Mac, *, lock: bool
) -> dict[tuple[str, Key], dict[str, str]]:
    """Digests by dataset and key, and by column; an empty value has an empty digest. Rows and columns
    that are not there are left out. Two statements, and one per dataset."""
    by_dataset: dict[str, dict[Key, tuple[RowFact, Sequence[str]]]] = {}
    for fact, columns in rows:
        by_dataset.setdefault(fact.at.dataset, {})[fact.key] = (fact, columns)
    ats = {id_: (live.schema, live.name) for id_ in sorted(by_dataset) for live in (shapes.shaper.live(id_),)}
    tables = tables_of(db, list(dict.fromkeys(ats.values()))) if ats else {}
    found: dict[tuple[str, Key], dict[str, str]] = {}
    for id_, at in ats.items():
        table, asked = tables[at], dict(sorted(by_dataset[id_].items()))
        keys = [fact.raw_key for fact, _ in asked.values()]
        read = exact.read(db, table, shapes.system.datasets[id_].key, keys, lock=lock)
        for key, row in read.items():
            values = dict(zip(table.names, row, strict=True))
            found[id_, key] = {
                name: "" if values[name] is None else mac(f"{id_}\0{name}\0{key_text(values[name])}".encode())
                for name in asked[key][1]
                if name in values
            }
    return found

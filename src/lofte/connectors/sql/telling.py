"""What columns of rows say, as keyed digests, so that it can be told later whether a row is still the
one that it was; no value leaves the session."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.engine import Connection

from lofte.connectors.sql import exact
from lofte.connectors.sql.fact_shapes import FactShapes
from lofte.connectors.sql.remains import Seen
from lofte.connectors.sql.tables import Tables
from lofte.connectors.sql.verify import key_text
from lofte.connectors.sql.watch import Mac
from lofte.datamap.copies import copies
from lofte.datamap.tracing import Key
from lofte.plan.facts import RowFact


def tell(
    db: Connection,
    known_tables: Tables,
    shapes: FactShapes,
    rows: Sequence[tuple[RowFact, Sequence[str]]],
    mac: Mac,
    *,
    lock: bool,
    seen: Seen,
) -> dict[tuple[str, Key], dict[str, str]]:
    """Digests by dataset and key, and by column; an empty value has an empty digest. Rows and columns
    that are not there are left out. Two statements, and one per dataset of which not all rows have been
    `seen` in this transaction."""
    by_dataset: dict[str, dict[Key, tuple[RowFact, Sequence[str]]]] = {}
    for fact, columns in rows:
        by_dataset.setdefault(fact.at.dataset, {})[fact.key] = (fact, columns)
    ats = {id_: (live.schema, live.name) for id_ in sorted(by_dataset) for live in (shapes.shaper.live(id_),)}
    tables = known_tables.of(list(ats.values()))
    unseen = [id_ for id_ in ats if any((id_, key) not in seen for key in by_dataset[id_])]
    asked = [
        (
            tables[ats[id_]],
            shapes.system.datasets[id_].key,
            [fact.raw_key for _, (fact, _) in sorted(by_dataset[id_].items())],
        )
        for id_ in unseen
    ]
    read = dict(zip(unseen, exact.read_each(db, asked, lock=lock), strict=True))
    found: dict[tuple[str, Key], dict[str, str]] = {}
    of = copies(shapes.system)
    for id_, at in ats.items():
        # In a locked copy a row tells what it told where it stood.
        at_home = of.get(id_, id_)
        names = tables[at].names
        places = {name: n for n, name in reversed(list(enumerate(names)))}
        for key, (_, columns) in sorted(by_dataset[id_].items()):
            row = read[id_].get(key) if id_ in read else seen[id_, key]
            if row is None:
                continue
            told = {name: row[places[name]] for name in columns if name in places}
            found[id_, key] = {
                name: "" if value is None else mac(f"{at_home}\0{name}\0{key_text(value)}".encode())
                for name, value in told.items()
            }
    return found

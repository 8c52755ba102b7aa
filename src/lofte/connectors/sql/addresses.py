"""The addresses in a column, streamed: one statement for any number of people."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from lofte.connectors.sql.shapes import Shaper
from lofte.datamap import protected
from lofte.datamap.reached import Reached

_FETCH = 2_000


def addresses(db: Connection, shaper: Shaper, reached: Reached) -> Iterator[tuple[str, bool]]:
    """Every address that stands in the column, as it is written there, and whether the row says that the
    person's identity is protected. Raises FaultsFound where the column is not there."""
    dataset = shaper.system.datasets[reached.dataset]
    names = (reached.column, *reached.protected)
    for name in names:
        shaper.column(reached.dataset, name)
    source = shaper.source(reached.dataset, "t1")
    column = source.c[reached.column]
    statement = (
        sa.select(*(source.c[name] for name in names))
        .distinct()
        .where(column.is_not(None), *shaper.conditions(reached.dataset, source, reached.when))
    )
    compiled = shaper.compile(statement)
    found = db.execution_options(stream_results=True, max_row_buffer=_FETCH).exec_driver_sql(
        compiled.sql, compiled.bind({})
    )
    try:
        while batch := found.fetchmany(_FETCH):
            for address, *said in batch:
                if isinstance(address, str) and address:
                    row = dict(zip(reached.protected, said, strict=True))
                    yield address, protected.marked(dataset, row)
    finally:
        found.close()

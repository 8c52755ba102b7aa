"""Where identities still stand in a system, told by its tables and the rows that may hold them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy.engine import Connection, Engine

from lofte.connectors.protocol import Left
from lofte.connectors.sql.needles import Needles
from lofte.connectors.sql.scanner import scan
from lofte.datamap.document import System
from lofte.datamap.identity import Identity


def left_in(
    system: System,
    where: Engine | Connection,
    known: Iterable[Identity],
    allowed: Mapping[tuple[str, str], int],
) -> tuple[Left, ...]:
    """What the second scanner finds beyond the rows that are allowed to hold it, by dataset and column.
    Through a connection it sees what that has changed and not made lasting yet."""
    spots: dict[tuple[str | None, str, str], int] = {}
    for (id_, column), rows in allowed.items():
        entry = system.datasets[id_]
        spot = (entry.schema_, entry.table or id_, column)
        spots[spot] = spots.get(spot, 0) + rows
    found = scan(where, Needles.of(known), spots, system.schemas)
    return tuple(Left(table=each.table, column=each.column, rows=each.rows) for each in found)

"""Rows of one table that point at themselves or at each other, and may not stop, in MariaDB.

It looks at foreign keys row by row, and lets none of them go. So it is not asked to look, while the
rows go; we have looked ourselves, under lock, that nobody else points at them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy.engine import Connection

from lofte.connectors.sql.fact_shapes import FactShapes
from lofte.connectors.sql.pointing import pointing
from lofte.connectors.sql.tables import cursor_of
from lofte.datamap.tracing import Key
from lofte.errors import Conflict
from lofte.plan.facts import RowFact


def in_a_ring(db: Connection, shapes: FactShapes, id_: str, rows: Sequence[RowFact]) -> bool:
    """Whether MariaDB would let none of these go, for they point at each other."""
    if db.dialect.name not in ("mysql", "mariadb"):
        return False
    for told in shapes.told:
        tie = told.tie
        if tie.declared and id_ in tie.children and id_ in tie.parents:
            faces = {row.faces[tie.keys] for row in rows if tie.keys in row.faces}
            if not tie.nullable and any(row.links.get(tie.number) in faces for row in rows):
                return True
    return False


@contextmanager
def unwatched(db: Connection, shapes: FactShapes, id_: str, rows: Sequence[RowFact]) -> Iterator[None]:
    """Let these rows go although they point at each other. Raises Conflict when another does too."""
    faces = {
        told.tie.number: {row.faces[told.tie.keys]: 0 for row in rows if told.tie.keys in row.faces}
        for told in shapes.told
        if told.tie.declared and id_ in told.tie.parents
    }
    for row in rows:
        for number, counts in faces.items():
            at = row.links.get(number)
            if at is not None and at in counts:
                counts[at] += 1
    _insist(db, shapes, {number: counts for number, counts in faces.items() if counts})
    with cursor_of(db) as cursor:
        cursor.execute("set foreign_key_checks = 0")
        try:
            yield
        finally:
            cursor.execute("set foreign_key_checks = 1")


def _insist(db: Connection, shapes: FactShapes, faces: dict[int, dict[Key, int]]) -> None:
    found = pointing(db, shapes, {number: list(counts) for number, counts in faces.items()}, lock=True)
    for number, counts in found.counts.items():
        if any(count > faces[number][key] for key, count in counts.items()):
            raise Conflict("another row points at one that was to go; plan again")

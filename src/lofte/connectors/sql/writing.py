"""The DELETE and the UPDATE of any number of rows of one table, each row with values of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from lofte.connectors.sql import exact
from lofte.connectors.sql.setwise import Named, Set, Values, deleting, run, sources, updating
from lofte.connectors.sql.tables import Table
from lofte.connectors.sql.wire import taken, together

Row = tuple[tuple[Any, ...], Mapping[str, Any]]
"""The key, and what the columns shall say."""
_MEANT, _NOT_MEANT = "1", "0"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, and how many rows it must change."""

    sql: str
    bound: tuple[Any, ...]
    rows: int
    given: Table | None = None
    """The table whose rows it gives, whole, as it takes them away."""

    def run(self, db: Connection) -> int:
        """Carry it out; returns how many rows the database says it was."""
        return run(db, self.sql, self.bound)


Statements = Iterable[Statement]


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a statement."""

    rows: int
    """How many the database says it changed."""
    given: list[Values]
    """Those that it was asked to give."""


def delete(
    db: Connection, named: Named, keys: Sequence[tuple[Any, ...]], *, given: bool = False
) -> Iterator[Statement]:
    """Take these rows away; they are `given`, whole, by PostgreSQL alone."""
    for source in sources(db, named, keys) if keys else ():
        sql, bound = deleting(db, named, source)
        if given:
            sql = f"{sql} returning {exact.listed(db, named.table)}"
        yield Statement(sql, bound, source.rows, named.table if given else None)


def run_each(db: Connection, statements: Sequence[Statement]) -> list[Ran]:
    """Carry them out, in their order."""
    if db.dialect.name != "postgresql":
        return [Ran(statement.run(db), []) for statement in statements]
    raw: Any = db.connection
    cursors = []
    with together(db):
        for statement in statements:
            cursors.append(raw.cursor())
            if statement.given is not None:
                exact.as_written(cursors[-1], statement.given)
            cursors[-1].execute(statement.sql, statement.bound)
    return [_ran(statement, cursor) for statement, cursor in zip(statements, cursors, strict=True)]


def _ran(statement: Statement, cursor: Any) -> Ran:
    rows = int(cursor.rowcount)
    if statement.given is not None:
        return Ran(rows, taken(cursor))
    cursor.close()
    return Ran(rows, [])


def update(db: Connection, named: Named, rows: Sequence[Row]) -> Iterator[Statement]:
    """Let these rows say what they shall; rows may have different columns changed."""
    columns = dict.fromkeys(name for _, values in rows for name in values)
    sets: list[Set] = []
    travelling: list[list[Any]] = []
    groups: dict[tuple[str, ...], int] = {}
    for name in columns:
        meant = [name in values for _, values in rows]
        wanted = [values[name] for _, values in rows if name in values]
        only = -1
        if not all(meant):
            only = _shared(groups, travelling, name, rows)
        if all(type(value) is type(wanted[0]) and value == wanted[0] for value in wanted):
            sets.append(Set(name=name, every=wanted[0], only=only))
        else:
            sets.append(Set(name=name, own=len(travelling), only=only))
            travelling.append([values.get(name) for _, values in rows])
    keys = [key for key, _ in rows]
    values = list(zip(*travelling, strict=True)) if travelling else [()] * len(rows)
    for source in sources(db, named, keys, values, len(travelling)):
        yield Statement(*updating(db, named, source, sets), source.rows)


def _shared(
    groups: dict[tuple[str, ...], int], travelling: list[list[Any]], name: str, rows: Sequence[Row]
) -> int:
    """Which of the travelling values says whether a row's column is meant; columns that are changed
    in the same rows share one."""
    marks = tuple(_MEANT if name in values else _NOT_MEANT for _, values in rows)
    if marks not in groups:
        groups[marks] = len(travelling)
        travelling.append(list(marks))
    return groups[marks]

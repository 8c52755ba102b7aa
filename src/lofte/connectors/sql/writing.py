"""The DELETE and the UPDATE of any number of rows of one table, each row with values of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from lofte.connectors.sql.setwise import Named, Set, deleting, run, sources, updating

Row = tuple[tuple[Any, ...], Mapping[str, Any]]
"""The key, and what the columns shall say."""
_MEANT, _NOT_MEANT = "1", "0"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, and how many rows it must change."""

    sql: str
    bound: tuple[Any, ...]
    rows: int

    def run(self, db: Connection) -> int:
        """Carry it out; returns how many rows the database says it was."""
        return run(db, self.sql, self.bound)


Statements = Iterable[Statement]


def delete(db: Connection, named: Named, keys: Sequence[tuple[Any, ...]]) -> Iterator[Statement]:
    """Take these rows away."""
    for source in sources(db, named, keys) if keys else ():
        yield Statement(*deleting(db, named, source), source.rows)


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

"""The wire to one database: statements go out as text, rows come back as plain tuples.

The driver's own cursor is used on SQLAlchemy's connection. The result objects of SQLAlchemy name and
convert columns that we take by position, and took as long as the query itself.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any

from psycopg import Error
from sqlalchemy.engine import Connection

from lofte.connectors.sql.shapes import Compiled

_log = logging.getLogger(__name__)
_names = count()

FETCH = 2_000
"""Rows fetched at a time from a stream."""


class Wire:
    """Sends statements; at debug level each is logged, its values never are."""

    def __init__(self, db: Connection) -> None:
        self.db = db
        self._raw: Any = db.connection
        self._dialect = db.dialect.name

    def all(self, statement: Compiled, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """All rows at once."""
        _log.debug(statement.sql)
        cursor = self._raw.cursor()
        try:
            cursor.execute(statement.sql, statement.bind(values))
            return list(cursor.fetchall())
        finally:
            cursor.close()

    def each(self, asked: Sequence[tuple[Compiled, Mapping[str, Any]]]) -> list[list[tuple[Any, ...]]]:
        """All rows of many statements, in their order."""
        if len(asked) < 2 or self._dialect != "postgresql":
            return [self.all(statement, values) for statement, values in asked]
        cursors = []
        with together(self.db):
            for statement, values in asked:
                _log.debug(statement.sql)
                cursors.append(self._raw.cursor())
                cursors[-1].execute(statement.sql, statement.bind(values))
        return [taken(cursor) for cursor in cursors]

    def change(self, statement: Compiled, values: Mapping[str, Any]) -> int:
        """Change rows; returns how many the database says it was."""
        _log.debug(statement.sql)
        cursor = self._raw.cursor()
        try:
            cursor.execute(statement.sql, statement.bind(values))
            return int(cursor.rowcount)
        finally:
            cursor.close()

    def stream(self, statement: Compiled, values: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
        """Rows as they come; only some of them are in memory."""
        _log.debug(statement.sql)
        cursor = self._stream_cursor()
        try:
            cursor.execute(statement.sql, statement.bind(values))
            while batch := cursor.fetchmany(FETCH):
                yield from batch
        finally:
            cursor.close()

    def _stream_cursor(self) -> Any:
        """A cursor that leaves the rows with the server."""
        if self._dialect == "postgresql":
            return self._raw.cursor(f"lofte_{next(_names)}")
        if self._dialect in ("mysql", "mariadb"):
            from pymysql.cursors import SSCursor

            return self._raw.cursor(SSCursor)
        return self._raw.cursor()


@contextmanager
def together(db: Connection) -> Iterator[None]:
    """Let the statements of the block go out one after another, and wait for their answers once, at its
    end, where the driver can: each wait costs as much as a statement. An error of any of them is raised
    then, and those after it were not carried out."""
    if db.dialect.name != "postgresql":
        yield
        return
    raw: Any = db.connection
    first: Error | None = None
    try:
        with raw.pipeline():
            try:
                yield
            except Error as error:
                first = error  # raised below: the driver would log what follows from it
    except Error as error:
        first = first or error
    if first is not None:
        raise first


def taken(cursor: Any) -> list[tuple[Any, ...]]:
    """The rows that a cursor has waiting; it is closed."""
    try:
        return list(cursor.fetchall())
    finally:
        cursor.close()


_WAIT = (
    "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'"
)


def wait_for_disk(raw: Any, _record: Any) -> None:
    """A session of PostgreSQL in which a COMMIT that has come back is on the disk, also where the
    company's own programs do not wait for that."""
    raw.execute(_WAIT)
    raw.commit()

"""The wire to one database: statements go out as text, rows come back as plain tuples.

The driver's own cursor is used on SQLAlchemy's connection. The result objects of SQLAlchemy name and
convert columns that we take by position, and took as long as the query itself.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

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


_WAIT = (
    "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'"
)


def wait_for_disk(raw: Any, _record: Any) -> None:
    """A session of PostgreSQL in which a COMMIT that has come back is on the disk, also where the
    company's own programs do not wait for that."""
    raw.execute(_WAIT)
    raw.commit()

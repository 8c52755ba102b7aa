"""Whole columns as plain text, for a count by other code than that which sweeps.

Shares nothing with the statements of a sweep: no condition, no key, no date of the database's own. What
stands in a column comes as the database writes it, moments in UTC, and is judged in Python.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, OperationalError

from lofte.datamap.document import System
from lofte.errors import Broken, Unreachable

_FETCH = 2_000
_names = count()


class PlainReader:
    """Reads one database, column by column."""

    def __init__(self, system: System, url: str) -> None:
        self._system = system
        parsed = sa.make_url(url)
        kind = parsed.get_backend_name()
        if kind == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        if kind in ("mysql", "mariadb"):
            parsed = parsed.set(drivername=f"{kind}+pymysql")
        self._engine = sa.create_engine(parsed, hide_parameters=True, poolclass=sa.NullPool)
        if kind == "sqlite":
            event.listen(self._engine, "connect", lambda raw, _: raw.execute("pragma query_only = on"))

    def texts(self, dataset: str, columns: Sequence[str]) -> Iterator[tuple[str | None, ...]]:
        """These columns of every row of a dataset's table, streamed. Raises Unreachable, Broken."""
        entry = self._system.datasets[dataset]
        try:
            with self._engine.connect() as db:
                quote = db.dialect.identifier_preparer.quote_identifier
                stamps = _in_utc(db, entry.schema_, entry.table or dataset)
                table = quote(entry.table or dataset)
                table = f"{quote(entry.schema_)}.{table}" if entry.schema_ else table
                kind = "char" if db.dialect.name in ("mysql", "mariadb") else "text"
                listed = (
                    f"concat({quote(name)}, '+00:00')" if name in stamps else f"cast({quote(name)} as {kind})"
                    for name in columns
                )
                yield from _stream(db, f"select {', '.join(listed)} from {table}")  # noqa: S608 (quoted)
        except OperationalError as error:
            raise Unreachable(f"the system `{self._system.id}` does not answer; see that it runs") from error
        except DBAPIError as error:
            raise Broken(f"`{dataset}` of `{self._system.id}` cannot be read; run `lofte check`") from error

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()


def _in_utc(db: Connection, schema: str | None, table: str) -> frozenset[str]:
    """Let moments be written in UTC; the columns of MariaDB that are moments and do not say so."""
    if db.dialect.name == "postgresql":
        db.exec_driver_sql("set time zone 'UTC'")
        db.exec_driver_sql("set datestyle = 'ISO'")
    if db.dialect.name not in ("mysql", "mariadb"):
        return frozenset()
    db.exec_driver_sql("set time_zone = '+00:00'")
    found = db.execute(
        sa.text(
            "select column_name from information_schema.columns where data_type = 'timestamp' "
            "and table_name = :t and table_schema = coalesce(:s, database())"
        ),
        {"t": table, "s": schema},
    )
    return frozenset(str(name) for (name,) in found)


def _stream(db: Connection, sql: str) -> Iterator[tuple[str | None, ...]]:
    raw: Any = db.connection
    if db.dialect.name == "postgresql":
        cursor = raw.cursor(f"plain_{next(_names)}")
    elif db.dialect.name in ("mysql", "mariadb"):
        from pymysql.cursors import SSCursor

        cursor = raw.cursor(SSCursor)
    else:
        cursor = raw.cursor()
    try:
        cursor.execute(sql)
        while batch := cursor.fetchmany(_FETCH):
            yield from (tuple(None if v is None else str(v) for v in row) for row in batch)
    finally:
        cursor.close()

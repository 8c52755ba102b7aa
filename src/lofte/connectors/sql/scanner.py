"""The second scanner: looks through every column of every table for what an erasure should have taken.

Hard rules:
- It shares no code with what planned or did the erasure: it has its own idea of what an e-mail
  address, a personnummer and a telephone number look like, so that it does not repeat a mistake.
- It reads everything, mapped or not, and holds one batch of rows in memory, and one window of a value.
- It says where something was found and in how many rows. Never what.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError

from lofte.connectors.sql.needles import Needles, Search
from lofte.connectors.sql.searched import Searched, searched
from lofte.errors import Broken, Unreachable

BATCH = 200
"""Rows in memory at a time."""
PIECE = 4_000_000
"""So much of a value comes with its row; of a longer one the rest is fetched piece by piece."""
_names = count()

Spot = tuple[str | None, str, str]
"""Schema (None = the connection's own), table, column."""


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Residual:
    """Where something of the person still stands."""

    schema: str | None
    """None = the connection's own schema."""
    table: str
    column: str
    rows: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What a scan looked through, and what it found."""

    residuals: tuple[Residual, ...]
    tables: int
    columns: int
    rows: int


def scan(
    where: str | Engine | Connection,
    needles: Needles,
    allowed: Mapping[Spot, int] | Collection[Spot] = (),
    schemas: Collection[str] = (),
) -> tuple[Residual, ...]:
    """Where the needles still stand, outside the allowed spots, sorted.

    `allowed` names columns of rows that are kept; as a mapping it says in how many rows at most, and
    what is above that number is a residual. `schemas` are those that must be looked through beside the
    connection's own. Raises Unreachable, Broken when a table there cannot be read."""
    return look(where, needles, allowed, schemas).residuals


def look(
    where: str | Engine | Connection,
    needles: Needles,
    allowed: Mapping[Spot, int] | Collection[Spot] = (),
    schemas: Collection[str] = (),
) -> Found:
    """As `scan`, and how much was looked through."""
    counts: dict[Spot, int] = {}
    tables = columns = rows = 0
    search = Search(needles)
    with _connected(where) as db:
        for table in searched(db, schemas):
            tables += 1
            columns += len(table.columns)
            long = False
            for hits, has_more in _hits(db, table, search):
                rows += 1
                long = long or has_more
                for name in hits:
                    spot = (table.schema, table.name, name)
                    counts[spot] = counts.get(spot, 0) + 1
            for name in _long_hits(db, table, search) if long else ():
                spot = (table.schema, table.name, name)
                counts[spot] = counts.get(spot, 0) + 1
    left = {spot: number - _free(allowed, spot, number) for spot, number in counts.items()}
    residuals = [
        Residual(schema=schema, table=table, column=column, rows=number)
        for (schema, table, column), number in left.items()
        if number > 0
    ]
    ordered = tuple(sorted(residuals, key=lambda r: (r.schema or "", r.table, r.column)))
    return Found(residuals=ordered, tables=tables, columns=columns, rows=rows)


def _free(allowed: Mapping[Spot, int] | Collection[Spot], spot: Spot, number: int) -> int:
    """How many of the rows are allowed to be there."""
    if isinstance(allowed, Mapping):
        return min(int(allowed.get(spot, 0)), number)
    return number if spot in allowed else 0


# -- connecting --------------------------------------------------------------------------------------


@contextmanager
def _connected(where: str | Engine | Connection) -> Iterator[Connection]:
    """A connection that can only read. The kind of an error is told, never its words. One that is
    handed in stays as it is: what it has changed is seen, and its errors are its owner's."""
    if isinstance(where, Connection):
        yield where
        return
    engine = _engine(where) if isinstance(where, str) else where
    driver: Any = engine.dialect.loaded_dbapi
    try:
        with engine.connect() as db:
            _read_only(db)
            yield db
            db.rollback()
    except DBAPIError as error:
        raise _told(engine, error.orig or error) from error
    except driver.Error as error:
        raise _told(engine, error) from error
    finally:
        if isinstance(where, str):
            engine.dispose()


def _told(engine: Engine, error: BaseException) -> Unreachable | Broken:
    driver: Any = engine.dialect.loaded_dbapi
    kind = type(error).__name__
    if isinstance(error, driver.OperationalError | driver.InterfaceError):
        return Unreachable(f"the system to be looked through does not answer ({kind}); check that it runs")
    return Broken(f"the system could not be looked through to the end ({kind}); nothing is known about it")


def _engine(url: str) -> Engine:
    parsed = sa.make_url(url)
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername in ("mysql", "mariadb"):
        parsed = parsed.set(drivername=f"{parsed.drivername}+pymysql")
    more: dict[str, Any] = {}
    if parsed.get_backend_name() in ("mysql", "mariadb"):
        more = {"connect_args": {"charset": "utf8mb4", "connect_timeout": 10}}
    return sa.create_engine(parsed, hide_parameters=True, poolclass=sa.NullPool, **more)


def _read_only(db: Connection) -> None:
    kind = db.dialect.name
    if kind == "postgresql":
        db.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    elif kind in ("mysql", "mariadb"):
        db.exec_driver_sql("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")


# -- reading -----------------------------------------------------------------------------------------


def _hits(db: Connection, table: Searched, search: Search) -> Iterator[tuple[list[str], bool]]:
    """For each row, the names of the columns that something was found in, and whether it has values
    that are too long to come with it."""
    names = [name for name, _ in table.columns]
    for *row, more in _rows(db, table):
        hits = []
        for name, value in zip(names, row, strict=True):
            if value is not None and search.finds(value):
                hits.append(name)
        yield hits, bool(more)


def _rows(db: Connection, table: Searched) -> Iterator[tuple[Any, ...]]:
    """The rows of a table, streamed, each value as text, bytes or a number; a long one is left out,
    and told by the last value of the row."""
    kind = db.dialect.name
    listed = ", ".join(_short(kind, _quoted(kind, name), how) for name, how in table.columns)
    long = [_length(kind, _quoted(kind, name), how) for name, how in table.columns if how != "number"]
    more = " or ".join(f"coalesce({each} > {PIECE}, {_no(kind)})" for each in long) or _no(kind)
    at = f"{_quoted(kind, table.own)}.{_quoted(kind, table.name)}"
    sql = f"select {listed}, {more} from {at}"  # noqa: S608 (names that the catalogue gave)
    cursor = _cursor(db)
    try:
        cursor.execute(sql)
        while batch := cursor.fetchmany(BATCH):
            yield from batch
    finally:
        cursor.close()


def _no(kind: str) -> str:
    return "false" if kind == "postgresql" else "0"


def _short(kind: str, column: str, how: str) -> str:
    """A value as it is read, if it is not too long."""
    if how == "number":
        return column
    return (
        f"case when {_length(kind, column, how)} > {PIECE} then null else {_as_read(kind, column, how)} end"
    )


def _as_read(kind: str, column: str, how: str) -> str:
    """A column as it is read: text as text, on SQLite as its bytes: what is not UTF-8 would else stop
    the scan."""
    if kind == "postgresql" and how == "text":
        return f"{column}::text"
    if kind == "sqlite":
        return f"case typeof({column}) when 'text' then cast({column} as blob) else {column} end"
    return column


def _length(kind: str, column: str, how: str) -> str:
    """How many bytes a value has."""
    if kind == "sqlite":
        return f"length(cast({column} as blob))"
    if kind == "postgresql":
        return f"octet_length({column if how == 'bytes' else column + '::text'})"
    return f"octet_length({column})"


def _quoted(kind: str, name: str) -> str:
    """A name that the catalogue gave."""
    mark = "`" if kind in ("mysql", "mariadb") else '"'
    return mark + name.replace(mark, mark * 2) + mark


# -- long values -------------------------------------------------------------------------------------


def _long_hits(db: Connection, table: Searched, search: Search) -> Iterator[str]:
    """For each long value that something is found in, the name of its column."""
    kind = db.dialect.name
    wide = [(name, how) for name, how in table.columns if how != "number"]
    key = _locator(db, table)
    at = f"{_quoted(kind, table.own)}.{_quoted(kind, table.name)}"
    for name, how in wide:
        column = _quoted(kind, name)
        long = f"{_length(kind, column, how)} > {PIECE}"
        if not key:
            yield from (name for pieces in _whole(db, column, at, long) if search.finds_in(pieces))
            continue
        cursor: Any = db.connection.cursor()
        cursor.execute(f"select {', '.join(key)} from {at} where {long}")  # noqa: S608
        for values in cursor.fetchall():
            if search.finds_in(_pieces(db, _as_read(kind, column, how), at, key, values)):
                yield name
        cursor.close()


def _locator(db: Connection, table: Searched) -> list[str]:
    """By what one row is fetched again; nothing = it cannot be."""
    match db.dialect.name:
        case "postgresql":
            return ["ctid"]
        case "sqlite":
            found = db.exec_driver_sql(
                "select wr from pragma_table_list where schema = 'main' and name = ?", (table.name,)
            ).scalar()
            sql = "select name from pragma_table_info(?) where pk > 0"
            if not found:
                return ["rowid"]
            keys = db.exec_driver_sql(sql, (table.name,)).scalars()
        case _:
            sql = (
                "select column_name from information_schema.key_column_usage "
                "where table_schema = %s and table_name = %s and constraint_name = 'PRIMARY'"
            )
            keys = db.exec_driver_sql(sql, (table.own, table.name)).scalars()
    return [_quoted(db.dialect.name, name) for name in keys]


def _pieces(db: Connection, column: str, at: str, key: list[str], values: Any) -> Iterator[bytes]:
    """A long value, piece by piece."""
    kind = db.dialect.name
    mark = {"sqlite": "?", "postgresql": "%s::tid"}.get(kind, "%s")
    where = " and ".join(f"{name} = {mark}" for name in key)
    place = "?" if kind == "sqlite" else "%s"
    select, source = (part if kind == "sqlite" else part.replace("%", "%%") for part in (column, at))
    sql = f"select substr({select}, {place}, {PIECE}) from {source} where "  # noqa: S608
    start = 1
    cursor: Any = db.connection.cursor()
    try:
        while True:
            cursor.execute(sql + where, (start, *values))
            row = cursor.fetchone()
            if row is None or not row[0]:
                return
            yield row[0].encode("utf-8", "replace") if isinstance(row[0], str) else bytes(row[0])
            start += len(row[0])
    finally:
        cursor.close()


def _whole(db: Connection, column: str, at: str, long: str) -> Iterator[Iterator[bytes]]:
    """Long values of a table without a key, one at a time."""
    cursor = _cursor(db)
    try:
        cursor.execute(f"select {column} from {at} where {long}")  # noqa: S608
        while row := cursor.fetchone():
            value = row[0].encode("utf-8", "replace") if isinstance(row[0], str) else bytes(row[0])
            yield (value[n : n + PIECE] for n in range(0, len(value), PIECE))
    finally:
        cursor.close()


def _cursor(db: Connection) -> Any:
    """A cursor that leaves the rows with the server."""
    raw: Any = db.connection
    if db.dialect.name == "postgresql":
        return raw.cursor(f"lofte_scan_{next(_names)}")
    if db.dialect.name in ("mysql", "mariadb"):
        from pymysql.cursors import SSCursor

        return raw.cursor(SSCursor)
    return raw.cursor()

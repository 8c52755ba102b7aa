"""Full rows, read and written so that each value comes back as the database had it.

A driver makes the values handy, and loses what that costs: the blanks of a JSON text, the months of
an interval, the last digits of a short float, the hour that summer time gives twice. Here a value
whose type the driver would change is taken as the database writes it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.engine import Connection

from lofte.connectors.sql import tables
from lofte.connectors.sql.setwise import Named, Source, Values, same_bytes, selecting, sources
from lofte.connectors.sql.tables import Column, Table, quoted
from lofte.connectors.sql.verify import key_text
from lofte.connectors.sql.wire import taken, together
from lofte.datamap.tracing import Key

# fmt: off
__all__ = [
    "Column", "Table", "as_written", "by_key", "insert", "listed", "matching", "quoted", "read",
    "table_of", "update",
]
# fmt: on

_PLAIN = ("int2", "int4", "int8", "oid", "bool", "bytea", "uuid", "numeric", "text", "varchar", "bpchar")
"""Types of PostgreSQL that its driver keeps exactly."""
_KEPT = frozenset(
    {"smallint", "integer", "bigint", "oid", "boolean", "bytea", "uuid", "numeric", "text", "character"}
    | {"character varying"}
)
_SIZE = re.compile(r"\(.*?\)")
"""The same, by the names that a table gives them."""


def table_of(db: Connection, schema: str | None, name: str) -> Table:
    """The table as it is now."""
    return tables.table_of(db, schema, name)


def read(
    db: Connection, table: Table, key: Sequence[str], keys: Iterable[tuple[Any, ...]], *, lock: bool = False
) -> dict[Key, tuple[Any, ...]]:
    """The full rows with these keys (values of the driver), by key as text; `lock` holds them until
    the transaction ends. One statement, if the keys go into one."""
    return read_each(db, [(table, key, keys)], lock=lock)[0]


Asked = tuple[Table, Sequence[str], Iterable[tuple[Any, ...]]]
"""A table, the columns that its rows are named by, and their keys."""


def read_each(db: Connection, asked: Sequence[Asked], *, lock: bool = False) -> list[dict[Key, Values]]:
    """As `read`, of many tables, in this order."""
    found: list[dict[Key, Values]] = []
    if db.dialect.name != "postgresql" or len(asked) < 2:
        for table, key, keys in asked:
            every = list(keys)
            found.append({})
            with _cursor(db, table) as cursor:
                for source in sources(db, Named(table=table, key=tuple(key)), every) if every else ():
                    cursor.execute(_selecting(db, table, key, source, lock=lock), source.bound)
                    found[-1] |= _told(db, table, key, every, cursor.fetchall())
        return found
    waiting = []
    with together(db):
        for table, key, keys in asked:
            every, cursors = list(keys), []
            for source in sources(db, Named(table=table, key=tuple(key)), every) if every else ():
                raw: Any = db.connection
                cursors.append(raw.cursor())
                as_written(cursors[-1], table)
                cursors[-1].execute(_selecting(db, table, key, source, lock=lock), source.bound)
            waiting.append((table, key, every, cursors))
    for table, key, every, cursors in waiting:
        rows = [row for cursor in cursors for row in taken(cursor)]
        found.append(_told(db, table, key, every, rows))
    return found


def _selecting(db: Connection, table: Table, key: Sequence[str], source: Source, *, lock: bool) -> str:
    return selecting(db, Named(table=table, key=tuple(key)), listed(db, table), source, lock=lock)


def listed(db: Connection, table: Table) -> str:
    """All columns of the table `t`, as a statement names them."""
    return ", ".join(_read(db, column) for column in table.columns)


def _told(
    db: Connection, table: Table, key: Sequence[str], keys: Sequence[Values], rows: Iterable[Values]
) -> dict[Key, Values]:
    """The rows by key, as the database had them. It may take other keys for equal to these."""
    wanted = {tuple(map(key_text, each)) for each in keys}
    return {at: row for at, row in by_key(db, table, key, rows).items() if at in wanted}


def by_key(db: Connection, table: Table, key: Sequence[str], rows: Iterable[Values]) -> dict[Key, Values]:
    """Whole rows by key, as the database had them."""
    names = table.names
    at = [names.index(name) for name in key]
    changed = [(n, c) for n, c in enumerate(table.columns) if not _as_it_is(db, c)]
    if changed:
        rows = [_exactly(row, changed) for row in rows]
    if len(at) == 1:
        (one,) = at
        return {(key_text(row[one]),): row for row in rows}
    return {tuple([key_text(row[n]) for n in at]): row for row in rows}


def matching(
    db: Connection, table: Table, key: Sequence[str], keys: Sequence[tuple[Any, ...]]
) -> tuple[str, list[Any]]:
    """A condition for any of these keys, by their bytes, and its values."""
    parts = [same_bytes(db, table.column(name)) for name in key]
    one = "(" + " and ".join(said for said, _ in parts) + ")"
    times = [n for _, n in parts]
    values = [part for each in keys for part, n in zip(each, times, strict=True) for _ in range(n)]
    return " or ".join([one] * len(keys)), values


def insert(db: Connection, table: Table, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> int:
    """Write rows as they were; computed columns are left to the database. Returns how many."""
    written = [table.column(name) for name in columns if not table.column(name).generated]
    at = [list(columns).index(c.name) for c in written]
    overriding = " overriding system value" if table.identity else ""
    names = ", ".join(quoted(db, c.name) for c in written)
    head = f"insert into {quoted(db, table.name, table.schema)} ({names}){overriding} values "  # noqa: S608
    done = 0
    for row in rows:
        values = [row[n] for n in at]
        marks, bound = _bound(db, written, values)
        done += _write(db, f"{head}({', '.join(marks)})", bound, values)
    return done


def update(db: Connection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> int:
    """Write these columns of one row as they were. Returns how many rows there were."""
    written = [table.column(name) for name in values if not table.column(name).generated]
    if not written:
        return 1
    marks, bound = _bound(db, written, [values[c.name] for c in written])
    sets = ", ".join(f"{quoted(db, c.name)} = {m}" for c, m in zip(written, marks, strict=True))
    where, keys = matching(db, table, tuple(key), [tuple(key.values())])
    sql = f"update {quoted(db, table.name, table.schema)} set {sets} where {where}"  # noqa: S608
    return _write(db, sql, [*bound, *keys], list(values.values()))


def _read(db: Connection, column: Column) -> str:
    said = f"t.{quoted(db, column.name)}"
    if db.dialect.name in ("mysql", "mariadb") and column.type.startswith("float"):
        return f"cast({said} as double)"  # a float is shown with six digits
    return said


def _as_it_is(db: Connection, column: Column) -> bool:
    """Whether the driver's value is right already: neither a moment nor bytes."""
    if db.dialect.name == "sqlite" or column.whole or column.text:
        return True
    return not column.type.startswith(("timestamp", "bytea"))


def _exactly(row: tuple[Any, ...], changed: Sequence[tuple[int, Column]]) -> tuple[Any, ...]:
    """A moment that the database keeps in UTC says so."""
    values = list(row)
    for n, column in changed:
        value = values[n]
        if column.type.startswith("timestamp") and isinstance(value, datetime) and value.tzinfo is None:
            values[n] = value.replace(tzinfo=UTC)
        elif isinstance(value, memoryview):
            values[n] = bytes(value)
    return tuple(values)


@contextmanager
def _cursor(db: Connection, table: Table) -> Iterator[Any]:
    """A cursor that changes no value."""
    raw: Any = db.connection
    kind = db.dialect.name
    if kind == "sqlite":
        before = raw.driver_connection.text_factory
        raw.driver_connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    cursor = raw.cursor()
    if kind == "postgresql":
        as_written(cursor, table)
    try:
        with _in_utc(db, table):
            yield cursor
    finally:
        cursor.close()
        if kind == "sqlite":
            raw.driver_connection.text_factory = before


def as_written(cursor: Any, table: Table) -> None:
    """Let PostgreSQL's driver give every value as the server writes it, but those it keeps exactly."""
    from psycopg.postgres import types
    from psycopg.types.string import TextLoader

    named = {_SIZE.sub("", column.type) for column in table.columns}
    if named <= _KEPT:
        return
    # What the driver does not know by name may be a domain over a type that it does.
    known = [found for name in named - _KEPT if (found := types.get(name)) is not None]
    for each in known if len(known) == len(named - _KEPT) else types:
        if each.name not in _PLAIN:
            cursor.adapters.register_loader(each.oid, TextLoader)
        if each.array_oid:
            cursor.adapters.register_loader(each.array_oid, TextLoader)


@contextmanager
def _in_utc(db: Connection, table: Table) -> Iterator[None]:
    """MariaDB tells moments in the session's zone, where an hour may come twice a year."""
    moments = any(c.type.startswith("timestamp") for c in table.columns)
    if not moments or db.dialect.name not in ("mysql", "mariadb"):
        yield
        return
    cursor: Any = db.connection.cursor()
    cursor.execute("select @@session.time_zone")
    (before,) = cursor.fetchone()
    cursor.execute("set time_zone = '+00:00'")
    try:
        yield
    finally:
        cursor.execute("set time_zone = %s", (before,))
        cursor.close()


def _write(db: Connection, sql: str, bound: Sequence[Any], values: Sequence[Any]) -> int:
    cursor: Any = db.connection.cursor()
    in_utc = db.dialect.name in ("mysql", "mariadb") and any(
        isinstance(v, datetime) and v.tzinfo is not None for v in values
    )
    try:
        if in_utc:
            cursor.execute("select @@session.time_zone")
            (before,) = cursor.fetchone()
            cursor.execute("set time_zone = '+00:00'")
        cursor.execute(sql, tuple(bound))
        done = int(cursor.rowcount)
        if in_utc:
            cursor.execute("set time_zone = %s", (before,))
        return done
    finally:
        cursor.close()


def _bound(db: Connection, columns: Sequence[Column], values: Sequence[Any]) -> tuple[list[str], list[Any]]:
    """For each value its mark in the statement, and what is bound to it."""
    kind = db.dialect.name
    pairs = [_bind(kind, c, v) for c, v in zip(columns, values, strict=True)]
    return [mark for mark, _ in pairs], [value for _, value in pairs]


def _bind(kind: str, column: Column, value: Any) -> tuple[str, Any]:
    if kind == "sqlite":
        if isinstance(value, str) and any("\ud800" <= c <= "\udfff" for c in value):
            return "cast(? as text)", value.encode("utf-8", "surrogateescape")
        return "?", value
    if kind == "postgresql":
        if column.type in ("json", "jsonb") and value is not None:
            value = _json(value)
        return f"%s::{column.type.replace('%', '%%')}", value
    if isinstance(value, datetime) and value.tzinfo is not None:
        return "%s", value.astimezone(UTC).replace(tzinfo=None)
    return "%s", value


def _json(value: Any) -> str:
    """The text of a JSON value: as it was read, or made of what the driver had made of it."""
    if isinstance(value, str):
        try:
            json.loads(value)
        except ValueError:
            return json.dumps(value, ensure_ascii=False)
        return value
    return json.dumps(value, ensure_ascii=False)

"""Full rows, read and written so that each value comes back as the database had it.

A driver makes the values handy, and loses what that costs: the blanks of a JSON text, the months of
an interval, the last digits of a short float, the hour that summer time gives twice. Here a value
whose type the driver would change is taken as the database writes it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy.engine import Connection

from lofte.connectors.sql.verify import key_text
from lofte.datamap.tracing import Key

AT_ONCE = 500
"""Rows read or written with one statement."""
_PLAIN = ("int2", "int4", "int8", "oid", "bool", "bytea", "uuid", "numeric", "text", "varchar", "bpchar")
"""Types of PostgreSQL that its driver keeps exactly."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column of a table, as far as writing it back goes."""

    name: str
    type: str
    generated: bool = False
    """The database computes it; it is not written."""
    stamped: bool = False
    """The database changes it by itself when the row is changed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A table and its columns, by the names the catalogue gave."""

    schema: str | None
    name: str
    columns: tuple[Column, ...]
    identity: bool = False
    """Its numbers are given always by the database, unless it is told otherwise."""

    @property
    def names(self) -> tuple[str, ...]:
        """All columns, in order."""
        return tuple(c.name for c in self.columns)

    def column(self, name: str) -> Column:
        """The column with this name. Raises KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def table_of(db: Connection, schema: str | None, name: str) -> Table:
    """The table as it is now."""
    cursor: Any = db.connection.cursor()
    try:
        match db.dialect.name:
            case "postgresql":
                where = quoted(db, name, schema).replace("%%", "%")  # here it is a value
                cursor.execute(_POSTGRES, (where,))
                rows = cursor.fetchall()
                columns = [Column(name=n, type=t, generated=bool(g)) for n, t, g, _ in rows]
                return Table(
                    schema=schema, name=name, columns=tuple(columns), identity=any(i for *_, i in rows)
                )
            case "sqlite":
                cursor.execute("select name, type, hidden from pragma_table_xinfo(?)", (name,))
                columns = [Column(name=n, type=t, generated=h in (2, 3)) for n, t, h in cursor.fetchall()]
            case _:
                cursor.execute(_MARIA, (schema, name))
                columns = [
                    Column(
                        name=n, type=t, generated="generated" in e.lower(), stamped="on update" in e.lower()
                    )
                    for n, t, e in cursor.fetchall()
                ]
        return Table(schema=schema, name=name, columns=tuple(columns))
    finally:
        cursor.close()


def read(
    db: Connection, table: Table, key: Sequence[str], keys: Iterable[tuple[Any, ...]], *, lock: bool = False
) -> dict[Key, tuple[Any, ...]]:
    """The full rows with these keys (values of the driver), by key as text; `lock` holds them until
    the transaction ends. One statement for each 500."""
    found: dict[Key, tuple[Any, ...]] = {}
    at = [table.names.index(name) for name in key]
    listed = ", ".join(_read(db, c) for c in table.columns)
    end = " for update" if lock and db.dialect.name != "sqlite" else ""
    with _cursor(db, table) as cursor:
        for some in _batches(keys):
            wanted = {tuple(map(key_text, each)) for each in some}
            where, values = matching(db, key, some)
            sql = f"select {listed} from {quoted(db, table.name, table.schema)} where {where}{end}"  # noqa: S608
            cursor.execute(sql, values)
            for row in cursor.fetchall():
                row = tuple(_exactly(value, c) for value, c in zip(row, table.columns, strict=True))
                text = tuple(key_text(row[n]) for n in at)
                # The database may take other keys for equal to these.
                if text in wanted:
                    found[text] = row
    return found


def matching(db: Connection, key: Sequence[str], keys: Sequence[tuple[Any, ...]]) -> tuple[str, list[Any]]:
    """A condition for any of these keys, and its values."""
    mark = "?" if db.dialect.name == "sqlite" else "%s"
    one = "(" + " and ".join(f"{quoted(db, name)} = {mark}" for name in key) + ")"
    if len(key) > 1:
        return " or ".join([one] * len(keys)), [part for each in keys for part in each]
    return f"{quoted(db, key[0])} in ({', '.join([mark] * len(keys))})", [each[0] for each in keys]


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
    where, keys = matching(db, tuple(key), [tuple(key.values())])
    sql = f"update {quoted(db, table.name, table.schema)} set {sets} where {where}"  # noqa: S608
    return _write(db, sql, [*bound, *keys], list(values.values()))


def quoted(db: Connection, name: str, schema: str | None = None) -> str:
    """A name of the catalogue, as the statement has it. A percent sign is the driver's own mark."""
    mark = "`" if db.dialect.name in ("mysql", "mariadb") else '"'
    said = mark + name.replace(mark, mark * 2) + mark
    if db.dialect.name != "sqlite":
        said = said.replace("%", "%%")
    return f"{quoted(db, schema)}.{said}" if schema else said


_POSTGRES = """
select a.attname, format_type(a.atttypid, a.atttypmod), a.attgenerated <> '', a.attidentity = 'a'
from pg_attribute a where a.attrelid = to_regclass(%s) and a.attnum > 0 and not a.attisdropped
order by a.attnum
"""
_MARIA = """
select column_name, lower(column_type), extra from information_schema.columns
where table_schema = coalesce(%s, database()) and table_name = %s order by ordinal_position
"""


def _batches(keys: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    left = iter(keys)
    while batch := list(islice(left, AT_ONCE)):
        yield batch


def _read(db: Connection, column: Column) -> str:
    said = quoted(db, column.name)
    if db.dialect.name in ("mysql", "mariadb") and column.type.startswith("float"):
        return f"cast({said} as double)"  # a float is shown with six digits
    return said


def _exactly(value: Any, column: Column) -> Any:
    """A moment that the database keeps in UTC says so."""
    if column.type.startswith("timestamp") and isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    return bytes(value) if isinstance(value, memoryview) else value


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
        _as_written(cursor)
    try:
        with _in_utc(db, table):
            yield cursor
    finally:
        cursor.close()
        if kind == "sqlite":
            raw.driver_connection.text_factory = before


def _as_written(cursor: Any) -> None:
    """Let PostgreSQL's driver give every value as the server writes it, but those it keeps exactly."""
    from psycopg.postgres import types
    from psycopg.types.string import TextLoader

    for known in types:
        if known.name not in _PLAIN:
            cursor.adapters.register_loader(known.oid, TextLoader)
        if known.array_oid:
            cursor.adapters.register_loader(known.array_oid, TextLoader)


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

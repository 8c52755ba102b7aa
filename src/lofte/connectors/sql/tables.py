"""The tables of a live database as they are at this moment, with the types it gives its columns."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

At = tuple[str | None, str]
"""Schema (None = the connection's own) and name."""

_WHOLE = ("smallint", "integer", "bigint", "int", "tinyint", "mediumint", "oid")
_TEXTS = ("text", "character", "character varying", "char", "varchar", "tinytext", "mediumtext", "longtext")


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column of a table, as far as writing it goes."""

    name: str
    type: str
    generated: bool = False
    """The database computes it; it is not written."""
    stamped: bool = False
    """The database changes it by itself when the row is changed."""
    collation: str | None = None
    """Where the database may take other texts for equal; MariaDB: of every text."""

    @property
    def whole(self) -> bool:
        """Whole numbers."""
        return self._plain in _WHOLE

    @property
    def text(self) -> bool:
        """Letters."""
        return self._plain in _TEXTS

    @property
    def _plain(self) -> str:
        return self.type.partition("(")[0].removesuffix(" unsigned").strip().lower()


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
    return tables_of(db, [(schema, name)])[schema, name]


def tables_of(db: Connection, wanted: Sequence[At]) -> dict[At, Table]:
    """These tables as they are now: one statement (MariaDB: one for each schema)."""
    columns: dict[At, list[Column]] = {at: [] for at in wanted}
    identity: set[At] = set()
    match db.dialect.name:
        case "postgresql":
            for at, column, always in _postgres(db, wanted):
                columns[at].append(column)
                identity |= {at} if always else set()
        case "sqlite":
            for name, column in _sqlite(db, wanted):
                columns[None, name].append(column)
        case _:
            for at, column in _maria(db, wanted):
                if at in columns:  # information_schema compares names without regard to capitals
                    columns[at].append(column)
    return {
        at: Table(schema=at[0], name=at[1], columns=tuple(found), identity=at in identity)
        for at, found in columns.items()
    }


class Tables:
    """Tables as they were when a transaction first looked at them; as long as it goes on, the database
    lets nobody change what it has read."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._found: dict[At, Table] = {}

    def of(self, wanted: Sequence[At]) -> dict[At, Table]:
        """These tables; the statement is spared when all are known."""
        if missing := [at for at in dict.fromkeys(wanted) if at not in self._found]:
            self._found |= tables_of(self._db, missing)
        return self._found


def quoted(db: Connection, name: str, schema: str | None = None) -> str:
    """A name of the catalogue, as the statement has it. A percent sign is the driver's own mark."""
    mark = "`" if db.dialect.name in ("mysql", "mariadb") else '"'
    said = mark + name.replace(mark, mark * 2) + mark
    if db.dialect.name != "sqlite":
        said = said.replace("%", "%%")
    return f"{quoted(db, schema)}.{said}" if schema else said


@contextmanager
def cursor_of(db: Connection) -> Iterator[Any]:
    """A cursor of the driver, closed afterwards."""
    cursor: Any = db.connection.cursor()
    try:
        yield cursor
    finally:
        cursor.close()


_POSTGRES = """
select n.number, a.attname, format_type(a.atttypid, a.atttypmod), a.attgenerated <> '', a.attidentity = 'a',
  (select c.collname from pg_collation c where c.oid = a.attcollation and not c.collisdeterministic)
from unnest(%s::text[]) with ordinality as n(name, number)
join pg_attribute a on a.attrelid = to_regclass(n.name)
where a.attnum > 0 and not a.attisdropped
order by n.number, a.attnum
"""
_MARIA = """
select table_name, column_name, lower(column_type), extra, collation_name
from information_schema.columns
where table_schema = coalesce(%s, database()) and table_name in %s
order by table_name, ordinal_position
"""
_SQLITE = """
select m.value, x.name, x.type, x.hidden from json_each(?) as m join pragma_table_xinfo(m.value) as x
"""


def _postgres(db: Connection, wanted: Sequence[At]) -> Iterator[tuple[At, Column, bool]]:
    # Here a name is a value, and a percent sign only itself.
    names = [quoted(db, name, schema).replace("%%", "%") for schema, name in wanted]
    with cursor_of(db) as cursor:
        cursor.execute(_POSTGRES, (names,))
        for number, name, type_, generated, always, collation in cursor.fetchall():
            column = Column(name=name, type=type_, generated=bool(generated), collation=collation)
            yield wanted[number - 1], column, bool(always)


def _sqlite(db: Connection, wanted: Sequence[At]) -> Iterator[tuple[str, Column]]:
    with cursor_of(db) as cursor:
        cursor.execute(_SQLITE, (json.dumps([name for _, name in wanted]),))
        for table, name, type_, hidden in cursor.fetchall():
            yield table, Column(name=name, type=type_, generated=hidden in (2, 3))


def _maria(db: Connection, wanted: Sequence[At]) -> Iterator[tuple[At, Column]]:
    for schema in dict.fromkeys(schema for schema, _ in wanted):
        names = sorted(name for in_, name in wanted if in_ == schema)
        with cursor_of(db) as cursor:
            cursor.execute(_MARIA, (schema, names))
            for table, name, type_, extra, collation in cursor.fetchall():
                yield (
                    (schema, table),
                    Column(
                        name=name,
                        type=type_,
                        generated="generated" in extra.lower(),
                        stamped="on update" in extra.lower(),
                        collation=collation,
                    ),
                )

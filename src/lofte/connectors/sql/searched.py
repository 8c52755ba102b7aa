"""The tables that the second scanner looks through, as the database's own catalogue tells them.

Hard rules:
- A table of the map's schemas that may not be read stops the scan: nothing is known about it.
- A column is left out only when its type can hold no identifier, by what the type is, not by its name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from lofte.errors import Broken


@dataclass(frozen=True, kw_only=True, slots=True)
class Searched:
    """A table, and its columns that could hold anything."""

    schema: str | None
    """None = the connection's own schema."""
    name: str
    columns: tuple[tuple[str, str], ...]
    """Name and how it is read: `text`, `bytes`, `number`."""
    own: str
    """The schema as the database names it."""


def searched(db: Connection, schemas: Collection[str] = ()) -> list[Searched]:
    """All tables that there are; `schemas` are those that must be among them, beside the connection's
    own. Raises Broken when one of them has a table that may not be read."""
    match db.dialect.name:
        case "postgresql":
            rows = list(db.exec_driver_sql(_POSTGRES, (list(schemas),)).tuples())
            _insist({(schema, table) for _, schema, table, _, _, may, must in rows if must and not may})
            return _grouped(row[:5] for row in rows if row[5])
        case "sqlite":
            return _grouped(_sqlite(db))
        case _:
            more = ", %s" * len(schemas)
            return _grouped(db.exec_driver_sql(_MARIA.format(more=more), tuple(schemas)).tuples())


def _insist(unread: Collection[tuple[str, str]]) -> None:
    if unread:
        named = ", ".join(f"`{schema}.{table}`" for schema, table in sorted(unread))
        raise Broken(
            f"{named} may not be read, so nothing is known about what stands there; "
            "let the user of the database read it (GRANT SELECT)"
        )


def _grouped(rows: Any) -> list[Searched]:
    """(own schema?, schema, table, column, type) -> tables with the columns that could hold anything."""
    found: dict[tuple[bool, str, str], list[tuple[str, str]]] = {}
    for own, schema, table, column, type_ in rows:
        listed = found.setdefault((bool(own), schema, table), [])
        if how := _how(type_):
            listed.append((column, how))
    return [
        Searched(schema=None if own else schema, name=table, columns=tuple(listed), own=schema)
        for (own, schema, table), listed in found.items()
        if listed
    ]


def _how(type_: str) -> str:
    """How a column is read; "" = it can hold no identifier (a truth value, a moment)."""
    type_ = type_.lower()
    if type_.startswith(("bool", "timestamp", "date", "time", "interval", "year", "tinyint(1)")):
        return ""
    if type_ in ("bytea", "blob", "tinyblob", "mediumblob", "longblob", "sqlite") or "binary" in type_:
        return "bytes"
    if type_ in ("smallint", "integer", "bigint", "int", "mediumint", "tinyint", "numeric", "decimal"):
        return "number"
    return "text"


_POSTGRES = """
with recursive plain(type, root) as (
  select oid, oid from pg_type where typtype <> 'd'
  union all
  select t.oid, p.root from pg_type t join plain p on p.type = t.typbasetype where t.typtype = 'd'
)
select n.nspname = current_schema(), n.nspname, c.relname, a.attname,
  case when t.typnamespace = 'pg_catalog'::regnamespace then format_type(t.oid, null) else 'text' end,
  has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select'),
  n.nspname = current_schema() or n.nspname = any(%s)
from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
join plain p on p.type = a.atttypid join pg_type t on t.oid = p.root
where c.relkind in ('r', 'm') and a.attnum > 0 and not a.attisdropped
  and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_toast%%'
  and n.nspname not like 'pg\\_temp%%'
order by n.nspname, c.relname, a.attnum
"""
"""A domain is what it stands on; a type that somebody made is read as text."""
_MARIA = """
select c.table_schema = database(), c.table_schema, c.table_name, c.column_name,
  case when c.column_type = 'tinyint(1)' then c.column_type else c.data_type end
from information_schema.columns c
join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
where c.table_schema in (database(){more}) and t.table_type in ('BASE TABLE', 'SYSTEM VERSIONED')
order by c.table_schema, c.table_name, c.ordinal_position
"""


def _sqlite(db: Connection) -> Iterator[tuple[bool, str, str, str, str]]:
    """Every column of every table, whatever it says its type is: SQLite stores what it is given."""
    named = db.exec_driver_sql(
        "select name from sqlite_master where type = 'table' and sql not like 'create virtual%' order by name"
    )
    for (table,) in named.fetchall():
        # A column's name is read with the table's name bound, so no name can become SQL here.
        columns = db.exec_driver_sql("select name from pragma_table_xinfo(?)", (table,))
        for (column,) in columns.fetchall():
            yield True, "main", table, column, "sqlite"

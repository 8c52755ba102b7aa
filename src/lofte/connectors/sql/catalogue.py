"""Reading what a live database really holds.

The catalogue is the only source of identifiers: a name in the data map must equal one that
stands here before it comes anywhere near a statement.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import types as t
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SAWarning

from lofte.datamap.catalogue import (
    Catalogue,
    LiveColumn,
    LiveReference,
    LiveTable,
    LiveTrigger,
    TypeClass,
)

_CLASSES: tuple[tuple[type[Any], TypeClass], ...] = (
    (t.Boolean, TypeClass.BOOLEAN),
    (t.Integer, TypeClass.INTEGER),
    (t.Numeric, TypeClass.NUMBER),
    (t.JSON, TypeClass.JSON),
    (t.Uuid, TypeClass.UUID),
    (t.LargeBinary, TypeClass.BINARY),
    (t.Enum, TypeClass.OTHER),
    (t.String, TypeClass.TEXT),
    (t.DateTime, TypeClass.TIME),
    (t.Date, TypeClass.DATE),
    (t.Time, TypeClass.TIME),
)
_LOWER = re.compile(r"lower\(\(*[\"`]?([^\"`()]+?)[\"`]?\)*(?:::\w+)?\)", re.IGNORECASE)
# What SQLite makes of a column by the letters in its declared type; these three are not in
# SQLAlchemy's table and come back as NullType or Numeric.
_SQLITE_TEXT = re.compile(r"char|clob|text", re.IGNORECASE)


def read_catalogue(db: Connection, system: str, schemas: Sequence[str] = ()) -> Catalogue:
    """All tables and views of the connection's own schema, and of the schemas named."""
    inspector = sa.inspect(db)
    tables: list[LiveTable] = []
    for schema in (None, *schemas):
        collations = _collations(db, schema)
        lowered = _lowered(db)
        triggers = _triggers(db, schema)
        names = [*inspector.get_table_names(schema=schema), *inspector.get_view_names(schema=schema)]
        columns = inspector.get_multi_columns(schema=schema, kind=sa.engine.reflection.ObjectKind.ANY)
        keys = inspector.get_multi_pk_constraint(schema=schema)
        references = _references(db, inspector, schema, keys)
        with warnings.catch_warnings():
            # SQLite's expression indexes are left out with a warning; `_lowered` reads them.
            warnings.simplefilter("ignore", SAWarning)
            uniques = inspector.get_multi_unique_constraints(schema=schema)
            indexes = inspector.get_multi_indexes(schema=schema)
        for name in names:
            at = (schema, name)
            found_key = keys.get(at)
            key = tuple(found_key["constrained_columns"] if found_key else ())
            table_indexes = indexes.get(at) or []
            tables.append(
                LiveTable(
                    schema=schema,
                    name=name,
                    columns=tuple(_column(c, collations.get((name, c["name"]))) for c in columns.get(at, [])),
                    key=key,
                    references=tuple(references.get(at, ())),
                    unique=_unique(uniques.get(at) or [], table_indexes),
                    indexes=(*_indexes(table_indexes), *lowered.get(name, ()), *([key] if key else ())),
                    triggers=triggers.get(name, ()),
                )
            )
    return Catalogue(system=system, dialect=db.dialect.name, tables=tuple(tables))


def _column(column: Any, collation: str | None) -> LiveColumn:
    blind = bool(collation) and ("_ci" in str(collation) or str(collation) == "nondeterministic")
    return LiveColumn(
        name=str(column["name"]),
        type=type_class(column["type"]),
        nullable=bool(column.get("nullable", True)),
        case_blind=blind,
        collation=collation,
    )


def type_class(type_: Any) -> TypeClass:
    """The class of a reflected type, as far as comparing goes."""
    for kind, found in _CLASSES:
        if isinstance(type_, kind):
            return found
    return TypeClass.OTHER


def _references(
    db: Connection, inspector: Any, schema: str | None, primary: Any
) -> dict[tuple[str | None, str], list[LiveReference]]:
    """The declared foreign keys. The database is asked itself: SQLAlchemy reads the text of the table or
    of the key, and misses what stands by a name with a quotation mark, a parenthesis or a comma in it."""
    if db.dialect.name in ("mysql", "mariadb"):
        return _maria_references(db, schema)
    if db.dialect.name == "postgresql":
        return _postgres_references(db, schema)
    if db.dialect.name != "sqlite":
        listed = inspector.get_multi_foreign_keys(schema=schema)
        return {at: [_reference(found) for found in each] for at, each in listed.items()}
    # A foreign key may write names in other letters than the table it means.
    sql = (
        'select m.name, f.id, t.name, f."from", c.name, f.on_delete from sqlite_master m '
        "join pragma_foreign_key_list(m.name) f "
        "join sqlite_master t on t.type = 'table' and lower(t.name) = lower(f.\"table\") "
        'left join pragma_table_info(t.name) c on lower(c.name) = lower(f."to") '
        "where m.type = 'table' order by m.name, f.id, f.seq"
    )
    parts: dict[tuple[str, int], list[tuple[str, str, str | None, str]]] = {}
    for table, number, to, name, key, action in db.exec_driver_sql(sql).tuples():
        parts.setdefault((table, number), []).append((to, name, key, action))
    found: dict[tuple[str | None, str], list[LiveReference]] = {}
    for (table, _), each in parts.items():
        to = each[0][0]
        named = tuple(key for _, _, key, _ in each if key is not None)
        reference = LiveReference(
            columns=tuple(name for _, name, _, _ in each),
            to_schema=None,
            to_table=to,
            to_columns=named or tuple(primary[schema, to]["constrained_columns"]),
            on_delete=None if each[0][3] == "NO ACTION" else each[0][3],
        )
        found.setdefault((schema, table), []).append(reference)
    return found


def _maria_references(
    db: Connection, schema: str | None
) -> dict[tuple[str | None, str], list[LiveReference]]:
    sql = (
        "select k.table_name, k.constraint_name, k.column_name, k.referenced_table_name, "
        "k.referenced_column_name, r.delete_rule, k.referenced_table_schema = k.table_schema, "
        "nullif(k.referenced_table_schema, database()) "
        "from information_schema.key_column_usage k join information_schema.referential_constraints r "
        "on r.constraint_schema = k.constraint_schema and r.table_name = k.table_name "
        "and r.constraint_name = k.constraint_name "
        "where k.table_schema = coalesce(%s, database()) and k.referenced_table_name is not null "
        "order by k.table_name, k.constraint_name, k.ordinal_position"
    )
    parts: dict[tuple[str, str], list[Any]] = {}
    for row in db.exec_driver_sql(sql, (schema,)):
        parts.setdefault((row[0], row[1]), []).append(row)
    found: dict[tuple[str | None, str], list[LiveReference]] = {}
    for (table, _), each in parts.items():
        *_, to, _key, action, here, elsewhere = each[0]
        reference = LiveReference(
            columns=tuple(row[2] for row in each),
            to_schema=schema if here else elsewhere,
            to_table=to,
            to_columns=tuple(row[4] for row in each),
            on_delete=None if action in ("NO ACTION", "RESTRICT") else action,
        )
        found.setdefault((schema, table), []).append(reference)
    return found


_POSTGRES_REFERENCES = (
    "select c.relname, r.relname, "
    "case when n.nspname = %s then n.nspname when pg_table_is_visible(r.oid) then null else n.nspname end, "
    "array(select a.attname::text from unnest(k.conkey) with ordinality as u(num, at) "
    "join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.num order by u.at), "
    "array(select a.attname::text from unnest(k.confkey) with ordinality as u(num, at) "
    "join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.num order by u.at), "
    "case k.confdeltype when 'c' then 'CASCADE' when 'n' then 'SET NULL' when 'd' then 'SET DEFAULT' "
    "when 'r' then 'RESTRICT' end "
    "from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class r on r.oid = k.confrelid "
    "join pg_namespace n on n.oid = r.relnamespace join pg_namespace o on o.oid = c.relnamespace "
    "where k.contype = 'f' and o.nspname = coalesce(%s, current_schema()) "
    "and (%s::text is not null or pg_table_is_visible(c.oid)) order by c.relname, k.conname"
)


def _postgres_references(
    db: Connection, schema: str | None
) -> dict[tuple[str | None, str], list[LiveReference]]:
    found: dict[tuple[str | None, str], list[LiveReference]] = {}
    listed = db.exec_driver_sql(_POSTGRES_REFERENCES, (schema, schema, schema)).tuples()
    for table, to, to_schema, columns, keys, action in listed:
        reference = LiveReference(
            columns=tuple(columns),
            to_schema=to_schema,
            to_table=to,
            to_columns=tuple(keys),
            on_delete=action,
        )
        found.setdefault((schema, table), []).append(reference)
    return found


def _reference(found: Any) -> LiveReference:
    return LiveReference(
        columns=tuple(found["constrained_columns"]),
        to_schema=found.get("referred_schema"),
        to_table=found["referred_table"],
        to_columns=tuple(found["referred_columns"]),
        on_delete=(found.get("options") or {}).get("ondelete"),
    )


def _unique(constraints: Iterable[Any], indexes: Iterable[Any]) -> tuple[tuple[str, ...], ...]:
    named = [tuple(c["column_names"]) for c in constraints]
    named += [tuple(i["column_names"]) for i in indexes if i.get("unique") and None not in i["column_names"]]
    return tuple(dict.fromkeys(named))


def _indexes(indexes: Iterable[Any]) -> tuple[tuple[str, ...], ...]:
    found: list[tuple[str, ...]] = []
    for index in indexes:
        expressions = index.get("expressions") or index["column_names"]
        parts = []
        for part in expressions:
            lowered = _LOWER.fullmatch(str(part)) if part else None
            parts.append(f"lower:{lowered.group(1)}" if lowered else str(part))
        found.append(tuple(parts))
    return tuple(found)


def _lowered(db: Connection) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Expression indexes of SQLite, which SQLAlchemy leaves out."""
    if db.dialect.name != "sqlite":
        return {}
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    sql = "select tbl_name, sql from sqlite_master where type = 'index' and sql like '%lower(%'"
    for table, text in db.exec_driver_sql(sql):
        match = _LOWER.search(text.rpartition(" ON ")[2] or text)
        if match:
            found[table] = (*found.get(table, ()), (f"lower:{match.group(1)}",))
    return found


def _collations(db: Connection, schema: str | None) -> dict[tuple[str, str], str]:
    """(table, column) -> collation where it matters: how the database compares text."""
    if db.dialect.name in ("mysql", "mariadb"):
        sql = (
            "select table_name, column_name, collation_name from information_schema.columns "
            "where table_schema = coalesce(%s, database()) and collation_name is not null"
        )
        return {(a, b): c for a, b, c in db.exec_driver_sql(sql, (schema,)).tuples()}
    if db.dialect.name == "postgresql":
        sql = (
            "select c.relname, a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid "
            "join pg_namespace n on n.oid = c.relnamespace join pg_collation k on k.oid = a.attcollation "
            "where not k.collisdeterministic and n.nspname = coalesce(%s, current_schema())"
        )
        return {(a, b): "nondeterministic" for a, b in db.exec_driver_sql(sql, (schema,)).tuples()}  # noqa: C420
    return {}


_POSTGRES_TRIGGERS = (
    "select c.relname, t.tgname, (case when t.tgtype & 4 > 0 then 'insert ' else '' end) || "
    "(case when t.tgtype & 8 > 0 then 'delete ' else '' end) || "
    "(case when t.tgtype & 16 > 0 then 'update' else '' end) from pg_trigger t "
    "join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace "
    "where not t.tgisinternal and n.nspname = coalesce(%s, current_schema()) "
    "union all select tablename, rulename, 'insert update delete' from pg_rules "
    "where schemaname = coalesce(%s, current_schema())"
)
_MARIA_TRIGGERS = (
    "select event_object_table, trigger_name, event_manipulation from information_schema.triggers "
    "where event_object_schema = coalesce(%s, database())"
)
_SQLITE_EVENT = re.compile(r"\b(insert|update|delete)\b(?=\s+(?:on|of)\b)", re.IGNORECASE)
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)


def _triggers(db: Connection, schema: str | None) -> dict[str, tuple[LiveTrigger, ...]]:
    """What the database does by itself when rows change, per table."""
    if db.dialect.name == "sqlite":
        sql = "select tbl_name, name, sql from sqlite_master where type = 'trigger'"
        listed = [(t, n, _sqlite_event(text)) for t, n, text in db.exec_driver_sql(sql).tuples()]
    elif db.dialect.name == "postgresql":
        listed = list(db.exec_driver_sql(_POSTGRES_TRIGGERS, (schema, schema)).tuples())
    elif db.dialect.name in ("mysql", "mariadb"):
        listed = list(db.exec_driver_sql(_MARIA_TRIGGERS, (schema,)).tuples())
    else:
        return {}
    found: dict[str, tuple[LiveTrigger, ...]] = {}
    for table, name, events in listed:
        trigger = LiveTrigger(name=name, events=frozenset(events.lower().split()))
        found[table] = (*found.get(table, ()), trigger)
    return found


def _sqlite_event(sql: str) -> str:
    """The event in the head of a trigger; a head that is not understood is any event."""
    head = _COMMENT.sub(" ", sql).partition(" BEGIN")[0]
    words = [w.lower() for w in _SQLITE_EVENT.findall(head)]
    return words[0] if len(words) == 1 else "insert update delete"

"""Statements over any number of rows at once: rows are named by their keys in one parameter.

The keys, and the values that go with each, travel as arrays (PostgreSQL) or as one JSON document
(SQLite, MariaDB) and are joined to the table as `v`. So it is one statement for one row and for a
hundred thousand. A key or a value that these forms would change goes as a plain parameter, some
hundred rows to a statement.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from lofte.connectors.sql.tables import Column, Table, cursor_of, quoted

AT_ONCE = 100_000
"""Rows named in one statement."""
LETTERS = 8_000_000
"""Letters in the JSON of one statement: MariaDB takes 16 MB in a packet if nobody has said more."""
PLAINLY = 250
"""Rows named in one statement where each key and value is a parameter."""

Values = tuple[Any, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """A table, and the columns that its rows are named by."""

    table: Table
    key: tuple[str, ...]

    @property
    def parts(self) -> tuple[Column, ...]:
        """The columns of the key."""
        return tuple(self.table.column(name) for name in self.key)

    @property
    def told(self) -> bool:
        """Whether the database writes each part of the key as Python does: numbers, text."""
        return all(column.whole or column.text for column in self.parts)


@dataclass(frozen=True, kw_only=True, slots=True)
class Set:
    """A column that is set: to one value for all, or to a value of each row's own."""

    name: str
    every: Any = None
    """The value, when it is the same for all rows."""
    own: int = -1
    """Which of the values that travel with the keys it is; -1 = `every`."""
    only: int = -1
    """Which of them says whether this row is meant at all; -1 = all rows are."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """The keys and values of some rows as `v(k0, ..., c0, ...)`."""

    sql: str
    bound: tuple[Any, ...]
    rows: int


def sources(
    db: Connection, named: Named, keys: Sequence[Values], values: Sequence[Values] = (), width: int = 0
) -> Iterator[Source]:
    """The rows with these keys, and `width` values for each: one source, if it can be."""
    kind = _kind(db)
    rows = [(*k, *v) for k, v in zip(keys, values, strict=True)] if width else list(keys)
    if kind == "postgresql":
        for start in range(0, len(rows), AT_ONCE):
            yield _arrays(named, rows[start : start + AT_ONCE], width)
        return
    # SQLite goes by the value, not by the column: what JSON keeps is compared as it stands.
    plain = kind == "sqlite" or named.told
    texts = [_as_json(row, kind) for row in rows] if plain else [None] * len(rows)
    if plain and None not in texts:
        yield from _documents(kind, named, [text for text in texts if text is not None], width)
        return
    for start in range(0, len(rows), PLAINLY):
        yield _plainly(kind, named, rows[start : start + PLAINLY], width)


def joined(db: Connection, named: Named) -> str:
    """Where a row of the table `t` is the one that `v` names, by its bytes."""
    kind = _kind(db)
    parts = []
    for n, part in enumerate(named.parts):
        column = f"t.{quoted(db, part.name)}"
        parts.append(f"{column} = v.k{n}")
        if part.whole:
            continue
        if kind == "mariadb" and part.text:
            parts.append(f"{_bytes(column)} = {_bytes(f'v.k{n}')}")
        elif kind == "sqlite":
            parts.append(f"{column} collate binary = v.k{n}")
        elif kind == "postgresql" and part.collation:
            parts.append(f'{column} collate "C" = v.k{n} collate "C"')
    return " and ".join(parts)


def selecting(db: Connection, named: Named, listed: str, source: Source, *, lock: bool = False) -> str:
    """The statement that reads these rows, and holds them until the transaction ends."""
    table = quoted(db, named.table.name, named.table.schema)
    # The keys first, whatever the optimizer thinks: a scan of the table would lock all of it.
    how = " straight_join " if _kind(db) == "mariadb" else " cross join "
    end = {"postgresql": " for update of t", "mariadb": " for update"}.get(_kind(db), "") if lock else ""
    where = joined(db, named)
    return f"select {listed} from {source.sql}{how}{table} as t where {where}{end}"  # noqa: S608


def deleting(db: Connection, named: Named, source: Source) -> tuple[str, tuple[Any, ...]]:
    """The statement that takes these rows away, and its parameters in order."""
    kind, table = _kind(db), quoted(db, named.table.name, named.table.schema)
    where = joined(db, named)
    if kind == "postgresql":
        return f"delete from {table} as t using {source.sql} where {where}", source.bound  # noqa: S608
    if kind == "mariadb":
        return f"delete t from {source.sql} straight_join {table} as t on {where}", source.bound
    # SQLite joins nothing to a DELETE.
    names = [quoted(db, name) for name in named.key]
    columns = ", ".join(f"t.{name}" for name in names)
    chosen = f"select {columns} from {source.sql} cross join {table} as t where {where}"  # noqa: S608
    sql = f"delete from {table} where ({', '.join(names)}) in ({chosen})"  # noqa: S608
    if all(part.whole for part in named.parts):
        return sql, source.bound
    # IN compares as the columns before it like: that finds rows by an index, and then their bytes count.
    exact = ", ".join(f"{name} collate binary" for name in names)
    return f"{sql} and ({exact}) in ({chosen})", (*source.bound, *source.bound)


def updating(
    db: Connection, named: Named, source: Source, sets: Sequence[Set]
) -> tuple[str, tuple[Any, ...]]:
    """The statement that changes these rows, and its parameters in order."""
    kind, table = _kind(db), quoted(db, named.table.name, named.table.schema)
    parts, bound = [], []
    for each in sets:
        name = quoted(db, each.name)
        value, values = _value(kind, each, named.table.column(each.name))
        if each.only >= 0:
            value = f"case when v.c{each.only} = '1' then {value} else t.{name} end"
        parts.append(f"{'t.' if kind == 'mariadb' else ''}{name} = {value}")
        bound += values
    said, where = ", ".join(parts), joined(db, named)
    if kind == "mariadb":
        sql = f"update {source.sql} straight_join {table} as t on {where} set {said}"  # noqa: S608
        return sql, (*source.bound, *bound)
    sql = f"update {table} as t set {said} from {source.sql} where {where}"  # noqa: S608
    return sql, (*bound, *source.bound)


def run(db: Connection, sql: str, bound: Sequence[Any]) -> int:
    """Change rows; returns how many the database says it was."""
    with cursor_of(db) as cursor:
        cursor.execute(sql, tuple(bound))
        return int(cursor.rowcount)


def fetched(db: Connection, sql: str, bound: Sequence[Any]) -> list[Values]:
    """All rows at once."""
    with cursor_of(db) as cursor:
        cursor.execute(sql, tuple(bound))
        return list(cursor.fetchall())


def as_text(db: Connection, column: str) -> str:
    """A column as the database writes it."""
    match _kind(db):
        case "postgresql":
            return f"{column}::text"
        case "sqlite":
            return f"cast({column} as text)"
    return f"convert(cast({column} as char) using utf8mb4)"


def same_bytes(db: Connection, part: Column) -> tuple[str, int]:
    """That a column is a value, by its bytes; and how many times the value is bound."""
    kind, column = _kind(db), quoted(db, part.name)
    mark = "?" if kind == "sqlite" else "%s"
    found = f"{column} = {mark}"
    if kind == "mariadb" and part.text:
        return f"{found} and {_bytes(column)} = {_bytes(mark)}", 2
    if kind == "sqlite" and not part.whole:
        return f"{found} and {column} collate binary = {mark}", 2
    if kind == "postgresql" and part.collation:
        return f'{found} and {column} collate "C" = {mark}', 2
    return found, 1


def _kind(db: Connection) -> str:
    return "mariadb" if db.dialect.name == "mysql" else db.dialect.name


def _bytes(column: str) -> str:
    return f"cast(convert({column} using utf8mb4) as binary)"


# -- the keys and values -------------------------------------------------------------------------


def _arrays(named: Named, rows: Sequence[Values], width: int) -> Source:
    marks = [f"%s::{_cast(part)}[]" for part in named.parts] + ["%s::text[]"] * width
    columns = [list(column) for column in zip(*rows, strict=True)]
    keyed = len(named.key)
    bound = [
        *(
            _numbers(column) if part.whole else column
            for part, column in zip(named.parts, columns, strict=False)
        ),
        *(_texts([_text(v) for v in column]) for column in columns[keyed:]),
    ]
    # With no more than one array, unnest gives a plain column as well.
    sql = f"unnest({', '.join(marks)}) as v({_names(keyed, width)})"
    return Source(sql=sql, bound=tuple(bound), rows=len(rows))


def _numbers(column: list[Any]) -> Any:
    """Whole numbers as PostgreSQL writes an array of them; its driver takes longer."""
    return f"{{{','.join(map(str, column))}}}" if set(map(type, column)) == {int} else column


def _texts(column: list[str | None]) -> Any:
    """The same of texts that are nothing but digits: numbers that travel along."""
    said = [text for text in column if text]
    if len(said) == len(column) and "".join(said).isascii() and "".join(said).isdigit():
        return f"{{{','.join(said)}}}"
    return column


def _documents(kind: str, named: Named, texts: Sequence[str], width: int) -> Iterator[Source]:
    """JSON documents that each fit into one statement."""
    start, letters = 0, 0
    for end, text in enumerate(texts):
        letters += len(text) + 1
        if letters > LETTERS or end - start >= AT_ONCE:
            yield _document(kind, named, texts[start:end], width)
            start, letters = end, len(text) + 1
    yield _document(kind, named, texts[start:], width)


def _document(kind: str, named: Named, texts: Sequence[str], width: int) -> Source:
    keyed = len(named.key)
    names = _names(keyed, width).split(", ")
    if kind == "sqlite":
        columns = ", ".join(f"json_extract(value, '$[{n}]') as {name}" for n, name in enumerate(names))
        sql = f"(select {columns} from json_each(?)) as v"  # noqa: S608
    else:
        types = [*map(_maria_type, named.parts), *["longtext character set utf8mb4"] * width]
        columns = ", ".join(
            f"{name} {type_} path '$[{n}]'" for n, (name, type_) in enumerate(zip(names, types, strict=True))
        )
        sql = f"json_table(%s, '$[*]' columns({columns})) as v"
    return Source(sql=sql, bound=(f"[{','.join(texts)}]",), rows=len(texts))


def _plainly(kind: str, named: Named, rows: Sequence[Values], width: int) -> Source:
    """Each key and value a parameter of its own."""
    mark = "?" if kind == "sqlite" else "%s"
    names = _names(len(named.key), width).split(", ")
    first = "select " + ", ".join(f"{mark} as {name}" for name in names)
    other = " union all select " + ", ".join([mark] * len(names))
    bound = [
        value if n < len(named.key) else _own(kind, value) for row in rows for n, value in enumerate(row)
    ]
    return Source(sql=f"({first}{other * (len(rows) - 1)}) as v", bound=tuple(bound), rows=len(rows))


def _names(keyed: int, width: int) -> str:
    return ", ".join([*(f"k{n}" for n in range(keyed)), *(f"c{n}" for n in range(width))])


def _maria_type(column: Column) -> str:
    if column.whole:
        return "bigint unsigned" if "unsigned" in column.type else "bigint"
    collation = column.collation or "utf8mb4_bin"
    return f"longtext character set {collation.partition('_')[0]} collate {collation}"


def _as_json(row: Values, kind: str) -> str | None:
    """The keys and values of a row as JSON; None when they would not come through it as they are."""
    for part in row:
        if type(part) is str:
            if "\0" in part or (not part.isascii() and any("\ud800" <= c <= "\udfff" for c in part)):
                return None
        elif part is not None and type(part) is not int and type(part) is not bool:
            return None
    if kind == "mariadb":
        row = tuple(map(_text_of_bool, row))
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def _text_of_bool(part: Any) -> Any:
    return int(part) if isinstance(part, bool) else part


def _own(kind: str, value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    if kind == "sqlite" and isinstance(value, str) and any("\ud800" <= c <= "\udfff" for c in value):
        return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return value


def _text(value: Any) -> str | None:
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


# -- the values ----------------------------------------------------------------------------------


def _value(kind: str, each: Set, column: Column) -> tuple[str, list[Any]]:
    """What a column is set to, and what is bound for it."""
    if each.own < 0 and each.every is None:
        return "null", []
    mark = "?" if kind == "sqlite" else "%s"
    said = f"v.c{each.own}" if each.own >= 0 else mark
    bound = [] if each.own >= 0 else [_own(kind, each.every)]
    if kind != "postgresql":
        return said, bound
    if bound:
        bound = [_text(each.every)]
    if column.text:
        # No cast to the column's own type: that would cut in silence what is too long for it.
        return (f"{said}::text" if bound else said), bound
    return f"{said}::{_cast(column)}", bound


def _cast(column: Column) -> str:
    return column.type.replace("%", "%%")

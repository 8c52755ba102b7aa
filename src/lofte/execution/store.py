"""Writing to our own store.

Hard rules:
- On SQLite one thread of the process writes at a time; the file's own lock would make the
  others sleep and wake by chance.
- A transaction begins IMMEDIATE on SQLite: one that reads first and then wants to write would
  be refused when somebody else wrote in between, however long it waits.
- An operation is one transaction, never part of another: what it has answered is durable.
- Many rows are written without an object of the ORM for each: that took ten times as long as the store.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from enum import Enum
from functools import lru_cache
from typing import Any

from django.db import OperationalError, connection, models, transaction

from lofte.errors import LedgerClosed

_ONE_WRITER = threading.RLock()


def on_sqlite() -> bool:
    """True if our own store is an SQLite file."""
    return connection.vendor == "sqlite"


@contextmanager
def one_writer() -> Iterator[None]:
    """Hold the process-wide write lock where the store needs it."""
    if on_sqlite():
        with _ONE_WRITER:
            yield
    else:
        yield


@contextmanager
def writing() -> Iterator[None]:
    """One durable transaction. Raises LedgerClosed when the store does not take it: nothing of it is
    there then."""
    try:
        with one_writer(), transaction.atomic(durable=True):
            yield
    except OperationalError as error:
        raise LedgerClosed(
            "our own store cannot be written, so nothing is done; see to disk and database, then try again"
        ) from error


def pour(
    model: type[models.Model],
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    unique: Sequence[str] = (),
    update: Sequence[str] = (),
) -> None:
    """Add rows, their values in the order of `names` (those of the columns), in the caller's transaction.
    With `unique` a row that is there already is left, or has its columns `update` written anew. What is
    not named has the column's own default, or there is none. Raises DatabaseError."""
    listed = ", ".join(map(_quoted, names))
    marks = ", ".join(["%s"] * len(names))
    sql = f"INSERT INTO {_quoted(model._meta.db_table)} ({listed}) VALUES ({marks})"  # noqa: S608
    if unique:
        sets = ", ".join(f"{_quoted(name)} = EXCLUDED.{_quoted(name)}" for name in update)
        then = f"UPDATE SET {sets}" if update else "NOTHING"
        sql += f" ON CONFLICT ({', '.join(map(_quoted, unique))}) DO {then}"
    prepared = list(_prepared(model, names, rows))
    if prepared:
        with connection.cursor() as cursor:
            cursor.executemany(sql, prepared)


def pick(
    model: type[models.Model],
    names: Sequence[str],
    where: Mapping[str, Any],
    *,
    order: Sequence[str] = (),
    at_most: int = 0,
    lock: bool = False,
    skip: bool = False,
) -> list[tuple[Any, ...]]:
    """These columns of the rows whose columns are as `where` says: one value, or any of a collection. What
    is asked again and again for each request is asked so; the ORM takes ten times as long to put the
    question. `order` as the ORM has it; `at_most` 0 = all; `lock` holds the rows until the transaction
    ends, and `skip` leaves out those that somebody else holds. Raises DatabaseError."""
    said, bound = _where(where)
    if said is None:
        return []
    listed = ", ".join(map(_quoted, names))
    sql = f"SELECT {listed} FROM {_quoted(model._meta.db_table)}{said}"  # noqa: S608
    sql += f" ORDER BY {', '.join(map(_ordered, order))}" if order else ""
    sql += f" LIMIT {int(at_most)}" if at_most else ""
    sql += f" FOR UPDATE{' SKIP LOCKED' if skip else ''}" if lock and not on_sqlite() else ""
    ways = _read_ways(model, tuple(names), connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(sql, bound)
        found = cursor.fetchall()
    if not any(ways):
        return list(found)
    return [tuple([_read(way, v) for way, v in zip(ways, row, strict=True)]) for row in found]


def put(model: type[models.Model], values: Mapping[str, Any], where: Mapping[str, Any]) -> int:
    """Let rows that are as `where` says (`pick`) have these values, the same ones; in the caller's
    transaction. Returns how many there were. Raises DatabaseError."""
    said, bound = _where(where)
    if said is None:
        return 0
    sets = ", ".join(f"{_quoted(name)} = %s" for name in values)
    (prepared,) = _prepared(model, tuple(values), [tuple(values.values())])
    sql = f"UPDATE {_quoted(model._meta.db_table)} SET {sets}{said}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [*prepared, *bound])
        return int(cursor.rowcount)


def drop(model: type[models.Model], where: Mapping[str, Any]) -> int:
    """Delete rows that are as `where` says (`pick`) and that nothing else hangs on, in the caller's
    transaction. Returns how many there were. Raises DatabaseError."""
    said, bound = _where(where)
    if said is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {_quoted(model._meta.db_table)}{said}", bound)  # noqa: S608
        return int(cursor.rowcount)


def _where(where: Mapping[str, Any]) -> tuple[str | None, list[Any]]:
    """The condition, and what is bound in it; None = nothing can be so."""
    bound: list[Any] = []
    parts = []
    for name, value in where.items():
        if isinstance(value, Set | list | tuple):
            if not value:
                return None, []
            bound += map(_plain_enum, value)
            parts.append(f"{_quoted(name)} IN ({', '.join(['%s'] * len(value))})")
        elif value is None:
            parts.append(f"{_quoted(name)} IS NULL")
        else:
            bound.append(_plain_enum(value))
            parts.append(f"{_quoted(name)} = %s")
    return (f" WHERE {' AND '.join(parts)}" if parts else ""), bound


@lru_cache(maxsize=512)
def _read_ways(model: type[models.Model], names: tuple[str, ...], _vendor: str) -> tuple[Any, ...]:
    """How the values of these columns are read back: the field's own converters."""
    by_column = {field.column: field for field in model._meta.concrete_fields}
    ways = []
    for name in names:
        column = by_column[name].get_col(model._meta.db_table)
        every = [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
        ways.append((column, every) if every else None)
    return tuple(ways)


def _read(way: Any, value: Any) -> Any:
    if way is not None:
        column, every = way
        for convert in every:
            value = convert(value, column, connection)
    return value


def _ordered(name: str) -> str:
    return f"{_quoted(name[1:])} DESC" if name.startswith("-") else _quoted(name)


def _plain_enum(value: Any) -> Any:
    return str(value) if isinstance(value, Enum) else value


def turn(
    model: type[models.Model], where: Sequence[str], values: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Change rows, each by values of its own: those to find it by, then those to set. In the caller's
    transaction. Returns how many were changed. Raises DatabaseError."""
    sets = ", ".join(f"{_quoted(name)} = %s" for name in values)
    found = " AND ".join(f"{_quoted(name)} = %s" for name in where)
    sql = f"UPDATE {_quoted(model._meta.db_table)} SET {sets} WHERE {found}"  # noqa: S608
    width = len(where)
    prepared = [(*row[width:], *row[:width]) for row in _prepared(model, (*where, *values), rows)]
    if not prepared:
        return 0
    with connection.cursor() as cursor:
        cursor.executemany(sql, prepared)
        return int(cursor.rowcount)


def _prepared(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Iterator[tuple[Any, ...]]:
    """The values as the store's driver takes them."""
    by_column = {field.column: field for field in model._meta.concrete_fields}
    ways = [_way(by_column[name]) for name in names]
    if not any(ways):
        yield from map(tuple, rows)
        return
    for row in rows:
        yield tuple([way(value) if way else value for way, value in zip(ways, row, strict=True)])


def _way(field: Any) -> Callable[[Any], Any] | None:
    """How a value of this column is made ready; None = it is taken as it is. Few moments and days
    stand in many rows, so each is made ready once."""
    if isinstance(field, models.DateField | models.JSONField):
        return _Once(field).ready
    return _plain if isinstance(field, models.CharField) else None


def _plain(value: Any) -> Any:
    """A member of an enum as its text."""
    return value if value is None or type(value) is str else str(value)


class _Once:
    """Makes values of one column ready, the same ones once."""

    def __init__(self, field: Any) -> None:
        self._field = field
        self._known: dict[Any, Any] = {}

    def ready(self, value: Any) -> Any:
        if isinstance(value, Mapping | list):
            return self._field.get_db_prep_save(value, connection)
        if value not in self._known:
            self._known[value] = self._field.get_db_prep_save(value, connection)
        return self._known[value]


@lru_cache(maxsize=1024)
def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))

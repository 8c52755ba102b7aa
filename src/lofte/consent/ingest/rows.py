"""Choices in the store, as the writer asks for them and adds them: with one question and one statement for
each commit, and the driver itself. The ORM took more time than the store."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from lofte.consent.models import Choice
from lofte.execution.store import on_sqlite, one_writer

Row = tuple[str, str, int, str, str, str, int, str, int, bytes]
"""Receipt, person, number of the browser, site, version, shown, yes, body, number in the stream, link."""
_TABLE = Choice._meta.db_table
_COLUMNS = "receipt, person, seq, site, version, shown, yes, body, number, link, stream_id, at"
# SQLite's driver gives the interpreter away at each row, and waits to get it back from the thread that reads:
# what is asked comes as one row, and what is added goes as one statement.
_ASKED_SQLITE = f"""SELECT
    (SELECT json_group_array(receipt) FROM {_TABLE} WHERE receipt IN (SELECT value FROM json_each(?))),
    (SELECT json_group_object(person, top) FROM (SELECT person, MAX(seq) AS top FROM {_TABLE}
        WHERE person IN (SELECT value FROM json_each(?)) GROUP BY person))"""  # noqa: S608
_ASKED_POSTGRES = f"""SELECT
    (SELECT json_agg(receipt)::text FROM {_TABLE} WHERE receipt = ANY(string_to_array(%s, ','))),
    (SELECT json_object_agg(person, top)::text FROM (SELECT person, MAX(seq) AS top FROM {_TABLE}
        WHERE person = ANY(string_to_array(%s, ',')) GROUP BY person) AS tops)"""  # noqa: S608
_COPY = f"COPY {_TABLE} ({_COLUMNS}) FROM STDIN"
_AT_ONCE = 64
_B, _BB = "\\", "\\\\"


@contextmanager
def transaction() -> Iterator[None]:
    """What is asked and added within is durable at its end. On PostgreSQL adding is one statement, and so
    a transaction by itself: two questions fewer across the wire. Raises DatabaseError: whether it was
    committed is then not known."""
    if not on_sqlite():
        yield
        return
    with one_writer(), _driver() as driver:
        driver.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            driver.execute("ROLLBACK")
            raise
        driver.execute("COMMIT")


def asked(receipts: Collection[str], persons: Collection[str]) -> tuple[set[str], dict[str, int]]:
    """Which of these receipts are there, and the highest number that each of these persons has used. In the
    caller's transaction. Raises DatabaseError."""
    if not receipts and not persons:
        return set(), {}
    with _driver() as driver:
        if on_sqlite():
            bound = (json.dumps(list(receipts)), json.dumps(list(persons)))
            there, heads = driver.execute(_ASKED_SQLITE, bound).fetchone()
        else:
            there, heads = driver.execute(_ASKED_POSTGRES, (",".join(receipts), ",".join(persons))).fetchone()
    return set(json.loads(there or "[]")), json.loads(heads or "{}")


def add(rows: Sequence[Row], stream: int, at: datetime) -> None:
    """Add choices of one stream and one moment, in the caller's transaction. Raises DatabaseError;
    IntegrityError when one is there already."""
    if not rows:
        return
    with _driver() as driver:
        if on_sqlite():
            moment = connection.ops.adapt_datetimefield_value(at)
            for begin in range(0, len(rows), _AT_ONCE):
                part = rows[begin : begin + _AT_ONCE]
                bound = [value for row in part for value in (*row, stream, moment)]
                driver.execute(_adding(len(part)), bound)
        else:
            after = f"\t{stream}\t{at.isoformat()}\n"
            with driver.cursor().copy(_COPY) as copy:
                copy.write("".join([_line(row) + after for row in rows]))


@lru_cache(maxsize=_AT_ONCE)
def _adding(many: int) -> str:
    marks = f"({', '.join('?' * 12)})"
    return f"INSERT INTO {_TABLE} ({_COLUMNS}) VALUES {', '.join([marks] * many)}"  # noqa: S608


def _line(row: Row) -> str:
    """As COPY reads it. Backslashes mean something there; of what we write only the JSON has any, and nothing
    has a tab or the end of a line in it."""
    *parts, body, number, link = row
    return "\t".join([*map(str, parts), body.replace(_B, _BB), str(number), f"{_BB}x{link.hex()}"])


@contextmanager
def _driver() -> Iterator[Any]:
    """The connection of the driver; what goes wrong is Django's DatabaseError."""
    connection.ensure_connection()
    with connection.wrap_database_errors:
        yield connection.connection

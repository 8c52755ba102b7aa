"""Databases that take more for equal than we do: nobody gets a row of one who only looks alike."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from lofte.connectors.sql.connector import open_sql
from lofte.datamap.document import Kind, System
from lofte.datamap.identity import Identity
from lofte.plan.records import Subject
from tests.services import mariadb_database, postgres_database

ON = date(2026, 11, 20)
MARIADB = (
    "utf8mb4_general_ci",
    "utf8mb4_uca1400_ai_ci",
    "utf8mb4_swedish_ci",
    "utf8mb4_bin",
    "utf8mb4_nopad_bin",
    "latin1_swedish_ci",
)

PEOPLE = (
    ("anna", "anna@kund.example"),
    ("änna", "änna@kund.example"),
    ("anná", "anná@kund.example"),
    ("ANNA", "annaa@kund.example"),
    ("anna ", "anna.a@kund.example"),
    (" anna", "an_a@kund.example"),
    ("0", "0@kund.example"),
    ("00", "00@kund.example"),
    ("text", "text@kund.example"),
    ("10023", "a%@kund.example"),
    ("10023A", "10023a@kund.example"),
    ("010023", "010023@kund.example"),
    ("10023 ", "10023@kund.example"),
    ("ss", "ss@kund.example"),
    ("ß", "ß@kund.example"),
    ("å", "å@kund.example"),
    ("a", "a@kund.example"),
)
"""Keys and addresses of as many persons: the key is what other tables point with."""

SPELLINGS = (str, str.upper, str.capitalize)
"""The same address, as people also write it."""

ALIKE = ("{}.", " {}", "{} ", "x{}", "%", "_nna@kund.example", "")


def _map() -> System:
    technical = {"technical": True}
    return System.model_validate(
        {
            "system": 1,
            "id": "traps",
            "name": {"en": "Traps"},
            "url": "env:NOWHERE",
            "datasets": {
                "person": {
                    "table": "person",
                    "name": {"en": "People"},
                    "key": "code",
                    "subject": [{"by": "own"}],
                    "fields": {"code": technical, "email": {"category": "contact", "identity": "email"}},
                },
                "visit": {
                    "table": "visit",
                    "name": {"en": "Visits"},
                    "key": "id",
                    "subject": [{"by": "identity", "column": "email", "kind": "email"}],
                    "fields": {"id": technical, "email": {"category": "contact"}},
                },
                "paper": {
                    "table": "paper",
                    "name": {"en": "Papers"},
                    "key": "id",
                    "subject": [
                        {"by": "reference", "columns": "owner", "to": "person", "when": {"state": "open"}}
                    ],
                    "fields": {"id": technical, "owner": technical, "state": technical},
                },
                "page": {
                    "table": "page",
                    "name": {"en": "Pages"},
                    "key": "id",
                    "subject": [{"by": "reference", "columns": "label", "to": "folder", "keys": "label"}],
                    "fields": {"id": technical, "label": technical},
                },
                "folder": {
                    "table": "folder",
                    "name": {"en": "Folders"},
                    "key": "id",
                    "subject": [{"by": "reference", "columns": "owner", "to": "person"}],
                    "fields": {"id": technical, "owner": technical, "label": technical},
                },
                "number": {
                    "table": "number",
                    "name": {"en": "Numbers"},
                    "key": "id",
                    "subject": [{"by": "reference", "columns": "owner", "to": "person"}],
                    "fields": {"id": technical, "owner": technical},
                },
            },
        }
    )


def _tables(text: sa.types.TypeEngine[str]) -> dict[str, sa.Table]:
    """No unique keys: a loose collation would refuse them."""
    meta = sa.MetaData()

    def column(name: str) -> sa.Column[Any]:
        return sa.Column(name, text)

    number = [sa.Column("id", sa.Integer, primary_key=True, autoincrement=False) for _ in range(5)]
    return {
        "person": sa.Table("person", meta, column("code"), column("email")),
        "visit": sa.Table("visit", meta, number[0], column("email")),
        "paper": sa.Table("paper", meta, number[1], column("owner"), column("state")),
        "folder": sa.Table("folder", meta, number[2], column("owner"), column("label")),
        "page": sa.Table("page", meta, number[3], column("label")),
        "number": sa.Table("number", meta, number[4], sa.Column("owner", sa.BigInteger)),
    }


def _fill(url: str, text: sa.types.TypeEngine[str], speaks: str) -> dict[int, dict[str, set[Any]]]:
    """Put the rows in; whose they are, by the number of the person."""
    engine = sa.create_engine(url)
    tables = _tables(text)
    right: dict[int, dict[str, set[Any]]] = {n: {} for n in range(len(PEOPLE))}
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in tables}

    def put(table: str, whose: int | None, **values: Any) -> None:
        row = values if table == "person" else {"id": len(rows[table]) + 1, **values}
        rows[table].append(row)
        if whose is not None:
            right[whose].setdefault(table, set()).add(row["code" if table == "person" else "id"])

    for n, (code, email) in enumerate(PEOPLE):
        put("person", n, code=code, email=email)
        for spelling in SPELLINGS:
            # A sharp s has no capital of its own: written so, the address is another's.
            if spelling is str or "ß" not in email:
                put("visit", n, email=spelling(email))
        for pattern in ALIKE:
            near = pattern.format(email)
            put("visit", None, email=near)
        put("paper", n, owner=code, state="open")
        for state in ("Open", "open ", "öpen", None):
            put("paper", None, owner=code, state=state)
        put("folder", n, owner=code, label=f"{code}/x")
        put("page", n, label=f"{code}/x")
        put("page", None, label=f"{code}/X")
        put("page", None, label=f"{code}/x ")
    for value, key in ((0, "0"), (10023, "10023")):
        put("number", [code for code, _ in PEOPLE].index(key), owner=value)
    put("number", None, owner=1)
    with engine.begin() as connection:
        for name, table in tables.items():
            table.create(connection)
            connection.execute(sa.insert(table), [r for r in rows[name] if _sayable(r, speaks)])
    engine.dispose()
    return right


def _sayable(row: dict[str, Any], encoding: str) -> bool:
    try:
        return all(str(value).encode(encoding) is not None for value in row.values())
    except UnicodeEncodeError:
        return False


def _all_right(url: str, right: dict[int, dict[str, set[Any]]]) -> None:
    map_ = _map()
    connector = open_sql(map_, url)
    subjects = [
        Subject(ref=str(n), identities=(Identity(kind=Kind.EMAIL, value=email),))
        for n, (_, email) in enumerate(PEOPLE)
    ]
    found: dict[int, dict[str, set[Any]]] = {n: {} for n in range(len(PEOPLE))}
    with connector.session() as session:
        people = session.people(subjects, ON)
        assert not people.ambiguous
        for name, dataset in map_.datasets.items():
            rows = session.rows(name, people)
            at = rows.columns.index(dataset.key[0])
            for one in rows.found:
                for n in one.subjects:
                    found[n].setdefault(name, set()).add(one.row[at])
            assert not rows.shared
    connector.close()
    for n, (code, email) in enumerate(PEOPLE):
        assert found[n] == right[n], f"{code!r} {email!r}"


@pytest.mark.mariadb
@pytest.mark.parametrize("collation", MARIADB)
def test_mariadb_gives_no_row_of_one_who_looks_alike(collation):
    with mariadb_database(collation) as url:
        _all_right(url, _fill(url, sa.String(100), "latin-1" if collation.startswith("latin1") else "utf-8"))


@contextmanager
def _postgres(collation: str | None) -> Iterator[tuple[str, sa.types.TypeEngine[str]]]:
    with postgres_database() as url:
        if collation:
            engine = sa.create_engine(url)
            with engine.begin() as connection:
                connection.execute(sa.text(f"CREATE COLLATION loose ({collation}, deterministic = false)"))
            engine.dispose()
        yield url, sa.Text(collation="loose") if collation else sa.Text()


@pytest.mark.postgres
@pytest.mark.parametrize(
    "collation",
    [
        None,
        "provider = icu, locale = 'und-u-ks-level1'",
        "provider = icu, locale = 'sv-u-ks-level2'",
        "provider = icu, locale = 'und-u-ka-shifted-ks-level1'",
    ],
    ids=["default", "blind to case and accent", "Swedish, blind to case", "blind to blanks and signs too"],
)
def test_postgres_gives_no_row_of_one_who_looks_alike(collation):
    with _postgres(collation) as (url, text):
        _all_right(url, _fill(url, text, "utf-8"))


def test_sqlite_gives_no_row_of_one_who_looks_alike(sqlite_url):
    _all_right(sqlite_url, _fill(sqlite_url, sa.Text(collation="NOCASE"), "utf-8"))

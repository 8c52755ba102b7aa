"""A person with very many rows is streamed: memory does not grow with the number of rows."""

from __future__ import annotations

import gc
from datetime import date
from typing import Any

import psutil
import pytest
import sqlalchemy as sa

from lofte.connectors.sql.connector import open_sql
from lofte.datamap.document import Kind, System
from lofte.datamap.identity import Identity
from lofte.plan.records import Subject

ROWS = 200_000
MOST = 60 * 2**20
"""Bytes. All the rows at once would take more than twice as much."""

ANNA = Subject(ref="1", identities=(Identity(kind=Kind.EMAIL, value="anna@kund.example"),))
MAP = System.model_validate(
    {
        "system": 1,
        "id": "large",
        "name": {"en": "Large"},
        "url": "env:NOWHERE",
        "datasets": {
            "person": {
                "table": "person",
                "name": {"en": "People"},
                "key": "id",
                "subject": [{"by": "own"}],
                "fields": {"id": {"technical": True}, "email": {"category": "contact", "identity": "email"}},
            },
            "visit": {
                "table": "visit",
                "name": {"en": "Visits"},
                "key": "id",
                "subject": [{"by": "reference", "columns": "person_id", "to": "person"}],
                "fields": {name: {"technical": True} for name in ("id", "person_id", "email", "page")},
            },
            "visit_twice": {
                "table": "visit",
                "name": {"en": "Visits, found in two ways"},
                "key": "id",
                "subject": [
                    {"by": "reference", "columns": "person_id", "to": "person"},
                    {"by": "identity", "column": "email", "kind": "email"},
                ],
                "fields": {name: {"technical": True} for name in ("id", "person_id", "email", "page")},
            },
        },
    }
)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def filled(request: pytest.FixtureRequest) -> str:
    url = str(request.getfixturevalue(f"{request.param}_url"))
    engine = sa.create_engine(url)
    series = (
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS}) "
        if request.param == "sqlite"
        else f"WITH n(i) AS (SELECT * FROM generate_series(1, {ROWS})) "
    )
    filling = "'/en/sida/som/heter/' || i || '/och/har/ett/ganska/langt/namn/' || i"
    insert = "INSERT INTO visit "
    chosen = f"SELECT i, 1, 'anna@kund.example', {filling} FROM n"
    with engine.begin() as db:
        db.exec_driver_sql("CREATE TABLE person (id INTEGER PRIMARY KEY, email VARCHAR(100))")
        db.exec_driver_sql(
            "CREATE TABLE visit (id INTEGER PRIMARY KEY, person_id INTEGER, email VARCHAR(100), page TEXT)"
        )
        db.exec_driver_sql("INSERT INTO person VALUES (1, 'anna@kund.example'), (2, 'eva@kund.example')")
        # PostgreSQL wants WITH after INSERT; SQLite takes both.
        db.exec_driver_sql(insert + series + chosen)
        db.exec_driver_sql("INSERT INTO visit VALUES (0, 2, 'eva@kund.example', '/')")
    engine.dispose()
    return url


@pytest.mark.parametrize("dataset", ["visit", "visit_twice"])
def test_a_person_with_very_many_rows_takes_bounded_memory(filled, dataset):
    connector = open_sql(MAP, filled)
    process = psutil.Process()
    with connector.session() as session:
        people = session.people([ANNA], ON)
        gc.collect()
        before = most = process.memory_info().rss
        rows: Any = session.rows(dataset, people)
        seen, count = 0, 0
        for count, found in enumerate(rows.found, start=1):
            assert found.subjects == (0,)
            seen += found.row[0]
            if count % 5_000 == 0:
                most = max(most, process.memory_info().rss)
    connector.close()
    assert (count, seen) == (ROWS, ROWS * (ROWS + 1) // 2)
    assert most - before < MOST, f"{(most - before) / 2**20:.0f} MiB"


ON = date(2026, 11, 20)

"""A shop on a database server, and a house that erases Anna from it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import make_url

from lofte.datamap.document import DataMap, Kind
from lofte.datamap.identity import Identity
from lofte.law.rights import Right
from lofte.requests.course.receive import receive
from lofte.requests.door.identify import Level, identify
from lofte.requests.models import Deferral, Erasure, Request
from tests.erase.small import PERSONS, POLICY, dataset, field, reference, system
from tests.services import mariadb_database, postgres_database

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ANNA = Identity(kind=Kind.EMAIL, value="anna@kund.example")
BERTIL = "b" * 32
HERS = [reference("person", "persons")]
TECHNICAL = {"technical": True}
MAP = system(
    persons=PERSONS,
    orders=dataset(
        HERS,
        {
            "person": TECHNICAL,
            "paid_on": field("books", erase="keep", law="BFL-7-2"),
            "buyer": field(),
        },
        purposes=["serve", "keep_books"],
        anchors={"fiscal_year.end": {"column": "paid_on", "fiscal_year": True}},
    ),
    logins=dataset(HERS, {"person": TECHNICAL, "ip": field()}),
)


@contextmanager
def database(kind: str) -> Iterator[str]:
    """A database of its own on this kind of server, with the shop in it."""
    with (postgres_database if kind == "postgres" else mariadb_database)() as url:
        fill(url)
        yield make_url(url).difference_update_query(["init_command"]).render_as_string(hide_password=False)


def tables() -> sa.MetaData:
    metadata = sa.MetaData()

    def table(name: str, *columns: sa.Column[Any]) -> None:
        sa.Table(name, metadata, sa.Column("id", sa.Integer, primary_key=True, autoincrement=False), *columns)

    def hers() -> sa.Column[Any]:
        return sa.Column("person", sa.Integer, sa.ForeignKey("persons.id"))

    table("persons", sa.Column("email", sa.String(80)))
    table("orders", hers(), sa.Column("paid_on", sa.Date), sa.Column("buyer", sa.String(80)))
    table("logins", hers(), sa.Column("ip", sa.String(40)))
    return metadata


def fill(url: str) -> None:
    engine, metadata = sa.create_engine(url), tables()
    metadata.create_all(engine)
    put = {name: sa.insert(metadata.tables[name]) for name in metadata.tables}
    with engine.begin() as db:
        for n, email in ((1, "anna@kund.example"), (2, "eva@kund.example")):
            db.execute(put["persons"], [{"id": n, "email": email}])
            db.execute(
                put["orders"],
                [
                    {"id": 10 * n + k, "person": n, "paid_on": date(2025, k, 1), "buyer": f"köpare {n}"}
                    for k in (1, 2)
                ],
            )
            db.execute(
                put["logins"], [{"id": 100 * n + k, "person": n, "ip": f"192.0.2.{k}"} for k in range(40)]
            )
    engine.dispose()


def dump(url: str) -> dict[str, list[Any]]:
    """All rows of all tables."""
    engine, metadata = sa.create_engine(url), tables()
    with engine.connect() as db:
        found = {
            name: sorted((tuple(row) for row in db.execute(sa.select(table))), key=repr)
            for name, table in metadata.tables.items()
        }
    engine.dispose()
    return found


def erased(before: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """What the shop shall look like without Anna: her orders stay for the books, and tell nobody."""
    return {
        "persons": [(1, None) if row[0] == 1 else row for row in before["persons"]],
        "orders": [(*row[:3], None) if row[1] == 1 else row for row in before["orders"]],
        "logins": [row for row in before["logins"] if row[1] != 1],
    }


def house_of(house: Any) -> Any:
    house.clock.now = NOW
    return dataclasses.replace(house, policy=POLICY, datamap=DataMap(systems=(MAP,)))


def asks(house: Any) -> Request:
    request = receive(house, right=Right.ERASURE, identities=[ANNA], channel="letter", by=BERTIL)
    return identify(house, request, method="BankID", level=Level.PROVEN, by=BERTIL)


def evidence(request: Request) -> tuple[dict[tuple[str, str], int], int]:
    """What our own records say was done: rows by dataset and verb, and rows that go later."""
    rows: dict[tuple[str, str], int] = {}
    for line in Erasure.objects.filter(request=request):
        rows[line.dataset, line.verb] = rows.get((line.dataset, line.verb), 0) + line.rows
    return rows, Deferral.objects.filter(request=request).count()

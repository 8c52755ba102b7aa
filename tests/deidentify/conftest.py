"""A gym that counts its visits: members, visits, lessons that were booked, notes and invoices."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from lofte.connectors.sql.connector import SqlConnector, open_sql
from lofte.datamap.document import DataMap, Kind, System
from lofte.datamap.identity import Identity
from lofte.law.rights import Right
from lofte.policy.document import Policy
from lofte.requests.course.receive import receive
from lofte.requests.door.identify import Level, identify
from lofte.requests.models import Request
from tests.conftest import POLICY
from tests.services import mariadb_database, postgres_database, sqlite_database

BERTIL = "b" * 32
ANNA = Identity(kind=Kind.EMAIL, value="m1@gym.example")
MEMBERS = 12
K = 4
TEXT = {"sv": "T", "en": "T"}
TECHNICAL = {"technical": True}
DATABASES = [
    "sqlite",
    pytest.param("postgres", marks=pytest.mark.postgres),
    pytest.param("mariadb", marks=pytest.mark.mariadb),
]


def policy(k: int | None = K) -> Policy:
    plain = copy.deepcopy(POLICY)
    plain["categories"] |= {"usage": {"name": TEXT}, "books": {"name": TEXT}}
    plain["purposes"]["deliver"] |= {"legal_basis": "6.1.f", "categories": ["contact", "usage"]}
    plain["purposes"]["keep_books"] = {
        "categories": ["books", "contact"], "legal_basis": "6.1.c", "retention": ["books"],
    }  # fmt: skip
    plain["retention"]["books"] = {
        "keep_until": "year_end(fiscal_year.end) + P7Y", "action": "delete", "law": "BFL-7-2",
    }  # fmt: skip
    plain["recipients"] = {"counter": {"name": "Räknarna AB", "role": "processor", "country": "SE"}}
    if k is not None:
        plain["statistics"] = {"min_group": k, "recipients": []}
    return Policy.model_validate(plain)


def dataset(subject: list[Any], fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    plain = {"name": TEXT, "key": "id", "purposes": ["deliver"], "subject": subject}
    return {**plain, "fields": {"id": TECHNICAL, **fields}, **more}


USAGE, CONTACT = {"category": "usage"}, {"category": "contact"}
HERS = [{"by": "reference", "columns": "member", "to": "members"}]
DATASETS: dict[str, Any] = {
    "members": dataset(
        [{"by": "own"}],
        {"email": {**CONTACT, "identity": "email"}, "full_name": CONTACT,
         "phone": {**CONTACT, "identity": "phone"}},
    ),
    "visits": dataset(
        [*HERS, {"by": "identity", "column": "mail", "kind": "email"}],
        {
            "member": TECHNICAL,
            "mail": {**CONTACT, "identity": "email"},
            "day": {**USAGE, "erase": "generalise", "coarse": "month"},
            "place": {**CONTACT, "erase": "generalise", "coarse": "start"},
            "kind": USAGE,
            "note": {**CONTACT, "text": True},
        },
        name={"sv": "Besök", "en": "Visits"},
        recipients=["counter"],
    ),
    "lessons": dataset(
        [{"by": "reference", "columns": "visit", "to": "visits"}],
        {"visit": TECHNICAL, "level": USAGE},
    ),
    "lockers": dataset(
        [{"by": "reference", "columns": "member", "to": "members"}],
        {"member": TECHNICAL, "size": USAGE},
    ),
    "invoices": dataset(
        HERS,
        {"member": TECHNICAL, "issued": {"category": "books", "erase": "keep"},
         "billed_to": {**CONTACT, "erase": "keep"}},
        purposes=["keep_books"],
        anchors={"fiscal_year.end": {"column": "issued", "fiscal_year": True}},
    ),
}  # fmt: skip
KINDS = ("styrka", "yoga")


def gym(**changed: Any) -> System:
    """The map, with fields of datasets said otherwise: `visits={"kind": {...}}`."""
    datasets = copy.deepcopy(DATASETS)
    for id_, fields in changed.items():
        datasets[id_]["fields"] |= fields
    return System.model_validate(
        {"system": 1, "id": "gym", "name": TEXT, "url": "sqlite://", "datasets": datasets}
    )


def tables() -> sa.MetaData:
    metadata = sa.MetaData()
    number, text = sa.Integer, sa.String(120)
    sa.Table(
        "members", metadata, sa.Column("id", number, primary_key=True, autoincrement=False),
        sa.Column("email", text), sa.Column("full_name", text), sa.Column("phone", text),
    )  # fmt: skip
    sa.Table(
        "visits", metadata, sa.Column("id", number, primary_key=True, autoincrement=False),
        sa.Column("member", number, sa.ForeignKey("members.id")), sa.Column("mail", text),
        sa.Column("day", sa.Date), sa.Column("place", text), sa.Column("kind", text),
        sa.Column("note", sa.Text),
    )  # fmt: skip
    sa.Table(
        "lessons", metadata, sa.Column("id", number, primary_key=True, autoincrement=False),
        sa.Column("visit", number, sa.ForeignKey("visits.id")), sa.Column("level", text),
    )  # fmt: skip
    sa.Table(
        "lockers", metadata, sa.Column("id", number, primary_key=True, autoincrement=False),
        sa.Column("member", number, sa.ForeignKey("members.id"), nullable=False), sa.Column("size", text),
    )  # fmt: skip
    sa.Table(
        "invoices", metadata, sa.Column("id", number, primary_key=True, autoincrement=False),
        sa.Column("member", number, sa.ForeignKey("members.id")), sa.Column("issued", sa.Date),
        sa.Column("billed_to", text),
    )  # fmt: skip
    return metadata


def fill(url: str) -> None:
    """Each member has four visits, on days and at places of their own, each with a lesson; and a locker."""
    metadata, engine = tables(), sa.create_engine(url)
    metadata.create_all(engine)
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in metadata.tables}
    for n in range(1, MEMBERS + 1):
        mail = f"m{n}@gym.example"
        rows["members"].append({"id": n, "email": mail, "full_name": f"Medlem {n}", "phone": None})
        for v in range(4):
            id_ = n * 10 + v
            rows["visits"].append(
                {
                    "id": id_, "member": n, "mail": mail if v else None, "day": date(2026, 1 + v % 2, 1 + n),
                    "place": f"11{n:03}", "kind": KINDS[v % 2], "note": f"sa att {mail} kommer igen",
                }
            )  # fmt: skip
            rows["lessons"].append({"id": id_, "visit": id_, "level": "1"})
        rows["lockers"].append({"id": n, "member": n, "size": "S"})
    with engine.begin() as db:
        for table in metadata.sorted_tables:
            if rows[table.name]:
                db.execute(sa.insert(table), rows[table.name])
    engine.dispose()


@pytest.fixture
def url(tmp_path: Path) -> str:
    found = sqlite_database(tmp_path)
    fill(found)
    return found


@pytest.fixture(params=DATABASES)
def any_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The gym in a database of each kind in turn."""
    if request.param == "sqlite":
        found = sqlite_database(tmp_path)
        fill(found)
        yield found
        return
    with (postgres_database if request.param == "postgres" else mariadb_database)() as found:
        fill(found)
        yield found


@pytest.fixture
def club(house: Any) -> Any:
    return dataclasses.replace(house, policy=policy(), datamap=DataMap(systems=(gym(),)))


def connecting(url: str) -> Callable[[System], SqlConnector]:
    return lambda system: open_sql(system, url)


def run(url: str, *statements: str) -> None:
    engine = sa.create_engine(url)
    with engine.begin() as db:
        for statement in statements:
            db.exec_driver_sql(statement)
    engine.dispose()


def dump(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    engine = sa.create_engine(url)
    try:
        with engine.connect() as db:
            return {
                name: sorted(map(tuple, db.execute(sa.select(table))), key=repr)
                for name, table in tables().tables.items()
            }
    finally:
        engine.dispose()


def asks(house: Any, *identities: Identity) -> Request:
    request = receive(
        house, right=Right.ERASURE, identities=identities or (ANNA,), channel="letter", by=BERTIL
    )
    return identify(house, request, method="BankID", level=Level.PROVEN, by=BERTIL)

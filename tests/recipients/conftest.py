"""A shop whose parcels are carried by one company, whose rows are kept by another, and who asks."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable
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
from tests.services import sqlite_database

BERTIL = "b" * 32
ANNA = (
    Identity(kind=Kind.CUSTOMER_NO, value="K1"),
    Identity(kind=Kind.EMAIL, value="anna@kund.example"),
)
TEXT = {"sv": "T", "en": "T"}
CONTACT = {"category": "contact"}


def policy() -> Policy:
    plain = copy.deepcopy(POLICY)
    plain["categories"]["contact"]["items"] = [{"id": "name"}]
    plain["purposes"]["deliver"]["recipients"] = ["carrier", "registry", "counsel"]
    plain["purposes"]["help"] = {
        **plain["purposes"]["deliver"], "legal_basis": "6.1.f", "recipients": ["adviser"],
    }  # fmt: skip
    plain["recipients"] = {
        "datacentre": {"name": "Bergrum AB", "role": "processor", "country": "SE"},
        "carrier": {"name": "Paketbudet AB", "role": "controller", "country": "SE"},
        "registry": {"name": "Registret", "role": "controller", "country": "SE"},
        "counsel": {"text": {"sv": "ombud", "en": "counsel"}, "role": "controller", "ground": "claim"},
        "adviser": {"name": "Rådet HB", "role": "controller", "country": "SE"},
    }
    plain["rights"]["erasure"] = {"notify_recipients": True}
    return Policy.model_validate(plain)


def dataset(subject: list[Any], fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    technical = {"id": {"technical": True}}
    plain = {"name": TEXT, "key": "id", "purposes": ["deliver"], "subject": subject}
    return {**plain, "fields": {**technical, **fields}, **more}


HERS = [{"by": "reference", "columns": "customer", "to": "customers"}]
SHOP = System.model_validate(
    {
        "system": 1, "id": "shop", "name": TEXT, "url": "sqlite://",
        "datasets": {
            "customers": dataset(
                [{"by": "own"}],
                {
                    "customer_no": {**CONTACT, "identity": "customer_no"},
                    "email": {**CONTACT, "identity": "email"},
                    "full_name": {**CONTACT, "item": "name"},
                },
                name={"sv": "Kunder", "en": "Customers"},
                recipients=["datacentre"],
            ),
            "parcels": dataset(
                [*HERS, {"by": "identity", "column": "mail", "kind": "email"}],
                {"customer": {"technical": True}, "mail": {**CONTACT, "identity": "email"},
                 "called": {**CONTACT, "item": "name"}},
                name={"sv": "Paket", "en": "Parcels"},
                recipients=["datacentre", "carrier"],
            ),
            "tickets": dataset(
                HERS, {"customer": {"technical": True}, "body": {**CONTACT, "text": True}},
                name={"sv": "Frågor", "en": "Questions"}, purposes=["help"],
            ),
            "domains": dataset(
                HERS, {"customer": {"technical": True}, "domain": CONTACT}, recipients=["registry"],
            ),
        },
    }
)  # fmt: skip
TABLES = (
    "create table customers (id integer primary key, customer_no text, email text, full_name text)",
    "create table parcels (id integer primary key, customer integer, mail text, called text)",
    "create table tickets (id integer primary key, customer integer, body text)",
    "create table domains (id integer primary key, customer integer, domain text)",
    "insert into customers values (1, 'K1', 'anna@kund.example', 'Ana'),"
    " (2, 'K2', 'eva@kund.example', 'Eva')",
    "insert into parcels values (1, 1, 'anna@kund.example', 'Ana'), (2, 1, 'anna@kund.example', 'Ana'),"
    " (3, 2, 'eva@kund.example', 'Eva')",
    "insert into tickets values (1, 1, 'Var är paketet?')",
    "insert into domains values (1, 2, 'eva.example')",
)


@pytest.fixture
def url(tmp_path: Path) -> str:
    url = sqlite_database(tmp_path)
    engine = sa.create_engine(url)
    with engine.begin() as db:
        for statement in TABLES:
            db.exec_driver_sql(statement)
    engine.dispose()
    return url


@pytest.fixture
def shop(house: Any) -> Any:
    return dataclasses.replace(house, policy=policy(), datamap=DataMap(systems=(SHOP,)))


@pytest.fixture
def connect(url: str) -> Callable[[System], SqlConnector]:
    return lambda system: open_sql(system, url)


def asks(house: Any, right: Right, *identities: Identity) -> Request:
    request = receive(house, right=right, identities=identities or ANNA, channel="letter", by=BERTIL)
    return identify(house, request, method="BankID", level=Level.PROVEN, by=BERTIL)

"""A shop with two customers, and a house that knows it: small enough to be copied for each fault."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from lofte.connectors.sql.back import SqlBack, open_back
from lofte.connectors.sql.connector import SqlConnector, open_sql
from lofte.datamap.document import DataMap, Kind, System
from lofte.datamap.identity import Identity
from lofte.execution.house import House, Keys
from lofte.policy.document import Policy

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
BERTIL = "b" * 32
ANNA = Identity(kind=Kind.EMAIL, value="anna@kund.example")
EVA = Identity(kind=Kind.EMAIL, value="eva@kund.example")
KEYS = Keys(ledger=b"l" * 32, wrapping=b"w" * 32, lookup=b"o" * 32, checkpoint=b"c" * 32)
_TEXT = {"sv": "T", "en": "T"}
_TECHNICAL = {"technical": True}

POLICY = Policy.model_validate(
    {
        "policy": 1,
        "meta": {
            "id": "shop",
            "title": _TEXT,
            "version": "2026-01-01",
            "effective_from": "2026-01-01",
            "languages": ["sv", "en"],
        },
        "controller": {"legal_name": "Butiken AB", "org_no": "556000-0000"},
        "authority": {"id": "imy", "name": _TEXT, "url": "https://imy.example"},
        "categories": {
            "contact": {"name": _TEXT, "items": [{"id": "email"}, {"id": "name"}]},
            "use": {"name": _TEXT},
            "books": {"name": _TEXT},
        },
        "purposes": {
            "serve": {
                "name": _TEXT,
                "categories": ["contact", "use"],
                "legal_basis": "6.1.f",
                "retention": ["serve"],
            },
            "newsletter": {
                "name": _TEXT,
                "categories": ["contact"],
                "legal_basis": "6.1.f",
                "retention": ["serve"],
                "marketing": {},
            },
            "keep_books": {
                "name": _TEXT,
                "categories": ["books"],
                "legal_basis": "6.1.c",
                "retention": ["books"],
            },
        },
        "communication": {"marketing": ["email"]},
        "retention": {
            "serve": {"keep_until": "row.made + P24M", "action": "delete"},
            "books": {
                "keep_until": "year_end(fiscal_year.end) + P7Y",
                "action": "delete",
                "law": "BFL-7-2",
            },
        },
        "rights": {
            "access": {"channels": ["email"], "formats": ["html", "pdf", "json", "csv"]},
            "restriction": {
                "effect": "stops_service",
                "release": ["corrected", "established"],
                "tell_before": ["stop", "release"],
            },
        },
    }
)

PATIENCE = 5
"""Seconds."""


def _dataset(subject: list[Any], fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "name": _TEXT,
        "key": "id",
        "purposes": ["serve"],
        "subject": subject,
        "fields": {"id": _TECHNICAL, **fields},
        **more,
    }


_HERS = {"by": "reference", "columns": "customer", "to": "customers"}
_EMAIL = {"category": "contact", "item": "email", "identity": "email"}
_NAME = {"category": "contact", "item": "name"}
SHOP = System.model_validate(
    {
        "system": 1,
        "id": "shop",
        "name": _TEXT,
        "url": "sqlite://",
        "datasets": {
            "customers": _dataset(
                [{"by": "own"}],
                {"email": _EMAIL, "name": _NAME, "status": _TECHNICAL},
                restrict={"column": "status", "value": "restricted"},
            ),
            "logins": _dataset([_HERS], {"customer": _TECHNICAL, "ip": {"category": "use"}}),
            "contacts": _dataset([_HERS], {"customer": _TECHNICAL, "called": _NAME}),
            "threads": _dataset(
                [_HERS, {"by": "identity", "column": "other", "kind": "email", "beside": "who"}],
                {"customer": _TECHNICAL, "other": {**_EMAIL}, "who": {"category": "contact"}},
                shared="unlink",
            ),
            "orders": _dataset(
                [_HERS],
                {
                    "customer": _TECHNICAL,
                    "paid_on": {"category": "books", "erase": "keep", "law": "BFL-7-2"},
                    "amount": {"category": "books", "erase": "keep", "law": "BFL-7-2"},
                    "buyer": {"category": "use"},
                },
                purposes=["serve", "keep_books"],
                anchors={"fiscal_year.end": {"column": "paid_on", "fiscal_year": True}},
            ),
        },
    }
)
_TABLES = [
    "create table customers (id int primary key, email varchar(80), name varchar(80), status varchar(20))",
    "create table logins (id int primary key, customer int references customers (id), ip varchar(40))",
    "create table contacts (id int primary key, customer int references customers (id), called varchar(80))",
    "create table threads (id int primary key, customer int references customers (id), other varchar(80),"
    " who varchar(80))",
    "create table orders (id int primary key, customer int references customers (id), paid_on date,"
    " amount int, buyer varchar(80))",
]
_NAMES = ("threads", "orders", "contacts", "logins", "customers")
_ROWS = [
    "insert into customers values (1, 'anna@kund.example', 'Anna', 'active'),"
    " (2, 'eva@kund.example', 'Eva', null)",
    "insert into logins values (1, 1, '192.0.2.1'), (2, 1, '192.0.2.2'), (3, 2, '192.0.2.3')",
    "insert into contacts values (1, 1, 'Anna'), (2, 1, 'Jour'), (3, 2, 'Eva')",
    "insert into threads values (1, 1, 'eva@kund.example', 'Eva'), (2, 2, null, null)",
    "insert into orders values (1, 1, '2015-05-05', 100, 'Anna'), (2, 1, '2019-05-05', 200, 'Anna'),"
    " (3, 1, '2024-05-05', 300, 'Anna'), (4, 2, '2024-05-05', 400, 'Eva')",
]


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def go(self, **delta: float) -> None:
        """Move on."""
        self.now += timedelta(**delta)


@dataclass(frozen=True, kw_only=True)
class Place:
    """One copy of everything: our store, the house's folder, the shop."""

    folder: Path
    shop: str
    """The address of the customers' database."""
    clock: Clock

    @property
    def store(self) -> Path:
        return self.folder / "store.sqlite3"

    @property
    def out(self) -> Path:
        """Where packages are handed out."""
        return self.folder / "out"

    @property
    def house(self) -> House:
        return House(
            policy=POLICY,
            datamap=DataMap(systems=(SHOP,)),
            keys=KEYS,
            folder=self.folder / "house",
            clock=self.clock,
        )

    def connect(self, system: System) -> SqlConnector:
        # An injected reset leaves the socket open: what was never sent is waited for, no longer than this.
        brief = f"?read_timeout={PATIENCE}" if self.shop.startswith("postgresql") else ""
        return open_sql(system, self.shop + brief)

    def back(self, system: System) -> SqlBack:
        return open_back(system, self.shop)

    def before(self, system: System) -> SqlBack:
        """The shop as it was at first."""
        return open_back(system, f"sqlite:///{self.folder / 'first.sqlite3'}")


def fill(url: str) -> None:
    """The shop as it is at first."""
    engine = sa.create_engine(url)
    try:
        with engine.begin() as db:
            for sql in [*(f"drop table if exists {name}" for name in _NAMES), *_TABLES, *_ROWS]:
                db.exec_driver_sql(sql)
    finally:
        engine.dispose()


def dump(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the shop, as text."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    try:
        with engine.connect() as db:
            return {
                name: sorted(
                    tuple(None if v is None else str(v) for v in row)
                    for row in db.exec_driver_sql(f"select * from {name}")
                )
                for name in _NAMES
            }
    finally:
        engine.dispose()

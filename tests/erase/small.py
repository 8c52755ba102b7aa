"""Small worlds for the rules of erasure: tables with rows, and the map over them."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from lofte.connectors.protocol import Acted
from lofte.connectors.sql.connector import SqlConnector, open_sql
from lofte.datamap.document import DataMap, Kind, System
from lofte.datamap.identity import Identity
from lofte.plan import erase
from lofte.plan.records import DatasetRef, Subject
from lofte.plan.verdict import ErasePlan
from lofte.policy.document import Policy

ON = date(2026, 11, 20)
ANNA, EVA = "anna@kund.example", "eva@kund.example"
POLICY = Policy.model_validate(
    {
        "policy": 1,
        "meta": {
            "id": "small",
            "title": {"sv": "P", "en": "P"},
            "version": "2026-01-01",
            "effective_from": "2026-01-01",
        },
        "controller": {"legal_name": "Små AB"},
        "authority": {"id": "imy", "name": {"en": "IMY"}, "url": "https://imy.example"},
        "categories": {"contact": {"name": {"en": "Contact"}}, "books": {"name": {"en": "Books"}}},
        "purposes": {
            "serve": {"categories": ["contact"], "legal_basis": "6.1.f", "retention": ["serve"]},
            "sell": {"categories": ["contact"], "legal_basis": "6.1.b", "retention": ["sell"]},
            "keep_books": {"categories": ["books"], "legal_basis": "6.1.c", "retention": ["books"]},
        },
        "retention": {
            "serve": {"keep_until": "row.made + P24M", "action": "delete"},
            "sell": {"keep_until": "contract.end + P3M", "action": "delete"},
            "books": {
                "keep_until": "year_end(fiscal_year.end) + P7Y",
                "action": "delete",
                "law": "BFL-7-2",
            },
        },
    }
)


def field(category: str = "contact", **more: Any) -> dict[str, Any]:
    return {"category": category, **more}


TECHNICAL = {"technical": True}
PERSONS = {
    "name": {"en": "Persons"},
    "key": "id",
    "purposes": ["serve"],
    "subject": [{"by": "own"}],
    "fields": {"id": TECHNICAL, "email": field(identity="email")},
}


def dataset(subject: list[Any], fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "name": {"en": "Rows"},
        "key": "id",
        "purposes": ["serve"],
        "subject": subject,
        "fields": {"id": TECHNICAL, **fields},
        **more,
    }


def system(**datasets: Any) -> System:
    return System.model_validate(
        {"system": 1, "id": "small", "name": {"en": "Small"}, "url": "sqlite://", "datasets": datasets}
    )


def reference(columns: Any, to: str, **more: Any) -> dict[str, Any]:
    return {"by": "reference", "columns": columns, "to": to, **more}


def persons(metadata: sa.MetaData, *more: sa.Column[Any]) -> sa.Table:
    return sa.Table(
        "persons",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("email", sa.String(100)),
        *more,
    )


def number(name: str = "id", *more: Any, **how: Any) -> sa.Column[Any]:
    how = {"primary_key": True, "autoincrement": False} if name == "id" and not how else how
    return sa.Column(name, sa.Integer, *more, **how)


def text(name: str, *more: Any, **how: Any) -> sa.Column[Any]:
    """A column of short texts."""
    return sa.Column(name, sa.String(100), *more, **how)


def points(name: str, to: str, *, on_delete: str | None = None, **how: Any) -> sa.Column[Any]:
    """A column that points at another table's key."""
    return sa.Column(name, sa.Integer, sa.ForeignKey(to, ondelete=on_delete), **how)


class Small:
    """A database of its own with a map."""

    def __init__(self, url: str, metadata: sa.MetaData, map_: System) -> None:
        self.url, self.metadata, self.map = url, metadata, map_
        self._engine = sa.create_engine(url)
        if url.startswith("sqlite"):
            sa.event.listen(self._engine, "connect", lambda raw, _: raw.execute("pragma foreign_keys = on"))
        metadata.create_all(self._engine)
        self.kept: list[tuple[DatasetRef, int, tuple[str, ...]]] = []

    def put(self, table: str, *rows: dict[str, Any]) -> None:
        with self._engine.begin() as db:
            for row in rows:
                db.execute(sa.insert(self.metadata.tables[table]).values(**row))

    def put_all(self, table: str, rows: list[dict[str, Any]]) -> None:
        with self._engine.begin() as db:
            db.execute(sa.insert(self.metadata.tables[table]), rows)

    def run(self, sql: str) -> None:
        with self._engine.begin() as db:
            db.exec_driver_sql(sql)

    def rows(self, table: str) -> list[tuple[Any, ...]]:
        with self._engine.connect() as db:
            return sorted((tuple(r) for r in db.execute(sa.select(self.metadata.tables[table]))), key=repr)

    def connector(self) -> SqlConnector:
        return open_sql(self.map, self.url)

    def plan(self, *emails: str, policy: Policy = POLICY, **more: Any) -> ErasePlan:
        connector = self.connector()
        try:
            with connector.session() as session:
                facts = session.facts(subjects(*emails), ON)
        finally:
            connector.close()
        datamap = DataMap(systems=(self.map,))
        return erase.plan(policy, datamap, facts, subjects(*emails), ON, **more)

    def carry_out(self, plan: ErasePlan) -> Acted:
        connector = self.connector()
        try:
            with connector.acting() as session:
                return session.act(
                    plan, lambda at, _, rows, changes: self.kept.append((at, len(rows), tuple(changes)))
                )
        finally:
            connector.close()

    def erase(self, *emails: str, **more: Any) -> ErasePlan:
        plan = self.plan(*emails, **more)
        self.carry_out(plan)
        return plan

    def close(self) -> None:
        self._engine.dispose()


def subjects(*emails: str) -> list[Subject]:
    return [
        Subject(ref=str(n), identities=(Identity(kind=Kind.EMAIL, value=email),))
        for n, email in enumerate(emails)
    ]

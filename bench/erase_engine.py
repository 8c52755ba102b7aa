"""Löfte as the bench of erasure drives it: the public operations, on a store of its own."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bench.engine import HERE, Person, subject
from lofte.connectors.protocol import Acting, Erasing, Judging, Left
from lofte.connectors.sql.connector import SqlConnector, open_sql
from lofte.datamap.document import DataMap, System
from lofte.datamap.identity import Identity
from lofte.policy.document import Policy

NOW = datetime(2026, 1, 1, 11, 0, tzinfo=UTC)
KEEP = {"erase": "keep"}
OVER: dict[str, dict[str, Any]] = {
    "customers": {"purposes": ["deliver"], "anchors": {"contract.end": "closed_at"}},
    "contracts": {"anchors": {"contract.end": "ended_on"}},
    "domains": {"purposes": ["deliver"]},
    "card_tokens": {"purposes": ["deliver"]},
    "invoices": {"anchors": {"fiscal_year.end": {"column": "issued_on", "fiscal_year": True}}},
    "payments": {"purposes": ["invoice"]},
    "tickets": {"anchors": {"ticket.closed": "closed_at"}},
    "site_requests": {
        "role": "controller",
        "where": {"service_id": "not null"},
        "subject": [{"by": "reference", "columns": "service_id", "to": "services"}],
    },
}
"""What an erasure must know more than an answer: dates, and what becomes of rows that stay."""
KEPT = {
    "invoices": ("number", "issued_on", "due_on", "total_ore", "currency", "recipient_name", "paid_at"),
    "invoice_lines": ("description", "quantity", "unit_price_ore"),
    "payments": ("paid_at", "amount_ore", "method", "payer_name", "reference"),
}


def hosting() -> System:
    """The map of the measuring database, with what an erasure must know."""
    document = YAML(typ="safe").load((HERE / "hosting.yaml").read_text(encoding="utf-8"))
    for id_, more in OVER.items():
        document["datasets"][id_] |= more
    document["datasets"]["site_requests"].pop("nobody")
    for id_, names in KEPT.items():
        for name in names:
            document["datasets"][id_]["fields"][name] |= KEEP
    return System.model_validate(document)


def store_in(folder: Path) -> None:
    """An empty store of our own, on SQLite in this folder unless LOFTE_DATABASE_URL says another."""
    os.environ["LOFTE_HOME"] = str(folder)
    from lofte.site.store import set_up

    set_up()
    from django.conf import settings
    from django.db import connections

    settings.LOFTE_HOME = folder
    entry = connections.databases["default"]
    if entry["ENGINE"].endswith("sqlite3"):
        connections["default"].close()
        entry["NAME"] = str(folder / "store.sqlite3")
        connections["default"].settings_dict["NAME"] = entry["NAME"]
    from lofte.site.store import prepare

    prepare()


class Kept:
    """A connector that stays open from one erasure to the next. Its second scanner sees nothing: what
    it takes is measured by itself."""

    def __init__(self, connector: SqlConnector) -> None:
        self.connector = connector

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connector, name)

    def session(self) -> AbstractContextManager[Judging]:
        return self.connector.session()

    def acting(self) -> AbstractContextManager[Acting]:
        return self.connector.acting()

    def left(self, known: Iterable[Identity], allowed: Mapping[tuple[str, str], int]) -> tuple[Left, ...]:
        return ()

    def close(self) -> None:
        """Stay open."""


class Eraser:
    """An installation with one system."""

    def __init__(self, url: str, folder: Path) -> None:
        store_in(folder)
        from lofte.execution.house import House
        from lofte.site.home import keys

        policy = Policy.model_validate(
            YAML(typ="safe").load((HERE.parent / "examples/webhost/policy.yaml").read_text(encoding="utf-8"))
        )
        self.system = hosting()
        self.house = House(
            policy=policy,
            datamap=DataMap(systems=(self.system,)),
            keys=keys(folder),
            folder=folder,
            clock=lambda: NOW,
        )
        self.connector: Erasing = Kept(open_sql(self.system, url))
        self.statements = 0
        self.datasets = len(self.system.datasets)
        self._asked: list[Identity] = []

    def asked(self, persons: Sequence[Person]) -> list[Any]:
        """Requests of these persons, received and identified: a letter comes days before it is done."""
        from lofte.law.rights import Right
        from lofte.requests.course.receive import receive
        from lofte.requests.door.identify import Level, identify

        requests = []
        for person in persons:
            shown = subject(person).identities
            self._asked = list(shown)
            request = receive(
                self.house, right=Right.ERASURE, identities=shown, channel="letter", by="b" * 32
            )
            requests.append(identify(self.house, request, method="BankID", level=Level.PROVEN, by="b" * 32))
        return requests

    def erase(self, requests: Sequence[Any]) -> None:
        """Erase what they ask."""
        from lofte.execution.models import Step
        from lofte.requests.erasure.erase import erase

        done = erase(self.house, requests, lambda _: self.connector)
        assert all(each.state == "delivered" for each in done), done
        step = Step.objects.filter(kind="erase").order_by("-id").first()
        self.statements = step.result["statements"] if step else 0

    def act(self, persons: Sequence[Person]) -> None:
        """Find, plan and erase, without our own store: no request, no restore log, no evidence."""
        from lofte.plan import erase as erasing

        house, subjects = self.house, [subject(person) for person in persons]
        with self.connector.acting() as session:
            facts = session.facts(subjects, house.today, together=True)
            plan = erasing.plan(house.policy, house.datamap, facts, subjects, house.today)
            session.act(plan, lambda *_: None)

    def look(self) -> None:
        """What the second scanner does for one person."""
        assert isinstance(self.connector, Kept)
        self.connector.connector.left(self._asked, {})

    def close(self) -> None:
        """Give back all connections."""
        from django.db import connections

        assert isinstance(self.connector, Kept)
        self.connector.connector.close()
        connections.close_all()

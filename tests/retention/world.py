"""A small company whose rows have their time: contracts with notes, logs, tickets, a newsletter, books."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from lofte.connectors.sql.connector import SqlConnector, open_sql
from lofte.datamap.document import DataMap, Kind, System
from lofte.datamap.identity import Identity
from lofte.execution import book
from lofte.retention import ahead
from lofte.retention.approve import approve
from lofte.retention.sweep import Swept, sweep
from tests.due.test_due_days import policy_of
from tests.erase.small import PERSONS, TECHNICAL, Small, dataset, field, reference, system

NOW = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
TODAY = date(2026, 11, 20)
BERTIL = "b" * 32
RULES = {
    "contract": {"keep_until": "contract.end + P3M", "action": "delete"},
    "event": {"keep_until": "event.time + P90D", "action": "delete"},
    "ticket": {"keep_until": "ticket.closed + P24M", "action": "anonymise"},
    "newsletter": {"keep_until": "optout.time", "action": "suppress"},
    "books": {
        "keep_until": "year_end(fiscal_year.end) + P7Y",
        "action": "delete",
        "law": "BFL-7-2",
        "restrict_at": "contract.end",
    },
}
PURPOSES = {
    "sell": ["contract"],
    "watch": ["event"],
    "help": ["ticket"],
    "write": ["newsletter"],
    "account": ["books"],
    "forever": [],
}
POLICY = policy_of(RULES, PURPOSES)


def number(name: str = "id", *more: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, *more, primary_key=name == "id", autoincrement=False)


def text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.String(100))


def day(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Date)


def tables() -> sa.MetaData:
    m = sa.MetaData()
    sa.Table("persons", m, number(), text("email"))
    sa.Table(
        "contracts", m, number(), number("person", sa.ForeignKey("persons.id")), text("name"), day("ended")
    )
    sa.Table("notes", m, number(), number("contract", sa.ForeignKey("contracts.id")), text("said"), day("at"))
    sa.Table("logs", m, number(), number("person"), day("at"))
    sa.Table("tickets", m, number(), number("person"), text("said"), text("kind"), day("closed"))
    sa.Table("subscribers", m, number(), text("email"), day("stopped"))
    sa.Table(
        "invoices", m, number(), number("person"), text("name"), text("total"), day("issued"), day("ended")
    )
    sa.Table(
        "replies", m, number(), number("above", sa.ForeignKey("replies.id")), number("person"), day("at")
    )
    return m


def map_() -> System:
    person = reference("person", "persons")
    return system(
        persons={**PERSONS, "purposes": ["forever"]},
        contracts=dataset([person], {"person": TECHNICAL, "name": field(), "ended": TECHNICAL},
                          purposes=["sell"], anchors={"contract.end": "ended"}),
        notes=dataset([reference("contract", "contracts")],
                      {"contract": TECHNICAL, "said": field(), "at": TECHNICAL},
                      purposes=["watch"], anchors={"event.time": "at"}),
        logs=dataset([person], {"person": TECHNICAL, "at": TECHNICAL},
                     purposes=["watch"], anchors={"event.time": "at"}),
        tickets=dataset([person], {"person": TECHNICAL, "said": field(),
                                   "kind": field(erase="replace", replace_with="other"),
                                   "closed": field(erase="generalise", coarse="year")},
                        purposes=["help"], anchors={"ticket.closed": "closed"}),
        subscribers=dataset([{"by": "identity", "column": "email", "kind": "email"}],
                            {"email": field(identity="email"), "stopped": TECHNICAL},
                            purposes=["write"], anchors={"optout.time": "stopped"}),
        invoices=dataset([person], {"person": TECHNICAL, "name": field(),
                                    "total": field("books", erase="keep", law="BFL-7-2"),
                                    "issued": field("books", erase="keep", law="BFL-7-2"),
                                    "ended": TECHNICAL},
                         purposes=["account"],
                         anchors={"fiscal_year.end": {"column": "issued", "fiscal_year": True},
                                  "contract.end": "ended"}),
        replies=dataset([person], {"person": TECHNICAL, "above": TECHNICAL, "at": TECHNICAL},
                        purposes=["watch"], anchors={"event.time": "at"}),
    )  # fmt: skip


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


class Company:
    """The database, the house, and what people do there."""

    def __init__(self, url: str, house: Any, clock: Any) -> None:
        clock.now = NOW
        self.clock = clock
        self.small = Small(url, tables(), map_())
        self.house = dataclasses.replace(house, policy=POLICY, datamap=DataMap(systems=(self.small.map,)))
        self.put("persons", *({"id": n, "email": f"p{n}@kund.example"} for n in range(1, 5)))

    def put(self, table: str, *rows: dict[str, Any]) -> None:
        self.small.put(table, *rows)

    def logs(self, count: int, *, first: int = 1, days: int = 91, person: int = 1) -> None:
        rows = [{"id": first + n, "person": person, "at": ago(days)} for n in range(count)]
        with self.small._engine.begin() as db:
            db.execute(sa.insert(self.small.metadata.tables["logs"]), rows)

    def ids(self, table: str) -> list[int]:
        return [row[0] for row in sorted(self.small.rows(table))]

    def connect(self, system: System) -> SqlConnector:
        return open_sql(system, self.small.url)

    def tasks(self, **more: Any) -> dict[tuple[str, str], ahead.Task]:
        found = ahead.tasks(self.house, self.connect, self.house.today, **more)
        return {(task.dataset, task.fate.value): task for task in found}

    def approve(self) -> None:
        approve(self.house, self.tasks().values(), by=BERTIL)

    def sweep(self, **more: Any) -> Swept:
        return sweep(self.house, self.connect, **more)

    def said(self, kind: str) -> list[dict[str, Any]]:
        return [payload for entry, payload in book.opened() if entry.kind == kind and payload is not None]

    def anna(self, number: int = 1) -> Identity:
        return Identity(kind=Kind.EMAIL, value=f"p{number}@kund.example")


def done(swept: Swept) -> dict[str, tuple[int, int, int]]:
    """By dataset: gone, changed, held."""
    found: dict[str, tuple[int, int, int]] = {}
    for line in swept.lines:
        if line.gone or line.changed or line.held:
            gone, changed, held = found.get(line.dataset, (0, 0, 0))
            found[line.dataset] = (gone + line.gone, changed + line.changed, held + line.held)
    return found


def stopped(swept: Swept) -> dict[str, str]:
    return {stop.dataset: stop.why for stop in swept.stops}

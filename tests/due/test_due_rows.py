"""Rows whose time is out, as the databases find them, against the policy's arithmetic row by row."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
import sqlalchemy as sa

from lofte.connectors.sweeping import Ahead
from lofte.datamap.tracing import Key
from lofte.errors import FaultsFound
from lofte.law.calendar import civil_date
from lofte.plan.due import Fate, fate_of, leaves_on, timing
from lofte.plan.period import fiscal_year_end
from lofte.policy.document import Policy
from lofte.policy.retention import term
from tests.due.test_due_days import policy_of
from tests.erase.conftest import any_empty  # noqa: F401
from tests.erase.small import PERSONS, TECHNICAL, Small, dataset, persons, reference, system

FISCAL = "04-30"
ON = date(2026, 11, 20)
RULES = {
    "contract": {"keep_until": "contract.end + P3M", "action": "delete"},
    "active": {"keep_until": "contract.end", "action": "next"},
    "ticket": {"keep_until": "ticket.closed + P24M", "action": "anonymise"},
    "event": {"keep_until": "event.time + P90D", "action": "delete"},
    "late": {"keep_until": "year_end(event.time) + P1M", "action": "suppress"},
    "books": {
        "keep_until": "year_end(fiscal_year.end) + P7Y",
        "action": "delete",
        "law": "BFL-7-2",
        "restrict_at": "event.time",
    },
}
PURPOSES = {
    "sell": ["active", "contract"],
    "help": ["ticket"],
    "watch": ["event"],
    "write": ["late"],
    "account": ["books"],
    "forever": [],
}
POLICY: Policy = policy_of(RULES, PURPOSES, FISCAL)
MOMENT = sa.TIMESTAMP(timezone=True)


def column(name: str, type_: Any = sa.Integer, *more: Any) -> sa.Column[Any]:
    return sa.Column(name, type_, *more)


def key(name: str = "id") -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, primary_key=True, autoincrement=False)


def tables() -> sa.MetaData:
    m = sa.MetaData()
    persons(m)
    sa.Table("contracts", m, key(), column("person", sa.Integer, sa.ForeignKey("persons.id")),
             column("ended", sa.Date))  # fmt: skip
    sa.Table("tickets", m, key(), column("person"), column("closed", sa.DateTime), column("about"))
    sa.Table(
        "notes", m, key(), column("contract", sa.Integer, sa.ForeignKey("contracts.id")), column("ticket")
    )
    sa.Table("lines", m, key("note"), key("line"))
    sa.Table("logs", m, key(), column("person"), column("at", MOMENT))
    sa.Table("books", m, key(), column("person"), column("day", sa.Date), column("used", sa.Date))
    sa.Table("calls", m, key(), column("of", sa.String(20)), column("said", sa.JSON))
    return m


def map_() -> Any:
    person = reference("person", "persons")
    fields = {"person": TECHNICAL}
    return system(
        persons={**PERSONS, "purposes": ["forever"]},
        contracts=dataset([person], {**fields, "ended": TECHNICAL}, purposes=["sell"],
                          anchors={"contract.end": "ended", "event.time": "ended"}),
        tickets=dataset([person], {**fields, "closed": TECHNICAL, "about": TECHNICAL},
                        purposes=["help", "watch", "write"],
                        anchors={"ticket.closed": "closed", "event.time": "closed"}),
        notes=dataset([reference("contract", "contracts"), reference("ticket", "tickets")],
                      {"contract": TECHNICAL, "ticket": TECHNICAL}, purposes=["watch"]),
        lines=dataset([reference("note", "notes")], {"line": TECHNICAL, "note": TECHNICAL},
                      key=["note", "line"], purposes=["write"]),
        logs=dataset([person], {**fields, "at": TECHNICAL}, purposes=["watch"],
                     anchors={"event.time": "at"}),
        books=dataset([person], {**fields, "day": TECHNICAL, "used": TECHNICAL}, purposes=["account"],
                      anchors={"fiscal_year.end": {"column": "day", "fiscal_year": True},
                               "event.time": "used"}),
        calls=dataset([{"by": "json", "column": "said", "at": ["of", 0, "nr"], "to": "tickets",
                        "when": {"of": ["ticket", "mail"]}}],
                      {"of": TECHNICAL, "said": TECHNICAL}, purposes=["watch"]),
    )  # fmt: skip


def a_day(chance: random.Random) -> date | None:
    if chance.random() < 0.15:
        return None
    return chance.choice((ON, date(2024, 2, 29), ON - timedelta(days=91), date(2018, 12, 31))) + timedelta(
        days=chance.randint(-800, 3)
    )


def a_moment(chance: random.Random) -> datetime | None:
    day = a_day(chance)
    if day is None:
        return None
    clock = timedelta(seconds=chance.choice((0, 1, 3599, 7200, 82799, 82800, 86399)))
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + clock


def call(chance: random.Random, count: int) -> Any:
    """What it is about stands in JSON: a number, its text, a number that is not there any more, or none."""
    number = chance.randint(1, count + 5)
    return chance.choice(
        ({"of": [{"nr": number}]}, {"of": [{"nr": str(number)}]}, {"of": []}, {"of": [{"nr": None}]}, [1], {})
    )


def about(row: dict[str, Any]) -> int | None:
    """The ticket that a call is about."""
    match row["said"]:
        case {"of": [{"nr": int() | str() as number}]} if row["of"] != "order":
            return int(number)
    return None


def rows_of(chance: random.Random, count: int) -> dict[str, list[dict[str, Any]]]:
    def one(most: int) -> int | None:
        return chance.choice((None, chance.randint(1, most), chance.randint(1, most)))

    some = range(1, count + 1)
    naive = [a_moment(chance) for _ in some]
    return {
        "persons": [{"id": n, "email": f"p{n}@kund.example"} for n in range(1, 6)],
        "contracts": [{"id": n, "person": chance.randint(1, 5), "ended": a_day(chance)} for n in some],
        "tickets": [
            {"id": n, "person": chance.randint(1, 5), "closed": m and m.replace(tzinfo=None), "about": None}
            for n, m in zip(some, naive, strict=True)
        ],
        # A note may point at a ticket that is not there any more.
        "notes": [{"id": n, "contract": one(count), "ticket": one(count + 5)} for n in some],
        "lines": [{"note": n, "line": m} for n in some for m in range(chance.randint(0, 2))],
        "logs": [{"id": n, "person": 1, "at": a_moment(chance)} for n in some],
        "books": [
            {"id": n, "person": 1, "day": a_day(chance), "used": a_day(chance)} for n in some
        ],
        "calls": [
            {"id": n, "of": chance.choice(("ticket", "mail", "order")), "said": call(chance, count)}
            for n in some
        ],
    }  # fmt: skip


class World:
    """The rows, in a database and in memory."""

    def __init__(self, url: str, seed: int, count: int = 60) -> None:
        self.small = Small(url, tables(), map_())
        self.rows = rows_of(random.Random(seed), count)
        with self.small._engine.begin() as db:
            for name, rows in self.rows.items():
                for row in rows:
                    db.execute(sa.insert(self.small.metadata.tables[name]).values(self._said(name, row)))

    def _said(self, name: str, row: dict[str, Any]) -> dict[str, Any]:
        at = row.get("at")
        if name != "logs" or at is None:
            return row
        match self.small._engine.dialect.name:
            case "mysql" | "mariadb":
                return row | {"at": sa.func.from_unixtime(int(at.timestamp()))}
            case "sqlite":
                zone = timezone(timedelta(hours=at.second % 5 - 2))
                return row | {"at": sa.literal(at.astimezone(zone).isoformat(), sa.Text)}
        return row

    def days(self, name: str, row: dict[str, Any]) -> dict[str, date | None]:
        """The anchors of a row: its own, else the latest of those it points at."""
        match name:
            case "contracts":
                return {"contract.end": row["ended"], "event.time": row["ended"]}
            case "tickets":
                day = row["closed"] and row["closed"].date()
                return {"ticket.closed": day, "event.time": day}
            case "logs":
                return {"event.time": row["at"] and civil_date(row["at"])}
            case "books":
                day = row["day"] and fiscal_year_end(row["day"], FISCAL)
                return {"fiscal_year.end": day, "event.time": row["used"]}
            case "notes":
                above = [("contracts", row["contract"]), ("tickets", row["ticket"])]
            case "lines":
                above = [("notes", row["note"])]
            case "calls":
                above = [("tickets", about(row))]
            case _:
                return {}
        found = [
            self.days(table, parent)
            for table, id_ in above
            for parent in self.rows[table]
            if parent["id"] == id_
        ]
        names = {anchor for days in found for anchor in days}
        said = {anchor: [days[anchor] for days in found if anchor in days] for anchor in names}
        return {anchor: None if None in days else max(days) for anchor, days in said.items()}

    def due(self, name: str, on: date) -> dict[Key, Fate]:
        """By the policy's own arithmetic, row by row."""
        entry = self.small.map.datasets[name]
        timed = timing(POLICY, entry)
        found = {}
        for row in self.rows[name]:
            days = self.days(name, row)
            until = term(POLICY, entry.purposes, days).until
            if until is not None and until < on:
                fate = fate_of(timed, days, on)
                assert fate is not None
                found[tuple(str(row[part]) for part in entry.key)] = fate
        return found

    def unknown(self, name: str) -> int:
        entry = self.small.map.datasets[name]
        untold = [term(POLICY, entry.purposes, self.days(name, row)).until for row in self.rows[name]]
        return untold.count(None)


def asked(small: Small, name: str, on: date, size: int = 7) -> tuple[Ahead, dict[Key, Fate], dict[date, int]]:
    """What the database says: counts, rows page by page, and how many leave when."""
    timed, connector = timing(POLICY, small.map.datasets[name]), small.connector()
    try:
        with connector.session() as session:
            due = session.due(FISCAL)
            after, found = None, {}
            while True:
                page = due.page(name, timed, on, use=False, after=after, size=size)
                found |= {row.key: row.fate for row in page.rows}
                after = page.last
                if after is None:
                    break
            return due.ahead(name, timed, on), found, dict(due.leaving(name, timed))
    finally:
        connector.close()


@pytest.fixture
def build(any_empty: str) -> Iterator[Any]:  # noqa: F811
    made: list[World] = []

    def make(seed: int, **more: Any) -> World:
        made.append(World(any_empty, seed, **more))
        return made[-1]

    yield make
    for each in made:
        each.small.close()


@pytest.mark.parametrize("seed", [1, 2])
def test_the_database_finds_the_rows_that_the_policys_arithmetic_finds(build, seed):
    world = build(seed)
    for on in (ON, date(2024, 3, 1), date(2026, 1, 1), date(2026, 3, 29), date(2026, 10, 26)):
        for name, entry in world.small.map.datasets.items():
            right = world.due(name, on)
            ahead, found, leaving = asked(world.small, name, on)
            assert found == right, (name, on)
            assert dict(ahead.fates).get(Fate.MINIMISE, 0) + len(right) == sum(ahead.fates.values())
            counted = {fate: n for fate, n in ahead.fates.items() if fate is not Fate.MINIMISE}
            assert counted == {fate: [*right.values()].count(fate) for fate in set(right.values())}
            ends: dict[date, int] = {}
            timed = timing(POLICY, entry)
            for row in world.rows[name]:
                until = leaves_on(timed, world.days(name, row))
                if until is not None:
                    ends[until] = ends.get(until, 0) + 1
            assert leaving == ends, name
            if timed.ends:
                assert ahead.unknown == world.unknown(name), name


def test_rows_that_nobody_may_use_any_more_are_found_while_they_are_kept(build):
    world = build(3)
    timed = timing(POLICY, world.small.map.datasets["books"])
    right = {
        (str(row["id"]),)
        for row in world.rows["books"]
        if fate_of(timed, world.days("books", row), ON) is Fate.MINIMISE
    }
    connector = world.small.connector()
    with connector.session() as session:
        due = session.due(FISCAL)
        page = due.page("books", timed, ON, use=True, after=None, size=1000)
        assert {row.key for row in page.rows} == right and right
        assert {row.fate for row in page.rows} == {Fate.MINIMISE}
        assert due.ahead("books", timed, ON).fates[Fate.MINIMISE] == len(right)
    connector.close()


def test_rows_go_only_while_they_are_past_their_time_and_nobody_points_at_them(build):
    world = build(4)
    timed = timing(POLICY, world.small.map.datasets["contracts"])
    right = set(world.due("contracts", ON))
    pointed = {(str(row["contract"]),) for row in world.rows["notes"]} & right
    assert pointed and right - pointed
    connector = world.small.connector()
    with connector.session() as session:
        rows = session.due(FISCAL).page("contracts", timed, date.max, use=False, after=None, size=1000).rows
        assert session.due(FISCAL).ahead("contracts", timed, ON).waiting == len(pointed)
    with connector.acting() as session:
        due = session.due(FISCAL)
        assert {row.key for row in rows if row.pointed} >= pointed
        assert due.remove("contracts", timed, ON, rows) == len(right - pointed)
        assert not due.there("contracts", right - pointed)
    connector.close()
    left = {(str(id_),) for id_, *_ in world.small.rows("contracts")}
    assert left == {(str(row["id"]),) for row in world.rows["contracts"]} - (right - pointed)


def test_what_others_point_at_from_within_json_waits(build):
    world = build(10)
    timed = timing(POLICY, world.small.map.datasets["tickets"])
    right = {key[0] for key in world.due("tickets", ON)}
    pointed = {str(about(row)) for row in world.rows["calls"]} | {
        str(row["ticket"]) for row in world.rows["notes"]
    }
    only = {str(about(row)) for row in world.rows["calls"]} - {
        str(row["ticket"]) for row in world.rows["notes"]
    }
    assert right & only and right - pointed
    connector = world.small.connector()
    with connector.session() as session:
        rows = session.due(FISCAL).page("tickets", timed, ON, use=False, after=None, size=1000).rows
        assert {row.key[0] for row in rows if row.pointed} == right & pointed
    connector.close()


WRONG = {
    "sqlite": ("'0000-00-00'", "'2024-02-30'", "'x'", "17", "''", "'next week'"),
    "postgresql": ("'infinity'", "'-infinity'", "'0044-03-15 BC'"),
    "mysql": ("'0000-00-00'", "'2024-02-30'", "'2024-00-01'"),
}


def test_a_row_with_an_impossible_date_is_told_and_does_not_stop_the_others(build):
    world = build(5)
    kind = world.small._engine.dialect.name
    impossible = WRONG["mysql" if kind == "mariadb" else kind]
    before = {name: asked(world.small, name, ON) for name in ("contracts", "notes", "logs")}
    with world.small._engine.begin() as db:
        if kind in ("mysql", "mariadb"):
            db.exec_driver_sql("set sql_mode = 'ALLOW_INVALID_DATES'")
        for n, text in enumerate(impossible, start=900):
            db.exec_driver_sql(f"insert into contracts (id, person, ended) values ({n}, 1, {text})")
            db.exec_driver_sql(f"insert into notes (id, contract) values ({n}, {n})")
            if kind == "postgresql":
                db.exec_driver_sql(f"insert into logs (id, person, at) values ({n}, 1, {text})")
        if kind in ("mysql", "mariadb"):
            db.exec_driver_sql("insert into logs (id, person, at) values (900, 1, '0000-00-00')")
    for name, (ahead, found, leaving) in before.items():
        now, rows, _ = asked(world.small, name, date.max)
        again = asked(world.small, name, ON)
        assert again[1:] == (found, leaving), name
        assert again[0].fates == ahead.fates
        assert not {key for key in rows if int(key[0]) >= 900}
        more = {"contracts": len(impossible), "notes": len(impossible)}.get(name)
        if more is not None:
            assert (now.unknown - ahead.unknown, now.wrong - ahead.wrong) == (
                more,
                more if name == "contracts" else 0,
            )
        elif kind != "sqlite":
            assert now.wrong - ahead.wrong == now.unknown - ahead.unknown > 0


def test_a_row_whose_purpose_has_no_rule_never_goes(build):
    world = build(6)
    assert asked(world.small, "persons", date.max) == (Ahead(), {}, {})


def test_a_column_that_holds_no_days_is_a_fault(build):
    world = build(7)
    if world.small._engine.dialect.name == "sqlite":
        return  # anything may stand in any column there; each row is looked at
    entry = world.small.map.datasets["tickets"]
    entry.anchors["event.time"] = entry.anchors["event.time"].model_copy(update={"column": "about"})
    with pytest.raises(FaultsFound) as found:
        asked(world.small, "tickets", ON)
    assert [fault.number for fault in found.value.faults] == ["X006"]


def test_everybody_in_the_mapped_columns_is_met(build):
    world = build(8)
    connector = world.small.connector()
    with connector.session() as session:
        due = session.due(FISCAL)
        assert {i.value for i in due.everybody(ON)} == {row["email"] for row in world.rows["persons"]}
        assert [i.value for i in due.identities("persons", {("2",)}, ON)] == ["p2@kund.example"]
    connector.close()


def test_a_dataset_is_counted_with_one_statement_and_a_page_read_with_one(build, caplog):
    world = build(9)
    connector = world.small.connector()
    with connector.session() as session:
        due, timed = session.due(FISCAL), timing(POLICY, world.small.map.datasets["logs"])
        caplog.set_level("DEBUG", logger="lofte.connectors.sql.wire")
        caplog.clear()
        due.ahead("logs", timed, ON)
        assert len(caplog.records) == 1
        due.page("logs", timed, ON, use=False, after=(3,), size=100)
        assert len(caplog.records) == 2
    connector.close()

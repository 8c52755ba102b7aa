"""Random rules, random histories: what SQL finds is what the policy's arithmetic finds, row by row."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lofte.connectors.sql.days import DayColumn
from lofte.plan.due import Fate, Timing, fate_of, timing
from lofte.policy.retention import term
from tests.due.test_due_days import ANCHORS, EVERY_DAY, a_moment, a_policy, day
from tests.erase.small import TECHNICAL, Small, dataset, system
from tests.services import sqlite_database

POLICIES, ROWS, DAYS = 42, 200, 12
TURNS = [d for d in EVERY_DAY if (d.month, d.day) in ((2, 28), (2, 29), (3, 1))]
"""Around leap days, where a year or a month more ends on another day."""
CLOCKS = [d for d in EVERY_DAY if d.month in (3, 10) and d.day > 24 and d.weekday() in (5, 6, 0)]
"""Around the nights on which the clock is set."""


def columns() -> list[sa.Column[Any]]:
    return [sa.Column(f"at{n}", sa.Text) for n in range(len(ANCHORS))]


def tables() -> sa.MetaData:
    metadata = sa.MetaData()
    number = sa.Column("id", sa.Integer, primary_key=True, autoincrement=False)
    sa.Table("rows", metadata, number, *columns())
    return metadata


def map_of(purposes: tuple[str, ...]) -> Any:
    fields = {f"at{n}": TECHNICAL for n in range(len(ANCHORS))}
    anchors = {
        name: {"column": f"at{n}", "fiscal_year": name == "fiscal_year.end"} for n, name in enumerate(ANCHORS)
    }
    rows = dataset([], fields, purposes=list(purposes), anchors=anchors, nobody={"en": "Nobody's."})
    return system(rows=rows)


def history(chance: random.Random) -> date | datetime | None:
    some = chance.random()
    if some < 0.2:
        return chance.choice(TURNS)
    if some < 0.4:
        at = chance.choice(CLOCKS)
        return datetime(at.year, at.month, at.day, tzinfo=UTC) + timedelta(minutes=chance.randint(-180, 1500))
    return a_moment(chance)


def compared(url: str, seed: int) -> tuple[int, int]:
    """How many rows were asked about, and how often the database and the arithmetic said unlike things."""
    chance = random.Random(seed)
    asked = differences = 0
    for number in range(POLICIES):
        policy, entry, fiscal = a_policy(chance)
        ends = {name: fiscal if name == "fiscal_year.end" else None for name in ANCHORS}
        rows = [[history(chance) for _ in ANCHORS] for _ in range(ROWS)]
        known = [{name: day(at, ends[name]) for name, at in zip(ANCHORS, row, strict=True)} for row in rows]
        small = Small(url, tables(), map_of(entry.purposes))
        if number:
            small.run("delete from rows")
        said = [
            {"id": n, **{f"at{m}": None if at is None else at.isoformat() for m, at in enumerate(row)}}
            for n, row in enumerate(rows)
        ]
        with small._engine.begin() as db:
            db.execute(sa.insert(small.metadata.tables["rows"]), said)
        timed = timing(policy, small.map.datasets["rows"])
        connector = small.connector()
        with connector.session() as session:
            due = session.due(fiscal)
            for on in (chance.choice(TURNS), chance.choice(CLOCKS), *chance.sample(EVERY_DAY, DAYS - 2)):
                found = found_in(due, timed, on)
                for n, days in enumerate(known):
                    until = term(policy, entry.purposes, days).until
                    over = until is not None and until < on and bool(timed.fates)
                    right = fate_of(timed, days, on) if over else None
                    differences += found.get(str(n)) != right
                    asked += 1
        connector.close()
        small.close()
    return asked, differences


def found_in(due: Any, timed: Timing, on: date) -> dict[str, Fate]:
    if not timed.ends:
        return {}
    page = due.page("rows", timed, on, use=False, after=None, size=ROWS + 1)
    return {row.key[0]: row.fate for row in page.rows}


def test_a_hundred_thousand_rows_under_random_rules_are_found_as_the_arithmetic_finds_them(tmp_path):
    assert compared(sqlite_database(tmp_path), 20261121) == (POLICIES * ROWS * DAYS, 0)
    assert POLICIES * ROWS * DAYS > 100_000


def test_a_day_too_early_is_seen(tmp_path, monkeypatch):
    monkeypatch.setattr(DayColumn, "past", lambda self, through: self.before(through + timedelta(days=2)))
    monkeypatch.setattr("tests.due.test_due_many.POLICIES", 12)
    assert compared(sqlite_database(tmp_path), 1)[1] > 0


@pytest.mark.parametrize("days", [TURNS, CLOCKS])
def test_every_year_has_such_days(days):
    assert {d.year for d in days} == set(range(2015, 2027))

"""Rows past their time are counted by other code, and the promises stand or fall with the count."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from lofte.connectors.sql.plainly import PlainReader
from lofte.execution import book
from lofte.plan.holds import HoldKind
from lofte.policy.promises import promises
from lofte.policy.retention import term
from lofte.proof.evaluate import EVALUATORS
from lofte.proof.records import Case, Check, Evidence, Finding, noted
from lofte.proof.retention import day_of_text, look
from lofte.requests.erasure import holds
from lofte.retention import past
from tests.due.test_due_rows import FISCAL, ON, World, any_empty, build  # noqa: F401
from tests.due.test_due_rows import POLICY as MANY
from tests.proof.test_rights_proven import POLICY as WEBHOST
from tests.retention.world import BERTIL, ago


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-01-01", date(2026, 1, 1)),
        ("2026-12-31 23:30:00+00:00", date(2027, 1, 1)),
        ("2026-12-31 23:30:00+00", date(2027, 1, 1)),
        ("2026-06-30T22:00:00Z", date(2026, 7, 1)),
        ("2026-06-30 21:59:59.999-00:00", date(2026, 6, 30)),
        ("2026-12-31 23:30:00", date(2026, 12, 31)),
        ("2026-01-01T00:30:00+14:00", date(2025, 12, 31)),
        ("infinity", None),
        ("0000-00-00", None),
        ("2026-02-30", None),
        ("", None),
        (None, None),
        ("0044-03-15 BC", None),
    ],
)
def test_a_day_is_read_from_a_text(text, day):
    assert day_of_text(text) == day


def test_the_count_finds_what_the_policys_arithmetic_finds(build: Any) -> None:  # noqa: F811
    world: World = build(11)
    reader = PlainReader(world.small.map, world.small.url)
    for on in (ON, date(2026, 3, 29)):
        looked = look(MANY, world.small.map, reader.texts, on)
        for name, entry in world.small.map.datasets.items():
            right = [term(MANY, entry.purposes, world.days(name, row)) for row in world.rows[name]]
            counts = [count for (id_, _), count in looked.found.items() if id_ == name]
            for count in counts:
                assert (count.rows, count.unknown) == (len(right), [t.until for t in right].count(None))
            if name in ("contracts", "notes", "logs", "lines", "books", "calls"):
                late = sum(t.until is not None and t.until < on for t in right)
                assert max((count.past for count in counts), default=0) == late, name
    reader.close()


def evidence(company: Any) -> list[Evidence]:
    checks = past.counted(company.house, lambda system: PlainReader(system, company.small.url))
    return [*(noted(entry, payload) for entry, payload in book.opened() if payload is not None), *checks]


def finding(company: Any, id_: str, path: str = "", found: list[Evidence] | None = None) -> Finding:
    some = replace(next(iter(promises(WEBHOST))), id=id_, path=path)
    told = tuple(evidence(company) if found is None else found)
    case = Case(promise=some, policy=company.house.policy, evidence=told, now=company.house.now, texts={})
    return EVALUATORS[id_](case).finding


def test_a_row_past_its_time_breaks_the_promise_until_it_is_swept(company):
    company.house = replace(
        company.house, policy=company.house.policy.model_copy(update={"purposes": {
            id_: p for id_, p in company.house.policy.purposes.items() if id_ != "forever"}})
    )  # fmt: skip
    company.approve()
    company.logs(2)
    assert finding(company, "P134") is finding(company, "P137") is Finding.BROKEN
    assert finding(company, "P153", "purposes.watch") is Finding.BROKEN
    assert finding(company, "P153", "purposes.sell") is Finding.UNPROVEN
    company.sweep()
    assert finding(company, "P134") is finding(company, "P027", "purposes.watch") is Finding.KEPT
    assert finding(company, "P135") is Finding.KEPT
    assert finding(company, "P136") is Finding.UNPROVEN


def test_without_a_count_or_without_a_late_sweep_nothing_is_proven(company):
    company.approve()
    company.sweep()
    assert finding(company, "P048", "purposes.help", []) is Finding.UNPROVEN
    old = company.house
    company.clock.now += timedelta(days=3)
    assert old.now == company.house.now
    assert finding(company, "P048", "purposes.help") is Finding.UNPROVEN


def test_rows_that_a_hold_keeps_do_not_break_the_promise(company):
    company.approve()
    company.logs(2)
    holds.place(
        company.house, kind=HoldKind.LEGAL_CLAIM, identities=[company.anna()], case="T 1",
        review_on=date(2027, 1, 1), why="tvist", by=BERTIL,
    )  # fmt: skip
    assert finding(company, "P033", "purposes.watch") is Finding.BROKEN
    company.sweep()
    assert finding(company, "P033", "purposes.watch") is Finding.KEPT
    told = [e.facts for e in evidence(company) if e.kind == Check.RETENTION and e.facts["dataset"] == "logs"]
    assert [(facts["past"], facts["excused"]) for facts in told] == [(0, 2)]
    company.put("logs", {"id": 99, "person": 2, "at": ago(91)})
    assert finding(company, "P033", "purposes.watch") is Finding.BROKEN

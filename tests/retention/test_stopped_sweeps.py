"""Killed at any moment, with a clock that leaps: nothing goes that should stay, and every count is right."""

from __future__ import annotations

import os
import signal
from datetime import date, timedelta

import pytest
from django.db import connection, connections

from lofte.connectors.sql.wire import Wire
from lofte.errors import Unreachable
from lofte.execution import book
from lofte.plan.holds import HoldKind
from lofte.requests.erasure import holds
from lofte.retention import clock, part
from lofte.retention.models import Line, Part, Stop, Sweep
from tests.retention.world import BERTIL, ago, done


def killed_at(number: int, act) -> bool:
    """Do it in a process of its own that is killed before its n-th statement, in our store or in the
    system. False = it was done before it came so far."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        seen = 0

        def count() -> None:
            nonlocal seen
            seen += 1
            if seen == number:
                os.kill(os.getpid(), signal.SIGKILL)

        def ours(execute, sql, parameters, many, context):
            count()
            return execute(sql, parameters, many, context)

        def theirs(name):
            before = getattr(Wire, name)

            def after(self, *arguments):
                count()
                return before(self, *arguments)

            setattr(Wire, name, after)

        theirs("all")
        theirs("change")
        try:
            with connection.execute_wrapper(ours):
                act()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def fill(company) -> None:
    company.logs(5)
    company.logs(1, first=50, days=1)
    company.put("contracts", {"id": 1, "person": 1, "name": "Anna", "ended": ago(200)})
    company.put("contracts", {"id": 2, "person": 1, "name": "Anna", "ended": ago(200)})
    company.put("notes", {"id": 1, "contract": 1, "said": "hej", "at": ago(100)})
    company.put("notes", {"id": 2, "contract": 2, "said": "hej", "at": ago(1)})
    company.put("tickets", {"id": 1, "person": 1, "said": "x", "kind": "y", "closed": date(2024, 1, 2)})


def empty(company) -> None:
    for table in ("notes", "contracts", "logs", "tickets"):
        company.small.run(f"delete from {table}")


def test_killed_before_any_statement_the_next_sweep_ends_with_every_row_counted_once(company):
    fill(company)
    company.approve()
    at, met = 1, 0
    while True:
        empty(company)
        fill(company)
        before = Line.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        killed = killed_at(at, lambda: company.sweep(size=2))
        company.sweep(size=2)
        assert company.ids("logs") == [50]
        assert (company.ids("notes"), company.ids("contracts")) == ([2], [2])
        assert company.small.rows("contracts") == [(2, 1, None, ago(200))]
        assert company.small.rows("tickets") == [(1, None, None, "other", date(2024, 1, 1))]
        lines = Line.objects.filter(pk__gt=before)
        gone = {
            name: sum(line.gone for line in lines if line.dataset == name)
            for name in ("logs", "notes", "contracts")
        }
        assert gone == {"logs": 5, "notes": 1, "contracts": 1}
        assert not Part.objects.filter(told_at=None).exists()
        assert not Part.objects.exclude(keys=b"").exists()
        assert not Sweep.objects.filter(end=None).exists()
        met += killed
        if not killed:
            break
        at += 13
    assert met > 5
    assert book.verify(company.house.keys.ledger) is None and book.waiting() == 0
    told = {each["dataset"]: 0 for each in company.said("sweep.done")}
    for each in company.said("sweep.done"):
        told[each["dataset"]] += each["gone"]
    assert told == {d: sum(line.gone for line in Line.objects.filter(dataset=d)) for d in told}


@pytest.mark.parametrize("stop_at", range(1, 5))
def test_stopped_after_any_part_the_same_sweep_goes_on(company, stop_at):
    company.logs(8)
    company.approve()
    seen = []

    def stop(line, rows):
        seen.append(rows)
        if len(seen) == stop_at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        company.sweep(size=2, tell=stop)
    assert len(company.ids("logs")) == 8 - 2 * stop_at
    swept = company.sweep(size=2)
    assert done(swept) == {"logs": (8, 0, 0)}
    assert Sweep.objects.count() == 1


def test_a_hold_that_came_while_a_sweep_was_stopped_is_obeyed(company):
    company.logs(4)
    company.approve()

    def stop(line, rows):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        company.sweep(size=2, tell=stop)
    holds.place(
        company.house, kind=HoldKind.LEGAL_CLAIM, identities=[company.anna()], case="T 1",
        review_on=date(2027, 1, 1), why="tvist", by=BERTIL,
    )  # fmt: skip
    assert done(company.sweep(size=2)) == {"logs": (2, 0, 2)}


def test_an_answer_that_is_lost_after_the_commit_is_read_from_the_system(company, monkeypatch):
    company.logs(3)
    company.approve()
    act = part.act

    def lost(*arguments, **more):
        act(*arguments, **more)
        monkeypatch.setattr(part, "act", act)
        raise Unreachable("the line was cut")

    monkeypatch.setattr(part, "act", lost)
    swept = company.sweep()
    assert {stop.why for stop in swept.stops} == {"unreachable"}
    assert company.ids("logs") == []
    assert Line.objects.get(dataset="logs").gone == 3
    assert [each["gone"] for each in company.said("sweep.done")] == [3]


# -- the clock --------------------------------------------------------------------------------------------


def test_a_clock_that_leaps_over_more_than_a_day_stops_the_sweep_until_somebody_has_looked(company):
    company.approve()
    company.sweep()
    company.logs(3, days=1)
    company.clock.go(days=200)
    with pytest.raises(clock.ClockDoubted, match="leapt over 200 days"):
        company.sweep()
    assert len(company.ids("logs")) == 3
    assert Stop.objects.get().why == company.said("sweep.stopped")[0]["why"] == "clock"
    clock.confirm(company.house, by=BERTIL)
    assert done(company.sweep()) == {"logs": (3, 0, 0)}


def test_what_a_leaping_clock_has_noted_itself_proves_nothing(company):
    company.approve()
    company.sweep()
    company.clock.go(days=200)
    holds.place(
        company.house, kind=HoldKind.INCIDENT, identities=[company.anna()], case="I 2",
        review_on=date(2030, 1, 1), why="intrång", by=BERTIL,
    )  # fmt: skip
    with pytest.raises(clock.ClockDoubted):
        company.sweep()


def test_a_clock_that_goes_back_stops_the_sweep(company):
    company.approve()
    company.sweep()
    company.clock.go(hours=-2)
    with pytest.raises(clock.ClockDoubted, match="earlier time"):
        company.sweep()
    clock.confirm(company.house, by=BERTIL)
    company.sweep()


def test_nights_that_follow_each_other_are_not_doubted(company):
    company.approve()
    for _ in range(4):
        company.sweep()
        company.clock.now += timedelta(hours=25)
    company.clock.now += timedelta(hours=20)
    company.sweep()

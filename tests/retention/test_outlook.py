"""What the sweeps have before them is looked up once, kept in counts, and approved as it was seen."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import pytest

from lofte.errors import Conflict, Refused
from lofte.retention import outlook
from lofte.retention.calendar import calendar
from lofte.retention.models import Approval, Outlook
from tests.due.test_due_days import policy_of
from tests.retention.world import BERTIL, PURPOSES, RULES, TODAY, ago, done

LOGS = "shop.logs.delete"


def look(company):
    return outlook.make(company.house, company.connect)


def task(company, dataset):
    return next(p for p in outlook.prospects(look(company)) if p.task.dataset == dataset)


def ref(company, dataset="logs"):
    return outlook.name(task(company, dataset).task)


def test_it_says_what_the_sweep_would_do_and_nothing_is_done(company):
    company.logs(3)
    seen = task(company, "logs").task
    assert (seen.rows, seen.why, seen.rules) == (3, "unapproved", ("event",))
    assert len(company.ids("logs")) == 3


def test_it_says_how_long_the_row_with_the_least_time_has_left(company):
    company.put("logs", {"id": 1, "person": 1, "at": ago(80)}, {"id": 2, "person": 1, "at": ago(10)})
    assert task(company, "logs").spare == 11
    company.put("logs", {"id": 3, "person": 1, "at": ago(93)})
    assert task(company, "logs").spare == -2


def test_what_will_leave_is_as_the_calendar_says(company):
    company.put("logs", *({"id": n, "person": 1, "at": ago(n)} for n in (1, 5, 80, 88, 95)))
    seen = outlook.leaving(look(company))
    assert seen == calendar(company.house, company.connect, outlook.DAYS)
    assert [each.day - TODAY for each in seen] == [timedelta(days=d) for d in (0, 3, 11, 86, 90)]


def test_a_system_that_does_not_answer_is_told_and_the_others_are_seen(company, monkeypatch):
    from lofte.errors import Unreachable

    def gone(system):
        raise Unreachable(f"`{system.id}` does not answer")

    company.logs(1)
    seen = outlook.make(company.house, gone)
    assert {p.task.why for p in outlook.prospects(seen)} == {"unreachable"}
    assert not seen.leaving


def test_what_was_seen_can_be_approved_and_then_goes(company):
    company.logs(3)
    approved = outlook.approve_seen(company.house, [ref(company)], by=BERTIL)
    assert [(each.dataset, each.rows, each.by) for each in approved] == [("logs", 3, BERTIL)]
    assert done(company.sweep()) == {"logs": (3, 0, 0)}
    assert task(company, "logs").task.why == ""


def test_nothing_is_approved_that_was_not_looked_at(company):
    with pytest.raises(Refused):
        outlook.approve_seen(company.house, [LOGS], by=BERTIL)
    look(company)
    for refs in ([], ["shop.nothing.delete"]):
        with pytest.raises(Refused):
            outlook.approve_seen(company.house, refs, by=BERTIL)
    assert not Approval.objects.exists()


def test_a_rule_that_has_changed_since_is_looked_at_again_before_it_is_approved(company):
    company.logs(3)
    seen = ref(company)
    rules = RULES | {"event": {"keep_until": "event.time + P30D", "action": "delete"}}
    company.house = dataclasses.replace(company.house, policy=policy_of(rules, PURPOSES))
    with pytest.raises(Conflict):
        outlook.approve_seen(company.house, [seen], by=BERTIL)
    assert not Approval.objects.exists()


def test_one_is_made_when_somebody_asks_and_one_a_day(company, monkeypatch):
    assert not outlook.due(company.clock())  # nothing is published
    outlook.ask(company.house, by=BERTIL)
    outlook.ask(company.house, by=BERTIL)
    assert outlook.waits() and outlook.due(company.clock())
    look(company)
    assert Outlook.objects.count() == 1 and not outlook.waits()
    assert outlook.newest().by == BERTIL


def test_day_by_day_it_is_seen_that_no_row_outstays_its_time(company):
    company.approve()
    company.put("logs", *({"id": n, "person": 1, "at": ago(n)} for n in (88, 89, 90)))
    for _ in range(3):
        company.sweep()
        look(company)
        company.clock.go(days=1)
    (days,) = [days for at, days in outlook.spares().items() if at[1] == "logs"]
    assert [spare for _day, spare in days] == [1, 1, 1]
    look(company)  # a night without a sweep
    (days,) = [days for at, days in outlook.spares().items() if at[1] == "logs"]
    assert days[-1][1] == 0


def test_rows_that_stayed_as_nobodys_leave_no_second_time(company):
    company.put("tickets", {"id": 1, "person": 1, "said": "x", "kind": "y", "closed": date(2024, 1, 2)})
    assert task(company, "tickets").task.rows == 1
    company.approve()
    company.sweep()
    seen = task(company, "tickets")
    assert (seen.task.rows, seen.spare) == (0, None)
    assert not [each for each in outlook.leaving(outlook.newest()) if each.dataset == "tickets"]

"""The clock of a request: what stops it, what extends it, and who is warned when."""

from __future__ import annotations

from datetime import date, timedelta

import holidays as published_holidays
import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from lofte.errors import Refused
from lofte.law.clock import Stop, Waits, ask_by, clock, reached

FREE = frozenset(published_holidays.Sweden(years=range(2024, 2043), include_sundays=True))
ALL_DAYS = [date(2024, 1, 1) + timedelta(days=n) for n in range((date(2041, 1, 1) - date(2024, 1, 1)).days)]
MONDAY = date(2026, 3, 2)


def second(received: date, months: int, stood: int) -> date:
    """The last day, once more: by another library's months, and one day at a time."""
    day = received + relativedelta(months=months)
    for _ in range(stood):
        day += timedelta(days=1)
    while day.weekday() == 5 or day in FREE:
        day += timedelta(days=1)
    return day


@pytest.mark.parametrize("months", [1, 2, 3])
def test_the_last_day_is_that_of_another_implementation_on_every_date(months):
    wrong = [
        (received, stood)
        for received in ALL_DAYS
        for stood in (0, 1, received.day % 29)
        if clock(
            received,
            [Stop(waits=Waits.SCOPE, since=received, until=received + timedelta(days=stood))],
            months - 1,
        ).due(received)
        != second(received, months, stood)
    ]
    assert wrong == []


@given(
    received=st.dates(date(2024, 1, 1), date(2040, 1, 1)),
    waits=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 40)), max_size=3),
    extended=st.integers(0, 2),
)
def test_each_day_that_is_stood_still_is_a_day_more(received, waits, extended):
    day, stops = received, []
    for before, long in waits:
        stops.append(Stop(waits=Waits.IDENTITY, since=day + timedelta(days=before)))
        day = stops[-1].since + timedelta(days=long)
        stops[-1] = Stop(waits=Waits.IDENTITY, since=stops[-1].since, until=day)
    made = clock(received, stops, extended)
    assert made.due(day) == second(received, 1 + extended, sum(long for _, long in waits))
    assert made.unstopped == second(received, 1 + extended, 0) <= made.due(day)


def test_a_clock_that_stands_still_gives_a_day_more_each_day():
    stands = clock(MONDAY).stop(Waits.IDENTITY, MONDAY + timedelta(days=1))
    assert stands.due(MONDAY + timedelta(days=1)) == date(2026, 4, 2)
    assert stands.due(MONDAY + timedelta(days=11)) == date(2026, 4, 13)  # the 12th is a Sunday
    goes = stands.go_on(MONDAY + timedelta(days=11))
    assert {goes.due(MONDAY + timedelta(days=n)) for n in range(11, 300)} == {date(2026, 4, 13)}


@pytest.mark.parametrize(("received", "last"), [
    (date(2026, 3, 2), date(2026, 3, 5)),  # Monday to Thursday
    (date(2026, 3, 6), date(2026, 3, 11)),  # Friday to Wednesday
    (date(2026, 4, 2), date(2026, 4, 9)),  # Easter is between
    (date(2026, 12, 24), date(2026, 12, 30)),
])  # fmt: skip
def test_proof_is_asked_for_within_three_working_days_or_the_clock_goes_on(received, last):
    assert ask_by(received) == last
    assert clock(received).stop(Waits.IDENTITY, last).stopped
    with pytest.raises(Refused, match="stops no clock"):
        clock(received).stop(Waits.IDENTITY, last + timedelta(days=1))


def test_what_is_meant_is_asked_once():
    asked = clock(MONDAY).stop(Waits.SCOPE, MONDAY + timedelta(days=9)).go_on(MONDAY + timedelta(days=12))
    with pytest.raises(Refused, match="once"):
        asked.stop(Waits.SCOPE, MONDAY + timedelta(days=13))


def test_one_wait_at_a_time_and_in_order():
    stands = clock(MONDAY).stop(Waits.IDENTITY, MONDAY + timedelta(days=2))
    with pytest.raises(Refused, match="already"):
        stands.stop(Waits.SCOPE, MONDAY + timedelta(days=3))
    with pytest.raises(Refused, match="before it was stopped"):
        stands.go_on(MONDAY)
    with pytest.raises(Refused, match="does not stand still"):
        clock(MONDAY).go_on(MONDAY)
    with pytest.raises(Refused, match="already happened"):
        clock(MONDAY).stop(Waits.SCOPE, MONDAY - timedelta(days=1))


def test_what_is_late_is_not_stopped_any_more():
    with pytest.raises(Refused, match="time is out"):
        clock(MONDAY).stop(Waits.SCOPE, date(2026, 4, 3))


def test_two_months_more_are_told_within_the_first():
    assert clock(MONDAY).extend(2, date(2026, 4, 2)).due(date(2026, 4, 2)) == date(2026, 6, 2)
    assert clock(MONDAY).extend(1, MONDAY).due(MONDAY) == date(2026, 5, 4)
    with pytest.raises(Refused, match="within the first month, by 2026-04-02"):
        clock(MONDAY).extend(2, date(2026, 4, 3))
    with pytest.raises(Refused, match="one month or by two"):
        clock(MONDAY).extend(3, MONDAY)
    with pytest.raises(Refused, match="already"):
        clock(MONDAY).extend(1, MONDAY).extend(1, MONDAY)


def test_a_stop_in_the_first_month_gives_more_time_to_tell_of_the_extension():
    waited = clock(MONDAY).stop(Waits.IDENTITY, MONDAY).go_on(MONDAY + timedelta(days=5))
    assert waited.extend(2, date(2026, 4, 7)).months == 3


def test_somebody_is_warned_at_every_mark_once():
    received = date(2026, 9, 1)
    told = [
        (day, mark.gone, mark.left)
        for day in (received + timedelta(days=n) for n in range(60))
        for mark in reached(clock(received), day - timedelta(days=1), day)
    ]
    assert told == [
        (date(2026, 9, 16), 50, 0),
        (date(2026, 9, 24), 0, 7),
        (date(2026, 9, 24), 75, 0),
        (date(2026, 9, 28), 0, 3),
        (date(2026, 9, 28), 90, 0),
        (date(2026, 9, 30), 0, 1),
    ]


def test_days_that_nobody_looked_are_made_up_for_and_a_stopped_clock_warns_nobody():
    received = date(2026, 9, 1)
    assert len(reached(clock(received), received, date(2026, 12, 1))) == 6
    stopped = clock(received).stop(Waits.IDENTITY, received)
    assert reached(stopped, received, date(2026, 12, 1)) == ()

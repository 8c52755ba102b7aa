"""Deadlines of art. 12.3 and the Swedish holidays they move past."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import holidays as published_holidays
import pytest

from lofte.law import calendar
from lofte.law.calendar import add_months, civil_date, due, easter_sunday, is_working_day

ALL_DAYS = [date(2024, 1, 1) + timedelta(days=n) for n in range((date(2041, 1, 1) - date(2024, 1, 1)).days)]

VECTORS = """
2026-03-05 2026-04-07 2026-06-05
2026-01-31 2026-03-02 2026-04-30
2026-08-31 2026-09-30 2026-11-30
2026-11-24 2026-12-24 2027-02-24
2026-11-25 2026-12-28 2027-02-25
2026-05-06 2026-06-08 2026-08-06
2026-05-20 2026-06-22 2026-08-20
2026-04-14 2026-05-15 2026-07-14
2026-12-06 2027-01-07 2027-03-08
2027-01-29 2027-03-01 2027-04-29
2028-01-31 2028-02-29 2028-05-02
2024-01-31 2024-02-29 2024-04-30
2025-08-31 2025-09-30 2025-12-01
"""


@pytest.mark.parametrize("row", VECTORS.split("\n")[1:-1])
def test_the_answer_is_due_when_the_authority_says(row):
    received, in_one, in_three = map(date.fromisoformat, row.split())
    assert (due(received), due(received, months=3)) == (in_one, in_three)


def second_easter(year):
    """Easter again, by Gauss with the Gregorian corrections."""
    a, b, c = year % 19, year % 4, year % 7
    k = year // 100
    p, q = (13 + 8 * k) // 25, k // 4
    m, n = (15 - p + k - q) % 30, (4 + k - q) % 7
    d = (19 * a + m) % 30
    e = (2 * b + 4 * c + 6 * d + n) % 7
    day = 22 + d + e
    if d == 29 and e == 6:
        day = 50
    elif d == 28 and e == 6 and (11 * m + 11) % 30 < 19:
        day = 49
    return date(year, 3, 1) + timedelta(days=day - 1)


def second_free(day):
    """Is it a free day? Asked the other way round: of each day, not of the year."""
    if day.isoweekday() in (6, 7):
        return True
    if (day.month, day.day) in {(1, 1), (1, 6), (5, 1), (6, 6), (12, 25), (12, 26)}:
        return True
    return (day - second_easter(day.year)).days in (-2, 1, 39)


def second_due(received, months):
    """Count the days of the month one by one, then walk to a working day."""
    year, month = received.year, received.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    day = received.day
    while True:
        try:
            end = date(year, month, day)
            break
        except ValueError:
            day -= 1
    while second_free(end):
        end += timedelta(days=1)
    return end


@pytest.mark.parametrize("months", [1, 2, 3])
def test_every_day_until_2040_has_the_same_deadline_counted_another_way(months):
    assert [d for d in ALL_DAYS if due(d, months) != second_due(d, months)] == []


def test_every_day_until_2040_is_free_exactly_when_the_published_list_says():
    published = published_holidays.Sweden(years=range(2024, 2042), include_sundays=True)
    disagree = [d for d in ALL_DAYS if is_working_day(d) == (d.weekday() == 5 or d in published)]
    assert disagree == []


def test_every_named_day_until_2040_stands_in_the_published_list():
    published = published_holidays.Sweden(years=range(2024, 2042), include_sundays=False)
    for year in range(2024, 2041):
        assert set(calendar.holidays(year)) == {d for d in published if d.year == year}


def test_easter_is_the_same_counted_another_way_for_a_thousand_years():
    assert [y for y in range(1600, 2600) if easter_sunday(y) != second_easter(y)] == []


@pytest.mark.parametrize(
    "eve", [date(2026, 12, 24), date(2026, 12, 31), date(2026, 6, 19), date(2026, 4, 30)]
)
def test_an_eve_never_gives_the_company_another_day(eve):
    assert is_working_day(eve)


def test_a_deadline_is_always_a_working_day_within_a_week_of_the_date():
    for received in ALL_DAYS:
        end, plain = due(received), add_months(received, 1)
        assert is_working_day(end) and timedelta(0) <= end - plain < timedelta(days=7)


def test_months_are_added_backwards_and_across_years():
    assert add_months(date(2026, 3, 31), -1) == date(2026, 2, 28)
    assert add_months(date(2026, 11, 30), 15) == date(2028, 2, 29)


def test_a_request_late_at_night_is_received_on_the_swedish_day():
    assert civil_date(datetime(2026, 7, 31, 22, 30, tzinfo=UTC)) == date(2026, 8, 1)
    assert civil_date(datetime(2026, 1, 31, 22, 30, tzinfo=UTC)) == date(2026, 1, 31)
    assert civil_date(datetime(2026, 7, 31, 23, 59)) == date(2026, 7, 31)

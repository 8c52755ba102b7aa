"""How fast requests are answered: counted once, never better than it is, the same as by another way."""

from __future__ import annotations

import math
import random
from datetime import date, datetime, time, timedelta

import pytest

from lofte.law.calendar import STOCKHOLM
from lofte.requests.course.statistics import Counted, figures, statistics
from lofte.requests.models import Request, Transition

TODAY = date(2026, 6, 15)


def put(
    n: int, received: date, took: int | None, *, right: str = "access", channel: str = "email"
) -> Request:
    at = datetime.combine(received, time(12), STOCKHOLM)
    request = Request.objects.create(
        ref=f"{n:032x}", number=f"2026-{n:06}", right=right, channel=channel, language="sv", received_at=at,
        due_on=received + timedelta(days=30), policy_version="2026.1", key=b"",
        state="received" if took is None else "delivered",
    )  # fmt: skip
    Transition.objects.create(request=request, to_state="received", at=at)
    if took is not None:
        Transition.objects.create(request=request, to_state="delivered", at=at + timedelta(days=took))
    return request


def one(took: int | None, days_ago: int = 40) -> Counted:
    received = TODAY - timedelta(days=days_ago)
    return Counted(
        number="2026-000001", right="access", channel="email", state="", received=received,
        due=received + timedelta(days=30),
        answered=None if took is None else received + timedelta(days=took),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("some", "in_time", "late", "waiting", "percent", "median", "ninetieth"),
    [
        ([], 0, 0, 0, None, None, None),
        ([one(30)], 1, 0, 0, 100, 30, 30),
        ([one(31)], 0, 1, 0, 0, 31, 31),
        ([one(None)], 0, 1, 0, 0, None, None),
        ([one(None, 30)], 0, 0, 1, None, None, None),
        ([one(n) for n in range(1, 11)], 10, 0, 0, 100, 5, 9),
        ([*(one(3) for _ in range(199)), one(31)], 199, 1, 0, 99, 3, 3),
    ],
)
def test_figures_are_told_no_better_than_they_are(some, in_time, late, waiting, percent, median, ninetieth):
    found = figures(some, TODAY)
    assert (found.received, found.in_time, found.late, found.waiting) == (len(some), in_time, late, waiting)
    assert (found.in_time_percent, found.median, found.ninetieth) == (percent, median, ninetieth)


def test_the_parts_add_up_to_the_whole_for_any_requests(store):
    dice = random.Random(7)
    rights, channels = ("access", "erasure", "objection"), ("email", "phone")
    for n in range(150):
        took = dice.choice([None, dice.randrange(60)])
        put(
            n,
            TODAY - timedelta(days=dice.randrange(400)),
            took,
            right=dice.choice(rights),
            channel=dice.choice(channels),
        )
    found = statistics(TODAY - timedelta(days=300), TODAY, TODAY)
    for parts in (found.by_right, found.by_channel, found.by_month):
        for name in ("received", "in_time", "late", "waiting"):
            assert sum(getattr(part.figures, name) for part in parts) == getattr(found.all, name), name
    assert sum(found.ages) == Request.objects.filter(state="received").count()
    days = sorted(
        (each.at.astimezone(STOCKHOLM).date() - each.request.received_at.astimezone(STOCKHOLM).date()).days
        for each in Transition.objects.filter(to_state="delivered").select_related("request")
        if each.request.received_at.astimezone(STOCKHOLM).date() >= TODAY - timedelta(days=300)
    )
    assert found.all.median == days[math.ceil(len(days) / 2) - 1]
    assert sum(day <= found.all.ninetieth for day in days) >= 0.9 * len(days)


def test_a_period_holds_its_first_and_last_day_as_they_are_in_sweden(store):
    for n, hour in enumerate((time(0, 0), time(23, 59, 59))):
        request = put(n, TODAY, 1)
        Request.objects.filter(pk=request.pk).update(received_at=datetime.combine(TODAY, hour, STOCKHOLM))
    assert statistics(TODAY, TODAY, TODAY).all.received == 2
    assert statistics(TODAY + timedelta(days=1), TODAY + timedelta(days=1), TODAY).all.received == 0


def test_every_month_of_the_period_is_there_also_an_empty_one(store):
    months = [part.name for part in statistics(date(2025, 11, 30), date(2026, 2, 1), TODAY).by_month]
    assert months == ["2025-11", "2025-12", "2026-01", "2026-02"]


def test_counting_asks_the_store_as_often_for_many_as_for_few(store, django_assert_max_num_queries):
    for n in range(60):
        put(n, TODAY - timedelta(days=n), 3 if n % 2 else None)
    with django_assert_max_num_queries(5):
        statistics(TODAY - timedelta(days=365), TODAY, TODAY)

"""A hold that comes or goes at any moment of a sweep: from then on nothing of that person goes, or it may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from lofte.connectors.sql.wire import Wire
from lofte.plan.holds import HoldKind
from lofte.requests.erasure import holds
from lofte.retention.models import Line
from tests.retention.world import BERTIL

ROWS, STEP = 4, 6
FIRST = (1, 3, 5)


def place(company):
    return holds.place(
        company.house, kind=HoldKind.LEGAL_CLAIM, identities=[company.anna()], case="T 3",
        review_on=date(2027, 1, 1), why="tvist", by=BERTIL,
    )  # fmt: skip


def swept_with(company, monkeypatch, number: int, act: Callable[[], None]) -> bool:
    """Sweep, and do this before the n-th statement in the system. False = it was over before."""
    seen = 0

    def counting(before):
        def statement(self, *arguments):
            nonlocal seen
            seen += 1
            if seen == number:
                act()
            return before(self, *arguments)

        return statement

    with monkeypatch.context() as patched:
        for name in ("all", "change"):
            patched.setattr(Wire, name, counting(getattr(Wire, name)))
        company.sweep(size=2)
    return seen >= number


@pytest.mark.parametrize("first", FIRST)
def test_from_the_moment_that_a_hold_is_placed_nothing_of_that_person_goes(company, monkeypatch, first):
    company.logs(ROWS)
    company.approve()
    left, number = set(), first
    while True:
        company.small.run("delete from logs")
        company.logs(ROWS)
        there, placed = [], []

        def come(there=there, placed=placed):
            placed.append(place(company))
            there += company.ids("logs")

        if not swept_with(company, monkeypatch, number, come):
            break
        assert company.ids("logs") == there, number
        left.add(len(there))
        holds.lift(company.house, placed[0].ref, why="förlikning", by=BERTIL)
        number += STEP
    assert ROWS in left or first > 1


@pytest.mark.parametrize("first", FIRST)
def test_a_hold_that_is_lifted_at_any_moment_loses_no_row_and_none_is_counted_twice(
    company, monkeypatch, first
):
    company.logs(ROWS)
    company.approve()
    number, went = first, 0
    while True:
        company.small.run("delete from logs")
        company.logs(ROWS)
        before = sum(Line.objects.filter(dataset="logs").values_list("gone", flat=True))
        hold = place(company)
        lifted = swept_with(
            company, monkeypatch, number,
            lambda ref=hold.ref: holds.lift(company.house, ref, why="förlikning", by=BERTIL),
        )  # fmt: skip
        if not lifted:
            assert company.ids("logs") == list(range(1, ROWS + 1))
            break
        company.sweep(size=2)
        assert company.ids("logs") == []
        now = sum(Line.objects.filter(dataset="logs").values_list("gone", flat=True))
        assert now - before == ROWS, number
        went += 1
        number += STEP
    assert went > 1

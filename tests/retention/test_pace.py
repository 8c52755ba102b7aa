"""A sweep goes gently, and stops when somebody says so; what was begun goes on where it was."""

from __future__ import annotations

import pytest

from lofte.errors import Conflict, Refused
from lofte.execution import book
from lofte.execution.models import LedgerEntry
from lofte.ledger.kinds import Kind
from lofte.retention import nightly
from lofte.retention.models import Sweep
from lofte.retention.pace import LONGEST, Pace, Paused, pause, reason, resume, standing
from tests.retention.world import BERTIL, done


@pytest.fixture
def full(company):
    company.approve()
    company.logs(6)
    return company


def test_a_paused_sweep_stops_after_its_part_and_goes_on_where_it_was(full):
    def tell(line, rows):
        if standing() is None and rows >= 2:
            pause(full.house, why="the shop is slow", by=BERTIL)

    with pytest.raises(Paused):
        full.sweep(size=2, tell=tell)
    assert len(full.ids("logs")) == 4
    with pytest.raises(Paused):
        full.sweep(size=2)
    assert len(full.ids("logs")) == 4
    resume(full.house, by=BERTIL)
    assert done(full.sweep(size=2)) == {"logs": (6, 0, 0)}
    assert Sweep.objects.count() == 1
    assert book.verify(full.house.keys.ledger) is None


def test_no_night_begins_while_they_are_paused(full):
    pause(full.house, why="x", by=BERTIL)
    assert not nightly.due(full.clock())
    resume(full.house, by="")
    assert nightly.due(full.clock())


def test_a_pause_is_a_record_with_who_and_why(full):
    made = pause(full.house, why="  the shop is slow ", by=BERTIL)
    assert reason(full.house, made) == "the shop is slow"
    resume(full.house, by=BERTIL)
    kinds = [Kind.SWEEP_PAUSED, Kind.SWEEP_RESUMED]
    assert list(LedgerEntry.objects.filter(kind__in=kinds).values_list("kind", "object")) == [
        (kind, made.ref) for kind in kinds
    ]


def test_a_pause_needs_a_reason_and_is_placed_and_ended_once(full):
    with pytest.raises(Refused):
        pause(full.house, why=" ", by=BERTIL)
    with pytest.raises(Conflict):
        resume(full.house, by=BERTIL)
    pause(full.house, why="x", by=BERTIL)
    with pytest.raises(Conflict):
        pause(full.house, why="y", by=BERTIL)


def test_the_system_rests_as_long_as_each_part_took_and_longer_while_it_is_slow():
    rests = []
    pace = Pace(sleep=rests.append)
    for took in [1.0] * 9 + [3.0, 1.0, 9.0]:
        pace.rest(took)
    assert rests == [1.0] * 9 + [LONGEST, 1.0, LONGEST]
    rests.clear()
    Pace(share=0, sleep=rests.append).rest(1)
    assert rests == []


def test_a_sweep_rests_after_each_part(full):
    rests = []
    full.sweep(size=2, pace=Pace(sleep=rests.append))
    assert len(rests) == 3

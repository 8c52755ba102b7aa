"""What is written and read without the ORM is what the ORM would have written and read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError

from lofte.execution.models import LedgerRecord, PersonLock, Step, StepState
from lofte.execution.store import drop, pick, pour, put, turn, writing

NOW = datetime(2026, 3, 29, 1, 30, 15, 123456, tzinfo=UTC)
LOCK = ("lookup", "owner", "about", "until", "closed")
STEP = (
    *("request", "kind", "target", "position", "state", "attempt", "not_before"),
    *("lease_owner", "lease_until", "epoch", "result", "failure"),
)


def step(request="a", position=1, lease=None):
    return (request, "erase", "shop", position, StepState.RUNNING, 1, NOW, "me", lease, 3, {"rows": 2}, "")


def test_the_orm_reads_what_was_poured(any_store):
    with writing():
        pour(Step, STEP, [step(), step("b", lease=NOW)])
        pour(LedgerRecord, ("commitment", "object", "key", "payload"), [("c", "o", b"\x00k", b"{}")])
    first, second = Step.objects.order_by("id")
    assert (first.state, first.not_before, first.lease_until, first.result) == (
        StepState.RUNNING,
        NOW,
        None,
        {"rows": 2},
    )
    assert second.lease_until == NOW
    assert bytes(LedgerRecord.objects.get().key) == b"\x00k"


def test_what_is_picked_is_what_the_orm_reads(any_store):
    PersonLock.objects.create(lookup="x", owner="me", about="a" * 32, until=NOW, closed=True)
    Step.objects.create(request="a", kind="erase", target="shop", position=1, not_before=NOW, result={"n": 1})
    assert pick(PersonLock, LOCK, {"lookup": ["x", "y"]}) == [("x", "me", "a" * 32, NOW, True)]
    assert pick(Step, ("result", "lease_until"), {"state": StepState.WAITING}) == [({"n": 1}, None)]


def test_what_is_picked_comes_in_the_order_that_was_asked(any_store):
    with writing():
        pour(Step, STEP, [step(str(n), position=n) for n in (2, 1, 3)])
        assert pick(Step, ("request",), {}, order=("-position",), at_most=2) == [("3",), ("2",)]
        assert pick(Step, ("request",), {"kind": "erase"}, order=("position",), lock=True)[0] == ("1",)
    assert pick(Step, ("request",), {"request": []}) == []


def test_a_row_that_is_there_is_left_or_written_anew_as_asked(any_store):
    held = ("x", "me", "a", NOW, False)
    later = NOW + timedelta(minutes=5)
    with writing():
        pour(PersonLock, LOCK, [held])
        pour(PersonLock, LOCK, [("x", "you", "b", later, True)], unique=("lookup",))
        assert pick(PersonLock, LOCK, {}) == [held]
        pour(PersonLock, LOCK, [("x", "you", "b", later, True)], unique=("lookup",), update=("until",))
        assert pick(PersonLock, LOCK, {}) == [("x", "me", "a", later, False)]
    with pytest.raises(IntegrityError), writing():
        pour(PersonLock, LOCK, [held])


def test_only_rows_that_are_still_as_they_were_are_turned(any_store):
    with writing():
        pour(Step, STEP, [step(), step("b")])
        found = [(request, "me", StepState.DONE, {}) for request in ("a", "b", "c")]
        assert turn(Step, ("request", "lease_owner"), ("state", "result"), found) == 2
        assert turn(Step, ("request", "lease_owner"), ("state",), [("a", "you", StepState.FAILED)]) == 0
    assert set(Step.objects.values_list("state", flat=True)) == {StepState.DONE}


def test_what_is_put_and_dropped_is_what_the_condition_says(any_store):
    with writing():
        pour(Step, STEP, [step(), step("b", lease=NOW), step("c", lease=NOW)])
        assert put(Step, {"state": StepState.DONE, "result": {"n": 1}}, {"lease_until": None}) == 1
        assert drop(Step, {"request": ["b", "x"]}) == 1
        assert (put(Step, {"kind": "x"}, {"request": []}), drop(Step, {"request": []})) == (0, 0)
    assert pick(Step, ("request", "state", "result"), {}, order=("request",)) == [
        ("a", StepState.DONE, {"n": 1}),
        ("c", StepState.RUNNING, {"rows": 2}),
    ]

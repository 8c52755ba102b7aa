"""A step is done once by one; whoever lost it cannot complete it; state and entry commit together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.db import connections

from lofte.errors import Conflict, LedgerClosed, Unreachable
from lofte.execution import book, journal, runner
from lofte.execution.models import LedgerEntry, Step, StepState
from lofte.execution.store import writing

REF = "b" * 32


def begin(house, *targets, request=REF):
    with writing():
        journal.begin(request, [("read", t) for t in targets], house.now)


def states():
    return [(s.target, s.state) for s in journal.steps(REF)]


def test_steps_are_claimed_in_order_each_by_one(any_store, house):
    begin(house, "billing", "support")
    first = journal.claim("one", house.now)
    second = journal.claim("two", house.now)
    assert (first.target, second.target) == ("billing", "support")
    assert journal.claim("three", house.now) is None


def test_beginning_twice_is_beginning_once(any_store, house):
    begin(house, "billing")
    begin(house, "billing", "support")
    assert states() == [("billing", "waiting"), ("support", "waiting")]


def test_a_step_and_its_entry_commit_together(any_store, house):
    begin(house, "billing")
    journal.complete(house, journal.claim("one", house.now), {"rows": 3})
    assert states() == [("billing", "done")]
    [entry] = book.entries()
    assert (entry.kind, entry.object) == ("step.done", REF)


def test_a_step_is_not_done_while_the_ledger_is_closed(any_store, house):
    begin(house, "billing")
    claim = journal.claim("one", house.now)
    LedgerEntry.objects.create(
        seq=1, at=house.now, kind="forged", object=REF, commitment=b"0" * 32, mac=b"0" * 32
    )
    with pytest.raises(LedgerClosed):
        journal.complete(house, claim, {"rows": 3})
    assert states() == [("billing", "running")]


def test_a_lease_that_is_out_passes_to_another(any_store, house):
    begin(house, "billing")
    journal.claim("one", house.now)
    assert journal.claim("two", house.now) is None
    house.clock.go(minutes=6)
    second = journal.claim("two", house.now)
    assert (second.attempt, second.epoch) == (2, 2)


def test_who_lost_a_step_cannot_complete_it(any_store, house):
    begin(house, "billing")
    lost = journal.claim("one", house.now)
    house.clock.go(minutes=6)
    held = journal.claim("two", house.now)
    with pytest.raises(Conflict):
        journal.complete(house, lost, {"rows": 1})
    with pytest.raises(Conflict):
        journal.fail(house, lost, "unreachable")
    with pytest.raises(Conflict):
        journal.renew(lost, house.now)
    assert list(book.entries()) == []
    journal.complete(house, held, {"rows": 1})


def test_the_same_owner_with_an_old_epoch_cannot_complete(any_store, house):
    begin(house, "billing")
    old = journal.claim("one", house.now)
    house.clock.go(minutes=6)
    journal.claim("one", house.now)
    with pytest.raises(Conflict):
        journal.complete(house, old, {})


def test_completing_twice_is_a_conflict_and_one_entry(any_store, house):
    begin(house, "billing")
    claim = journal.claim("one", house.now)
    journal.complete(house, claim, {})
    with pytest.raises(Conflict):
        journal.complete(house, claim, {})
    assert len(list(book.entries())) == 1


def test_reopening_shuts_out_whoever_was_at_it(any_store, house):
    begin(house, "billing")
    lost = journal.claim("one", house.now)
    with writing():
        journal.reopen(REF, house.now)
    with pytest.raises(Conflict):
        journal.complete(house, lost, {})
    assert journal.claim("two", house.now) is not None


def test_renewing_keeps_the_step(any_store, house):
    begin(house, "billing")
    claim = journal.claim("one", house.now)
    house.clock.go(minutes=4)
    journal.renew(claim, house.now)
    house.clock.go(minutes=4)
    assert journal.claim("two", house.now) is None


def test_a_failed_step_waits_longer_each_time_then_for_a_person(any_store, house):
    begin(house, "billing")
    for attempt in range(1, journal.ATTEMPTS + 1):
        journal.fail(house, journal.claim("one", house.now), "unreachable")
        assert journal.claim("one", house.now) is None
        house.clock.go(seconds=journal.wait_after(attempt).total_seconds())
    assert journal.claim("one", house.now) is None
    assert states() == [("billing", "failed")]
    waits = [journal.wait_after(n) for n in range(1, 20)]
    assert waits == sorted(waits) and waits[-1] == timedelta(hours=6)


def test_leases_of_a_dead_server_are_freed(any_store, house):
    begin(house, "billing", "support")
    journal.claim("serve:host:1", house.now)
    journal.claim("fulfil:host:2", house.now)
    assert journal.free("serve:") == 1
    assert states() == [("billing", "waiting"), ("support", "running")]


def test_many_workers_do_each_step_once(any_store, house):
    begin(house, *(f"system{n}" for n in range(20)))
    done: list[str] = []

    def work() -> None:
        who = runner.owner("test")
        runner.run(house, who, {"read": lambda claim: done.append(claim.target) or {"rows": 1}})
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == sorted(f"system{n}" for n in range(20))
    assert {s for _, s in states()} == {"done"}
    assert len(list(book.entries())) == 20
    assert book.verify(house.keys.ledger) is None


def test_one_that_does_not_answer_does_not_stop_the_others(any_store, house):
    begin(house, "billing", "support")

    def act(claim):
        if claim.target == "billing":
            raise Unreachable("billing does not answer; it is tried again")
        return {"rows": 1}

    [failure] = runner.run(house, "one", {"read": act})
    assert failure.claim.target == "billing"
    assert states() == [("billing", "waiting"), ("support", "done")]
    assert [e.kind for e in book.entries()] == ["step.failed", "step.done"]


KILLED = """
import sys, os, signal
from pathlib import Path
os.environ["DJANGO_SETTINGS_MODULE"] = "lofte.site.settings"
os.environ["LOFTE_HOME"] = str(Path(sys.argv[1]).parent)
import django; django.setup()
from datetime import UTC, datetime
from lofte.execution import journal, book
from lofte.execution.store import writing
from lofte.ledger.kinds import Kind
now = datetime(2026, 3, 5, 9, 31, tzinfo=UTC)
claim = journal.claim("killed", now)
with writing():
    journal._change(claim, state="done", lease_owner="", lease_until=None)
    book.note(Kind.STEP_DONE, claim.request, {"step": "read", "target": "billing", "attempt": 1}, at=now)
    book.sequence(b"l" * 32)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_who_is_killed_in_the_act_leaves_neither_state_nor_entry(store, house):
    begin(house, "billing")
    killed = subprocess.run([sys.executable, "-c", KILLED, str(store)], env={**os.environ}, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert states() == [("billing", "running")]
    assert list(book.entries()) == []
    house.clock.go(minutes=6)
    journal.complete(house, journal.claim("next", house.now), {"rows": 1})
    assert book.verify(house.keys.ledger) is None
    assert Step.objects.get().state == StepState.DONE

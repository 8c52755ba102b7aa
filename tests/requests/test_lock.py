"""One person, one piece of work at a time: taken whole or not at all, and never for ever."""

from __future__ import annotations

import threading

import pytest
from django.db import connections

from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.datamap.tracing import Person
from lofte.errors import Conflict, Unreachable
from lofte.execution.book import recorded
from lofte.execution.journal import LEASE, begin, claim, complete, steps
from lofte.execution.models import PersonLock
from lofte.execution.runner import run
from lofte.law.rights import Right
from lofte.requests.course import lock
from lofte.requests.course.lock import Alone, AtWork, alone, lookups, shown, telling
from lofte.requests.course.receive import receive

EMAIL = Identity(kind=Kind.EMAIL, value="anna@kund.example")
NUMBER = Identity(kind=Kind.CUSTOMER_NO, value="K1")
EVA = Identity(kind=Kind.EMAIL, value="eva@kund.example")
PHONE = Identity(kind=Kind.PHONE, value="+46701740605")
ADDRESS = Identity(kind=Kind.IP, value="192.0.2.1")
A, B = "a" * 32, "b" * 32


def at(house, who, *identities):
    return alone(house, who, {who[0] * 32: lookups(house, identities)})


def test_who_comes_second_is_turned_away_and_told_by_whom(any_store, house):
    request = receive(house, right=Right.ERASURE, identities=[EMAIL], channel="visit")
    with (
        alone(house, "first", shown([request])),
        pytest.raises(Conflict, match=request.number),
        at(house, "b", EMAIL),
    ):
        pytest.fail("two were at work")


def test_it_is_free_when_the_work_is_over_however_it_ended(any_store, house):
    with pytest.raises(KeyError), at(house, "a", EMAIL):
        raise KeyError
    with at(house, "b", EMAIL, NUMBER):
        pass
    assert not PersonLock.objects.exists()


def test_it_is_taken_whole_or_not_at_all(any_store, house):
    with at(house, "a", NUMBER):
        with pytest.raises(AtWork), at(house, "b", EMAIL, NUMBER):
            pytest.fail("two were at work")
        with at(house, "b", EMAIL):
            pass


def test_two_who_came_by_different_identities_meet_and_one_goes_on(any_store, house):
    with at(house, "a", EMAIL) as first, at(house, "b", NUMBER) as second:
        with pytest.raises(AtWork):
            second.widen(B, [EMAIL])
        first.widen(A, [NUMBER])
        first.insist()
        with pytest.raises(AtWork):
            second.insist()
        with pytest.raises(AtWork):
            second.widen(B, [EVA])


def test_a_dead_one_keeps_nobody_waiting_for_longer_than_the_lease(any_store, house, clock):
    PersonLock.objects.bulk_create(
        PersonLock(lookup=found, owner="dead", about=A, until=clock.now + LEASE)
        for found in lookups(house, [EMAIL])
    )
    with pytest.raises(AtWork), at(house, "b", EMAIL):
        pytest.fail("the lease was not out")
    clock.now += LEASE
    with at(house, "b", EMAIL):
        assert PersonLock.objects.get().owner == "b"


def test_a_slow_one_makes_nothing_lasting_when_another_has_begun(any_store, house, clock):
    with at(house, "a", EMAIL) as slow:
        clock.now += LEASE
        with at(house, "b", EMAIL) as quick:
            with pytest.raises(AtWork):
                slow.insist()
            quick.insist()
        with pytest.raises(AtWork):
            slow.insist()


def test_a_slow_one_goes_on_when_nobody_has_begun(any_store, house, clock):
    with at(house, "a", EMAIL) as slow:
        clock.now += LEASE * 3
        slow.insist()
        with pytest.raises(AtWork), at(house, "b", EMAIL):
            pytest.fail("it was renewed")


def test_others_are_held_up_by_nothing_they_have_not_in_common(any_store, house):
    with at(house, "a", EMAIL, ADDRESS), at(house, "b", EVA, ADDRESS):
        assert PersonLock.objects.count() == 2


def test_what_a_household_shares_locks_nobody_out(house):
    person = Person(subject=0, identities=frozenset({EMAIL, NUMBER, PHONE}), shared=frozenset({EMAIL}))
    assert telling(person) == {NUMBER}


def test_nothing_of_the_person_stands_in_it(store, house):
    with at(house, "a", EMAIL, NUMBER):
        said = store.read_bytes() + store.with_name(store.name + "-wal").read_bytes()
    assert EMAIL.value.encode() not in said


def test_of_many_who_come_at_once_one_is_at_work(any_store, house):
    inside, most, turned = [], [], []
    ready = threading.Barrier(6)

    def come(n):
        try:
            ready.wait()
            with at(house, f"{n}", EMAIL, NUMBER) as held:
                inside.append(n)
                most.append(len(inside))
                held.insist()
                inside.remove(n)
        except AtWork:
            turned.append(n)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=come, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(most) == {1} and len(most) + len(turned) == 6


def test_who_is_at_work_for_longer_than_the_lease_keeps_person_and_step(any_store, house, clock):
    with recorded(house):
        begin("a" * 32, [("erase", "hosting")], clock.now)
    with at(house, "a", EMAIL) as first:
        claimed = claim("a", clock.now)
        for _ in range(3):
            clock.go(seconds=LEASE.total_seconds() - 1)
            first.beat()
        assert claim("b", clock.now) is None
        with pytest.raises(AtWork), at(house, "b", EMAIL):
            pytest.fail("two were at work")
        first.insist()
        complete(house, claimed, {})


def test_a_lease_is_renewed_while_the_work_goes_on(store, house, monkeypatch):
    beaten = threading.Event()
    monkeypatch.setattr(Alone, "beat", lambda _: beaten.set())
    monkeypatch.setattr(lock, "BEAT", 0.001)
    with at(house, "a", EMAIL):
        assert beaten.wait(30)


def test_a_step_that_another_has_taken_stops_no_other(store, house, clock):
    with recorded(house):
        begin("a" * 32, [("erase", "hosting"), ("erase", "mail")], clock.now)

    def slow(claimed):
        if claimed.target == "hosting":
            clock.go(seconds=LEASE.total_seconds() + 1)
            assert claim("b", clock.now).target == "hosting"
            raise Unreachable("down")
        return {}

    (failure,) = run(house, "a", {"erase": slow})
    assert failure.claim.target == "hosting"
    assert {step.target: (step.state, step.lease_owner) for step in steps("a" * 32)} == {
        "hosting": ("running", "b"),
        "mail": ("done", ""),
    }

"""A request is received, numbered, timed; what identifies the person lies sealed."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime

import pytest
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.errors import Broken, Conflict, NotIdentified, Refused
from lofte.execution import book
from lofte.law.rights import Right
from lofte.requests import sealing
from lofte.requests.course.receive import earlier, identities_of, receive
from lofte.requests.course.refuse import Ground, refuse
from lofte.requests.course.roads import ROADS, State, go
from lofte.requests.door.identify import Level, identify, method_of
from lofte.requests.models import Identifier, Request

ANNA = Identity(kind=Kind.EMAIL, value="anna@kund.example")
ANNA_TOO = Identity(kind=Kind.PERSONNUMMER, value="199001012385")
BERTIL = "b" * 32


def received(house, *identities, **more):
    return receive(house, right=Right.ACCESS, identities=identities or (ANNA,), channel="email", **more)


def test_the_answer_is_due_in_a_month_on_a_working_day(any_store, house):
    # Received on 5 March 2026: 5 April is Easter Sunday, the 6th Easter Monday.
    assert received(house).due_on == date(2026, 4, 7)


def test_the_month_runs_from_when_it_reached_us_in_sweden(store, house):
    late = datetime(2026, 1, 30, 23, 30, tzinfo=UTC)  # the 31st in Stockholm
    assert received(house, received_at=late).due_on == date(2026, 3, 2)


def test_a_request_cannot_come_tomorrow(store, house):
    with pytest.raises(Refused):
        received(house, received_at=datetime(2026, 3, 6, tzinfo=UTC))


def test_a_request_without_an_identity_is_refused(store, house):
    with pytest.raises(Refused):
        receive(house, right=Right.ACCESS, identities=(), channel="email")


def test_numbers_follow_each_other_within_the_year(store, house):
    assert [received(house).number for _ in range(2)] == ["2026-000001", "2026-000002"]
    house.clock.go(days=365)
    assert received(house).number == "2027-000001"


def test_numbers_have_no_gaps_when_many_come_at_once(any_store, house):
    def come() -> None:
        for _ in range(3):
            received(house)
        connections.close_all()

    threads = [threading.Thread(target=come) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(r.number for r in Request.objects.all()) == [f"2026-{n:06}" for n in range(1, 13)]


def test_identities_come_back_as_they_were_given_each_once(any_store, house):
    request = received(house, ANNA, ANNA_TOO, ANNA)
    assert identities_of(house, request) == (ANNA, ANNA_TOO)


def test_earlier_requests_of_the_same_person_are_found(store, house):
    first, second = received(house), received(house, ANNA_TOO, ANNA)
    assert earlier(house, ANNA) == [second, first]
    assert earlier(house, ANNA_TOO) == [second]


def test_a_value_moved_to_another_request_does_not_open(store, house):
    mine, other = received(house), received(house, ANNA_TOO)
    stolen = Identifier.objects.get(request=mine)
    stolen.pk, stolen.request = None, other
    stolen.save()
    with pytest.raises(Broken):
        identities_of(house, other)


def test_what_was_sealed_opens_only_with_the_keys_of_the_house(store, house):
    import dataclasses

    request = received(house)
    thief = dataclasses.replace(house, keys=dataclasses.replace(house.keys, wrapping=b"x" * 32))
    with pytest.raises(Broken):
        identities_of(thief, request)


@given(st.text(min_size=1, max_size=80))
def test_any_value_opens_as_it_was_sealed(value):
    identity = Identity(kind=Kind.EMAIL, value=value)
    key, wrapped = sealing.new_key(b"w" * 32, "r")
    assert sealing.unwrap(b"w" * 32, wrapped, "r") == key
    try:
        sealed = sealing.seal(key, identity, "r")
    except UnicodeEncodeError:
        return
    assert sealing.unseal(key, sealed, Kind.EMAIL, "r") == identity
    assert sealing.seal(key, identity, "r") != sealed


def test_the_method_of_identification_is_kept_and_sealed(store, house):
    request = received(house)
    identify(house, request, method="Anna visade pass", level=Level.PROVEN, by=BERTIL, proven=[ANNA_TOO])
    request.refresh_from_db()
    [done] = request.identifications.all()
    assert method_of(house, done) == "Anna visade pass"
    assert b"Anna" not in bytes(done.method)
    assert request.state == State.IDENTIFIED
    assert identities_of(house, request) == (ANNA, ANNA_TOO)


def test_too_weak_a_proof_opens_nothing(store, house):
    request = received(house)
    with pytest.raises(NotIdentified):
        identify(house, request, method="replied from the address", level=Level.CONTACT, by=BERTIL)
    request.refresh_from_db()
    assert request.state == State.RECEIVED


def test_identification_without_a_method_is_refused(store, house):
    with pytest.raises(Refused):
        identify(house, received(house), method=" ", level=Level.PROVEN, by=BERTIL)


def test_a_refusal_has_its_ground_and_its_article(store, house):
    with pytest.raises(Refused):
        refuse(house, received(house), ground=Ground.EXCESSIVE, by=BERTIL)
    request = refuse(house, Request.objects.get(), ground=Ground.EXCESSIVE, by=BERTIL, why="I går.")
    [decision] = request.decisions.all()
    assert (decision.outcome, decision.ground, decision.article) == ("refused", "excessive", "12.5")
    assert [e.kind for e in book.entries()] == ["request.received", "request.refused"]
    with pytest.raises(Conflict):
        refuse(house, request, ground=Ground.EXCESSIVE, by=BERTIL, why="I går.")


def test_every_move_is_recorded_with_who_and_when(store, house):
    request = received(house, by=BERTIL)
    house.clock.go(hours=1)
    identify(house, request, method="BankID", level=Level.PROVEN, by=BERTIL)
    seen = [(t.from_state, t.to_state, t.by, t.at) for t in request.transitions.all()]
    assert seen == [
        ("", "received", BERTIL, datetime(2026, 3, 5, 9, 30, 15, 123456, tzinfo=UTC)),
        ("received", "identified", BERTIL, datetime(2026, 3, 5, 10, 30, 15, 123456, tzinfo=UTC)),
    ]


def test_a_request_moved_by_another_in_the_meantime_is_a_conflict(store, house):
    mine = received(house)
    theirs = Request.objects.get(pk=mine.pk)
    refuse(house, theirs, ground=Ground.UNIDENTIFIED, by=BERTIL)
    with pytest.raises(Conflict):
        identify(house, mine, method="BankID", level=Level.PROVEN, by=BERTIL)


def test_there_are_no_roads_but_those_in_the_table():
    for from_ in State:
        for to in State:
            if to in ROADS[from_]:
                assert go(from_, to) is to
            else:
                with pytest.raises(Conflict):
                    go(from_, to)


def test_only_a_final_state_has_no_road_out():
    assert {s for s in State if not ROADS[s]} == {s for s in State if not s.open}

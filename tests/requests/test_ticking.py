"""The clock of a request is stopped, goes on and is extended on record, and the due day follows."""

from __future__ import annotations

from datetime import date

import pytest

from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.errors import Conflict, Refused
from lofte.execution import book
from lofte.law.clock import Because, Waits
from lofte.law.rights import Right
from lofte.requests.course import ticking
from lofte.requests.course.lock import AtWork, alone, shown
from lofte.requests.course.receive import receive
from lofte.requests.course.refuse import Ground, refuse
from lofte.requests.door.identify import Level, identify
from lofte.requests.models import ClockEvent, Request

ANNA = Identity(kind=Kind.EMAIL, value="anna@kund.example")
BERTIL = "b" * 32


@pytest.fixture
def request_(any_store, house):
    return receive(house, right=Right.ACCESS, identities=(ANNA,), channel="email")


def due(request):
    return Request.objects.get(pk=request.pk).due_on


def kinds():
    return [entry.kind for entry in book.entries()]


def test_the_days_of_waiting_for_proof_come_on_top(request_, house, clock):
    assert due(request_) == date(2026, 4, 7)
    ticking.wait(house, request_, Waits.IDENTITY, why="En kod till adressen vi har.", by=BERTIL)
    clock.go(days=6)
    identify(house, request_, method="Koden kom tillbaka.", level=Level.TWO_WAYS, by=BERTIL)
    assert due(request_) == date(2026, 4, 13) and ticking.clock_of(request_).unstopped == date(2026, 4, 7)
    assert {"deadline.stopped", "deadline.resumed"} <= set(kinds())


def test_what_was_asked_for_can_be_read_again_and_lies_sealed(request_, house):
    ticking.wait(house, request_, Waits.IDENTITY, why="Kundnumret, för två heter så.", by=BERTIL)
    event = ClockEvent.objects.get()
    assert ticking.why_of(house, event) == "Kundnumret, för två heter så." and event.by == BERTIL
    assert b"Kundnumret" not in bytes(event.why)


def test_who_is_identified_is_asked_what_is_meant_but_not_who_they_are(request_, house, clock):
    identify(house, request_, method="Kod.", level=Level.TWO_WAYS, by=BERTIL)
    with pytest.raises(Conflict, match="identified already"):
        ticking.wait(house, request_, Waits.IDENTITY, why="Mer.", by=BERTIL)
    ticking.wait(house, request_, Waits.SCOPE, why="Vilken av era nio webbplatser?", by=BERTIL)
    clock.go(days=3)
    ticking.go_on(house, request_, by=BERTIL)
    assert due(request_) == date(2026, 4, 8)


def test_an_extension_is_told_with_its_reasons_and_where_to_complain(request_, house):
    made, letter = ticking.extend(
        house, request_, months=2, because=Because.COMPLEX, why="Nio system ska gås igenom.", by=BERTIL
    )
    assert due(request_) == made.due(house.today) == date(2026, 6, 5)
    said = letter.say("sv")
    for words in (request_.number, "Nio system ska gås igenom.", "5 juni 2026", "imy.example", "domstol"):
        assert words in said
    assert "5 June 2026" in letter.say("en") and kinds()[-1] == "deadline.extended"


@pytest.mark.parametrize("why", ["", "  \n"])
def test_nothing_is_stopped_or_extended_without_a_reason(request_, house, why):
    with pytest.raises(Refused):
        ticking.wait(house, request_, Waits.IDENTITY, why=why, by=BERTIL)
    with pytest.raises(Refused):
        ticking.extend(house, request_, months=1, because=Because.MANY, why=why, by=BERTIL)
    assert not ClockEvent.objects.exists() and due(request_) == date(2026, 4, 7)


def test_what_the_law_does_not_let_leaves_no_trace(request_, house, clock):
    clock.go(days=40)
    with pytest.raises(Refused, match="time is out"):
        ticking.wait(house, request_, Waits.SCOPE, why="Vad?", by=BERTIL)
    with pytest.raises(Refused, match="within the first month"):
        ticking.extend(house, request_, months=1, because=Because.MANY, why="Många.", by=BERTIL)
    assert not ClockEvent.objects.exists() and "deadline.extended" not in kinds()


def test_an_answered_request_has_no_clock_to_stop(request_, house):
    refuse(house, request_, ground=Ground.UNIDENTIFIED, by=BERTIL)
    for act in (
        lambda: ticking.wait(house, request_, Waits.IDENTITY, why="Vem?", by=BERTIL),
        lambda: ticking.go_on(house, request_, by=BERTIL),
        lambda: ticking.extend(house, request_, months=1, because=Because.MANY, why="Många.", by=BERTIL),
    ):
        with pytest.raises(Conflict, match="answered"):
            act()


@pytest.mark.parametrize("right", [Right.OBJECTION, Right.WITHDRAWAL, Right.ERASURE])
def test_the_clock_waits_only_for_what_the_law_lets_us_ask(any_store, house, right):
    request = receive(house, right=right, identities=(ANNA,), channel="email")
    with pytest.raises(Refused, match="recital 63"):
        ticking.wait(house, request, Waits.SCOPE, why="Vad?", by=BERTIL)
    if right is not Right.ERASURE:
        with pytest.raises(Refused, match="whoever asks"):
            ticking.wait(house, request, Waits.IDENTITY, why="Vem?", by=BERTIL)


def test_the_letter_of_an_extension_can_be_read_again(request_, house, clock):
    assert ticking.extension_letter(house, request_) is None
    _, letter = ticking.extend(
        house, request_, months=1, because=Because.MANY, why="Nio på en dag.", by=BERTIL
    )
    clock.go(days=20)
    assert ticking.extension_letter(house, request_) == letter


def test_what_somebody_is_at_is_not_refused(request_, house):
    with alone(house, "a", shown([request_])), pytest.raises(AtWork):
        refuse(house, request_, ground=Ground.UNIDENTIFIED, by=BERTIL)
    assert refuse(house, request_, ground=Ground.UNIDENTIFIED, by=BERTIL).state == "refused"

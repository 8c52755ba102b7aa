"""A code goes to a contact that was on file before, and nowhere else."""

from __future__ import annotations

import sqlite3

import pytest

from lofte.datamap.document import Kind
from lofte.law.rights import Right
from lofte.requests.course.receive import identities_of
from lofte.requests.door.challenge import MOST_IN_ALL, TRIES
from lofte.requests.door.identify import Level
from lofte.requests.models import Challenge, Identifier, Request
from tests.door.company import (
    ANNA,
    ANNAS_NUMBER,
    ANNAS_PHONE,
    EVA,
    EVAS_NUMBER,
    LISTED,
    MENTIONED,
    NEW,
    SHARED,
    TWO,
    UNKNOWN,
)  # fmt: skip
from tests.door.conftest import ELSEWHERE, email, identity

NUMBER = identity(Kind.CUSTOMER_NO, ANNAS_NUMBER)
EVAS = identity(Kind.CUSTOMER_NO, EVAS_NUMBER)


def test_a_code_comes_to_the_address_on_file(any_door):
    any_door.ask()
    any_door.answer()
    assert list(any_door.codes()) == [ANNA]


@pytest.mark.parametrize(
    ("address", "more", "reached"),
    [
        (UNKNOWN, (), []),
        (UNKNOWN, (NUMBER,), [ANNA]),  # the number is Anna's: the code goes to her, not to who asks
        (ANNA, (EVAS,), [ANNA]),  # hers, whatever stands beside it; Eva's number is dropped unseen
        (LISTED, (), [LISTED]),
        (LISTED, (NUMBER,), [LISTED]),
        (MENTIONED, (), []),  # kept for another company
        (NEW, (), []),  # changed last week
        (SHARED, (), []),  # two customers have it
        (TWO[0], (), list(TWO)),
        (TWO[1], (), list(TWO)),
    ],
)
def test_who_is_reached(door, address, more, reached):
    door.ask(*more, address=address)
    door.answer()
    assert sorted(door.codes()) == sorted(reached)


def test_a_telephone_is_written_to_where_there_is_a_way(door):
    door.by_text = True
    door.ask()
    door.answer()
    assert sorted(door.codes()) == sorted([ANNA, ANNAS_PHONE])


def test_one_contact_is_one_proof_and_two_are_two(any_door):
    any_door.by_text = True
    case = any_door.ask(rights=(Right.ACCESS, Right.RECTIFICATION))
    any_door.answer()
    codes = any_door.codes()
    one = any_door.enter(codes[ANNA])
    assert one is not None and (one.case, one.level) == (case, Level.CONTACT)
    states = dict(Request.objects.values_list("right", "state"))
    assert states == {"access": "received", "rectification": "identified"}
    two = any_door.enter(codes[ANNAS_PHONE])
    assert two is not None and two.level == Level.TWO_WAYS
    assert Request.objects.get(right="access").state == "identified"
    any_door.work_on()
    assert Request.objects.get(right="access").state == "ready"


def test_two_codes_to_one_contact_are_one_proof(door):
    number = door.ask().items.get().number
    door.answer()
    assert door.enter(door.codes()[ANNA]).level == Level.CONTACT
    door.wish(number)
    door.answer()
    assert door.enter(door.codes()[ANNA]).level == Level.CONTACT
    assert Request.objects.get().state == "received"


def test_what_was_typed_and_proven_by_nothing_is_not_looked_for(door):
    door.ask(NUMBER, address=UNKNOWN, rights=[Right.RECTIFICATION])
    door.answer()
    door.enter(door.codes()[ANNA])
    request = Request.objects.get()
    assert request.state == "identified"
    assert set(identities_of(door.house, request)) == {email(ANNA), NUMBER}


def test_a_number_beside_ones_own_address_is_dropped_and_nobody_sees_whether_it_was_known(door):
    seen = []
    for number in (NUMBER, identity(Kind.CUSTOMER_NO, "99999")):
        claim = f"{len(seen):032}"
        case = door.ask(number, address=LISTED, rights=[Right.RECTIFICATION], claim=claim)
        door.answer()
        entered = door.enter(door.codes()[LISTED], claim=claim)
        held = set(identities_of(door.house, case.items.get()))
        seen.append((entered.level, case.items.get().state, held))
    assert seen[0] == seen[1] == (Level.CONTACT, "identified", {email(LISTED)})


@pytest.mark.parametrize("odd", ["9999-12-31 23:59:59", "0001-01-01 00:00:00+14:00", "i går"])
def test_one_odd_value_shuts_the_door_for_nobody_else(door, workspace, odd):
    with sqlite3.connect(workspace / "crm.sqlite3") as crm:
        crm.execute("UPDATE customers SET email_changed = ? WHERE email = ?", [odd, EVA])
    crm.close()
    door.ask(address=EVA, claim="1" * 32)
    door.ask(claim="2" * 32)
    door.answer()
    assert ANNA in door.codes() and EVA not in door.codes()


def test_whatever_breaks_one_wish_stops_no_other(door, monkeypatch):
    from lofte.requests.door import challenge

    def breaks(house, shown, connect, **more):
        if email(EVA) in shown:
            raise ArithmeticError("nobody foresaw this")
        return real(house, shown, connect, **more)

    real = challenge.on_file
    monkeypatch.setattr(challenge, "on_file", breaks)
    door.ask(address=EVA, claim="1" * 32)
    door.ask(claim="2" * 32)
    door.answer()
    assert list(door.codes()) == [ANNA]


def test_a_stranger_locks_nobody_out_of_their_codes(door, clock):
    for number in range(12):
        clock.go(minutes=61)
        door.ask(
            email(EVA),
            address=f"x{number}@okand.example",
            claim=f"{number:032}",
            network=f"192.0.{number}.0/24",
        )
        door.answer()
    sent = len(door.letters("code"))
    door.ask(address=EVA, claim="e" * 32)
    door.answer()
    assert len(door.letters("code")) == sent + 1


def test_a_row_made_yesterday_is_no_second_proof(door, workspace):
    """A thief becomes a customer with Anna's number, and two addresses of their own."""
    door.by_text = True
    with sqlite3.connect(workspace / "crm.sqlite3") as crm:
        crm.execute("UPDATE customers SET made = '' WHERE email = ?", [ANNA])
    crm.close()
    door.ask()
    door.answer()
    codes = door.codes()
    assert door.enter(codes[ANNA]).level == Level.CONTACT
    assert door.enter(codes[ANNAS_PHONE]).level == Level.CONTACT
    assert Request.objects.get().state == "received"


def test_nothing_in_the_store_says_where_a_code_went(door):
    door.ask()
    door.answer()
    challenge = Challenge.objects.get()
    code = door.codes()[ANNA].replace(" ", "")
    assert ANNA.encode() not in bytes(challenge.identity) + bytes(challenge.told)
    assert code not in challenge.code and len(challenge.code) == 64
    assert not Identifier.objects.filter(lookup=ANNA).exists()


def test_a_strangers_wish_ends_nobody_elses_code(door):
    case = door.ask()
    door.answer()
    code = door.codes()[ANNA]
    door.ask(claim="f" * 32, network=ELSEWHERE)  # somebody asks with Anna's address
    door.wish(case.items.get().number, claim="f" * 32, network=ELSEWHERE)  # and knows the number of her case
    door.answer()
    assert len(door.letters("code")) == 3
    assert door.enter(code) is not None


def test_a_new_code_in_the_same_browser_ends_the_one_before(door):
    number = door.ask().items.get().number
    door.answer()
    code = door.codes()[ANNA]
    door.wish(number)
    door.answer()
    assert door.enter(code) is None and door.enter(door.codes()[ANNA]) is not None


def test_guesses_are_bounded_in_all(door):
    """However many browsers ask: so many codes a day, with so many tries each."""
    for number in range(20):
        door.ask(claim=f"{number:032}", network=f"192.0.{number}.0/24")
        door.answer()
    assert Challenge.objects.count() == MOST_IN_ALL and MOST_IN_ALL * TRIES <= 50


@pytest.mark.parametrize("by_text", [False, True])
def test_an_address_that_two_customers_share_proves_neither(door, by_text):
    door.by_text = by_text
    number = identity(Kind.CUSTOMER_NO, "4714")
    case = door.ask(number, address=SHARED, rights=[Right.RECTIFICATION])
    door.answer()
    assert list(door.codes()) == (["+46701740607"] if by_text else [])
    if by_text:
        entered = door.enter(door.codes()["+46701740607"])
        assert entered is not None and (entered.case, entered.level) == (case, Level.CONTACT)

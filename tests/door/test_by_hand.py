"""A code that a handler gives: by letter it proves who it is, by call it is one contact."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from lofte.datamap.document import Kind
from lofte.errors import Conflict, NotIdentified, Refused
from lofte.law.rights import Right
from lofte.requests.door.code_by_hand import by_call, by_letter
from lofte.requests.door.identify import Level
from lofte.requests.models import Challenge, Request
from tests.door.company import ANNA, ANNAS_NUMBER, ANNAS_PHONE, ANNAS_PNR, EVAS_NUMBER, LISTED, UNKNOWN
from tests.door.conftest import identity

BY = "b" * 32
NUMBER = identity(Kind.CUSTOMER_NO, ANNAS_NUMBER)


def letter_to(door, request):
    words = by_letter(door.house, request, door.work.connect, by=BY).body
    found = re.search(r"\d{4} \d{4} \d\d", words)
    assert found
    return found[0]


def test_a_code_by_letter_proves_who_it_is(door):
    request = door.ask(NUMBER, address=UNKNOWN, rights=[Right.ERASURE]).items.get()
    door.answer()
    entered = door.enter(letter_to(door, request))
    assert entered is not None and entered.level == Level.PROVEN
    request.refresh_from_db()
    assert request.state == "identified"
    assert request.identifiers.count() == 1  # the unknown address was proven by nothing


def test_it_passes_only_where_number_and_address_fit(door):
    request = door.ask(NUMBER, address=UNKNOWN).items.get()
    code = letter_to(door, request)
    door.answer()
    assert door.enter(code, claim="d" * 32) is None
    door.wish(request.number, address="nagon@annan.example", claim="e" * 32)
    door.answer()
    assert door.enter(code, claim="e" * 32) is None
    door.wish(request.number, address=UNKNOWN, claim="f" * 32)
    door.answer()
    assert door.enter(code, claim="f" * 32) is not None


def test_it_holds_for_two_weeks(door, clock):
    request = door.ask().items.get()
    code = letter_to(door, request)
    clock.go(days=14, seconds=1)
    door.wish(request.number)
    door.answer()
    assert door.enter(code) is None
    assert Challenge.objects.get(way="letter").until - request.received_at == timedelta(days=14)


def test_slips_with_a_code_by_mail_spend_no_try_of_the_letter(door):
    request = door.ask().items.get()
    door.answer()
    code = letter_to(door, request)
    for slip in range(6):
        door.enter(f"{slip:08}")
    assert door.enter(code) is not None


@pytest.mark.parametrize(
    "more",
    [
        [identity(Kind.CUSTOMER_NO, EVAS_NUMBER)],  # somebody else
        [identity(Kind.PERSONNUMMER, "190001019802")],  # nobody's that we know
    ],
)
def test_no_letter_for_what_is_not_all_one_persons(door, more):
    request = door.ask(*more).items.get()
    with pytest.raises(NotIdentified):
        by_letter(door.house, request, door.work.connect, by=BY)
    assert not Challenge.objects.exists()


def test_a_call_is_one_contact_and_goes_to_the_number_on_file(door):
    request = door.ask(identity(Kind.PHONE, "+46700000000"), rights=[Right.ACCESS]).items.get()
    door.answer()
    call = by_call(door.house, request, door.work.connect, by=BY)
    assert call.telephone == ANNAS_PHONE
    assert door.enter(call.code).level == Level.CONTACT
    assert door.enter(door.codes()[ANNA]).level == Level.TWO_WAYS


def test_nobody_is_called_whose_number_we_did_not_have(door):
    request = door.ask(address=LISTED).items.get()
    with pytest.raises(NotIdentified):
        by_call(door.house, request, door.work.connect, by=BY)


@pytest.mark.parametrize("make", [by_call, by_letter])
def test_it_is_signed_for_and_only_while_proof_is_waited_for(door, make):
    request = door.ask().items.get()
    with pytest.raises(Refused):
        make(door.house, request, door.work.connect, by="")
    Request.objects.update(state="identified")
    request.refresh_from_db()
    with pytest.raises(Conflict):
        make(door.house, request, door.work.connect, by=BY)


def test_all_that_is_hers_is_one_person(door):
    shown = [NUMBER, identity(Kind.PERSONNUMMER, ANNAS_PNR.replace("-", ""))]
    assert letter_to(door, door.ask(*shown).items.get())


def test_a_letter_opens_an_answer_that_asks_for_more_than_was_shown(door, monkeypatch):
    """Two codes were enough to have it made; what it holds asks for more."""
    monkeypatch.setattr("lofte.requests.package.seal.answer_pdf", lambda *_: b"%PDF")
    door.by_text = True
    request = door.ask(rights=[Right.ACCESS]).items.get()
    door.answer()
    codes = door.codes()
    for contact in (ANNA, ANNAS_PHONE):
        door.enter(codes[contact])
    door.work_on()
    request.refresh_from_db()
    assert request.state == "ready"
    package = request.packages.get()
    if package.level <= Level.TWO_WAYS:
        package.level = Level.PROVEN
        package.save()
    assert door.enter(letter_to(door, request)).level == Level.PROVEN
    package.level = Level.TWO_WAYS
    package.save()
    with pytest.raises(Conflict):
        letter_to(door, request)

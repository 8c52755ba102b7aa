"""Whoever wants to be told of new versions says so twice, stops by one click, and is forgotten otherwise."""

from __future__ import annotations

import re

import pytest

from lofte.execution import book
from lofte.ledger.kinds import Kind
from lofte.mail.models import Outgoing
from lofte.mail.send import send_due
from lofte.notices.models import Subscription
from lofte.notices.subscribe import ask, confirm, due, forget, stop
from tests.notices.world import WAY, coming, company, letters, shop, told

ANNA = "anna@kund.example"


def link(house, what):
    send_due(house, WAY)
    return re.findall(rf"/policy/{what}/([0-9a-f]+)", "".join(letters(house)))[-1]


def test_nothing_is_sent_before_the_mailbox_says_yes(store, house, tmp_path):
    shop(tmp_path, [])
    house = company(house, tmp_path)
    assert ask(house, ANNA, "en")
    coming(house, title={"sv": "Ny", "en": "New"}, days=0)
    told(house, tmp_path)
    assert [each.split("\n")[1] for each in letters(house)] == [
        "Subject: Do you want to know when our privacy policy changes?"
    ]


def test_whoever_has_said_yes_is_told_of_small_changes_too(store, house, tmp_path):
    shop(tmp_path, [])
    house = company(house, tmp_path)
    ask(house, ANNA, "en")
    assert confirm(house, link(house, "subscribe"))
    coming(house, title={"sv": "Ny", "en": "New"}, days=0)
    told(house, tmp_path)
    assert "The changes are small." in "".join(letters(house))
    stop(house, link(house, "stop"))
    assert not Subscription.objects.exists()


def test_whoever_subscribes_and_is_a_customer_gets_one_letter(store, house, tmp_path):
    shop(tmp_path, [(ANNA, 0)])
    house = company(house, tmp_path)
    ask(house, ANNA, "sv")
    confirm(house, link(house, "subscribe"))
    coming(house)
    told(house, tmp_path)
    assert sum("integritetspolicy" in each.split("\n")[1] and "från" in each for each in letters(house)) == 1


def test_who_never_says_yes_is_forgotten(store, house, clock):
    ask(house, ANNA, "sv")
    clock.go(days=7)
    assert not due(clock.now)
    clock.go(minutes=1)
    assert due(clock.now) and forget(house) == 1
    assert not Subscription.objects.exists()


def test_a_yes_that_comes_too_late_is_none(store, house, clock):
    ask(house, ANNA, "sv")
    said = link(house, "subscribe")
    clock.go(days=8)
    assert not confirm(house, said)


@pytest.mark.parametrize("said", ["", "0" * 64, "å" * 64, "x"])
def test_a_token_that_is_not_ours_opens_nothing(store, house, said):
    ask(house, ANNA, "sv")
    assert not confirm(house, said)
    stop(house, said)
    assert Subscription.objects.count() == 1


def test_one_address_gets_few_questions_a_day(store, house):
    for _ in range(10):
        assert ask(house, ANNA, "sv")
    assert Outgoing.objects.count() == 3 and Subscription.objects.count() == 1


def test_what_is_no_address_is_said_and_not_kept(store, house):
    assert not ask(house, "anna", "sv")
    assert not Subscription.objects.exists()


def test_the_address_lies_sealed(store, house):
    ask(house, ANNA, "sv")
    assert ANNA.encode() not in bytes(Subscription.objects.get().address)
    assert ANNA not in str(list(book.opened()))


def test_that_somebody_subscribes_is_noted_without_whom(store, house):
    ask(house, ANNA, "sv")
    confirm(house, link(house, "subscribe"))
    confirm(house, link(house, "subscribe"))
    assert [e.kind for e in book.entries()].count(Kind.SUBSCRIPTION_BEGUN) == 1

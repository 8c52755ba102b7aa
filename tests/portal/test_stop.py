"""One click stops advertising; a yes counts when whoever has the mailbox confirms it."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from lofte.consent import newsletter, unsubscribe
from lofte.consent.gate import StoppedBy, may_send
from lofte.consent.models import Asking, Given
from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.intake.settings import way
from lofte.mail.models import Outgoing
from lofte.mail.send import message_of
from tests.console.conftest import _company, company, work, world

__all__ = ["_company", "company", "work", "world"]
ANNA = Identity(kind=Kind.EMAIL, value="anna@kund.example")


def browser(language="sv"):
    return Client(headers={"accept-language": language}, enforce_csrf_checks=True)


@pytest.fixture
def link(work):
    return unsubscribe.headers(work.house, ANNA)["List-Unsubscribe"].strip("<>").removeprefix(work.house.url)


def test_a_mail_program_stops_it_with_one_post(work, link):
    answer = browser().post(link, {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.content, answer.cookies) == (200, b"", {})
    assert may_send(work.house, Kind.EMAIL, ANNA.value).why is StoppedBy.SUPPRESSION


def test_opening_the_link_stops_nothing(work, link):
    page = browser().get(link)
    assert "Stoppa reklamen" in page.content.decode()
    assert may_send(work.house, Kind.EMAIL, ANNA.value).why is not StoppedBy.SUPPRESSION


def test_the_button_stops_it_and_says_so(work, link):
    assert "ingen mer reklam" in browser().post(link).content.decode()
    assert "no more advertising from us" in browser("en").get(link).content.decode()


def test_a_link_that_is_not_ours_is_not_there(work):
    assert browser().post("/unsubscribe/AAAA").status_code == 404


@pytest.fixture
def asked(work, company):
    """A letter with a link is on its way; the purpose is one on consent."""
    purpose = next(id_ for id_, p in work.house.policy.purposes.items() if p.legal_basis == "6.1.a")
    newsletter.ask(work.house, ANNA, [purpose], words="Ja, jag vill.")
    message = message_of(work.house, Outgoing.objects.get(), way(company, work.house.policy))
    assert message.to == [ANNA.value]
    return re.search(r"/privacy/confirm/\S+", message.body)[0]


def test_a_yes_counts_when_the_button_in_the_mailbox_is_pressed(work, asked):
    client = Client(headers={"accept-language": "sv"})
    assert "Ja, jag vill." in client.get(asked).content.decode() and not Given.objects.exists()
    assert "antecknat" in client.post(asked).content.decode()
    assert Given.objects.get().how == "double_opt_in" and not Asking.objects.exists()
    assert client.post(asked).status_code == 404


def test_what_nobody_confirms_is_forgotten(work, asked):
    assert not newsletter.forget(work.house.now)
    until = Asking.objects.get().until
    assert newsletter.forget(until) == 1
    assert browser().get(asked).status_code == 404


def test_an_address_gets_three_letters_a_day(work):
    purpose = next(id_ for id_, p in work.house.policy.purposes.items() if p.legal_basis == "6.1.a")
    for _ in range(5):
        newsletter.ask(work.house, ANNA, [purpose], words="Ja, jag vill.")
    assert Outgoing.objects.count() == Asking.objects.count() == 3

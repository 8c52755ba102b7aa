"""A letter leaves in the background, holds nothing it should not, and is destroyed when it has left."""

from __future__ import annotations

import email
import email.policy
import re
from datetime import timedelta

import pytest

from lofte.errors import Broken
from lofte.execution import book
from lofte.execution.book import recorded
from lofte.intake.take_in import take_in
from lofte.ledger.kinds import Kind
from lofte.mail.letters import letter
from lofte.mail.models import Bounced, Outgoing
from lofte.mail.post import is_what_was_posted, post
from lofte.mail.send import PAUSES, send_due
from lofte.mail.templates import TEMPLATES
from lofte.mail.way import Server, Way
from tests.intake.letters import SETTINGS, fetched
from tests.intake.servers import smtp_server

ANNA = "anna@kund.example"
WAY = Way(address="dataskydd@norrsken.example")


def _code(house, code="123456", **more):
    written = letter(house, "code", "sv", number="2026-000001", code=code, minutes="10")
    with recorded(house):
        return post(house, written, ANNA, **more)


def _read(house):
    files = sorted((house.folder / "outbox").iterdir())
    return [email.message_from_bytes(f.read_bytes(), policy=email.policy.default) for f in files]


def test_a_letter_waits_sealed_and_leaves_once(store, house):
    posted = _code(house)
    assert ANNA.encode() not in bytes(posted.sealed) and b"123456" not in bytes(posted.sealed)
    assert send_due(house, WAY) == 1 and send_due(house, WAY) == 0
    (said,) = _read(house)
    assert said["To"] == ANNA and "123456" in said.get_content()
    assert said["Message-ID"] == f"<lofte.{posted.ref}@norrsken.example>"
    assert said["Auto-Submitted"] == "auto-generated"


def test_what_has_left_is_destroyed_with_us(store, house):
    _code(house)
    send_due(house, WAY)
    left = Outgoing.objects.get()
    assert (bytes(left.key), bytes(left.sealed)) == (b"", b"") and left.sent_at == house.now
    assert [entry.kind for entry in book.entries()] == [Kind.MAIL_SENT]


def test_that_it_was_this_letter_can_be_shown_and_not_guessed(store, house):
    posted = _code(house)
    said = letter(house, "code", "sv", number="2026-000001", code="123456", minutes="10")
    other = letter(house, "code", "sv", number="2026-000001", code="123457", minutes="10")
    assert is_what_was_posted(house, posted, said) and not is_what_was_posted(house, posted, other)


def test_a_letter_goes_with_what_it_tells_about_or_not_at_all(store, house):
    def work() -> None:
        with recorded(house):
            said = letter(house, "code", "sv", number="2026-000001", code="1", minutes="10")
            post(house, said, ANNA)
            raise RuntimeError("the rest went wrong")

    with pytest.raises(RuntimeError):
        work()
    assert not Outgoing.objects.exists()


def test_an_address_gets_no_more_than_allowed(store, house, clock):
    assert [bool(_code(house, most_a_day=3)) for _ in range(5)] == [True, True, True, False, False]
    clock.go(hours=25)
    assert _code(house, most_a_day=3)


def test_a_dead_code_is_not_sent(store, house, clock):
    _code(house, until=house.now + timedelta(minutes=10))
    clock.go(minutes=11)
    assert send_due(house, WAY) == 0
    assert Outgoing.objects.get().given_up_at == house.now and bytes(Outgoing.objects.get().sealed) == b""


@pytest.fixture
def smtp():
    with smtp_server() as server:
        server.refuses = True
        yield server


def _through(server):
    return Way(address=WAY.address, server=Server(host="127.0.0.1", port=server.port, security="none"))


def test_a_server_that_refuses_is_asked_again_under_the_same_id(store, house, clock, smtp):
    posted = _code(house)
    assert send_due(house, _through(smtp)) == 0
    assert send_due(house, _through(smtp)) == 0, "not before the pause is over"
    clock.go(minutes=2)
    smtp.refuses = False
    assert send_due(house, _through(smtp)) == 1
    assert smtp.sent[0]["Message-ID"] == f"<lofte.{posted.ref}@norrsken.example>"
    assert Outgoing.objects.get().attempts == 2


def test_what_no_server_takes_is_given_up_and_said(store, house, clock, smtp):
    _code(house)
    for pause in PAUSES:
        assert send_due(house, _through(smtp)) == 0
        clock.go(seconds=pause.total_seconds() + 1)
    send_due(house, _through(smtp))
    assert Outgoing.objects.get().given_up_at and smtp.sent == []
    assert [entry.kind for entry in book.entries()] == [Kind.MAIL_GIVEN_UP]


def _report(ref, status="5.1.1", action="failed"):
    return (
        "From: mailer-daemon@mx.example\r\nTo: dataskydd@norrsken.example\r\nSubject: Undelivered\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\r\n"
        "Return-Path: <>\r\nMessage-ID: <b1@mx.example>\r\n\r\n--x\r\n\r\nIt did not arrive.\r\n--x\r\n"
        f"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Action: {action}\r\nStatus: {status}\r\n--x\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        f"Message-ID: <lofte.{ref}@norrsken.example>\r\n--x--\r\n"
    ).encode()


def test_a_letter_that_comes_back_is_noted_and_opens_nothing(store, house):
    posted = _code(house)
    send_due(house, WAY)
    take_in(house, "b" * 64, 7, fetched(_report(posted.ref)), SETTINGS)
    assert Bounced.objects.get().status == "5.1.1"
    assert [entry.kind for entry in book.entries()] == [Kind.MAIL_SENT, Kind.MAIL_BOUNCED]


@pytest.mark.parametrize(("status", "action"), [("4.4.1", "delayed"), ("2.0.0", "delivered")])
def test_a_letter_that_is_late_has_not_come_back(store, house, status, action):
    posted = _code(house)
    send_due(house, WAY)
    take_in(house, "b" * 64, 7, fetched(_report(posted.ref, status, action)), SETTINGS)
    assert not Bounced.objects.exists()


def test_a_report_of_a_letter_that_is_not_ours_is_nothing(store, house):
    _code(house)
    send_due(house, WAY)
    take_in(house, "b" * 64, 7, fetched(_report("f" * 32)), SETTINGS)
    assert not Bounced.objects.exists()


HOSTILE = [
    "{code}",
    "{portal}",
    "{{7*7}}",
    "{0.__class__}",
    "%(code)s",
    "$code",
    "a\r\nBcc: eve@x.example",
    "{",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_what_a_fact_says_comes_out_as_it_is(house, words):
    said = letter(house, "code", "sv", number="2026-000001", code=words, minutes="10")
    assert f"Din kod: {words}\n" in said.body


@pytest.mark.parametrize("words", HOSTILE)
def test_a_fact_begins_no_header(store, house, words):
    said = letter(house, "code", "sv", number=words, code="1", minutes="10")
    assert "\n" not in said.subject and "\r" not in said.subject
    with recorded(house):
        post(house, said, ANNA)
    assert send_due(house, WAY) == 1
    (read,) = _read(house)
    assert read["Bcc"] is None and read["To"] == ANNA


def test_a_letter_is_not_written_with_facts_that_it_does_not_name(house):
    with pytest.raises(Broken, match="minutes"):
        letter(house, "code", "sv", number="1", code="1")
    with pytest.raises(Broken, match="name"):
        letter(house, "code", "sv", number="1", code="1", minutes="1", name="Anna")


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_each_letter_says_the_same_in_both_languages(name):
    template = TEMPLATES[name]
    for said in (template.subject, template.body):
        places = [set(re.findall(r"\{([a-z_]+)\}", words)) for words in (said.sv, said.en)]
        assert places[0] == places[1]

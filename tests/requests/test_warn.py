"""Whoever takes care of a request is told that its time runs out, once for each mark."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import F

from lofte.accounts.models import Handler
from lofte.datamap.document import Kind as IdentityKind
from lofte.datamap.identity import Identity
from lofte.execution import book
from lofte.law.clock import Because, Waits
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind
from lofte.mail.models import Outgoing
from lofte.requests import sealing
from lofte.requests.course import ticking
from lofte.requests.course.assign import assign
from lofte.requests.course.receive import receive
from lofte.requests.course.warn import warn
from lofte.requests.models import Request, Warned

ANNA = Identity(kind=IdentityKind.EMAIL, value="anna@kund.example")
RECEIVED = datetime(2026, 2, 2, 9, tzinfo=UTC)


@pytest.fixture
def bertil(any_store):
    return Handler.objects.create_user("bertil@norrsken.example", "x", role="handler")


@pytest.fixture
def request_(any_store, house):
    now = dataclasses.replace(house, clock=lambda: RECEIVED)
    return receive(now, right=Right.ACCESS, identities=(ANNA,), channel="email")


def after(house, days: int, hours: int = 1):
    return dataclasses.replace(house, clock=lambda: RECEIVED + timedelta(days=days, hours=hours))


def letters(house) -> list[dict]:
    found = []
    for each in Outgoing.objects.order_by("id"):
        key = sealing.unwrap(house.keys.wrapping, each.key, each.ref)
        found.append(json.loads(sealing.unseal_text(key, each.sealed, "letter", each.ref)))
    return found


def told(house, days: range) -> list[str]:
    for day in days:
        warn(after(house, day))
    return list(Warned.objects.order_by("id").values_list("mark", flat=True))


def test_each_mark_is_told_once_on_its_day(house, request_, bertil):
    marks = told(house, range(40))
    assert sorted(marks) == ["gone-50", "gone-75", "gone-90", "left-1", "left-3", "left-7"]
    assert told(house, range(40)) == marks, "and never again"
    assert len(letters(house)) == len({each.at for each in Warned.objects.all()}) > 4


def test_the_letter_tells_number_right_and_days_and_nobody(house, request_, bertil):
    told(house, range(15))
    (letter,) = letters(house)
    assert letter["to"] == bertil.email
    assert request_.number in letter["body"] and "/console/requests/" in letter["body"]
    assert "anna" not in json.dumps(letter).lower()


@pytest.mark.parametrize(
    ("days", "words"),
    [(21, "7 dagar kvar"), (27, "1 dag kvar"), (28, "sista dagen är i dag"), (30, "2 dagar för sent")],
)
def test_how_much_is_left_is_said_as_people_say_it(house, request_, bertil, days, words):
    warn(after(house, days))
    (letter,) = letters(house)
    assert words in letter["subject"] and words in letter["body"]


def test_marks_that_passed_unseen_are_told_in_one_letter(house, request_, bertil):
    warn(after(house, 27))
    assert Warned.objects.count() > 2 and len(letters(house)) == 1
    notes = [payload for entry, payload in book.opened(0) if entry.kind == Kind.DEADLINE_WARNED]
    assert len(notes) == 1 and notes[0]["letters"] == 1


def test_who_takes_care_of_it_is_told_and_else_all_who_carry_out(house, request_, bertil):
    berit = Handler.objects.create_user("berit@norrsken.example", "x", role="handler")
    Handler.objects.create_user("officer@norrsken.example", "x", role="officer")
    warn(after(house, 15))
    assert {each["to"] for each in letters(house)} == {bertil.email, berit.email}
    assign(after(house, 16), request_, to=berit.ref, by="")
    warn(after(house, 21))
    assert [each["to"] for each in letters(house)[2:]] == [berit.email]


def test_what_another_worker_has_told_is_not_told_again(house, request_, bertil):
    warn(after(house, 15))
    Warned.objects.update(at=F("at") - timedelta(days=3))  # a worker whose clock is behind
    assert warn(after(house, 15)) == 0 and len(letters(house)) == 1


def test_who_has_many_gets_one_letter_of_them_all(house, request_, bertil):
    now = dataclasses.replace(house, clock=lambda: RECEIVED)
    more = [receive(now, right=Right.ERASURE, identities=(ANNA,), channel="email") for _ in range(60)]
    assert warn(after(house, 15)) == 61 and warn(after(house, 15)) == 0
    told = letters(house)
    assert len(told) == 2 and all("behöver svar" in each["subject"] for each in told)
    said = "".join(each["body"] for each in told)
    assert all(f"{each.number} (radering)" in said for each in more)
    assert Warned.objects.count() == 61


def test_who_has_left_is_not_written_to(house, request_, bertil):
    berit = Handler.objects.create_user("berit@norrsken.example", "x", role="handler")
    assign(after(house, 1), request_, to=berit.ref, by="")
    Handler.objects.filter(pk=berit.pk).update(is_active=False)
    warn(after(house, 15))
    assert [each["to"] for each in letters(house)] == [bertil.email]


def test_what_is_answered_is_warned_of_no_more(house, request_, bertil):
    Request.objects.update(state="delivered")
    assert told(house, range(40)) == []


def test_nobody_is_hurried_while_the_clock_stands_still(house, request_, bertil):
    ticking.wait(after(house, 1), request_, Waits.IDENTITY, why="Ett intyg.", by="")
    assert told(house, range(1, 30)) == []
    ticking.go_on(after(house, 30), request_, by="")
    assert told(house, range(30, 75))[-1] == "left-1"


def test_a_later_last_day_is_warned_of_anew(house, request_, bertil):
    assert "left-3" in told(house, range(27))
    before = Warned.objects.count()
    ticking.extend(after(house, 26), request_, months=2, because=Because.COMPLEX, why="Mycket.", by="")
    assert told(house, range(27, 100)).count("left-1") == 1 and Warned.objects.count() > before


def test_a_letter_that_cannot_be_noted_is_not_sent(house, request_, bertil, monkeypatch):
    from lofte.errors import LedgerClosed
    from lofte.requests.course import warn as room

    def closed(*_given, **_more):
        raise LedgerClosed("closed")

    monkeypatch.setattr(room, "note", closed)
    with pytest.raises(LedgerClosed):
        warn(after(house, 15))
    assert not Outgoing.objects.exists() and not Warned.objects.exists()


def test_the_chat_is_told_what_the_letters_say_and_once(house, request_, bertil):
    assert warn(after(house, 15), in_chat=True) == 1 and warn(after(house, 15), in_chat=True) == 0
    by_letter, in_chat = letters(house)
    assert (by_letter["to"], in_chat["to"]) == (bertil.email, "chat:here")
    assert in_chat["body"] == by_letter["body"] and request_.number in in_chat["body"]
    assert ANNA.value not in str(in_chat)

"""A message is taken in once, whole, and proves nothing of who wrote it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage

from lofte.errors import NotIdentified
from lofte.execution import book
from lofte.intake import acknowledge, known
from lofte.intake.judge import Outcome
from lofte.intake.models import Acknowledgement, Mail, Mailbox, MailOfRequest
from lofte.intake.settle import settle
from lofte.intake.take_in import MOST_OF_ONE, take_in
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind
from lofte.requests.course.receive import identities_of
from lofte.requests.course.refuse import Ground, refuse
from lofte.requests.door.identify import Level, identify
from lofte.requests.door.protected import protect
from lofte.requests.models import Identification, Request
from tests.intake.hostile import messages
from tests.intake.letters import ARRIVED, ERASE, OURS, SETTINGS, fetched, message

BOX = "b" * 64
HOSTILE = messages()


class Post:
    """The way in, message after message."""

    def __init__(self, house: Any) -> None:
        self.house, self.uid, self.validity = house, 0, 7

    def take(self, raw: bytes, **more: Any):
        self.uid += 1
        return take_in(self.house, BOX, self.validity, fetched(raw, self.uid, **more), SETTINGS)

    def waiting(self) -> list[EmailMessage]:
        found = Acknowledgement.objects.filter(sent_at=None).order_by("id")
        return [acknowledge.letter_for(self.house, each, SETTINGS) for each in found]


@pytest.fixture
def post(store, house):
    return Post(house)


def test_a_wish_opens_a_request_that_waits_for_identification(any_store, house):
    taken = Post(house).take(message())
    request = Request.objects.get()
    assert taken.outcome is Outcome.OPENED and taken.opened == (request.number,)
    assert (request.right, request.channel, request.state) == ("erasure", "email", "received")
    assert request.received_at == ARRIVED and request.due_on == date(2026, 4, 7)
    assert not Identification.objects.exists()


def test_a_sender_is_no_identity_of_what_discloses_or_takes(post):
    post.take(message())
    request = Request.objects.get()
    assert identities_of(post.house, request) == ()
    with pytest.raises(NotIdentified, match="at least one identity"):
        identify(post.house, request, method="sett", level=Level.PROVEN, by="")


def test_a_sender_who_wants_no_advertising_is_known_by_the_address(post):
    post.take(message("Sluta skicka reklam"))
    assert [each.value for each in identities_of(post.house, Request.objects.get())] == ["anna@kund.example"]


def test_several_wishes_open_several_requests_of_one_message(post):
    taken = post.take(message("Skicka en kopia på mina uppgifter. Radera dem sedan."))
    assert [each.right for each in Request.objects.order_by("id")] == ["access", "erasure"]
    assert len(taken.opened) == 2 and Acknowledgement.objects.count() == 1


def test_ordinary_mail_leaves_nothing(post):
    taken = post.take(message("Min domän är nere."))
    assert taken.outcome is Outcome.ORDINARY
    assert not Mail.objects.exists() and book.count() == 0 and Mailbox.objects.get().last_uid == 1


def test_what_is_unsure_is_kept_for_a_handler(post):
    taken = post.take(message("Ta bort mitt konto."))
    assert taken.outcome is Outcome.SUGGESTED and Mail.objects.get().perhaps == ["erasure"]
    assert not Request.objects.exists() and not Acknowledgement.objects.exists()


def test_a_message_is_sealed_as_it_came(store, post):
    raw = message("Rätta mitt namn, det är felstavat.")
    post.take(raw)
    mail = Mail.objects.get()
    from lofte.requests import sealing

    key = sealing.unwrap(post.house.keys.wrapping, mail.key, mail.ref)
    assert sealing.unseal_text(key, mail.raw, "mail", mail.ref).encode("latin-1") == raw
    on_disk = b"".join(each.read_bytes() for each in store.parent.glob("store.sqlite3*"))
    assert b"anna@kund.example" not in on_disk and b"felstavat" not in on_disk


def test_the_ledger_holds_nobody(post):
    post.take(message())
    said = [(entry.kind, payload) for entry, payload in book.opened()]
    assert [kind for kind, _ in said] == [Kind.REQUEST_RECEIVED, Kind.MAIL_TAKEN]
    assert said[1][1] == {"outcome": "opened", "requests": 1, "faults": 0}
    assert "anna" not in json.dumps(said)


def test_hostile_messages_stop_nothing(post):
    for raw in HOSTILE.values():
        post.take(raw)
    assert post.take(message("Rätta mitt namn.", sender="eva@kund.example")).outcome is Outcome.OPENED
    assert Mailbox.objects.get().last_uid == len(HOSTILE) + 1


@pytest.mark.parametrize(
    ("name", "number"), [("deep nesting", "I002"), ("two senders", "I004"), ("nothing", "I005")]
)
def test_a_message_that_cannot_be_read_is_kept_with_its_fault(post, name, number):
    taken = post.take(HOSTILE[name])
    assert taken.outcome is Outcome.HELD and number in Mail.objects.get().faults
    assert not Request.objects.exists() and not Acknowledgement.objects.exists()


def test_what_breaks_us_is_held_for_a_handler(post, monkeypatch):
    monkeypatch.setattr("lofte.intake.take_in.read_letter", lambda raw: 1 // 0)
    assert post.take(message()).outcome is Outcome.HELD and Mail.objects.get().faults == ["I010"]


def test_a_message_larger_than_is_fetched_is_held(post):
    taken = post.take(message(), size=50_000_000)
    assert taken.outcome is Outcome.HELD and Mail.objects.get().faults == ["I001"]


# -- once ------------------------------------------------------------------------------------------


def test_the_same_uid_is_taken_in_once(post):
    assert post.take(message()) is not None
    post.uid -= 1
    assert post.take(message()) is None
    assert Request.objects.count() == 1


def test_the_same_message_is_opened_once(post):
    post.take(message())
    assert post.take(message()).outcome is Outcome.DUPLICATE
    assert Request.objects.count() == 1 and Acknowledgement.objects.count() == 1


def test_of_a_duplicate_nothing_is_kept_but_that_it_came(post):
    post.take(message())
    post.take(message())
    assert [bytes(each.raw) == b"" for each in Mail.objects.order_by("id")] == [False, True]


def test_a_mailbox_whose_uids_mean_something_else_is_read_anew(post):
    post.take(message())
    post.validity, post.uid = 8, 0
    assert post.take(message()).outcome is Outcome.DUPLICATE
    assert post.take(message("Vilka uppgifter har ni om mig?", name="2")).outcome is Outcome.OPENED


def test_another_message_with_the_same_id_is_held(post):
    post.take(message())
    taken = post.take(message("Rätta mitt namn.", sender="eva@kund.example"))
    assert taken.outcome is Outcome.HELD and Mail.objects.last().faults == ["I012"]


def test_a_message_without_id_is_known_by_all_of_it(post):
    raw = message().replace(b"Message-ID: <1@kund.example>\r\n", b"")
    assert post.take(raw).outcome is Outcome.OPENED
    assert post.take(raw).outcome is Outcome.DUPLICATE


def test_the_same_wish_twice_is_linked(post):
    first = post.take(message())
    second = post.take(message("Radera mina uppgifter, snälla!", name="2"))
    assert second.joined == first.opened and not second.opened and Request.objects.count() == 1


def test_the_same_wish_after_the_answer_is_a_wish_of_its_own(post):
    post.take(message())
    refuse(post.house, Request.objects.get(), ground=Ground.UNIDENTIFIED, by="")
    assert post.take(message(name="2")).opened


def test_the_same_wish_of_another_sender_is_another(post):
    post.take(message())
    assert post.take(message(name="2", sender="eva@kund.example")).opened


# -- answers ---------------------------------------------------------------------------------------


def _answer(post, words="Tack, jag väntar.", **more):
    letter = post.waiting()[0]
    id_ = letter.extra_headers["Message-ID"]
    headers = {"name": "2", "subject": "Sv: Hej", "more": f"In-Reply-To: {id_}\r\n"} | more
    return post.take(message(words, **headers))


def test_an_answer_to_our_letter_joins_its_case(post):
    first = post.take(message())
    taken = _answer(post)
    assert taken.outcome is Outcome.JOINED and taken.joined == first.opened
    assert Acknowledgement.objects.count() == 1


def test_an_answer_joins_by_references(post):
    first = post.take(message())
    id_ = post.waiting()[0].extra_headers["Message-ID"]
    taken = _answer(post, more=f"References: <x@kund.example> {id_}\r\n")
    assert taken.joined == first.opened


def test_who_answers_their_own_message_joins_its_case(post):
    first = post.take(message())
    assert _answer(post, more="In-Reply-To: <1@kund.example>\r\n").joined == first.opened


def test_an_answer_joins_by_the_mark_in_its_subject(post):
    first = post.take(message())
    mark = known.mark_of(post.house, Request.objects.get())
    assert _answer(post, subject=f"Sv: Vi har tagit emot [{mark}]", more="").joined == first.opened


def test_whoever_answers_is_not_identified_by_it(post):
    post.take(message())
    _answer(post, sender="eva@kund.example")
    assert not Identification.objects.exists()
    assert identities_of(post.house, Request.objects.get()) == ()


def test_a_new_wish_in_an_answer_is_opened_in_its_case(post):
    first = post.take(message())
    taken = _answer(post, "Rätta mitt namn också.")
    assert taken.outcome is Outcome.OPENED and taken.joined == first.opened and len(taken.opened) == 1


def test_the_wish_that_an_answer_quotes_is_not_asked_again(post):
    post.take(message())
    taken = _answer(post, "Tack!\r\n\r\nDen 5 mars 2026 skrev Anna:\r\n> Radera alla mina personuppgifter.")
    assert taken.outcome is Outcome.JOINED


def test_a_number_alone_opens_no_case(post):
    first = post.take(message())
    for name, subject in (("2", first.opened[0]), ("3", f"[{first.opened[0]}-aaaaaaaa]")):
        taken = post.take(message("Hur går det?", sender="eva@kund.example", name=name, subject=subject))
        assert taken.outcome is Outcome.HELD and Mail.objects.last().faults == ["I014"]
    assert MailOfRequest.objects.count() == 1


# -- bounds ----------------------------------------------------------------------------------------


def test_what_one_address_sends_too_much_of_waits_for_a_handler(post):
    outcomes = [post.take(message(name=str(n))).outcome for n in range(MOST_OF_ONE + 1)]
    assert outcomes[-1] is Outcome.HELD and set(outcomes[:-1]) == {Outcome.OPENED}
    assert Mail.objects.last().faults == ["I013"] and Request.objects.count() == 1


def test_one_address_is_acknowledged_three_times_a_day(post, clock):
    rights = (
        "Radera mina uppgifter",
        "Vilka uppgifter har ni om mig?",
        "Rätta mitt namn",
        "Sluta skicka reklam",
    )
    for n, words in enumerate(rights):
        post.take(message(words, name=str(n)))
    assert Request.objects.count() == 4 and Acknowledgement.objects.count() == 3
    clock.go(days=1)
    post.take(message("Jag återkallar mitt samtycke", name="9"), arrived=clock.now)
    assert Acknowledgement.objects.count() == 4


def test_an_old_wish_is_a_handlers_to_look_at(post):
    taken = post.take(message(), arrived=ARRIVED - timedelta(days=400))
    assert (taken.outcome, taken.why) == (Outcome.SUGGESTED, "old") and not Acknowledgement.objects.exists()


def test_a_clock_that_runs_ahead_receives_nothing_tomorrow(post):
    post.take(message(), arrived=ARRIVED + timedelta(days=3))
    assert Request.objects.get().received_at == post.house.now


@pytest.mark.parametrize(
    ("more", "outcome"),
    [
        ("Auto-Submitted: auto-replied\r\n", Outcome.SUGGESTED),
        ("Return-Path: <>\r\n", Outcome.SUGGESTED),
        (f"X-Loop: {OURS}\r\n", Outcome.IGNORED),
    ],
)
def test_a_machine_is_not_answered(post, more, outcome):
    taken = post.take(message(more=more))
    assert taken.outcome is outcome and not Request.objects.exists()
    if taken.ref:
        settle(post.house, taken.ref, (Right.ERASURE,), by="")
    assert not Acknowledgement.objects.exists()


def test_our_own_letter_that_comes_back_is_ignored(post):
    post.take(message())
    back = post.waiting()[0].message().as_bytes(linesep="\r\n")
    assert post.take(back).outcome is Outcome.IGNORED


def test_the_results_of_the_receiving_server_are_noted(post):
    post.take(
        message(more="Authentication-Results: mx.norrsken.example; spf=pass; dkim=none; dmarc=fail\r\n")
    )
    mail = Mail.objects.get()
    assert (mail.spf, mail.dkim, mail.dmarc) == ("pass", "none", "fail")
    assert Request.objects.exists() and not Acknowledgement.objects.exists()


# -- the letter ------------------------------------------------------------------------------------


def test_the_acknowledgement_says_number_right_and_days(post):
    post.take(message())
    letter, number = post.waiting()[0], Request.objects.get().number
    assert letter.to == ["anna@kund.example"] and number in letter.subject and number in letter.body
    assert (
        "Radering (artikel 17" in letter.body
        and "5 mars 2026" in letter.body
        and "7 april 2026" in letter.body
    )
    assert letter.extra_headers["Auto-Submitted"] == "auto-replied"


def test_the_acknowledgement_is_in_the_language_of_the_wish(post):
    post.take(message("Please delete all my personal data"))
    assert post.waiting()[0].body.startswith("Hello,")


def test_the_acknowledgement_repeats_nothing_of_the_message(post):
    post.take(message(ERASE + " Köp billigt på https://spam.example!", subject="Köp billigt"))
    letter = post.waiting()[0]
    assert "spam.example" not in letter.body and "billigt" not in letter.subject


def test_who_need_not_prove_anything_is_not_asked_to(post):
    post.take(message("Sluta skicka reklam"))
    assert "behöver inte visa vem du är" in post.waiting()[0].body


def test_known_and_unknown_are_answered_alike(post):
    """The way in never asks a system whether the person is there."""
    post.take(message())
    post.take(message(sender="ingen@kund.example", name="2"))
    one, other = post.waiting()
    numbers = [each.number for each in Request.objects.order_by("id")]
    assert one.body.replace(numbers[0], "") == other.body.replace(numbers[1], "")


def test_nothing_is_acknowledged_to_somebody_with_a_protected_identity(post):
    post.take(message())
    protect(post.house, Request.objects.get().case, "b" * 32)
    assert acknowledge.send_due(post.house, SETTINGS) == 0
    assert bytes(Acknowledgement.objects.get().address) == b""
    assert acknowledge.given_up() == [Mail.objects.get()]  # somebody writes by letter instead

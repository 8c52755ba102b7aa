"""What a machine sent opens nothing; what the receiving server says is noted and believed no further."""

from __future__ import annotations

import pytest

from lofte.intake.authenticity import Authenticity
from lofte.intake.judge import Outcome, judge
from lofte.intake.letter import read_letter
from lofte.intake.shipped import shipped_phrases

OURS, MX = "dataskydd@norrsken.example", "mx.norrsken.example"
WISH = "Radera alla mina personuppgifter."


def _judged(more="", body=WISH, sender="anna@kund.example", subject="Hej"):
    raw = f"{more}From: {sender}\nTo: {OURS}\nSubject: {subject}\nMessage-ID: <1@kund.example>\n\n{body}\n"
    return judge(read_letter(raw.encode()), shipped_phrases(), ours=OURS, authserv_id=MX)


def test_a_wish_opens_and_is_answered():
    judged = _judged()
    assert judged.outcome is Outcome.OPENED and judged.answered


_MACHINES = [
    ("Auto-Submitted: auto-replied\n", "auto_reply"),
    ("Auto-Submitted: auto-generated; owner-email=x\n", "auto_reply"),
    ("X-Autoreply: yes\n", "auto_reply"),
    ("Precedence: auto_reply\n", "auto_reply"),
    ("Return-Path: <>\n", "null_sender"),
    ("Auto-Submitted: auto-generated\nReply-To: anna@kund.example\n", "form"),
]
_OWN = [
    ("Content-Type: multipart/report; boundary=b; report-type=delivery-status\n", "bounce"),
    (f"X-Loop: {OURS}\n", "loop"),
    (f"X-Loop: <{OURS.upper()}>\n", "loop"),
]
_NOBODY = [
    "no-reply@kund.example", "noreply@kund.example", "noreply+17@kund.example", "bounces-17=a=b@kund.example"
]  # fmt: skip


@pytest.mark.parametrize(("more", "why"), _MACHINES)
def test_a_wish_that_a_machine_sent_is_seen_by_a_handler(more, why):
    judged = _judged(more)
    assert (judged.outcome, judged.why, judged.answered) == (Outcome.SUGGESTED, why, False)


@pytest.mark.parametrize(("more", "why"), [*_MACHINES, *_OWN])
def test_what_a_machine_sent_is_ignored(more, why):
    judged = _judged(more, body="Jag är tillbaka på måndag.")
    assert (judged.outcome, judged.why, judged.answered) == (Outcome.IGNORED, why, False)


@pytest.mark.parametrize(("more", "why"), _OWN)
def test_our_own_words_that_come_back_are_no_wish(more, why):
    judged = _judged(more)
    assert (judged.outcome, judged.why) == (Outcome.IGNORED, why)


@pytest.mark.parametrize("sender", ["MAILER-DAEMON@kund.example", OURS])
def test_what_our_own_letter_brought_is_no_wish(sender):
    assert _judged(sender=sender).outcome is Outcome.IGNORED


@pytest.mark.parametrize("sender", _NOBODY)
def test_what_nobody_reads_is_not_answered(sender):
    judged = _judged(sender=sender)
    assert (judged.outcome, judged.answered) == (Outcome.SUGGESTED, False)


@pytest.mark.parametrize("sender", ["noreply.anna@kund.example", "bouncer.bob@kund.example"])
def test_a_name_that_begins_as_a_machines_is_a_persons(sender):
    judged = _judged(sender=sender)
    assert judged.outcome is Outcome.OPENED and judged.answered


def test_the_form_on_our_own_page_is_somebody_elses_wish():
    judged = _judged("Reply-To: Anna <anna@kund.example>\n", sender=OURS)
    assert (judged.outcome, judged.why) == (Outcome.SUGGESTED, "form")


def test_what_may_be_a_wish_in_a_form_is_seen_by_a_handler():
    judged = _judged("Reply-To: anna@kund.example\n", sender=OURS, body="Ta bort mitt konto.")
    assert (judged.outcome, judged.why) == (Outcome.SUGGESTED, "form")


@pytest.mark.parametrize(
    "subject",
    [
        "Autosvar: Hej",
        "Automatiskt svar: Hej",
        "Automatic reply: Hi",
        "Frånvaro",
        "Out of office",
        "Undelivered Mail Returned to Sender",
    ],
)
def test_an_automatic_answer_is_known_by_its_subject(subject):
    assert _judged(subject=subject).why == "auto_reply"


@pytest.mark.parametrize("subject", ["Autosvar på min begäran", "Automatic reply to my request"])
def test_who_writes_of_an_automatic_answer_is_a_person(subject):
    assert _judged(subject=subject).outcome is Outcome.OPENED


def test_auto_submitted_no_is_a_person():
    assert _judged("Auto-Submitted: no\n").outcome is Outcome.OPENED


@pytest.mark.parametrize(
    "more",
    ["List-Id: <x.kund.example>\n", "Precedence: bulk\n", "List-Unsubscribe: <mailto:x@kund.example>\n"],
)
def test_mail_of_a_list_is_ignored(more):
    assert _judged(more, body="Veckans nyheter").outcome is Outcome.IGNORED


def test_a_wish_by_way_of_a_list_is_seen_by_a_handler():
    """The company's own shared address may be a list."""
    judged = _judged("List-Id: <dataskydd.norrsken.example>\n")
    assert (judged.outcome, judged.answered) == (Outcome.SUGGESTED, False)


def test_who_asks_for_no_automatic_answer_gets_none():
    judged = _judged("X-Auto-Response-Suppress: All\n")
    assert judged.outcome is Outcome.OPENED and not judged.answered


def test_a_wish_sent_on_for_another_is_seen_by_a_handler():
    judged = _judged(body="Hej\n---------- Forwarded message ---------\nRadera alla mina personuppgifter.")
    assert (judged.outcome, judged.why) == (Outcome.SUGGESTED, "forwarded")


def test_ordinary_mail_is_left_alone():
    assert _judged(body="Min domän är nere.").outcome is Outcome.ORDINARY


def test_the_results_of_our_own_server_are_noted():
    judged = _judged(
        f"Authentication-Results: {MX} 1; spf=pass smtp.mailfrom=kund.example;\n"
        ' dkim=fail (bad; dmarc=pass) reason="dkim=pass"; DMARC=PASS\n'
    )
    assert judged.origin == Authenticity(spf="pass", dkim="fail", dmarc="pass")


def test_one_signature_that_holds_is_enough():
    assert _judged(f"Authentication-Results: {MX}; dkim=fail; dkim=pass\n").origin.dkim == "pass"


@pytest.mark.parametrize(
    "more",
    [
        "Authentication-Results: mx.other.example; dmarc=pass\n",
        f"Authentication-Results: mx.other.example; dmarc=fail\nAuthentication-Results: {MX}; dmarc=pass\n",
        f"Authentication-Results: ({MX}) mx.other.example; dmarc=pass\n",
        f'Authentication-Results: "{MX}"; dmarc=pass\n',
        f"Authentication-Results: {MX}.other.example; dmarc=pass\n",
        f"Authentication-Results: {MX}; x=dmarc=pass; dmarc=great\n",
    ],
)
def test_results_that_came_with_the_message_are_nothing(more):
    assert _judged(more).origin == Authenticity()


def test_no_server_of_ours_is_named_and_nothing_is_believed():
    letter = read_letter(f"Authentication-Results: {MX}; dmarc=pass\nFrom: a@b.example\n\n{WISH}".encode())
    assert judge(letter, shipped_phrases(), ours=OURS).origin == Authenticity()


def test_a_sender_that_fails_is_heard_and_not_answered():
    """The mail would go to somebody who has not written."""
    judged = _judged(f"Authentication-Results: {MX}; dmarc=fail\n")
    assert judged.outcome is Outcome.OPENED and not judged.answered

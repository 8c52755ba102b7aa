"""Whatever comes in is read into a letter, or told why not."""

from __future__ import annotations

import re
import tracemalloc
from pathlib import Path

import pytest

from lofte.intake.faults import CATALOGUE
from lofte.intake.judge import Outcome, judge
from lofte.intake.letter import Letter, read_letter
from lofte.intake.own_words import own_words
from lofte.intake.plain import text_of
from lofte.intake.shipped import shipped_phrases
from tests.intake.hostile import messages

HOSTILE = messages()
ROOT = Path(__file__).parents[2]


def _judged(raw):
    return judge(read_letter(raw), shipped_phrases(), ours="dataskydd@norrsken.example")


def test_there_are_hostile_messages_enough():
    assert len(HOSTILE) >= 30


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_message_is_read_or_told_within_bounds(name):
    tracemalloc.start()
    try:
        letter = read_letter(HOSTILE[name])
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(letter, Letter) and most < 64_000_000
    assert "\n" not in letter.subject and "\n" not in letter.sender and "\n" not in letter.message_id
    assert _judged(HOSTILE[name]).outcome in Outcome


_HELD = {
    "nothing": "I005", "deep nesting": "I002", "many parts": "I002", "boundary missing": "I003",
    "base64 of eight million nulls": "I001", "huge header": "I003", "header folded for ever": "I003",
    "a hundred thousand headers": "I003", "two senders": "I004", "two senders in one line": "I004",
    "no sender": "I005", "a sender that is no address": "I005", "ten thousand recipients": "I011",
    "encrypted": "I006",
}  # fmt: skip


@pytest.mark.parametrize(("name", "number"), _HELD.items())
def test_what_cannot_be_trusted_to_be_read_is_held_with_its_fault(name, number):
    assert _judged(HOSTILE[name]).outcome is Outcome.HELD
    assert number in {each.number for each in read_letter(HOSTILE[name]).faults}


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("null bytes", "I008"),
        ("text turned around", "I008"),
        ("utf-8 that is latin-1", "I007"),
        ("a partial message", "I009"),
    ],
)
def test_what_is_odd_is_told_beside_what_it_asks(name, number):
    assert [each.number for each in read_letter(HOSTILE[name]).faults] == [number]


@pytest.mark.parametrize(
    "name", ["html of open brackets", "html of open scripts", "a partial message", "quotes within quotes"]
)
def test_a_message_without_words_goes_to_a_handler(name):
    assert _judged(HOSTILE[name]).outcome is Outcome.SUGGESTED


def test_a_subject_in_bare_letters_is_read():
    assert read_letter("Subject: Rätta mitt namn\n\nHej".encode()).subject == "Rätta mitt namn"


def test_an_encoded_line_break_is_no_header():
    letter = read_letter(HOSTILE["encoded line break in the subject"])
    assert letter.subject == "Hej Bcc: eva@kund.example" and not letter.all("bcc")


def test_the_name_beside_an_address_is_not_the_sender():
    assert read_letter(HOSTILE["an address as a name"]).sender == "eva@kund.example"


def test_every_fault_of_the_intake_is_explained():
    page = (ROOT / "docs" / "how-to" / "take-in-mail.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| (I\d{3}) \|", page, re.MULTILINE)) == set(CATALOGUE)


def _mail(body, more="Content-Type: text/plain; charset=utf-8\n"):
    head = "From: Anna <anna@kund.example>\nSubject: Hej\nMessage-ID: <1@kund.example>\nMIME-Version: 1.0\n"
    return (head + more + "\n" + body).encode()


def test_the_fuller_of_two_texts_is_read():
    body = (
        "--b\nContent-Type: text/plain\n\nVisas bara i HTML.\n"
        "--b\nContent-Type: text/html\n\n<p>Hej! Jag heter Anna och var kund. <b>Radera</b> alla mina "
        "personuppgifter så snart ni kan, och bekräfta sedan.</p>\n--b--\n"
    )
    letter = read_letter(_mail(body, 'Content-Type: multipart/alternative; boundary="b"\n'))
    assert "Radera alla mina personuppgifter" in letter.words


def test_an_attachment_is_counted_and_not_read():
    body = (
        "--b\nContent-Type: text/plain\n\nHej\n"
        "--b\nContent-Type: text/plain\nContent-Disposition: attachment\n\nRadera mina uppgifter\n--b--\n"
    )
    letter = read_letter(_mail(body, 'Content-Type: multipart/mixed; boundary="b"\n'))
    assert letter.words == "Hej" and letter.attachments == 1


QUOTES = [
    "Tack!\n\nDen 3 mars 2026 skrev Löfte <dataskydd@norrsken.example>:\n> Radera mina uppgifter",
    "Tack!\n\nOn Tue, 3 Mar 2026 at 10:00, Privacy <dataskydd@norrsken.example> wrote:\n\nDelete my data",
    "Tack!\n\nOn Tue, 3 Mar 2026 at 10:00, Privacy\n<dataskydd@norrsken.example> wrote:\n\nDelete my data",
    "Tack!\n\n-----Ursprungligt meddelande-----\nFrån: x\nRadera mina uppgifter",
    "Tack!\n\nFrån: x\nSkickat: i går\nTill: y\nÄmne: z\n\nRadera mina uppgifter",
    "Tack!\n\n________________________________\nFrom: x\nDelete my data",
    "Tack!\n-- \nVi raderar mina uppgifter AB",
    "Tack!\n\nMed vänlig hälsning\nAnna\nRadera mina uppgifter AB",
    "Tack!\n\nSkickat från min iPhone",
    "> Radera mina uppgifter\n\nTack!",
    "Anna skrev:\n> Radera mina uppgifter\nTack!",
]


@pytest.mark.parametrize("text", QUOTES)
def test_what_is_quoted_or_signed_is_not_what_the_sender_says(text):
    assert own_words(text).own.removeprefix("Anna skrev:").strip() == "Tack!"


def test_what_is_sent_on_is_told_apart():
    words = own_words("Se nedan.\n\n---------- Forwarded message ---------\nFrom: Eva\n\nDelete my data")
    assert words.own == "Se nedan." and "Delete my data" in words.forwarded


def test_an_afterword_is_heard():
    assert own_words("Tack!\nMvh\nAnna\nPS. Radera mina uppgifter").own.endswith("Radera mina uppgifter")


def test_a_greeting_is_no_signature():
    assert own_words("Hälsningar!\nRadera mina uppgifter").own == "Hälsningar!\nRadera mina uppgifter"


def test_html_is_read_and_not_rendered():
    html = (
        "<html><head><style>p > a {}</style><title>T</title></head><body><script>alert('x')</script>"
        "<!-- <p>dold</p> --><p>Radera&nbsp;<b>mina</b> upp<i>gifter</i>&#46;</p>"
        "<img src='https://spy.example/x.png'><div>Tack</div><blockquote>Citat</blockquote></body></html>"
    )
    assert text_of(html).split() == ["Radera", "mina", "uppgifter.", "Tack"]

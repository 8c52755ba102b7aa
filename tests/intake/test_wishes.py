"""A wish is known by what it says, and ordinary mail is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from lofte.intake.phrasebook import phrasebook
from lofte.intake.shipped import shipped_phrases
from lofte.intake.wishes import recognise
from lofte.law.rights import Right

CORPUS = Path(__file__).parent / "corpus"
BOOKS = ("learned", "held_out")


def _messages(book):
    for line in (CORPUS / f"{book}.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            asks, subject, body = (part.strip() for part in line.split("|", 2))
            yield asks, subject, body.replace("\\n", "\n")


def _read(subject, body):
    return recognise(subject, body, shipped_phrases())


def test_there_are_enough_messages_to_judge_by():
    asked = [asks for book in BOOKS for asks, _, _ in _messages(book)]
    assert len(asked) >= 400 and asked.count("-") >= 150
    assert {right for asks in asked if asks not in "-?" for right in asks.split()} == set(Right)


@pytest.mark.parametrize("book", BOOKS)
def test_ordinary_mail_never_opens_a_case(book):
    opened = [(s, b) for asks, s, b in _messages(book) if asks in "-?" and _read(s, b).rights]
    assert not opened


@pytest.mark.parametrize("book", BOOKS)
def test_of_a_hundred_wishes_ninety_five_are_heard_whole(book):
    wishes = [(asks, s, b) for asks, s, b in _messages(book) if asks not in "-?"]
    missed = [(asks, b) for asks, s, b in wishes if set(_read(s, b).rights) != set(asks.split())]
    assert len(missed) <= 0.05 * len(wishes), missed


@pytest.mark.parametrize(
    ("said", "rights"),
    [
        ("ta bort mitt konto och allt ni har om mig", [Right.ERASURE]),
        ("vilka uppgifter har ni om mig?", [Right.ACCESS]),
        ("sluta skicka reklam", [Right.OBJECTION]),
        ("my name is misspelled, please fix it", [Right.RECTIFICATION]),
        ("my domain is down", []),
        ("faktura fel belopp", []),
        ("avsluta abonnemanget", []),
    ],
)
def test_plain_words_are_enough(said, rights):
    assert list(_read("", said).rights) == rights


def test_a_message_may_hold_several_wishes():
    found = _read("", "Skicka en kopia på mina uppgifter. Rätta mitt namn. Sluta sedan skicka nyhetsbrev.")
    assert found.rights == (Right.ACCESS, Right.RECTIFICATION, Right.OBJECTION)


def test_the_subject_alone_is_enough():
    assert _read("Sv: Registerutdrag", "").rights == (Right.ACCESS,)


@pytest.mark.parametrize(
    "said", ["Ta bort mitt konto.", "Do not delete my data!", "Hur raderar jag mina uppgifter?"]
)
def test_what_is_unsure_goes_to_a_handler(said):
    found = _read("", said)
    assert not found.rights and found.unsure and Right.ERASURE in found.perhaps


def test_what_does_not_show_does_not_hide_a_wish():
    assert _read("", "Rad\u200bera al\u00adla mina\u00a0person\u200cuppgifter").rights == (Right.ERASURE,)


def test_decomposed_letters_are_letters():
    assert _read("", "Jag a\u030aterkallar mitt samtycke").rights == (Right.WITHDRAWAL,)


@pytest.mark.parametrize(
    ("said", "language"), [("Delete my data please", "en"), ("Radera mina uppgifter", "sv"), ("?", "sv")]
)
def test_the_answer_is_in_the_language_of_the_wish(said, language):
    assert _read("", said).language == language


def test_a_phrase_of_an_unknown_set_is_told_when_the_book_is_read():
    text = """
    common = {}
    sets = {}
    wish = [{right = "access", weight = 10, says = ["{nowhere}"]}]
    """ + "".join(
        f"{each} = {{says = [], weight = 1}}\n"
        for each in ["law", "hints", "questions", "others", "no", "trade", "places"]
    )
    with pytest.raises(KeyError, match="nowhere"):
        phrasebook(text)

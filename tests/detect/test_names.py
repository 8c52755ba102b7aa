"""Names in a text are proposed to be taken out; a person decides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lofte.detect.names import propose, take_out

DOTS = "•••••"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Hej, jag heter Anna Lindgren och bor i Åre.", ("Anna Lindgren",)),
        ("Mvh\nErik", ("Erik",)),
        ("Ring Eva-Lena Berg eller Per.", ("Eva-Lena Berg", "Per")),
        ("Annas faktura är Karls.", ("Annas", "Karls")),
        ("Karl af Ek kom.", ("Karl af Ek",)),
        ("Domänen grankotten.example går ut i mars.", ()),
        ("per månad, av anna", ()),
        ("", ()),
        ("Lisa ringde. Lisa ringde igen.", ("Lisa",)),
    ],
)
def test_given_names_with_a_capital_are_proposed_with_what_follows(text, names):
    assert propose(text) == names


def test_the_subject_s_own_name_is_not_proposed():
    assert propose("Anna Lindgren skrev till Erik.", own=["Anna Lindgren"]) == ("Erik",)


def test_no_more_is_proposed_than_anybody_reads():
    assert len(propose(". ".join(f"Anna Ek{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(200)))) == 50


@pytest.mark.parametrize(
    ("text", "names", "left"),
    [
        (
            "Anna Lindgren bad om det. Lindgren är sur.",
            ["Anna Lindgren", "Lindgren"],
            f"{DOTS} bad om det. {DOTS} är sur.",
        ),
        ("ANNA och anna", ["Anna"], f"{DOTS} och {DOTS}"),
        ("Annas hund, Annason", ["Anna"], f"{DOTS} hund, Annason"),
        ("Anna\n Lindgren", ["Anna Lindgren"], DOTS),
        ("a.b|c", ["a.b|c"], DOTS),
        ("Anna", ["", "  "], "Anna"),
    ],
)
def test_what_is_chosen_is_taken_out_whole_and_nothing_beside(text, names, left):
    assert take_out(text, names, DOTS) == left


@given(st.text(max_size=300))
def test_what_is_proposed_and_chosen_is_gone(text):
    names = propose(text)
    left = take_out(text, names, DOTS)
    assert not set(propose(left)) & set(names)

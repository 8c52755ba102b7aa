"""A policy in prose is read against the law: every fault where it is, and none where it is not."""

from __future__ import annotations

from datetime import date

import pytest

from lofte.policy.review.reviewing import read, review
from lofte.policy.review.segment import segment
from tests.prose import lawful
from tests.prose.cases import ABSENT, SAID

TODAY = date(2026, 11, 20)
LAST = {"sv": "\nÖvrigt\n\n{}\n", "en": "\nAnything else\n\n{}\n"}


def reviewed(text, language=None):
    reader = read(segment(text), TODAY, language)
    assert reader is not None
    return review(reader)


def numbers(text, language=None):
    return {remark.number for remark in reviewed(text, language).remarks}


def listed(words):
    return set(words.split())


def edited(case):
    """The lawful text with the case done to it; several pieces to take away stand between `|`."""
    text = lawful.SV if case.language == "sv" else lawful.EN
    if not case.out:
        return text + LAST[case.language].format(case.in_)
    done = False
    for piece in case.out.split("|"):
        if piece in text:
            text, done = text.replace(piece, "" if done else case.in_), True
    assert done
    return text


@pytest.mark.parametrize("text", [lawful.SV, lawful.EN], ids=["sv", "en"])
def test_a_lawful_text_has_no_fault(text):
    assert numbers(text) == set()


@pytest.mark.parametrize("text", [lawful.SV, lawful.EN], ids=["sv", "en"])
def test_a_lawful_text_has_every_element(text):
    assert {seen.id for seen in reviewed(text).elements if seen.state != "present"} == set()


@pytest.mark.parametrize("case", ABSENT + SAID, ids=lambda c: f"{c.number}-{c.language}")
def test_a_fault_is_found(case):
    assert case.number in numbers(edited(case), case.language)


@pytest.mark.parametrize(
    "case", [c for c in ABSENT + SAID if c.near], ids=lambda c: f"{c.number}-{c.language}"
)
def test_what_only_looks_like_a_fault_is_none(case):
    text = lawful.SV if case.language == "sv" else lawful.EN
    assert case.number not in numbers(text + LAST[case.language].format(case.near))


# -- what hangs on the build of the text ----------------------------------------------------------------


def test_an_officer_whom_nobody_can_reach_is_a_fault():
    sv = lawful.SV.replace("Vårt dataskyddsombud nås på ombud@bageriet.example.", "")
    assert "N104" in numbers(sv + "\nOmbud\n\nVi har ett dataskyddsombud.\n")
    en = lawful.EN.replace("Our data protection officer is reached at officer@bakery.example.", "")
    assert "N104" in numbers(en + "\nOfficer\n\nWe have a data protection officer.\n")


def test_a_text_without_purposes_categories_and_sources_lacks_them():
    assert {"N106", "N120", "N123"} <= numbers("Vi bryr oss om dig och om det vi gör. " * 30)
    assert {"N106", "N120", "N123"} <= numbers("We care about you and the things that we do. " * 30)


def test_a_heading_and_a_body_that_disagree_are_a_fault():
    sv = (
        lawful.SV
        + "\nRätt till begränsning\n\nDu har rätt att få dina uppgifter i ett maskinläsbart format.\n"
    )
    en = lawful.EN + "\nRestriction\n\nYou have the right to get your data in a machine-readable format.\n"
    assert [r.number for r in reviewed(sv).remarks] == [r.number for r in reviewed(en).remarks] == ["N303"]
    assert reviewed(sv).remarks[0].spans[0].quote == "Rätt till begränsning"


def test_a_heading_that_its_body_agrees_with_is_none():
    assert "N303" not in numbers(lawful.SV + "\nRätt till radering\n\nDu kan begära att vi tar bort dem.\n")
    assert "N303" not in numbers(lawful.EN + "\nErasure\n\nYou can ask us to delete them.\n")


@pytest.mark.parametrize(
    ("text", "more"),
    [
        (
            lawful.SV,
            "\nFörbättra våra bröd\n\nVi bakar.\n\nFörbättra våra ugnar\n\nKakor\n\nVi har inga kakor.\n",
        ),
        (lawful.EN, "\nImprove bread\n\nWe bake.\n\nImprove ovens\n\nCookies\n\nWe have no cookies.\n"),
    ],
)
def test_a_heading_above_nothing_is_a_fault(text, more):
    assert numbers(text + more) == {"N304"}


def test_a_part_under_its_own_heading_is_above_something():
    assert "N304" not in numbers(lawful.SV + "\nAllmänt om oss\n\nKakor\n\nVi har inga kakor.\n")


def test_a_section_that_is_not_there_is_a_reference_to_nothing():
    assert "N305" in numbers(lawful.SV + "\nÖvrigt\n\nSe avsnitt 14 om detta.\n")
    assert "N305" not in numbers(
        lawful.SV + "\n14. Annat\n\nVi bakar.\n\n15. Övrigt\n\nSe avsnitt 14 om detta.\n"
    )


def test_a_definition_shows_nothing_of_what_is_done():
    what = "\nVad är personuppgifter?\n\nDet är till exempel namn, personnummer och hälsouppgifter.\n"
    assert numbers(lawful.SV + what) == set()


def test_a_list_goes_on_from_its_lead():
    text = lawful.EN.replace(
        "You have the right to erasure when", "You have the right to:\n\n• erasure when"
    ).replace(" You have the right to restriction of", "\n• restriction of")
    assert numbers(text) == set()


# -- whole texts, as careless companies write them --------------------------------------------------------


def test_a_careless_swedish_text_has_just_these_faults():
    assert numbers((lawful.FOLDER / "careless-sv.txt").read_text(encoding="utf-8")) == listed(
        "N101 N102 N112 N114 N115 N116 N117 N119 N201 N202 N203 N205 N208 N209 N211 N212 N301 N302 N303 N305 "
        "N312 N313 N401 N402 N403 N405 N406 N501 N502 N503 N504 N601 N603 N610 N612 N613 N701 N703 N704 N706 "
        "N707 N708"
    )


def test_a_careless_english_text_has_just_these_faults():
    assert numbers((lawful.FOLDER / "careless-en.txt").read_text(encoding="utf-8")) == listed(
        "N101 N114 N115 N116 N117 N118 N119 N123 N201 N203 N205 N209 N213 N301 N302 N308 N310 N312 N405 N406 "
        "N501 N502 N504 N505 N509 N602 N603 N606 N608 N609 N612 N613 N701 N704 N706 N707"
    )


@pytest.mark.parametrize(
    ("language", "number", "sentence"),
    [
        ("sv", "N201", "Genom att fortsätta surfa på webbplatsen godkänner du vår policy."),
        ("sv", "N204", "Du har lämnat ett samtycke som du inte kan återkalla."),
        ("sv", "N602", "Du kan begära att vi raderar uppgifter mot en avgift om 500 kr."),
        (
            "sv",
            "N707",
            "Vi förbehåller oss rätten att när som helst ändra denna policy utan att meddela dig.",
        ),
        ("en", "N204", "We rely on your consent, which you cannot withdraw once an order has been placed."),
        ("en", "N212", "We collect your name and health information."),
        ("en", "N312", "We use your information for any legitimate business purpose."),
        ("en", "N501", "We share your data with affiliates, partners and third parties."),
        ("en", "N601", "You may ask for a copy of your data once per year."),
        ("en", "N602", "A fee of £10 applies."),
    ],
)
def test_a_fault_is_found_in_the_words_that_people_use(language, number, sentence):
    text = lawful.SV if language == "sv" else lawful.EN
    assert number in numbers(text + LAST[language].format(sentence), language)


def test_whoever_says_that_consent_cannot_be_withdrawn_uses_consent_and_tells_no_withdrawal():
    text = "We rely on your consent, which you cannot withdraw once an order has been placed. " * 12
    assert "N117" in numbers(text, "en")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("sv", "Är du missnöjd kan du vända dig till Integritetsskyddsmyndigheten (IMY)."),
        ("en", "You can ask us to delete your data, but we may refuse."),
    ],
)
def test_a_right_is_told_also_in_other_words(language, sentence):
    told = {"sv": "complaint", "en": "erasure"}[language]
    states = {seen.id: seen.state for seen in reviewed(f"{sentence} " * 15, language).elements}
    assert states[told] == "present"

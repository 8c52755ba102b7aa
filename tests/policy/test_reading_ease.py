"""Whether a text can be read is counted as Björnsson and Flesch counted it."""

from __future__ import annotations

import pytest

from lofte.policy.checks import check
from lofte.policy.document import Policy
from lofte.policy.reading_ease import Level, ease, of_notice, sections, syllables
from tests.policy.test_notice import WRITTEN, notice, policy

HARD = {
    "sv": "Personuppgiftsbehandlingen genomförs huvudsakligen i överensstämmelse med "
    "dataskyddsförordningens bestämmelser beträffande rättsliga förpliktelser, varvid "
    "personuppgiftsansvarig vidtar ändamålsenliga säkerhetsåtgärder avseende registrerades "
    "integritetsintressen och därutöver dokumenterar samtliga överväganden.",
    "en": "Notwithstanding the aforementioned organisational considerations, personal information "
    "processing activities are predominantly undertaken pursuant to applicable regulatory obligations, "
    "whereby appropriate technological countermeasures are systematically implemented.",
}


def test_lix_is_words_for_each_sentence_and_the_share_of_long_words():
    # 10 words, 2 sentences, 2 long words: 10 / 2 + 100 * 2 / 10 = 25.
    found = ease(["Vi sparar dina uppgifter ett år. Sedan raderas de alla."], "sv")
    assert (found.words, found.sentences, found.long_words, found.value) == (10, 2, 2, 25)


def test_flesch_is_that_of_the_formula():
    # 6 words, 1 sentence, 6 syllables: 206.835 - 1.015 * 6 - 84.6 * 1 = 116.
    assert ease(["The cat sat on the mat."], "en").value == 116


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("cat", 1),
        ("made", 1),
        ("table", 2),
        ("wanted", 2),
        ("asked", 1),
        ("purposes", 3),
        ("data", 2),
        ("hmm", 1),
    ],
)
def test_an_e_that_is_not_heard_is_no_syllable(word, count):
    assert syllables(word) == count


def test_an_address_is_no_word():
    assert ease(["Skriv till hej@stigvis.example eller https://stigvis.example/a."], "sv").words == 3


def test_a_text_without_words_is_no_text():
    found = ease(["", "12 – 14 %"], "sv")
    assert (found.words, found.value, found.hard) == (0, 0, False)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_officialese_is_hard(language):
    assert ease([HARD[language]], language).level is Level.HARD


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_house_writes_plainly(language):
    said = notice(policy(), language)
    assert of_notice(said).level is Level.EASY
    assert {section.id for section, _ in sections(said)} > {"stored", "rights"}


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_hard_text_of_the_companys_own_is_told_at_its_key(language):
    document = policy(**{f"purposes__support__text__{language}": HARD[language]})
    (fault,) = [fault for fault in check(document) if fault.number == "P195"]
    assert fault.place.path == f"purposes.support.text.{language}"


def test_the_examples_have_no_hard_text():
    assert not [fault for fault in check(Policy.model_validate(WRITTEN)) if fault.number == "P195"]

"""Own words change how a thing is said, never what is promised."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from lofte.policy.checks import check
from lofte.policy.digest import digest
from lofte.policy.document import Policy
from lofte.policy.notice import notice
from lofte.policy.notice.own_words import addressed
from lofte.policy.promises import promises
from lofte.policy.reading import read
from lofte.site.judge import judge
from lofte.site.workspace import load
from tests.policy.test_notice import LANGUAGES, policy

DEADLINE = "rights.defaults.deadline"
GUIDES = Path(__file__).parents[2] / "examples" / "guides"


def worded(address: str, language: str, words: str) -> Policy:
    return policy(texts={address: {language: words}})


def sentence(document: Policy, address: str, language: str) -> Any:
    return next(s for _, s, a in addressed(notice(document, language).sections) if a == address)


def faults(document: Policy, number: str) -> list[str]:
    return [fault.what for fault in check(document) if fault.number == number]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_has_an_address_of_its_own(language):
    addresses = [address for _, _, address in addressed(notice(policy(), language).sections)]
    assert len(addresses) == len(set(addresses))


def test_own_words_keep_the_field_and_the_promises():
    document = worded("rights.defaults.fee.amount", "sv", "Det är alltid gratis.")
    before, after = (sentence(p, "rights.defaults.fee.amount", "sv") for p in (policy(), document))
    assert after.text == "Det är alltid gratis."
    assert (after.path, after.promises) == (before.path, before.promises)
    assert next(p for p in promises(document, "sv") if p.id == "P099").sentence == after.text


def test_own_words_in_one_language_leave_the_other_as_it_was():
    document = worded("rights.defaults.fee.amount", "sv", "Det är alltid gratis.")
    assert notice(document, "en") == notice(policy(), "en")
    assert not [f for f in check(document) if f.number in ("P192", "P196", "P197")]


def test_own_words_are_a_part_of_what_is_published():
    assert digest(worded("rights.defaults.fee.amount", "sv", "Gratis.")) != digest(policy())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_houses_own_sentence_passes_in_place_of_itself(language):
    texts = {a: {language: s.text} for _, s, a in addressed(notice(policy(), language).sections)}
    document = policy(texts=texts)
    assert not [f for f in check(document) if f.number in ("P196", "P197")]
    assert notice(document, language) == notice(policy(), language)


def test_words_for_no_sentence_are_a_fault_that_names_the_nearest():
    (fault,) = [f for f in check(worded("rights.defaults.fe.amount", "sv", "Gratis.")) if f.number == "P196"]
    assert fault.place.path == 'texts["rights.defaults.fe.amount"]'
    assert "rights.defaults.fee.amount" in fault.mend


def test_a_field_that_several_sentences_are_made_from_asks_which():
    (fault,) = [f for f in check(worded("purposes", "sv", "Så här.")) if f.number == "P196"]
    assert "`short/purposes`" in fault.mend and "`used/purposes`" in fault.mend


def test_empty_words_are_a_fault():
    assert faults(policy(texts={DEADLINE: {}}), "P196")


def test_a_period_that_is_left_out_is_a_fault():
    assert faults(worded(DEADLINE, "sv", "Du får svar så snart vi kan."), "P197")


def test_a_period_that_is_changed_is_a_fault_both_ways():
    before = sentence(policy(), DEADLINE, "sv").text
    found = faults(worded(DEADLINE, "sv", before.replace("en månad", "tre månader")), "P197")
    assert len(found) == 2 and "`en månad`" in found[0] and "`tre månader`" in found[1]


def test_the_number_of_a_period_may_be_written_with_digits():
    words = sentence(policy(), DEADLINE, "en").text.replace("two months", "2 months")
    assert "2 months" in words and not faults(worded(DEADLINE, "en", words), "P197")


def test_a_recipient_that_is_left_out_is_a_fault():
    id_, recipient = next((i, r) for i, r in policy().recipients.items() if r.name)
    words = sentence(policy(), f"recipients.{id_}", "sv").text.replace(recipient.name, "Någon")
    assert any(recipient.name in what for what in faults(worded(f"recipients.{id_}", "sv", words), "P197"))


def test_the_address_of_the_authority_cannot_be_left_out():
    (what,) = faults(worded("complaint/authority.url", "sv", "Webbplatsen finns."), "P197")
    assert policy().authority.url in what


def test_what_stands_in_a_file_of_its_own_is_read_with_the_policy(tmp_path):
    shutil.copytree(GUIDES, tmp_path / "w", ignore=shutil.ignore_patterns("*.py"))
    workspace = load(tmp_path / "w")
    assert workspace.policy.texts and not workspace.faults
    assert read(workspace.text, "policy.yaml", Policy).document == workspace.policy


@pytest.mark.parametrize(
    ("text", "number", "line"),
    [
        ('texts:\n  "no.such.field": {sv: Ord.}\n', "P196", 2),
        ("texts:\n  meta.title: [1]\n", "P009", 2),
        ("assurances: []\n", "P006", 1),
        ("law: []\n", "P007", 1),
        ("texts:\n  - : :\n\t", "P001", 3),
    ],
)
def test_what_is_wrong_there_is_told_at_its_own_line(tmp_path, text, number, line):
    shutil.copytree(GUIDES, tmp_path / "w", ignore=shutil.ignore_patterns("*.py"))
    (tmp_path / "w" / "texts" / "notice.yaml").write_text(text)
    found = [f for f in judge(load(tmp_path / "w"), offline=True) if f.place.file == "texts/notice.yaml"]
    assert (number, line) in [(fault.number, fault.place.line) for fault in found]

"""The notice says what the policy says, all of it, in both languages."""

from __future__ import annotations

import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from lofte.policy import keypath
from lofte.policy.document import Policy
from lofte.policy.notice import notice
from lofte.policy.notice.records import Row, Table
from lofte.policy.retention_words import say

WEBHOST = Path(__file__).parents[2] / "examples" / "webhost" / "policy.yaml"
WRITTEN: dict[str, Any] = YAML(typ="safe").load(WEBHOST)
LANGUAGES = ("sv", "en")
SECTIONS = (
    "short", "controller", "collected", "used", "must-give", "shared", "transfers", "stored",
    "by-category", "security",
    "rights", "objection", "withdrawal", "automated", "complaint", "messages", "cookies", "changes",
    "documents", "contact",
)  # fmt: skip
SMALLEST = {
    "policy": 1,
    "meta": {"id": "x", "title": {"sv": "Om dig"}, "version": "1", "effective_from": "2026-01-01"},
    "controller": {},
    "authority": {"id": "IMY", "name": {"sv": "IMY"}, "url": "https://www.imy.se/"},
    "categories": {"contact": {"name": {"sv": "Kontakt"}}},
    "purposes": {"deliver": {"categories": ["contact"], "legal_basis": "6.1.b"}},
}


def policy(**changes: Any) -> Policy:
    """The web host's policy, with values changed at `a__b__c` paths."""
    document = deepcopy(WRITTEN)
    for path, value in changes.items():
        *way, last = path.split("__")
        inner = document
        for key in way:
            inner = inner[key]
        inner[last] = value
    return Policy.model_validate(document)


def said(document: Policy, section: str, language: str = "en") -> str:
    """What one section says, as one text."""
    return "\n".join(line.text for line in notice(document, language).section(section).lines())


def everything(document: Policy, language: str) -> str:
    return "\n".join(line.text for line in notice(document, language).lines())


def lost(document: Policy, language: str) -> list[str]:
    """Paths of sentences that stand on nothing in the document."""
    plain = document.model_dump(mode="json", by_alias=True)

    def stands(path: str) -> bool:
        inner: Any = plain
        for segment in keypath.split(path):
            if not (isinstance(inner, list) or segment in inner):
                return False
            inner = inner[segment]
        return inner not in (None, "")

    return [line.path for line in notice(document, language).lines() if not stands(line.path)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_section_is_there_in_order(language):
    main = [s.id for s in notice(policy(), language).sections if s.parent is None]
    assert tuple(main) == SECTIONS


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_stands_on_a_field_of_the_document(language):
    assert not lost(policy(), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_collection_use_storage_and_sharing_are_told(language):
    for section in ("collected", "used", "stored", "shared"):
        lines = list(notice(policy(), language).section(section).lines())
        assert lines
        assert any("P001" in line.promises for line in lines)


def test_both_languages_say_the_same_things_in_the_same_order():
    swedish, english = (notice(policy(), language) for language in LANGUAGES)
    assert [s.id for s in swedish.sections] == [s.id for s in english.sections]
    assert [(x.path, x.promises) for x in swedish.lines()] == [(x.path, x.promises) for x in english.lines()]


def test_no_text_of_the_example_lacks_a_language():
    def texts(inner: Any, at: str = "") -> list[str]:
        if isinstance(inner, dict):
            if {"sv", "en"} & set(inner):
                return [] if inner.get("sv") and inner.get("en") else [at]
            return [found for key, value in inner.items() for found in texts(value, f"{at}.{key}")]
        if isinstance(inner, list):
            return [found for value in inner for found in texts(value, f"{at}[]")]
        return []

    assert texts(WRITTEN) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_empty_or_marked_up(language):
    text = everything(policy(), language)
    assert not re.search(r"[<>*`_]|\bNone\b|\{|\}| {2}|\.\.|  | ,| \.(?!\w)", text.replace("fj_", ""))


def test_the_day_it_applies_from_is_written_as_people_write_it():
    assert "den 1 oktober 2026" in said(policy(), "documents", "sv")
    assert "1 October 2026" in said(policy(), "documents", "en")


def test_the_day_of_updating_comes_from_the_version():
    assert "14 September 2026" in said(policy(), "documents")
    assert "3 May 2027" in said(policy(meta__updated="2027-05-03"), "documents")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_complaint_names_the_authority_with_its_link(language):
    text = said(policy(), "complaint", language)
    assert "https://www.imy.se/" in text
    assert "IMY" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_short_version_is_short(language):
    lines = list(notice(policy(), language).section("short").lines())
    assert 5 <= len(lines) <= 8
    assert notice(policy(), language).sections[0].id == "short"


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_short_on_the_whole(language):
    text = " ".join(x.text for x in notice(policy(), language).lines() if not isinstance(x, Row))
    counts = [len(sentence.split()) for sentence in re.split(r"[.!?:]\s", text)]
    assert sum(counts) / len(counts) < 12


def test_each_purpose_has_a_row_and_a_ground_in_plain_words():
    document = policy()
    table = next(x for x in notice(document, "en").section("used").sentences if isinstance(x, Table))
    assert [row.path for row in table.rows] == [f"purposes.{id_}" for id_ in document.purposes]
    assert all(len(row.cells) == len(table.head) and all(row.cells) for row in table.rows)
    for id_ in document.purposes:
        assert "Legal ground: " in said(document, f"purpose-{id_}")


def test_each_interest_is_named():
    document = policy()
    named = [id_ for id_, p in document.purposes.items() if p.legal_basis == "6.1.f"]
    assert named
    for id_ in named:
        assert "Our interest is " in said(document, f"purpose-{id_}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_interest_that_ends_its_own_sentence_has_one_full_stop(language):
    text = {"sv": "att stänga ute obehöriga.", "en": "to keep intruders out."}
    told = everything(policy(purposes__security__interest={"text": text, "assessment": "lia"}), language)
    assert text[language] in told and ".." not in told


def test_each_purpose_that_asks_for_data_says_whether_one_must_give_them():
    document = policy()
    paths = {line.path for line in notice(document, "en").section("must-give").lines()}
    asked = {f"purposes.{id_}.provision" for id_, p in document.purposes.items() if p.provision}
    assert paths == asked | {"purposes"}


def test_each_recipient_is_told_by_name():
    text = said(policy(), "shared")
    for recipient in policy().recipients.values():
        assert (recipient.name or recipient.text.say("en")).lower() in text.lower()


def test_a_recipient_outside_the_eea_is_told_with_what_protects_the_data():
    text = said(policy(), "transfers")
    assert "Globex Registry Inc. is in the United States." in text
    assert "Article 49(1)(b)" in text


def test_nothing_is_said_of_exceptions_when_all_data_stay_inside():
    text = said(policy(recipients__registry_abroad__country="FI"), "transfers")
    assert text == "The data stay within the EU and the EEA."


def test_where_data_come_from_others_the_source_is_named():
    assert "from the company or customer that names you" in said(policy(), "collected")


def test_sensitive_data_are_marked_as_such():
    document = policy()
    marked = [
        line for line in notice(document, "en").section("collected").lines() if line.path.endswith("special")
    ]
    assert [line.path for line in marked] == ["categories.dietary.special"]


def test_the_ground_for_the_national_number_is_told_with_its_law():
    assert "3 kap. 10 § dataskyddslagen" in said(policy(), "collected", "sv")


def test_what_is_held_only_as_processor_is_told_with_whom_to_ask():
    line = next(x for x in notice(policy(), "en").lines() if "P034" in x.promises)
    assert "only the processor" in line.text
    assert "visitors to our customers' sites" in line.text


def test_the_time_to_answer_follows_the_document():
    assert "within one month of the day" in said(policy(), "rights")
    assert "two months more" in said(policy(), "rights")
    assert "within two weeks of the day" in said(policy(rights__defaults__deadline="P2W"), "rights")


def test_a_fee_is_told_when_there_is_one():
    assert "It costs nothing." in said(policy(), "rights")
    assert "100 SEK" in said(policy(rights__defaults__fee={"amount": 100, "currency": "SEK"}), "rights")


def test_a_right_without_terms_is_not_promised():
    document = policy(rights__portability=None)
    assert "right-portability" not in {s.id for s in notice(document, "en").sections}
    assert "P108" not in {p for line in notice(document, "en").lines() for p in line.promises}


@pytest.mark.parametrize("right", ["access", "rectification", "erasure", "restriction", "portability"])
def test_each_right_says_how_to_use_it(right):
    assert "How to do it: contact us " in said(policy(), f"right-{right}")


def test_the_right_to_object_stands_by_itself():
    section = notice(policy(), "en").section("objection")
    assert section.parent is None
    assert "If you say no to advertising we always stop." in said(policy(), "objection")


def test_consent_that_can_be_given_can_be_taken_back():
    assert "serve food that you can eat" in said(policy(), "withdrawal")


def test_cookies_that_wait_for_a_yes_are_among_what_consent_is_asked_for():
    assert "cookies for statistics" in said(policy(), "withdrawal")


def test_without_consent_nothing_is_said_of_withdrawal():
    document = policy()
    purposes = {
        id_: p for id_, p in WRITTEN["purposes"].items() if id_ not in ("event_diet", "newsletter_signup")
    }
    document = policy(purposes=purposes, cookies={"consent": "none_needed"})
    assert "withdrawal" not in {s.id for s in notice(document, "en").sections}


def test_cookies_that_need_no_consent_are_not_said_to_ask():
    text = said(policy(cookies={"consent": "none_needed"}), "cookies")
    assert "only cookies that the website needs" in text
    assert "said yes" not in text


def test_each_cookie_is_listed_with_its_lifetime():
    table = next(x for x in notice(policy(), "en").section("cookies").sentences if isinstance(x, Table))
    assert [row.cells[0] for row in table.rows] == [c["name"] for c in WRITTEN["cookies"]["table"]]
    assert table.rows[-1].cells[-1] == "30 days"


def test_the_documents_that_go_with_the_text_are_listed():
    text = said(policy(), "documents")
    assert all(document["title"]["en"].lower() in text.lower() for document in WRITTEN["documents"])


def test_reading_is_not_taken_for_consent():
    line = next(x for x in notice(policy(), "en").lines() if "P008" in x.promises)
    assert "You do not consent" in line.text


def test_the_same_document_gives_the_same_notice():
    assert notice(policy(), "sv") == notice(policy(), "sv")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_smallest_policy_can_be_read_aloud(language):
    text = notice(Policy.model_validate(SMALLEST), language)
    assert text.section("used")
    assert all(line.text for line in text.lines())


EXPRESSIONS = st.builds(
    "{} + P{}{}".format,
    st.sampled_from(["contract.end", "ticket.closed", "event.time", "year_end(fiscal_year.end)"]),
    st.integers(1, 400),
    st.sampled_from(["D", "W", "M"]),
)


@settings(max_examples=40, deadline=None)
@given(expression=EXPRESSIONS, rule=st.sampled_from(sorted(WRITTEN["retention"])))
def test_a_changed_retention_rule_changes_what_is_told(expression, rule):
    before, after = policy(), policy(**{f"retention__{rule}__keep_until": expression})
    path = f"retention.{rule}.keep_until"
    told = [x.text for x in notice(after, "sv").section("stored").lines() if x.path == path]
    if after.retention[rule].action == "next":
        assert told == []
        return
    assert told
    assert all(say(expression, "sv") in text for text in told)
    if expression != before.retention[rule].keep_until:
        assert everything(before, "sv") != everything(after, "sv")


OPTIONAL = sorted(set(WRITTEN) - {"policy", "meta", "controller", "authority", "categories", "purposes"})


@settings(max_examples=40, deadline=None)
@given(without=st.sets(st.sampled_from(OPTIONAL)), language=st.sampled_from(LANGUAGES))
def test_whatever_a_draft_leaves_out_is_not_spoken_of(without, language):
    document = Policy.model_validate({k: v for k, v in WRITTEN.items() if k not in without})
    assert lost(document, language) == []
    assert all(line.text.strip() for line in notice(document, language).lines())


def test_no_machine_is_spoken_of_when_the_document_does_not_say():
    document = Policy.model_validate({k: v for k, v in WRITTEN.items() if k != "automated_decisions"})
    assert "automated" not in {s.id for s in notice(document, "en").sections}


def test_a_decision_by_machine_is_not_denied():
    lock = WRITTEN["automated_decisions"]["abuse_lock"] | {"art22": True, "basis": "contract"}
    text = said(policy(automated_decisions={"abuse_lock": lock}), "automated")
    assert "No machine alone" not in text
    assert "After many failed sign-ins" in text
    assert "reviewed by a human being" in text


def test_words_of_the_document_are_text_and_never_markup():
    text = said(policy(purposes__support__text={"en": "We <b>help</b> & mend", "sv": "x"}), "purpose-support")
    assert "We <b>help</b> & mend." in text


def test_forms_are_told_by_name_and_statistics_by_who_gets_them():
    document = policy(statistics__recipients=["mail_provider"])
    assert "”Bli kund”" in said(document, "collected", "sv")
    assert "“Become a customer”" in said(document, "collected")
    assert "They go to Postgång Nordic AB." in said(document, "messages")
    assert "They go to" not in said(policy(), "messages")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_kind_of_data_has_a_row_with_its_purposes_grounds_recipients_and_periods(language):
    document = policy()
    (table,) = [
        s for s in notice(document, language).section("by-category").sentences if isinstance(s, Table)
    ]
    rows = {row.path: row for row in table.rows}
    assert set(rows) == {f"categories.{id_}" for id_ in document.categories}
    for id_, category in document.categories.items():
        cells = rows[f"categories.{id_}"].cells
        for purpose in document.purposes.values():
            named = purpose.name.say(language).lower() in cells[1].lower()
            assert named == (id_ in purpose.categories)
        assert category.name.say(language).lower() == cells[0].lower() and all(cells)


def test_a_recipient_that_names_its_kinds_is_told_of_no_other():
    document = policy(recipients__payment_provider__categories=["payment"])
    (table,) = [s for s in notice(document, "en").section("by-category").sentences if isinstance(s, Table)]
    name = document.recipients["payment_provider"].name
    assert [row.path for row in table.rows if name in row.cells[3]] == ["categories.payment"]

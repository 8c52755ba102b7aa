"""What a form asks for is told at the form, and what is collected has a source that is told."""

from __future__ import annotations

from typing import Any

import pytest

from lofte.policy.digest import digest
from lofte.policy.document import Policy
from lofte.proof import forms
from lofte.proof.records import Check, Evidence, Finding, map_checked
from tests.proof.judging import NOW, datamap_of, finding, policy_of

COMPANY = "guides"
FORMS = ("book", "join", "story_form", "newsletter_form")
LIVE = map_checked((), NOW, "2026.3", live=True)


def looked(policy: Policy | None = None) -> Evidence:
    (evidence,) = forms.counted(policy or policy_of(COMPANY), datamap_of(COMPANY), NOW)
    return evidence


def shown(form: str, policy: Policy | None = None, times: int = 3) -> Evidence:
    facts = {
        "digest": digest(policy or policy_of(COMPANY)), "form": form, "language": "sv", "times": times,
        "last": "2026-11-20",
    }  # fmt: skip
    return Evidence(kind=Check.PRESENTED, at=NOW, policy_version="2026.3", facts=facts)


@pytest.mark.parametrize("id_", ["P015", "P016", "P017", "P018"])
def test_forms_and_sources_that_agree_with_the_map_keep_the_promise(id_):
    assert finding(COMPANY, id_) is Finding.UNPROVEN
    assert finding(COMPANY, id_, looked(), LIVE) is Finding.KEPT


@pytest.mark.parametrize("id_", ["P016", "P017"])
def test_collectors_are_not_shown_to_be_all_without_a_look_into_the_systems(id_):
    assert finding(COMPANY, id_, looked()) is Finding.UNPROVEN


def changed(**parts: Any) -> Evidence:
    return looked(policy_of(COMPANY, **parts))


def test_a_category_without_a_source_breaks_the_promise():
    policy = policy_of(COMPANY)
    fewer = policy.model_copy(update={"sources": {"booker": policy.sources["booker"]}})
    assert finding(COMPANY, "P015", looked(fewer)) is Finding.BROKEN


def test_a_column_whose_source_is_not_told_breaks_the_promise():
    policy = policy_of(COMPANY)
    others = {id_: source for id_, source in policy.sources.items() if id_ != "booker"}
    evidence = looked(policy.model_copy(update={"sources": others}))
    assert evidence.facts["strange_sources"] == "booker"
    assert finding(COMPANY, "P015", evidence) is Finding.BROKEN


def test_an_automatic_source_of_what_is_held_nowhere_breaks_the_promise():
    policy = policy_of(COMPANY)
    ghost = policy.sources["use_of_service"].model_copy(update={"categories": ("nothing",)})
    evidence = looked(policy.model_copy(update={"sources": {**policy.sources, "ghost": ghost}}))
    assert finding(COMPANY, "P017", evidence, LIVE) is Finding.BROKEN


def test_a_form_that_asks_for_what_no_column_holds_breaks_the_promise():
    assert finding(COMPANY, "P018", changed(forms__book__fields=["name", "shoe_size"])) is Finding.BROKEN


def test_a_form_that_does_not_say_what_it_asks_for_is_unproven():
    assert finding(COMPANY, "P018", changed(forms__book__fields=[])) is Finding.UNPROVEN


def test_the_period_is_shown_to_be_told_when_each_form_has_shown_it():
    every = [shown(form) for form in FORMS]
    assert finding(COMPANY, "P138", *every[:-1]) is Finding.UNPROVEN
    assert finding(COMPANY, "P138", *every) is Finding.KEPT


def test_what_was_shown_of_another_version_shows_nothing():
    other = policy_of(COMPANY, meta__version="2026.2")
    assert finding(COMPANY, "P138", *(shown(form, other) for form in FORMS)) is Finding.UNPROVEN


def test_a_text_that_was_shown_and_can_be_read_keeps_the_promise():
    assert finding(COMPANY, "P007") is Finding.UNPROVEN
    assert finding(COMPANY, "P007", shown("")) is Finding.KEPT


def test_a_text_that_is_hard_to_read_breaks_the_promise():
    hard = {"sv": "Personuppgiftsbehandlingsförfarandet beträffande registreringsuppgifter. " * 400}
    policy = policy_of(COMPANY, purposes__support__text=hard)
    assert finding(COMPANY, "P007", shown("", policy), policy=policy) is Finding.BROKEN


@pytest.mark.parametrize("id_", ["P019", "P138"])
def test_a_form_with_data_that_no_purpose_of_it_uses_breaks_the_promise(id_):
    policy = policy_of(COMPANY, forms__newsletter_form__categories=["newsletter", "health"])
    assert finding(COMPANY, id_, policy=policy) is Finding.BROKEN

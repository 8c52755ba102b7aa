"""Who gets data is who is told of: anybody else, or anything else, breaks the promise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lofte.proof import disclosures
from lofte.proof.records import Check, Evidence, Finding
from tests.proof.judging import NOW, checked, datamap_of, finding, live, measured, noted, policy_of, verdict

ROLES = measured("access_levels", total=7)
ALL = ["P064", "P065", "P066", "P077"]


def looked(company: str, dataset: str = "", *recipients: str) -> tuple[Evidence, ...]:
    """With these recipients in one dataset of the map."""
    datamap = datamap_of(company)
    (system,) = datamap.systems
    if dataset:
        entry = system.datasets[dataset].model_copy(update={"recipients": recipients})
        system = system.model_copy(update={"datasets": system.datasets | {dataset: entry}})
        datamap = datamap.model_copy(update={"systems": (system,)})
    return disclosures.counted(policy_of(company), datamap, live(datamap), NOW)


@pytest.mark.parametrize(
    ("company", "id_"),
    [
        ("webhost", "P064"),
        ("reseller", "P065"),
        ("reseller", "P066"),
        ("reseller", "P067"),
        ("webhost", "P077"),
    ],
)
def test_that_nothing_left_by_hand_is_said_to_be_unseen(company: str, id_: str) -> None:
    assert finding(company, id_) is Finding.UNPROVEN
    assert verdict(company, id_, looked(company)).missing is disclosures.DISCLOSURES


@pytest.mark.parametrize(("company", "id_"), [("webhost", "P072"), ("guides", "P074"), ("guides", "P075")])
def test_recipients_that_get_what_is_told_keep_the_promise(company: str, id_: str) -> None:
    assert finding(company, id_) is Finding.UNPROVEN
    assert finding(company, id_, *looked(company)) is Finding.KEPT


def test_people_here_by_role_and_others_as_told_keep_the_promise_of_need() -> None:
    assert finding("guides", "P073", *looked("guides")) is Finding.UNPROVEN
    assert finding("guides", "P073", *looked("guides"), ROLES) is Finding.KEPT
    beyond = measured("access_levels", total=7, wrong=1)
    assert finding("guides", "P073", *looked("guides"), beyond) is Finding.BROKEN


@pytest.mark.parametrize("id_", ALL)
def test_a_recipient_in_the_map_that_is_not_told_breaks_the_promise(id_: str) -> None:
    company = "reseller"
    dataset = next(iter(datamap_of(company).systems[0].datasets))
    assert finding(company, id_, *looked(company, dataset, "ad_exchange")) is Finding.BROKEN


@pytest.mark.parametrize("id_", ALL)
def test_a_recipient_in_the_ledger_that_is_not_told_breaks_the_promise(id_: str) -> None:
    told = noted("recipient.told", recipient="ad_exchange", channel="email")
    assert finding("reseller", id_, *looked("reseller"), told) is Finding.BROKEN


def test_a_recipient_of_an_older_version_breaks_nothing_today() -> None:
    told = replace(noted("recipient.told", recipient="ad_exchange"), policy_version="2019.1")
    assert finding("reseller", "P077", *looked("reseller"), told) is Finding.UNPROVEN


def test_a_recipient_that_no_purpose_names_breaks_the_promise() -> None:
    policy = policy_of("guides")
    (system,) = datamap_of("guides").systems
    dataset = next(
        id_
        for id_, d in system.datasets.items()
        if d.purposes and not any("payment_provider" in policy.purposes[p].recipients for p in d.purposes)
    )
    found = looked("guides", dataset, "payment_provider")
    assert finding("guides", "P074", *found) is Finding.BROKEN
    assert finding("guides", "P075", *found) is Finding.KEPT


def test_rows_with_none_of_the_data_that_are_told_break_the_promise() -> None:
    seen = [
        replace(e, facts={**e.facts, "apart": 1}) if e.facts["recipient"] == "message_service" else e
        for e in looked("guides")
    ]
    assert finding("guides", "P074", *seen) is Finding.BROKEN


@pytest.mark.parametrize(
    ("company", "id_", "recipient"),
    [
        ("webhost", "P068", "claims_counsel"),
        ("webhost", "P069", "claims_counsel"),
        ("webhost", "P071", "authorities"),
        ("webhost", "P076", "claims_counsel"),
        ("webhost", "P078", "authorities"),
        ("webhost", "P079", "authorities"),
    ],
)
def test_data_that_leave_as_it_is_break_the_promise_of_a_decision(
    company: str, id_: str, recipient: str
) -> None:
    part = verdict(company, id_, looked(company)).missing
    assert part in (disclosures.DECISIONS, disclosures.DEMANDS)
    usual = checked(Check.RECIPIENT, recipient=recipient, listed=1, datasets=2, apart=0, unserved=0, silent=0)
    assert finding(company, id_, *looked(company), usual) is Finding.BROKEN


def test_a_supplier_who_gets_more_than_the_fault_is_about_breaks_the_promise() -> None:
    seen = [
        replace(e, facts={**e.facts, "apart": 1}) if e.facts["recipient"] == "specialist" else e
        for e in looked("reseller")
    ]
    assert finding("reseller", "P067", *seen) is Finding.BROKEN


def test_a_system_that_does_not_answer_shows_nothing_of_who_gets_data() -> None:
    found = disclosures.counted(policy_of("guides"), datamap_of("guides"), {}, NOW)
    assert finding("guides", "P075", *found) is Finding.UNPROVEN

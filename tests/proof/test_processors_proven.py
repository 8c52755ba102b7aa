"""The register of processors against the policy: who is missing, without an agreement, or elsewhere."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lofte.policy.processors import Agreement, ProcessorRegister
from lofte.proof import processors
from lofte.proof.records import Evidence, Finding
from tests.proof.judging import NOW, finding, policy_of, published, register_of, verdict


def register(company: str, entry: str = "", **changed: Any) -> ProcessorRegister:
    """The company's register with one entry changed, or (nothing said) without it."""
    listed = register_of(company).listed
    if entry and changed:
        listed[entry] = listed[entry].model_copy(update=changed)
    elif entry:
        del listed[entry]
    return ProcessorRegister.model_validate({"processors": 1, **listed})


def looked(company: str, entry: str = "", **changed: Any) -> tuple[Evidence, ...]:
    return processors.counted(policy_of(company), register(company, entry, **changed), NOW)


@pytest.mark.parametrize(
    ("company", "id_"),
    [
        ("webhost", "P070"),
        ("consultancy", "P082"),
        ("webhost", "P083"),
        ("webhost", "P084"),
        ("signage", "P085"),
    ],
)
def test_a_register_that_is_whole_keeps_the_promise(company: str, id_: str) -> None:
    assert finding(company, id_) is Finding.UNPROVEN
    assert finding(company, id_, *looked(company)) is Finding.KEPT


@pytest.mark.parametrize(
    ("company", "id_", "entry"),
    [
        ("webhost", "P070", "datacentre"),
        ("consultancy", "P082", "measurer"),
        ("webhost", "P083", "datacentre"),
        ("webhost", "P084", "datacentre"),
        ("signage", "P085", "developer"),
        ("reseller", "P086", "platform"),
    ],
)
def test_a_processor_that_is_not_in_the_register_breaks_the_promise(
    company: str, id_: str, entry: str
) -> None:
    assert finding(company, id_, *looked(company, entry)) is Finding.BROKEN


def test_without_a_register_nobody_is_registered() -> None:
    found = processors.counted(policy_of("webhost"), None, NOW)
    assert finding("webhost", "P083", *found) is Finding.BROKEN
    assert finding("webhost", "P084", *found) is Finding.BROKEN


def test_somebody_in_the_register_whom_nobody_is_told_of_breaks_the_promise() -> None:
    entry = register_of("webhost").listed["datacentre"]
    more = ProcessorRegister.model_validate(
        {"processors": 1, **register_of("webhost").listed, "stranger": entry}
    )
    found = processors.counted(policy_of("webhost"), more, NOW)
    assert finding("webhost", "P083", *found) is Finding.BROKEN
    assert finding("webhost", "P077", *found) is Finding.BROKEN


def test_a_processor_in_another_country_than_is_told_breaks_the_promise() -> None:
    assert finding("webhost", "P083", *looked("webhost", "datacentre", country="NO")) is Finding.BROKEN


@pytest.mark.parametrize(
    "agreement",
    [
        None,
        Agreement(signed=date(2027, 1, 1)),
        Agreement(signed=date(2025, 1, 1), ends=date(2026, 11, 19)),
        Agreement(signed=date(2025, 1, 1), clauses=("28.3.a", "28.3.b")),
    ],
    ids=["none", "not begun", "ended yesterday", "with gaps"],
)
def test_an_agreement_that_does_not_hold_today_breaks_the_promise(agreement: Agreement | None) -> None:
    assert finding("webhost", "P084", *looked("webhost", "datacentre", agreement=agreement)) is Finding.BROKEN


def test_an_agreement_that_does_not_bind_the_measurer_to_its_purpose_breaks_the_promise() -> None:
    loose = Agreement(signed=date(2025, 1, 1), clauses=("28.3.b", "28.3.c"))
    assert (
        finding("consultancy", "P082", *looked("consultancy", "measurer", agreement=loose)) is Finding.BROKEN
    )


def test_whom_they_engage_in_turn_is_named_and_its_agreements_are_said_to_be_unseen() -> None:
    assert verdict("reseller", "P086", looked("reseller")).missing is processors.CHAIN
    assert finding("reseller", "P086", *looked("reseller", "platform", sub_processors=None)) is Finding.BROKEN


@pytest.mark.parametrize("id_", ["P035", "P036"])
def test_an_agreement_that_is_nowhere_to_be_read_breaks_the_promise_to_offer_it(id_: str) -> None:
    policy = policy_of("webhost")
    assert verdict("webhost", id_, [published(policy)]).missing is processors.CUSTOMERS
    bare = policy_of("webhost", documents=[])
    assert finding("webhost", id_, published(bare), policy=bare) is Finding.BROKEN

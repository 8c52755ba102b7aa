"""Data are used for what is told: a dataset without a purpose, or a column beyond it, breaks the promise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lofte.datamap.document import DataMap, Dataset
from lofte.proof import purposes
from lofte.proof.records import Check, Evidence, Finding
from tests.proof.judging import NOW, checked, datamap_of, finding, live, noted, policy_of, verdict

FRESH = noted("sweep.ended", entry=90, days=0, as_of="2026-11-20")


def looked(company: str) -> tuple[Evidence, ...]:
    datamap = datamap_of(company)
    return purposes.counted(policy_of(company), datamap, live(datamap), NOW)


def rows(company: str, past: int = 0) -> tuple[Evidence, ...]:
    return tuple(
        checked(Check.RETENTION, rule=rule, dataset="some", rows=7, past=past, unknown=0)
        for rule in policy_of(company).retention
    )


def changed(dataset: str, **decided: object) -> DataMap:
    datamap = datamap_of("webhost")
    (system,) = datamap.systems
    entry: Dataset = system.datasets[dataset].model_copy(update=decided)
    return datamap.model_copy(
        update={"systems": (system.model_copy(update={"datasets": system.datasets | {dataset: entry}}),)}
    )


@pytest.mark.parametrize(
    ("company", "id_"),
    [
        ("webhost", "P012"),
        ("webhost", "P042"),
        ("webhost", "P045"),
        ("signage", "P046"),
        ("consultancy", "P051"),
        ("webhost", "P052"),
        ("webhost", "P053"),
    ],
)
def test_datasets_that_serve_their_purpose_and_hold_no_more_keep_the_promise(company: str, id_: str) -> None:
    assert finding(company, id_) is Finding.UNPROVEN
    assert finding(company, id_, *looked(company)) is Finding.KEPT


@pytest.mark.parametrize("id_", ["P043", "P044"])
def test_rows_past_the_time_of_their_purpose_break_the_promise(id_: str) -> None:
    seen = looked("webhost")
    assert finding("webhost", id_, *seen) is Finding.UNPROVEN
    assert finding("webhost", id_, *seen, *rows("webhost"), FRESH) is Finding.KEPT
    assert finding("webhost", id_, *seen, *rows("webhost", past=1), FRESH) is Finding.BROKEN


@pytest.mark.parametrize(
    "id_", ["P012", "P042", "P043", "P044", "P045", "P047", "P052", "P053"], ids=lambda id_: id_
)
def test_a_dataset_without_a_purpose_breaks_the_promise(id_: str) -> None:
    datamap = changed("customers", purposes=())
    found = purposes.counted(policy_of("webhost"), datamap, live(datamap), NOW)
    assert finding("webhost", id_, *found) is Finding.BROKEN


def test_a_purpose_that_nobody_is_told_of_breaks_the_promise() -> None:
    datamap = changed("customers", purposes=("deliver", "astrology"))
    found = purposes.counted(policy_of("webhost"), datamap, live(datamap), NOW)
    assert finding("webhost", "P012", *found) is Finding.BROKEN


def test_a_column_that_no_purpose_needs_breaks_the_promise_of_that_purpose_alone() -> None:
    datamap = datamap_of("webhost")
    told = policy_of("webhost").purposes
    name, dataset = next(
        (id_, d)
        for id_, d in datamap.systems[0].datasets.items()
        if d.purposes == ("payment_collection",) or "payment_collection" in d.purposes
    )
    column, field = next((n, f) for n, f in dataset.fields.items() if f.category)
    strange = next(
        c
        for c in policy_of("webhost").categories
        if all(c not in told[p].categories for p in dataset.purposes)
    )
    fields = dataset.fields | {column: field.model_copy(update={"category": strange, "item": None})}
    wide = changed(name, fields=fields)
    found = purposes.counted(policy_of("webhost"), wide, live(wide), NOW)
    assert finding("webhost", "P053", *found) is Finding.BROKEN
    assert finding("webhost", "P042", *found) is (
        Finding.BROKEN if "improve" in dataset.purposes else Finding.KEPT
    )


def test_a_purpose_with_no_data_anywhere_is_not_called_kept() -> None:
    seen = [replace(e, facts={**e.facts, "datasets": 0}) for e in looked("webhost")]
    assert finding("webhost", "P053", *seen) is Finding.UNPROVEN


def test_a_system_that_does_not_answer_shows_nothing_of_its_purposes() -> None:
    found = purposes.counted(policy_of("webhost"), datamap_of("webhost"), {}, NOW)
    assert finding("webhost", "P012", *found) is Finding.UNPROVEN


def test_what_a_program_was_refused_for_another_purpose_is_told() -> None:
    refused = noted("gate.refused", gate="process", why="unknown_purpose", asked=4, refused=4)
    found = verdict("webhost", "P042", [*looked("webhost"), refused])
    assert "refused 4 times" in (found.reason.en or "")


def test_books_without_a_rule_in_force_break_their_promise() -> None:
    bare = policy_of("webhost", purposes__invoice__law=[])
    assert finding("webhost", "P045", *looked("webhost"), policy=bare) is Finding.BROKEN


def test_an_order_on_another_ground_than_contract_breaks_its_promise() -> None:
    other = policy_of("webhost", purposes__deliver__legal_basis="6.1.a")
    assert finding("webhost", "P052", *looked("webhost"), policy=other) is Finding.BROKEN


def test_a_purpose_without_a_word_of_explanation_breaks_its_promise() -> None:
    mute = policy_of("consultancy", purposes__customer_service__text=None)
    assert finding("consultancy", "P051", *looked("consultancy"), policy=mute) is Finding.BROKEN


def test_who_reads_the_logs_is_said_to_be_unseen() -> None:
    found = verdict("webhost", "P047", [*looked("webhost"), *rows("webhost"), FRESH])
    assert found.finding is Finding.UNPROVEN
    assert found.missing is purposes.LOG_READERS


def test_the_sums_of_an_analysis_are_said_to_be_unseen() -> None:
    assert verdict("consultancy", "P050", looked("consultancy")).missing is purposes.STATISTICS
    seen = [replace(e, facts={**e.facts, "untagged": 1}) for e in looked("consultancy")]
    assert finding("consultancy", "P050", *seen) is Finding.BROKEN

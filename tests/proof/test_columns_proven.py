"""What is told of is what is held: a column beyond that breaks the promise, wherever it comes from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lofte.datamap.document import DataMap, Give
from lofte.proof import columns
from lofte.proof.asked import ASKED, COUNTED
from lofte.proof.records import Evidence, Finding
from tests.proof.judging import NOW, datamap_of, finding, live, policy_of, verdict

POLICY, MAP = policy_of("webhost"), datamap_of("webhost")
TOLD = ["P021", "P022", "P024", "P025", "P026", "P028", "P029", "P030", "P031", "P032"]


def looked(datamap: DataMap = MAP, *more: tuple[str, str]) -> tuple[Evidence, ...]:
    return columns.counted(POLICY, datamap, live(datamap, *more), NOW)


def mapped(dataset: str, column: str, **decided: Any) -> DataMap:
    """The map with another decision about one column."""
    (system,) = MAP.systems
    entry = system.datasets[dataset]
    field = entry.fields[column].model_copy(update=decided)
    entry = entry.model_copy(update={"fields": entry.fields | {column: field}})
    changed = system.model_copy(update={"datasets": system.datasets | {dataset: entry}})
    return MAP.model_copy(update={"systems": (changed,)})


def holding(category: str) -> tuple[str, str]:
    """A dataset that holds this category, and the column."""
    return next(
        (id_, name)
        for system in MAP.systems
        for id_, dataset in system.datasets.items()
        for name, decided in dataset.fields.items()
        if decided.category == category and decided.item
    )


@pytest.mark.parametrize("id_", TOLD)
def test_columns_that_are_all_told_keep_the_promise(id_: str) -> None:
    assert finding("webhost", id_) is Finding.UNPROVEN
    assert finding("webhost", id_, *looked()) is Finding.KEPT


@pytest.mark.parametrize(
    ("id_", "category"),
    [
        ("P021", "correspondence"),
        ("P022", "identification"),
        ("P024", "contact"),
        ("P025", "history"),
        ("P026", "history"),
        ("P028", "correspondence"),
        ("P029", "correspondence"),
        ("P030", "payment"),
        ("P031", "identification"),
        ("P032", "payment"),
    ],
)
def test_a_new_column_without_a_decision_breaks_the_promise(id_: str, category: str) -> None:
    dataset, _ = holding(category)
    table = MAP.systems[0].datasets[dataset].table or dataset
    assert finding("webhost", id_, *looked(MAP, (table, "shoe_size"))) is Finding.BROKEN


def test_a_new_column_elsewhere_breaks_nothing_here() -> None:
    held = {
        id_: {d.category for d in dataset.fields.values()} for id_, dataset in MAP.systems[0].datasets.items()
    }
    other = next(id_ for id_, categories in held.items() if "payment" not in categories)
    table = MAP.systems[0].datasets[other].table or other
    alike = {i for i in held if (MAP.systems[0].datasets[i].table or i) == table}
    assert not any("payment" in held[id_] for id_ in alike)
    assert finding("webhost", "P030", *looked(MAP, (table, "shoe_size"))) is Finding.KEPT


def test_an_item_that_is_not_told_breaks_the_promise() -> None:
    dataset, column = holding("contact")
    assert finding("webhost", "P024", *looked(mapped(dataset, column, item="fax"))) is Finding.BROKEN


def test_a_category_that_is_not_told_breaks_the_promise_of_its_table() -> None:
    dataset, column = holding("usage")
    held = {d.category for n, d in MAP.systems[0].datasets[dataset].fields.items() if n != column}
    strange = looked(mapped(dataset, column, category="horoscope"))
    broken = [e for e in strange if e.count("untold")]
    assert {e.facts["category"] for e in broken} == held - {None}


def test_what_is_told_and_held_nowhere_is_not_called_kept() -> None:
    datamap = MAP
    dataset, column = "", ""
    while any(
        d.item == "email" for s in datamap.systems for x in s.datasets.values() for d in x.fields.values()
    ):
        dataset, column = next(
            (id_, name)
            for id_, entry in datamap.systems[0].datasets.items()
            for name, d in entry.fields.items()
            if d.item == "email"
        )
        (system,) = datamap.systems
        entry = system.datasets[dataset]
        field = entry.fields[column].model_copy(update={"item": None})
        entry = entry.model_copy(update={"fields": entry.fields | {column: field}})
        system = system.model_copy(update={"datasets": system.datasets | {dataset: entry}})
        datamap = datamap.model_copy(update={"systems": (system,)})
    assert finding("webhost", "P024", *looked(datamap)) is Finding.UNPROVEN


def test_a_system_that_does_not_answer_shows_nothing() -> None:
    found = columns.counted(POLICY, MAP, {}, NOW)
    assert all(finding("webhost", id_, *found) is Finding.UNPROVEN for id_ in TOLD)


def test_letters_that_nobody_is_given_break_the_promise_that_they_are_found() -> None:
    seen = [
        replace(e, facts={**e.facts, "given": 0}) if e.facts["category"] == "correspondence" else e
        for e in looked()
    ]
    assert finding("webhost", "P028", *seen) is Finding.BROKEN
    assert finding("webhost", "P029", *seen) is Finding.KEPT


def test_what_is_withheld_is_not_counted_as_given() -> None:
    dataset, column = holding("history")
    before, after = (
        next(e for e in found if e.facts["category"] == "history").count("given") or 0
        for found in (looked(), looked(mapped(dataset, column, give=Give.WITHHOLD)))
    )
    assert after == before - 1


def test_a_customer_number_that_finds_nobody_breaks_its_promise_alone() -> None:
    seen = [replace(e, facts={**e.facts, "numbers": 0}) for e in looked()]
    assert finding("webhost", "P031", *seen) is Finding.BROKEN
    assert finding("webhost", "P022", *seen) is Finding.KEPT


def test_a_company_number_that_is_no_personal_data_breaks_its_promise() -> None:
    seen = [
        replace(e, facts={**e.facts, "columns": 0}) if e.facts.get("item") == "org_no" else e
        for e in looked()
    ]
    assert finding("webhost", "P032", *seen) is Finding.BROKEN


def test_the_reason_says_how_many_columns_were_looked_at() -> None:
    assert "8 columns" in (verdict("webhost", "P029", looked()).reason.en or "")


def test_each_live_check_says_in_words_what_it_asks_and_counts() -> None:
    for check in looked():
        assert check.kind in ASKED
        assert check.facts.keys() <= COUNTED.keys()

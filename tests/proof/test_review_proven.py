"""De-identification and human review: kept by evidence, broken by what broke."""

from __future__ import annotations

import pytest

from lofte.proof.records import Finding
from tests.proof.test_rights_proven import EVA, Told, asked, finding, told, without

TESTED = {"target": "hosting", "passed": 1, "residual": 0, "k": 5, "smallest": 5, "rows": 9}
DONE: Told = [
    *asked("erasure"),
    ("deidentification.intended", {"article": "17.1", "systems": 1, "k": 5}),
    ("erasure.done", {"step": "deidentify", "target": "hosting", "deleted": 1, "changed": 9}),
    ("deidentification.tested", TESTED),
    ("erasure.verified", {"systems": 1, "residual": 0}),
    ("request.granted", {"article": "17"}),
]
REVIEWED: Told = [
    *asked("human_review"),
    ("review.asked", {"article": "22.3", "decision": "credit"}),
    ("review.decided", {"decision": "credit", "outcome": "changed", "by": EVA}),
    ("request.granted", {"article": "22.3"}),
]


def having(**facts: int) -> Told:
    return [(k, {**f, **facts} if k == "deidentification.tested" else f) for k, f in DONE]


def test_a_deidentification_that_passed_keeps_the_promise() -> None:
    assert finding("P112", []) is Finding.UNPROVEN
    assert finding("P112", told(DONE)) is Finding.KEPT


def test_a_deidentification_is_an_erasure_that_was_looked_after() -> None:
    assert finding("P109", told(DONE)) is Finding.KEPT


def test_rows_that_all_went_need_no_crowd() -> None:
    assert finding("P112", told(having(rows=0, smallest=0))) is Finding.KEPT


@pytest.mark.parametrize(
    "entries",
    [
        without(DONE, "deidentification.tested"), having(passed=0), having(residual=1), having(smallest=4),
        having(k=1, smallest=1), [*without(DONE, "deidentification.tested"), DONE[4]],
    ],
    ids=["never tested", "failed", "something left", "too few", "k is one", "tested too late"],
)  # fmt: skip
def test_a_deidentification_without_its_test_breaks_the_promise(entries: Told) -> None:
    assert finding("P112", told(entries)) is Finding.BROKEN


def test_an_erasure_proves_nothing_of_deidentification() -> None:
    erased = [("erasure.intended", f) if k == "deidentification.intended" else (k, f) for k, f in DONE]
    assert finding("P112", told(erased)) is Finding.UNPROVEN


def test_a_review_that_a_human_being_decided_keeps_the_promise() -> None:
    assert finding("P121", []) is Finding.UNPROVEN
    assert finding("P121", told(REVIEWED)) is Finding.KEPT


def test_a_review_that_waits_within_its_time_breaks_nothing() -> None:
    assert finding("P121", told(REVIEWED[:3])) is Finding.UNPROVEN


@pytest.mark.parametrize(
    "entries",
    [
        without(REVIEWED, "review.decided"),
        [*asked("human_review", due="2026-11-01"), REVIEWED[2]],
        [(k, {"outcome": "changed"} if k == "review.decided" else f) for k, f in REVIEWED],
    ],
    ids=["granted by nobody", "late", "decided by no one"],
)
def test_a_review_without_a_human_being_breaks_the_promise(entries: Told) -> None:
    assert finding("P121", told(entries)) is Finding.BROKEN

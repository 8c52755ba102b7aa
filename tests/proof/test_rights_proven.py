"""Erasure, what is kept, rectification, portability and saying no: kept by evidence, broken by what broke."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from lofte.policy.document import Policy
from lofte.policy.promises import promises
from lofte.proof.evaluate import EVALUATORS
from lofte.proof.records import Case, Check, Evidence, Finding

WEBHOST = Path(__file__).parents[2] / "examples" / "webhost" / "policy.yaml"
POLICY = Policy.model_validate(YAML(typ="safe").load(WEBHOST))
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ANNA, EVA, HOLD = "a" * 32, "e" * 32, "b" * 32
SOME = next(iter(promises(POLICY)))

Told = list[tuple[str, dict[str, Any]]]


def told(entries: Told, ref: str = ANNA, first: int = 10) -> list[Evidence]:
    start = NOW - timedelta(days=3)
    return [
        Evidence(kind=kind, at=start + timedelta(minutes=n), entry=first + n, object=ref, facts=facts)
        for n, (kind, facts) in enumerate(entries)
    ]


def asked(right: str, due: str = "2026-12-01") -> Told:
    return [("request.received", {"right": right, "due_on": due}), ("request.identified", {"level": 2})]


def finding(id_: str, evidence: list[Evidence], now: datetime = NOW) -> Finding:
    """What the evaluator of this promise says, whether the example's policy makes the promise or not."""
    ordered = tuple(sorted(evidence, key=lambda e: (e.entry is None, e.entry or 0, e.at)))
    case = Case(promise=replace(SOME, id=id_), policy=POLICY, evidence=ordered, now=now, texts={})
    return EVALUATORS[id_](case).finding


ERASED: Told = [
    *asked("erasure"),
    ("erasure.intended", {"article": "17.1", "systems": 2}),
    ("erasure.done", {"target": "hosting", "deleted": 12, "kept": 3}),
    ("erasure.done", {"target": "billing", "deleted": 0, "kept": 7}),
    ("erasure.verified", {"systems": 2, "residual": 0}),
    ("request.granted", {"article": "17"}),
]


def without(entries: Told, kind: str, nth: int = 0) -> Told:
    places = [n for n, (each, _) in enumerate(entries) if each == kind]
    return [entry for n, entry in enumerate(entries) if n != places[nth]]


@pytest.mark.parametrize("id_", ["P062", "P109", "P110", "P111"])
def test_an_erasure_that_was_looked_after_keeps_the_promise(id_: str) -> None:
    assert finding(id_, []) is Finding.UNPROVEN
    assert finding(id_, told(ERASED)) is Finding.KEPT


def broken_erasures() -> Iterator[tuple[str, Told]]:
    yield "a system never told", without(ERASED, "erasure.done", 1)
    yield "nobody looked", without(ERASED, "erasure.verified")
    yield "it was never intended", without(ERASED, "erasure.intended")
    found = ("erasure.verified", {"systems": 2, "residual": 1})
    yield "something was left", [*without(ERASED, "erasure.verified")[:-1], found, ERASED[-1]]
    yield "somebody looked too late", [*without(ERASED, "erasure.verified"), ERASED[-2]]


@pytest.mark.parametrize("entries", [e for _, e in broken_erasures()], ids=[n for n, _ in broken_erasures()])
def test_an_erasure_without_its_evidence_breaks_the_promise(entries: Told) -> None:
    assert finding("P109", told(entries)) is Finding.BROKEN


def test_an_erasure_under_way_breaks_nothing() -> None:
    assert finding("P109", told(ERASED[:4])) is Finding.UNPROVEN


def test_the_last_look_counts() -> None:
    first = ("erasure.verified", {"systems": 2, "residual": 4})
    assert finding("P109", told([*ERASED[:5], first, *ERASED[5:]])) is Finding.KEPT


def test_what_another_erasure_left_in_the_ledger_proves_nothing_here() -> None:
    hers = told(ERASED, ref=EVA, first=40)
    assert finding("P109", [*told(without(ERASED, "erasure.verified")), *hers]) is Finding.BROKEN


def test_a_suppression_that_nobody_asked_to_lift_breaks_the_promise_that_marketing_stays_stopped() -> None:
    lifted = told([("suppression.lifted", {"why": "mistake"})], ref=HOLD, first=90)
    assert finding("P062", [*told(ERASED), *lifted]) is Finding.BROKEN


def counted(**facts: int) -> Evidence:
    return Evidence(kind=Check.KEPT, at=NOW, facts=facts)


def test_rows_kept_for_a_law_have_an_end() -> None:
    assert finding("P118", []) is Finding.UNPROVEN
    assert finding("P118", [counted(law_rows=0, law_without_end=0)]) is Finding.UNPROVEN
    assert finding("P118", [counted(law_rows=7, law_without_end=0)]) is Finding.KEPT
    assert finding("P118", [counted(law_rows=7, law_without_end=1)]) is Finding.BROKEN


@pytest.mark.parametrize("id_", ["P119", "P139"])
def test_a_hold_that_nobody_has_looked_at_again_breaks_the_promise(id_: str) -> None:
    placed = told([("hold.placed", {"article": "17.3.e", "hold": "legal_claim"})], ref=HOLD)
    assert finding(id_, [counted(holds=0, holds_overdue=0)]) is Finding.UNPROVEN
    assert finding(id_, [*placed, counted(holds=1, holds_overdue=0)]) is Finding.KEPT
    assert finding(id_, [*placed, counted(holds=1, holds_overdue=1)]) is Finding.BROKEN


def test_a_running_contract_is_seen_to_hold() -> None:
    assert finding("P120", [counted(contract_rows=0)]) is Finding.UNPROVEN
    assert finding("P120", [counted(contract_rows=4)]) is Finding.KEPT


RECTIFIED: Told = [
    *asked("rectification"),
    ("rectification.intended", {"article": "16", "systems": 2, "fields": 3}),
    ("rectification.recorded", {"system": "hosting", "dataset": "customers", "rows": 2}),
    ("rectification.done", {"system": "hosting", "rows": 2, "left": 0}),
    ("rectification.done", {"system": "billing", "rows": 0, "left": 0}),
    ("request.granted", {"article": "16"}),
]


def test_a_rectification_in_every_system_keeps_the_promise() -> None:
    assert finding("P103", []) is Finding.UNPROVEN
    assert finding("P103", told(RECTIFIED)) is Finding.KEPT


@pytest.mark.parametrize(
    ("kind", "nth"), [("rectification.done", 1), ("rectification.recorded", 0), ("rectification.intended", 0)]
)
def test_a_rectification_without_its_evidence_breaks_the_promise(kind: str, nth: int) -> None:
    assert finding("P103", told(without(RECTIFIED, kind, nth))) is Finding.BROKEN


def test_a_statement_that_was_kept_keeps_the_promise_of_completion() -> None:
    said = told([*asked("rectification"), ("statement.kept", {"article": "16"})])
    assert finding("P104", []) is Finding.UNPROVEN
    assert finding("P104", said) is Finding.KEPT


PORTABLE: Told = [
    *asked("portability"),
    ("portability.intended", {"article": "20", "systems": 1, "datasets": 4}),
    ("step.done", {"step": "read", "target": "hosting", "rows": 9}),
    ("package.sealed", {"digest": "d" * 64}),
    ("request.delivered", {"digest": "d" * 64}),
]


def test_a_portable_package_from_all_systems_keeps_the_promise() -> None:
    assert finding("P108", []) is Finding.UNPROVEN
    assert finding("P108", told(PORTABLE)) is Finding.KEPT


def test_a_portable_package_that_was_not_the_sealed_one_breaks_the_promise() -> None:
    other = ("request.delivered", {"digest": "f" * 64})
    assert finding("P108", told([*PORTABLE[:-1], other])) is Finding.BROKEN
    assert finding("P108", told(without(PORTABLE, "step.done"))) is Finding.BROKEN


def test_a_no_to_marketing_is_never_weighed() -> None:
    no = ("objection.recorded", {"article": "21.3", "purposes": 1})
    weighed = ("objection.decided", {"article": "21.1", "outcome": "grounds_shown"})
    assert finding("P061", []) is Finding.UNPROVEN
    assert finding("P061", told([no])) is Finding.KEPT
    assert finding("P061", told([no, weighed])) is Finding.BROKEN


def test_a_late_answer_to_any_right_breaks_the_promise_of_a_month() -> None:
    late = told([*asked("erasure", due="2026-11-16"), ("request.granted", {"article": "17"})])
    assert finding("P101", late) is Finding.BROKEN
    assert finding("P097", late) is Finding.UNPROVEN
    assert finding("P101", told(ERASED)) is Finding.KEPT

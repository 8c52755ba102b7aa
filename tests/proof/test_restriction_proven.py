"""Restriction: kept by what was noted in the right order, broken by a breach, a stop or an end untold."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from lofte.policy.document import Policy
from lofte.policy.promises import promises
from lofte.proof.evaluate import EVALUATORS
from lofte.proof.records import Case, Evidence, Finding, Verdict

WEBHOST = Path(__file__).parents[2] / "examples" / "webhost" / "policy.yaml"
POLICY = Policy.model_validate(YAML(typ="safe").load(WEBHOST))
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ANNA, EVA, SOMETHING = "a" * 32, "e" * 32, "c" * 32
SOME = next(iter(promises(POLICY)))
KEPT, BROKEN, UNPROVEN = Finding.KEPT, Finding.BROKEN, Finding.UNPROVEN

Told = list[tuple[str, dict[str, Any]]]
PLACED: Told = [
    ("notice.queued", {"notice": "stop", "article": "18.1.a"}),
    ("restriction.placed", {"article": "18.1.a", "purposes": 0}),
]
STOPPED: Told = [
    ("notice.told", {"notice": "stop", "channel": "letter"}),
    ("status.intended", {"system": "hosting", "dataset": "customers", "rows": 1}),
    ("status.set", {"system": "hosting", "datasets": 1, "rows": 1}),
    ("restriction.watched", {"system": "hosting", "datasets": 9, "rows": 40}),
    ("restriction.looked", {"systems": 1, "open": 0}),
]
LIFTED: Told = [
    ("notice.queued", {"notice": "release", "article": "18.3"}),
    ("notice.told", {"notice": "release", "channel": "letter"}),
    ("restriction.lifted", {"outcome": "corrected"}),
    ("status.put_back", {"system": "hosting", "dataset": "customers", "rows": 1, "left": 0}),
]
WHOLE = [*PLACED, *STOPPED, *LIFTED]
AT = {"system": "hosting", "dataset": "visits"}
BREACHED = ("restriction.breached", {**AT, "changed": 1, "gone": 0, "overwritten": 0, "added": 0})


def ended(how: str) -> tuple[str, dict[str, Any]]:
    return ("restriction.breach_ended", {**AT, "how": how})


def told(
    entries: Told, ref: str = ANNA, first: int = 10, ago: timedelta = timedelta(hours=5)
) -> list[Evidence]:
    return [
        Evidence(kind=kind, at=NOW - ago + timedelta(minutes=n), entry=first + n, object=ref, facts=facts)
        for n, (kind, facts) in enumerate(entries)
    ]


def judged(id_: str, evidence: list[Evidence], policy: Policy = POLICY) -> Verdict:
    ordered = tuple(sorted(evidence, key=lambda e: e.entry or 0))
    case = Case(promise=replace(SOME, id=id_), policy=policy, evidence=ordered, now=NOW, texts={})
    return EVALUATORS[id_](case)


def finding(id_: str, entries: Told) -> Finding:
    return judged(id_, told(entries)).finding


def without(entries: Told, kind: str, **facts: Any) -> Told:
    left = [e for e in entries if e[0] != kind or not facts.items() <= e[1].items()]
    assert left != entries
    return left


@pytest.mark.parametrize("id_", ["P105", "P106", "P107"])
def test_a_restriction_from_its_beginning_to_its_end_keeps_the_promise(id_: str) -> None:
    assert finding(id_, []) is UNPROVEN
    assert finding(id_, WHOLE) is KEPT


@pytest.mark.parametrize(
    ("id_", "entries", "wanted"),
    [
        ("P105", PLACED, KEPT),  # the gate says no; the service goes on until the person is told
        ("P105", [*PLACED, *STOPPED], KEPT),
        ("P105", [*PLACED, STOPPED[0]], UNPROVEN),  # nobody has looked
        ("P105", [*PLACED, *STOPPED, BREACHED], BROKEN),
        ("P105", [*PLACED, *STOPPED, BREACHED, ended("mended")], KEPT),
        ("P105", [*PLACED, *STOPPED, BREACHED, ended("settled")], KEPT),
        ("P105", [*PLACED, *STOPPED, BREACHED, ended("grown"), BREACHED], BROKEN),
        ("P105", [*PLACED, *STOPPED, BREACHED, *LIFTED, ended("lifted")], BROKEN),
        ("P106", PLACED, UNPROVEN),
        ("P106", [*PLACED, *STOPPED], KEPT),
        ("P106", [*PLACED, *STOPPED[1:]], BROKEN),  # never told
        ("P106", [*PLACED, *STOPPED[1:], STOPPED[0]], BROKEN),  # told after
        ("P107", [*PLACED, *STOPPED], UNPROVEN),
        ("P107", without(WHOLE, "notice.told", notice="release"), BROKEN),  # lifted without telling
        ("P107", [*PLACED, *STOPPED, LIFTED[2], LIFTED[1]], BROKEN),  # told after
        ("P107", [*PLACED, *STOPPED, LIFTED[3]], BROKEN),  # let go while it held
        ("P107", [*PLACED, *STOPPED, LIFTED[1], LIFTED[3], LIFTED[2]], BROKEN),
        ("P107", [*WHOLE[:-2], ("restriction.lifted", {"outcome": "upheld"})], BROKEN),
    ],
)
def test_what_was_noted_and_in_which_order_decides(id_: str, entries: Told, wanted: Finding) -> None:
    assert finding(id_, entries) is wanted


def test_a_restriction_at_which_nobody_has_looked_for_two_days_proves_nothing() -> None:
    verdict = judged("P105", told([*PLACED, *STOPPED], ago=timedelta(days=3)))
    assert verdict.finding is UNPROVEN and verdict.mend


def test_who_tries_to_use_the_data_is_stopped_and_what_was_noted_of_it_is_the_evidence() -> None:
    refused = ("gate.refused", {"gate": "send", "why": "restriction", "asked": 9, "refused": 2})
    other = ("gate.refused", {"gate": "send", "why": "suppression", "asked": 9, "refused": 5})
    used = ("restriction.used", {"article": "18.2", "use": "claims", "purpose": "support"})
    entries = [*told([*PLACED, *STOPPED]), *told([refused, other, used], ref=SOMETHING, first=50)]
    verdict = judged("P105", entries)
    assert verdict.finding is KEPT and "2 times" in verdict.reason.say("en")
    assert {50, 52} <= {e.entry for e in verdict.evidence} and 51 not in {e.entry for e in verdict.evidence}


def test_one_that_is_broken_breaks_it_for_all() -> None:
    evidence = [*told(WHOLE), *told([*PLACED, *STOPPED, BREACHED], ref=EVA, first=50)]
    assert judged("P105", evidence).finding is BROKEN
    assert judged("P107", evidence).finding is KEPT


def test_where_nobody_is_to_be_told_before_the_service_may_stop_at_once() -> None:
    assert POLICY.rights.restriction
    silent = POLICY.rights.restriction.model_copy(update={"tell_before": ("release",)})
    policy = POLICY.model_copy(update={"rights": POLICY.rights.model_copy(update={"restriction": silent})})
    entries = told([PLACED[1], *STOPPED[1:]])
    assert judged("P106", entries, policy).finding is KEPT and judged("P106", entries).finding is BROKEN


@pytest.mark.parametrize("id_", ["P105", "P106", "P107"])
def test_a_broken_promise_says_how_to_mend_it_in_both_languages(id_: str) -> None:
    wrong = [*PLACED, *STOPPED[1:], BREACHED, LIFTED[2]]
    verdict = judged(id_, told(wrong))
    assert verdict.finding is BROKEN and verdict.evidence
    for text in (verdict.reason, verdict.mend):
        assert text and text.sv and text.en

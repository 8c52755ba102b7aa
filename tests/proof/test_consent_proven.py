"""Promises about consent and advertising: kept by evidence, broken by what broke, else unproven."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from lofte.policy.document import AutomatedDecision
from lofte.policy.promises import promises
from lofte.proof.evaluate import EVALUATORS
from lofte.proof.records import Case, Check, Evidence, Finding
from tests.proof.test_rights_proven import ANNA, EVA, NOW, POLICY, Told, finding, told

SOME = next(iter(promises(POLICY)))
TEXT = "a" * 64
YES: Told = [("consent.given", {"how": "double_opt_in", "purposes": 1, "text": TEXT})]
WORDLESS: Told = [("consent.given", {"how": "form", "purposes": 1})]
NO_YES: Told = [("gate.refused", {"gate": "send", "why": "no_consent", "asked": 90, "refused": 4})]
STOPPED: Told = [("gate.refused", {"gate": "send", "why": "suppression", "asked": 9, "refused": 1})]
OBJECTED: Told = [
    ("objection.recorded", {"article": "21.3", "purposes": 1}),
    ("suppression.placed", {"article": "21.3", "channel": "email", "why": "objection"}),
]
WEIGHED: Told = [*OBJECTED, ("objection.decided", {"article": "21.1", "outcome": "grounds_shown"})]
TAKEN: Told = [("withdrawal.recorded", {"article": "7.3", "purposes": 1})]
ASKED: Told = [("request.received", {"right": "withdrawal", "due_on": "2026-01-01"})]
CHOSEN: Told = [("consent.recorded", {"records": 9, "last": 9, "head": TEXT})]
PUBLISHED: Told = [("policy.published", {"version": "2026.1"})]
LATE: Told = [("objection.recorded", {"article": "21.1", "purposes": 1})]


def check(kind: str, **facts: int) -> list[Evidence]:
    return [Evidence(kind=kind, at=NOW, facts=facts)]


MAP, WRONG_MAP = check(Check.MAP, errors=0, gaps=0, live=1), check(Check.MAP, errors=2, gaps=1, live=1)
SOUND, TAMPERED = check(Check.CHOICES, records=9, flaws=0), check(Check.CHOICES, records=9, flaws=1)


@pytest.mark.parametrize(
    ("ids", "evidence"),
    [
        (["P008"], told(YES)),
        (["P008"], [*told(CHOSEN), *SOUND]),
        (["P049", "P063", "P151"], told([*YES, *NO_YES])),
        (["P054", "P055", "P056"], told(STOPPED)),
        (["P057", "P058"], told([*OBJECTED, *STOPPED])),
        (["P059"], told([*YES, *NO_YES, *OBJECTED])),
        (["P009", "P060"], [*told(PUBLISHED), *MAP]),
        (["P113"], told(TAKEN)),
    ],
)
def test_it_is_kept_by_evidence(ids, evidence):
    assert {finding(each, evidence) for each in ids} == {Finding.KEPT}


@pytest.mark.parametrize(
    ("ids", "evidence"),
    [
        (["P008", "P049", "P063", "P151", "P059"], told([*WORDLESS, *NO_YES])),
        (["P008", "P049"], [*told([*YES, *NO_YES]), *TAMPERED]),
        (["P057", "P058"], told([*WEIGHED, *STOPPED])),
        (["P009", "P060"], WRONG_MAP),
        (["P113"], told([*ASKED, *TAKEN])),
    ],
)
def test_it_is_broken_by_what_broke(ids, evidence):
    assert {finding(each, evidence) for each in ids} == {Finding.BROKEN}


ALL = [
    "P008",
    "P009",
    "P040",
    "P041",
    "P049",
    "P054",
    "P055",
    "P056",
    "P057",
    "P058",
    "P059",
    "P060",
    "P063",
    "P113",
    "P151",
]


@pytest.mark.parametrize("id_", ALL)
def test_without_evidence_it_is_unproven(id_):
    assert finding(id_, []) is Finding.UNPROVEN


def test_that_the_gate_is_there_does_not_show_that_it_is_asked():
    assert finding("P057", told(OBJECTED)) is finding("P049", told(YES)) is Finding.UNPROVEN


def interest(id_: str, assessed: bool, evidence: list[Evidence]) -> Finding:
    purposes = {
        id_: p.model_copy(
            update={"interest": p.interest.model_copy(update={"assessment": "lia" if assessed else None})}
        )
        if p.interest
        else p
        for id_, p in POLICY.purposes.items()
    }
    policy = POLICY.model_copy(update={"purposes": purposes})
    case = Case(promise=replace(SOME, id=id_), policy=policy, evidence=tuple(evidence), now=NOW, texts={})
    return EVALUATORS[id_](case).finding


def test_an_interest_is_weighed_when_its_assessment_is_named():
    assert interest("P040", True, told(PUBLISHED)) is Finding.KEPT
    assert interest("P040", False, told(PUBLISHED)) is Finding.UNPROVEN


def test_an_objection_that_waits_for_more_than_a_month_breaks_the_promise():
    late = [replace(each, at=NOW - timedelta(days=40)) for each in told(LATE, ref=EVA)]
    assert interest("P040", True, [*told(PUBLISHED, ref=ANNA), *late]) is Finding.BROKEN


def deciding(id_: str, basis: str, evidence: list[Evidence]) -> Finding:
    decision = AutomatedDecision.model_validate(
        {
            "exists": True,
            "art22": True,
            "logic": {"sv": "Regel", "en": "Rule"},
            "effects": {"sv": "Paus", "en": "Pause"},
            "basis": basis,
            "purposes": ["deliver"],
        }
    )
    served = next(p for p in POLICY.purposes.values() if p.legal_basis == "6.1.b")
    update = {"automated_decisions": {"pause": decision}, "purposes": {**POLICY.purposes, "deliver": served}}
    case = Case(
        promise=replace(SOME, id=id_),
        policy=POLICY.model_copy(update=update),
        evidence=tuple(evidence),
        now=NOW,
        texts={},
    )
    return EVALUATORS[id_](case).finding


def test_a_decision_is_made_on_the_ground_that_is_told():
    assert deciding("P041", "contract", MAP) is Finding.KEPT
    assert deciding("P041", "contract", WRONG_MAP) is Finding.BROKEN
    assert deciding("P041", "explicit_consent", MAP) is Finding.UNPROVEN
    assert deciding("P041", "explicit_consent", told([*YES, *NO_YES])) is Finding.KEPT

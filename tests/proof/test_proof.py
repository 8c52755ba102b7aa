"""Kept takes evidence; broken shows what broke; the rest is said to be unproven or not built."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from lofte.fault import Fault, Place, Severity
from lofte.ledger.entry import Entry
from lofte.policy.digest import digest
from lofte.policy.document import Policy
from lofte.policy.promises import ARTICLE, promises
from lofte.proof.evaluate import EVALUATORS, evaluate, judge
from lofte.proof.records import Case, Check, Evidence, Finding, Line, map_checked, noted
from lofte.proof.unbuilt import MISSING

WEBHOST = Path(__file__).parents[2] / "examples" / "webhost" / "policy.yaml"
WRITTEN: dict[str, Any] = YAML(typ="safe").load(WEBHOST)
POLICY = Policy.model_validate(WRITTEN)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ANNA, EVA = "a" * 32, "e" * 32


def changed(**sections: Any) -> Policy:
    """The web host's policy with whole sections replaced."""
    return Policy.model_validate(WRITTEN | sections)


def published(policy: Policy = POLICY, entry: int = 1) -> Evidence:
    facts = {
        "version": policy.meta.version,
        "digest": digest(policy),
        "effective_from": policy.meta.effective_from.isoformat(),
        "waived": 0,
    }
    return Evidence(kind="policy.published", at=NOW - timedelta(days=60), entry=entry, facts=facts)


def course(
    ref: str = ANNA, first: int = 10, due: str = "2026-12-01", **without: bool
) -> tuple[Evidence, ...]:
    """What a request leaves in the ledger, from receipt to delivery; `identified=False` leaves it out."""
    told: list[tuple[str, dict[str, Any]]] = [
        ("request.received", {"right": "access", "article": "15", "due_on": due}),
        ("request.identified", {"level": 2}),
        ("access.intended", {"article": "15", "systems": 1, "datasets": 20}),
        ("step.done", {"step": "read", "target": "hosting", "rows": 40}),
        ("package.sealed", {"digest": "d" * 64, "rows": 40}),
        ("request.delivered", {"digest": "d" * 64}),
    ]
    return tuple(
        Evidence(
            kind=kind,
            at=NOW - timedelta(days=3) + timedelta(hours=n),
            entry=first + n,
            object=ref,
            facts=facts,
        )
        for n, (kind, facts) in enumerate(told)
        if without.get(kind.split(".")[1], True)
    )


def line(id_: str, *evidence: Evidence, policy: Policy = POLICY, now: datetime = NOW) -> Line:
    return next(x for x in evaluate(policy, evidence, now) if x.promise.id == id_)


def finding(id_: str, *evidence: Evidence, policy: Policy = POLICY, now: datetime = NOW) -> Finding:
    return line(id_, *evidence, policy=policy, now=now).finding


def checked(gaps: int = 0, live: bool = True) -> Evidence:
    return Evidence(kind=Check.MAP, at=NOW, facts={"errors": gaps, "gaps": gaps, "live": int(live)})


def test_every_promise_of_the_policy_gets_one_line():
    assert [x.promise for x in evaluate(POLICY, (), NOW)] == list(promises(POLICY))


def test_nothing_is_kept_without_evidence():
    assert not [x.promise.id for x in evaluate(POLICY, (), NOW) if x.finding is Finding.KEPT]


def test_a_good_policy_breaks_nothing_before_anything_happened():
    assert not [x.promise.id for x in evaluate(POLICY, (), NOW) if x.finding is Finding.BROKEN]


def test_whatever_is_kept_points_at_its_evidence():
    everything = (published(), *course(), checked())
    for x in evaluate(POLICY, everything, NOW):
        assert (x.as_of is not None) or x.finding is not Finding.KEPT


def test_a_promise_without_an_evaluator_or_a_missing_part_fails_the_build():
    assert set(ARTICLE) == set(EVALUATORS) | set(MISSING)
    assert not set(EVALUATORS) & set(MISSING)


def test_what_waits_for_a_part_is_unproven_and_names_it():
    for id_, part in MISSING.items():
        promise = replace(promises(POLICY)[0], id=id_)
        found = judge(Case(promise=promise, policy=POLICY, evidence=(), now=NOW, texts={}))
        assert found.finding is Finding.UNPROVEN
        assert found.missing is part
        assert (part.en or "?") in found.reason.say("en")
        assert (part.sv or "?") in found.reason.say("sv")


def test_an_unknown_promise_is_never_kept():
    document = WRITTEN | {"purposes": WRITTEN["purposes"] | {}}
    document["purposes"]["invoice"] = document["purposes"]["invoice"] | {"promises": ["P999"]}
    assert finding("P999", published(), policy=Policy.model_validate(document)) is Finding.UNPROVEN


@pytest.mark.parametrize(
    "id_", ["P001", "P002", "P005", "P006", "P038", "P146", "P147", "P148", "P149", "P150"]
)
def test_the_text_keeps_its_promise_once_published(id_):
    assert finding(id_) is Finding.UNPROVEN
    assert finding(id_, published()) is Finding.KEPT
    assert line(id_, published()).entries == (1,)


def test_another_policy_being_published_proves_nothing_of_this_one():
    other = changed(controller=WRITTEN["controller"] | {"legal_name": "Annat AB"})
    assert finding("P002", published(other)) is Finding.UNPROVEN


def test_a_controller_without_a_number_breaks_the_promise_to_say_who_it_is():
    nameless = changed(controller=WRITTEN["controller"] | {"org_no": None})
    assert finding("P002", published(nameless), policy=nameless) is Finding.BROKEN


def test_two_versions_from_the_same_day_break_the_promise_of_one():
    other = changed(meta=WRITTEN["meta"] | {"version": "2026.2"})
    found = line("P005", published(), published(other, entry=2))
    assert found.finding is Finding.BROKEN
    assert found.entries == (1, 2)


def test_a_version_that_applies_later_is_not_in_force_today():
    later = changed(meta=WRITTEN["meta"] | {"effective_from": "2027-01-01"})
    assert finding("P005", published(later), policy=later) is Finding.UNPROVEN


def test_a_refusal_takes_more_than_the_text_to_keep_the_promise_of_complaint():
    refused = Evidence(kind="request.refused", at=NOW, entry=9, object=EVA, facts={"ground": "excessive"})
    assert finding("P149", published(), refused) is Finding.UNPROVEN


def test_a_delivered_report_in_time_keeps_the_promise_of_access():
    found = line("P097", *course())
    assert found.finding is Finding.KEPT
    assert found.entries == (15,)
    assert "1 of 1" in found.reason.say("en")


def test_an_answer_after_its_last_day_breaks_the_promise():
    assert finding("P097", *course(due="2026-11-16")) is Finding.BROKEN


def test_the_last_day_itself_is_in_time():
    assert finding("P097", *course(due="2026-11-17")) is Finding.KEPT


def test_an_open_request_breaks_the_promise_only_when_its_day_has_passed():
    open_ = course(due="2026-12-01", delivered=False)
    assert finding("P097", *open_) is Finding.UNPROVEN
    assert finding("P097", *open_, now=datetime(2026, 12, 1, 22, 59, tzinfo=UTC)) is Finding.UNPROVEN
    assert finding("P097", *open_, now=datetime(2026, 12, 1, 23, 1, tzinfo=UTC)) is Finding.BROKEN


def test_one_late_answer_is_not_hidden_by_many_in_time():
    many = [e for n in range(5) for e in course(f"{n}" * 32, first=100 + 10 * n)]
    found = line("P097", *many, *course(EVA, first=10, due="2026-11-01"))
    assert found.finding is Finding.BROKEN
    assert "1 of 6" in found.reason.say("en")


def test_a_whole_report_keeps_its_promise():
    assert finding("P098", *course()) is Finding.KEPT
    assert finding("P098", *course(delivered=False)) is Finding.UNPROVEN


def test_a_report_from_fewer_systems_than_planned_is_not_whole():
    assert finding("P098", *course(done=False)) is Finding.BROKEN


def test_a_report_that_was_never_planned_is_not_whole():
    assert finding("P098", *course(intended=False)) is Finding.BROKEN


def test_a_package_that_was_not_the_sealed_one_breaks_the_promise():
    *before, last = course()
    assert finding("P098", *before, replace(last, facts={"digest": "f" * 64})) is Finding.BROKEN


def test_a_step_of_another_persons_request_proves_nothing():
    hers = [e for e in course(EVA, first=30) if e.kind == "step.done"]
    assert finding("P098", *course(done=False), *hers) is Finding.BROKEN


def test_a_report_is_free_when_one_has_been_given_for_nothing():
    assert finding("P099") is Finding.UNPROVEN
    assert finding("P099", *course()) is Finding.KEPT


def test_a_policy_with_a_fee_does_not_promise_a_free_report():
    dear = changed(rights=WRITTEN["rights"] | {"defaults": {"fee": {"amount": 100}}})
    assert "P099" not in {x.promise.id for x in evaluate(dear, course(), NOW)}


def test_nothing_may_be_given_before_the_person_is_known():
    assert finding("P116", *course()) is Finding.KEPT
    assert finding("P116", *course(identified=False)) is Finding.BROKEN


def test_two_persons_answering_undoes_an_identification():
    told = list(course())
    doubt = Evidence(kind="request.ambiguous", at=NOW, entry=13, object=ANNA, facts={"persons": 2})
    later = [replace(e, entry=(e.entry or 0) + 5) for e in told[3:]]
    assert finding("P116", *told[:3], doubt, *later) is Finding.BROKEN


def test_order_is_the_number_of_the_entry_and_never_its_time():
    backwards = [replace(e, at=NOW - timedelta(hours=n)) for n, e in enumerate(course())]
    assert finding("P116", *reversed(backwards)) is Finding.KEPT


def test_the_scope_is_shown_only_by_a_check_against_live_systems():
    assert finding("P003") is Finding.UNPROVEN
    assert finding("P003", checked(live=False)) is Finding.UNPROVEN
    assert finding("P003", checked(gaps=2)) is Finding.BROKEN
    assert finding("P003", checked()) is Finding.KEPT


def test_the_newest_check_counts():
    old = replace(checked(gaps=3), at=NOW - timedelta(days=1))
    assert finding("P003", checked(), old) is Finding.KEPT


def test_faults_of_the_map_become_counts():
    faults = [
        Fault(number="M203", place=Place(), what="x", mend="y"),
        Fault(number="M001", place=Place(), what="x", mend="y"),
        Fault(number="M210", place=Place(), what="x", mend="y", severity=Severity.NOTE),
    ]
    assert map_checked(faults, NOW, "2026.1", live=True).facts == {"errors": 2, "gaps": 1, "live": 1}


def test_a_category_that_no_purpose_uses_breaks_the_promise_of_no_more_than_needed():
    more = changed(categories=WRITTEN["categories"] | {"hobby": {"name": {"sv": "Fritid", "en": "Leisure"}}})
    found = line("P011", checked(), policy=more)
    assert found.finding is Finding.BROKEN
    assert "hobby" in found.reason.say("en")


def test_a_rule_for_each_purpose_does_not_pretend_that_anything_was_swept():
    found = line("P134", published(), *course(), checked())
    assert found.finding is Finding.UNPROVEN
    assert "15 of 15" in found.reason.say("en")
    assert "have not been counted" in found.reason.say("en")


def test_a_purpose_without_a_rule_breaks_the_promise_of_a_period():
    purposes = WRITTEN["purposes"] | {"support": WRITTEN["purposes"]["support"] | {"retention": []}}
    found = line("P134", policy=changed(purposes=purposes))
    assert found.finding is Finding.BROKEN
    assert "support" in found.reason.say("en")
    assert found.mend


def test_a_period_shorter_than_the_law_demands_is_broken():
    short = WRITTEN["retention"]["accounting"] | {"keep_until": "year_end(fiscal_year.end) + P5Y"}
    found = finding("P135", policy=changed(retention=WRITTEN["retention"] | {"accounting": short}))
    assert found is Finding.BROKEN
    assert finding("P135") is Finding.UNPROVEN


def test_a_duty_without_a_statute_is_broken():
    bare = WRITTEN["purposes"]["invoice"] | {"law": []}
    policy = changed(purposes=WRITTEN["purposes"] | {"invoice": bare})
    assert finding("P038", published(policy), policy=policy) is Finding.BROKEN


def test_an_entry_of_the_ledger_becomes_evidence():
    entry = Entry(
        seq=7, at=NOW, kind="step.done", object=ANNA, policy_version="2026.1", commitment=b"", mac=b""
    )
    told = noted(entry, {"step": "read", "rows": 3})
    assert (told.entry, told.object, told.count("rows"), told.count("step")) == (7, ANNA, 3, None)


def test_reasons_are_told_in_both_languages():
    for x in evaluate(POLICY, (published(), *course(due="2026-11-01"), checked(gaps=1)), NOW):
        for text in (x.reason, x.mend):
            assert text is None or (text.sv and text.en)


@settings(max_examples=20, deadline=None)
@given(order=st.permutations([published(), *course(), *course(EVA, first=40, due="2026-11-16"), checked()]))
def test_the_order_evidence_comes_in_does_not_matter(order):
    told = [published(), *course(), *course(EVA, first=40, due="2026-11-16"), checked()]
    assert evaluate(POLICY, order, NOW) == evaluate(POLICY, told, NOW)

"""That people are told before a change applies is shown from the ledger; what went wrong breaks it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lofte.ledger.kinds import Kind
from lofte.proof.records import Check, Evidence, Finding
from tests.proof.test_proof import changed, finding, line, published

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
TOLD = NOW - timedelta(days=40)
RULE = {"major": ["new_purpose"], "lead_time": "P30D"}
POLICY = changed(changes={**RULE, "notify": ["email", "website", "portal"]})
BY_MESSAGE = changed(changes={**RULE, "notify": ["website", "message"]})
REF = "a" * 32


def major(entry=2, version="2026-11"):
    facts = {"version": version, "digest": "b" * 64, "effective_from": "2026-11-20", "major": 2}
    return Evidence(kind=Kind.POLICY_PUBLISHED, at=TOLD, entry=entry, object=REF, facts=facts)


def announced(days=40, **facts):
    return Evidence(
        kind=Kind.NOTICE_ANNOUNCED, at=NOW - timedelta(days=days), entry=3, object=REF, facts=facts
    )


def applied(day="2026-11-28"):
    return Evidence(kind=Kind.POLICY_IN_FORCE, at=NOW, entry=4, object=REF, facts={"day": day})


def looked(**facts):
    said = {"written": 5, "left": 5, "failed": 0, "protected": 0, "posted": 0, "lead_time": "P30D"}
    return Evidence(kind=Check.ANNOUNCED, at=NOW, object=REF, facts=said | facts)


def archive(**facts):
    said = {"versions": 1, "changed": 0, "unreadable": 0}
    return Evidence(kind=Check.VERSIONS, at=NOW, facts=said | facts)


def found(id_, *evidence):
    return finding(id_, published(POLICY), *evidence, policy=POLICY, now=NOW)


@pytest.fixture(params=["P141", "P142"])
def told(request):
    return request.param


def test_a_policy_that_never_changed_keeps_its_promise_to_tell(told):
    assert found(told) is Finding.KEPT


def test_a_change_that_was_told_in_time_keeps_the_promise(told):
    assert found(told, major(), announced(), applied(), looked()) is Finding.KEPT


def test_a_change_that_applies_though_nobody_was_told_breaks_the_promise(told):
    assert found(told, major(), applied(), looked()) is Finding.BROKEN


def test_a_change_that_applies_before_its_lead_time_breaks_the_promise(told):
    assert found(told, major(), announced(days=20), applied(), looked()) is Finding.BROKEN


def test_the_first_day_after_the_lead_time_is_in_time(told):
    assert found(told, major(), announced(days=30), applied("2026-12-01"), looked()) is Finding.KEPT
    assert found(told, major(), announced(days=30), applied("2026-11-30"), looked()) is Finding.BROKEN


def test_a_person_who_was_not_told_breaks_the_promise(told):
    assert found(told, major(), announced(), applied(), looked(left=4, failed=1)) is Finding.BROKEN


def test_a_person_with_a_protected_identity_who_got_no_letter_breaks_the_promise(told):
    assert found(told, major(), announced(), applied(), looked(protected=1)) is Finding.BROKEN
    assert found(told, major(), announced(), applied(), looked(protected=1, posted=1)) is Finding.KEPT


def test_a_change_that_does_not_apply_yet_and_is_not_told_is_unproven(told):
    assert found(told, major(), looked(left=2)) is Finding.UNPROVEN


def test_a_broken_promise_says_what_would_mend_it(told):
    judged = line(told, published(POLICY), major(), applied(), looked(), policy=POLICY, now=NOW)
    assert judged.mend is not None and "lofte version announce" in judged.mend.say("sv")


def test_that_it_was_told_in_messages_cannot_be_shown():
    evidence = (published(BY_MESSAGE), major(), announced(), applied(), looked())
    assert finding("P143", published(BY_MESSAGE), policy=BY_MESSAGE, now=NOW) is Finding.KEPT
    assert finding("P143", *evidence, policy=BY_MESSAGE, now=NOW) is Finding.UNPROVEN
    late = (published(BY_MESSAGE), major(), announced(days=20), applied(), looked())
    assert finding("P143", *late, policy=BY_MESSAGE, now=NOW) is Finding.BROKEN


def test_a_version_that_was_changed_afterwards_breaks_the_promise_of_versions():
    assert found("P140", archive()) is Finding.KEPT
    assert found("P140", archive(changed=1)) is Finding.BROKEN
    assert found("P140") is Finding.UNPROVEN


def test_a_version_published_twice_with_another_content_breaks_the_promise_of_versions():
    same = str(published(POLICY).facts.get("version"))
    assert found("P140", major(version=same), archive()) is Finding.BROKEN


def test_a_version_that_is_gone_from_the_archive_breaks_its_promise():
    assert found("P144", archive()) is Finding.KEPT
    assert found("P144", major(), archive()) is Finding.BROKEN
    assert found("P144", archive(unreadable=1)) is Finding.BROKEN


def test_a_policy_that_is_not_published_proves_nothing():
    for id_ in ("P140", "P144"):
        assert finding(id_, archive(), policy=POLICY, now=NOW) is Finding.UNPROVEN


def test_one_version_is_told_of_as_one():
    one = line("P140", published(POLICY), archive(), policy=POLICY, now=NOW)
    assert one.reason.en.startswith("1 version is published,")
    assert one.reason.sv.startswith("1 version är publicerad,")

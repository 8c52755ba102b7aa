"""A version goes its road into force step by step, and each step says who, when and why."""

from __future__ import annotations

import dataclasses

import pytest

from lofte.accounts.handler import create_handler
from lofte.accounts.roles import Role
from lofte.accounts.scopes import Scope
from lofte.accounts.token import make
from lofte.consent.models import Withdrawal
from lofte.errors import Conflict, FaultsFound, Refused
from lofte.execution import book
from lofte.fault import Fault, Place
from lofte.ledger.kinds import Kind
from lofte.notices.models import Draft, PublishedPolicy
from lofte.notices.publish import in_force, publish, state_of
from lofte.notices.roads import ROADS, State, go
from lofte.notices.versions import (
    acknowledge,
    approve,
    has_read,
    major_of,
    publish_draft,
    send_back,
    submit,
    take_force,
)
from tests.notices.world import CHANGES, LONGER, with_, written

ONE, OTHER = "1" * 32, "2" * 32
NEXT = {"version": "2026-06-01", "effective_from": "2026-06-01"}
FAULT = Fault(number="P999", place=Place(file="policy.yaml", path="dpo"), what="wrong", mend="mend it")


@pytest.fixture
def two(store, house):
    """A house whose policy asks for two people, with its first version published."""
    house = with_(house, changes={**CHANGES, "approval": None})
    publish(house, written(house))
    return with_(house, meta=NEXT, changes={**CHANGES, "approval": "second_person"})


def handed_in(house, by=ONE, faults=()):
    return submit(house, house.policy, written(house), faults, by=by, why="ny lagringstid")


def test_only_roads_in_the_table_are_taken():
    assert set(ROADS) == set(State)
    with pytest.raises(Conflict):
        go(State.DRAFT, State.PUBLISHED)


def test_each_step_says_who_and_why(two):
    draft = handed_in(two)
    approve(two, draft, by=OTHER, why="läst")
    publish_draft(two, draft, by=ONE)
    said = [(step.state, step.by, step.why) for step in draft.steps.all()]
    assert said == [
        ("draft", ONE, ""),
        ("review", ONE, "ny lagringstid"),
        ("approved", OTHER, "läst"),
        ("published", ONE, ""),
    ]
    kinds = [entry.kind for entry in book.entries()]
    assert kinds[1:4] == [Kind.POLICY_SUBMITTED, Kind.POLICY_APPROVED, Kind.POLICY_PUBLISHED]


def test_whoever_handed_it_in_does_not_approve_where_two_are_needed(two):
    draft = handed_in(two)
    with pytest.raises(Refused, match="somebody else"):
        approve(two, draft, by=ONE)
    with pytest.raises(Refused):
        approve(two, draft, by="")
    assert state_of(draft) is State.REVIEW


def test_nothing_is_published_that_nobody_else_has_approved(two):
    with pytest.raises(Refused, match="two people"):
        publish(two, written(two), by=ONE)
    draft = handed_in(two)
    with pytest.raises(Refused, match="nobody has approved"):
        publish(two, written(two), by=ONE)
    approve(two, draft, by=OTHER)
    assert publish(two, written(two), by=ONE).version == "2026-06-01"


def test_a_version_cannot_take_the_need_of_two_away_by_itself(store, house):
    asks = with_(house, changes={**CHANGES, "approval": "second_person"})
    draft = submit(asks, asks.policy, written(asks), (), by=ONE)
    approve(asks, draft, by=OTHER)
    publish(asks, written(asks), by=ONE)
    lax = with_(house, meta=NEXT, changes=CHANGES)
    with pytest.raises(Refused, match="two people"):
        publish(lax, written(lax), by=ONE)


def test_another_text_is_not_the_one_that_was_approved(two):
    approve(two, handed_in(two), by=OTHER)
    other = with_(two, dpo={"designated": "no"})
    with pytest.raises(Refused, match="two people"):
        publish(other, written(other), by=ONE)


def test_a_version_that_is_sent_back_is_not_published(two):
    draft = handed_in(two)
    with pytest.raises(Refused, match="write why"):
        send_back(two, draft, by=OTHER, why=" ")
    send_back(two, draft, by=OTHER, why="perioden är fel")
    with pytest.raises(Conflict):
        approve(two, draft, by=OTHER)
    again = handed_in(two)
    assert again.pk != draft.pk and state_of(again) is State.REVIEW


def test_a_version_with_an_open_fault_is_not_approved(two):
    with pytest.raises(FaultsFound):
        approve(two, handed_in(two, faults=[FAULT]), by=OTHER)


def test_a_version_judged_by_another_map_is_judged_again(two):
    draft = handed_in(two)
    approve(two, draft, by=OTHER)
    from lofte.datamap.document import DataMap, System
    from tests.notices.world import SYSTEM

    other = dataclasses.replace(two, datamap=DataMap(systems=(System.model_validate(SYSTEM),)))
    with pytest.raises(Conflict, match="data map"):
        publish_draft(other, draft, by=ONE)


def test_handing_in_the_same_twice_is_one_draft(two):
    assert handed_in(two) == handed_in(two)
    assert Draft.objects.filter(version="2026-06-01").count() == 1


def test_a_program_that_somebody_let_in_is_no_second_person(two):
    officer = create_handler(two, email="o@norrsken.example", password="x" * 14, role=Role.OFFICER, name="O")
    token, _ = make(two, officer, name="robot", scopes=[Scope.REQUESTS_READ])
    draft = handed_in(two, by=officer.ref)
    with pytest.raises(Refused, match="somebody else"):
        approve(two, draft, by=token.ref)


def test_the_day_it_takes_force_is_noted_once(store, house):
    publish(house, written(house))
    assert take_force(house).version == "2026-01-01"
    assert take_force(house) is None
    assert [e.kind for e in book.entries()].count(Kind.POLICY_IN_FORCE) == 1
    assert state_of(Draft.objects.get()) is State.IN_FORCE


def test_what_was_published_before_there_were_drafts_takes_force_too(store, house):
    publish(house, written(house))
    Draft.objects.all().delete()
    assert take_force(house).version == "2026-01-01"
    assert state_of(Draft.objects.get()) is State.IN_FORCE


def test_a_major_version_says_why_it_is(two):
    draft = handed_in(with_(two, retention=LONGER))
    assert [r.path for r in major_of(two, draft).reasons] == ["retention.contract.keep_until"]


def test_that_somebody_has_read_of_it_is_no_consent(store, house):
    published = publish(house, written(house))
    for _ in range(2):
        acknowledge(house, published, "c" * 32)
    assert has_read(published, "c" * 32) and not has_read(published, "d" * 32)
    assert [e.kind for e in book.entries()].count(Kind.NOTICE_READ) == 1
    assert not Withdrawal.objects.exists()
    assert not any(e.kind.startswith("consent.") for e in book.entries())


def test_a_published_version_is_never_changed(store, house):
    publish(house, written(house))
    text = PublishedPolicy.objects.get().text
    with pytest.raises(Conflict):
        publish(with_(house, dpo={"designated": "no"}), "other")
    assert PublishedPolicy.objects.get().text == text
    assert in_force(house.today).version == "2026-01-01"

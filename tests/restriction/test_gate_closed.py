"""Where the policy has no purpose for a message, the gate is shut."""

from __future__ import annotations

import dataclasses

import pytest

from lofte.consent.gate import MessageClass, StoppedBy, may_send
from lofte.consent.restrict import restrict
from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.plan.restriction import Ground
from lofte.policy.document import Policy
from tests.restriction.conftest import ANNA, EVA


@pytest.fixture
def quiet(house):
    """The house of a company whose policy knows neither a contract nor marketing."""
    plain = house.policy.model_dump(mode="json", by_alias=True, exclude_none=True)
    plain["purposes"] = {"books": plain["purposes"]["books"]}
    plain["rights"].pop("restriction")
    return dataclasses.replace(house, policy=Policy.model_validate(plain))


@pytest.mark.parametrize("message", [MessageClass.MARKETING, MessageClass.SERVICE])
def test_a_restriction_on_everything_stops_what_the_policy_has_no_purpose_for(quiet, store, message):
    placed = restrict(quiet, [Identity(kind=Kind.EMAIL, value=ANNA)], Ground.UNLAWFUL)
    answer = may_send(quiet, Kind.EMAIL, ANNA, message)
    assert (bool(answer), answer.why, answer.ref) == (False, StoppedBy.RESTRICTION, placed.ref)
    assert may_send(quiet, Kind.EMAIL, ANNA, MessageClass.NOTICE)


@pytest.mark.parametrize("message", [MessageClass.MARKETING, MessageClass.SERVICE])
def test_a_message_that_no_purpose_is_for_is_not_sent(quiet, store, message):
    assert may_send(quiet, Kind.EMAIL, EVA, message).why is StoppedBy.UNKNOWN_PURPOSE

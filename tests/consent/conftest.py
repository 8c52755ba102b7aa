"""A house with marketing, consent, interests and a contract; and a system that knows Anna and Eva."""

from __future__ import annotations

import copy
import dataclasses
from typing import Any

import pytest

from lofte.policy.document import Policy
from tests.conftest import POLICY
from tests.requests.memory import Memory, datamap

ANNA, EVA = "anna@kund.example", "eva@kund.example"


def policy(**rights: Any) -> Policy:
    plain = copy.deepcopy(POLICY)
    contact = {"categories": ["contact"], "retention": ["contract"]}
    plain["purposes"] |= {
        "newsletter": {**contact, "legal_basis": "MFL-19-2", "marketing": {"similar_own_services": True}},
        "signup": {**contact, "legal_basis": "6.1.a", "marketing": {}},
        "photos": {**contact, "legal_basis": "6.1.a"},
        "support": {**contact, "legal_basis": "6.1.f"},
        "books": {**contact, "legal_basis": "6.1.c"},
    }
    plain["categories"]["contact"]["items"] = [{"id": "email"}]
    plain["communication"] = {"marketing": ["email", "sms"]}
    plain["rights"] |= rights
    return Policy.model_validate(plain)


@pytest.fixture
def house(house: Any) -> Any:
    terms = {"effect": "stops_service", "release": ["corrected", "established"]}
    terms["tell_before"] = ["stop", "release"]
    return dataclasses.replace(house, policy=policy(restriction=terms), datamap=datamap("billing"))


@pytest.fixture
def billing() -> Memory:
    return Memory(
        "billing",
        customers=[{"id": 1, "email": ANNA, "name": "Anna"}, {"id": 2, "email": EVA, "name": "Eva"}],
    )

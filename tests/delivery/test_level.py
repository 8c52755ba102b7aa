"""What a package holds decides how surely a person must have shown who they are to open it."""

from __future__ import annotations

import dataclasses

import pytest

from lofte.datamap.document import DataMap, System
from lofte.law.rights import Right
from lofte.plan.delicate import Delicate, delicate
from lofte.plan.records import DatasetRef
from lofte.policy.document import Policy
from lofte.requests.door.identify import NEEDED, Level
from lofte.requests.door.level import level_of
from lofte.requests.models import Finding
from tests.conftest import POLICY
from tests.requests.memory import SYSTEM

AT = DatasetRef(system="billing", dataset="customer")
SPECIAL = {"name": {"sv": "Hälsa", "en": "Health"}, "special": "9"}
MONEY = {
    "name": {"sv": "Betalningar", "en": "Payments"},
    "items": [
        {"id": "card", "name": {"sv": "kort", "en": "card"}, "dpv": "pd:PaymentCardNumber"},
        {"id": "plan", "name": {"sv": "avtal", "en": "plan"}, "dpv": "pd:ServiceConsumptionBehavior"},
    ],
}
NATIONAL = {
    "name": {"sv": "Nummer", "en": "Number"},
    "items": [{"id": "pnr", "dpv": "pd:NationalIdentificationNumber"}],
}
POLICY_DOC = Policy.model_validate(
    {**POLICY, "categories": {**POLICY["categories"], "health": SPECIAL, "money": MONEY, "number": NATIONAL}}
)


def of(field: dict[str, object]) -> frozenset[Delicate]:
    customer = SYSTEM["datasets"]["customer"]
    fields = {**customer["fields"], "more": field}
    datasets = {**SYSTEM["datasets"], "customer": {**customer, "fields": fields}}
    system = System.model_validate({**SYSTEM, "id": "billing", "datasets": datasets})
    return delicate(POLICY_DOC, DataMap(systems=(system,)), [AT])


@pytest.mark.parametrize(
    ("field", "why"),
    [
        ({"category": "health"}, {Delicate.SPECIAL}),
        ({"category": "health", "give": "mask"}, {Delicate.SPECIAL}),
        ({"category": "contact", "identity": "personnummer"}, {Delicate.NATIONAL_ID}),
        ({"category": "number", "item": "pnr"}, {Delicate.NATIONAL_ID}),
        ({"category": "money", "item": "card"}, {Delicate.PAYMENT}),
        ({"category": "money"}, {Delicate.PAYMENT}),
        ({"category": "money", "item": "plan"}, set()),
        ({"category": "contact", "text": True}, {Delicate.WORDS}),
        ({"category": "contact", "file": True}, {Delicate.WORDS}),
        ({"category": "contact"}, set()),
        ({"technical": True}, set()),
        ({"category": "health", "give": "withhold", "why": {"sv": "x", "en": "x"}}, set()),
    ],
)
def test_a_field_is_delicate_by_what_it_is(field, why):
    assert of(field) == why


def test_a_dataset_that_the_map_has_forgotten_counts_as_all():
    gone = DatasetRef(system="billing", dataset="gone")
    assert delicate(POLICY_DOC, DataMap(), [gone]) == frozenset(Delicate)


@pytest.mark.parametrize("right", [Right.ACCESS, Right.PORTABILITY])
def test_only_rows_that_are_in_the_package_count(house, right):
    def found(rows: int, verb: str = "give") -> Finding:
        return Finding(system="billing", dataset="gone", verb=verb, rows=rows)

    house = dataclasses.replace(house, datamap=DataMap())
    assert level_of(house, right, [found(1)]) is Level.PROVEN
    assert level_of(house, right, [found(0), found(3, "forward")]) is NEEDED[right]
    assert level_of(house, right, [], statements=True) is Level.PROVEN


def test_what_was_sealed_keeps_the_level_it_was_sealed_with(ready):
    assert ready().packages.get().level == Level.TWO_WAYS

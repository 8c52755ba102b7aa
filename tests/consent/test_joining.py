"""A browser is a person's only when both have said so."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from lofte.consent.join import chosen_by, join
from lofte.consent.models import BrowserLink
from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.errors import Conflict, Refused
from tests.consent.visitors import ask, choice, policy, way_in

ANNA = [Identity(kind=Kind.EMAIL, value="anna@kund.example")]
EVA = [Identity(kind=Kind.EMAIL, value="eva@kund.example")]


@pytest.fixture
def house(house: Any) -> Any:
    return dataclasses.replace(house, policy=policy())


@pytest.fixture
def browsers(house: Any, store: Any) -> dict[str, str]:
    with way_in(house) as way:
        yes, no = ask(way, choice(house, ["statistics"]), choice(house))
    return {"yes": yes.said["id"], "no": no.said["id"]}


def test_what_both_agree_to_is_joined_once(house, browsers):
    assert join(house, browsers["yes"], ANNA, agreed=True) == join(house, browsers["yes"], ANNA, agreed=True)
    assert [each.seq for each in chosen_by(house, ANNA)] == [1] and chosen_by(house, EVA) == ()


@pytest.mark.parametrize(("which", "agreed"), [("yes", False), ("no", True)])
def test_one_alone_is_not_enough(house, browsers, which, agreed):
    with pytest.raises(Refused, match="both"):
        join(house, browsers[which], ANNA, agreed=agreed)
    assert not BrowserLink.objects.exists()


def test_a_browser_is_not_two_persons(house, browsers):
    join(house, browsers["yes"], ANNA, agreed=True)
    with pytest.raises(Conflict):
        join(house, browsers["yes"], EVA, agreed=True)


def test_an_id_that_is_not_ours_joins_nobody(house, browsers):
    with pytest.raises(Refused, match="no id of ours"):
        join(house, "A" * 43, ANNA, agreed=True)

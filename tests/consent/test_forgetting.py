"""What visitors chose goes when its time is over, and what is left is proven as before (art. 5.1 e)."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from lofte.consent import chain, purge
from lofte.consent.models import Choice
from lofte.execution.book import opened
from lofte.ledger.kinds import Kind
from tests.consent.visitors import ask, choice, policy, way_in


@pytest.fixture
def house(house: Any) -> Any:
    return dataclasses.replace(house, policy=policy())


@pytest.fixture
def chosen(house: Any, store: Any, clock: Any) -> None:
    """Three choices long ago, and two now, in one stream."""
    with way_in(house) as way:
        ask(way, *[choice(house) for _ in range(3)])
        clock.go(days=1200)
        ask(way, *[choice(house, ["statistics"]) for _ in range(2)])


def test_a_choice_goes_when_its_time_is_over(chosen, house):
    assert purge.forget(house) == 3 and Choice.objects.count() == 2
    (payload,) = [p for e, p in opened() if e.kind == Kind.CONSENT_FORGOTTEN]
    assert payload is not None and (payload["records"], payload["last"]) == (3, 3)


def test_what_is_left_is_proven_as_before(chosen, house):
    purge.forget(house)
    assert chain.verify(house) == chain.Looked(records=2, sealed=2, flaws=())
    Choice.objects.order_by("number").first().delete()
    assert [f.what for f in chain.verify(house).flaws] == ["missing"]


def test_what_has_time_left_stays(chosen, house, clock):
    purge.forget(house)
    assert purge.forget(house) == 0
    clock.go(days=300)
    assert purge.forget(house) == 0 and Choice.objects.count() == 2


def test_a_look_at_the_choices_is_evidence(chosen, house):
    chain.seal(house)
    (evidence,) = purge.counted(house)
    assert evidence.facts == {"records": 5, "flaws": 0}
    Choice.objects.filter(number=2).delete()
    (evidence,) = purge.counted(house)
    assert evidence.facts["flaws"] == 1

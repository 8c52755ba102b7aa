"""What is only processed for a customer is not disclosed; the customer is told who asks, and answers."""

from __future__ import annotations

import dataclasses

import pytest

from lofte.datamap.document import DataMap
from lofte.errors import Conflict, Refused
from lofte.execution import book
from lofte.requests.answer import forward
from lofte.requests.models import Forwarded, Request
from tests.requests.memory import SYSTEM
from tests.requests.test_fulfil import ANNA, billing, fulfilled, identified, quick_pdf

__all__ = ["billing", "quick_pdf"]
BERTIL = "b" * 32


@pytest.fixture
def house(house):
    """The same company, whose map says whose the visitors are."""
    plain = {**SYSTEM, "datasets": {**SYSTEM["datasets"]}}
    plain["datasets"]["visitor"] = plain["datasets"]["visitor"] | {"whose": "id"}
    return dataclasses.replace(house, datamap=DataMap.model_validate({"systems": [plain]}))


@pytest.fixture
def passed_on(store, house, billing):
    for number, visitor in enumerate(billing.visitors):
        visitor["id"] = f"KUND-{number}"
    request = identified(house)
    fulfilled(house, request, billing, None)
    return Request.objects.get()


def test_whose_it_is_is_written_down_sealed_with_the_answer(passed_on):
    (item,) = Forwarded.objects.all()
    assert item.rows == 1 and b"KUND" not in bytes(item.whose)
    assert "forward.queued" in [entry.kind for entry in book.entries()]
    assert (
        [each.ref for each in forward.waiting(passed_on)]
        == [item.ref]
        == [each.ref for each in forward.waiting()]
    )


def test_the_letter_says_who_asks_and_what_to_do_and_that_it_was_made_is_noted(passed_on, house):
    said = forward.letter(house, Forwarded.objects.get().ref, by=BERTIL)
    for words in (said.sv, said.en):
        assert "KUND-" in words and ANNA in words and passed_on.number in words
    assert [entry.kind for entry in book.entries()][-1] == "identity.shown"


def test_that_the_customer_was_told_is_a_record_once(passed_on, house):
    ref = Forwarded.objects.get().ref
    with pytest.raises(Refused, match="email"):
        forward.told(house, ref, channel="pigeon", by=BERTIL)
    forward.told(house, ref, channel="email", by=BERTIL)
    assert forward.waiting() == ()
    with pytest.raises(Conflict):
        forward.told(house, ref, channel="email", by=BERTIL)


def test_an_answer_made_again_tells_nobody_twice(passed_on, house, billing, clock):
    forward.told(house, Forwarded.objects.get().ref, channel="email", by=BERTIL)
    Request.objects.update(state="identified")
    fulfilled(house, Request.objects.get(), billing, None)
    assert Forwarded.objects.count() == 1 and forward.waiting() == ()


def test_where_the_map_does_not_say_whose_it_is_nothing_is_made_up(store, house, billing):
    from tests.requests.memory import datamap

    house = dataclasses.replace(house, datamap=datamap("billing"))
    fulfilled(house, identified(house), billing, None)
    assert not Forwarded.objects.exists()


def test_what_is_over_is_not_waited_for(passed_on, house):
    Request.objects.update(key=b"")
    assert forward.waiting() == ()
    with pytest.raises(Refused):
        forward.letter(house, Forwarded.objects.get().ref, by=BERTIL)

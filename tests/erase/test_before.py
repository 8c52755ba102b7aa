"""A person who asks again is told of the case they have; no letter says "nothing" where something is."""

import pytest

from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.errors import Unreachable
from lofte.requests.course import before
from lofte.requests.course.receive import identities_of
from lofte.requests.erasure.erase import erase
from lofte.requests.erasure.letter import letter
from lofte.requests.erasure.preview import preview
from tests.erase.test_erase_request import CLOSED, asks, customer

pytestmark = pytest.mark.django_db(transaction=True)


def _away(system):
    raise Unreachable(f"{system.id} does not answer")


def test_no_letter_is_promised_while_a_system_is_silent(fjordhem, world, store):
    seen = preview(fjordhem, asks(fjordhem, customer(world, CLOSED)), _away)
    assert seen.silent == ("hosting",) and not seen.letter


def test_an_erasure_that_stands_open_is_found_by_who_asks_again(fjordhem, world, store):
    first = asks(fjordhem, customer(world, CLOSED))
    shown = identities_of(fjordhem, first)
    assert before.waiting(fjordhem, shown) == first.number
    other = Identity(kind=Kind.CUSTOMER_NO, value="99999")
    email = Identity(kind=Kind.EMAIL, value="nobody@kund.example")
    assert before.waiting(fjordhem, [email]) == ""
    assert before.waiting(fjordhem, [*(i for i in shown if i.kind is not Kind.CUSTOMER_NO), other]) == ""


def test_a_letter_that_finds_nothing_more_says_in_which_case_something_is_kept(
    fjordhem, world, store, connect, monkeypatch
):
    first, second = (asks(fjordhem, customer(world, CLOSED)) for _ in range(2))
    (done,) = erase(fjordhem, [first], connect)
    assert done.state == "delivered" and before.kept(fjordhem, identities_of(fjordhem, first)) == (
        first.number,
    )
    monkeypatch.setattr(
        "lofte.requests.erasure.letter._lines", lambda _house, asked: {r.pk: () for r in asked}
    )
    erase(fjordhem, [second], connect)
    text = letter(fjordhem, second, "en")
    assert f"but those that case {first.number} is about" in text

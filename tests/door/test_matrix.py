"""Six ways in, eight rights, four levels: 192 cells, and nothing goes on below its level."""

from __future__ import annotations

from itertools import product

import pytest

from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.errors import Conflict, NotIdentified
from lofte.execution.book import recorded
from lofte.law.rights import Right
from lofte.mail.models import Outgoing
from lofte.requests.answer import own_data
from lofte.requests.answer.release import release
from lofte.requests.course.order import order
from lofte.requests.course.protected import OnlyByLetter
from lofte.requests.course.receive import receive
from lofte.requests.course.tell import news
from lofte.requests.door.identify import Level, identify
from lofte.requests.door.protected import protect
from lofte.requests.models import Identification, Order, Request
from tests.door.company import ANNA, TWO

CHANNELS = ["portal", "email", "phone", "letter", "visit", "chat"]
ENOUGH = {
    Right.ACCESS: 2, Right.PORTABILITY: 2, Right.ERASURE: 2, Right.RESTRICTION: 2,
    Right.RECTIFICATION: 1, Right.HUMAN_REVIEW: 1, Right.OBJECTION: 0, Right.WITHDRAWAL: 0,
}  # fmt: skip
"""As the ladder says it, written down once more by hand."""


def test_there_are_192_cells():
    assert len(list(product(CHANNELS, Right, Level))) == 192


@pytest.mark.parametrize("channel", CHANNELS)
def test_what_goes_on_in_each_cell(work, channel):
    house, shown = work.house, Identity(kind=Kind.EMAIL, value=ANNA)
    cells = {}
    for right, level in product(Right, Level):
        request = receive(house, right=right, identities=[shown], channel=channel)
        try:
            state = identify(house, request, method="kod", level=level, by="b" * 32).state
        except NotIdentified:
            request.refresh_from_db()
            state = request.state
            assert not Identification.objects.filter(request=request).exists()
            if right in (Right.ACCESS, Right.PORTABILITY):
                with pytest.raises(Conflict):
                    order(house, [request], by="b" * 32)
        cells[right, level] = state
    assert cells == {
        (right, level): "identified" if level >= ENOUGH[right] else "received"
        for right, level in product(Right, Level)
    }
    assert not Order.objects.exists()


@pytest.mark.parametrize("channel", CHANNELS)
def test_in_no_cell_is_anything_sent_or_opened_of_a_protected_person(work, channel):
    house, shown = work.house, Identity(kind=Kind.EMAIL, value=ANNA)
    for right, level in product(Right, Level):
        request = receive(house, right=right, identities=[shown], channel=channel)
        protect(house, request.case, "b" * 32)
        if level >= ENOUGH[right]:
            identify(house, request, method="besök", level=level, by="")
        with recorded(house):
            assert news(house, [request]) == 0
        with pytest.raises(OnlyByLetter):
            release(house, request, by="b" * 32)
        for ask in (own_data.order, own_data.look):
            with pytest.raises(OnlyByLetter):
                ask(house, request.case, level=level)
    assert not Outgoing.objects.exists()


@pytest.mark.parametrize(("codes", "level"), [([], 0), ([0], 1), ([0, 1], 2)])
def test_codes_let_go_on_what_they_prove_and_nothing_more(door, codes, level):
    door.ask(address=TWO[0], rights=tuple(Right))
    door.answer()
    sent = door.codes()
    for each in codes:
        assert door.enter(sent[TWO[each]]) is not None
    states = dict(Request.objects.values_list("right", "state"))
    assert states == {
        right.value: "identified" if 0 < ENOUGH[right] <= level else "received" for right in Right
    }

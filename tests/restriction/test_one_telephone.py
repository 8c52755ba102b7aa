"""Two people with one telephone are two people."""

from __future__ import annotations

from datetime import date

import pytest

from lofte.consent import object as objections
from lofte.consent import withdraw as withdrawals
from lofte.consent.gate import MessageClass, may_send
from lofte.consent.restrict import announce_release, lift, restrict, standing, tell
from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.errors import Refused
from lofte.plan.holds import HoldKind
from lofte.plan.restriction import Ground, Outcome
from lofte.requests.erasure import holds
from tests.restriction.conftest import ANNA, EVA

BERTIL = "b" * 32
PHONE = Identity(kind=Kind.PHONE, value="+46701740605")
ANNAS, EVAS = ((Identity(kind=Kind.EMAIL, value=address), PHONE) for address in (ANNA, EVA))


def ended(house, restriction) -> None:
    tell(house, announce_release(house, restriction), channel="letter")
    lift(house, restriction, Outcome.CORRECTED, by=BERTIL)


def test_a_restriction_of_one_is_not_lifted_with_the_others(house, store):
    first = restrict(house, ANNAS, Ground.ACCURACY)
    second = restrict(house, EVAS, Ground.ACCURACY)
    assert first.ref != second.ref
    ended(house, first)
    assert [each.restriction for each in standing(house, EVAS)] == [second]
    assert standing(house, ANNAS) == []
    assert restrict(house, EVAS, Ground.ACCURACY) == second


def test_a_message_to_their_telephone_waits_for_both(house, store):
    first, second = (restrict(house, who, Ground.UNLAWFUL) for who in (ANNAS, EVAS))
    ended(house, first)
    assert may_send(house, Kind.PHONE, PHONE.value).ref == second.ref
    ended(house, second)
    assert may_send(house, Kind.PHONE, PHONE.value, MessageClass.MARKETING)


@pytest.mark.parametrize("say", [objections.object_to, withdrawals.withdraw])
def test_what_one_has_said_no_to_is_decided_for_one(house, store, say):
    purposes = ["support"] if say is objections.object_to else ["photos"]
    room = objections if say is objections.object_to else withdrawals
    for who in (ANNAS, EVAS, ANNAS):
        say(house, who, purposes)
    (hers,), (theirs,) = (room.standing(house, who) for who in (ANNAS, EVAS))
    assert hers.ref != theirs.ref


def test_a_hold_keeps_nothing_of_who_shares_a_telephone(house, store):
    placed = holds.place(
        house,
        kind=HoldKind.LEGAL_CLAIM,
        identities=ANNAS,
        case="T 1",
        review_on=date(house.today.year + 1, 1, 1),
        why="tvist",
        by=BERTIL,
    )
    assert holds.standing(house, {0: ANNAS, 1: EVAS}) == {0: (placed,)}


def test_who_is_known_by_a_telephone_alone_is_asked_for_more(house, store):
    with pytest.raises(Refused, match="several people"):
        restrict(house, [PHONE], Ground.ACCURACY)
    with pytest.raises(Refused, match="several people"):
        holds.place(
            house,
            kind=HoldKind.INCIDENT,
            identities=[PHONE],
            case="T 1",
            review_on=date(house.today.year + 1, 1, 1),
            why="intrång",
            by=BERTIL,
        )


def test_an_objection_from_a_telephone_alone_stands(house, store):
    objections.object_to(house, [PHONE], ["support"])
    assert objections.standing(house, ANNAS) and not objections.standing(house, ANNAS[:1])

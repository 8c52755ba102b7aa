"""The key of a request that is over is destroyed, and not before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.errors import Refused
from lofte.execution import book, restore_log
from lofte.execution.book import recorded
from lofte.execution.house import House
from lofte.law.rights import Right
from lofte.requests.course import over
from lofte.requests.course.receive import earlier, identities_of, receive, received
from lofte.requests.course.refuse import Ground, refusal_letter, refuse
from lofte.requests.erasure.undo import undo
from lofte.requests.models import Deferral, Identifier, RecipientNotice, Request

ANNA = Identity(kind=Kind.EMAIL, value="anna@kund.example")
BERTIL = "b" * 32
DAYS = over.WINDOW.days


def answered(house: House, right: Right = Right.ACCESS) -> Request:
    request = receive(house, right=right, identities=[ANNA], channel="letter", by=BERTIL)
    return refuse(house, request, ground=Ground.UNIDENTIFIED, by=BERTIL)


def readable(house: House, request: Request) -> bool:
    request.refresh_from_db()
    try:
        return identities_of(house, request) == (ANNA,)
    except Refused:
        return False


def shredded(house: House) -> int:
    return over.shred(house) if over.due(house.folder, house.now) else 0


def test_what_was_sealed_opens_until_the_window_is_over_and_never_after(any_store, house, clock):
    request = answered(house)
    sealed = bytes(request.key)
    clock.go(days=DAYS, seconds=-1)
    assert shredded(house) == 0 and readable(house, request)
    clock.go(seconds=1)
    assert shredded(house) == 1 and shredded(house) == 0
    assert not readable(house, request) and bytes(request.key) != sealed
    assert not any(bytes(each.value) for each in Identifier.objects.all())
    assert earlier(house, ANNA) == [request]  # who asks again is still known
    *_, (entry, said) = book.opened()
    assert (entry.kind, entry.object) == ("key.shredded", request.ref)
    assert said == {"right": "access", "identities": 1, "days": DAYS}


def test_whoever_refuses_as_excessive_can_show_why_for_a_year(store, house, clock):
    request = receive(house, right=Right.ACCESS, identities=[ANNA], channel="letter", by=BERTIL)
    refuse(house, request, ground=Ground.EXCESSIVE, by=BERTIL, why="Besvarad i går.")
    clock.go(days=over.REFUSED.days, seconds=-1)
    assert shredded(house) == 0 and "Besvarad i går." in refusal_letter(house, request).say("sv")
    clock.go(seconds=1)
    assert shredded(house) == 1


def test_what_is_open_keeps_its_key(store, house, clock):
    request = receive(house, right=Right.ERASURE, identities=[ANNA], channel="letter")
    clock.go(days=400)
    assert shredded(house) == 0 and readable(house, request)


@pytest.mark.parametrize("right", [Right.RESTRICTION, Right.RECTIFICATION, Right.HUMAN_REVIEW])
def test_what_goes_on_after_the_answer_keeps_its_key(store, house, clock, right):
    request = answered(house, right)
    clock.go(days=400)
    assert shredded(house) == 0 and readable(house, request)


def test_rows_that_wait_for_their_day_keep_the_key(store, house, clock):
    request = answered(house, Right.ERASURE)
    row = Deferral.objects.create(
        request=request, system="shop", dataset="orders", key=b"", lookup="x", due_on=house.today
    )
    clock.go(days=400)
    assert shredded(house) == 0
    Deferral.objects.filter(pk=row.pk).update(done_at=clock.now)
    assert shredded(house) == 1


def test_a_recipient_who_is_to_be_told_keeps_the_key(store, house, clock):
    request = answered(house, Right.ERASURE)
    RecipientNotice.objects.create(
        ref="c" * 32, request=request, recipient="carrier", right="erasure", at=house.now
    )
    clock.go(days=400)
    assert shredded(house) == 0


def test_what_can_be_undone_keeps_the_key_and_afterwards_undo_says_why_it_cannot(store, house, clock):
    request = answered(house, Right.ERASURE)
    clock.go(days=10)
    restore_log.keep(house, request.ref, "erase-later", "shop", "orders", ("id",), [(1,)])
    clock.go(days=10)
    assert shredded(house) == 0
    clock.go(days=4)
    restore_log.shred_due(house)
    assert shredded(house) == 1

    def nobody(system):
        raise AssertionError("there is nothing to put back")

    with pytest.raises(Refused, match=f"{DAYS} days"):
        undo(house, request.number, nobody)


def test_the_window_is_that_of_the_restore_log():
    assert timedelta(days=DAYS) == restore_log.vault.WINDOW


def test_what_opens_a_case_lives_as_long_as_anything_of_the_case(store, house, clock):
    first = answered(house)
    with recorded(house):
        beside = received(
            house, right=Right.ERASURE, identities=[ANNA], channel="letter", language="sv", by=BERTIL,
            at=house.now, case=first.case,
        )  # fmt: skip
    clock.go(days=DAYS + 1)
    assert shredded(house) == 0 and readable(house, first)
    refuse(house, beside, ground=Ground.UNIDENTIFIED, by=BERTIL)
    clock.go(days=DAYS + 1)
    assert shredded(house) == 2

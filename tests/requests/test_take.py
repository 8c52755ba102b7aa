"""What somebody asks in one breath is one case; the same wish twice is linked, not doubled."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from django.db import connections

from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.errors import NotIdentified, Refused
from lofte.execution import book
from lofte.law.rights import Right
from lofte.requests.course.before import open_wish
from lofte.requests.course.receive import identities_of, receive
from lofte.requests.course.refuse import Ground, refuse
from lofte.requests.course.take import MOST_WORDS, said, take
from lofte.requests.models import Case, Message, Request

ANNA = Identity(kind=Kind.EMAIL, value="anna@kund.example")
EVA = Identity(kind=Kind.EMAIL, value="eva@kund.example")
PHONE = Identity(kind=Kind.PHONE, value="+46701740605")
NUMBER, OTHER = (Identity(kind=Kind.CUSTOMER_NO, value=value) for value in ("4711", "4712"))
BOTH = (Right.ACCESS, Right.ERASURE)


def asked(house, *identities, rights=BOTH, **more):
    return take(house, rights=rights, identities=identities or (ANNA,), channel="portal", **more)


def numbers(case):
    return [request.number for request in case.items.order_by("number")]


def test_one_message_is_one_case_with_a_request_for_each_right(any_store, house):
    case = asked(house, ANNA, PHONE, rights=(*BOTH, Right.ACCESS))
    items = list(case.items.order_by("id"))
    assert [each.right for each in items] == ["access", "erasure"]
    assert all(identities_of(house, each) == (ANNA, PHONE) for each in items)
    assert (case.channel, case.language, case.received_at) == ("portal", "sv", house.now)


def test_the_words_are_kept_sealed_with_each_request(store, house):
    case = asked(house, words="  Jag heter Anna och vill veta allt.  ")
    messages = Message.objects.filter(request__case=case)
    assert [said(house, each) for each in messages] == ["Jag heter Anna och vill veta allt."] * 2
    assert all(b"Anna" not in bytes(each.words) and not each.outgoing for each in messages)


def test_who_says_nothing_leaves_no_message(store, house):
    asked(house, words=" \n")
    assert not Message.objects.exists()


def test_the_same_wish_twice_is_linked_and_not_doubled(any_store, house):
    first = asked(house, words="Radera mig.")
    again = asked(house, ANNA, PHONE, words="Hallå?")
    assert again == first and Request.objects.count() == 2 and Case.objects.count() == 1
    assert [said(house, each) for each in first.items.first().messages.all()] == ["Radera mig.", "Hallå?"]
    kinds = [entry.kind for entry in book.entries()]
    assert kinds == ["request.received"] * 2 + ["request.repeated"] * 2


def test_what_is_new_in_a_second_message_is_a_case_of_its_own(store, house):
    first = asked(house, rights=[Right.ACCESS])
    second = asked(house)
    assert numbers(first) == ["2026-000001"] and numbers(second) == ["2026-000002"]


def test_identities_of_the_second_message_are_not_added_to_the_first(store, house):
    first = asked(house)
    asked(house, ANNA, EVA)
    assert identities_of(house, first.items.first()) == (ANNA,)


def test_an_answered_wish_may_be_asked_anew(store, house):
    first = asked(house, rights=[Right.ACCESS])
    refuse(house, first.items.get(), ground=Ground.UNIDENTIFIED, by="b" * 32)
    assert asked(house, rights=[Right.ACCESS]) != first


def test_another_person_is_never_linked(store, house):
    first = asked(house, ANNA, NUMBER)
    assert asked(house, ANNA, OTHER) != first  # the same address, another number: somebody else
    assert asked(house, EVA) not in (first, asked(house, ANNA, OTHER))


def test_a_telephone_number_links_nobody(store, house):
    rights = [Right.OBJECTION]
    assert asked(house, PHONE, rights=rights) != asked(house, PHONE, rights=rights)
    assert open_wish(house, Right.OBJECTION, [PHONE]) is None


def test_what_was_taken_in_without_a_case_gets_one_when_it_is_asked_again(store, house):
    request = receive(house, right=Right.ACCESS, identities=[ANNA], channel="email")
    Request.objects.update(case=None)
    assert numbers(asked(house, rights=[Right.ACCESS])) == [request.number]


def test_two_who_ask_the_same_at_once_are_one_case(any_store, house):
    def come() -> None:
        asked(house)
        connections.close_all()

    threads = [threading.Thread(target=come) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Request.objects.count() == 2 and Case.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"rights": ()}, Refused),
        ({"identities": ()}, Refused),
        ({"identities": (PHONE,)}, NotIdentified),
        ({"words": "x" * (MOST_WORDS + 1)}, Refused),
        ({"received_at": datetime(2027, 1, 1, tzinfo=UTC)}, Refused),
        ({"received_at": datetime(1, 1, 1, tzinfo=UTC)}, Refused),
    ],
)
def test_what_cannot_be_taken_in_leaves_nothing(store, house, more, why):
    with pytest.raises(why):
        take(house, **{"rights": BOTH, "identities": (ANNA,), "channel": "portal", **more})
    assert not Case.objects.exists() and not list(book.entries())

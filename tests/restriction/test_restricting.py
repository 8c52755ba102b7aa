"""Restriction: stored, not used; told before the stop and before the end (art. 18)."""

from __future__ import annotations

import dataclasses

import pytest
from django.db import connection

from lofte.consent.gate import MessageClass, StoppedBy, may_process, may_send
from lofte.consent.models import Notice, Restriction
from lofte.consent.restrict import announce_release, lift, obeyed, restrict, tell, waiting_notices
from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.errors import Conflict, LedgerClosed, Refused
from lofte.execution import book
from lofte.execution.models import LedgerOutbox
from lofte.law.rights import Right
from lofte.plan.restriction import LETTERS, Ground, Outcome, Told, Use
from tests.restriction.conftest import policy

ANNA = Identity(kind=Kind.EMAIL, value="anna@kund.example")
EVA = Identity(kind=Kind.EMAIL, value="eva@kund.example")
BERTIL = "b" * 32


def kinds():
    return [e.kind for e in book.entries()]


def stopped(house, who=ANNA):
    return {p for p in house.policy.purposes if not may_process(house, [who], p)}


def told(house, what):
    (notice,) = [n for n in waiting_notices() if n.what == what]
    tell(house, notice, channel="email", by=BERTIL)


def test_nothing_is_done_with_restricted_data_but_the_service_until_it_is_told(any_store, house):
    restrict(house, [ANNA], Ground.ACCURACY, by=BERTIL)
    assert stopped(house) == set(house.policy.purposes) - {"deliver"}
    told(house, "stop")
    assert stopped(house) == set(house.policy.purposes)
    assert stopped(house, EVA) == set()


def test_where_nothing_is_promised_of_telling_all_stops_at_once(store, house):
    house = dataclasses.replace(house, policy=policy(restriction={"mode": "storage_only"}))
    restrict(house, [ANNA], Ground.CLAIM)
    assert stopped(house) == set(house.policy.purposes) and not Notice.objects.exists()


def test_it_may_be_for_some_purposes_only(store, house):
    restrict(house, [ANNA], Ground.ACCURACY, ["support"])
    assert stopped(house) == {"support"}


def test_restricting_twice_is_restricting_once(any_store, house):
    first = restrict(house, [ANNA], Ground.ACCURACY)
    entries = kinds()
    assert restrict(house, [ANNA], Ground.ACCURACY) == first and kinds() == entries


def test_it_is_not_lifted_before_the_person_is_told(any_store, house):
    restriction = restrict(house, [ANNA], Ground.ACCURACY)
    with pytest.raises(Refused):
        lift(house, restriction, Outcome.CORRECTED, by=BERTIL)
    announce_release(house, restriction)
    with pytest.raises(Refused):
        lift(house, restriction, Outcome.CORRECTED, by=BERTIL)
    told(house, "release")
    lift(house, restriction, Outcome.CORRECTED, by=BERTIL)
    assert stopped(house) == set()
    with pytest.raises(Conflict):
        lift(house, restriction, Outcome.CORRECTED, by=BERTIL)


def test_it_ends_only_as_the_policy_says(store, house):
    house = dataclasses.replace(house, policy=policy(restriction={"release": ["corrected"]}))
    restriction = restrict(house, [ANNA], Ground.ACCURACY)
    announce_release(house, restriction)
    told(house, "release")
    with pytest.raises(Refused):
        lift(house, restriction, Outcome.ESTABLISHED, by=BERTIL)
    assert stopped(house) == set(house.policy.purposes)


def test_a_use_that_stays_lawful_is_let_through_and_noted(store, house):
    restrict(house, [ANNA], Ground.ACCURACY)
    assert may_process(house, [ANNA], "support").why is StoppedBy.RESTRICTION
    assert may_process(house, [ANNA], "support", use=Use.CLAIMS)
    entry, payload = list(book.opened())[-1]
    assert entry.kind == "restriction.used"
    assert payload == {"article": "18.2", "use": "claims", "purpose": "support"}


def test_a_lawful_use_passes_no_objection(store, house):
    from lofte.consent.object import object_to

    object_to(house, [ANNA], ["support"])
    restrict(house, [ANNA], Ground.OBJECTION)
    assert may_process(house, [ANNA], "support", use=Use.CLAIMS).why is StoppedBy.OBJECTION


def test_messages_of_the_service_stop_with_it_and_legal_notices_never(store, house):
    restrict(house, [ANNA], Ground.ACCURACY)
    assert may_send(house, Kind.EMAIL, ANNA.value, MessageClass.SERVICE)
    assert not may_send(house, Kind.EMAIL, ANNA.value, MessageClass.MARKETING)
    told(house, "stop")
    assert not may_send(house, Kind.EMAIL, ANNA.value, MessageClass.SERVICE)
    assert may_send(house, Kind.EMAIL, ANNA.value, MessageClass.NOTICE)


@pytest.mark.parametrize("right", [Right.ACCESS, Right.PORTABILITY, Right.OBJECTION, Right.WITHDRAWAL])
def test_reading_for_the_person_and_stopping_more_is_never_forbidden(store, house, right):
    for ground in Ground:
        restrict(house, [ANNA], ground)
    obeyed(house, [ANNA], right)


@pytest.mark.parametrize("ground", list(Ground))
def test_erasure_obeys_unless_the_person_or_a_law_wants_it(store, house, ground):
    restrict(house, [ANNA], ground)
    with pytest.raises(Refused):
        obeyed(house, [ANNA], Right.ERASURE)
    obeyed(house, [ANNA], Right.ERASURE, asked_by_person=True)
    obeyed(house, [ANNA], Right.ERASURE, erasing_for="17.1.e")
    obeyed(house, [EVA], Right.ERASURE)


def test_rectifying_is_what_ends_a_dispute_about_accuracy(store, house):
    restrict(house, [ANNA], Ground.ACCURACY)
    obeyed(house, [ANNA], Right.RECTIFICATION)
    restrict(house, [ANNA], Ground.CLAIM)
    with pytest.raises(Refused):
        obeyed(house, [ANNA], Right.RECTIFICATION)


def test_each_act_leaves_its_entry(store, house):
    restriction = restrict(house, [ANNA], Ground.ACCURACY, by=BERTIL)
    told(house, "stop")
    announce_release(house, restriction, by=BERTIL)
    announce_release(house, restriction, by=BERTIL)
    told(house, "release")
    lift(house, restriction, Outcome.ESTABLISHED, by=BERTIL)
    assert kinds() == [
        "notice.queued",
        "restriction.placed",
        "notice.told",
        "notice.queued",
        "notice.told",
        "restriction.lifted",
    ]
    assert book.verify(house.keys.ledger) is None


def test_nothing_is_restricted_while_the_ledger_is_closed(store, house):
    with connection.cursor() as cursor:
        cursor.execute(f"drop table {LedgerOutbox._meta.db_table}")
    with pytest.raises(LedgerClosed):
        restrict(house, [ANNA], Ground.ACCURACY)
    assert not Restriction.objects.exists() and not Notice.objects.exists()


def test_it_stands_for_all_that_the_systems_know(store, house, billing):
    from lofte.datamap.tracing import People, Person

    number = Identity(kind=Kind.CUSTOMER_NO, value="K-1")
    billing.people = lambda subjects, on: People(
        persons=(Person(subject=0, identities=frozenset({ANNA, number})),)
    )
    restrict(house, [ANNA], Ground.ACCURACY, connect=lambda system: billing)
    assert not may_process(house, [number], "support")


def test_the_letters_are_written_in_both_languages():
    assert all(LETTERS[what].sv and LETTERS[what].en for what in Told)

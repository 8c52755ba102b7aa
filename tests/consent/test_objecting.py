"""Objecting: marketing ends at once and for good; the rest stops until grounds are shown (art. 21)."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections

from lofte.consent import object as objecting
from lofte.consent.gate import MessageClass, StoppedBy, may_process, may_send, sieve
from lofte.consent.models import Mark, Objection, Suppression
from lofte.consent.object import Outcome, decide, object_to, words_of
from lofte.consent.suppress import LiftedFor, PlacedFor, lift, suppress
from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.datamap.tracing import People, Person
from lofte.errors import Conflict, LedgerClosed, Refused, Unreachable
from lofte.execution import book
from lofte.execution.models import LedgerEntry, LedgerOutbox, LedgerRecord
from lofte.law.rights import Right
from lofte.requests.answer.grant import grant
from lofte.requests.course.receive import receive
from lofte.requests.door.identify import Level, identify
from lofte.requests.models import Request

ANNA = Identity(kind=Kind.EMAIL, value="anna@kund.example")
EVA = Identity(kind=Kind.EMAIL, value="eva@kund.example")
PHONE = Identity(kind=Kind.PHONE, value="+46701740605")
NUMBER = Identity(kind=Kind.CUSTOMER_NO, value="K-17")
BERTIL = "b" * 32


def kinds():
    return [e.kind for e in book.entries()]


def test_marketing_ends_at_once_for_whoever_objects(any_store, house):
    assert may_send(house, Kind.EMAIL, ANNA.value)
    object_to(house, [ANNA])
    refused = may_send(house, Kind.EMAIL, ANNA.value)
    assert not refused and refused.why is StoppedBy.SUPPRESSION and refused.article == "21.3"
    assert may_send(house, Kind.EMAIL, EVA.value)


@pytest.mark.parametrize("spelled", ["anna@kund.example", "Anna@Kund.EXAMPLE", "  ANNA@kund.example "])
def test_however_the_address_is_spelled_it_is_the_same(store, house, spelled):
    object_to(house, [ANNA])
    assert not may_send(house, Kind.EMAIL, spelled)


def test_objecting_twice_is_objecting_once(any_store, house):
    first = object_to(house, [ANNA])
    entries = kinds()
    assert object_to(house, [ANNA]).suppressions == first.suppressions
    assert kinds() == entries and Suppression.objects.count() == 1 and Objection.objects.count() == 1


def test_service_messages_go_on(store, house):
    object_to(house, [ANNA])
    assert may_send(house, Kind.EMAIL, ANNA.value, MessageClass.SERVICE)
    assert may_send(house, Kind.EMAIL, ANNA.value, MessageClass.NOTICE)


def test_a_telephone_is_stopped_for_text_messages_as_for_calls(store, house):
    object_to(house, [PHONE])
    assert not may_send(house, Kind.PHONE, "070-174 06 05")
    assert {s.channel for s in Suppression.objects.all()} == {"sms", "phone"}


def test_no_address_stands_in_the_store_nor_in_the_ledger(store, house):
    object_to(house, [ANNA], words="jag heter Anna")
    may_send(house, Kind.EMAIL, ANNA.value)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'select * from "{table}"')
            for row in cursor.fetchall():
                for value in row:
                    text = value if isinstance(value, bytes) else str(value).encode()
                    assert b"anna" not in text.lower(), table


def test_the_hash_of_an_address_says_nothing_without_the_key(store, house):
    import hashlib

    suppress(house, [ANNA], why=PlacedFor.UNSUBSCRIBE)
    stored = Suppression.objects.get().address
    assert stored not in {hashlib.sha256(t.encode()).hexdigest() for t in (ANNA.value, f"email{ANNA.value}")}


def test_it_stands_for_every_address_the_systems_know(store, house, billing):
    def known(subjects, on):
        person = Person(
            subject=0, keys={"customer": frozenset({("1",)})}, identities=frozenset({NUMBER, ANNA})
        )
        return People(persons=(person,))

    billing.people = known
    object_to(house, [NUMBER], connect=lambda system: billing)
    assert not may_send(house, Kind.EMAIL, ANNA.value)


def test_an_address_that_another_has_too_stays_open_to_them(store, house, billing):
    def known(subjects, on):
        both = frozenset({NUMBER, EVA})
        return People(persons=(Person(subject=0, identities=both, shared=frozenset({EVA})),))

    billing.people = known
    object_to(house, [NUMBER], connect=lambda system: billing)
    assert may_send(house, Kind.EMAIL, EVA.value)


def test_what_was_shown_is_stopped_though_no_system_answers(store, house, billing):
    billing.down = True
    with pytest.raises(Unreachable):
        object_to(house, [ANNA], connect=lambda system: billing)
    assert not may_send(house, Kind.EMAIL, ANNA.value)


def test_it_is_lifted_only_by_a_record(store, house):
    suppression = object_to(house, [ANNA]).suppressions[0]
    house.clock.go(days=3650)
    assert not may_send(house, Kind.EMAIL, ANNA.value)
    lift(house, suppression, why=LiftedFor.CONSENT, by=BERTIL)
    with pytest.raises(Conflict):
        lift(house, suppression, why=LiftedFor.CONSENT, by=BERTIL)
    assert Suppression.objects.count() == 1
    suppress(house, [ANNA], why=PlacedFor.UNSUBSCRIBE)
    assert not may_send(house, Kind.EMAIL, ANNA.value)
    assert sorted(Suppression.objects.values_list("turn", flat=True)) == [1, 2]


def test_whoever_lifts_a_suppression_does_not_lift_the_objection(store, house):
    objected = object_to(house, [ANNA])
    lift(house, objected.suppressions[0], why=LiftedFor.MISTAKE)
    refused = may_send(house, Kind.EMAIL, ANNA.value)
    assert refused.why is StoppedBy.OBJECTION


def test_another_objection_stops_until_grounds_are_shown(any_store, house):
    objected = object_to(house, [ANNA], ["support"], words="min situation")
    (objection,) = objected.waiting
    assert not may_process(house, [ANNA], "support") and may_process(house, [ANNA], "deliver")
    assert may_send(house, Kind.EMAIL, ANNA.value)
    assert words_of(house, objection) == "min situation"
    decide(house, objection, Outcome.GROUNDS_SHOWN, by=BERTIL, words="tvist i domstol")
    assert may_process(house, [ANNA], "support")


def test_an_objection_upheld_stops_for_good(store, house):
    (objection,) = object_to(house, [ANNA], ["support"]).objections
    decide(house, objection, Outcome.UPHELD, by=BERTIL)
    assert not may_process(house, [ANNA], "support")
    with pytest.raises(Conflict):
        decide(house, objection, Outcome.GROUNDS_SHOWN, by=BERTIL, words="nya skäl")


def test_grounds_are_shown_in_words(store, house):
    (objection,) = object_to(house, [ANNA], ["support"]).objections
    with pytest.raises(Refused):
        decide(house, objection, Outcome.GROUNDS_SHOWN, by=BERTIL, words="  ")


def test_somebody_answers_for_a_decision(store, house):
    (objection,) = object_to(house, [ANNA], ["support"]).objections
    for outcome in Outcome:
        with pytest.raises(Refused, match="who you are"):
            decide(house, objection, outcome, by="", words="tvist i domstol")
    assert not may_process(house, [ANNA], "support")


def test_marketing_is_never_weighed(store, house):
    (objection,) = object_to(house, [ANNA]).objections
    with pytest.raises(Refused):
        decide(house, objection, Outcome.GROUNDS_SHOWN, by=BERTIL, words="vi vill")


@pytest.mark.parametrize("purpose", ["deliver", "books", "photos", "nonsense"])
def test_what_nobody_objects_to_is_refused_with_the_right_way(store, house, purpose):
    with pytest.raises(Refused):
        object_to(house, [ANNA], [purpose])
    assert kinds() == [] and not Mark.objects.exists()


def test_each_act_leaves_its_entry(store, house):
    object_to(house, [ANNA], ["newsletter", "support"])
    assert kinds() == ["objection.recorded", "objection.recorded", "suppression.placed"]
    may_send(house, Kind.EMAIL, ANNA.value)
    assert kinds()[-1] == "gate.refused" and book.verify(house.keys.ledger) is None


@pytest.mark.parametrize("table", [LedgerRecord, LedgerOutbox, LedgerEntry])
def test_a_closed_ledger_records_nothing(store, house, table):
    with connection.cursor() as cursor:
        cursor.execute(f"drop table {table._meta.db_table}")
    with pytest.raises(LedgerClosed):
        object_to(house, [ANNA])
    assert not Suppression.objects.exists() and not Objection.objects.exists() and not Mark.objects.exists()


def test_a_mailing_is_sieved_with_one_entry_for_each_reason(store, house):
    suppress(house, [ANNA, EVA], why=PlacedFor.UNSUBSCRIBE)
    everybody = [ANNA.value, "ture@kund.example", "EVA@kund.example", "inte en adress"]
    before = len(kinds())
    assert [bool(a) for a in sieve(house, Kind.EMAIL, everybody)] == [False, True, False, False]
    payloads = [p for e, p in book.opened() if e.kind == "gate.refused"]
    assert len(kinds()) == before + 2
    assert {(p["why"], p["asked"], p["refused"]) for p in payloads} == {
        ("suppression", 4, 2),
        ("unreadable", 4, 1),
    }


def test_a_large_mailing_takes_few_statements(store, house, django_assert_max_num_queries):
    suppress(house, [ANNA], why=PlacedFor.UNSUBSCRIBE)
    crowd = [f"k{n}@kund.example" for n in range(2000)]
    with django_assert_max_num_queries(13):
        assert all(sieve(house, Kind.EMAIL, crowd))


def test_a_channel_that_the_policy_does_not_name_is_not_used(store, house):
    assert may_send(house, Kind.PHONE, PHONE.value)
    refused = may_send(house, Kind.PHONE, PHONE.value, channel="phone")
    assert refused.why is StoppedBy.NOT_PROMISED


def test_a_purpose_nobody_knows_is_a_no(store, house):
    assert may_process(house, [ANNA], "nonsense").why is StoppedBy.UNKNOWN_PURPOSE


def test_two_that_object_at_once_leave_one_suppression(any_store, house):
    errors = []

    def go():
        try:
            object_to(house, [ANNA])
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors and Suppression.objects.count() == Objection.objects.count() == 1
    assert not may_send(house, Kind.EMAIL, ANNA.value)


def test_a_request_that_is_an_objection_is_answered_by_the_act(store, house):
    request = receive(house, right=Right.OBJECTION, identities=[ANNA], channel="website")
    identify(house, request, method="inget krävs", level=Level.NOTHING, by="")
    objected = object_to(house, [ANNA], request=request.ref)
    assert objected.objections[0].request == request.ref
    grant(house, request)
    grant(house, request)
    assert Request.objects.get().state == "delivered" and kinds().count("request.granted") == 1


def test_the_module_answers_for_what_stands(store, house):
    object_to(house, [ANNA], ["support"])
    assert [o.purposes for o in objecting.standing(house, [ANNA])] == [["support"]]
    assert objecting.standing(house, [EVA]) == []

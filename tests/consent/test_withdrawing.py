"""Withdrawing consent is as easy as giving it, and it is final until given anew (art. 7.3)."""

from __future__ import annotations

import pytest
from django.db import connection

from lofte.consent.gate import StoppedBy, may_process, may_send
from lofte.consent.models import Suppression, Withdrawal, WithdrawalEnded
from lofte.consent.object import object_to
from lofte.consent.withdraw import give_anew, withdraw
from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.errors import Conflict, LedgerClosed, Refused
from lofte.execution import book
from lofte.execution.models import LedgerOutbox

ANNA = Identity(kind=Kind.EMAIL, value="anna@kund.example")
EVA = Identity(kind=Kind.EMAIL, value="eva@kund.example")


def kinds():
    return [e.kind for e in book.entries()]


def test_one_act_stops_every_purpose_on_consent(any_store, house):
    withdraw(house, [ANNA])
    stopped = {p for p in house.policy.purposes if not may_process(house, [ANNA], p)}
    assert stopped == {"signup", "photos"}
    assert all(may_process(house, [EVA], p) for p in house.policy.purposes)


def test_a_withdrawn_newsletter_is_not_sent(store, house):
    withdraw(house, [ANNA], ["signup"])
    refused = may_send(house, Kind.EMAIL, "ANNA@kund.example")
    assert (refused.why, refused.article) == (StoppedBy.SUPPRESSION, "7.3")


def test_another_consent_leaves_the_newsletter_alone(store, house):
    withdraw(house, [ANNA], ["photos"])
    assert may_send(house, Kind.EMAIL, ANNA.value)
    assert not Suppression.objects.exists()


def test_withdrawing_twice_is_withdrawing_once(any_store, house):
    first = withdraw(house, [ANNA])
    entries = kinds()
    assert withdraw(house, [ANNA]).withdrawal == first.withdrawal and kinds() == entries


@pytest.mark.parametrize("purpose", ["deliver", "support", "newsletter", "nonsense"])
def test_what_rests_on_something_else_is_not_withdrawn(store, house, purpose):
    with pytest.raises(Refused):
        withdraw(house, [ANNA], [purpose])
    assert kinds() == []


def test_consent_given_anew_opens_again_and_history_stays(store, house):
    withdrawn = withdraw(house, [ANNA], ["signup"])
    give_anew(house, withdrawn.withdrawal, [ANNA])
    assert may_process(house, [ANNA], "signup") and may_send(house, Kind.EMAIL, ANNA.value)
    assert Withdrawal.objects.count() == WithdrawalEnded.objects.count() == 1
    with pytest.raises(Conflict):
        give_anew(house, withdrawn.withdrawal, [ANNA])


def test_a_new_consent_does_not_undo_an_objection(store, house):
    object_to(house, [ANNA])
    withdrawn = withdraw(house, [ANNA], ["signup"])
    give_anew(house, withdrawn.withdrawal, [ANNA])
    assert may_send(house, Kind.EMAIL, ANNA.value).why is not None


def test_nothing_is_withdrawn_while_the_ledger_is_closed(store, house):
    with connection.cursor() as cursor:
        cursor.execute(f"drop table {LedgerOutbox._meta.db_table}")
    with pytest.raises(LedgerClosed):
        withdraw(house, [ANNA])
    assert not Withdrawal.objects.exists()


def test_each_act_leaves_its_entry(store, house):
    withdrawn = withdraw(house, [ANNA], ["signup"])
    give_anew(house, withdrawn.withdrawal, [ANNA])
    assert kinds() == [
        "withdrawal.recorded",
        "suppression.placed",
        "withdrawal.ended",
        "suppression.lifted",
    ]

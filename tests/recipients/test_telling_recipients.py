"""Whoever got the data is told what became of them; nobody else is (art. 19)."""

from __future__ import annotations

import pytest

from lofte.connectors.sql.back import open_back
from lofte.consent.restrict import announce_release, lift, restrict, tell, waiting_notices
from lofte.errors import Conflict, Refused
from lofte.execution import book
from lofte.law.rights import Right
from lofte.plan.rectify import Correction
from lofte.plan.restriction import Ground, Outcome
from lofte.requests.answer import recipients
from lofte.requests.answer.rectify import rectify
from lofte.requests.erasure.erase import erase
from lofte.requests.erasure.undo import undo
from lofte.requests.models import RecipientNotice
from tests.recipients.conftest import ANNA, BERTIL, asks


def waiting(house):
    return {each.recipient: each for each in recipients.waiting(house)}


@pytest.fixture
def erased(shop, store, connect):
    request = asks(shop, Right.ERASURE)
    erase(shop, [request], connect, grounds=["17.1.d"], by=BERTIL)
    return request


def test_erasure_queues_a_notice_for_each_recipient_of_the_rows_that_went(shop, erased):
    found = waiting(shop)
    assert set(found) == {"datacentre", "carrier", "adviser"}
    assert found["datacentre"].datasets == (("shop", "customers", 1), ("shop", "parcels", 2))
    assert found["carrier"].datasets == (("shop", "parcels", 2),)
    assert all(each.right == "erasure" and each.number == erased.number for each in found.values())


def test_a_recipient_of_rows_that_the_person_has_none_of_is_not_told(shop, erased):
    assert "registry" not in waiting(shop)


def test_a_recipient_that_gets_data_only_in_a_dispute_is_not_told(shop, erased):
    assert "counsel" not in waiting(shop)


def test_the_notice_has_its_entry_in_the_ledger(shop, erased):
    said = [p for e, p in book.opened() if e.kind == "recipient.queued"]
    assert {"recipient": "carrier", "right": "erasure", "article": "19", "datasets": 1, "rows": 2} in said
    assert len(said) == 3


def test_queuing_again_says_nothing_twice(shop, erased):
    with book.recorded(shop):
        assert recipients.queue_erased(shop, erased) == 0
    assert RecipientNotice.objects.count() == 3


def test_what_is_touched_after_the_telling_is_told_anew(shop, erased):
    recipients.told(shop, waiting(shop)["carrier"].notice, channel="email", by=BERTIL)
    with book.recorded(shop):
        recipients.queue(shop, erased, Right.ERASURE, {("shop", "parcels"): 5})
    assert waiting(shop)["carrier"].datasets == (("shop", "parcels", 3),)


def test_a_rectification_tells_the_recipients_of_the_rows_that_were_wrong(shop, store, connect):
    request = asks(shop, Right.RECTIFICATION)
    rectify(shop, request, Correction(category="contact", item="name", was="Ana", now="Anna"), connect)
    found = waiting(shop)
    assert found["carrier"].datasets == (("shop", "parcels", 2),)
    assert found["carrier"].right == "rectification"
    assert "Hämta de rätta uppgifterna" in recipients.text(shop, found["datacentre"].notice).sv


def test_a_restriction_tells_the_recipients_of_the_rows_it_is_about(shop, store, connect):
    request = asks(shop, Right.RESTRICTION)
    restrict(shop, ANNA, Ground.ACCURACY, ["help"], connect=connect, request=request.ref)
    assert {id_: w.right for id_, w in waiting(shop).items()} == {"adviser": "restriction"}


def test_a_restriction_placed_again_tells_nobody_again(shop, store, connect):
    request = asks(shop, Right.RESTRICTION)
    for _ in range(2):
        restrict(shop, ANNA, Ground.ACCURACY, connect=connect, request=request.ref)
    assert waiting(shop)["carrier"].datasets == (("shop", "parcels", 2),)
    assert RecipientNotice.objects.count() == 3


def lifts(shop, restriction):
    announce_release(shop, restriction)
    for notice in waiting_notices():
        tell(shop, notice, channel="letter", by=BERTIL)
    lift(shop, restriction, Outcome.ESTABLISHED, by=BERTIL)


def test_a_lifted_restriction_is_told_to_those_who_were_told_of_it_and_to_nobody_else(shop, store, connect):
    request = asks(shop, Right.RESTRICTION)
    restriction = restrict(shop, ANNA, Ground.ACCURACY, connect=connect, request=request.ref)
    recipients.told(shop, waiting(shop)["carrier"].notice, channel="email", by=BERTIL)
    lifts(shop, restriction)
    (left,) = recipients.waiting(shop)
    assert (left.recipient, left.right) == ("carrier", "restriction_lifted")
    assert left.datasets == (("shop", "parcels", 2),)
    letter = recipients.text(shop, left.notice)
    assert "hävt begränsningen" in letter.sv and "has lifted the restriction" in letter.en
    recalled = [p["recipient"] for e, p in book.opened() if e.kind == "recipient.recalled"]
    assert sorted(recalled) == ["adviser", "datacentre"]


def test_while_another_restriction_holds_nobody_is_told_that_one_is_lifted(shop, store, connect):
    first, second = asks(shop, Right.RESTRICTION), asks(shop, Right.RESTRICTION)
    one = restrict(shop, ANNA, Ground.ACCURACY, connect=connect, request=first.ref)
    recipients.told(shop, waiting(shop)["carrier"].notice, channel="email", by=BERTIL)
    other = restrict(shop, ANNA, Ground.CLAIM, connect=connect, request=second.ref)
    lifts(shop, one)
    assert {(each.number, each.right) for each in recipients.waiting(shop)} == {
        (second.number, "restriction")
    }
    lifts(shop, other)
    (left,) = recipients.waiting(shop)
    assert (left.number, left.recipient, left.right) == (first.number, "carrier", "restriction_lifted")


def test_the_letter_says_whom_it_is_about_by_what_the_recipient_got_and_no_more(shop, erased):
    letter = recipients.text(shop, waiting(shop)["carrier"].notice)
    for language in ("sv", "en"):
        said = letter.say(language)
        assert "anna@kund.example" in said and erased.number in said and "Paketbudet AB" in said
        assert "K1" not in said and "Ana" not in said
    assert "Paket" in letter.sv and "Parcels" in letter.en


def test_who_may_have_got_data_is_not_told_whom_it_is_about(shop, erased):
    each = waiting(shop)["adviser"]
    letter = recipients.text(shop, each.notice)
    assert not each.sure and "Ni kan ha fått" in letter.sv
    assert "anna@kund.example" not in letter.sv + letter.en and "K1" not in letter.sv + letter.en


def test_a_processor_is_instructed(shop, erased):
    assert "artikel 28.3 a" in recipients.text(shop, waiting(shop)["datacentre"].notice).sv
    assert "28" not in recipients.text(shop, waiting(shop)["carrier"].notice).sv.replace(erased.number, "")


def test_telling_is_a_record_and_happens_once(shop, erased):
    notice = waiting(shop)["carrier"].notice
    record = recipients.told(shop, notice, channel="letter", by=BERTIL)
    assert (record.channel, record.by, record.at) == ("letter", BERTIL, shop.now)
    assert "carrier" not in waiting(shop)
    with pytest.raises(Conflict):
        recipients.told(shop, notice, channel="email", by=BERTIL)
    with pytest.raises(Conflict):
        recipients.cannot(shop, notice, why="borta", by=BERTIL)


def test_what_cannot_be_told_has_a_reason_that_lies_sealed(shop, erased):
    notice = waiting(shop)["adviser"].notice
    with pytest.raises(Refused):
        recipients.cannot(shop, notice, why=" ", by=BERTIL)
    record = recipients.cannot(shop, notice, why="Anna sa att de lagt ner", by=BERTIL)
    assert b"Anna" not in bytes(record.why)
    (heard,) = [each for each in recipients.recipients_of(shop, erased) if each.impossible]
    assert heard.why == "Anna sa att de lagt ner"
    assert [p for e, p in book.opened() if e.kind == "recipient.impossible"] == [
        {"recipient": "adviser", "by": BERTIL}
    ]


def test_an_erasure_that_is_undone_is_not_told(shop, erased, url):
    recipients.told(shop, waiting(shop)["carrier"].notice, channel="letter", by=BERTIL)
    undo(shop, erased.number, lambda system: open_back(system, url))
    assert waiting(shop) == {}
    recalled = [p["recipient"] for e, p in book.opened() if e.kind == "recipient.recalled"]
    assert sorted(recalled) == ["adviser", "datacentre"]


def test_the_person_hears_who_the_recipients_are(shop, erased):
    recipients.told(shop, waiting(shop)["carrier"].notice, channel="letter", by=BERTIL)
    recipients.cannot(shop, waiting(shop)["adviser"].notice, why="nedlagd", by=BERTIL)
    heard = {each.recipient: each for each in recipients.recipients_of(shop, erased)}
    assert heard["carrier"].told_on == shop.today and heard["carrier"].name.say("sv") == "Paketbudet AB"
    assert heard["adviser"].impossible and heard["datacentre"].told_on is None


def test_no_table_holds_the_letter(shop, erased, store):
    recipients.text(shop, waiting(shop)["carrier"].notice)
    files = [file for file in store.parent.glob("store*") if file.is_file()]
    assert files and not [file for file in files if b"anna@kund.example" in file.read_bytes()]

"""A message is kept as long as its case, and no longer."""

from __future__ import annotations

from lofte.execution import book
from lofte.intake import over
from lofte.intake.models import Acknowledgement, Mail
from lofte.intake.settle import settle, waiting
from lofte.intake.take_in import take_in
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind
from lofte.requests.course.refuse import Ground, refuse
from lofte.requests.models import Request
from tests.intake.letters import SETTINGS, fetched, message

BOX = "b" * 64


def _take(house, words, uid=1, **more):
    return take_in(house, BOX, 7, fetched(message(words, name=str(uid), **more), uid), SETTINGS)


def test_a_message_is_kept_while_its_request_is_open(store, house, clock):
    _take(house, "Radera mina uppgifter.")
    clock.go(days=60)
    assert over.forget(house) == 0


def test_a_message_is_forgotten_fourteen_days_after_the_answer(store, house, clock):
    _take(house, "Radera mina uppgifter.")
    refuse(house, Request.objects.get(), ground=Ground.UNIDENTIFIED, by="")
    Acknowledgement.objects.update(sent_at=house.now)
    clock.go(days=13)
    assert over.forget(house) == 0
    clock.go(days=2)
    assert over.forget(house) == 1 and over.forget(house) == 0
    mail = Mail.objects.get()
    assert (bytes(mail.key), bytes(mail.raw), mail.sender) == (b"", b"", "")
    assert Acknowledgement.objects.get().recipient == ""
    assert [entry.kind for entry in book.entries()][-1] == Kind.KEY_SHREDDED


def test_a_message_is_kept_while_its_letter_waits(store, house, clock):
    _take(house, "Radera mina uppgifter.")
    refuse(house, Request.objects.get(), ground=Ground.UNIDENTIFIED, by="")
    clock.go(days=60)
    assert over.forget(house) == 0


def test_what_nobody_has_looked_at_is_kept_for_ninety_days(store, house, clock, caplog):
    _take(house, "Ta bort mitt konto.")
    clock.go(days=89)
    assert over.forget(house) == 0 and len(waiting()) == 1
    clock.go(days=2)
    assert over.forget(house) == 1 and over.forget(house) == 0
    assert bytes(Mail.objects.get().raw) == b"" and waiting() == []
    assert list(book.opened())[-1][1] == {"days": 90} and "90 days" in caplog.text


def test_an_answer_that_nobody_has_looked_at_is_kept_while_its_request_is_open(store, house, clock):
    _take(house, "Radera mina uppgifter.")
    _take(house, "Jag har väntat länge.", 2, more="In-Reply-To: <1@kund.example>\r\n")
    clock.go(days=200)
    assert over.forget(house) == 0
    refuse(house, Request.objects.get(), ground=Ground.UNIDENTIFIED, by="")
    Acknowledgement.objects.update(sent_at=house.now)
    clock.go(days=15)
    assert over.forget(house) == 2


def test_what_asks_for_nothing_is_forgotten(store, house, clock):
    taken = _take(house, "Ta bort mitt konto.")
    settle(house, taken.ref, (), by="")
    clock.go(days=15)
    assert over.forget(house) == 1


def test_what_a_handler_opened_is_kept_with_its_request(store, house, clock):
    taken = _take(house, "Ta bort mitt konto.")
    settle(house, taken.ref, (Right.ERASURE,), by="")
    clock.go(days=15)
    assert over.forget(house) == 0

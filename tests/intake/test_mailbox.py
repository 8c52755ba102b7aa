"""A real mailbox is emptied of wishes: nothing is lost, nothing is taken twice, everybody hears of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.mail import EmailMessage

from lofte.errors import FaultsFound, LedgerClosed, Refused, Unreachable
from lofte.execution import book
from lofte.intake import acknowledge, take_in
from lofte.intake import turn as turning
from lofte.intake.judge import Outcome
from lofte.intake.mailbox import OpenMailbox, open_mailbox
from lofte.intake.models import Acknowledgement, Mail
from lofte.intake.settings import MailSettings, mail_settings
from lofte.intake.turn import turn
from lofte.ledger.kinds import Kind
from lofte.requests.course.refuse import Ground, refuse
from lofte.requests.models import Request
from tests.intake.letters import OURS, message
from tests.intake.servers import MailServer, Outgoing, imap_server, smtp_server

WHEN = '"05-Mar-2026 09:00:00 +0000"'


@pytest.fixture(scope="module")
def server():
    with imap_server() as running:
        yield running


@pytest.fixture
def outgoing():
    with smtp_server() as running:
        yield running


class Office:
    """A company with a mailbox of its own."""

    def __init__(self, server: MailServer, outgoing: Outgoing, house: Any, account: str) -> None:
        self.server, self.house, self.account, self.outgoing = server, house, account, outgoing
        self.settings = self.set_up("done: Taken")

    def set_up(self, more: str) -> MailSettings:
        text = f"intake: 1\nmail:\n  box: {self.server.url(self.account)}\n  address: {OURS}\n"
        text += f"  send: {self.outgoing.url}\n  {more}\n"
        (self.house.folder / "intake.yaml").write_text(text, encoding="utf-8")
        return mail_settings(self.house.folder)

    def put(self, *messages: bytes) -> None:
        self.server.put(self.account, *messages, when=WHEN)

    def turn(self):
        return turn(self.house, self.settings)

    def holds(self, folder: str = "INBOX") -> int:
        return self.server.holds(self.account, folder)


@pytest.fixture
def office(server, outgoing, house, store, tmp_path, monkeypatch):
    monkeypatch.setattr("lofte.intake.mailbox._TIMEOUT", 300.0)
    monkeypatch.setattr("lofte.mail.way._SILENCE", 300)
    return Office(server, outgoing, house, f"box-{tmp_path.name}")


def _killed(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def _dies(office, monkeypatch, where, name, how, error):
    """A turn in which this fails, or the process is killed."""
    with monkeypatch.context() as patch:
        patch.setattr(where, name, how)
        with pytest.raises(error):
            office.turn()


def test_a_wish_in_the_mailbox_is_a_request_that_is_acknowledged(office):
    office.put(message(), message("Min domän är nere.", name="2"))
    done = office.turn()
    assert [each.outcome for each in done.taken] == [Outcome.OPENED, Outcome.ORDINARY] and done.sent == 1
    assert Request.objects.get().received_at == datetime(2026, 3, 5, 9, tzinfo=UTC)
    (letter,) = office.outgoing.sent
    assert letter["To"] == "anna@kund.example" and letter["From"] == OURS
    assert letter["Auto-Submitted"] == "auto-replied" and letter["In-Reply-To"] == "<1@kund.example>"
    assert Request.objects.get().number in letter["Subject"]


def test_what_is_taken_in_is_moved_while_ordinary_mail_stays(office):
    office.put(message(), message("Min domän är nere.", name="2"))
    office.turn()
    assert (office.holds(), office.holds("Taken")) == (1, 1)
    assert Mail.objects.get().put_away_at is not None


def test_ordinary_mail_is_left_unread(office):
    office.put(message("Min domän är nere."))
    office.turn()
    with office.server.opened(office.account) as client:
        assert len(client.search(None, "UNSEEN")[1][0].split()) == 1


def test_without_a_folder_it_is_marked_as_read_where_it_lies(office):
    office.settings = replace(office.settings, done="")
    office.put(message())
    office.turn()
    with office.server.opened(office.account) as client:
        assert len(client.search(None, "SEEN")[1][0].split()) == 1


def test_a_folder_with_swedish_letters_is_made_where_it_is_missing(office):
    office.settings = replace(office.settings, done="Begärt åt oss")
    office.put(message())
    office.turn()
    assert office.holds() == 0 and office.holds('"Beg&AOQ-rt &AOU-t oss"') == 1


def test_a_server_that_cannot_move_copies_first(office, monkeypatch):
    class Old(OpenMailbox):
        def __init__(self, box):
            super().__init__(box)
            self._can = [each for each in self._can if each != b"MOVE"]

    monkeypatch.setattr("lofte.intake.mailbox.OpenMailbox", Old)
    office.put(message())
    office.turn()
    assert (office.holds(), office.holds("Taken")) == (0, 1)


def test_a_second_turn_finds_nothing_new(office):
    office.put(message(), message("Ta bort mitt konto.", name="2"), message("Hej!", name="3"))
    office.turn()
    again = office.turn()
    assert again.taken == () and again.sent == 0 and Request.objects.count() == 1


def test_more_messages_than_are_taken_at_once_are_all_taken(office, monkeypatch):
    monkeypatch.setattr(turning, "AT_ONCE", 2)
    office.put(*(message(name=str(n), sender=f"p{n}@kund.example") for n in range(5)))
    assert len(office.turn().taken) == 5 and Request.objects.count() == 5 and office.holds() == 0
    assert len(office.outgoing.sent) == 5


def test_a_mailbox_that_was_made_anew_doubles_nothing(office):
    office.put(message())
    office.settings = replace(office.settings, done="")
    office.turn()
    with office.server.opened(office.account) as client:
        client.create("Other")
        client.copy("1", "Other")
    box = replace(office.settings.box, folder="Other")
    office.settings = replace(office.settings, box=box)
    assert [each.outcome for each in office.turn().taken] == [Outcome.DUPLICATE]
    assert Request.objects.count() == 1 and len(office.outgoing.sent) == 1


class _Reluctant:
    """A client whose server answers this command with no."""

    def __init__(self, client, command):
        self._client, self._command = client, command

    def __getattr__(self, name):
        return getattr(self._client, name)

    def uid(self, command, *what):
        if command == self._command:
            return "NO", [b"[SERVERBUG] Internal error"]
        return self._client.uid(command, *what)


def test_what_the_server_does_not_give_is_not_read_past(office, monkeypatch):
    office.put(message(), message(name="2", sender="eva@kund.example"))
    fetch = OpenMailbox.fetch

    def reluctantly(self: OpenMailbox, uid: int) -> Any:
        with monkeypatch.context() as patch:
            if uid == 1:
                patch.setattr(self._box, "client", _Reluctant(self._box.client, "FETCH"))
            return fetch(self, uid)

    _dies(office, monkeypatch, OpenMailbox, "fetch", reluctantly, Unreachable)
    assert not Request.objects.exists()
    assert [each.outcome for each in office.turn().taken] == [Outcome.OPENED, Outcome.OPENED]


def test_what_somebody_moves_meanwhile_is_passed_over(office, monkeypatch):
    office.put(message(), message(name="2", sender="eva@kund.example"))
    after = OpenMailbox.after

    def and_move(self: OpenMailbox, uid: int) -> list[int]:
        found = after(self, uid)
        with office.server.opened(office.account) as client:
            client.store("1", "+FLAGS", r"(\Deleted)")
            client.expunge()
        return found

    monkeypatch.setattr(OpenMailbox, "after", and_move)
    assert [each.outcome for each in office.turn().taken] == [Outcome.OPENED]


def test_a_folder_that_refuses_stops_no_wish(office, caplog):
    office.settings = replace(office.settings, done="INBOX/no/such/../folder")
    office.put(message())
    office.turn()
    office.put(message(name="2", sender="eva@kund.example"))
    assert [each.outcome for each in office.turn().taken] == [Outcome.OPENED] and office.holds() == 2
    assert "put away" in caplog.text and "anna" not in caplog.text
    office.settings = replace(office.settings, done="Taken")
    office.turn()
    assert (office.holds(), office.holds("Taken")) == (0, 2)


def test_one_message_that_cannot_be_put_away_stops_no_other(office, monkeypatch):
    office.put(message(), message(name="2", sender="eva@kund.example"))
    put_away = OpenMailbox._put_away

    def but_not_one(self: OpenMailbox, uid: int, folder: str) -> None:
        with monkeypatch.context() as patch:
            if uid == 1:
                patch.setattr(self._box, "client", _Reluctant(self._box.client, "MOVE"))
            put_away(self, uid, folder)

    monkeypatch.setattr(OpenMailbox, "_put_away", but_not_one)
    office.turn()
    assert (office.holds(), office.holds("Taken")) == (1, 1)


# -- killed between -------------------------------------------------------------------------------


def test_killed_before_it_is_written_it_is_taken_in_next_time(office, monkeypatch):
    office.put(message())
    _dies(office, monkeypatch, take_in, "_noted", _killed, KeyboardInterrupt)
    assert not Mail.objects.exists() and not Request.objects.exists() and office.holds() == 1
    office.turn()
    assert Request.objects.count() == 1 and office.holds() == 0 and len(office.outgoing.sent) == 1


def test_killed_before_it_is_put_away_it_is_put_away_next_time(office, monkeypatch):
    office.put(message())
    _dies(office, monkeypatch, OpenMailbox, "put_away", _killed, KeyboardInterrupt)
    assert Request.objects.count() == 1 and office.holds() == 1
    office.turn()
    assert Request.objects.count() == 1 and office.holds() == 0 and len(office.outgoing.sent) == 1


def test_killed_after_it_is_put_away_it_is_not_looked_for_in_vain(office, monkeypatch):
    office.put(message())
    put_away = OpenMailbox.put_away

    def and_die(self: OpenMailbox, uid: int, folder: str) -> None:
        put_away(self, uid, folder)
        raise KeyboardInterrupt

    _dies(office, monkeypatch, OpenMailbox, "put_away", and_die, KeyboardInterrupt)
    office.turn()
    assert Mail.objects.get().put_away_at is not None and office.holds("Taken") == 1


def test_killed_before_the_letter_is_sent_it_is_sent_next_time(office, monkeypatch, clock):
    office.put(message())
    _dies(office, monkeypatch, EmailMessage, "send", _killed, KeyboardInterrupt)
    assert office.outgoing.sent == [] and Acknowledgement.objects.get().sent_at is None
    clock.go(minutes=1)
    assert office.turn().sent == 1 and len(office.outgoing.sent) == 1


def test_when_the_ledger_is_closed_nothing_is_taken_from_the_mailbox(office, monkeypatch):
    def closed(key: bytes) -> int:
        raise LedgerClosed("closed")

    office.put(message())
    _dies(office, monkeypatch, book, "sequence", closed, LedgerClosed)
    assert office.holds() == 1 and not Mail.objects.exists()


# -- sending --------------------------------------------------------------------------------------


def test_a_letter_waits_until_the_server_takes_it(office, clock):
    office.outgoing.refuses = True
    office.put(message())
    assert office.turn().sent == 0
    office.outgoing.refuses = False
    assert office.turn().sent == 0
    clock.go(minutes=1)
    assert office.turn().sent == 1
    assert bytes(Acknowledgement.objects.get().address) == b""


def test_a_letter_that_nobody_takes_is_given_up(office, clock):
    office.outgoing.refuses = True
    office.put(message())
    for _ in range(10):
        office.turn()
        clock.go(days=1)
    assert Acknowledgement.objects.get().attempts == len(acknowledge.PAUSES)
    assert acknowledge.given_up() == [Mail.objects.get()]
    refuse(office.house, Request.objects.get(), ground=Ground.UNIDENTIFIED, by="")
    assert acknowledge.given_up() == []


def test_a_letter_that_waits_is_not_given_up(office):
    office.outgoing.refuses = True
    office.put(message(), message("Min domän är nere.", name="2"))
    office.turn()
    assert acknowledge.given_up() == []


@pytest.mark.parametrize("left", [b"", b"broken"])
def test_a_letter_that_does_not_open_stops_no_other(office, clock, left):
    office.outgoing.refuses = True
    office.put(message(), message(name="2", sender="eva@kund.example"))
    office.turn()
    office.outgoing.refuses = False
    Mail.objects.filter(uid=1).update(key=left)
    clock.go(minutes=1)
    assert office.turn().sent == 1
    assert [each["To"] for each in office.outgoing.sent] == ["eva@kund.example"]


def test_that_it_was_sent_stands_in_the_ledger(office):
    office.put(message())
    office.turn()
    noted = [payload for entry, payload in book.opened() if entry.kind == Kind.MAIL_ACKNOWLEDGED]
    assert noted == [{"attempt": 1, "requests": 1}]


def test_without_a_server_the_letter_is_a_file_of_the_home(office):
    office.settings = replace(office.settings, send=None)
    office.put(message())
    office.turn()
    (file,) = (office.house.folder / "outbox").iterdir()
    assert "To: anna@kund.example" in file.read_text(encoding="utf-8")
    assert (office.house.folder / "outbox").stat().st_mode & 0o077 == 0


def test_our_own_letter_in_the_mailbox_starts_no_loop(office):
    office.put(message())
    office.turn()
    office.put(office.outgoing.sent[0].as_bytes())
    assert [each.outcome for each in office.turn().taken] == [Outcome.IGNORED]
    assert len(office.outgoing.sent) == 1


def test_an_answer_to_the_letter_that_was_sent_joins_its_case(office):
    office.put(message())
    office.turn()
    answered = f"In-Reply-To: {office.outgoing.sent[0]['Message-ID']}\r\n"
    office.put(message("Tack!", name="2", more=answered))
    assert [each.outcome for each in office.turn().taken] == [Outcome.JOINED]


# -- reaching the server --------------------------------------------------------------------------


def test_a_mailbox_that_does_not_answer_is_told_without_its_account(office):
    wrong = replace(office.settings.box, password="fel", port=office.settings.box.port)
    with pytest.raises(Unreachable) as told, open_mailbox(replace(wrong, port=1)):
        pass
    assert office.account not in str(told.value)


def test_a_folder_that_is_not_there_is_told(office):
    with pytest.raises(Unreachable), open_mailbox(replace(office.settings.box, folder="Nowhere")):
        pass


def test_what_waits_is_sent_though_the_mailbox_does_not_answer(office, clock):
    office.outgoing.refuses = True
    office.put(message())
    office.turn()
    office.outgoing.refuses = False
    clock.go(minutes=1)
    office.settings = replace(office.settings, box=replace(office.settings.box, port=1))
    with pytest.raises(Unreachable):
        office.turn()
    assert len(office.outgoing.sent) == 1


# -- settings -------------------------------------------------------------------------------------


def _faults(folder, text):
    (folder / "intake.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(FaultsFound) as found:
        mail_settings(folder)
    return [(each.number, each.place.line) for each in found.value.faults]


_TEXT = "intake: 1\nmail:\n  box: {box}\n  address: {address}\n  send: {send}\n"


def _text(box="imaps://a:b@mail.example", address="a@norrsken.example", send="smtps://mail.example"):
    return _TEXT.format(box=box, address=address, send=send)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (_text(box="http://mail.example"), [("I020", 3)]),
        (_text(box="imaps://mail.example"), [("I020", 3)]),
        (_text(box="imaps://a:b@mail.example:port"), [("I020", 3)]),
        (_text(box="env:LOFTE_NOT_SET"), [("I021", 3)]),
        (_text(box="imap://a:b@mail.example"), [("I022", 3)]),
        (_text(box="imap://a:b@127.0.0.1.mail.example"), [("I022", 3)]),
        (_text(send="smtp://mail.example"), [("I022", 5)]),
        (_text(send="imaps://mail.example"), [("I023", 5)]),
        (_text(address="norrsken"), [("I024", 4)]),
        (_text(box="x", address="y", send="z"), [("I020", 3), ("I023", 5), ("I024", 4)]),
    ],
)
def test_settings_that_will_not_do_are_told_with_their_line(tmp_path, text, found):
    assert _faults(tmp_path, text) == found


def test_an_unknown_setting_is_a_fault(tmp_path):
    assert [line for _, line in _faults(tmp_path, _text() + "  folder: x\n")] == [6]


def test_a_secret_is_read_from_the_environment_and_never_shown(tmp_path, monkeypatch):
    monkeypatch.setenv("INTAKE_BOX", "imap+starttls://me%40norrsken.example:hem%2Flig@mail.example/Privacy")
    (tmp_path / "intake.yaml").write_text(_text(box="env:INTAKE_BOX"), encoding="utf-8")
    box = mail_settings(tmp_path).box
    assert (box.name, box.password, box.folder, box.port) == (
        "me@norrsken.example",
        "hem/lig",
        "Privacy",
        143,
    )
    assert "hem/lig" not in repr(mail_settings(tmp_path))


def test_a_workspace_without_mail_is_told(tmp_path):
    with pytest.raises(Refused, match=r"intake\.yaml"):
        mail_settings(tmp_path)

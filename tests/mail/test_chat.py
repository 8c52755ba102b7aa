"""A warning stands in the chat of those who work here: taken by a real server over HTTP, tried again, and
nothing of it in a log."""

from __future__ import annotations

import dataclasses
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from lofte.errors import FaultsFound, Unreachable
from lofte.execution import book
from lofte.execution.book import recorded
from lofte.ledger.kinds import Kind
from lofte.mail.chat import FILE, TO, Hook, configured, hook
from lofte.mail.letters import letter
from lofte.mail.models import Outgoing
from lofte.mail.post import post
from lofte.mail.send import PAUSES, send_due
from lofte.mail.way import Way

WAY = Way(address="dataskydd@norrsken.example")
YAML = "chat: 1\nhook:\n  url: {url}\n"
SECRET = "9f3c-hemlig-nyckel"


class Channel:
    """What the chat has got, and what it answers."""

    def __init__(self) -> None:
        self.said: list[Any] = []
        self.status, self.headers = 200, {}


@pytest.fixture
def channel() -> Channel:
    return Channel()


@pytest.fixture
def url(channel: Channel) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == "application/json"
            channel.said.append(json.loads(said))
            self.send_response(channel.status)
            for name, value in channel.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *said: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/hooks/{SECRET}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def there(tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> Hook:
    monkeypatch.setenv("TEST_CHAT", url)
    assert not configured(tmp_path)
    (tmp_path / FILE).write_text(YAML.format(url="env:TEST_CHAT"), encoding="utf-8")
    return hook(tmp_path)


def posted(house: Any) -> Outgoing:
    facts = {"number": "2026-000118", "right": "radering", "left": "3 dagar kvar", "due": "2026-12-01"}
    with recorded(house):
        made = post(house, letter(house, "deadline", "sv", **facts), TO)
    assert made is not None
    return made


def test_it_says_which_request_and_which_day(store, house, there, channel):
    posted(house)
    assert send_due(house, WAY, there) == 1 and send_due(house, WAY, there) == 0
    (said,) = channel.said
    assert set(said) == {"text"} and "2026-000118" in said["text"] and "3 dagar kvar" in said["text"]
    assert [entry.kind for entry in book.entries()] == [Kind.MAIL_SENT]
    assert not (house.folder / "outbox").exists()


@pytest.mark.parametrize("status", [301, 404, 429, 500])
def test_what_the_chat_does_not_take_is_tried_again_and_said_nowhere(
    store, house, there, channel, status, caplog
):
    channel.status, channel.headers = status, {"Location": "http://127.0.0.1:9/elsewhere"}
    with pytest.raises(Unreachable) as error:
        there.send(TO, "2026-000118")
    assert "2026" not in str(error.value) and SECRET not in str(error.value)
    posted(house)
    assert send_due(house, WAY, there) == 0
    later = dataclasses.replace(house, clock=lambda: house.now + PAUSES[0] + timedelta(seconds=1))
    channel.status = 200
    assert send_due(later, WAY, there) == 1
    assert SECRET not in caplog.text and SECRET not in repr(there)


def test_a_chat_that_is_silent_keeps_no_letter_waiting(store, house, tmp_path, monkeypatch):
    monkeypatch.setenv("TEST_CHAT", "http://127.0.0.1:9/hooks/x")
    (tmp_path / FILE).write_text(YAML.format(url="env:TEST_CHAT"), encoding="utf-8")
    posted(house)
    code = letter(house, "code", "sv", number="2026-000001", code="123456", minutes="10")
    with recorded(house):
        post(house, code, "anna@kund.example")
    assert send_due(house, WAY, hook(tmp_path)) == 1


def test_without_a_chat_it_waits_and_goes_nowhere_else(store, house):
    posted(house)
    assert send_due(house, WAY) == 0 and not (house.folder / "outbox").exists()


@pytest.mark.parametrize(
    ("written", "value", "number"),
    [
        ("https://chat.example/hooks/x", "", "S012"),
        ("env:TEST_CHAT_NOT_SET", "", "S013"),
        ("env:TEST_CHAT", "http://chat.example/hooks/x", "S011"),
        ("env:TEST_CHAT", "https://name:word@chat.example/x", "S011"),
    ],
)
def test_what_is_wrong_in_the_file_has_a_number(tmp_path, monkeypatch, written, value, number):
    monkeypatch.setenv("TEST_CHAT", value)
    (tmp_path / FILE).write_text(YAML.format(url=written), encoding="utf-8")
    with pytest.raises(FaultsFound) as found:
        hook(tmp_path)
    assert [each.number for each in found.value.faults] == [number]

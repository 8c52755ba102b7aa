"""A text message leaves by a real gateway over HTTP, and goes nowhere else."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest

from lofte.errors import FaultsFound, Unreachable
from lofte.mail.sms import FILE, Gateway, configured, gateway
from lofte.requests.door.identify import Level
from tests.door.company import ANNA, ANNAS_PHONE

YAML = """\
sms: 1
gateway:
  url: {url}
  sender: Norrsken
  name: env:TEST_SMS_NAME
  password: env:TEST_SMS_PASSWORD
"""


class Taken:
    """What the gateway has got, and what it answers."""

    def __init__(self) -> None:
        self.forms: list[dict[str, list[str]]] = []
        self.names: list[str] = []
        self.status, self.headers = 200, {}


@pytest.fixture
def taken() -> Taken:
    return Taken()


@pytest.fixture
def url(taken: Taken) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = self.rfile.read(int(self.headers["Content-Length"])).decode()
            taken.forms.append(parse_qs(said))
            taken.names.append(base64.b64decode(self.headers["Authorization"].split()[1]).decode())
            self.send_response(taken.status)
            for name, value in taken.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *said: Any) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/a1/sms"
    server.shutdown()
    server.server_close()


@pytest.fixture
def there(workspace: Any, url: str, monkeypatch: pytest.MonkeyPatch) -> Gateway:
    monkeypatch.setenv("TEST_SMS_NAME", "norrsken")
    monkeypatch.setenv("TEST_SMS_PASSWORD", "hemligt")
    assert not configured(workspace)
    (workspace / FILE).write_text(YAML.format(url=url), encoding="utf-8")
    return gateway(workspace)


def test_a_code_comes_by_text_message_and_is_the_second_contact(door, there, taken):
    from lofte.requests.door.challenge import answer_knocks

    door.ask()
    answer_knocks(door.house, door.work.connect, text=there.send)
    (form,), (name,) = taken.forms, taken.names
    assert form["to"] == [ANNAS_PHONE] and form["from"] == ["Norrsken"] and name == "norrsken:hemligt"
    door.texts.append((form["to"][0], form["message"][0]))
    assert door.enter(door.codes()[ANNA]).level == Level.CONTACT
    assert door.enter(door.codes()[ANNAS_PHONE]).level == Level.TWO_WAYS


@pytest.mark.parametrize("status", [301, 400, 401, 500])
def test_a_gateway_that_does_not_take_it_stops_no_mail(door, there, taken, status, caplog):
    from lofte.requests.door.challenge import answer_knocks

    taken.status, taken.headers = status, {"Location": "http://127.0.0.1:9/elsewhere"}
    with pytest.raises(Unreachable) as error:
        there.send(ANNAS_PHONE, "kod 1234")
    assert ANNAS_PHONE not in str(error.value) and "1234" not in str(error.value)
    door.ask()
    answer_knocks(door.house, door.work.connect, text=there.send)
    assert ANNA in door.codes() and ANNAS_PHONE not in caplog.text


@pytest.mark.parametrize(
    ("change", "number"),
    [
        (("http://127.0.0.1", "http://gateway.example"), "S011"),
        (("http://127.0.0.1", "ftp://127.0.0.1"), "S011"),
        (("http://127.0.0.1", "http://name:word@127.0.0.1"), "S011"),
        (("env:TEST_SMS_PASSWORD", "hemligt"), "S012"),
        (("env:TEST_SMS_NAME", "env:TEST_SMS_NOT_SET"), "S013"),
    ],
)
def test_what_is_wrong_in_the_file_has_a_number_and_is_not_repeated(workspace, there, url, change, number):
    (workspace / FILE).write_text(YAML.format(url=url).replace(*change), encoding="utf-8")
    with pytest.raises(FaultsFound) as found:
        gateway(workspace)
    assert [each.number for each in found.value.faults] == [number]
    assert all("hemligt" not in each.what + each.mend for each in found.value.faults)


def test_a_secret_is_not_printed(there):
    assert "hemligt" not in repr(there) and "norrsken" not in repr(there)

"""Other programs are told what happens: signed, ids only, once each, with patience, and to no inner place."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from lofte.api import address, calls, hooks
from lofte.api.hooks import Event
from lofte.api.models import Call, Webhook
from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.errors import Refused, Unreachable
from lofte.law.rights import Right
from lofte.requests.course.receive import receive
from lofte.requests.course.refuse import Ground, refuse
from lofte.requests.door.identify import Level, identify
from lofte.requests.models import Warned

ANNA = Identity(kind=Kind.EMAIL, value="anna.hemlig@kund.example")
BERTIL = "b" * 32
ALL = tuple(Event)


class Listener:
    """Another program, that answers with these statuses, the last for ever."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.statuses = [204]
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                listener.heard.append(({k.lower(): v for k, v in self.headers.items()}, body))
                status = listener.statuses.pop(0) if len(listener.statuses) > 1 else listener.statuses[0]
                self.send_response(status)
                self.send_header("Location", f"http://127.0.0.1:{listener.port}/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?of=lofte"

    def events(self) -> list[str]:
        return [json.loads(body)["type"] for _, body in self.heard]


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture(autouse=True)
def _here(settings):
    settings.LOFTE_WEBHOOK_NETWORKS = "127.0.0.0/8"


def asked(house, right=Right.ACCESS, identity=ANNA):
    return receive(house, right=right, identities=[identity], channel="chat")


def right_signature(secret, headers, body):
    """As the other program reckons it, by the words of the specification alone."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()


def test_what_happens_is_told_signed_and_by_ids_alone(any_store, house, listener):
    _, secret = hooks.add(house, address=listener.address, events=ALL, by="")
    request = asked(house)
    identify(house, request, method="Anna visade pass", level=Level.PROVEN, by=BERTIL)
    refuse(house, request, ground=Ground.NOT_CONTROLLER, by=BERTIL)
    assert calls.due(house.now) and calls.turn(house) == 3 and not calls.due(house.now)
    assert listener.events() == ["request.received", "request.identified", "request.refused"]
    for headers, body in listener.heard:
        assert headers["webhook-signature"] == right_signature(secret, headers, body)
        assert int(headers["webhook-timestamp"]) == int(house.now.timestamp())
        assert json.loads(body)["data"]["number"] == request.number and b"nna" not in body
    assert len({headers["webhook-id"] for headers, _ in listener.heard}) == 3


def test_a_webhook_hears_what_it_asked_for_since_it_was_added(store, house, listener):
    asked(house)
    house.clock.go(seconds=1)
    hooks.add(house, address=listener.address, events=[Event.REFUSED], by="")
    request = asked(house, Right.ERASURE)
    calls.turn(house)
    refuse(house, request, ground=Ground.NOT_CONTROLLER, by=BERTIL)
    calls.turn(house)
    assert listener.events() == ["request.refused"]


def test_that_time_runs_out_is_told(store, house, listener):
    hooks.add(house, address=listener.address, events=ALL, by="")
    request = asked(house)
    Warned.objects.create(request=request, mark="left-3", due_on=request.due_on, at=house.now)
    calls.turn(house)
    told = json.loads(listener.heard[-1][1])
    assert told["type"] == "request.due-soon"
    assert told["data"]["due_on"] == request.due_on.isoformat() and told["data"]["mark"] == "left-3"


def test_what_is_written_late_is_told_too(store, house, listener):
    """On PostgreSQL a transaction that began first may come in last."""
    webhook, _ = hooks.add(house, address=listener.address, events=ALL, by="")
    asked(house)
    Webhook.objects.filter(pk=webhook.pk).update(seen_transition=400)
    calls.turn(house)
    assert listener.events() == ["request.received"]
    assert calls.turn(house) == 0 and len(listener.heard) == 1


def test_a_clock_that_was_put_back_leaves_nothing_due_for_ever(store, house, clock, listener):
    hooks.add(house, address=listener.address, events=ALL, by="")
    clock.go(seconds=-1)
    asked(house)
    clock.go(seconds=1)
    calls.turn(house)
    assert not calls.due(house.now)


def test_who_is_silent_is_told_again_under_the_same_id(store, house, listener):
    hooks.add(house, address=listener.address, events=ALL, by="")
    listener.statuses = [500, 302, 200]
    asked(house)
    assert calls.turn(house) == 0 and calls.turn(house) == 0 and len(listener.heard) == 1
    house.clock.go(seconds=6)
    assert calls.turn(house) == 0 and len(listener.heard) == 2  # a redirect is not followed
    house.clock.go(minutes=6)
    assert calls.turn(house) == 1
    assert len({headers["webhook-id"] for headers, _ in listener.heard}) == 1
    assert len({headers["webhook-signature"] for headers, _ in listener.heard}) == 3


def test_one_that_is_silent_keeps_no_other_waiting(store, house, listener):
    hooks.add(house, address="http://127.0.0.1:9/", events=ALL, by="")
    hooks.add(house, address=listener.address, events=ALL, by="")
    for right in (Right.ACCESS, Right.ERASURE):
        asked(house, right)
    assert calls.turn(house) == 2 and len(listener.heard) == 2


def test_after_three_days_a_call_is_given_up(store, house, listener):
    hooks.add(house, address=listener.address, events=ALL, by="")
    listener.statuses = [503]
    asked(house)
    for _ in range(len(calls.PAUSES) + 3):
        calls.turn(house)
        house.clock.go(hours=25)
    call = Call.objects.get()
    assert len(listener.heard) == len(calls.PAUSES) and call.given_up_at and call.status == 503
    house.clock.go(days=31)
    asked(house)
    calls.turn(house)
    assert not Call.objects.filter(pk=call.pk).exists()


def test_who_is_gone_is_told_nothing_more(store, house, listener):
    hooks.add(house, address=listener.address, events=ALL, by="")
    listener.statuses = [410]
    for right in (Right.ACCESS, Right.ERASURE):
        asked(house, right)
    house.clock.go(days=1)
    calls.turn(house)
    calls.turn(house)
    assert len(listener.heard) == 1 and not Webhook.objects.filter(ended=None).exists()


def test_a_process_that_dies_in_between_loses_nothing(store, house, listener, monkeypatch):
    hooks.add(house, address=listener.address, events=ALL, by="")
    asked(house)
    with monkeypatch.context() as patched:
        patched.setattr(calls, "_told", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            calls.turn(house)
    house.clock.go(seconds=6)
    assert calls.turn(house) == 1


def test_who_answers_without_end_is_left(store, house, monkeypatch):
    """A byte now and then, for ever: the whole call has an end."""
    import socket

    monkeypatch.setattr(address, "SECONDS", 0.5)
    stop = threading.Event()
    server = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        other, _ = server.accept()
        with other:
            other.sendall(b"HTTP/1.1 200 OK\r\nX-A: ")
            while not stop.wait(0.1):
                try:
                    other.sendall(b"a")
                except OSError:
                    return

    threading.Thread(target=drip, daemon=True).start()
    to = address.place(f"http://127.0.0.1:{server.getsockname()[1]}/")
    with pytest.raises(Unreachable):
        address.post(to, "127.0.0.1", b"{}", {})
    stop.set()
    server.close()


INNER = [
    "https://127.0.0.1/", "https://localhost/", "https://0x7f.1/", "https://2130706433/", "https://127.1/",
    "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:10.0.0.1]/", "https://10.0.0.1/",
    "https://192.168.1.1/", "https://169.254.169.254/latest/meta-data", "https://0.0.0.0/", "https://[::]/",
    "https://100.64.0.1/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://[fe80::1]/",
    "https://224.0.0.1/", "https://255.255.255.255/", "https://[fc00::1]/",
]  # fmt: skip
WRONG = [
    "http://192.0.2.1/", "ftp://kund.example/", "file:///etc/passwd", "gopher://127.0.0.1/", "javascript:1",
    "https://", "https://anna:hemlig@kund.example/", "https://kund.example/#x", "https://kund.example:99999/",
    "https://kund.example/a b", "https://kund.example\\@127.0.0.1/", "https://kund.example/\r\nX: y", "",
    "//kund.example/", "https://①②⑦.⓪.⓪.①/", "https://" + "a" * 500,
]  # fmt: skip


@pytest.mark.parametrize("where", INNER)
def test_no_inner_place_is_called(store, house, settings, where):
    settings.LOFTE_WEBHOOK_NETWORKS = ""
    with pytest.raises((Refused, Unreachable)):
        hooks.add(house, address=where, events=ALL, by="")
    assert not Webhook.objects.exists()


@pytest.mark.parametrize("where", WRONG)
def test_what_is_no_address_is_refused(store, house, where):
    with pytest.raises(Refused):
        hooks.add(house, address=where, events=ALL, by="")


def test_inside_a_network_that_is_named_plain_http_stays_on_this_machine(store, house, settings):
    settings.LOFTE_WEBHOOK_NETWORKS = "10.0.0.0/8, 127.0.0.0/8, ::1/128"
    assert address.reach(address.place("https://10.1.2.3/"), address.networks("10.0.0.0/8")) == "10.1.2.3"
    own = address.networks(settings.LOFTE_WEBHOOK_NETWORKS)
    with pytest.raises(Refused):
        address.reach(address.place("http://10.1.2.3/"), own)
    assert address.reach(address.place("http://127.0.0.1/"), own) == "127.0.0.1"
    with pytest.raises(Refused):
        address.networks("10.0.0.0/33")


def test_a_name_that_turns_inward_afterwards_is_not_called(store, house, settings, listener, monkeypatch):
    """The name leads outward when it is added, and inward when it is called (rebinding)."""
    import socket

    settings.LOFTE_WEBHOOK_NETWORKS = ""
    leads = ["93.184.215.14"]

    def found(host, port, **_):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (leads[0], port))]

    monkeypatch.setattr(address.socket, "getaddrinfo", found)
    hooks.add(house, address=f"https://hook.example:{listener.port}/", events=ALL, by="")
    leads[0] = "127.0.0.1"
    asked(house)
    assert calls.turn(house) == 0 and not listener.heard


def test_if_one_of_the_numbers_of_a_name_is_inward_none_is_called(monkeypatch):
    import socket

    both = [(socket.AF_INET, 1, 6, "", (each, 443)) for each in ("93.184.215.14", "10.0.0.1")]
    monkeypatch.setattr(address.socket, "getaddrinfo", lambda *_, **__: both)
    with pytest.raises(Refused):
        address.reach(address.place("https://hook.example/"), ())


def test_a_certificate_is_that_of_the_name(monkeypatch):
    asked_for = []

    class Context:
        def wrap_socket(self, raw, server_hostname):
            asked_for.append(server_hostname)
            raise OSError("no")

    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    to = address.place(f"https://hook.example:{server.server_port}/")
    with pytest.raises(Unreachable):
        address.post(to, "127.0.0.1", b"{}", {}, Context())  # type: ignore[arg-type]
    server.server_close()
    assert asked_for == ["hook.example"]


def test_a_webhook_is_added_listed_and_ended_by_a_program(company, work, officer, listener):
    given = {"address": listener.address, "events": ["request.received"]}
    made = officer.post("/webhooks", given).json()
    assert made["secret"].startswith("whsec_")
    listed = officer.get("/webhooks")
    assert listed.json()["items"][0]["ref"] == made["ref"] and made["secret"] not in listed.content.decode()
    assert officer.post("/webhooks", {**given, "address": "https://10.0.0.1/"}).status_code == 422
    calls.turn(work.house)
    assert officer.ask("DELETE", f"/webhooks/{made['ref']}").status_code == 204
    assert officer.get("/webhooks").json() == {"items": []}
    assert officer.ask("DELETE", f"/webhooks/{made['ref']}").status_code == 404
    house = dataclasses.replace(work.house, clock=lambda: work.house.now + timedelta(days=1))
    assert not calls.due(house.now)

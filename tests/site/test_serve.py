"""The server answers, numbers what waits, and stops when it is asked to."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

PROGRAM = """
from lofte.site.serve import serve
serve(port=0, on_ready=lambda address: print(address, flush=True))
print("stopped cleanly", flush=True)
"""


class Server:
    def __init__(self, home: Path, program: str = PROGRAM, more: dict[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", program],
            env={**os.environ, "LOFTE_HOME": str(home), "LOFTE_WORKSPACE": str(home), **(more or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.address = self.process.stdout.readline().strip()

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(self.address + path, timeout=20) as answer:
                return answer.status, answer.headers.get("Content-Security-Policy", "")
        except urllib.error.HTTPError as error:
            return error.code, error.headers.get("Content-Security-Policy", "")

    def stop(self) -> tuple[str, str]:
        self.process.send_signal(signal.SIGINT)
        return self.process.communicate(timeout=30)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home") / "lofte"


def test_the_server_answers_then_stops_cleanly_on_ctrl_c(home):
    server = Server(home)
    try:
        status, policy = server.get("/health")
        assert status == 200 and "default-src 'none'" in policy
        assert server.get("/nowhere?email=anna@kund.example")[0] == 404
        second = Server(home, PROGRAM.replace("serve(port", "import logging; serve(port"))
        _, complaint = second.process.communicate(timeout=30)
        assert "Refused" in complaint and second.address == ""
    finally:
        out, log = server.stop()
    assert "stopped cleanly" in out and server.process.returncode == 0
    assert "Traceback" not in log and "anna" not in log
    assert "/health 200" in log


NUMBERED = """
from lofte.site.store import prepare
prepare()
from datetime import UTC, datetime
from lofte.execution.book import note
from lofte.execution.store import writing
from lofte.ledger.kinds import Kind
from lofte.site.home import keys
keys()
with writing():
    note(Kind.HANDLER_ADDED, "a" * 32, {"role": "officer"}, at=datetime.now(UTC))
import time, threading
from lofte.site.serve import serve
from lofte.execution import book
def ready(address):
    def look():
        while book.waiting():
            time.sleep(0.05)
        print(f"{sum(1 for _ in book.entries())} numbered", flush=True)
        import os, signal
        os.kill(os.getpid(), signal.SIGINT)
    threading.Thread(target=look).start()
serve(port=0, on_ready=ready)
"""


def test_the_server_numbers_what_waits(tmp_path):
    server = Server(tmp_path / "lofte", NUMBERED)
    server.process.communicate(timeout=30)
    assert server.address == "1 numbered"


def test_a_taken_port_is_said_in_one_sentence():
    import socket

    from lofte.errors import Refused
    from lofte.site.serve import _listening

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Refused, match="--port"), _listening("127.0.0.1", port):
            pass


def test_a_request_whose_system_was_down_is_answered_when_it_is_up_again(tmp_path):
    """The worker takes it up by itself; the package waits in the house."""
    workspace = tmp_path / "workspace"
    (workspace / "systems").mkdir(parents=True)
    (workspace / "policy.yaml").write_text(POLICY, encoding="utf-8")
    (workspace / "systems" / "billing.yaml").write_text(SYSTEM, encoding="utf-8")
    with sqlite3.connect(workspace / "late.sqlite3") as database:
        database.execute("CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT)")
        database.execute("INSERT INTO customer VALUES (1, 'anna@kund.example')")
    database.close()
    server = Server(tmp_path / "lofte", RETRIED, {"LOFTE_WORKSPACE": str(workspace)})
    _, log = server.process.communicate(timeout=60)
    assert server.address == "ready 1", log


RETRIED = """
import os, pathlib, signal, threading, time
from lofte.site.store import prepare
prepare()
from datetime import timedelta
from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.errors import Unreachable
from lofte.execution.house import utc_now
from lofte.law.rights import Right
from lofte.requests.answer.fulfil import fulfil_access
from lofte.requests.door.identify import Level, identify
from lofte.requests.models import Request
from lofte.requests.course.receive import receive
from lofte.site.serve import serve
from lofte.site.workspace import load, open_house
import dataclasses
workspace = pathlib.Path(os.environ["LOFTE_WORKSPACE"])
house = open_house(load(workspace))
# As it was ten minutes ago: what failed then has waited long enough.
house = dataclasses.replace(house, clock=lambda: utc_now() - timedelta(minutes=10))
anna = Identity(kind=Kind.EMAIL, value="anna@kund.example")
request = receive(house, right=Right.ACCESS, identities=[anna], channel="visit")
request = identify(house, request, method="visit", level=Level.PROVEN, by="")
def down(system):
    raise Unreachable("down")
try:
    fulfil_access(house, request, down)
except Unreachable:
    pass
def ready(address):
    def look():
        while Request.objects.get().state != "ready":
            time.sleep(0.05)
        from lofte.requests.models import Finding
        print("ready", sum(f.rows for f in Finding.objects.all()), flush=True)
        os.kill(os.getpid(), signal.SIGINT)
    threading.Thread(target=look, daemon=True).start()
serve(port=0, on_ready=ready)
"""

POLICY = """\
policy: 1
meta:
  id: norrsken
  title: {sv: Integritetspolicy}
  version: "2026-01-01"
  effective_from: 2026-01-01
controller: {legal_name: Norrskens Webb AB, contact: {email: dataskydd@norrsken.example}}
authority: {id: imy, name: {sv: IMY}, url: "https://imy.example"}
subjects: {customers: {name: {sv: Kunder}}}
categories: {contact: {name: {sv: Kontaktuppgifter}}}
purposes:
  deliver:
    name: {sv: Leverera tjänsten}
    subjects: [customers]
    categories: [contact]
    legal_basis: 6.1.b
    retention: [contract]
retention: {contract: {keep_until: contract.end + P12M, action: delete}}
"""

SYSTEM = """\
system: 1
id: billing
name: {sv: Fakturering}
url: "sqlite:///late.sqlite3"
datasets:
  customer:
    name: {sv: Kund}
    key: id
    subjects: customers
    purposes: [deliver]
    subject: [{by: own}]
    fields:
      id: {technical: true}
      email: {category: contact, identity: email, label: {sv: E-post}}
"""

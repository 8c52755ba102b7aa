"""The example client does what it says, against a server, with the standard library alone."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.db import connections

from lofte.api import sign
from lofte.requests.course.order import order
from lofte.requests.door.identify import Level, identify
from lofte.requests.models import Request
from lofte.requests.worker.errands import do_ordered
from lofte.site.app import wsgi_app

CLIENT = Path(__file__).parents[2] / "examples" / "client" / "lofte_client.py"


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


class Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def process_request_thread(self, *args):  # type: ignore[no-untyped-def]
        super().process_request_thread(*args)
        connections.close_all()


@pytest.fixture
def address(company) -> Iterator[str]:
    with make_server("127.0.0.1", 0, wsgi_app(), Threads, Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/api/v1"
        server.shutdown()


def client(address, program, *arguments, **more):
    env = {**os.environ, "LOFTE_API": address, "LOFTE_TOKEN": program.shown if program else "", **more}
    done = subprocess.run(
        [sys.executable, "-I", str(CLIENT), *arguments], capture_output=True, text=True, env=env, check=False
    )
    return done, [json.loads(line) for line in done.stdout.splitlines()]


def test_it_needs_the_standard_library_alone():
    tree = ast.parse(CLIENT.read_text(encoding="utf-8"))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [each.name for each in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= sys.stdlib_module_names


def test_a_request_is_taken_from_receipt_to_package(address, work, world, bertil, tmp_path):
    known = world.rows["customers"][1]["customer_no"]
    done, (case,) = client(address, bertil, "receive", "access", "--customer-no", known, "--words", "Allt!")
    number = case["requests"][0]["number"]
    assert done.returncode == 0 and not done.stderr
    _, listed = client(address, bertil, "list", "--open")
    assert [each["number"] for each in listed] == [number]
    request = Request.objects.get()
    identify(work.house, request, method="BankID", level=Level.PROVEN, by=bertil.ref)
    order(work.house, [request], by=bertil.ref)
    do_ordered(work.house, work.connect)
    _, (shown,) = client(address, bertil, "show", number)
    out = tmp_path / "svar.zip"
    done, _ = client(address, bertil, "package", number, str(out))
    assert done.returncode == 0 and out.stat().st_size == shown["package"]["bytes"]
    assert out.stat().st_mode & 0o077 == 0


def test_what_goes_wrong_is_told_with_its_mend(address, bertil):
    done, _ = client(address, bertil, "receive", "access", "--email", "ingen adress")
    assert (
        done.returncode == 1 and "body.identities.0.value" in done.stderr and "Traceback" not in done.stderr
    )
    done, _ = client(address, None, "list")
    assert done.returncode == 1 and "lofte_" in done.stderr


def test_a_message_is_handed_in_signed(address, officer):
    made = officer.post("/sources", {"name": "helpdesk", "channel": "ticket"}).json()
    wish = ("hand-in", "helpdesk", "t-17", "--words", "Jag vill ha ut en kopia av mina personuppgifter.")
    _, (handed,) = client(address, None, *wish, LOFTE_SOURCE_SECRET=made["secret"])
    assert handed["outcome"] == "opened" and len(handed["requests"]) == 1


def test_it_knows_a_webhook_of_ours_from_another(monkeypatch):
    from examples.client import lofte_client

    secret, now = sign.new_secret(), int(time.time())
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(now),
        "webhook-signature": sign.signature(secret, "msg_1", now, b"{}"),
    }
    assert lofte_client.signed_by_lofte(secret, headers, b"{}")
    assert not lofte_client.signed_by_lofte(secret, headers, b"{ }")
    assert not lofte_client.signed_by_lofte(sign.new_secret(), headers, b"{}")
    assert not lofte_client.signed_by_lofte(secret, {**headers, "webhook-timestamp": str(now - 400)}, b"{}")

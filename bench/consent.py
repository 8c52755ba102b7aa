"""`python -m bench.consent`: choices a second, beside what the store itself can do, in one run.

Visitors are `wrk` (Debian's) with 1, 16 and 64 connections. The limits are the rows that the server has just
recorded, written by the driver alone, each acknowledged when durable: on SQLite in batches of 64 and one in
each commit over one connection, on PostgreSQL one in each commit over 16 connections and over one
(`pgbench`). What is measured takes turns, and the medians are told. Ratios count, not numbers: the machine
serves visitors, server and store at once.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import secrets
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

SERVE = "import sys; from tests.consent import served; served.serve(sys.argv[1])"
COLUMNS = "receipt, person, seq, site, version, shown, at, yes, body, stream_id, number, link"
CONNECTIONS = (1, 16, 64)
VISITORS = Path(__file__).with_name("visitors.lua")
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(kw_only=True, slots=True)
class Told:
    """What each turn came to, in rows a second."""

    limits: dict[str, list[float]] = field(default_factory=dict)
    visitors: dict[int, list[float]] = field(default_factory=dict)
    cost: dict[int, list[float]] = field(default_factory=dict)
    """Microseconds of the processor that the server took for each."""
    refused: int = 0
    acknowledged: int = 0


def main() -> None:
    """Measure both stores. Needs `wrk` and `pgbench`."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=3.0)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--store", choices=("sqlite", "postgres"))
    chosen = options.parse_args()
    programs = {"wrk": "wrk", "pgbench": "postgresql"}
    for name, package in programs.items():
        if not program(name):
            sys.exit(f"the bench needs {name}: apt-get install {package}")
    for name, measure in (("sqlite", on_sqlite), ("postgres", on_postgres)):
        if chosen.store in (None, name):
            with tempfile.TemporaryDirectory(prefix="lofte-bench-") as folder:
                measure(Path(folder), chosen.rounds, chosen.seconds)


def program(name: str) -> str | None:
    """Where it is; PostgreSQL's own are not in the path of Debian."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(places[-1]) if places else None)


def on_sqlite(folder: Path, rounds: int, seconds: float) -> None:
    """Measure on SQLite: WAL, synchronous FULL."""
    env = {**os.environ, "LOFTE_HOME": str(folder / "home"), "LOFTE_WORKSPACE": str(folder)}
    told, store = Told(), folder / "home" / "store.sqlite3"
    with server(env, folder) as (address, pid):
        visit(told, address, pid, folder, 1, CONNECTIONS)  # and so rows to copy
        told = Told()
        limit = _Sqlite(store, folder / "limit.sqlite3")
        for _ in range(rounds):
            for name, batch in (("in batches of 64", 64), ("one in a commit", 1)):
                told.limits.setdefault(name, []).append(limit.rate(batch, seconds))
            visit(told, address, pid, folder, seconds, CONNECTIONS)
        with sqlite3.connect(store) as own:
            (there,) = own.execute("SELECT count(*) FROM consent_choice").fetchone()
    tell("SQLite", told, there)


class _Sqlite:
    """The driver alone, in a store of its own with the same tables."""

    def __init__(self, store: Path, path: Path) -> None:
        with sqlite3.connect(store) as own:
            self._like = own.execute(
                f"SELECT {COLUMNS} FROM consent_choice ORDER BY id DESC LIMIT 1000"
            ).fetchall()
            own.execute("VACUUM INTO ?", [str(path)])
        self._store = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=OFF"):
            self._store.execute(f"PRAGMA {pragma}")
        self._store.execute("DELETE FROM consent_choice")
        self._number = 0

    def rate(self, batch: int, seconds: float) -> float:
        """Rows a second; to make the rows is not counted."""
        marks = ", ".join("?" * 12)
        sql = f"INSERT INTO consent_choice ({COLUMNS}) VALUES ({marks})"
        done, spent = 0, 0.0
        while spent < seconds:
            rows = [self._row() for _ in range(batch)]
            begun = time.perf_counter()
            self._store.execute("BEGIN IMMEDIATE")
            self._store.executemany(sql, rows)
            self._store.execute("COMMIT")
            spent += time.perf_counter() - begun
            done += batch
        return done / spent

    def _row(self) -> tuple[Any, ...]:
        self._number += 1
        like = self._like[self._number % len(self._like)]
        return (secrets.token_hex(16), secrets.token_hex(16), *like[2:10], self._number, like[11])


def on_postgres(folder: Path, rounds: int, seconds: float) -> None:
    """Measure on PostgreSQL: synchronous_commit on."""
    import psycopg

    from tests import services

    with services.postgres_database() as url, services.postgres_database() as other:
        plain, beside = (each.replace("+psycopg", "") for each in (url, other))
        home = {"LOFTE_HOME": str(folder / "pg"), "LOFTE_WORKSPACE": str(folder)}
        told = Told()
        with server({**os.environ, **home, "LOFTE_DATABASE_URL": plain}, folder) as (address, pid):
            visit(told, address, pid, folder, 1, CONNECTIONS)
            told = Told()
            with psycopg.connect(plain) as own, psycopg.connect(beside) as limit:
                _like_it(own, limit)
            for _ in range(rounds):
                for name, clients in (("over 16 connections", 16), ("over one connection", 1)):
                    got = pgbench(beside, folder, clients, seconds)
                    told.limits.setdefault(name, []).append(got)
                visit(told, address, pid, folder, seconds, CONNECTIONS)
            with psycopg.connect(plain) as own:
                (there,) = own.execute("SELECT count(*) FROM consent_choice").fetchone() or (0,)
        tell("PostgreSQL", told, there)


def _like_it(own: Any, limit: Any) -> None:
    """The same table with the same indexes, and rows to copy."""
    types = own.execute(
        "SELECT string_agg(format('%I %s', attname, format_type(atttypid, atttypmod)), ', ' ORDER BY attnum)"
        " FROM pg_attribute WHERE attrelid = 'consent_choice'::regclass AND attnum > 1"
    ).fetchone()[0]
    limit.execute(
        f"CREATE TABLE consent_choice (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, {types})"
    )
    found = own.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'consent_choice'").fetchall()
    for (index,) in found:
        if "_pkey" not in index:
            limit.execute(index)
    limit.execute("CREATE SEQUENCE numbers")
    limit.execute(f"CREATE TABLE kept AS SELECT {COLUMNS} FROM consent_choice")
    rows = own.execute(f"SELECT {COLUMNS} FROM consent_choice ORDER BY id DESC LIMIT 1").fetchall()
    limit.cursor().executemany(f"INSERT INTO kept VALUES ({', '.join(['%s'] * 12)})", rows)
    limit.commit()


def pgbench(url: str, folder: Path, clients: int, seconds: float) -> float:
    """Rows a second, one in each commit, over so many connections."""
    import psycopg

    with psycopg.connect(url) as store:
        kept = store.execute(
            "SELECT site, version, shown, at::text, yes, body, encode(link, 'hex') FROM kept"
        ).fetchone()
    assert kept is not None
    site, version, shown, at, yes, body, link = kept
    random = "replace(CAST(gen_random_uuid() AS text), '-', '')"
    script = folder / "limit.sql"
    values = (
        *(random, random, "1", f"'{site}'", f"'{version}'", f"'{shown}'", f"E'{at}'", str(yes), f"E'{body}'"),
        *("1", "nextval('numbers')", f"'\\x{link}'"),
    )
    # A colon begins a variable of pgbench's.
    listed = ", ".join(values).replace(":", "\\x3a")
    script.write_text(f"INSERT INTO consent_choice ({COLUMNS}) VALUES ({listed});\n")
    command = [str(program("pgbench")), "-n", "-M", "prepared", "-c", str(clients), "-j", "2"]
    command += ["-T", str(max(1, round(seconds))), "-f", str(script), url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"tps = ([\d.]+)", said)
    assert found is not None, said
    return float(found[1])


@contextmanager
def server(env: dict[str, str], folder: Path) -> Iterator[tuple[str, int]]:
    """The way in, served as in production; its address and its process."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(folder)], env=env, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip(), process.pid
    finally:
        process.kill()
        process.wait()


def visit(
    told: Told, address: str, pid: int, folder: Path, seconds: float, connections: Iterable[int]
) -> None:
    """Let visitors choose, and note how many a second were acknowledged."""
    bodies, ids = written(folder)
    for many in connections:
        spent = _spent(pid)
        command = ["wrk", "-t1", f"-c{many}", f"-d{max(1, round(seconds))}s", "-s", str(VISITORS)]
        command += [
            f"{address}/privacy/consent",
            "--",
            str(bodies),
            str(ids),
            str(time.time_ns() // 10**5 % 10**12),
        ]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
        all_of = re.search(r"(\d+) requests in", said)
        assert rate is not None and all_of is not None, said
        wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
        refused = int(wrong[1]) if wrong else 0
        good = int(all_of[1]) - refused
        told.refused += refused
        told.acknowledged += good
        told.visitors.setdefault(many, []).append(float(rate[1]) * good / int(all_of[1]))
        told.cost.setdefault(many, []).append((_spent(pid) - spent) / max(good, 1) * 1e6)


def written(folder: Path) -> tuple[Path, Path]:
    """What visitors send, and the ids that they have, as files for `wrk`."""
    bodies, ids = folder / "bodies", folder / "ids"
    if not bodies.exists():
        from lofte.site.store import set_up

        set_up()
        from lofte.consent.ingest.ids import Ids
        from tests.consent.visitors import choice, policy

        house: Any = type("House", (), {"policy": policy()})()
        made = [
            choice(house, yes, id="ID", event="EVENT", seq="SEQ", path=path)
            for yes in ((), ("statistics",), ("marketing",), ("statistics", "marketing"))
            for path in ("/", "/priser", "/kurser/2026/var")
        ]
        plain = (json.dumps(each, separators=(",", ":")) for each in made)
        lines = [each.replace('"ID"', "ID").replace('"SEQ"', "SEQ") for each in plain]
        bodies.write_text("".join(f"{each}\n" for each in lines))
        signed = Ids(key=b"o" * 32).signed
        ids.write_text("".join(f"{signed(secrets.token_hex(16))}\n" for _ in range(5000)))
    return bodies, ids


def _spent(pid: int) -> float:
    """Seconds of the processor that it has had."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def tell(name: str, told: Told, there: int) -> None:
    """One table."""
    limits = {each: median(rates) for each, rates in told.limits.items()}
    write = sys.stdout.write
    write(f"{name}: " + ", ".join(f"limit {each} {rate:,.0f}/s" for each, rate in limits.items()) + "\n")
    for many, rates in told.visitors.items():
        got = median(rates)
        beside = "   ".join(
            f"{median([a / b for a, b in zip(rates, told.limits[each], strict=True)]):5.2f}x {each}"
            for each in limits
        )
        write(f"  {many:3} connections {got:8,.0f}/s   {beside}   {median(told.cost[many]):5.0f} us each\n")
    write(f"  {told.acknowledged:,} acknowledged, {told.refused:,} refused, {there:,} rows there\n")
    write(f"  load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors\n")


if __name__ == "__main__":
    main()

"""A sweep beside the best chunked delete by hand, in one run, as ratios.

    python -m bench.sweep                       # a million rows, about five minutes
    python -m bench.sweep --rows 5000000
    python -m bench.sweep --write               # docs/explanation/how-fast-a-sweep-is.md and its picture

A log in PostgreSQL with an index on its time; one row of ten is past its time. Each side has a table of its
own with the same rows, takes turns, and gets its rows back after each turn. By hand: parts of 5,000 rows by
place on the disk, a commit for each. Ours: the whole of `lofte sweep` on a store of its own (SQLite on the
disk), counting what is ahead, keys sealed before they go, looking again, counts, ledger. Clients of pgbench
read and write meanwhile.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa

from bench import sweep_page
from bench.access import folders, line, measured
from bench.erase_engine import store_in
from bench.world import SERVER
from lofte.connectors.sql.connector import open_sql
from lofte.datamap.document import DataMap, System
from lofte.policy.document import Policy

NOW = datetime(2026, 1, 1, 2, 30, tzinfo=UTC)
BOUND = datetime(2025, 10, 2, 22, tzinfo=UTC)
"""Midnight in Stockholm, from which ninety days are not over yet."""
PART = 5_000
SIZES = (8, 4, 2, 1)
"""Parts of `--rows` that the curve is drawn from."""
CLIENTS, SECONDS = 4, 20
BY = "b" * 32
BY_HAND = f"""
delete from by_hand where ctid = any(array(
    select ctid from by_hand where at < %s order by at limit {PART} for update skip locked))"""
CLIENT = """
\\set id random(1, {rows})
select path from ours where id = :id;
update counters set n = n + 1 where id = :id % 1000;
"""
Turns = list[tuple[float, float]]
"""Of each turn: ours and the other's."""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="write the page of the numbers")
    args, _ = parser.parse_known_args()
    found = sweep_page.Found(rows=args.rows, clients=CLIENTS)
    with folders() as folder:
        store_in(folder)
        for part in SIZES:
            rows = args.rows // part
            with World(rows, folder) as world:
                world.turn(1)  # warm
                walls, cpus = world.turns(args.rounds)
                ours, hand = (statistics.median(side) / world.due * 1e6 for side in zip(*walls, strict=True))
                found.curve.append((rows, ours, hand))
                line(f"{rows} rows, {world.due} due: µs per due row", f"{ours:.0f}, by hand {hand:.0f}", "")
                if part == 1:
                    found.wall = statistics.median(one / other for one, other in walls)
                    found.cpu = statistics.median(cpus) / world.due * 1e6
                    line("time, beside the chunked delete", f"{found.wall:.2f}", "1.15")
                    line("CPU of our process for a due row", f"{found.cpu:.0f} µs", "")
                    found.p99 = world.beside(args.rounds)
                    for name, value in found.p99.items():
                        line(f"p99 of {CLIENTS} clients, {name}", f"{value:.1f} ms", "")
    if args.write:
        sweep_page.write(found)


class World:
    """A database with the same rows twice, and an installation of ours."""

    def __init__(self, rows: int, folder: Path) -> None:
        self.rows = rows
        self.due = rows // 10
        self.url = sa.make_url(SERVER).set(database="lofte_bench_sweep")
        self.house, self.system = _house(folder, self.url.render_as_string(hide_password=False))

    def __enter__(self) -> World:
        with _at(sa.make_url(SERVER)) as db:
            db.execute('drop database if exists "lofte_bench_sweep" with (force)')
            db.execute('create database "lofte_bench_sweep"')
        with _at(self.url) as db:
            db.execute("create table counters (id int primary key, n int)")
            db.execute("insert into counters select n, 0 from generate_series(0, 999) n")
            step = timedelta(days=900) / self.rows  # nine tenths are younger than the bound
            for name in ("ours", "by_hand"):
                db.execute(
                    f"create table {name} (id bigint primary key, at timestamptz, customer int, path text)"
                )
                db.execute(
                    f"insert into {name} select n, %s + (n - %s) * %s, n %% 5000, repeat('x', 60) "
                    "from generate_series(1, %s) n",
                    (BOUND, self.due + 1, step, self.rows),
                )
                db.execute(f"create index on {name} (at)")
            db.execute("create table leaving as select * from ours where at < %s", (BOUND,))
            db.execute("vacuum analyze")
        self._approve()
        return self

    def __exit__(self, *_: object) -> None:
        with _at(sa.make_url(SERVER)) as db:
            db.execute('drop database if exists "lofte_bench_sweep" with (force)')

    def turns(self, rounds: int) -> tuple[Turns, list[float]]:
        """Wall clock of each turn, and the CPU of our own process."""
        taken = [self.turn(n) for n in range(rounds)]
        return [(ours[1], hand[1]) for ours, hand in taken], [ours[0] for ours, _ in taken]

    def turn(self, number: int) -> Any:
        """Both once, in turns."""
        sides: list[Callable[[], None]] = [self.ours, self.by_hand]
        taken = {side: measured(side) for side in (sides if number % 2 else reversed(sides))}
        self.back("ours", "by_hand")
        return taken[self.ours], taken[self.by_hand]

    def ours(self, *, gently: bool = False) -> None:
        """The sweep, as it runs at night; without rests where time is measured."""
        from lofte.retention.pace import Pace
        from lofte.retention.sweep import sweep

        done = sweep(self.house, self._open, wide="bench", size=PART, pace=Pace() if gently else None)
        assert (sum(each.gone for each in done.lines), done.stops) == (self.due, ()), done

    def by_hand(self) -> None:
        """What somebody who knows the table writes."""
        gone = 0
        with _at(self.url) as db:
            while went := db.execute(BY_HAND, (BOUND,)).rowcount:
                gone += went
        assert gone == self.due

    def back(self, *names: str) -> None:
        """The rows that went come back."""
        with _at(self.url) as db:
            for name in names:
                db.execute(f"insert into {name} select * from leaving")
                db.execute(f"vacuum analyze {name}")
            db.execute("checkpoint")

    def beside(self, rounds: int) -> dict[str, float]:
        """The p99 of clients in milliseconds: alone, beside a sweep with its rests, beside the delete by
        hand; the median of the rounds."""
        found: dict[str, list[float]] = {}
        for _ in range(rounds):
            found.setdefault("alone", []).append(self._p99(lambda: None))
            found.setdefault("beside a sweep", []).append(self._p99(lambda: self.ours(gently=True)))
            found.setdefault("beside the chunked delete", []).append(self._p99(self.by_hand))
            self.back("ours", "by_hand")
        return {name: statistics.median(values) for name, values in found.items()}

    def _p99(self, work: Callable[[], None]) -> float:
        """Of all that clients did while the work was done, or for some seconds."""
        with tempfile.TemporaryDirectory() as place:
            script = Path(place) / "client.sql"
            script.write_text(CLIENT.format(rows=self.rows), encoding="utf-8")
            plain = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
            command = [
                "pgbench",
                "-n",
                "-c",
                str(CLIENTS),
                "-R",
                "200",
                "-T",
                "600",
                "-l",
                "-f",
                script,
                plain,
            ]
            clients = subprocess.Popen(
                command, cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            time.sleep(2)
            began = time.time()
            work()
            time.sleep(max(0.0, SECONDS - (time.time() - began)) if time.time() - began < 1 else 0)
            ended = time.time()
            clients.terminate()
            clients.wait()
            return _percentile(list(Path(place).glob("pgbench_log.*")), began, ended)

    def _open(self, system: System) -> Any:
        return open_sql(system, self.url.render_as_string(hide_password=False))

    def _approve(self) -> None:
        from lofte.retention import ahead
        from lofte.retention.approve import approve

        approve(self.house, ahead.tasks(self.house, self._open, self.house.today), by=BY)


def _percentile(logs: Sequence[Path], began: float, ended: float) -> float:
    """99 of 100 were faster; milliseconds. A row: client, number, µs, file, second, µs of it, lag."""
    taken = []
    for log in logs:
        for row in log.read_text(encoding="utf-8").splitlines():
            said = row.split()
            whole = len(said) > 6  # the last one was cut off
            if whole and began <= int(said[4]) + int(said[5]) / 1e6 <= ended:
                taken.append(int(said[2]) / 1000)
    return statistics.quantiles(taken, n=100)[98]


def _house(folder: Path, url: str) -> tuple[Any, System]:
    from lofte.execution.house import House
    from lofte.site.home import keys

    policy = Policy.model_validate(
        {
            "policy": 1,
            "meta": {"id": "bench", "title": {"en": "P"}, "version": "2026-01-01",
                     "effective_from": "2026-01-01"},
            "controller": {"legal_name": "Bänken AB"},
            "authority": {"id": "imy", "name": {"en": "IMY"}, "url": "https://imy.example"},
            "categories": {"logs": {"name": {"en": "Logs"}}},
            "purposes": {"watch": {"categories": ["logs"], "legal_basis": "6.1.f", "retention": ["logs"]}},
            "retention": {"logs": {"keep_until": "event.time + P90D", "action": "delete"}},
        }
    )  # fmt: skip
    technical = {"technical": True}
    rows = {
        "name": {"en": "Log"}, "key": "id", "purposes": ["watch"], "anchors": {"event.time": "at"},
        "nobody": {"en": "They tell of no person."},
        "fields": dict.fromkeys(("id", "at", "customer", "path"), technical),
    }  # fmt: skip
    said = {"system": 1, "id": "logs", "name": {"en": "Logs"}, "url": url, "datasets": {"ours": rows}}
    system = System.model_validate(said)
    house = House(
        policy=policy, datamap=DataMap(systems=(system,)), keys=keys(folder), folder=folder, clock=lambda: NOW
    )
    return house, system


@contextmanager
def _at(url: sa.URL) -> Iterator[psycopg.Connection[Any]]:
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as db:
        yield db


if __name__ == "__main__":
    main()

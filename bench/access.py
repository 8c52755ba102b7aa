"""Access beside hand-written scripts, in one run, as ratios.

    python -m bench.access                 # everything, about ten minutes the first time
    python -m bench.access --part one      # one | many | distance | size | memory | rendering

The database is that of the web host in `../shared/bench/generate_hosting.py` (or LOFTE_BENCH_GENERATOR),
on the PostgreSQL of LOFTE_BENCH_POSTGRES (default 127.0.0.1:5432). It is made once and kept. Both sides
get the expression indexes that `lofte check` advises, open connections and warm caches, and the same
persons in turns; figures are medians of the ratios. CPU is that of the asking process; the database's
own is shown beside it.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import psycopg
import sqlalchemy as sa

from bench import script
from bench.delay import delayed
from bench.engine import Engine, Person
from bench.world import PARTS, people, url_of

ROUNDS = 40


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--part", choices=(*PARTS, "all", "peak"), default="all")
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--large", type=int, default=200_000)
    parser.add_argument("--persons", type=int, default=1_000)
    args = parser.parse_args()
    if args.part == "peak":
        peak(args.customers, args.persons)
        return
    goals = {name: globals()[name] for name in PARTS}
    for name, part in goals.items():
        if args.part in (name, "all"):
            part(args)


def one(args: argparse.Namespace) -> None:
    """One person, warm: CPU of plan + fetch + JSON/CSV against the script's."""
    url = url_of(args.customers)
    chosen = people(args.customers, ROUNDS, seed=1)
    with Engine(url) as engine, psycopg.connect(script_url(url)) as db, folders() as folder:
        turn = rivals(
            lambda n, p: engine.access([p], folder / f"e{n}"),
            lambda n, p: script.one(db, p.email, p.personnummer, folder / f"s{n}"),
        )
        for warm in range(6):
            turn(-1 - warm, chosen[0])
        figures = [turn(n, person) for n, person in enumerate(chosen)]
        report("one person", figures, goal=2.0)
        line(
            "statements per dataset",
            f"{engine.statements / engine.datasets:.2f}",
            "1 (+ rounds of finding who)",
        )
        line("statements for the last person", f"{engine.statements} over {engine.datasets} datasets", "")


def many(args: argparse.Namespace) -> None:
    """A thousand persons at once against the script's set-wise twin."""
    url = url_of(args.customers)
    chosen = people(args.customers, args.persons, seed=2)
    pairs = [(p.email, p.personnummer) for p in chosen]
    with Engine(url) as engine, psycopg.connect(script_url(url)) as db, folders() as folder:
        turn = rivals(
            lambda n, _: engine.access(chosen, folder / f"e{n}"),
            lambda n, _: script.many(db, pairs, folder / f"s{n}"),
        )
        turn(-1, None)
        report(f"{args.persons} persons set-wise", [turn(n, None) for n in range(5)], goal=1.5)
        line("statements per dataset", f"{engine.statements / engine.datasets:.2f}", "<= 3")


def distance(args: argparse.Namespace) -> None:
    """Over a link with a round trip of 2.5 ms: set-wise against person by person."""
    url = sa.make_url(url_of(args.customers))
    chosen = people(args.customers, 200, seed=3)
    with (
        delayed("127.0.0.1", url.port or 5432, seconds=0.00125) as port,
        Engine(url.set(port=port).render_as_string(hide_password=False)) as engine,
        folders() as folder,
    ):
        engine.access(chosen[:1], folder / "warm")
        started = time.perf_counter()
        engine.access(chosen, folder / "set")
        together = time.perf_counter() - started
        started = time.perf_counter()
        for number, person in enumerate(chosen):
            engine.access([person], folder / f"p{number}")
        apart = time.perf_counter() - started
    line("200 persons over 2.5 ms", f"{apart / together:.1f}x faster set-wise", ">= 10x")
    line("  together / one by one", f"{together:.2f} s / {apart:.2f} s", "")


def size(args: argparse.Namespace) -> None:
    """The cost of one person in a database ten times as large."""
    small, large = args.customers, args.large
    chosen = people(small, ROUNDS, seed=4)
    with Engine(url_of(small)) as a, Engine(url_of(large)) as b, folders() as folder:
        turn = rivals(
            lambda n, p: b.access([p], folder / f"b{n}"), lambda n, p: a.access([p], folder / f"a{n}")
        )
        for warm in range(6):
            turn(-1 - warm, chosen[0])
        report(f"{large} against {small} customers", [turn(n, p) for n, p in enumerate(chosen)], goal=1.3)


def memory(args: argparse.Namespace) -> None:
    """Peak memory of a whole process that serves one person, and a thousand."""
    for persons in (1, args.persons):
        command = [sys.executable, "-m", "bench.access", "--part", "peak", "--persons", str(persons)]
        command += ["--customers", str(args.customers)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        line(f"peak memory, {persons} persons", f"{json.loads(done.stdout)['mb']:.0f} MB", "<= 150 MB")


def peak(customers: int, persons: int) -> None:
    """Serve persons once and print the peak memory of this process."""
    import resource

    with Engine(url_of(customers)) as engine, folders() as folder:
        engine.access(people(customers, persons, seed=5), folder / "out")
    sys.stdout.write(json.dumps({"mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


def rendering(args: argparse.Namespace) -> None:
    """The whole package: HTML pages, PDF, archive, apart from the data."""
    chosen = people(args.customers, 8, seed=6)
    with Engine(url_of(args.customers)) as engine, folders() as folder:
        seconds = [engine.package(p, folder / f"{n}.zip") for n, p in enumerate(chosen)]
    for what in seconds[0]:
        median = statistics.median(s[what] for s in seconds)
        line(f"rendering: {what}", f"{1000 * median:.0f} ms", "")


# -- measuring -----------------------------------------------------------------------------


def rivals(
    ours: Callable[[int, Any], Any], theirs: Callable[[int, Any], Any]
) -> Callable[[int, Any], Figures]:
    """Run both for the same person, first the one and then the other, in turns."""

    def turn(number: int, person: Person | None) -> Figures:
        order = (ours, theirs) if number % 2 else (theirs, ours)
        taken = {run: measured(lambda run=run: run(number, person)) for run in order}
        return taken[ours], taken[theirs]

    return turn


Taken = tuple[float, float, float]
Figures = tuple[Taken, Taken]


def measured(run: Callable[[], Any]) -> Taken:
    """CPU of this process, wall clock, CPU of the database's processes; in seconds."""
    servers = backends()
    server = sum(map(cpu_of, servers))
    wall, cpu = time.perf_counter(), time.process_time()
    run()
    return time.process_time() - cpu, time.perf_counter() - wall, sum(map(cpu_of, servers)) - server


def backends() -> list[psutil.Process]:
    """The database's processes that serve somebody."""
    found = psutil.process_iter(["cmdline"])
    return [p for p in found if cmdline(p).startswith("postgres:") and "lofte_bench" in cmdline(p)]


def cmdline(process: psutil.Process) -> str:
    return " ".join(process.info["cmdline"] or ())


def cpu_of(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
        return times.user + times.system
    except psutil.NoSuchProcess:
        return 0.0


def report(what: str, figures: list[Figures], goal: float) -> None:
    """Medians of the ratios, and what they are ratios of."""
    for n, name in enumerate(("CPU", "wall")):
        ratio = statistics.median(a[n] / b[n] for a, b in figures)
        ours, theirs = (statistics.median(f[side][n] for f in figures) for side in (0, 1))
        wish = f"<= {goal}x" if name == "CPU" else ""
        line(f"{what}: {name}", f"{ratio:.2f}x  ({1000 * ours:.1f} / {1000 * theirs:.1f} ms)", wish)
    ours, theirs = (sum(f[side][2] for f in figures) for side in (0, 1))
    line(f"{what}: database CPU", f"{ours:.2f} / {theirs:.2f} s over {len(figures)}", "")


def line(what: str, figure: str, goal: str) -> None:
    sys.stdout.write(f"{what:44} {figure:34} {goal}\n")
    sys.stdout.flush()


def script_url(url: str) -> str:
    return sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def folders() -> Any:
    """A temporary folder as a Path."""

    class Folder(tempfile.TemporaryDirectory[str]):
        def __enter__(self) -> Any:
            return Path(super().__enter__())

    return Folder()


if __name__ == "__main__":
    main()

"""Erasure beside hand-written SQL that does the same, in one run, as ratios.

    python -m bench.erase                  # everything, about five minutes the first time
    python -m bench.erase --part one       # one | many | engine | floor | statements | others

The database is that of `bench.access`. Each side gets a copy of its own, the same persons in turns, open
connections and warm caches; at the end both copies are compared, table by table. Ours plans, asks for
holds, seals whole rows into the restore log, writes tombstones, evidence and ledger, and then answers:
letter, letters to recipients, the case closed (our own store is SQLite on the disk, as it comes). What the
second scanner takes is told apart: nobody does that by hand.

Two ratios are told: of wall clock (median of the rounds), and of all CPU, the asking process with the
database's processes, over all rounds; a busy machine disturbs that least. The database's is counted in
hundredths of a second.
"""

from __future__ import annotations

import argparse
import cProfile
import multiprocessing
import pstats
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any

import psycopg

from bench import erase_script
from bench.access import Figures, folders, line, measured, script_url
from bench.engine import Person
from bench.erase_engine import Eraser
from bench.world import copy_of, drop, id_of, people_closed, url_of

PARTS = ("one", "many", "engine", "floor", "statements", "others")
WARM = 6
_AT_MOST = 100.0
"""Seconds that `others` takes at most, begun passes ended."""
_WARM_CLIENT = 100
"""Transactions of another client before it is measured."""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--part", default="all", help=" | ".join(PARTS))
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--persons", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--passes", type=int, default=3, help="passes of many persons")
    parser.add_argument("--scanner", action="store_true", help="what a look of the second scanner takes, too")
    parser.add_argument("--profile", action="store_true", help="where our time goes")
    args, _ = parser.parse_known_args()  # `make bench` hands its ARGS to each bench
    url_of(args.customers)
    for name in PARTS:
        if args.part in (name, "all"):
            globals()[name](args)


def one(args: argparse.Namespace) -> None:
    """One person, warm, in turns."""
    chosen = people_closed(args.customers, args.rounds + WARM, seed=11)
    with Rivals(args) as rivals:
        for person in chosen[:WARM]:
            rivals.turn([person])
        figures = rivals.turns([[person] for person in chosen[WARM:]], profiled=args.profile)
        report("erasing one person", figures, goal=2.5)
        rivals.compare()
        if args.scanner:
            started = time.perf_counter()
            rivals.eraser.look()
            line("  a look of the second scanner, beside it", f"{time.perf_counter() - started:.1f} s", "")


def many(args: argparse.Namespace) -> None:
    """A thousand persons in one pass, three passes."""
    rounds = args.passes
    chosen = people_closed(args.customers, args.persons * rounds + WARM, seed=12)
    with Rivals(args) as rivals:
        for person in chosen[:WARM]:
            rivals.turn([person])
        groups = [chosen[WARM + n :: rounds][: args.persons] for n in range(rounds)]
        report(
            f"erasing {args.persons} persons set-wise",
            rivals.turns(groups, profiled=args.profile),
            goal=1.5,
        )
        rivals.compare()


def engine(args: argparse.Namespace) -> None:
    """Finding, planning and erasing alone, without our own store."""
    ones = people_closed(args.customers, args.rounds + WARM, seed=15)
    with Rivals(args, only_act=True) as rivals:
        for person in ones[:WARM]:
            rivals.turn([person])
        groups = [[person] for person in ones[WARM:]]
        report("one person, without our own store", rivals.turns(groups, profiled=args.profile), goal=2.5)
        rivals.compare()
    chosen = people_closed(args.customers, args.persons * args.passes + WARM, seed=16)
    with Rivals(args, only_act=True) as rivals:
        for person in chosen[:WARM]:
            rivals.turn([person])
        groups = [chosen[WARM + n :: args.passes][: args.persons] for n in range(args.passes)]
        figures = rivals.turns(groups, profiled=args.profile)
        report(f"{args.persons} persons, without our own store", figures, goal=1.5)
        rivals.compare()


def floor(args: argparse.Namespace) -> None:
    """The hand-written script beside itself, when it keeps what it erases: rows read out, sealed, on the
    disk. No plan, no looking again, no evidence, no letter: nobody who keeps a restore log is faster."""
    for persons, rounds in ((1, args.rounds), (args.persons, args.passes)):
        chosen = people_closed(args.customers, persons * rounds + WARM, seed=17)
        groups = [[person] for person in chosen[:WARM]]
        groups += [chosen[WARM + n :: rounds][:persons] for n in range(rounds)]
        copies = [copy_of(args.customers, side) for side in ("ours", "theirs")]
        figures: list[Figures] = []
        with tempfile.TemporaryFile() as kept, ExitStack() as stack:
            ours, theirs = (stack.enter_context(psycopg.connect(script_url(copy))) for copy in copies)
            for n, group in enumerate(groups):
                asked = [(p.email, p.personnummer) for p in group]
                keeping = partial(erase_script.erase, ours, asked, kept)
                plain = partial(erase_script.erase, theirs, asked)
                taken = {run: measured(run) for run in ((keeping, plain) if n % 2 else (plain, keeping))}
                figures.append((taken[keeping], taken[plain]))
        report(f"the script that keeps what it erases, {persons}", figures[WARM:], goal=0)
        for copy in copies:
            drop(copy)


def statements(args: argparse.Namespace) -> None:
    """How many statements go to the company's database: for one, and for many."""
    for persons in (1, args.persons):
        chosen = people_closed(args.customers, persons, seed=13)
        with Rivals(args) as rivals:
            rivals.eraser.erase(rivals.eraser.asked(chosen))
            made = rivals.eraser.statements
            datasets = rivals.eraser.datasets
            line(
                f"statements for {persons} person(s)",
                f"{made} over {datasets} datasets: {made / datasets:.2f} each",
                "<= 3",
            )


def others(args: argparse.Namespace) -> None:
    """What another client gets done while a pass erases, against the same time without. The client asks
    for less than the machine can give: it has a beat, half of what it manages at full speed, as programs
    of a company have. So what it loses is what we take from it, and not our share of two full cores. A
    client at full speed is told too: it loses what any other program on the machine would take. Short
    passes, and as many as two minutes hold: the median of few long ones says less."""
    ends, passes, persons = time.monotonic() + _AT_MOST, 5, min(args.persons, 100)
    chosen = people_closed(args.customers, persons * passes * 2, seed=14)
    with Rivals(args) as rivals:
        # Other customers than those who are erased: who writes to their rows makes us plan anew.
        left = sorted(set(range(1, args.customers + 1, 17)) - {person.number for person in chosen})
        theirs = [id_of(number) for number in left]
        client = Client(rivals.ours, theirs)
        _, full = client.during(lambda: time.sleep(2))
        groups = iter([chosen[n :: passes * 2] for n in range(passes * 2)])
        for beat, said, goal in ((full / 2, "at half of its speed", "<= 5 %"), (0.0, "at full speed", "")):
            lost = []
            for _ in range(passes):
                if lost and time.monotonic() > ends - (0 if beat == 0.0 else _AT_MOST / 2):
                    break
                asked = rivals.eraser.asked(next(groups))
                seconds, during = client.during(lambda asked=asked: rivals.eraser.erase(asked), beat)
                _, alone = client.during(lambda seconds=seconds: time.sleep(seconds), beat)
                lost.append(1 - during / alone)
            share = f"{100 * statistics.median(lost):.1f} % of {alone:.0f}/s"
            line(f"a client {said} loses", f"{share}, median of {len(lost)}", goal)


def report(what: str, figures: Sequence[Figures], goal: float) -> None:
    """The ratios, and what they are ratios of."""
    wall = statistics.median(a[1] / b[1] for a, b in figures)
    ours, theirs = (statistics.median(f[side][1] for f in figures) for side in (0, 1))
    wanted = f"<= {goal}x" if goal else ""
    line(f"{what}: wall", f"{wall:.2f}x  ({1000 * ours:.1f} / {1000 * theirs:.1f} ms)", wanted)
    ours, theirs = (sum(f[side][0] + f[side][2] for f in figures) / len(figures) for side in (0, 1))
    line(f"{what}: CPU of all", f"{ours / theirs:.2f}x  ({1000 * ours:.1f} / {1000 * theirs:.1f} ms)", "")
    for n, name in ((0, "the process"), (2, "the database")):
        ours, theirs = (sum(f[side][n] for f in figures) / len(figures) for side in (0, 1))
        line(f"  of it {name}", f"{1000 * ours:.1f} / {1000 * theirs:.1f} ms", "")


class Client:
    """Somebody else's program, in a process of its own: reads and writes these customers, one after
    another."""

    def __init__(self, url: str, customers: Sequence[int]) -> None:
        self._url = script_url(url)
        self._customers = customers

    def during(self, what: Callable[[], object], beat: float = 0.0) -> tuple[float, float]:
        """How long it took, and how many transactions a second came through meanwhile. With a `beat` it
        begins so many a second; one that comes late is made up for, as long as there is time."""
        spawned = multiprocessing.get_context("spawn")
        done, stop, ready = spawned.Value("q", 0), spawned.Event(), spawned.Event()
        process = spawned.Process(
            target=_work, args=(self._url, self._customers, beat, done, stop, ready), daemon=True
        )
        process.start()
        ready.wait(60)
        before, started = done.value, time.perf_counter()
        what()
        taken, made = time.perf_counter() - started, done.value - before
        stop.set()
        process.join(60)
        return taken, made / taken


def _work(url: str, customers: Sequence[int], beat: float, done: Any, stop: Any, ready: Any) -> None:
    with psycopg.connect(url) as db:
        started = time.perf_counter()
        while not stop.is_set():
            if beat:
                time.sleep(max(0.0, started + done.value / beat - time.perf_counter()))
            k = customers[done.value % len(customers)]
            db.execute("select * from customers where id = %s", (k,)).fetchall()
            db.execute("update customers set language = language where id = %s", (k,))
            db.commit()
            done.value += 1
            if done.value == _WARM_CLIENT:
                ready.set()


class Rivals:
    """Ours and theirs, each with a copy of the database of its own."""

    def __init__(self, args: argparse.Namespace, *, only_act: bool = False) -> None:
        self._customers = args.customers
        self._only_act = only_act
        self._number = 0

    def __enter__(self) -> Rivals:
        self.ours, self.theirs = (copy_of(self._customers, side) for side in ("ours", "theirs"))
        self._folder = folders()
        self.eraser = Eraser(self.ours, self._folder.__enter__())
        self._db = psycopg.connect(script_url(self.theirs))
        return self

    def __exit__(self, *error: Any) -> None:
        self._db.close()
        self.eraser.close()
        self._folder.__exit__(*error)
        drop(self.ours)
        drop(self.theirs)

    def turns(self, groups: Sequence[Sequence[Person]], *, profiled: bool) -> list[Figures]:
        """A figure for each group."""
        profile = cProfile.Profile() if profiled else None
        figures = [self.turn(group, profile) for group in groups]
        if profile is not None:
            pstats.Stats(profile).sort_stats("cumulative").print_stats(70)
        return figures

    def turn(self, persons: Sequence[Person], profile: cProfile.Profile | None = None) -> Figures:
        """Both erase the same persons, first the one and then the other, in turns."""
        self._number += 1
        what: Callable[[], None]
        if self._only_act:
            what = partial(self.eraser.act, persons)
        else:
            what = partial(self.eraser.erase, self.eraser.asked(persons))

        def ours() -> None:
            if profile is None:
                what()
            else:
                profile.runcall(what)

        def theirs() -> None:
            erase_script.erase(self._db, [(p.email, p.personnummer) for p in persons])

        order = (ours, theirs) if self._number % 2 else (theirs, ours)
        taken = {run: measured(run) for run in order}
        return taken[ours], taken[theirs]

    def compare(self) -> None:
        """Both copies must hold the same."""
        digests = [digests_of(url) for url in (self.ours, self.theirs)]
        unlike = sorted(name for name in digests[0] if digests[0][name] != digests[1][name])
        line("  both copies hold the same", "no: " + ", ".join(unlike) if unlike else "yes", "yes")


def digests_of(url: str) -> dict[str, str]:
    """A digest of every table."""
    with psycopg.connect(script_url(url)) as db:
        names = [str(name) for (name,) in db.execute(
            "select tablename from pg_tables where schemaname = 'public'").fetchall()]  # fmt: skip
        rows = "select md5(coalesce(string_agg(t::text, '|' order by id), '')) from "
        return {name: str(db.execute(f"{rows}{name} t".encode()).fetchone()) for name in names}


if __name__ == "__main__":
    sys.exit(main())

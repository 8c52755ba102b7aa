"""The long version of the random erasures: `python -m tests.engine.soak 50000`.

Each seed is a random schema in a database of its own: SQLite, or `--on postgres`, `--on mariadb`.
What is wrong is printed with the seed as soon as it is found, and the command ends with 1.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tests.engine.asking import settle as settle_plain
from tests.engine.asking import trial as access
from tests.engine.dressing import dress
from tests.engine.erasing import request, trial, world_of
from tests.engine.expecting import ask
from tests.engine.furnishing import settle
from tests.engine.test_differential import COLLATIONS
from tests.engine.worlds import make
from tests.services import mariadb_database, postgres_database

STEP = 20
"""Seeds that a worker takes at a time."""
ACCESS = 10
"""Each so many-th seed is asked for access as well."""


@contextmanager
def database(on: str, seed: int, folder: str) -> Iterator[str]:
    """The URL of an empty database, which is taken away afterwards."""
    match on:
        case "postgres":
            with postgres_database() as url:
                yield url
        case "mariadb":
            with mariadb_database(COLLATIONS[seed % len(COLLATIONS)]) as url:
                yield url
        case _:
            path = f"{folder}/{seed}.sqlite3"
            try:
                yield f"sqlite:///{path}"
            finally:
                os.unlink(path)


def erase(seed: int, url: str, reached: Counter[str] | None = None) -> str:
    """What is wrong after the erasure of this seed; empty = nothing."""
    dressed = dress(world_of(seed))
    return trial(dressed, settle(dressed, url), url, request(dressed, random.Random(seed)), reached)


def give(seed: int, url: str) -> str:
    """What is wrong in the answer to a request for access; empty = nothing."""
    world = make(seed)
    return access(world, settle_plain(world, url), url, ask(world, random.Random(seed)))


def some(start: int, stop: int, on: str) -> tuple[int, list[str], Counter[str]]:
    """The findings of these seeds, and what their worlds held."""
    warnings.simplefilter("ignore")
    reached: Counter[str] = Counter()
    wrong = []
    with tempfile.TemporaryDirectory(prefix="lofte-oracle-") as folder:
        for seed in range(start, stop):
            with database(on, seed, folder) as url:
                wrong.append(erase(seed, url, reached))
            if seed % ACCESS == 0:
                with database(on, seed, folder) as url:
                    wrong.append(give(seed, url))
    return stop - start, [each for each in wrong if each], reached


def main() -> int:
    arguments = argparse.ArgumentParser(description="Random schemas, erased and compared.")
    arguments.add_argument("number", type=int, help="how many schemas")
    arguments.add_argument("--from", dest="start", type=int, default=100_000, help="the first seed")
    arguments.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    arguments.add_argument("--on", choices=("sqlite", "postgres", "mariadb"), default="sqlite")
    given = arguments.parse_args()
    stop = given.start + given.number
    starts = range(given.start, stop, STEP)
    found, reached = 0, Counter[str]()
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar, ProcessPoolExecutor(given.workers) as pool:
        task = bar.add_task("schemas", total=given.number)
        for done, wrong, held in pool.map(
            some, starts, [min(n + STEP, stop) for n in starts], [given.on] * len(starts)
        ):
            bar.update(task, advance=done)
            reached.update(held)
            found += len(wrong)
            for each in wrong:
                print(each, flush=True)
    print(f"{given.number} schemas, {found} wrong; worlds that held each construct:")
    print("\n".join(f"{count:>8}  {name}" for name, count in sorted(reached.items())))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

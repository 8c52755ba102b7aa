"""The long version of the random erasures: `python -m tests.engine.soak 50000`.

Each seed is a random schema in a SQLite database of its own. What is wrong is printed with the
seed as soon as it is found, and the command ends with 1.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import warnings
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tests.engine.asking import settle as settle_plain
from tests.engine.asking import trial as access
from tests.engine.dressing import dress
from tests.engine.erasing import request, trial, world_of
from tests.engine.expecting import ask
from tests.engine.furnishing import settle
from tests.engine.worlds import make

STEP = 20
"""Seeds that a worker takes at a time."""
ACCESS = 10
"""Each so many-th seed is asked for access as well."""


def erase(seed: int, folder: str, reached: Counter[str] | None = None) -> str:
    """What is wrong after the erasure of this seed; empty = nothing."""
    dressed, path = dress(world_of(seed)), f"{folder}/{seed}.sqlite3"
    url = f"sqlite:///{path}"
    try:
        return trial(dressed, settle(dressed, url), url, request(dressed, random.Random(seed)), reached)
    finally:
        os.unlink(path)


def give(seed: int, folder: str) -> str:
    """What is wrong in the answer to a request for access; empty = nothing."""
    world, path = make(seed), f"{folder}/{seed}.sqlite3"
    url = f"sqlite:///{path}"
    try:
        return access(world, settle_plain(world, url), url, ask(world, random.Random(seed)))
    finally:
        os.unlink(path)


def some(start: int, stop: int) -> tuple[int, list[str], Counter[str]]:
    """The findings of these seeds, and what their worlds held."""
    warnings.simplefilter("ignore")
    reached: Counter[str] = Counter()
    wrong = []
    with tempfile.TemporaryDirectory(prefix="lofte-oracle-") as folder:
        for seed in range(start, stop):
            wrong.append(erase(seed, folder, reached))
            wrong += [give(seed, folder)] if seed % ACCESS == 0 else []
    return stop - start, [each for each in wrong if each], reached


def main() -> int:
    arguments = argparse.ArgumentParser(description="Random schemas, erased and compared.")
    arguments.add_argument("number", type=int, help="how many schemas")
    arguments.add_argument("--from", dest="start", type=int, default=100_000, help="the first seed")
    arguments.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    given = arguments.parse_args()
    stop = given.start + given.number
    starts = range(given.start, stop, STEP)
    found, reached = 0, Counter[str]()
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar, ProcessPoolExecutor(given.workers) as pool:
        task = bar.add_task("schemas", total=given.number)
        for done, wrong, held in pool.map(some, starts, [min(n + STEP, stop) for n in starts]):
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

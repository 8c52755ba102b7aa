"""The fault sweep: each flow that writes is stopped at every call with which it writes.

A flow runs once without faults, and its calls are counted. Then it runs again for each fault: killed
at the n-th call, or told by it that the disk is broken (EIO) or full (ENOSPC), once or from then on.
After each the same thing is done again, and everything is compared with the run without faults.

The long version: `python -m tests.faults.sweep 5000`.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tests.faults.durable import waited_for
from tests.faults.tracing import NAMES, OPENS, SIZES, SYNCS, WIRE, WRITES, Call, calls, count, inject, strace

ROOT = Path(__file__).parents[2]
FULL = "full"
"""From this call on, no write and no new file finds room."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One fault in one flow."""

    flow: str
    call: Call
    kind: str
    """SIGKILL, an error, or `full`."""
    with_: tuple[str, ...]
    """As strace is told."""

    def __str__(self) -> str:
        return f"{self.flow}: {self.kind} at {self.call.name} {self.call.number} ({self.call.about[:100]})"


@dataclass(frozen=True, kw_only=True, slots=True)
class Ran:
    """How a run with a fault went."""

    fault: Fault
    reached: bool
    """The fault came."""
    ended: str
    """`done`, `killed`, or the error that the flow ended with."""
    named: bool
    """It is an error of ours, that says what to do."""
    wrong: tuple[str, ...]
    said: tuple[dict[str, Any], ...]

    @property
    def unnamed(self) -> bool:
        """It ended with an error that is none of ours, though something had been begun: who only opens
        or reads a store that cannot be read is told so by the program."""
        return self.ended not in ("done", "killed") and not self.named and self.begun

    @property
    def begun(self) -> bool:
        """Something of ours was made lasting before it ended."""
        return any("entries" in each for each in self.said)


class Zygote:
    """The process that forks the runs."""

    def __init__(self) -> None:
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("LOFTE_", "DJANGO_"))}
        self._folder = tempfile.mkdtemp(prefix="lofte-faults-home-")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.zygote"],
            cwd=ROOT,
            env={**environment, "LOFTE_HOME": self._folder, "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        told = self._answer()
        self.flows: dict[str, str] = told["flows"]
        """Each flow, and when it is done."""
        self.on_postgres: tuple[str, ...] = tuple(told["on_postgres"])
        self.start: str = told["start"]

    def ask(self, **command: Any) -> dict[str, Any]:
        """Have something done in a child; a child that is to be stopped first answers with its pid."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(command, default=str) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def rest(self) -> dict[str, Any]:
        """The second answer, of a child that was stopped."""
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the zygote is gone; what it said stands above")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(20)
        shutil.rmtree(self._folder, ignore_errors=True)


class Sweep:
    """One flow: what stands before it, how it ends without faults, and the faults it can meet."""

    def __init__(self, zygote: Zygote, flow: str, folder: Path, shop: str = "", *, seed: str = "") -> None:
        self._zygote, self.flow, self._folder = zygote, flow, folder
        self._shop, self._seed = shop, seed
        self._now = zygote.flows[flow]
        self._numbers = itertools.count()
        self._template = folder / "template"
        self._template.mkdir(parents=True)
        self._plain("make", self._template)
        self._plain("before", self._template, now=zygote.start)
        self.first = self._told("look", self._template)["now"]["shop"]
        self.wanted: Any = None
        self.calls: tuple[Call, ...] = ()
        self._count()

    # -- without faults --------------------------------------------------------------------------

    def _count(self) -> None:
        """Run it without faults: its calls, and how it ends."""
        with self._copy() as place:
            pid = self._command("act", place, stop=True, seed=self._seed)["pid"]
            tracer = count(pid, place / "calls.txt")
            answer = self._zygote.rest()
            log = tracer.end()
            done = answer["said"][-1] if answer["said"] else {}
            if not done.get("done"):
                raise RuntimeError(f"{self.flow} does not work without faults: {done.get('says', answer)}")
            self.log, self.said = log.replace(str(place), "@"), answer["said"]
            self.made = tuple(calls(self.log, pid))
            self.calls = tuple(each for each in self.made if _ours(each))
            self.wanted = self._told("look", place)["now"]

    def unwaited(self) -> list[str]:
        """What was acknowledged before it was durable."""
        files = [path for path in self._template.rglob("*") if path.is_file()]
        there = [str(path.relative_to(self._template)) for path in files]
        return waited_for([each for each in self.made if _ours(each) or each.name == "sendmsg"], there)

    def faults(self) -> list[Fault]:
        """Every fault that this flow can meet."""
        return [fault for at, call in enumerate(self.calls) for fault in self._of(at, call)]

    def _of(self, at: int, call: Call) -> Iterator[Fault]:
        kinds: Sequence[str] = ()
        if call.name in (*WRITES, *SYNCS, *NAMES, *SIZES) or (call.name in OPENS and call.creates):
            kinds = ("SIGKILL", "EIO", "ENOSPC")
        elif call.name in WIRE:
            kinds = ("SIGKILL", "ECONNRESET")
        for kind in kinds:
            what = f"signal={kind}" if kind == "SIGKILL" else f"error={kind}"
            with_ = (f"{call.name}:{what}:when={call.number}",)
            yield Fault(flow=self.flow, call=call, kind=kind, with_=with_)
        if call.name in (*WRITES, *SIZES):
            yield Fault(flow=self.flow, call=call, kind=FULL, with_=tuple(self._from_here(at)))

    def _from_here(self, at: int) -> Iterator[str]:
        """Every kind of write, from the one of it that comes next."""
        seen = set()
        for call in self.calls[at:]:
            if call.name in (*WRITES, *SIZES) and call.name not in seen:
                seen.add(call.name)
                yield f"{call.name}:error=ENOSPC:when={call.number}+"

    # -- with faults ------------------------------------------------------------------------------

    def run(self, fault: Fault, seed: str = "") -> Ran:
        """Run it with a fault, do it again, and look."""
        with self._copy() as place:
            pid = self._command("act", place, stop=True, seed=seed)["pid"]
            tracer = inject(pid, place / "faults.txt", *fault.with_)
            answer = self._zygote.rest()
            log = tracer.end()
            reached = answer["killed"] or "(INJECTED)" in log
            last = answer["said"][-1] if answer["said"] else {}
            ended = "killed" if answer["killed"] else "done" if last.get("done") else last.get("error", "?")
            wrong = [] if ended != "?" else ["it ended without a word"]
            wrong += self._look_again(place, answer["said"], seed)
            return Ran(
                fault=fault,
                reached=reached,
                ended=ended,
                named=bool(last.get("named")),
                wrong=tuple(wrong),
                said=tuple(answer["said"]),
            )

    def _look_again(self, place: Path, said: Any, seed: str) -> list[str]:
        answer = self._command("again", place, said=said, wanted=self.wanted, first=self.first, seed=seed)
        last = answer["said"][-1] if answer["said"] else {"says": "nothing was said"}
        if "wrong" not in last:
            return [f"looking again failed: {last.get('says')}"]
        wrong: list[str] = last["wrong"]
        return wrong

    # -- children ---------------------------------------------------------------------------------

    @contextmanager
    def _copy(self) -> Iterator[Path]:
        """What stood before the flow, anew."""
        place = self._folder / str(next(self._numbers))
        shutil.copytree(self._template, place)
        if self._shop:
            self._fill()
        try:
            yield place
        finally:
            shutil.rmtree(place)

    def _command(self, do: str, place: Path, **more: Any) -> dict[str, Any]:
        shop = self._shop or f"sqlite:///{place / 'shop.sqlite3'}"
        more = {"now": self._now, **more}
        return self._zygote.ask(do=do, flow=self.flow, folder=str(place), shop=shop, **more)

    def _plain(self, do: str, place: Path, **more: Any) -> dict[str, Any]:
        answer = self._command(do, place, **more)
        for said in answer["said"]:
            if "error" in said:
                raise RuntimeError(said["says"])
        return answer

    def _told(self, do: str, place: Path) -> dict[str, Any]:
        told: dict[str, Any] = self._plain(do, place)["said"][-1]
        return told

    def _fill(self) -> None:
        self._plain("refill", self._template)


def _ours(call: Call) -> bool:
    """It is about our files, or the wire to the shop."""
    if call.name in WIRE:
        return "TCP" in call.about
    return ("@/" in call.about or "<@>" in call.about) and "@/calls.txt" not in call.about


def chosen(faults: Sequence[Fault], number: int, *, seed: str) -> list[Fault]:
    """So many of them: of each name and kind of call alike many, as far as there are; the same each time."""
    chance = random.Random(seed)
    groups: dict[tuple[str, str, str], list[Fault]] = {}
    for fault in faults:
        file = fault.call.about.partition(">")[0].rpartition("/")[2].rpartition(".")[2]
        groups.setdefault((fault.call.name, fault.kind, file), []).append(fault)
    for group in groups.values():
        chance.shuffle(group)
    taken: list[Fault] = []
    queues = list(groups.values())
    chance.shuffle(queues)
    while len(taken) < number and any(queues):
        taken += [group.pop() for group in queues if group]
    return taken[:number]


def _swept(flow: str, part: int, parts: int, number: int) -> Iterator[Ran]:
    """A part of the faults of a flow, in a process of its own."""
    from tests.services import postgres_database

    with ExitStack() as stack, tempfile.TemporaryDirectory(prefix="lofte-faults-") as folder:
        zygote = Zygote()
        stack.callback(zygote.close)
        shop = stack.enter_context(postgres_database()) if flow in zygote.on_postgres else ""
        sweep = Sweep(zygote, flow, Path(folder) / flow, shop)
        faults = chosen(sweep.faults(), number, seed=flow)[part::parts]
        yield from map(sweep.run, faults)


def _told(given: tuple[str, int, int, int]) -> tuple[str, int, list[str], Counter[str]]:
    flow, part, parts, number = given
    wrong: list[str] = []
    ends: Counter[str] = Counter()
    for ran in _swept(flow, part, parts, number):
        ends[ran.ended if ran.reached else "not reached"] += 1
        wrong += [f"{ran.fault}\n    {each}" for each in ran.wrong]
        wrong += [f"{ran.fault}\n    it ends with {ran.ended}"] if ran.unnamed else []
    return flow, sum(ends.values()), wrong, ends


def main() -> int:
    """Sweep, show how far it is, and say what was found."""
    arguments = argparse.ArgumentParser(description="Stop every flow at every call with which it writes.")
    arguments.add_argument("number", type=int, help="how many faults, shared among the flows")
    arguments.add_argument("--flow", action="append", help="only this flow; more than once")
    arguments.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    given = arguments.parse_args()
    strace()
    zygote = Zygote()
    flows = given.flow or list(zygote.flows)
    zygote.close()
    each = -(-given.number // len(flows))
    parts = min(4, 1 + each // 20)  # each part makes its flow anew first
    work = [(flow, part, parts, each) for flow in flows for part in range(parts)]
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    met, found, ends = 0, 0, Counter[str]()
    with (
        Progress(*columns, console=Console(stderr=True)) as bar,
        ProcessPoolExecutor(given.workers) as pool,
    ):
        task = bar.add_task("faults", total=each * len(flows))
        for _, number, wrong, ended in pool.map(_told, work):
            bar.update(task, advance=number)
            met, found, ends = met + number, found + len(wrong), ends + ended
            for line in wrong:
                print(line, flush=True)
    print(f"{met} faults, {found} wrong; how the flows ended:")
    print("\n".join(f"{count:>8}  {name}" for name, count in ends.most_common()))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

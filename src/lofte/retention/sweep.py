"""The sweep: what has had its time leaves, and nothing else (art. 5.1 e).

Hard rules:
- Nothing is done that nobody has seen: the first time a rule reaches a dataset, somebody approves it.
- An unusual count stops its dataset and gives an alarm; the others go on.
- A clock that is doubted stops everything.
- Intent before act: what is ahead has its numbers in the ledger before a row is touched.
- Children before parents; what is pointed at waits.
- One sweep at a time. One that was stopped goes on where it was, under the same policy and map; under
  others it is ended, and the next one counts anew. Either way nothing is done twice: what is gone is not
  past its time any more.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db.models import Sum

from lofte.connectors.sweeping import SweepingSession
from lofte.datamap.digest import digest as map_digest
from lofte.errors import Conflict, FaultsFound, LedgerClosed, LofteError, Refused
from lofte.execution import journal, runner
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.execution.journal import Claim
from lofte.ledger.kinds import Kind, Value
from lofte.plan.due import Fate, timing
from lofte.plan.sweep import ARTICLE, points_at_itself
from lofte.policy.digest import digest as policy_digest
from lofte.requests import sealing
from lofte.retention import ahead, clock, part
from lofte.retention.ahead import Connect, Task
from lofte.retention.models import Line, Outcome, Part, Stop, Sweep, SweepEnd
from lofte.retention.pace import Pace, Paused, insist_going
from lofte.retention.systems import Systems, opening

SWEEP = "sweep"
SIZE = 5_000
"""Rows of one part."""
_FAILURES = ("unreachable", "broken", "conflict")
Progress = Callable[[Line, int], None]
"""Told after each part: the line, and how many rows have been looked at."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Swept:
    """How a sweep went."""

    ref: str
    as_of: date
    outcome: Outcome
    lines: tuple[Line, ...]
    stops: tuple[Stop, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Manner:
    """How a sweep goes about it: rows of a part, whom it tells, how gently."""

    size: int
    tell: Progress
    pace: Pace


def silent(line: Line, rows: int) -> None:
    """Tell nobody."""


def sweep(
    house: House,
    connect: Connect,
    *,
    as_of: date | None = None,
    system: str = "",
    rule: str = "",
    wide: str = "",
    by: str = "",
    size: int = SIZE,
    tell: Progress = silent,
    pace: Pace | None = None,
) -> Swept:
    """Let everything go whose time is out by the start of `as_of` (today). `wide` says why unusual counts
    are let through. What fails is told in the stops and tried again the next time; `pace` is how gently it
    goes. Raises Refused (`clock.ClockDoubted`, `pace.Paused`), Conflict (one is at work), LedgerClosed."""
    on = as_of or house.today
    if on > house.today:
        raise Refused("a day that has not come sweeps nothing; leave out --as-of, or add --dry-run")
    insist_going()
    with alone(house):
        clock.insist(house)
        wanted = _digest(house, on, system, rule, wide.strip())
        _end_others(house, connect, wanted)
        run = Sweep.objects.filter(end=None, digest=wanted).first()
        if run is None:
            found = ahead.tasks(house, connect, on, system=system, rule=rule, wide=bool(wide.strip()))
            run = _begin(house, on, wanted, found, wide.strip(), by)
        journal.free(f"{runner.owner(SWEEP).rsplit(':', 2)[0]}:")
        _carry_out(house, connect, run, _Manner(size=size, tell=tell, pace=pace or Pace(share=0)))
        return _end(house, run)


@contextmanager
def alone(house: House) -> Iterator[None]:
    """One sweep at a time on this installation. Raises Conflict."""
    handle = os.open(house.folder / "sweep.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Conflict("a sweep is at work already; wait for it, or stop it") from error
        yield
    finally:
        os.close(handle)


# -- beginning and ending ---------------------------------------------------------------------------------


def _begin(house: House, on: date, digest: str, found: Sequence[Task], wide: str, by: str) -> Sweep:
    ref = secrets.token_hex(16)
    with recorded(house):
        run = Sweep.objects.create(
            ref=ref,
            as_of=on,
            at=house.now,
            by=by,
            policy_version=house.policy_version,
            digest=digest,
            wide=sealing.seal_text(house.keys.wrapping, wide, "wide", ref) if wide else b"",
        )
        steps = []
        for task in found:
            if task.why:
                _stop(house, run, task)
                continue
            line = Line.objects.create(
                sweep=run,
                system=task.system,
                dataset=task.dataset,
                fate=task.fate,
                rules=list(task.rules),
                rows=task.rows,
                waiting=task.waiting,
                unknown=task.unknown,
                wrong=task.wrong,
                oldest=task.oldest,
                newest=task.newest,
            )
            if task.rows:
                steps.append((SWEEP, f"line-{line.pk}"))
                _intend(house, run, task, by)
        journal.begin(ref, steps, house.now)
    return run


def _intend(house: House, run: Sweep, task: Task, by: str) -> None:
    said: dict[str, Any] = {
        "article": ARTICLE,
        "as_of": run.as_of.isoformat(),
        "system": task.system,
        "dataset": task.dataset,
        "fate": task.fate.value,
        "rows": task.rows,
        "waiting": task.waiting,
        "held": task.held,
        "unknown": task.unknown,
        "wrong": task.wrong,
        "digest": task.digest,
        **({"by": by} if by else {}),
    }
    note(Kind.SWEEP_INTENDED, run.ref, said, at=house.now, policy_version=house.policy_version)


def _stop(house: House, run: Sweep, task: Task) -> None:
    """In the caller's transaction. What has no rows needs nobody's word."""
    if not task.rows and task.why in ("unapproved", "unusual"):
        return
    at = {"system": task.system, "dataset": task.dataset, "fate": task.fate.value}
    counts = {"rows": task.rows, "usual": task.usual}
    Stop.objects.create(sweep=run, why=task.why, at=house.now, **at, **counts)
    note(Kind.SWEEP_STOPPED, run.ref, {**at, **counts, "why": task.why}, at=house.now,
         policy_version=house.policy_version)  # fmt: skip


def _end(house: House, run: Sweep) -> Swept:
    lines, stops = tuple(run.lines.all()), tuple(run.stops.order_by("id"))
    outcome = Outcome.STOPPED if stops else Outcome.DONE
    sums = run.lines.aggregate(
        gone=Sum("gone"), changed=Sum("changed"), held=Sum("held"), unknown=Sum("unknown")
    )
    with recorded(house):
        SweepEnd.objects.create(sweep=run, outcome=outcome, at=house.now)
        said: dict[str, Value] = {"as_of": run.as_of.isoformat(), "stopped": len(stops)}
        said |= {name: int(number or 0) for name, number in sums.items()}
        note(Kind.SWEEP_ENDED, run.ref, said, at=house.now, policy_version=house.policy_version)
    return Swept(ref=run.ref, as_of=run.as_of, outcome=outcome, lines=lines, stops=stops)


def _end_others(house: House, connect: Connect, wanted: str) -> None:
    """What became of the last parts of earlier sweeps is found out; those that were stopped and cannot go
    on as they were are ended. A system that does not answer is asked again the next time."""
    going = Sweep.objects.filter(end=None, digest=wanted).values("pk")
    waiting = Line.objects.filter(parts__told_at=None, parts__isnull=False).exclude(sweep__in=going)
    for line in waiting.distinct():
        _settle(house, connect, line)
    for run in Sweep.objects.filter(end=None).exclude(digest=wanted).order_by("id"):
        if Part.objects.filter(line__sweep=run, told_at=None).exists():
            continue
        with recorded(house):
            Stop.objects.create(sweep=run, why="conflict", at=house.now)
            said = {"why": "conflict"}
            note(Kind.SWEEP_STOPPED, run.ref, said, at=house.now, policy_version=house.policy_version)
        _end(house, run)


def _digest(house: House, on: date, *asked: str) -> str:
    told = [policy_digest(house.policy), map_digest(house.datamap), on.isoformat(), *asked]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


# -- the lines ----------------------------------------------------------------------------------------------


def _carry_out(house: House, connect: Connect, run: Sweep, manner: _Manner) -> None:
    owner = runner.owner(SWEEP)
    with opening(house, connect) as systems:
        while claim := journal.claim(owner, house.now, request=run.ref, kinds=[SWEEP]):
            line = Line.objects.get(pk=int(claim.target.removeprefix("line-")))
            try:
                work = _work(house, systems, line)
                part.settle(work)
                _rounds(work, claim, manner)
                journal.complete(house, claim, {"rows": line.gone + line.changed})
            except (LedgerClosed, Paused):
                raise
            except LofteError as error:
                why = _reason(error)
                journal.fail(house, claim, why if why in _FAILURES else "unknown")
                fate = Fate(line.fate)
                task = Task(system=line.system, dataset=line.dataset, fate=fate, rows=line.rows, why=why)
                with recorded(house):
                    _stop(house, run, task)
                systems.close()
                _settle(house, connect, line)


def _settle(house: House, connect: Connect, line: Line) -> bool:
    """Find out what became of the parts of a line whose answer was lost. False = not now."""
    try:
        with opening(house, connect) as systems:
            part.settle(_work(house, systems, line))
    except LedgerClosed:
        raise
    except LofteError:
        return False
    return True


def _work(house: House, systems: Systems, line: Line) -> part.Work:
    try:
        system = house.datamap.system(line.system)
        timed = timing(house.policy, system.datasets[line.dataset])
    except KeyError as error:
        raise Conflict("the data map has changed while a sweep was stopped; put it back to end it") from error
    there = systems.there(system)
    return part.Work(
        house=house,
        line=line,
        system=system,
        connector=there.connector,
        timing=timed,
        on=line.sweep.as_of,
        held=there.held,
    )


def _rounds(work: part.Work, claim: Claim, manner: _Manner) -> None:
    """All rows of a line. Where rows of a dataset point at each other, those that nobody points at go
    first, round after round, until only those are left that must wait."""
    with work.connector.session() as looking:
        due = cast(SweepingSession, looking).due(work.house.policy.controller.fiscal_year_end)
        itself = work.fate.goes and points_at_itself(work.line.dataset, due.ties)
    while itself and _round(work, claim, manner, last=False):
        pass
    _round(work, claim, manner, last=True)


def _round(work: part.Work, claim: Claim, manner: _Manner, *, last: bool) -> int:
    """One pass over the rows, page by page; returns how many went. Raises Paused between two pages."""
    after: tuple[Any, ...] | None = None
    gone = looked = 0
    while True:
        insist_going()
        began = time.monotonic()
        with work.connector.session() as looking:
            due = cast(SweepingSession, looking).due(work.house.policy.controller.fiscal_year_end)
            use = work.fate is Fate.MINIMISE
            shrink = ahead.shrunk(work.system, due, work.line.dataset, work.fate)
            page = due.page(
                work.line.dataset,
                work.timing,
                work.on,
                use=use,
                after=after,
                size=manner.size,
                shrink=shrink,
            )
        rows = [row for row in page.rows if row.fate is work.fate]
        if rows:
            begun = part.begin(work, rows)
            told = part.act(work, rows, last=last)
            part.tell(work, begun, told)
            journal.renew(claim, work.house.now)
            gone += told.gone
            looked += len(rows)
            manner.tell(work.line, looked)
            manner.pace.rest(time.monotonic() - began)
        if (after := page.last) is None:
            return gone


def _reason(error: LofteError) -> str:
    return "faults" if isinstance(error, FaultsFound) else runner.reason(error)

"""One part of a sweep: some rows of one dataset, let go or changed in one transaction of their system.

Hard rules:
- The part stands in our store, with its keys sealed, before a row is touched.
- Holds and restrictions are looked up inside the transaction, and once more before it is made lasting.
  One that came in between undoes it, and the part is done anew.
- Rows go by statements that ask again whether their time is out. What the database would do by itself
  is planned like an erasure, row by row.
- What was done, its counts and its entry in the ledger commit together; then the keys go.
- An answer that was lost is not guessed: which of the keys are gone is read from the system.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from lofte.connectors.protocol import Acting, Changes, Erasing
from lofte.connectors.sweeping import DueRow, DueRows, SweepingSession
from lofte.consent.suppress import PlacedFor, suppress
from lofte.datamap.document import System
from lofte.errors import Conflict, FaultsFound, Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.execution.store import writing
from lofte.fault import Fault, Place
from lofte.ledger.kinds import Kind
from lofte.plan import sweep as sweeping
from lofte.plan.due import Fate, Timing
from lofte.plan.living import Row
from lofte.plan.records import DatasetRef, Verb
from lofte.requests import sealing
from lofte.retention.held import Held
from lofte.retention.models import Line, Part

TRIES = 3
"""Times that a part is done anew when a hold or another program comes in between."""


@dataclass(kw_only=True, slots=True)
class Work:
    """One line of a sweep, while it is at work in its system."""

    house: House
    line: Line
    system: System
    connector: Erasing
    timing: Timing
    on: date
    held: Held

    @property
    def fate(self) -> Fate:
        """What becomes of its rows."""
        return Fate(self.line.fate)


@dataclass(kw_only=True, slots=True)
class Told:
    """What became of the rows of a part."""

    gone: int = 0
    changed: int = 0
    held: int = 0
    waiting: int = 0
    """Rows that others point at."""
    unclear: int = 0


@dataclass(kw_only=True, slots=True)
class _Rows:
    """The rows of a part by what can be done with them."""

    free: list[DueRow] = field(default_factory=list)
    pointed: list[DueRow] = field(default_factory=list)
    held: set[Row] = field(default_factory=set)


def begin(work: Work, rows: Sequence[DueRow]) -> Part:
    """Write down which rows are about to be touched."""
    keys = json.dumps([row.key for row in rows], ensure_ascii=False)
    with writing():
        number = work.line.parts.count() + 1
        ref = work.line.sweep.ref
        sealed = sealing.seal_text(work.house.keys.wrapping, keys, "sweep", f"{ref}-{work.line.pk}-{number}")
        return Part.objects.create(line=work.line, number=number, rows=len(rows), keys=sealed)


def act(work: Work, rows: Sequence[DueRow], *, last: bool) -> Told:
    """Do it in the system. On the `last` round rows that must wait for others are made small, and counted
    with those that are held. Raises Conflict, Unreachable, Broken, FaultsFound."""
    for left in range(TRIES - 1, -1, -1):
        try:
            with work.connector.acting() as acting:
                session = cast(SweepingSession, acting)
                told = _in_one(work, session, rows, last=last)
                work.held.insist_same()
            return told
        except Conflict:
            if not left:
                raise
    raise AssertionError  # the loop returns or raises


def tell(work: Work, part: Part, told: Told) -> None:
    """What became of it, its counts and its entry, together; the keys go."""
    house, line = work.house, work.line
    with recorded(house):
        part.gone, part.changed, part.held = told.gone, told.changed, told.held
        part.waiting, part.unclear = told.waiting, told.unclear
        part.keys, part.told_at = b"", house.now
        part.save()
        line.gone += told.gone
        line.changed += told.changed
        line.held += told.held
        line.save()
        note(
            Kind.SWEEP_DONE,
            line.sweep.ref,
            {
                "system": line.system,
                "dataset": line.dataset,
                "fate": line.fate,
                "part": part.number,
                "gone": told.gone,
                "changed": told.changed,
                "held": told.held,
                "waiting": told.waiting,
                "unclear": told.unclear,
            },
            at=house.now,
            policy_version=house.policy_version,
        )


def settle(work: Work) -> None:
    """Find out what became of parts whose answer was lost: what is gone is gone, the rest is looked at
    again."""
    for part in work.line.parts.filter(told_at=None).order_by("number"):
        ref = f"{work.line.sweep.ref}-{work.line.pk}-{part.number}"
        opened = sealing.unseal_text(work.house.keys.wrapping, part.keys, "sweep", ref)
        keys = [tuple(key) for key in json.loads(opened)]
        with work.connector.session() as looking:
            there = _due(work, cast(SweepingSession, looking)).there(work.line.dataset, keys)
        goes = work.fate.goes
        gone = len(keys) - len(there) if goes else 0
        tell(work, part, Told(gone=gone, unclear=0 if goes else len(keys)))


def _in_one(work: Work, session: SweepingSession, rows: Sequence[DueRow], *, last: bool) -> Told:
    held, unclear = work.held.rows(session)
    if work.line.dataset in unclear:
        raise Refused("rows of a held person cannot be told from another's here; nothing went")
    dataset, due = work.line.dataset, _due(work, session)
    parted = _parted(dataset, rows, held)
    told = Told(held=len(parted.held), waiting=len(parted.pointed)) if last else Told()
    if work.fate is Fate.SUPPRESS and parted.free:
        found = due.identities(dataset, {row.key for row in parted.free}, work.on)
        suppress(work.house, found, why=PlacedFor.UNSUBSCRIBE)
    planned = parted.pointed if last else []
    if not work.fate.goes:
        planned, told.waiting = [*parted.free, *parted.pointed], 0
    elif due.careful(dataset):
        planned = [*parted.free, *planned]
    elif parted.free:
        told.gone = due.remove(dataset, work.timing, work.on, parted.free)
    if planned:
        done = _planned(work, session, planned)
        told.gone += done[Verb.DELETE]
        told.changed += done[Verb.CHANGE]
    return told


def _parted(dataset: str, rows: Sequence[DueRow], held: Collection[Row]) -> _Rows:
    found = _Rows()
    for row in rows:
        if (dataset, row.key) in held:
            found.held.add((dataset, row.key))
        else:
            (found.pointed if row.pointed else found.free).append(row)
    return found


def _planned(work: Work, session: SweepingSession, rows: Sequence[DueRow]) -> Mapping[Verb, int]:
    """What must be planned row by row: changes, and rows at which the database acts by itself. Rows whose
    time is not out any more are left."""
    dataset, keys = work.line.dataset, {row.key for row in rows}
    if not work.system.datasets[dataset].subject:
        raise FaultsFound([_nobodys(work)])
    still = _due(work, session).page(
        dataset, work.timing, work.on, use=work.fate is Fate.MINIMISE, after=None, size=len(keys), only=keys
    )
    fates = {(dataset, row.key): row.fate for row in still.rows if row.fate is work.fate}
    facts = cast(Acting, session).facts_of({dataset: {key for _, key in fates}}, work.on)
    plan = sweeping.plan(
        work.house.policy,
        work.house.datamap,
        facts,
        fates,
        work.on,
        pointed={(dataset, row.key) for row in still.rows if row.pointed},
    )
    acted = session.act(plan, _keep_nothing)
    done: Counter[Verb] = Counter()
    for each in acted.done:
        done[each.verb] += each.rows
    return done


def _nobodys(work: Work) -> Fault:
    return Fault(
        number="T001",
        place=Place(path=f"{work.system.id}.{work.line.dataset}"),
        what="rows that belong to nobody can only go; here they must be changed, or a trigger fires",
        mend="say under `subject` whose the rows are, or give the dataset a rule that deletes",
    )


def _keep_nothing(
    at: DatasetRef, columns: Sequence[str], rows: Sequence[tuple[Any, ...]], changes: Changes
) -> None:
    """What goes because its time is out is kept nowhere, not for a day (docs/adr/0008)."""


def _due(work: Work, session: SweepingSession) -> DueRows:
    return session.due(work.house.policy.controller.fiscal_year_end)

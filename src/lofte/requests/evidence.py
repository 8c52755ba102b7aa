"""The evidence of an erasure: what was touched, what is kept and until when, what an attempt whose
answer was lost has done. Counts and sealed keys, nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lofte.connectors.sql.verify import key_text
from lofte.datamap.document import Kind as IdentityKind
from lofte.datamap.identity import Identity
from lofte.datamap.tracing import Key
from lofte.execution import journal, restore_log
from lofte.execution.house import House
from lofte.law.calendar import STOCKHOLM
from lofte.plan.facts import Facts
from lofte.plan.holds import HoldKind
from lofte.plan.records import Verb
from lofte.plan.verdict import ErasePlan, Verdict
from lofte.policy.retention import acts_on
from lofte.requests import sealing
from lofte.requests.models import Deferral, Erasure, Request

LATER = "erase-later"
_MANY = 1_000_000_000
# What a restriction keeps is looked at again on a day; what other holds keep waits for somebody.
_HOLDS = frozenset(kind.value for kind in HoldKind) - {HoldKind.RESTRICTION.value}
_SAID = {Verb.DELETE: "deleted", Verb.CHANGE: "changed", Verb.UNLINK: "unlinked", Verb.KEEP: "kept"}
Row = tuple[str, Key]


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """Rows of one dataset with one fate."""

    dataset: str
    verb: Verb
    ground: str
    until: date | None
    rows: int


@dataclass(kw_only=True, slots=True)
class Touched:
    """Which rows of a plan were really touched, and whose they are."""

    owners: Mapping[Row, int] = field(default_factory=dict)
    rows: set[Row] = field(default_factory=set)

    @classmethod
    def of(cls, plan: ErasePlan) -> Touched:
        """Nothing yet. A row of two of the persons counts for the first."""
        return cls(owners={(v.fact.at.dataset, v.fact.key): min(v.fact.subjects) for v in plan.verdicts})

    def take(
        self,
        dataset: str,
        key: Sequence[str],
        columns: Sequence[str],
        rows: Sequence[tuple[Any, ...]],
    ) -> Iterator[tuple[int, list[tuple[Any, ...]], list[Key]]]:
        """The rows by person: their number, the whole rows, the keys."""
        at = [list(columns).index(name) for name in key]
        by_person: dict[int, tuple[list[tuple[Any, ...]], list[Key]]] = {}
        for row in rows:
            named = tuple(key_text(row[n]) for n in at)
            self.rows.add((dataset, named))
            whole, keys = by_person.setdefault(self.owners[dataset, named], ([], []))
            whole.append(row)
            keys.append(named)
        for number, (whole, keys) in sorted(by_person.items()):
            yield number, whole, keys


def earlier(
    house: House, request: Request, step: str, plan: ErasePlan, facts: Facts, touched: Touched
) -> dict[tuple[str, Verb], int]:
    """What an attempt before this one has made lasting though nobody was told: rows in the restore
    log that are gone now, or are as they should be."""
    verdicts = {(v.fact.at.dataset, v.fact.key): v for v in plan.verdicts}
    done: dict[Row, Verb] = {}
    for kept in restore_log.rows(house, request.ref):
        if kept.step != step or kept.system != plan.system:
            continue
        key = house.datamap.system(kept.system).datasets[kept.dataset].key
        at = [kept.columns.index(name) for name in key]
        for row in kept.rows:
            named = (kept.dataset, tuple(key_text(row[n]) for n in at))
            verdict = verdicts.get(named)
            if named in touched.rows or (verdict is not None and verdict.verb in (Verb.KEEP, Verb.DELETE)):
                continue
            done[named] = Verb.CHANGE if kept.changes else Verb.DELETE
    counts: dict[tuple[str, Verb], int] = {}
    for (dataset, _), verb in done.items():
        counts[dataset, verb] = counts.get((dataset, verb), 0) + 1
    return counts


def lines(
    plan: ErasePlan, touched: Touched, number: int, before: Mapping[tuple[str, Verb], int]
) -> tuple[Line, ...]:
    """What became of the rows of one person."""
    counts: dict[tuple[str, Verb, str, date | None], int] = {}
    for verdict in plan.verdicts:
        row = (verdict.fact.at.dataset, verdict.fact.key)
        if touched.owners[row] != number:
            continue
        if verdict.verb is not Verb.KEEP and row not in touched.rows:
            continue  # it was as it should be already
        at = (row[0], verdict.verb, verdict.ground, verdict.until)
        counts[at] = counts.get(at, 0) + 1
    for (dataset, verb), rows in before.items():
        counts[dataset, verb, "", None] = counts.get((dataset, verb, "", None), 0) + rows
    return tuple(
        Line(dataset=dataset, verb=verb, ground=ground, until=until, rows=rows)
        for (dataset, verb, ground, until), rows in counts.items()
    )


def counts(said: Sequence[Line]) -> dict[str, int]:
    """Rows by what was done, as the ledger says it."""
    found = dict.fromkeys(_SAID.values(), 0) | {"waiting": 0}
    for line in said:
        waits = line.verb is Verb.KEEP and line.ground == "mention"
        found["waiting" if waits else _SAID[line.verb]] += line.rows
    return found


def save(house: House, request: Request, step: str, system: str, said: Sequence[Line]) -> None:
    """Write the counts down, in the caller's transaction."""
    Erasure.objects.filter(request=request, step=step, system=system).delete()
    Erasure.objects.bulk_create(
        Erasure(
            request=request,
            step=step,
            system=system,
            dataset=line.dataset,
            verb=line.verb.value,
            ground=line.ground[:200],
            until=line.until,
            rows=line.rows,
        )
        for line in said
    )


def defer(house: House, request: Request, plan: ErasePlan, number: int) -> int:
    """Note the rows that go by themselves on their day, and the steps that will see to it; in the
    caller's transaction. Returns how many rows."""
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    rows, days = [], set()
    for verdict in plan.verdicts:
        day = _day(verdict)
        if day is None or number not in verdict.fact.subjects:
            continue
        said = json.dumps(verdict.fact.key, ensure_ascii=False)
        at = Identity(kind=IdentityKind.USER_NAME, value=f"{verdict.fact.at}\0{said}")
        rows.append(
            Deferral(
                request=request,
                system=plan.system,
                dataset=verdict.fact.at.dataset,
                key=sealing.seal_text(key, said, "deferral", request.ref),
                lookup=sealing.lookup(house.keys.lookup, at),
                due_on=day,
            )
        )
        days.add(day)
    Deferral.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["request", "system", "dataset", "lookup"],
        update_fields=["due_on"],
    )
    for day in sorted(days):
        midnight = house.now.astimezone(STOCKHOLM).replace(
            year=day.year, month=day.month, day=day.day, hour=0, minute=0, second=0, microsecond=0
        )
        journal.begin(request.ref, [(LATER, f"{named(plan.system)}-{day:%Y%m%d}")], midnight)
    return len(rows)


def named(system: str) -> str:
    """A system as the target of a step that also names a day."""
    return system[:50]


def _day(verdict: Verdict) -> date | None:
    """The day on which what is kept of the row goes; None = no day is known, or it is not ours."""
    fact = verdict.fact
    if verdict.verb in (Verb.DELETE, Verb.UNLINK) or not fact.certain or fact.others:
        return None
    return None if verdict.ground in _HOLDS else acts_on(verdict.until)


def allowed(house: House, plan: ErasePlan) -> dict[tuple[str, str], int]:
    """In how many rows of a dataset's column the person may still stand: rows that are kept, in the
    columns that are; and anywhere in what the company only processes for others."""
    system = house.datamap.system(plan.system)
    found: dict[tuple[str, str], int] = {}
    for verdict in plan.verdicts:
        if verdict.verb is Verb.DELETE:
            continue
        for name in system.datasets[verdict.fact.at.dataset].fields:
            if name not in verdict.changes:
                at = (verdict.fact.at.dataset, name)
                found[at] = found.get(at, 0) + 1
    for id_, dataset in system.datasets.items():
        if dataset.role == "processor":
            found.update({(id_, name): _MANY for name in dataset.fields})
    return found

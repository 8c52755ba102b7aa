"""The evidence of an erasure: what was touched, what is kept and until when. Counts and sealed keys,
nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import repeat
from typing import Any

from lofte.connectors.sql.verify import key_text
from lofte.datamap.document import Kind as IdentityKind
from lofte.datamap.identity import Identity
from lofte.datamap.tracing import Key
from lofte.execution import journal
from lofte.execution.house import House
from lofte.execution.store import drop, pour
from lofte.law.calendar import STOCKHOLM
from lofte.plan.records import Verb, made_by_the_thousand
from lofte.plan.verdict import ErasePlan
from lofte.requests import sealing
from lofte.requests.models import Deferral, Erasure, Request
from lofte.requests.records.deferred import LATER

_MANY = 1_000_000_000
_JSON = json.JSONEncoder(ensure_ascii=False).encode
"""Made once: making it takes longer than a key."""
_SAID = {Verb.DELETE: "deleted", Verb.CHANGE: "changed", Verb.UNLINK: "unlinked", Verb.KEEP: "kept"}
Row = tuple[str, Key]


@made_by_the_thousand
class Fate:
    """What becomes of one row."""

    dataset: str
    key: Key
    verb: Verb
    ground: str = ""
    until: date | None = None
    law_until: date | None = None
    due: date | None = None
    """The day on which the rest of it goes."""
    done: bool = False
    """Something is taken, by this attempt or one before it."""
    whose: bool = True
    """It counts for this person; a row of two of them counts for the first."""
    stamp: Mapping[str, str] = field(default_factory=dict)
    """What tells the row on its day, as it was left: column -> keyed digest (`whose`)."""
    fellows: tuple[Key, ...] = ()
    """Other rows of the dataset that go with it, as it does."""

    @property
    def row(self) -> Row:
        """Which row; with `fellows` the first."""
        return self.dataset, self.key

    @property
    def keys(self) -> tuple[Key, ...]:
        """The keys of all the rows that it is told of."""
        return (self.key, *self.fellows)

    def apart(self) -> Iterator[Fate]:
        """Each row by itself."""
        return (replace(self, key=key, fellows=()) for key in self.keys)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """Rows of one dataset with one fate."""

    dataset: str
    verb: Verb
    ground: str
    until: date | None
    rows: int
    law_until: date | None = None


@dataclass(kw_only=True, slots=True)
class Touched:
    """Which rows of a plan were really touched, and whose they are."""

    owners: Mapping[Row, int] = field(default_factory=dict)
    rows: set[Row] = field(default_factory=set)

    @classmethod
    def of(cls, plan: ErasePlan) -> Touched:
        """Nothing yet. A row of two of the persons counts for the first."""
        owners: dict[Row, int] = {}
        for fact in (verdict.fact for verdict in plan.verdicts):
            owners.update(dict.fromkeys(zip(repeat(fact.at.dataset), fact.keys), min(fact.subjects)))
        return cls(owners=owners)

    def take(
        self,
        dataset: str,
        key: Sequence[str],
        columns: Sequence[str],
        rows: Sequence[tuple[Any, ...]],
    ) -> Iterator[tuple[int, list[tuple[Any, ...]], list[Key]]]:
        """The rows by person: their number, the whole rows, the keys."""
        at = [list(columns).index(name) for name in key]
        named: list[Key]
        if len(at) == 1:
            (one,) = at
            named = [(key_text(row[one]),) for row in rows]
        else:
            named = [tuple([key_text(row[n]) for n in at]) for row in rows]
        here = list(zip(repeat(dataset), named))
        self.rows.update(here)
        by_person: dict[int, tuple[list[tuple[Any, ...]], list[Key]]] = {}
        for owner, row, key_ in zip(map(self.owners.__getitem__, here), rows, named, strict=True):
            if owner not in by_person:
                by_person[owner] = ([], [])
            whole, keys = by_person[owner]
            whole.append(row)
            keys.append(key_)
        for number, (whole, keys) in sorted(by_person.items()):
            yield number, whole, keys


def lines(fates: Iterable[Fate]) -> tuple[Line, ...]:
    """What became of the rows of one person. A row in which nothing was left to take is kept as it is,
    by what keeps the rest of it."""
    counts: dict[tuple[str, Verb, str, date | None, date | None], int] = {}
    for fate in fates:
        verb = fate.verb
        if not fate.whose:
            continue
        if verb is not Verb.KEEP and not fate.done:
            if not fate.ground:
                continue
            verb = Verb.KEEP
        at = (fate.dataset, verb, fate.ground, fate.until, fate.law_until)
        counts[at] = counts.get(at, 0) + 1 + len(fate.fellows)
    return tuple(
        Line(dataset=dataset, verb=verb, ground=ground, until=until, rows=rows, law_until=by_law)
        for (dataset, verb, ground, until, by_law), rows in counts.items()
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
    save_each(step, system, [(request, said)])


def save_each(step: str, system: str, said: Sequence[tuple[Request, Sequence[Line]]]) -> None:
    """As `save`, for many requests."""
    pks = [request.pk for request, _ in said]
    drop(Erasure, {"request_id": pks, "step": step, "system": system})
    columns = ("dataset", "verb", "ground", "until", "law_until", "rows")
    pour(
        Erasure,
        ("request_id", "step", "system", *columns),
        (
            (
                request.pk,
                step,
                system,
                line.dataset,
                line.verb,
                line.ground[:200],
                line.until,
                line.law_until,
                line.rows,
            )
            for request, lines in said
            for line in lines
        ),
    )


def defer(house: House, request: Request, system: str, fates: Iterable[Fate]) -> int:
    """Note the rows that go by themselves on their day, and the steps that will see to it; in the
    caller's transaction. Returns how many rows."""
    return defer_each(house, system, [(request, fates)])[0]


def defer_each(house: House, system: str, told: Sequence[tuple[Request, Iterable[Fate]]]) -> list[int]:
    """As `defer`, for many requests; how many rows of each, in their order."""
    rows: list[tuple[Any, ...]] = []
    counted: list[int] = []
    steps: dict[str, list[tuple[str, str, datetime]]] = {}
    for request, fates in told:
        due = [(fate, fate.due) for fate in fates if fate.due is not None]
        counted.append(len(due))
        if due:
            rows += _deferred(house, request, system, due)
            days = sorted({day for _, day in due})
            steps[request.ref] = [(LATER, f"{named(system)}-{d:%Y%m%d}", begins(house, d)) for d in days]
    pour(
        Deferral,
        ("request_id", "system", "dataset", "key", "stamp", "lookup", "due_on", "done_at"),
        rows,
        unique=("request_id", "system", "dataset", "lookup"),
        # A row that was looked for in vain, for it stood in the locked copy, waits again.
        update=("due_on", "stamp", "done_at"),
    )
    journal.begin_each(steps)
    return counted


def _deferred(
    house: House, request: Request, system: str, due: Iterable[tuple[Fate, date]]
) -> Iterator[tuple[Any, ...]]:
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    rows = [(fate, day, _JSON(fate.key)) for fate, day in due]
    keys = sealing.seal_texts(key, (said for _, _, said in rows), "deferral", request.ref)
    told = (json.dumps(dict(fate.stamp)) for fate, _, _ in rows)
    stamps = sealing.seal_texts(key, told, "stamp", request.ref)
    for (fate, day, said), sealed, stamp in zip(rows, keys, stamps, strict=True):
        at = Identity(kind=IdentityKind.USER_NAME, value=f"{system}.{fate.dataset}\0{said}")
        lookup = sealing.lookup(house.keys.lookup, at)
        yield request.pk, system, fate.dataset, sealed, stamp, lookup, day, None


def begins(house: House, day: date) -> datetime:
    """The first moment of a day in Stockholm."""
    return house.now.astimezone(STOCKHOLM).replace(
        year=day.year, month=day.month, day=day.day, hour=0, minute=0, second=0, microsecond=0
    )


def named(system: str) -> str:
    """A system as the target of a step that also names a day."""
    return system[:50]


def of_others(house: House, system: str) -> dict[tuple[str, str], int]:
    """The columns of what the company only processes for others: they are not ours to empty."""
    datasets = house.datamap.system(system).datasets
    return {
        (id_, name): _MANY
        for id_, dataset in datasets.items()
        if dataset.role == "processor"
        for name in dataset.fields
    }

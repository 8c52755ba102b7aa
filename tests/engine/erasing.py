"""Erasing somebody in a world, and comparing all that is left, byte for byte."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from lofte.connectors.sql.connector import open_sql
from lofte.datamap.document import System
from lofte.errors import FaultsFound
from lofte.plan import erase
from lofte.plan import holds as placed
from lofte.plan.living import GROUNDS, USUAL
from tests.engine.dressing import CATEGORIES, Dressed
from tests.engine.expecting import ask
from tests.engine.furnishing import LOG, datamap, policy
from tests.engine.remaining import Asked, Hold, Remains, remaining
from tests.engine.worlds import Key, World, make

ON = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

Dump = dict[str, dict[Key, dict[str, Any]]]


def world_of(seed: int) -> World:
    """A world for an erasure: smaller than those for access, for it is asked of more."""
    return make(seed, most=5)


def request(dressed: Dressed, rng: random.Random) -> Asked:
    """Who asks to be erased, and what stands in the way."""
    questions = ask(dressed.world, rng, 3)
    grounds = rng.choice((USUAL, USUAL, *((ground,) for ground in GROUNDS)))
    held = {n: Hold(categories=frozenset(rng.choice(((), ("payment",), ("letters",)))))
            for n in range(len(questions)) if rng.random() < 0.12}  # fmt: skip
    return Asked(questions=questions, grounds=tuple(grounds), holds=held, on=ON)


def request_of_some(dressed: Dressed, rng: random.Random) -> Asked:
    """The same, of one or two kinds of data only."""
    asked = request(dressed, rng)
    asked.scope = frozenset(rng.sample(CATEGORIES, rng.choice((1, 1, 2))))
    return asked


def trial(dressed: Dressed, map_: System, url: str, asked: Asked, reached: Counter[str] | None = None) -> str:
    """Erase, and compare the database with what the objects say. Empty = all is right."""
    right = remaining(dressed, asked)
    if reached is not None:
        reached.update(set(seen(dressed, right)))
    try:
        stopped, kept = _erase(map_, url, asked, together=dressed.world.seed % 2 == 0)
    except Exception as error:
        return f"seed {dressed.world.seed}: {type(error).__name__}: {error}"
    if reached is not None and stopped and not right.stops:
        reached["stopped out of care"] += 1
    wrong = list(_wrong(dressed, right, stopped, kept, *dump(dressed, url, map_)))
    return "\n".join([f"seed {dressed.world.seed}:", *wrong]) if wrong else ""


def _erase(
    map_: System, url: str, asked: Asked, *, together: bool
) -> tuple[set[str], dict[str, list[dict[str, Any]]]]:
    """The numbers of the faults that stopped it; and the rows that were handed over."""
    subjects = [q.subject(n) for n, q in enumerate(asked.questions)]
    held = {n: (_hold(n, hold),) for n, hold in asked.holds.items()}
    kept: dict[str, list[dict[str, Any]]] = {}

    def keep(at: Any, names: Sequence[str], rows: Sequence[Sequence[Any]], _changed: Sequence[str]) -> None:
        table = str(map_.datasets[at.dataset].table)
        kept.setdefault(table, []).extend(dict(zip(names, row, strict=True)) for row in rows)

    connector = open_sql(map_, url)
    try:
        with connector.acting() as session:
            facts = session.facts(subjects, ON, together=together)
            try:
                made = erase.plan(
                    policy(),
                    datamap(map_),
                    facts,
                    subjects,
                    ON,
                    grounds=asked.grounds,
                    holds=held,
                    scope=asked.scope,
                )
            except FaultsFound as found:
                return {fault.number for fault in found.faults}, kept
            session.act(made, keep)
    finally:
        connector.close()
    return set(), kept


def _hold(n: int, hold: Hold) -> placed.Hold:
    return placed.Hold(
        ref=f"h{n}",
        kind=placed.HoldKind.LEGAL_CLAIM,
        case=f"T {n}",
        review_on=date(2027, 1, 1),
        placed_by="handler",
        placed_at=NOW,
        categories=hold.categories,
    )


def dump(dressed: Dressed, url: str, map_: System) -> tuple[Dump, Counter[str]]:
    """Everything that stands in the database."""
    schema = next(iter(map_.schemas), None)
    engine = sa.create_engine(url)
    found: Dump = {}
    try:
        with engine.connect() as db:
            for table in dressed.world.tables:
                source = sa.table(table.name, *(sa.column(n) for n in table.columns), schema=schema)
                columns = [source.c[n] for n in table.columns]
                rows = db.execute(sa.select(*columns)).all()
                plain = [
                    {n: plainly(t, v) for (n, t), v in zip(table.columns.items(), row, strict=True)}
                    for row in rows
                ]
                found[table.name] = {tuple(row[k] for k in table.key): row for row in plain}
            log = sa.table(LOG, sa.column("vad"), schema=schema)
            fired = Counter(str(what) for (what,) in db.execute(sa.select(log.c.vad)))
    finally:
        engine.dispose()
    return found, fired


def plainly(type_: str, value: Any) -> Any:
    """A value as all drivers give it."""
    if value is None:
        return None
    if type_ in ("json", "text_json") and isinstance(value, str | bytes):
        return json.loads(value) if value else ""
    return date.fromisoformat(value) if type_ == "date" and isinstance(value, str) else value


def _wrong(
    dressed: Dressed, right: Remains, stopped: set[str], kept: Any, found: Dump, fired: Counter[str]
) -> Iterator[str]:
    before = {
        t.name: {r.key(): {n: r.values.get(n) for n in t.columns} for r in t.rows}
        for t in dressed.world.tables
    }
    if stopped:
        if not stopped & (right.stops | right.may_stop):
            yield f"  stopped by {sorted(stopped)}, where {sorted(right.stops | right.may_stop)} may"
        yield from _differ(before, found)
        return
    if right.stops:
        yield f"  not stopped by {sorted(right.stops)}"
        return
    yield from _differ(right.tables, found, before)
    if +fired != +right.log:
        yield f"  triggers wrote {dict(fired)}, not {dict(right.log)}"
    yield from _handed_over(dressed, before, found, kept)


def _differ(right: Dump, found: Dump, before: Dump | None = None) -> Iterator[str]:
    for name, rows in right.items():
        for key in rows.keys() - found[name].keys():
            yield f"  over-erased: {name!r} {key}"
        for key in found[name].keys() - rows.keys():
            yield f"  under-erased: {name!r} {key}"
        for key in rows.keys() & found[name].keys():
            for column, value in rows[key].items():
                got = found[name][key][column]
                if _plain(got) != _plain(value):
                    was = before[name][key][column] if before else value
                    yield f"  {name!r} {key} {column!r}: {got!r}, not {value!r} (was {was!r})"


def _plain(value: Any) -> Any:
    return type(value).__name__, value


def _handed_over(dressed: Dressed, before: Dump, found: Dump, kept: Any) -> Iterator[str]:
    """What the restore log was given: each row that is no longer as it was, whole and once."""
    for table in dressed.world.tables:
        name = table.name
        old, new = before[name], found[name]
        touched = {k for k in old if k not in new or any(_differ({name: {k: old[k]}}, {name: {k: new[k]}}))}
        given = [{n: plainly(t, row[n]) for n, t in table.columns.items()} for row in kept.get(name, ())]
        keys = Counter(tuple(row[k] for k in table.key) for row in given)
        if keys != Counter(touched):
            wanted = sorted(touched, key=repr)
            yield f"  {name!r}: handed over {sorted(keys.elements(), key=repr)}, not {wanted}"
        for row in given:
            key = tuple(row[k] for k in table.key)
            if key in before[name]:
                yield from _differ({name: {key: before[name][key]}}, {name: {key: row}})


def seen(dressed: Dressed, right: Remains) -> Iterator[str]:
    """What this world really shows: a gap in the generator would hide a fault."""
    yield from (name for name, count in dressed.world.reached.items() if count)
    if right.stops:
        yield from (f"must stop: {number}" for number in right.stops)
        return
    for row, fate in right.fates.items():
        yield f"row {fate.kind}" + (f", {fate.why}" if fate.why else "")
        if fate.values and any(isinstance(v, dict | list) for v in fate.values.values()):
            yield "place in JSON emptied"
        if fate.kind in ("minimised", "held"):
            for name in fate.values:
                yield f"field {dressed.words[row.part][name].erase or 'emptied'}"  # type: ignore[index]
    yield from ("trigger fired" for count in right.log.values() if count)

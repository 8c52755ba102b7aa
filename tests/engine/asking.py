"""Putting a question to the engine, and counting what it costs."""

from __future__ import annotations

import functools
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import date
from typing import Any

import sqlalchemy as sa

from lofte.connectors.sql.connector import open_sql
from lofte.datamap.document import Kind, System
from lofte.plan.records import Subject
from tests.engine.building import create, system
from tests.engine.expecting import Answer, Question, expected
from tests.engine.worlds import World

ON = date(2026, 11, 20)


def put(
    map_: System, url: str, subjects: Sequence[Subject], *, cost: Counter[str] | None = None
) -> tuple[Answer, dict[str, list[dict[str, Any]]]]:
    """The engine's answer, and the rows it gave per dataset."""
    answer, given = Answer(), dict[str, list[dict[str, Any]]]()
    counting = counted() if cost is not None else nullcontext([])
    connector = open_sql(map_, url)
    try:
        with counting as count, connector.session() as session:
            count.clear()
            people = session.people(subjects, ON)
            _note(cost, "people", count)
            answer.ambiguous = {
                (a.subject, (str(a.identity.kind), a.identity.value)) for a in people.ambiguous
            }
            answer.shared_identities = {
                (person.subject, (str(i.kind), i.value))
                for person in people.persons
                for i in person.shared
                if i.kind is not Kind.PHONE
            }
            for id_, dataset in map_.datasets.items():
                rows = session.rows(id_, people)
                given[id_] = []
                for found in rows.found:
                    row = dict(zip(rows.columns, found.row, strict=True))
                    given[id_].append(row)
                    key = tuple(row[name] for name in dataset.key)
                    for subject in found.subjects:
                        mine = answer.rows[subject, id_]
                        assert key not in mine, f"{id_} gave {key} twice to subject {subject}"
                        mine[key] = found.certain
                for subject, number in rows.shared.items():
                    answer.shared[subject, id_] = number
                _note(cost, id_, count)
    finally:
        connector.close()
    return answer, given


def _note(cost: Counter[str] | None, what: str, count: list[str]) -> None:
    if cost is not None:
        cost[what] += len(count)
    count.clear()


@contextmanager
def counted() -> Iterator[list[str]]:
    """All queries that SQLite itself is asked meanwhile, however they reach it."""
    seen: list[str] = []

    def note(statement: str) -> None:
        if statement.lstrip("( \n")[:4].upper() in ("SELE", "WITH"):
            seen.append(statement)

    def listen(raw: Any, _record: Any) -> None:
        raw.set_trace_callback(note)

    sa.event.listen(sa.Engine, "connect", listen)
    try:
        yield seen
    finally:
        sa.event.remove(sa.Engine, "connect", listen)


def settle(world: World, url: str, *, schema: str | None = None) -> System:
    """Make the world in this database; what the engine is told of it."""
    # Programs differ in whether they write å in JSON as it is or as an escape.
    engine = sa.create_engine(
        url, json_serializer=functools.partial(json.dumps, ensure_ascii=world.seed % 2 == 0)
    )
    try:
        create(world, engine, schema)
    finally:
        engine.dispose()
    return system(world, schema)


def difference(world: World, right: Answer, got: Answer) -> str:
    """What is wrong in the answer, so that a person can look into it; empty when all is right."""
    lines: list[str] = []
    for at in sorted(right.rows.keys() | got.rows.keys()):
        wanted, given = right.rows.get(at, {}), got.rows.get(at, {})
        for what, keys in (
            ("foreign", given.keys() - wanted.keys()),
            ("missing", wanted.keys() - given.keys()),
            ("certain?", {key for key in wanted.keys() & given.keys() if wanted[key] != given[key]}),
        ):
            if keys:
                lines.append(f"  subject {at[0]}, {at[1]}: {what} {sorted(keys, key=repr)[:6]}")
    for at in sorted(right.shared.keys() | got.shared.keys()):
        if right.shared.get(at, 0) != got.shared.get(at, 0):
            lines.append(f"  {at}: shared {got.shared.get(at, 0)}, not {right.shared.get(at, 0)}")
    for name in ("ambiguous", "shared_identities"):
        if getattr(right, name) != getattr(got, name):
            lines.append(f"  {name} {sorted(getattr(got, name))}, not {sorted(getattr(right, name))}")
    return "\n".join([f"seed {world.seed}:", *lines]) if lines else ""


def trial(
    world: World, map_: System, url: str, questions: Sequence[Question], *, cost: Counter[str] | None = None
) -> str:
    """Ask, compare with what the objects say, and compare each row given with the row that was put in."""
    got, given = put(map_, url, [q.subject(n) for n, q in enumerate(questions)], cost=cost)
    wrong = difference(world, expected(world, questions), got)
    if wrong:
        return wrong
    for part in world.parts():
        real = {row.key(): row.values for row in part.rows()}
        for row in given[part.id]:
            put_in = real[tuple(row[name] for name in part.table.key)]
            for name, value in row.items():
                if "json" not in part.table.columns[name] and value != put_in[name]:
                    return f"seed {world.seed}: {part.id} {name!r} is {value!r}, not {put_in[name]!r}"
    return ""

"""Carrying out an erasure plan in one database, in one transaction.

Hard rules:
- Rows are read again and locked before anything is done to them. A row that is not as it was when
  the plan was made stops everything: the plan is made again (`Conflict`).
- Whole rows are handed over before the first change, so that they can come back.
- Rows are changed by key only. The database must say that it changed as many as were meant.
- Before rows go that others may hang on by ON DELETE, nobody may hang on them any more.
- Where the database acts by itself (triggers, ON DELETE), tables are counted before and after.
- What was done is read back before it is made lasting.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from lofte.connectors.protocol import Acted, Done, Keep
from lofte.connectors.sql import exact
from lofte.connectors.sql.changed import Changer, alike
from lofte.connectors.sql.fact_shapes import FactShapes
from lofte.connectors.sql.facts import bind_keys, pointers, stamped
from lofte.connectors.sql.verify import key_text
from lofte.connectors.sql.wire import Wire
from lofte.datamap.catalogue import LiveTable
from lofte.datamap.tracing import Key, People
from lofte.errors import Broken, Conflict
from lofte.plan.facts import RowFact
from lofte.plan.records import DatasetRef, Verb
from lofte.plan.verdict import Act, ErasePlan

SOME = 5_000
"""Rows named in one statement."""
_CHANGED = "what was read when the plan was made has changed since; plan again"


@dataclass(kw_only=True, slots=True)
class _Locked:
    """The rows of one dataset, whole and locked, by key."""

    columns: tuple[str, ...]
    rows: dict[Key, tuple[Any, ...]] = field(default_factory=dict)
    facts: dict[Key, RowFact] = field(default_factory=dict)


class Hand:
    """Does what a plan says, inside a transaction that somebody else opens and ends."""

    def __init__(self, db: Connection, shapes: FactShapes, on: date, people: People | None = None) -> None:
        self._db = db
        self._wire = Wire(db)
        self._shapes = shapes
        self._shaper = shapes.shaper
        self._dialect = shapes.shaper.dialect
        self._people = people
        self._changer = Changer(shapes, on)
        self._locked: dict[str, _Locked] = {}
        self._statements = 0

    def act(self, plan: ErasePlan, keep: Keep) -> Acted:
        """Do all of it. Raises Conflict when something has changed since the plan was made, Broken
        when the database did other than it was told; then nothing must be made lasting."""
        for id_, rows in _by_dataset(plan).items():
            self._lock(id_, rows)
        counted = self._counts(plan)
        acts = [act for act in map(self._needed, plan.acts) if act.rows]
        self._hand_over(plan, acts, keep)
        done: dict[tuple[str, Verb], set[Key]] = {}
        for act in acts:
            self._do(act)
            keys = done.setdefault((act.at.dataset, act.verb), set())
            keys |= {row.key for row in act.rows}
        self._read_back(plan)
        self._recount(plan, counted)
        said = _said(plan, done)
        return Acted(system=plan.system, done=said, statements=self._statements)

    # -- before ---------------------------------------------------------------------------------

    def _lock(self, id_: str, facts: Mapping[Key, RowFact]) -> None:
        """The rows as the database has them, to the last digit, so that they can come back so."""
        live = self._shaper.live(id_)
        table = exact.table_of(self._db, live.schema, live.name)
        raw = [fact.raw_key for fact in facts.values()]
        rows = exact.read(self._db, table, self._shapes.system.datasets[id_].key, raw, lock=True)
        self._statements += 1 + (len(raw) - 1) // exact.AT_ONCE
        if rows.keys() != facts.keys():
            raise Conflict(_CHANGED)
        seen = [(table.names.index(n), self._shaper.column(id_, n)) for n in self._shapes.columns(id_)]
        for at, row in rows.items():
            if facts[at].stamp and stamped((row[n], column) for n, column in seen) != facts[at].stamp:
                raise Conflict(_CHANGED)
        self._locked[id_] = _Locked(columns=table.names, rows=rows, facts=dict(facts))

    def _rows(self, id_: str, names: Sequence[str], facts: Sequence[RowFact]) -> Iterator[tuple[Any, ...]]:
        dataset = self._shapes.system.datasets[id_]
        source = self._shaper.source(id_, "t1")
        live = [self._shaper.column(id_, name) for name in dataset.key]
        keys = [source.c[name] for name in dataset.key]
        statement = sa.select(*(source.c[name] for name in names)).where(
            self._dialect.these_keys(keys, live, "these")
        )
        compiled = self._shaper.compile(statement)
        for some in _batches(facts):
            self._statements += 1
            bound = bind_keys(self._shaper, "these", [(f.key, f.raw_key) for f in some], live)
            yield from self._wire.all(compiled, bound)

    def _counts(self, plan: ErasePlan) -> dict[tuple[str | None, str], int]:
        """How many rows stand in each table, where the database may act by itself."""
        tables = self._watched(plan)
        if not tables:
            return {}
        counts = []
        for table in tables:
            counts.append(
                sa.select(sa.func.count()).select_from(self._shaper.table(table, "t1")).scalar_subquery()
            )
        self._statements += 1
        found = self._wire.all(self._shaper.compile(sa.select(*counts)), {})[0]
        return {(t.schema, t.name): int(n) for t, n in zip(tables, found, strict=True)}

    def _watched(self, plan: ErasePlan) -> list[LiveTable]:
        touched = {(t.schema, t.name) for t in (self._shaper.live(a.at.dataset) for a in plan.acts)}
        catalogue = self._shaper.catalogue
        if any(t.triggers for t in catalogue.tables if (t.schema, t.name) in touched):
            return [t for t in catalogue.tables if t.key]  # a trigger may reach any of them
        reached = {
            (told.tie.schema, told.tie.table)
            for told in self._shapes.told
            if told.tie.declared
            and told.tie.acts_by_itself
            and any(a.at.dataset in told.tie.parents for a in plan.acts if a.verb is Verb.DELETE)
        }
        return [
            t for t in catalogue.tables if (t.schema, t.name) in (reached | touched if reached else set())
        ]

    def _needed(self, act: Act) -> Act:
        """The act without the rows that are already as they should be."""
        if act.verb is Verb.DELETE:
            return act
        locked = self._locked[act.at.dataset]
        rows = self._changer.unlike(act, locked.columns, locked.rows, self._people)
        return replace(act, rows=rows)

    def _hand_over(self, plan: ErasePlan, acts: Sequence[Act], keep: Keep) -> None:
        """Give every row that will be touched, whole, into keeping."""
        touched: dict[str, dict[Key, set[str]]] = {}
        gone = {(a.at.dataset, row.key) for a in acts if a.verb is Verb.DELETE for row in a.rows}
        for act in acts:
            rows = touched.setdefault(act.at.dataset, {})
            for row in act.rows:
                rows.setdefault(row.key, set()).update(act.changes)
        for id_, keys in touched.items():
            locked = self._locked[id_]
            together: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
            for key, changes in keys.items():
                named = () if (id_, key) in gone else tuple(sorted(changes))
                together.setdefault(named, []).append(locked.rows[key])
            for named, whole in together.items():
                keep(DatasetRef(system=plan.system, dataset=id_), locked.columns, whole, named)

    # -- the acts -------------------------------------------------------------------------------

    def _do(self, act: Act) -> None:
        if act.verb is Verb.DELETE:
            self._nobody_hangs_on(act)
        rows = self._locked[act.at.dataset].rows
        for some in _batches(act.rows):
            for statement, values, expected in self._statements_of(act, some, rows):
                self._statements += 1
                changed = self._wire.change(statement, values)
                if changed != expected:
                    raise Broken(
                        f"the database changed {changed} rows of `{act.at}` where {expected} were meant; "
                        "nothing was done"
                    )

    def _statements_of(
        self, act: Act, some: Sequence[RowFact], rows: Mapping[Key, tuple[Any, ...]]
    ) -> Iterator[tuple[Any, Any, int]]:
        if act.verb is not Verb.DELETE:
            whole = self._locked[act.at.dataset]
            yield from self._changer.updates(act, some, whole.columns, rows, self._people)
            return
        id_ = act.at.dataset
        dataset, table = self._shapes.system.datasets[id_], self._shaper.table(self._shaper.live(id_), None)
        live = [self._shaper.column(id_, name) for name in dataset.key]
        where = self._dialect.these_keys([table.c[name] for name in dataset.key], live, "these")
        bound = bind_keys(self._shaper, "these", [(f.key, f.raw_key) for f in some], live)
        yield self._shaper.compile(sa.delete(table).where(where)), bound, len(some)

    def _nobody_hangs_on(self, act: Act) -> None:
        """No row is left that the database would take or change by itself."""
        faces = {
            told.tie.number: [row.faces[told.tie.keys] for row in act.rows if told.tie.keys in row.faces]
            for told in self._shapes.told
            if told.tie.declared and told.tie.acts_by_itself and act.at.dataset in told.tie.parents
        }
        faces = {number: keys for number, keys in faces.items() if keys}
        own = {number for number in faces if act.at.dataset in self._shapes.told[number].tie.children}
        if not faces:
            return
        statement, values = pointers(self._shapes, faces)
        self._statements += 1
        going = {row.key for row in act.rows}
        for number, count, *key in self._wire.all(statement, values):
            width = len(self._shapes.told[number].tie.columns)
            at = tuple(key_text(part) for part in key[:width])
            inside = (
                sum(1 for row in act.rows if row.links.get(number) == at) if number in own and going else 0
            )
            if int(count) > inside:
                raise Conflict(_CHANGED)

    # -- after ----------------------------------------------------------------------------------

    def _read_back(self, plan: ErasePlan) -> None:
        """Rows that were to go are gone; those that were changed say what they should."""
        gone = {(a.at.dataset, row.key) for a in plan.acts if a.verb is Verb.DELETE for row in a.rows}
        for id_, locked in self._locked.items():
            wanted = self._changer.expected(id_)
            names = locked.columns
            key = [names.index(name) for name in self._shapes.system.datasets[id_].key]
            if not wanted:
                names, key = self._shapes.system.datasets[id_].key, list(range(len(key)))
            for row in self._rows(id_, names, list(locked.facts.values())):
                at = tuple(key_text(row[n]) for n in key)
                if (id_, at) in gone:
                    raise Broken(f"a row of `{plan.system}.{id_}` is still there; nothing was done")
                for name, value in wanted.get(at, {}).items():
                    if not alike(row[names.index(name)], value):
                        raise Broken(
                            f"`{plan.system}.{id_}.{name}` is not what it was set to; nothing was done"
                        )

    def _recount(self, plan: ErasePlan, before: Mapping[tuple[str | None, str], int]) -> None:
        if not before:
            return
        gone: dict[tuple[str | None, str], int] = {}
        for act in plan.acts:
            if act.verb is Verb.DELETE:
                table = self._shaper.live(act.at.dataset)
                gone[table.schema, table.name] = gone.get((table.schema, table.name), 0) + len(act.rows)
        accepted = {
            (table.schema, table.name) for table in self._shaper.catalogue.tables if table.triggers
        }  # a trigger that the map accepts may write where it likes, but may not take from these
        for at, count in self._counts(plan).items():
            meant = before[at] - gone.get(at, 0)
            if count < meant or (count != meant and not accepted):
                raise Broken(f"the table `{at[1]}` lost rows that were not in the plan; nothing was done")


def _said(plan: ErasePlan, done: Mapping[tuple[str, Verb], set[Key]]) -> tuple[Done, ...]:
    """Rows by dataset and verb; a row that went is not counted as changed before."""
    gone = {(id_, key) for (id_, verb), keys in done.items() if verb is Verb.DELETE for key in keys}
    said = []
    for (id_, verb), keys in done.items():
        rows = len(keys) if verb is Verb.DELETE else sum((id_, key) not in gone for key in keys)
        if rows:
            said.append(Done(at=DatasetRef(system=plan.system, dataset=id_), verb=verb, rows=rows))
    return tuple(said)


def _by_dataset(plan: ErasePlan) -> dict[str, dict[Key, RowFact]]:
    """The rows that are touched, in an order that is the same for everybody who locks."""
    found: dict[str, dict[Key, RowFact]] = {}
    for act in plan.acts:
        for row in act.rows:
            found.setdefault(act.at.dataset, {})[row.key] = row
    return {id_: dict(sorted(found[id_].items())) for id_ in sorted(found)}


def _batches(rows: Sequence[RowFact]) -> Iterator[Sequence[RowFact]]:
    for start in range(0, len(rows), SOME):
        yield rows[start : start + SOME]

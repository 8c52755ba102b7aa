"""Carrying out an erasure plan in one database, in one transaction.

Hard rules:
- Rows are read again and locked before anything is done to them. A row that is not as it was when
  the plan was made stops everything: the plan is made again (`Conflict`).
- Whole rows are handed over before the first change, so that they can come back. PostgreSQL gives them
  as it takes them away, where nothing else can have changed them in between; they are looked at then,
  and handed over before anything is made lasting.
- Rows are changed by key only. The database must say that it changed as many as were meant.
- Before rows go that others may hang on by ON DELETE, nobody may hang on them any more.
- Where the database acts by itself (triggers, ON DELETE), tables are counted before and after.
- What was done is read back before it is made lasting.

However many rows there are, a dataset takes one statement to take away those that go, one to read and
lock those that stay, and one to change them; other databases than PostgreSQL read and lock them all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from lofte.connectors.protocol import Acted, Done, Keep
from lofte.connectors.sql import exact, writing
from lofte.connectors.sql.changed import Changer, Wanted
from lofte.connectors.sql.fact_rows import stamped
from lofte.connectors.sql.fact_shapes import FactShapes
from lofte.connectors.sql.lookback import Look, look_back
from lofte.connectors.sql.pointing import pointing
from lofte.connectors.sql.rings import in_a_ring, unwatched
from lofte.connectors.sql.setwise import Named
from lofte.connectors.sql.tables import At, Tables
from lofte.connectors.sql.wire import Wire
from lofte.datamap.catalogue import LiveTable
from lofte.datamap.tracing import Key, People
from lofte.errors import Broken, Conflict
from lofte.plan.facts import RowFact
from lofte.plan.records import DatasetRef, Verb
from lofte.plan.verdict import Act, ErasePlan

_GOES: dict[str, Any] = {}
"""What a row that goes shall say."""
_CHANGED = "what was read when the plan was made has changed since; plan again"


@dataclass(kw_only=True, slots=True)
class _Locked:
    """The rows of one dataset, whole and locked, by key."""

    named: Named
    rows: dict[Key, tuple[Any, ...]]
    facts: Mapping[Key, RowFact]
    """What each of them is told by."""
    raw_keys: Mapping[Key, tuple[Any, ...]]
    """Keys as the driver gave them."""
    gone: set[Key] = field(default_factory=set)
    says: Wanted = field(default_factory=dict)
    """What the columns of the rows that were changed shall say."""

    def raw(self, keys: Sequence[Key]) -> list[tuple[Any, ...]]:
        """The raw keys of these rows."""
        return [self.raw_keys[key] for key in keys]


@dataclass(frozen=True, slots=True)
class _Change:
    """What is left to do of an act."""

    act: Act
    wanted: Wanted


class Hand:
    """Does what a plan says, inside a transaction that somebody else opens and ends."""

    def __init__(
        self,
        db: Connection,
        shapes: FactShapes,
        on: date,
        people: People | None = None,
        tables: Tables | None = None,
    ) -> None:
        self._db = db
        self._tables = tables or Tables(db)
        self._wire = Wire(db)
        self._shapes = shapes
        self._shaper = shapes.shaper
        self._changer = Changer(on, people)
        self._locked: dict[str, _Locked] = {}
        self._statements = 0
        self._waiting: list[tuple[str, writing.Statement]] = []
        self._straight: frozenset[str] = frozenset()

    def act(self, plan: ErasePlan, keep: Keep, kept: Callable[[], None] | None = None) -> Acted:
        """Do all of it. `kept` is called when every row has been handed over.
        Raises Conflict when something has changed since the plan was made, Broken when the database
        did other than it was told; then nothing must be made lasting."""
        self._straight = self._given_as_they_go(plan)
        if any(row.fellows for act in plan.acts if act.at.dataset not in self._straight for row in act.rows):
            acts = [act if act.at.dataset in self._straight else act.apart() for act in plan.acts]
            plan = replace(plan, acts=tuple(acts))
        self._lock(_by_dataset(plan), {v.fact.at.dataset for v in plan.verdicts if v.verb is Verb.KEEP})
        counted = self._counts(plan)
        changes = {n: change for n, act in enumerate(plan.acts) if (change := self._change(act)).wanted}
        if self._straight:
            self._do(plan, changes)
        self._hand_over(plan, list(changes.values()), keep)
        if kept is not None:
            kept()
        if not self._straight:
            self._do(plan, changes)
        self._read_back(plan.system)
        self._recount(plan, counted)
        return Acted(system=plan.system, done=self._said(plan, changes), statements=self._statements)

    # -- before ---------------------------------------------------------------------------------

    def _given_as_they_go(self, plan: ErasePlan) -> frozenset[str]:
        """The datasets whose rows all go, from tables in which nothing else is done, by us or by the
        database itself: PostgreSQL gives the rows as it takes them away."""
        if self._db.dialect.name != "postgresql" or self._watched(plan):
            return frozenset()
        other = {self._at(act.at.dataset) for act in plan.acts if act.verb is not Verb.DELETE}
        return frozenset(a.at.dataset for a in plan.acts if self._at(a.at.dataset) not in other)

    def _lock(self, wanted: Mapping[str, Mapping[Key, RowFact]], staying: Collection[str]) -> None:
        """The rows as the database has them, to the last digit, so that they can come back so."""
        ats = {id_: self._at(id_) for id_ in wanted}
        # Those of rows that stay too: they are looked at in the end.
        tables = self._tables.of([*ats.values(), *map(self._at, sorted(staying))])
        for id_, facts in wanted.items():
            named = Named(table=tables[ats[id_]], key=self._shapes.system.datasets[id_].key)
            raw = {key: raw for key, fact in facts.items() if key == fact.key
                   for key, raw in zip(fact.keys, fact.raw_keys, strict=True)}  # fmt: skip
            self._locked[id_] = _Locked(named=named, rows={}, facts=facts, raw_keys=raw)
        read = [id_ for id_ in wanted if id_ not in self._straight]
        self._statements += bool(ats or staying) + len(read)
        asked = [
            (locked.named.table, locked.named.key, locked.raw(list(locked.facts)))
            for locked in (self._locked[id_] for id_ in read)
        ]
        for id_, rows in zip(read, exact.read_each(self._db, asked, lock=True), strict=True):
            self._seen(id_, rows)
            if self._locked[id_].rows.keys() != wanted[id_].keys():
                raise Conflict(_CHANGED)

    def _seen(self, id_: str, rows: Mapping[Key, tuple[Any, ...]]) -> None:
        """These rows have been read. Raises Conflict when one is not as it was."""
        locked = self._locked[id_]
        names, facts = locked.named.table.names, locked.facts
        seen = [(names.index(n), self._shaper.column(id_, n)) for n in self._shapes.columns(id_)]
        keyed = len(locked.named.key)
        rest = itemgetter(*[n for n, _ in seen[keyed:]] or (0,))
        same: set[tuple[int, Any]] = set()
        for at, row in rows.items():
            fact = facts.get(at)
            if fact is None:
                raise Conflict(_CHANGED)
            if fact.fellows:
                # They differ in their keys alone, and by these they were found.
                if (id(fact), rest(row)) in same:
                    continue
                same.add((id(fact), rest(row)))
                if stamped([(row[n], c) for n, c in seen[keyed:]]) != fact.stamp[keyed:]:
                    raise Conflict(_CHANGED)
            elif fact.stamp and stamped([(row[n], column) for n, column in seen]) != fact.stamp:
                raise Conflict(_CHANGED)
        locked.rows.update(rows)

    def _at(self, id_: str) -> At:
        live = self._shaper.live(id_)
        return live.schema, live.name

    def _counts(self, plan: ErasePlan) -> dict[At, int]:
        """How many rows stand in each table, where the database may act by itself."""
        tables = self._watched(plan)
        if not tables:
            return {}
        counts = [
            sa.select(sa.func.count()).select_from(self._shaper.table(table, "t1")).scalar_subquery()
            for table in tables
        ]
        self._statements += 1
        found = self._wire.all(self._shaper.compile(sa.select(*counts)), {})[0]
        return {(t.schema, t.name): int(n) for t, n in zip(tables, found, strict=True)}

    def _watched(self, plan: ErasePlan) -> list[LiveTable]:
        touched = {self._at(a.at.dataset) for a in plan.acts}
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

    def _change(self, act: Act) -> _Change:
        """The act without the rows that are already as they should be."""
        locked = self._locked[act.at.dataset]
        if act.verb is Verb.DELETE:
            return _Change(act, {key: _GOES for row in act.rows for key in row.keys})
        return _Change(act, self._changer.wanted(act, locked.named.table.names, locked.rows))

    def _hand_over(self, plan: ErasePlan, changes: Sequence[_Change], keep: Keep) -> None:
        """Give every row that will be touched, whole, into keeping."""
        going: dict[str, list[tuple[Any, ...]]] = {}
        for change in changes:
            if (id_ := change.act.at.dataset) in self._straight:
                rows_ = self._locked[id_].rows
                going.setdefault(id_, []).extend([rows_[key] for key in change.wanted])
        for id_, whole in going.items():
            keep(DatasetRef(system=plan.system, dataset=id_), self._locked[id_].named.table.names, whole, {})
        touched: dict[str, Wanted] = {}
        changes = [change for change in changes if change.act.at.dataset not in self._straight]
        gone = {(c.act.at.dataset, key) for c in changes if c.act.verb is Verb.DELETE for key in c.wanted}
        for change in changes:
            rows = touched.setdefault(change.act.at.dataset, {})
            for key, values in change.wanted.items():
                rows[key] = {**rows.get(key, {}), **values}
        for id_, says in touched.items():
            locked = self._locked[id_]
            together: dict[tuple[str, ...], list[Key]] = {}
            for key, values in says.items():
                together.setdefault(() if (id_, key) in gone else tuple(sorted(values)), []).append(key)
            for named, keys in together.items():
                whole = [locked.rows[key] for key in keys]
                wrote = {name: [says[key][name] for key in keys] for name in named}
                keep(DatasetRef(system=plan.system, dataset=id_), locked.named.table.names, whole, wrote)

    # -- the acts -------------------------------------------------------------------------------

    def _do(self, plan: ErasePlan, changes: Mapping[int, _Change]) -> None:
        """The acts in the order of the plan; changes of a dataset that come one after another go
        together, each row with its own values."""
        waiting: dict[str, Wanted] = {}
        looked = False
        for n, act in enumerate(plan.acts):
            id_, change = act.at.dataset, changes.get(n)
            if change is None:
                continue
            if act.verb is not Verb.DELETE:
                rows = waiting.setdefault(id_, {})
                for key, values in change.wanted.items():
                    rows[key] = {**rows.get(key, {}), **values}
                continue
            self._set(waiting)
            if not looked:
                self._wait()
                self._nobody_hangs_on(plan)
                looked = True
            self._take(act)
        self._set(waiting)
        self._wait()

    def _set(self, waiting: dict[str, Wanted]) -> None:
        for id_, wanted in waiting.items():
            locked = self._locked[id_]
            statements = writing.update(
                self._db, locked.named, list(zip(locked.raw(list(wanted)), wanted.values(), strict=True))
            )
            self._carry_out(id_, statements)
            for key, values in wanted.items():
                locked.says[key] = {**locked.says.get(key, {}), **values}
        waiting.clear()

    def _take(self, act: Act) -> None:
        id_, keys = act.at.dataset, [key for row in act.rows for key in row.keys]
        locked = self._locked[id_]
        given = id_ in self._straight
        statements = writing.delete(self._db, locked.named, locked.raw(keys), given=given)
        if in_a_ring(self._db, self._shapes, id_, act.rows):
            with unwatched(self._db, self._shapes, id_, act.rows):
                self._carry_out(id_, statements)
            self._statements += 3
        else:
            self._carry_out(id_, statements)
        locked.gone.update(keys)
        for key in keys:
            locked.says.pop(key, None)

    def _carry_out(self, id_: str, statements: writing.Statements) -> None:
        """Say it; the answers are waited for together (`_wait`), where the driver can do that."""
        self._waiting += ((id_, statement) for statement in statements)
        if self._db.dialect.name != "postgresql":
            self._wait()

    def _wait(self) -> None:
        """Wait until the database has done what was said, and look how many rows it was."""
        said, self._waiting = self._waiting, []
        self._statements += len(said)
        ran = writing.run_each(self._db, [statement for _, statement in said])
        for (id_, statement), done in zip(said, ran, strict=True):
            if done.rows != statement.rows:
                raise Broken(
                    f"the database changed {done.rows} rows of `{self._shapes.system.id}.{id_}` where "
                    f"{statement.rows} were meant; nothing was done"
                )
            if statement.given is not None:
                key = self._locked[id_].named.key
                rows = exact.by_key(self._db, statement.given, key, done.given)
                self._seen(id_, rows)
                if len(rows) != statement.rows:
                    raise Conflict(_CHANGED)

    def _nobody_hangs_on(self, plan: ErasePlan) -> None:
        """No row hangs on one that goes, and would be taken or changed by the database itself, but
        those that go too."""
        watched = [t for t in self._shapes.told if t.tie.declared and t.tie.acts_by_itself]
        going = [row for act in plan.acts if act.verb is Verb.DELETE for row in act.rows]
        faces: dict[int, dict[Key, int]] = {}
        for told in watched:
            for row in going:
                if row.at.dataset in told.tie.parents and told.tie.keys in row.faces:
                    faces.setdefault(told.tie.number, {})[row.faces[told.tie.keys]] = 0
        if not faces:
            return
        for row in going:
            emptied = self._locked[row.at.dataset].says.get(row.key, {})
            for number, counts in faces.items():
                at = row.links.get(number)
                columns = self._shapes.told[number].tie.columns
                if at in counts and not any(n in emptied and emptied[n] is None for n in columns):
                    counts[at] += row.rows
        self._statements += 1
        found = pointing(self._db, self._shapes, {n: list(keys) for n, keys in faces.items()})
        if any(count > faces[n][key] for n, keys in found.counts.items() for key, count in keys.items()):
            raise Conflict(_CHANGED)

    # -- after ----------------------------------------------------------------------------------

    def _read_back(self, system: str) -> None:
        """Rows that were to go are gone; those that were changed say what they should."""
        looks = [
            Look(
                place=f"{system}.{id_}",
                named=locked.named,
                gone=locked.raw(list(locked.gone)),
                says=list(zip(locked.raw(list(locked.says)), locked.says.values(), strict=True)),
            )
            for id_, locked in self._locked.items()
            if locked.gone or locked.says
        ]
        self._statements += look_back(self._db, looks)

    def _recount(self, plan: ErasePlan, before: Mapping[At, int]) -> None:
        if not before:
            return
        gone: dict[At, int] = {}
        for act in plan.acts:
            if act.verb is Verb.DELETE:
                at = self._at(act.at.dataset)
                gone[at] = gone.get(at, 0) + sum(row.rows for row in act.rows)
        accepted = {
            (table.schema, table.name) for table in self._shaper.catalogue.tables if table.triggers
        }  # a trigger that the map accepts may write where it likes, but may not take from these
        for at, count in self._counts(plan).items():
            meant = before[at] - gone.get(at, 0)
            if count < meant or (count != meant and not accepted):
                raise Broken(f"the table `{at[1]}` lost rows that were not in the plan; nothing was done")

    def _said(self, plan: ErasePlan, changes: Mapping[int, _Change]) -> tuple[Done, ...]:
        """Rows by dataset and verb; a row that went is not counted as changed before."""
        done: dict[tuple[str, Verb], set[Key]] = {}
        for change in changes.values():
            done.setdefault((change.act.at.dataset, change.act.verb), set()).update(change.wanted)
        said = []
        for (id_, verb), keys in done.items():
            rows = len(keys if verb is Verb.DELETE else keys - self._locked[id_].gone)
            if rows:
                said.append(Done(at=DatasetRef(system=plan.system, dataset=id_), verb=verb, rows=rows))
        return tuple(said)


def _by_dataset(plan: ErasePlan) -> dict[str, dict[Key, RowFact]]:
    """What the rows that are touched are told by, in an order that is the same for everybody who locks."""
    found: dict[str, dict[Key, RowFact]] = {}
    for act in plan.acts:
        rows = found.setdefault(act.at.dataset, {})
        for row in act.rows:
            rows.update(dict.fromkeys(row.keys, row))
    return {id_: dict(sorted(found[id_].items())) for id_ in sorted(found)}

"""The locked copy: rows of a restricted person are moved there, and back (art. 18).

Hard rules:
- One transaction: a row stands in the table or in the copy, never in both and never in none.
- What keeps a row from being erased keeps it from being moved: rows that others point at, triggers
  that the map does not name. Then nothing is moved.
- Only rows that are the person's alone are moved.
- The copy says exactly what the table said, else nothing is moved; and so on the way back.
- On the way back nobody's row is overwritten: where something else stands now, the row stays, and
  what points at it stays with it: nothing is tied to a row that it was never tied to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from lofte.connectors.protocol import Changes
from lofte.connectors.sql import exact
from lofte.connectors.sql.act import Hand
from lofte.connectors.sql.back import insert_gone
from lofte.connectors.sql.fact_shapes import FactShapes
from lofte.connectors.sql.verify import key_text
from lofte.datamap.copies import copy_id
from lofte.datamap.tracing import Key, People
from lofte.errors import Broken, Conflict, FaultsFound
from lofte.fault import Fault, Place
from lofte.plan.facts import Facts, RowFact, Tie
from lofte.plan.order import order
from lofte.plan.records import DatasetRef, Subject, Verb
from lofte.plan.verdict import ErasePlan, Verdict

KeepKeys = Callable[[DatasetRef, Sequence[str], Sequence[tuple[Any, ...]]], None]
"""Takes the keys of rows in before they are moved: dataset, names of the key's columns, keys."""

_MARIA_MODE = "set session sql_mode = concat(@@sql_mode, ',NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES')"
_ARTICLE = "18.1"
_COLUMN_INSTEAD = "let a column say it instead, with `column` and `value` under `restrict`"


@dataclass(frozen=True, kw_only=True, slots=True)
class MovedBack:
    """What became of the rows of one dataset that were to come back, by key as text."""

    done: frozenset[Key] = frozenset()
    left: frozenset[Key] = frozenset()
    """Something else stands in their place; they stay in the copy."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Whole:
    """Rows of one dataset as they are to be written; a `Rows` of `back`."""

    dataset: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    changes: tuple[str, ...] = ()
    wrote: tuple[tuple[Any, ...], ...] = ()


def park(
    db: Connection,
    shapes: FactShapes,
    facts: Facts,
    people: People,
    subjects: Sequence[Subject],
    on: date,
    keep: KeepKeys,
    datasets: Collection[str] | None = None,
) -> dict[DatasetRef, int]:
    """Move the subjects' own rows to the copies; `datasets` None = of all that have one. Returns how
    many were moved, by dataset. Raises FaultsFound (X103-X106) when they cannot be moved, Conflict,
    Broken; then nothing must be made lasting."""
    mine = _mine(shapes, facts, datasets)
    if not mine:
        return {}
    acts = _insist_movable(shapes, facts, mine)
    _any_value(db)
    rows = [row for each in mine.values() for row in each]
    plan = _plan(facts, subjects, rows, acts, on)
    done = Counter[DatasetRef]()

    def put(at: DatasetRef, columns: Sequence[str], whole: Sequence[Any], changes: Changes) -> None:
        if changes:
            raise Broken(f"a row of `{at}` would be changed where it was to be moved; nothing was moved")
        names = shapes.system.datasets[at.dataset].key
        places = [list(columns).index(name) for name in names]
        keep(at, names, [tuple(row[n] for n in places) for row in whole])
        _copy(db, shapes, at, columns, whole)
        done[at] += len(whole)

    Hand(db, shapes, on, people).act(plan, put)
    if sum(done.values()) != len(rows):
        raise Broken(f"not all rows of `{facts.system}` could be moved; nothing was moved")
    return dict(done)


def bring_back(
    db: Connection, shapes: FactShapes, keys: Mapping[str, Collection[tuple[Any, ...]]]
) -> dict[str, MovedBack]:
    """Move rows from the copies back to where they stood: dataset -> what became of them. A row that
    is in the copy no more (it was erased) is neither done nor left."""
    _any_value(db)
    there: dict[str, dict[Key, dict[str, Any]]] = {}
    left: dict[str, set[Key]] = {}
    for id_, wanted in keys.items():
        copy, key = _table(db, shapes, copy_id(id_)), shapes.system.datasets[id_].key
        rows = exact.read(db, copy, key, list(wanted), lock=True)
        there[id_] = {at: dict(zip(copy.names, row, strict=True)) for at, row in rows.items()}
        left[id_] = rows.keys() & exact.read(db, _table(db, shapes, id_), key, list(wanted), lock=True).keys()
    _with_what_points(shapes, there, left)
    waiting = [
        _Whole(
            dataset=id_,
            columns=tuple(next(iter(rows.values()))),
            rows=tuple(tuple(row.values()) for at, row in rows.items() if at not in left[id_]),
        )
        for id_, rows in there.items()
        if rows.keys() - left[id_]
    ]
    done = _insert(db, shapes, waiting)
    for id_, rows_done in done.items():
        _out_of_copy(db, shapes, id_, list(rows_done.values()))
    for each in waiting:
        left[each.dataset] |= _keys(shapes, each).keys() - done.get(each.dataset, {}).keys()
    return {id_: MovedBack(done=frozenset(done.get(id_, {})), left=frozenset(left[id_])) for id_ in keys}


# -- there -----------------------------------------------------------------------------------------


def _mine(shapes: FactShapes, facts: Facts, datasets: Collection[str] | None) -> dict[str, list[RowFact]]:
    found: dict[str, list[RowFact]] = {}
    for row in facts.rows:
        id_ = row.at.dataset
        dataset = shapes.system.datasets[id_]
        if datasets is not None and id_ not in datasets:
            continue
        if dataset.restrict and dataset.restrict.copy_ and row.certain and not row.others:
            found.setdefault(id_, []).append(row)
    return found


def _plan(
    facts: Facts, subjects: Sequence[Subject], rows: Sequence[RowFact], acts: Any, on: date
) -> ErasePlan:
    """Out of the table, as an erasure takes rows out: locked, compared, in order, read back."""
    return ErasePlan(
        system=facts.system,
        subjects=tuple(subjects),
        verdicts=tuple(Verdict(fact=row, verb=Verb.DELETE, article=_ARTICLE) for row in rows),
        acts=acts,
        kept=(),
        grounds=(_ARTICLE,),
        policy_digest="",
        map_digest="",
        digest="",
        made_on=on,
    )


def _insist_movable(shapes: FactShapes, facts: Facts, mine: Mapping[str, Sequence[RowFact]]) -> Any:
    """The acts that take the rows out, in order. Raises FaultsFound."""
    going = [Verdict(fact=row, verb=Verb.DELETE, article=_ARTICLE) for rows in mine.values() for row in rows]
    acts = order(facts, going)
    faults = [acts] if isinstance(acts, Fault) else []
    faults += [*_pointed_at(facts, mine), *_triggers(shapes, facts, mine), *_unlike(shapes, mine)]
    if faults:
        raise FaultsFound(faults)
    return acts


def _pointed_at(facts: Facts, mine: Mapping[str, Sequence[RowFact]]) -> Iterator[Fault]:
    """Rows that stay may not point at rows that go."""
    moving = [row for rows in mine.values() for row in rows]
    for tie in facts.ties:
        for id_ in tie.parents if tie.declared else ():
            if any(_pointers(facts, tie, row) > _inside(tie, row, moving) for row in mine.get(id_, ())):
                yield Fault(
                    number="X104",
                    place=_place(facts.system, id_),
                    what=f"rows of `{tie.table}` that stay point at rows of `{id_}`, which were to be moved",
                    mend=f"give `{tie.table}` a copy too, or {_COLUMN_INSTEAD}",
                )
                break


def _pointers(facts: Facts, tie: Tie, row: RowFact) -> int:
    face = row.faces.get(tie.keys)
    return facts.pointed.get(tie.number, {}).get(face, 0) if face is not None else 0


def _inside(tie: Tie, row: RowFact, moving: Sequence[RowFact]) -> int:
    face = row.faces.get(tie.keys)
    return sum(other.links.get(tie.number) == face for other in moving if other.at.dataset in tie.children)


def _triggers(shapes: FactShapes, facts: Facts, mine: Mapping[str, Sequence[RowFact]]) -> Iterator[Fault]:
    """A trigger that fires on the way there or back, and that the map does not name."""
    for id_ in mine:
        accepted = {trigger.name for trigger in shapes.system.datasets[id_].triggers}
        for trigger in facts.grounds[id_].triggers:
            if trigger.events & {"delete", "insert"} and trigger.name not in accepted:
                yield Fault(
                    number="X105",
                    place=_place(facts.system, id_),
                    what=f"the trigger `{trigger.name}` fires when its rows are moved, and is not named",
                    mend=f"look at what it writes; then name it under `triggers`, or {_COLUMN_INSTEAD}",
                )


def _unlike(shapes: FactShapes, mine: Mapping[str, Sequence[RowFact]]) -> Iterator[Fault]:
    """A copy that could not take a whole row, or would act on it."""
    for id_ in mine:
        live, copy = shapes.shaper.live(id_), shapes.shaper.live(copy_id(id_))
        if {c.name for c in live.columns} != {c.name for c in copy.columns} or copy.triggers:
            yield Fault(
                number="X106",
                place=_place(shapes.system.id, id_),
                what=f"the copy `{copy.name}` has other columns than `{live.name}`, or a trigger",
                mend="run `lofte check`, and make the copy anew",
            )


def _copy(
    db: Connection, shapes: FactShapes, at: DatasetRef, columns: Sequence[str], whole: Sequence[Any]
) -> None:
    """Write the rows to the copy, and see that they say there what they say here."""
    id_ = at.dataset
    key = shapes.system.datasets[id_].key
    copy = _table(db, shapes, copy_id(id_))
    places = [list(columns).index(name) for name in key]
    keys = [tuple(row[n] for n in places) for row in whole]
    if exact.read(db, copy, key, keys):
        raise Conflict(f"the copy of `{at}` holds a row with the same key already; look at both")
    exact.insert(db, copy, columns, whole)
    _insist_same(shapes, id_, columns, whole, copy.names, exact.read(db, copy, key, keys))


def _insist_same(
    shapes: FactShapes,
    id_: str,
    columns: Sequence[str],
    whole: Sequence[Any],
    names: Sequence[str],
    now: Mapping[Key, Sequence[Any]],
) -> None:
    places = [list(columns).index(name) for name in shapes.system.datasets[id_].key]
    at = [list(names).index(name) for name in columns]
    for row in whole:
        there = now.get(tuple(key_text(row[n]) for n in places))
        if there is None or repr(tuple(there[n] for n in at)) != repr(tuple(row)):
            raise Broken(f"a row of `{id_}` is not in the copy as it was; nothing was moved")


# -- and back --------------------------------------------------------------------------------------


def _with_what_points(
    shapes: FactShapes, there: Mapping[str, Mapping[Key, Mapping[str, Any]]], left: Mapping[str, set[Key]]
) -> None:
    """Rows that point at rows that stay, stay too."""
    more = True
    while more:
        more = False
        for told in shapes.told:
            faces = {
                tuple(key_text(there[id_][at][name]) for name in told.tie.keys)
                for id_ in told.tie.parents
                for at in left.get(id_, ())
            }
            for id_ in told.tie.children if faces else ():
                found = {at for at, row in there.get(id_, {}).items() if told.key(row) in faces}
                more = more or bool(found - left.get(id_, set()))
                left.get(id_, set()).update(found)


def _insert(db: Connection, shapes: FactShapes, waiting: Sequence[_Whole]) -> dict[str, dict[Key, Any]]:
    """Write the rows where they stood: dataset -> keys that are there now. If they cannot come back
    all together, each comes back that can."""
    if not waiting or _tried(db, shapes, waiting):
        return {each.dataset: _keys(shapes, each) for each in waiting}
    done: dict[str, dict[Key, Any]] = {}
    left = [(each, row) for each in waiting for row in each.rows]
    while True:
        before = len(left)
        for each, row in list(left):
            one = _Whole(dataset=each.dataset, columns=each.columns, rows=(row,))
            if _tried(db, shapes, [one]):
                done.setdefault(each.dataset, {}).update(_keys(shapes, one))
                left = [pair for pair in left if pair[1] is not row]
        if len(left) == before:
            return done


def _tried(db: Connection, shapes: FactShapes, waiting: Sequence[_Whole]) -> bool:
    """Whether the database takes these rows; if not, it is as before."""
    driver: Any = db.dialect.loaded_dbapi
    try:
        with db.begin_nested():
            insert_gone(db, shapes.system, shapes.shaper.catalogue, waiting)
            if db.dialect.name == "postgresql":
                db.exec_driver_sql("set constraints all immediate")
    except driver.IntegrityError:
        return False
    return True


def _out_of_copy(db: Connection, shapes: FactShapes, id_: str, keys: Sequence[tuple[Any, ...]]) -> None:
    copy = _table(db, shapes, copy_id(id_))
    name = exact.quoted(db, copy.name, copy.schema)
    cursor: Any = db.connection.cursor()
    try:
        for key in keys:
            where, values = exact.matching(db, copy, shapes.system.datasets[id_].key, [key])
            cursor.execute(f"delete from {name} where {where}", tuple(values))  # noqa: S608
            if cursor.rowcount != 1:
                raise Broken(f"a row did not leave the copy of `{id_}`; nothing was moved")
    finally:
        cursor.close()


def _keys(shapes: FactShapes, whole: _Whole) -> dict[Key, tuple[Any, ...]]:
    places = [whole.columns.index(name) for name in shapes.system.datasets[whole.dataset].key]
    raw = [tuple(row[n] for n in places) for row in whole.rows]
    return {tuple(key_text(part) for part in key): key for key in raw}


def _any_value(db: Connection) -> None:
    """A number 0 and a day that is none may be written, for they were there."""
    if db.dialect.name in ("mysql", "mariadb"):
        db.exec_driver_sql(_MARIA_MODE)


def _table(db: Connection, shapes: FactShapes, id_: str) -> exact.Table:
    live = shapes.shaper.live(id_)
    return exact.table_of(db, live.schema, live.name)


def _place(system: str, dataset: str) -> Place:
    return Place(path=f"{system}.{dataset}")

"""Putting rows back where an erasure took them, and reading datasets through after a restore.

Hard rules:
- One transaction; all rows come back, or none.
- A row that is gone is inserted, who is pointed at before who points. Of a row that is there, only
  the columns that the erasure changed are written, and only where they still say what it wrote: what
  somebody has written since is left, and told.
- A key that somebody else's row has taken since stops everything: nobody's row is overwritten, and
  nothing is tied to a row that it was never tied to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError

from lofte.connectors.sql import exact
from lofte.connectors.sql.catalogue import read_catalogue
from lofte.connectors.sql.lookback import still_says
from lofte.connectors.sql.patience import patient, read_url
from lofte.connectors.sql.setwise import Named
from lofte.connectors.sql.verify import key_text
from lofte.connectors.sql.was import Rows, Was, gather, same
from lofte.connectors.sql.wire import wait_for_disk
from lofte.connectors.undoing import PutBack, Since
from lofte.datamap.catalogue import Catalogue, LiveReference, LiveTable
from lofte.datamap.document import System
from lofte.datamap.tracing import Key
from lofte.errors import Broken, Conflict, Unreachable

FETCH = 2_000
_names = count()
_MARIA_MODE = "STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES"
"""A number 0 and a day that is none may be written, for they were there."""


@dataclass(kw_only=True, slots=True)
class _Place:
    """A table, its key, and the rows that go back to it."""

    live: LiveTable
    table: exact.Table
    key: tuple[str, ...]
    rows: dict[Key, Was]
    gone: list[Was]
    """Those that are not there."""


_Later = tuple[_Place, Was, dict[str, Any]]
"""Values of a row that are written when all rows are there."""


class SqlBack:
    """A database that takes its rows back, and can be read through."""

    def __init__(self, system: System, engine: Engine) -> None:
        self._system = system
        self._engine = engine
        self._driver: Any = engine.dialect.loaded_dbapi

    def put_back(self, kept: Sequence[Rows], insist: Callable[[], None] = lambda: None) -> PutBack:
        """The rows as they were, in the order in which they were kept. Those that are there already
        count for nothing. `insist` is asked before it is made lasting. Raises Conflict, Unreachable,
        Broken."""
        with self._transaction() as db:
            catalogue = read_catalogue(db, self._system.id, self._system.schemas)
            places = _places(db, self._system, catalogue, kept)
            counts: dict[str, int] = {}
            pointing: list[_Later] = []
            since = [each for place in places for each in _compare(db, place, counts, pointing)]
            _insert(db, places, counts)
            for place, was, values in pointing:
                exact.update(db, place.table, {name: was.values[name] for name in place.key}, values)
            for place in places:
                _look_again(db, place)
            insist()
            return PutBack(rows=counts, since=tuple(since))

    def whole(self, dataset: str, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """These columns of every row of a dataset's table, streamed."""
        entry = self._system.datasets[dataset]
        with self._transaction(reading=True) as db:
            listed = ", ".join(_named(db, name) for name in columns)
            at = _named(db, entry.table or dataset, entry.schema_)
            cursor = _stream(db)
            try:
                cursor.execute(f"select {listed} from {at}")  # noqa: S608 (names of the map, quoted)
                while batch := cursor.fetchmany(FETCH):
                    yield from batch
            finally:
                cursor.close()

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()

    # -- connecting --------------------------------------------------------------------------------

    @contextmanager
    def _transaction(self, *, reading: bool = False) -> Iterator[Connection]:
        try:
            with self._engine.connect() as db:
                if db.dialect.name == "postgresql" and reading:
                    db.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
                elif db.dialect.name in ("mysql", "mariadb"):
                    db.exec_driver_sql(f"set session sql_mode = '{_MARIA_MODE}'")
                yield db
                db.commit()
        except DBAPIError as error:
            raise self._told(error.orig or error) from error
        except self._driver.Error as error:
            raise self._told(error) from error

    def _told(self, error: BaseException) -> Unreachable | Broken | Conflict:
        """The kind of error, never its message: a driver quotes values in it."""
        kind = type(error).__name__
        if isinstance(error, self._driver.IntegrityError):
            return Conflict(
                f"the system `{self._system.id}` does not take the rows back: what they point at is gone, "
                "or their place is taken; nothing is undone"
            )
        if isinstance(error, self._driver.OperationalError | self._driver.InterfaceError):
            return Unreachable(
                f"the system `{self._system.id}` does not answer as it should ({kind}): "
                "check its url and that it runs"
            )
        return Broken(
            f"the system `{self._system.id}` does not take the rows back ({kind}); nothing is undone"
        )


def open_back(system: System, url: str) -> SqlBack:
    """Open the database behind a SQLAlchemy URL, for putting back. Nothing is connected yet."""
    parsed = read_url(url)
    kind = parsed.get_backend_name()
    engine = patient(parsed, poolclass=sa.NullPool)
    if kind == "sqlite":
        event.listen(engine, "connect", _sqlite_connected)
        event.listen(engine, "begin", _sqlite_begin)
    elif kind == "postgresql":
        event.listen(engine, "connect", wait_for_disk)
    return SqlBack(system, engine)


def _sqlite_connected(raw: Any, _record: Any) -> None:
    raw.isolation_level = None
    for said in ("foreign_keys = on", "synchronous = extra", "busy_timeout = 20000"):
        raw.execute(f"pragma {said}")


def _sqlite_begin(db: Connection) -> None:
    db.exec_driver_sql("begin immediate")
    db.exec_driver_sql("pragma defer_foreign_keys = on")


# -- what is there -----------------------------------------------------------------------------------


def _compare(
    db: Connection, place: _Place, counts: dict[str, int], pointing: list[_Later]
) -> Iterator[Since]:
    """Write back what was changed in the rows that are there; note those that are gone. What points
    at other rows is left for when these are there again. Gives what somebody has written since."""
    keys = [tuple(was.values[name] for name in place.key) for was in place.rows.values()]
    there = exact.read(db, place.table, place.key, keys, lock=True)
    changed = {at: was for at, was in place.rows.items() if was.wrote and at in there}
    raw = [tuple(was.values[name] for name in place.key) for was in changed.values()]
    wrote = list(zip(raw, (was.wrote for was in changed.values()), strict=True))
    says = dict(zip(changed, still_says(db, Named(table=place.table, key=place.key), wrote), strict=True))
    links = {name for reference in place.live.references for name in reference.columns}
    for key, was in place.rows.items():
        row = there.get(key)
        if row is None:
            place.gone.append(was)
            if left := was.not_back(was.values):
                yield Since(dataset=was.dataset, key=key, columns=tuple(sorted(left)))
            continue
        now = dict(zip(place.table.names, row, strict=True))
        values, stamps, since = _still_ours(place, was, now, says.get(key, frozenset()) - was.unknown.keys())
        if since:
            yield Since(dataset=was.dataset, key=key, columns=since)
        if values:
            at = {name: was.values[name] for name in place.key}
            if later := {n: v for n, v in values.items() if n in links}:
                pointing.append((place, was, {**later, **stamps}))
            if at_once := {n: v for n, v in values.items() if n not in later}:
                exact.update(db, place.table, at, {**at_once, **stamps})
            counts[was.dataset] = counts.get(was.dataset, 0) + 1


def _still_ours(
    place: _Place, was: Was, now: Mapping[str, Any], ours: frozenset[str]
) -> tuple[dict[str, Any], dict[str, Any], tuple[str, ...]]:
    """What is to be written in a row that is there, what its stamps shall say then, and the columns
    that we changed and somebody has written since, or may have. Raises Conflict when the row is another's."""
    stamped = {c.name for c in place.table.columns if c.stamped}
    computed = {c.name for c in place.table.columns if c.generated}
    differs = {n: v for n, v in was.values.items() if n in now and not same(now[n], v)}
    theirs = differs.keys() - ours - stamped - computed
    if was.whole and any(n in was.wrote or not _alike(now[n], differs[n]) for n in theirs):
        raise Conflict(f"an erased key of `{was.dataset}` belongs to another row now; nothing is undone")
    # Who has written since has stamped the row, too.
    stamps = {name: (now if theirs else was.values)[name] for name in stamped}
    values = {name: value for name, value in differs.items() if name in ours}
    return values, stamps, tuple(sorted((theirs & was.wrote.keys()) | was.not_back(now) - stamped - computed))


# -- inserting ---------------------------------------------------------------------------------------


def _places(db: Connection, system: System, catalogue: Catalogue, kept: Sequence[Rows]) -> list[_Place]:
    """By table, parents first, each row as it was."""
    places: dict[tuple[str | None, str], _Place] = {}
    for each in kept:
        entry = system.datasets[each.dataset]
        at = (entry.schema_, entry.table or each.dataset)
        if at not in places:
            places[at] = _place(db, catalogue, at, entry.key)
        place = places[at]
        gather(place.rows, each, place.key)
    return _parents_first(list(places.values()))


def insert_gone(db: Connection, system: System, catalogue: Catalogue, kept: Sequence[Rows]) -> None:
    """Insert rows that are not there, who is pointed at before who points, and read them back. In the
    caller's transaction. Raises what the driver raises, Broken."""
    places = _places(db, system, catalogue, kept)
    for place in places:
        place.gone.extend(place.rows.values())
    _insert(db, places, {})
    for place in places:
        _look_again(db, place)


def _place(db: Connection, catalogue: Catalogue, at: tuple[str | None, str], key: Sequence[str]) -> _Place:
    schema, name = at
    live = catalogue.table(name, schema)
    if live is None:
        raise Broken(f"the table `{name}` is not there any more; put it back before undoing")
    table = exact.table_of(db, schema, name)
    return _Place(live=live, table=table, key=live.key or tuple(key), rows={}, gone=[])


def _insert(db: Connection, places: Sequence[_Place], counts: dict[str, int]) -> None:
    """Insert what is gone. Columns that point at what is not there yet are filled in at the end."""
    if db.dialect.name == "postgresql":
        db.exec_driver_sql("set constraints all deferred")
    later: list[_Later] = []
    behind = {_name(place.live) for place in places}
    for place in places:
        forward = [r for r in place.live.references if (r.to_schema, r.to_table) in behind]
        waiting = _may_wait(place, forward)
        rows = (
            [] if not place.gone else _in_order(place, [r for r in forward if not set(r.columns) <= waiting])
        )
        for was in rows:
            held = {n: v for n, v in was.values.items() if n in waiting and v is not None}
            row = {n: (None if n in held else v) for n, v in was.values.items()}
            exact.insert(db, place.table, tuple(row), [tuple(row.values())])
            counts[was.dataset] = counts.get(was.dataset, 0) + 1
            if held:
                stamped = {c.name: was.values[c.name] for c in place.table.columns if c.stamped}
                later.append((place, was, {**held, **stamped}))
        behind.discard(_name(place.live))
    for place, was, held in later:
        exact.update(db, place.table, {name: was.values[name] for name in place.key}, held)


def _may_wait(place: _Place, forward: Sequence[LiveReference]) -> set[str]:
    """Columns that may be empty for a while: those of references to what comes later."""
    found: set[str] = set()
    for reference in forward:
        for name in reference.columns:
            column = place.live.column(name)
            if column is not None and column.nullable and name not in place.key:
                found.add(name)
    return found


def _in_order(place: _Place, own: Sequence[LiveReference]) -> list[Was]:
    """Rows that point at rows of the same table and may not wait: who is pointed at first."""
    inside = [r for r in own if (r.to_schema, r.to_table) == _name(place.live)]
    if not inside:
        return place.gone
    left = list(place.gone)
    done: list[Was] = []
    while left:
        targets = {(n, _part(w, r.to_columns or place.key)) for n, r in enumerate(inside) for w in left}
        free = [
            w
            for w in left
            if not any(
                (n, part) in targets and part != _part(w, r.to_columns or place.key)
                for n, r in enumerate(inside)
                if None not in (part := _part(w, r.columns))
            )
        ]
        if not free:
            return [*done, *left]
        done += free
        taken = set(map(id, free))
        left = [w for w in left if id(w) not in taken]
    return done


def _part(was: Was, names: Sequence[str]) -> tuple[str | None, ...]:
    values = [was.values.get(name) for name in names]
    return tuple(None if v is None else key_text(v) for v in values)


def _parents_first(places: list[_Place]) -> list[_Place]:
    """Tables that others point at first; in a ring, as they come."""
    done: list[_Place] = []
    left = list(places)
    while left:
        names = {_name(p.live) for p in left}
        free = [
            p
            for p in left
            if not any((r.to_schema, r.to_table) in names - {_name(p.live)} for r in p.live.references)
        ]
        free = free or left[:1]
        done += free
        taken = set(map(id, free))
        left = [p for p in left if id(p) not in taken]
    return done


def _look_again(db: Connection, place: _Place) -> None:
    """Read back what was inserted, and compare. Raises Broken; nothing is committed then."""
    keys = [tuple(was.values[name] for name in place.key) for was in place.gone]
    there = exact.read(db, place.table, place.key, keys)
    for was in place.gone:
        row = there.get(tuple(key_text(was.values[name]) for name in place.key))
        now = {} if row is None else dict(zip(place.table.names, row, strict=True))
        for column in place.table.columns:
            if column.generated or column.name not in was.values:
                continue
            if row is None or not _alike(now[column.name], was.values[column.name]):
                raise Broken(f"a row of `{was.dataset}` does not come back as it was; nothing is undone")


def _alike(now: Any, before: Any) -> bool:
    """Whether two values may be the same; what was read in different ways cannot be compared."""
    if now is None or before is None:
        return now is before
    return type(now) is not type(before) or isinstance(now, float) or same(now, before)


def _name(table: LiveTable) -> tuple[str | None, str]:
    return table.schema, table.name


def _named(db: Connection, name: str, schema: str | None = None) -> str:
    """A quoted name for a statement without parameters, where a percent sign is only itself."""
    return exact.quoted(db, name, schema).replace("%%", "%")


def _stream(db: Connection) -> Any:
    raw: Any = db.connection
    if db.dialect.name == "postgresql":
        return raw.cursor(f"lofte_whole_{next(_names)}")
    if db.dialect.name in ("mysql", "mariadb"):
        from pymysql.cursors import SSCursor

        return raw.cursor(SSCursor)
    return raw.cursor()

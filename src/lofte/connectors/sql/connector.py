"""A SQL database as a foreign system: PostgreSQL, MariaDB or MySQL, SQLite."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError

from lofte.connectors.protocol import Left
from lofte.connectors.sql import sizes
from lofte.connectors.sql.addresses import addresses
from lofte.connectors.sql.catalogue import read_catalogue
from lofte.connectors.sql.days import sqlite_day
from lofte.connectors.sql.dialects import sqlite_json
from lofte.connectors.sql.fact_shapes import FactShapes
from lofte.connectors.sql.groups import groups
from lofte.connectors.sql.left import left_in
from lofte.connectors.sql.patience import patient, read_url
from lofte.connectors.sql.persons import PersonShape, person_shape
from lofte.connectors.sql.session import SqlSession
from lofte.connectors.sql.shapes import Shape, Shaper
from lofte.connectors.sql.wire import wait_for_disk
from lofte.connectors.sql.writer import write
from lofte.datamap.catalogue import Catalogue
from lofte.datamap.chains import is_person
from lofte.datamap.document import Coarse, System
from lofte.datamap.identity import Identity
from lofte.datamap.reached import Reached
from lofte.errors import Broken, Conflict, Unreachable
from lofte.plan.figures import Said
from lofte.plan.layers import Storage

_TURNED_AWAY = frozenset({"40001", "40P01", "55P03", 1020, 1205, 1213})
"""What a database says when it let somebody else change the rows first: SQLSTATE, number of MariaDB."""
_GONE = frozenset({"25P03", "57P05"})
"""The server has ended a session that had gone silent."""


class SqlConnector:
    """One database, opened with its part of the data map. Statements are compiled once."""

    def __init__(self, system: System, engine: Engine, hand: Engine | None = None) -> None:
        self._system = system
        self._engine = engine
        self._hand = hand
        self._facts: FactShapes | None = None
        self._driver: Any = engine.dialect.loaded_dbapi
        self._shaper: Shaper | None = None
        self._shapes: dict[tuple[str, bool], Shape | None] = {}
        self._persons: dict[str, PersonShape] = {}

    def catalogue(self) -> Catalogue:
        """What tables and columns are really there. Raises Unreachable."""
        return self._prepared().catalogue

    def look_anew(self) -> None:
        """Read again what tables there are; what was compiled stays while nothing has changed there.
        Raises Unreachable."""
        if self._shaper is not None and self._read() != self._shaper.catalogue:
            self._shaper, self._facts = None, None
            self._shapes, self._persons = {}, {}

    def _read(self) -> Catalogue:
        with self._connect() as db:
            return read_catalogue(db, self._system.id, self._system.schemas)

    def _prepared(self) -> Shaper:
        if self._shaper is None:
            with self._connect() as db:
                catalogue = read_catalogue(db, self._system.id, self._system.schemas)
                types = _types(db, catalogue)
            self._shaper = Shaper(self._system, catalogue, types, self._engine.dialect)
        return self._shaper

    def _shape(self, dataset: str, keys_only: bool) -> Shape | None:
        at = (dataset, keys_only)
        if at not in self._shapes:
            self._shapes[at] = write(self._prepared(), dataset, keys_only=keys_only)
        return self._shapes[at]

    def _person_shapes(self) -> dict[str, PersonShape]:
        if not self._persons:
            names = [name for name, entry in self._system.datasets.items() if is_person(entry)]
            self._persons = {name: person_shape(self._prepared(), name) for name in names}
        return self._persons

    @contextmanager
    def session(self) -> Iterator[SqlSession]:
        """A consistent, read-only session.

        Raises Unreachable, or FaultsFound when map and database differ.
        """
        shaper = self._prepared()
        persons = self._person_shapes()
        with self._connect() as db:
            yield SqlSession(db, self._system, self._shape, persons, shaper.dialect, self._fact_shapes)

    @contextmanager
    def acting(self) -> Iterator[SqlSession]:
        """A session that may also change what a plan says, in one transaction: lasting when the
        block ends, undone when it ends with an error.

        Raises Unreachable (try again; when the answer to the last word was lost, it may have been
        done), Conflict (rows have changed; plan again), Broken.
        """
        if self._hand is None:
            raise Broken(f"the system `{self._system.id}` was opened for reading only")
        shaper = self._prepared()
        persons = self._person_shapes()
        try:
            with self._hand.begin() as db:
                yield SqlSession(db, self._system, self._shape, persons, shaper.dialect, self._fact_shapes)
        except (DBAPIError, self._driver.Error) as error:
            cause = error.orig or error if isinstance(error, DBAPIError) else error
            if isinstance(cause, self._driver.IntegrityError):
                raise Conflict("another row points at one that was to go; plan again") from error
            if _said_by(cause) in _TURNED_AWAY:
                raise Conflict("somebody else was changing the same rows; plan again") from error
            raise self._told(cause) from error

    def addresses(self, reached: Reached) -> Iterator[tuple[str, bool]]:
        """Every address in a column, and whether the identity of whose it is is protected; one statement.
        Raises Unreachable, or FaultsFound when map and database differ."""
        shaper = self._prepared()
        with self._connect() as db:
            yield from addresses(db, shaper, reached)

    def left(self, known: Iterable[Identity], allowed: Mapping[tuple[str, str], int]) -> tuple[Left, ...]:
        """Where these identities still stand, in all tables and columns; looked for by other code
        than that which found them. `allowed` says in how many rows of a dataset's column they may."""
        return left_in(self._system, self._engine, known, allowed)

    def groups(
        self, dataset: str, columns: Mapping[str, Coarse | None], on: date
    ) -> Mapping[Said, Mapping[str, Set[Hashable]]]:
        """The persons of a dataset in groups, by what their rows say in these columns. Raises Unreachable,
        or FaultsFound when map and database differ."""
        with self.session() as session:
            return groups(session.wire, self._fact_shapes(), dataset, columns, on)

    def storage(self) -> Storage:
        """What the database tells of where erased rows may remain."""
        if self._engine.dialect.name == "postgresql":
            return Storage(name="postgresql")  # it tells no more if it is asked
        with self._connect() as db:
            return sizes.storage(db)

    def _fact_shapes(self) -> FactShapes:
        if self._facts is None:
            self._facts = FactShapes(self._prepared())
        return self._facts

    @contextmanager
    def _connect(self) -> Iterator[Connection]:
        try:
            with self._engine.connect() as db:
                _read_only(db)
                yield db
        except DBAPIError as error:
            raise self._told(error.orig or error) from error
        except self._driver.Error as error:
            raise self._told(error) from error

    def _told(self, error: BaseException) -> Unreachable | Broken:
        """The kind of error, never its message: a driver quotes values in it."""
        kind = type(error).__name__
        says = f"the system `{self._system.id}` does not answer as it should ({kind}): "
        silent = isinstance(error, self._driver.OperationalError | self._driver.InterfaceError)
        if silent or _said_by(error) in _GONE:
            return Unreachable(says + "check its url and that it runs")
        return Broken(says + "run `lofte check`; if it finds nothing, report this as a fault of ours")

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()
        if self._hand is not None:
            self._hand.dispose()


def open_sql(system: System, url: str) -> SqlConnector:
    """Open the database behind a SQLAlchemy URL. Nothing is connected yet; reading and writing
    have each their own engine, so that what only reads can never write."""
    parsed = read_url(url)
    kind = parsed.get_backend_name()
    engine = patient(parsed, pool_pre_ping=False)
    level: dict[str, Any] = {} if kind == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    hand = patient(parsed, **level)
    if kind == "sqlite":
        event.listen(engine, "connect", _sqlite_connected)
        event.listen(engine, "begin", _sqlite_begin)
        event.listen(hand, "connect", _sqlite_hand)
        event.listen(hand, "begin", _sqlite_begin_writing)
    elif kind == "postgresql":
        event.listen(hand, "connect", wait_for_disk)
    return SqlConnector(system, engine, hand)


def _said_by(error: BaseException) -> str | int | None:
    """The code that the database gave, where it did."""
    code = getattr(error, "sqlstate", None) or next(iter(error.args), None)
    return code if isinstance(code, str | int) else None


def _read_only(db: Connection) -> None:
    """One snapshot for the whole session, and no way to write."""
    if db.dialect.name == "postgresql":
        db.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    elif db.dialect.name in ("mysql", "mariadb"):
        db.exec_driver_sql("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")


def _sqlite_connected(raw: Any, _record: Any) -> None:
    raw.isolation_level = None  # else the driver begins no transaction for a SELECT
    raw.create_function("lofte_json", 2, sqlite_json, deterministic=True)
    raw.create_function("lofte_day", 1, sqlite_day, deterministic=True)
    raw.execute("pragma query_only = on")


def _sqlite_hand(raw: Any, _record: Any) -> None:
    raw.isolation_level = None
    raw.create_function("lofte_json", 2, sqlite_json, deterministic=True)
    raw.create_function("lofte_day", 1, sqlite_day, deterministic=True)
    # What goes shall be gone from the file too, and be there after a power cut. With `full` the journal's
    # end is not waited for: back after a power cut, it would undo what was acknowledged.
    for said in ("foreign_keys = on", "secure_delete = on", "synchronous = extra", "busy_timeout = 20000"):
        raw.execute(f"pragma {said}")


def _sqlite_begin_writing(db: Connection) -> None:
    db.exec_driver_sql("begin immediate")


def _sqlite_begin(db: Connection) -> None:
    db.exec_driver_sql("begin")


def _types(db: Connection, catalogue: Catalogue) -> dict[Any, Any]:
    """(schema, table, column) -> SQLAlchemy type, for casts."""
    inspector = sa.inspect(db)
    found: dict[Any, Any] = {}
    for schema in {table.schema for table in catalogue.tables}:
        columns = inspector.get_multi_columns(schema=schema, kind=sa.engine.reflection.ObjectKind.ANY)
        for (_, table), listed in columns.items():
            for column in listed:
                found[schema, table, str(column["name"])] = column["type"]
    return found

"""A SQL database as a foreign system: PostgreSQL, MariaDB or MySQL, SQLite."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError

from lofte.connectors.protocol import Left
from lofte.connectors.sql.catalogue import read_catalogue
from lofte.connectors.sql.dialects import sqlite_json
from lofte.connectors.sql.fact_shapes import FactShapes
from lofte.connectors.sql.needles import Needles
from lofte.connectors.sql.persons import PersonShape, person_shape
from lofte.connectors.sql.scanner import scan
from lofte.connectors.sql.session import SqlSession
from lofte.connectors.sql.shapes import Shape, Shaper
from lofte.connectors.sql.writer import write
from lofte.datamap.catalogue import Catalogue
from lofte.datamap.chains import is_person
from lofte.datamap.document import System
from lofte.datamap.identity import Identity
from lofte.errors import Broken, Conflict, Unreachable

_MARIA_ARGS = {"charset": "utf8mb4", "connect_timeout": 10}


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
            raise self._told(cause) from error

    def left(self, known: Iterable[Identity], allowed: Mapping[tuple[str, str], int]) -> tuple[Left, ...]:
        """Where these identities still stand, in all tables and columns; looked for by other code
        than that which found them. `allowed` says in how many rows of a dataset's column they may."""
        spots: dict[tuple[str | None, str, str], int] = {}
        for (id_, column), rows in allowed.items():
            entry = self._system.datasets[id_]
            spot = (entry.schema_, entry.table or id_, column)
            spots[spot] = spots.get(spot, 0) + rows
        found = scan(self._engine, Needles.of(known), spots)
        return tuple(Left(table=each.table, column=each.column, rows=each.rows) for each in found)

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
        if isinstance(error, self._driver.OperationalError | self._driver.InterfaceError):
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
    parsed = sa.make_url(url)
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername in ("mysql", "mariadb"):
        parsed = parsed.set(drivername=f"{parsed.drivername}+pymysql")
    kind = parsed.get_backend_name()
    arguments: dict[str, Any] = dict(_MARIA_ARGS) if kind in ("mysql", "mariadb") else {}
    engine = sa.create_engine(parsed, connect_args=arguments, hide_parameters=True, pool_pre_ping=False)
    level: dict[str, Any] = {} if kind == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    hand = sa.create_engine(parsed, connect_args=arguments, hide_parameters=True, **level)
    if kind == "sqlite":
        event.listen(engine, "connect", _sqlite_connected)
        event.listen(engine, "begin", _sqlite_begin)
        event.listen(hand, "connect", _sqlite_hand)
        event.listen(hand, "begin", _sqlite_begin_writing)
    return SqlConnector(system, engine, hand)


def _read_only(db: Connection) -> None:
    """One snapshot for the whole session, and no way to write."""
    if db.dialect.name == "postgresql":
        db.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    elif db.dialect.name in ("mysql", "mariadb"):
        db.exec_driver_sql("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")


def _sqlite_connected(raw: Any, _record: Any) -> None:
    raw.isolation_level = None  # else the driver begins no transaction for a SELECT
    raw.create_function("lofte_json", 2, sqlite_json, deterministic=True)
    raw.execute("pragma query_only = on")


def _sqlite_hand(raw: Any, _record: Any) -> None:
    raw.isolation_level = None
    raw.create_function("lofte_json", 2, sqlite_json, deterministic=True)
    # What goes shall be gone from the file too, and be there after a power cut.
    for said in ("foreign_keys = on", "secure_delete = on", "synchronous = full", "busy_timeout = 20000"):
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

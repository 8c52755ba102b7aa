"""A map may name anything; only what the database really holds is touched, or a fault says why not."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from lofte.connectors.sql.connector import SqlConnector, open_sql
from lofte.datamap.document import Dataset, Kind, System
from lofte.datamap.identity import Identity
from lofte.errors import FaultsFound, LofteError
from lofte.plan.records import Subject
from tests.erase.small import PERSONS, Small, number, persons, system

ON = date(2026, 11, 20)
ANNA = Subject(ref="1", identities=(Identity(kind=Kind.EMAIL, value="anna@kund.example"),))

PIECES = (
    '"', "'", "`", ";", "--", "/*", "*/", "#", "\\", "\\'", '\\"', "%s", "%(a)s", "%%", "%",
    ":name", ":1", "?",
    "{}", "{0}", "$1", "$$", "@x", "(", ")", "[", "]", ",", ".", "=", "\x00", "\n", "\r", "\t", "\x1b", " ",
    "\u202e", "\u200b", "\ufeff", "＂", "＇", "ʼ", "İ", "ﬁ", "é", "e\u0301", "🤖", "DROP TABLE person",
    "UNION SELECT secret FROM safe", "OR 1=1", "' OR ''='", '" OR ""="', "; DELETE FROM person",
    "person", "email",
    "select", "NULL", "0", "rowid", "sqlite_master", "information_schema.tables",
    "pg_catalog.pg_user", "x" * 64,
    "å" * 40, "pg_sleep(9)", "safe", "secret", 'person"."email', "person`.`email", "t1", "climb1", "found",
)  # fmt: skip

REAL = (
    'he said "x"', "it's", "semi;colon", "a -- b", "/* c */", "%s", "100%", "%(name)s", ":name",
    "{0}", "$1", "a?b",
    "back\\slash", "[bracket]", "(paren)", "select", "ORDER", "Kund nr", "åäö ÅÄÖ", "a,b", "a.b", "tab\tin",
    "new\nline", "\u202eabc", "e\u0301", "İstanbul", "x" * 63, "DROP TABLE person; --",
    "' OR ''='", '" OR ""="',
)  # fmt: skip
"""Hostile names that a database does let a table have."""

NAMES = 5_000


def _hostile() -> Iterator[str]:
    rng = random.Random(63)
    yield from PIECES
    for _ in range(NAMES - len(PIECES)):
        yield "".join(rng.choice(PIECES) for _ in range(rng.randrange(1, 5)))[:128]


def _map(table: str = "person", column: str = "email", **more: object) -> System:
    dataset = {
        "table": table,
        "name": {"en": "People"},
        "key": "id",
        "subject": [{"by": "own"}],
        "fields": {"id": {"technical": True}, column: {"category": "contact", "identity": "email"}},
        **more,
    }
    system = {"system": 1, "id": "s", "name": {"en": "S"}, "url": "env:X", "datasets": {"d": dataset}}
    return System.model_validate(system)


@pytest.fixture
def guarded(any_url: str) -> Iterator[str]:
    """A table that the maps mean, and a safe that none of them may touch."""
    engine = sa.create_engine(any_url)
    with engine.begin() as db:
        db.execute(sa.text("CREATE TABLE person (id INTEGER PRIMARY KEY, email VARCHAR(100))"))
        db.execute(sa.text("CREATE TABLE safe (id INTEGER PRIMARY KEY, secret VARCHAR(100))"))
        db.execute(sa.text("INSERT INTO person VALUES (1, 'anna@kund.example')"))
        db.execute(sa.text("INSERT INTO safe VALUES (1, 'anna@kund.example')"))
    yield any_url
    with engine.begin() as db:
        for table in ("person", "safe"):
            assert db.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar() == 1
    engine.dispose()


def test_a_hostile_name_is_refused(guarded):
    """As table, column, key, schema, condition or target: each of 5,000 names in turn."""
    good = _map().datasets["d"].model_dump(by_alias=True)
    datasets: dict[str, Any] = {"d": good}
    named: dict[str, str] = {}
    for n, name in enumerate(_hostile()):
        try:
            Dataset.model_validate(_in_place(n, name))
        except ValueError:
            continue  # the map's own reader refuses it
        named[f"h{n}"], datasets[f"h{n}"] = name, _in_place(n, name)
    assert len(named) > 0.9 * NAMES
    system = {"system": 1, "id": "s", "name": {"en": "S"}, "url": "env:X", "datasets": datasets}
    connector = open_sql(System.model_validate(system), guarded)
    with connector.session() as session:
        people = session.people([ANNA], ON)
        for id_, name in named.items():
            taken = _taken(session, id_, people)
            assert taken is None or name in ("person", "email", "id"), f"{name!r} was taken: {taken}"
        assert [one.row for one in session.rows("d", people).found] == [(1, "anna@kund.example")]
    connector.close()


def _taken(session: Any, dataset: str, people: Any) -> list[Any] | None:
    """What a dataset gives; None = a fault says why it gives nothing."""
    try:
        return list(session.rows(dataset, people).found)
    except FaultsFound as refusal:
        faults = refusal.faults
    assert faults and all(fault.number and fault.what and fault.mend for fault in faults)
    return None


def _in_place(n: int, name: str) -> dict[str, Any]:
    """A dataset with the name at one of the places where a map has names of the database."""
    fields = {"id": {"technical": True}, "email": {"category": "contact"}}
    identity = {"by": "identity", "column": "email", "kind": "email"}
    sound: dict[str, Any] = {
        "table": "person", "name": {"en": "X"}, "key": "id", "subject": [identity], "fields": fields
    }  # fmt: skip
    places: tuple[dict[str, Any], ...] = (
        {"table": name},
        {"schema": name},
        {"fields": {**fields, name: {"technical": True}}},
        {"key": name},
        {"where": {name: "x"}},
        {"order": name},
        {"subject": [{**identity, "column": name}]},
        {"subject": [{**identity, "when": {name: ["x", "y"]}}]},
        {"subject": [{"by": "reference", "columns": name, "to": "d"}]},
        {"subject": [{"by": "reference", "columns": "id", "to": "d", "keys": name}]},
        {"subject": [{"by": "polymorphic", "type": name, "is": "x", "columns": "id", "to": "d"}]},
        {"subject": [{"by": "json", "column": name, "at": [name], "kind": "email"}]},
        {"subject": [{"by": "value", "column": name, "when": {"email": "x"}, "kind": "email"}]},
        {"subject": [{"by": "mention", "columns": name}]},
    )
    return {**sound, **places[n % len(places)]}


def test_a_person_dataset_with_a_hostile_name_opens_nothing(guarded):
    for name in PIECES[:15]:
        for more in ({"table": name}, {"column": name}, {"key": name}, {"where": {name: "x"}}):
            try:
                map_ = _map(**more)
            except ValueError:
                continue
            connector = open_sql(map_, guarded)
            assert _refused(connector, map_), (more, name)
            connector.close()


def test_a_hostile_value_is_only_a_value(guarded):
    """What stands in a condition or in a JSON path is bound or quoted, never code."""
    sound = _in_place(0, "person")
    datasets = dict(_map().datasets)
    for n, value in enumerate((*PIECES, *REAL)):
        for at, path in enumerate(
            (
                {"by": "identity", "column": "email", "kind": "email", "when": {"email": value}},
                {"by": "json", "column": "email", "at": [value, 0], "kind": "email"},
                {"by": "polymorphic", "type": "email", "is": value, "columns": "id", "to": "d"},
            )
        ):
            if "\x00" not in value:
                datasets[f"h{n}-{at}"] = Dataset.model_validate({**sound, "subject": [path]})
    connector = open_sql(_map().model_copy(update={"datasets": datasets}), guarded)
    with connector.session() as session:
        people = session.people([ANNA], ON)
        for id_, entry in datasets.items():
            assert id_ == "d" or not list(session.rows(id_, people).found), entry.subject
    connector.close()


def _refused(connector: SqlConnector, map_: System) -> bool:
    try:
        with connector.session() as session:
            people = session.people([ANNA], ON)
            for dataset in map_.datasets:
                list(session.rows(dataset, people).found)
    except LofteError:
        return True
    return False


def test_tables_really_named_so_are_read(any_url):
    """Each hostile name that the database lets a table and a column have is read like any other."""
    engine = sa.create_engine(any_url)
    dialect = engine.dialect.name
    for name in REAL:
        if not _possible(name, dialect):
            continue
        made = sa.Table(
            sa.sql.quoted_name(name, quote=True),
            sa.MetaData(),
            sa.Column("id", sa.Integer, key="id", primary_key=True),
            sa.Column(sa.sql.quoted_name(name, quote=True), sa.String(100), key="value"),
        )
        with engine.begin() as db:
            made.create(db)
            rows = [{"id": 1, "value": "anna@kund.example"}, {"id": 2, "value": "eva@kund.example"}]
            db.execute(sa.insert(made), rows)
        map_ = _map(table=name, column=name)
        connector = open_sql(map_, any_url)
        try:
            with connector.session() as session:
                found = list(session.rows("d", session.people([ANNA], ON)).found)
        except FaultsFound:
            # SQLAlchemy reads MariaDB's tables line by line, and misses a name of two lines.
            assert dialect == "mysql" and "\n" in name, repr(name)
            continue
        finally:
            connector.close()
        assert [one.row for one in found] == [(1, "anna@kund.example")], repr(name)
    engine.dispose()


def _possible(name: str, dialect: str) -> bool:
    longest = {"postgresql": 63, "mysql": 64}.get(dialect, 500)
    size = len(name.encode()) if dialect == "postgresql" else len(name)
    if dialect == "mysql" and any(ord(c) > 0xFFFF for c in name):
        return False
    return size <= longest


def test_a_misspelt_column_is_no_text(sqlite_url):
    """SQLite takes a double-quoted name that it does not know for a text, and finds everybody."""
    engine = sa.create_engine(sqlite_url)
    with engine.begin() as db:
        db.execute(sa.text("CREATE TABLE person (id INTEGER PRIMARY KEY, email TEXT)"))
        db.execute(sa.text("INSERT INTO person VALUES (1, 'anna@kund.example'), (2, 'eva@kund.example')"))
    engine.dispose()
    for wrong in ("emial", "Email", "anna@kund.example", "EMAIL"):
        for map_ in (
            _map(column=wrong),
            _map(where={wrong: wrong}),
            _map(subject=[{"by": "identity", "column": wrong, "kind": "email"}]),
        ):
            connector = open_sql(map_, sqlite_url)
            assert _refused(connector, map_), wrong
            connector.close()


def test_a_name_that_the_reader_of_names_cannot_read_is_a_fault(mariadb_url):
    """A backtick in a column name: allowed by MariaDB, awkward for those who read its tables."""
    engine = sa.create_engine(mariadb_url)
    with engine.begin() as db:
        db.exec_driver_sql(
            "CREATE TABLE person (id INTEGER PRIMARY KEY, email VARCHAR(100), `back``tick` INTEGER)"
        )
        db.exec_driver_sql("INSERT INTO person VALUES (1, 'anna@kund.example', 7)")
    engine.dispose()
    map_ = _map()
    connector = open_sql(map_, mariadb_url)
    try:
        with connector.session() as session:
            found = list(session.rows("d", session.people([ANNA], ON)).found)
        assert [one.row for one in found] == [(1, "anna@kund.example")]
    except LofteError:
        pass
    finally:
        connector.close()


@pytest.mark.parametrize("name", ["x(y)", "x)", "x`y", "x'y", 'x"y', "per%cent", "å", "x,y", "x, y"])
def test_a_cascade_is_seen_whatever_its_column_is_called(any_url, name):
    m = sa.MetaData()
    persons(m)
    goes = sa.ForeignKey("persons.id", ondelete="CASCADE")
    sa.Table("others", m, number(), sa.Column(name, sa.Integer, goes, key="link"))
    small = Small(any_url, m, system(persons=PERSONS))
    try:
        small.put("persons", {"id": 1, "email": "anna@kund.example"})
        small.put("others", {"id": 1, "link": 1})
        with pytest.raises(FaultsFound) as stopped:
            small.erase("anna@kund.example")
        assert {fault.number for fault in stopped.value.faults} == {"X101"}
        assert len(small.rows("others")) == 1
    finally:
        small.close()

"""What was erased comes back byte for byte, on every database, and over nobody else's row."""
# ruff: noqa: E501 (rows of literals)

from __future__ import annotations

import secrets
from datetime import date, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lofte.connectors.sql import exact
from lofte.connectors.sql.back import open_back
from lofte.connectors.undoing import Since
from lofte.datamap.document import System
from lofte.errors import Broken, Conflict, Refused, Unreachable
from lofte.execution import book, restore_log, tombstones, vault
from lofte.execution.exactly import pack
from lofte.ledger.kinds import Kind
from tests import services

REQUEST = "a" * 32
TYPES = {
    "sqlite": """create table customer (id integer primary key, a, b text, c blob, d real, e numeric, f text)""",
    "postgresql": """create table customer (id int generated always as identity primary key, a json, b jsonb,
        c timestamptz, d timestamp, e interval, f numeric, g real, h double precision, i bytea, j inet, k text[],
        l date, m int4range, n time with time zone, o uuid, p timestamptz[], q char(5), r jsonb[], s bit(3),
        t xml, u tsvector, v money, w boolean, x varchar(10), y int generated always as (id * 2) stored)""",
    "mariadb": """create table customer (id int auto_increment primary key, a json, b longtext, c timestamp(6) null,
        d datetime(6), e time(6), f decimal(30,10), g float, h double, i longblob, j bit(3), k enum('x','y'),
        l date, m set('p','q'), n tinyint(1), o year, p char(5), q varbinary(10), r inet6, s uuid,
        t timestamp null on update current_timestamp, y int as (n * 2) stored)""",
}
VALUES = {
    "sqlite": [
        "1, 'text', 'Åsa \U0001f600', x'00ff', -0.0, 1e308, cast(x'ffe5' as text)",
        "2, 9223372036854775807, '', x'', 0.1, 3, null",
        "3, null, 'a' || char(0) || 'b', null, null, 'ord', '{\"a\" :  1.00}'",
        "4, x'00', '10023', zeroblob(9), 1e-320, 0.5, '0010'",
    ],
    "postgresql": [
        """default, '{"b" : 1.00,  "a":null, "a": 2}', '{"b": 1.00, "a": 12345678901234567890.1}',
        '2026-10-25 02:30:00.123456+01', 'infinity', '1 year 2 mons -3 days 04:05:06.7', 'NaN', 0.1, 1e-300,
        '\\x00ff27', '10.0.0.1/8', '{"a,b",NULL,"c\\"d"}', '0044-03-15 BC', '[1,5)', '02:30:00.5+05:30',
        '00000000-0000-0000-0000-000000000001', '{2026-01-01 00:00:00+00,NULL}', 'ab', '{"{\\"a\\": 1.0}"}',
        B'101', '<a> </a>', 'anna:1 kund:2', '12.34', true, 'ö%s'""",
        """default, 'null', 'null', '-infinity', null, '-0.000001 s', '-0.00', 'NaN', '-infinity', '', '::1', '{}',
        'infinity', 'empty', '00:00:00-00', null, null, '', null, null, null, null, null, false, ''""",
        """default, '"123"', '"text"', null, '4713-01-01 BC', null, '1e30', 3.4e38, '-0', null, null, null, null,
        null, null, null, null, null, null, null, null, null, null, null, null""",
    ],
    "mariadb": [
        """1, '{"b" : 1.00,  "a":null}', 'Åsa \U0001f600 %s', '2026-10-25 01:30:00.123456', '9999-12-31 23:59:59.999999',
        '-838:59:58.5', 12345678901234567890.0123456789, 0.1234567, 1e-300, x'00ff27', b'101', 'x', '2026-02-28',
        'p,q', 1, 1999, 'ab', x'00', '::1', '00000000-0000-0000-0000-000000000001', '2001-01-01 00:00:00', default""",
        """2, null, '', '2026-10-25 00:30:00.5', '0000-00-00 00:00:00', '00:00:00', -0.1, -3.4e38, -0.0, '', b'0',
        'y', '0000-00-00', '', 0, 0, '', '', null, null, null, default""",
        """0, 'null', null, null, null, null, null, 16777217, null, null, null, null, null, null, null, null, null,
        null, null, null, null, default""",
    ],
}


@pytest.fixture(params=["sqlite", "postgres", "mariadb"])
def url(request, tmp_path):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'shop.db'}"
    else:
        make = services.postgres_database if request.param == "postgres" else services.mariadb_database
        with make() as found:
            yield found


FLOATS = ("g",)


class Shop:
    """A database that things are erased from."""

    def __init__(self, url):
        self.url = url
        self.engine = sa.create_engine(url, poolclass=sa.NullPool)
        self.kind = self.engine.dialect.name.replace("mysql", "mariadb")

    def run(self, *statements):
        with self.engine.begin() as db:
            cursor = db.connection.cursor()
            if self.kind == "mariadb":
                cursor.execute(
                    "set sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES', time_zone = '+00:00'"
                )
            for sql in statements:
                cursor.execute(sql)

    def table(self, db, name):
        return exact.table_of(db, None, name)

    def full(self, name, *keys, key=("id",)):
        with self.engine.connect() as db:
            table = self.table(db, name)
            return table.names, list(exact.read(db, table, key, keys).values())

    def dump(self, name):
        """Every value as the database itself writes it."""
        with self.engine.connect() as db:
            names = self.table(db, name).names
            if self.kind == "sqlite":
                told = ", ".join(f"typeof({n}), hex({n}), printf('%!.20g', {n})" for n in names)
            elif self.kind == "postgresql":
                told = ", ".join(f"{n}::text" for n in names)
            else:
                db.exec_driver_sql("set time_zone = '+00:00'")
                told = ", ".join(
                    f"hex(concat({f'cast({n} as double)' if n in FLOATS else n}))" for n in names
                )
            if self.kind == "postgresql":
                db.exec_driver_sql("set time zone 'utc'")
            rows = db.exec_driver_sql(f"select {told} from {name}").fetchall()
            return sorted(map(repr, map(tuple, rows)))


@pytest.fixture
def shop(url):
    shop = Shop(url)
    yield shop
    shop.engine.dispose()


def system(url, **datasets):
    entry = {"name": {"en": "x"}, "fields": {}, "key": ["id"], "nobody": {"en": "x"}}
    return System.model_validate(
        {"system": 1, "id": "shop", "name": {"en": "Shop"}, "url": url,
         "datasets": {name: {**entry, **more} for name, more in (datasets or {"customer": {}}).items()}}
    )  # fmt: skip


@pytest.fixture
def at(house, shop):
    """The house with this system in its map."""
    import dataclasses

    from lofte.datamap.document import DataMap

    def furnished(**datasets):
        return dataclasses.replace(house, datamap=DataMap(systems=(system(shop.url, **datasets),)))

    return furnished


def connect(entry):
    return open_back(entry, entry.url)


def keep(house, shop, dataset, *keys, changes=(), step="erase", key=("id",)):
    columns, rows = shop.full(dataset, *keys, key=key)
    assert len(rows) == len(keys)
    empty = {name: [None] * len(rows) for name in changes}
    restore_log.keep(house, REQUEST, step, "shop", dataset, columns, rows, changes=empty)


# --- byte for byte ---


def test_every_type_of_the_database_comes_back_as_it_was(at, shop, store):
    house = at()
    shop.run(TYPES[shop.kind], *(f"insert into customer values ({v})" for v in VALUES[shop.kind]))
    before = shop.dump("customer")
    ids = {"sqlite": [1, 2, 3, 4], "postgresql": [1, 2, 3], "mariadb": [0, 1, 2]}[shop.kind]
    keep(house, shop, "customer", *((n,) for n in ids))
    shop.run("delete from customer")
    assert restore_log.undo(house, REQUEST, connect).rows == {("shop", "customer"): len(ids)}
    assert shop.dump("customer") == before


def test_what_was_changed_comes_back_as_it_was(at, shop, store):
    house = at()
    shop.run(TYPES[shop.kind], *(f"insert into customer values ({v})" for v in VALUES[shop.kind]))
    before = shop.dump("customer")
    ids = {"sqlite": [1, 2, 3, 4], "postgresql": [1, 2, 3], "mariadb": [0, 1, 2]}[shop.kind]
    keep(house, shop, "customer", *((n,) for n in ids), changes=("a", "b", "c", "d"))
    shop.run("update customer set a = null, b = null, c = null, d = null")
    assert shop.dump("customer") != before
    restore_log.undo(house, REQUEST, connect)
    assert shop.dump("customer") == before


# --- order ---

TREE = [
    "create table person (id int primary key, boss int references person (id), name varchar(40))",
    "create table team (id int primary key, head int not null references person (id))",
    "create table seat (id int, row_no int, team int references team (id), person int, "
    "primary key (id, row_no))",
    "create table note (id int primary key, up int, seat_id int, seat_row int, "
    "foreign key (seat_id, seat_row) references seat (id, row_no), foreign key (up) references note (id))",
]


def tree(shop):
    shop.run(*[sql if shop.kind != "mariadb" else sql + " engine=innodb" for sql in TREE])
    shop.run(
        "insert into person values (9, null, 'Ada')",
        "insert into person values (1, 9, 'Bo')",
        "insert into person values (5, 1, 'Cy')",
        "update person set boss = 5 where id = 9",
        "insert into team values (1, 5)",
        "insert into seat values (1, 1, 1, 5)",
        "insert into seat values (1, 2, 1, null)",
        "insert into note values (3, null, 1, 2)",
        "insert into note values (2, 3, 1, 1)",
    )


DATASETS = {"note": {}, "seat": {"key": ["id", "row_no"]}, "team": {}, "person": {}}


def test_rows_come_back_in_the_order_their_keys_need(at, shop, store):
    house = at(**DATASETS)
    tree(shop)
    before = [shop.dump(name) for name in DATASETS]
    keep(house, shop, "note", (2,), (3,))
    keep(house, shop, "seat", (1, 1), (1, 2), key=("id", "row_no"))
    keep(house, shop, "team", (1,))
    keep(house, shop, "person", (1,), (5,), (9,))
    shop.run("update person set boss = null", "delete from note where id = 2")
    shop.run(*(f"delete from {name}" for name in DATASETS))
    counts = restore_log.undo(house, REQUEST, connect)
    assert [shop.dump(name) for name in DATASETS] == before
    assert sum(counts.rows.values()) == 8


def test_a_chain_that_may_not_be_empty_comes_back_from_the_top(at, shop, store):
    house = at(node={})
    shop.run("create table node (id int primary key, up int not null, foreign key (up) references node (id))")
    shop.run(*(f"insert into node values ({n}, {up})" for n, up in [(7, 7), (3, 7), (9, 3), (1, 9)]))
    before = shop.dump("node")
    keep(house, shop, "node", (1,), (3,), (7,), (9,))
    if shop.kind == "mariadb":
        shop.run(
            "set foreign_key_checks = 0", "delete from node"
        )  # it lets go of no row that points at itself
    else:
        shop.run(*(f"delete from node where id = {n}" for n in (1, 9, 3, 7)))
    restore_log.undo(house, REQUEST, connect)
    assert shop.dump("node") == before


# --- nobody else's row ---

SMALL = "create table customer (id int primary key, email varchar(80), city varchar(40))"
ANNA = "insert into customer values (1, 'anna@kund.example', 'Lund')"


@pytest.fixture
def small(at, shop, store):
    house = at()
    shop.run(SMALL, ANNA, "insert into customer values (2, 'eva@kund.example', 'Umeå')")
    return house


def test_a_key_that_somebody_else_has_now_stops_the_undoing(small, shop):
    keep(small, shop, "customer", (1,), (2,))
    shop.run("delete from customer", "insert into customer values (1, 'ture@kund.example', 'Falun')")
    before = shop.dump("customer")
    with pytest.raises(Conflict, match="another row"):
        restore_log.undo(small, REQUEST, connect)
    assert shop.dump("customer") == before


def test_what_others_wrote_since_in_columns_we_left_alone_stays(small, shop):
    keep(small, shop, "customer", (1,), changes=("email",))
    shop.run(
        "update customer set email = null where id = 1", "update customer set city = 'Kiruna' where id = 1"
    )
    restore_log.undo(small, REQUEST, connect)
    assert shop.full("customer", (1,))[1] == [(1, "anna@kund.example", "Kiruna")]


def test_undoing_twice_is_undoing_once(small, shop):
    before = shop.dump("customer")
    keep(small, shop, "customer", (1,))
    shop.run("delete from customer where id = 1")
    assert restore_log.undo(small, REQUEST, connect).rows == {("shop", "customer"): 1}
    assert restore_log.undo(small, REQUEST, connect).rows == {}
    assert shop.dump("customer") == before


def test_of_several_attempts_the_last_one_counts(small, shop):
    keep(small, shop, "customer", (1,))
    shop.run("update customer set city = 'Ystad' where id = 1")  # the first attempt did not go through
    before = shop.dump("customer")
    keep(small, shop, "customer", (1,))
    shop.run("delete from customer where id = 1")
    restore_log.undo(small, REQUEST, connect)
    assert shop.dump("customer") == before


def test_of_several_steps_all_are_undone(small, shop):
    before = shop.dump("customer")
    keep(small, shop, "customer", (1,), changes=("email",), step="minimise")
    shop.run("update customer set email = null where id = 1")
    keep(small, shop, "customer", (1,), step="deferred")
    shop.run("delete from customer where id = 1")
    restore_log.undo(small, REQUEST, connect)
    assert shop.dump("customer") == before


def test_one_step_can_be_undone_alone(small, shop):
    keep(small, shop, "customer", (1,), changes=("email",), step="minimise")
    shop.run("update customer set email = null where id = 1")
    before = shop.dump("customer")
    keep(small, shop, "customer", (1,), step="deferred")
    shop.run("delete from customer where id = 1")
    restore_log.undo(small, REQUEST, connect, steps={"deferred"})
    assert shop.dump("customer") == before


def test_rows_whose_parent_is_gone_stay_away(at, shop, store):
    house = at(**DATASETS)
    tree(shop)
    keep(house, shop, "note", (2,))
    shop.run("delete from note", "delete from seat")
    with pytest.raises(Conflict, match="nothing is undone"):
        restore_log.undo(house, REQUEST, connect)
    assert shop.dump("note") == []


# --- what was written since ---


def test_what_others_wrote_since_in_a_column_we_changed_stays_too_and_is_told(small, shop):
    keep(small, shop, "customer", (1,), (2,), changes=("email", "city"))
    shop.run("update customer set email = null, city = null")
    shop.run("update customer set email = 'anna.ny@kund.example' where id = 1")
    back = restore_log.undo(small, REQUEST, connect)
    assert shop.full("customer", (1,), (2,))[1] == [
        (1, "anna.ny@kund.example", "Lund"),
        (2, "eva@kund.example", "Umeå"),
    ]
    assert back.rows == {("shop", "customer"): 2}
    assert back.since == {"shop": (Since(dataset="customer", key=("1",), columns=("email",)),)}
    *_, (entry, payload) = book.opened()
    assert (entry.kind, payload) == (Kind.ERASURE_UNDONE, {"target": "shop", "rows": 2, "since": 1})


def test_what_others_wrote_between_two_steps_of_ours_comes_back(small, shop):
    keep(small, shop, "customer", (1,), changes=("email", "city"), step="minimise")
    shop.run("update customer set email = null, city = null where id = 1")
    shop.run("update customer set email = 'anna.ny@kund.example' where id = 1")
    keep(small, shop, "customer", (1,), step="deferred")
    shop.run("delete from customer where id = 1")
    assert restore_log.undo(small, REQUEST, connect).since == {}
    assert shop.full("customer", (1,))[1] == [(1, "anna.ny@kund.example", "Lund")]


def test_an_attempt_that_came_to_nothing_hides_nothing_of_the_one_before(small, shop):
    columns, rows = shop.full("customer", (1,))
    changes = {"email": ["kund 1"]}
    restore_log.keep(small, REQUEST, "erase", "shop", "customer", columns, rows, changes=changes)
    shop.run("update customer set email = 'kund 1' where id = 1")
    keep(small, shop, "customer", (1,), changes=("email",))  # and was taken back
    restore_log.undo(small, REQUEST, connect)
    assert shop.full("customer", (1,))[1] == rows


def test_a_moment_that_was_made_coarser_is_known_again(at, shop, store):
    house = at()
    moment = "timestamptz" if shop.kind == "postgresql" else "timestamp null"
    shop.run(f"create table customer (id int primary key, born date, seen {moment}, code char(5))")
    shop.run("insert into customer values (1, '1980-05-07', '2026-03-04 05:06:07', 'ab')")
    before = shop.dump("customer")
    columns, rows = shop.full("customer", (1,))
    changes = {"born": ["1980-01-01"], "seen": ["2026-01-01 00:00:00"], "code": [""]}
    restore_log.keep(house, REQUEST, "erase", "shop", "customer", columns, rows, changes=changes)
    # As an erasure writes it: in the session's own zone.
    with shop.engine.begin() as db:
        db.exec_driver_sql("update customer set born = '1980-01-01', seen = '2026-01-01 00:00:00', code = ''")
    assert restore_log.undo(house, REQUEST, connect).since == {}
    assert shop.dump("customer") == before


# --- logs from before it was kept what we wrote ---


def keep_as_before(house, shop, *keys, changes, step="erase"):
    """As a log was written then: no row says what was to be written in it."""
    columns, rows = shop.full("customer", *keys)
    about = {"step": step, "system": "shop", "dataset": "customer"}
    packed = pack(("about", "changes"), [(about, changes)]) + b"\n" + pack(columns, rows)
    key = vault.keys_for(house, [REQUEST])[REQUEST]
    restore_log._append(house, key.file, [(key, packed)])


@pytest.mark.parametrize("changes", [["email"], None])
def test_a_column_in_which_nobody_knows_what_we_wrote_is_left_and_told(small, shop, changes):
    keep_as_before(small, shop, (1,), (2,), changes=changes)
    shop.run("update customer set email = null where id = 1")
    back = restore_log.undo(small, REQUEST, connect)
    rows = sorted(shop.full("customer", (1,), (2,))[1])
    assert rows == [(1, None, "Lund"), (2, "eva@kund.example", "Umeå")]
    assert back.since == {"shop": (Since(dataset="customer", key=("1",), columns=("email",)),)}


@pytest.mark.parametrize("changes", [[], None])
def test_a_row_of_an_older_log_that_went_whole_comes_back(small, shop, changes):
    before = shop.dump("customer")
    keep_as_before(small, shop, (1,), changes=changes)
    shop.run("delete from customer where id = 1")
    back = restore_log.undo(small, REQUEST, connect)
    assert (back.rows, back.since) == ({("shop", "customer"): 1}, {})
    assert shop.dump("customer") == before


def test_a_row_that_we_made_small_then_comes_back_as_it_stood_when_it_went(small, shop):
    keep_as_before(small, shop, (1,), changes=["email"], step="minimise")
    shop.run("update customer set email = null where id = 1")
    keep(small, shop, "customer", (1,), changes=("city",), step="more")
    shop.run("update customer set city = null where id = 1")
    keep(small, shop, "customer", (1,), step="deferred")
    shop.run("delete from customer where id = 1")
    told = {"shop": (Since(dataset="customer", key=("1",), columns=("email",)),)}
    for _ in range(2):
        assert restore_log.undo(small, REQUEST, connect).since == told
        assert shop.full("customer", (1,))[1] == [(1, None, "Lund")]


ROWS, COLUMNS = 3, ("a", "b")
MOVES = st.lists(
    st.one_of(
        st.tuples(
            st.just("ours"),
            st.integers(0, ROWS - 1),
            st.sampled_from([("a",), ("b",), COLUMNS]),
            st.booleans(),
        ),
        st.tuples(st.just("theirs"), st.integers(0, ROWS - 1), st.sampled_from(COLUMNS), st.integers(0, 99)),
    ),
    max_size=14,
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=20,
    deadline=None,
    derandomize=True,
)
@given(moves=MOVES)
def test_undoing_gives_back_the_last_word_that_was_not_ours(at, shop, store, moves):
    """Any number of our steps, made lasting or not, and of words of others between them."""
    house = at()
    shop.run(
        "drop table if exists customer",
        "create table customer (id int primary key, a varchar(9), b varchar(9))",
    )
    shop.run(*(f"insert into customer values ({n}, 'a{n}', 'b{n}')" for n in range(ROWS)))
    request = secrets.token_hex(16)
    right = {(n, name): f"{name}{n}" for n in range(ROWS) for name in COLUMNS}
    stands = dict(right)
    touched = set()
    for number, (who, n, names, how) in enumerate(moves):
        if who == "theirs":
            right[n, names] = stands[n, names] = f"w{number}.{how}"
            shop.run(f"update customer set {names} = '{stands[n, names]}' where id = {n}")
            continue
        columns, rows = shop.full("customer", (n,))
        wrote = {name: [f"x{number}"] for name in names}
        restore_log.keep(house, request, f"s{number}", "shop", "customer", columns, rows, changes=wrote)
        if how:  # else it came to nothing
            shop.run(*(f"update customer set {name} = 'x{number}' where id = {n}" for name in names))
            stands |= {(n, name): f"x{number}" for name in names}
            touched |= {(n, name) for name in names}
    back = restore_log.undo(house, request, connect) if any(m[0] == "ours" for m in moves) else None
    found = shop.full("customer", *((n,) for n in range(ROWS)))[1]
    assert found == [(n, right[n, "a"], right[n, "b"]) for n in range(ROWS)]
    told = (
        {(int(s.key[0]), name) for s in back.since.get("shop", ()) for name in s.columns} if back else set()
    )
    assert told <= {at for at in right if stands[at] == right[at]}


# --- when ---


def test_after_the_window_it_is_refused(small, shop, clock):
    keep(small, shop, "customer", (1,))
    shop.run("delete from customer where id = 1")
    clock.go(days=14)
    with pytest.raises(Refused, match="14 days"):
        restore_log.undo(small, REQUEST, connect)


def test_undoing_is_noted_in_the_ledger_in_counts(small, shop):
    keep(small, shop, "customer", (1,), (2,))
    shop.run("delete from customer")
    restore_log.undo(small, REQUEST, connect)
    (intent, _), (entry, payload) = book.opened()
    assert intent.kind == Kind.ERASURE_UNDO_INTENDED
    assert (entry.kind, entry.object, payload) == (
        Kind.ERASURE_UNDONE,
        REQUEST,
        {"target": "shop", "rows": 2},
    )


def test_what_is_undone_is_not_erased_again_after_a_restore(small, shop):
    tombstones.note(small, REQUEST, "shop", "customer", [("1",)])
    keep(small, shop, "customer", (1,))
    shop.run("delete from customer where id = 1")
    restore_log.undo(small, REQUEST, connect)
    assert tombstones.replay(small, "shop", connect).found == ()


def test_an_undoing_that_is_refused_leaves_the_tombstones_standing(small, shop):
    tombstones.note(small, REQUEST, "shop", "customer", [("1",)])
    keep(small, shop, "customer", (1,))
    shop.run("delete from customer where id = 1")
    shop.run("insert into customer values (1, 'ture@kund.example', 'Falun')")
    with pytest.raises(Conflict):
        restore_log.undo(small, REQUEST, connect)
    assert [again.key for again in tombstones.replay(small, "shop", connect).found] == [("1",)]


def test_nothing_is_replayed_while_nobody_knows_how_an_undoing_went(small, shop, clock):
    tombstones.note(small, REQUEST, "shop", "customer", [("1",)])
    keep(small, shop, "customer", (1,))
    shop.run("delete from customer where id = 1")

    def dying():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore_log.undo(small, REQUEST, connect, insist=dying)
    with pytest.raises(Refused, match="lofte undo"):
        tombstones.replay(small, "shop", connect)
    restore_log.undo(small, REQUEST, connect)
    assert tombstones.replay(small, "shop", connect).found == ()


def test_a_system_that_is_down_is_told_without_what_it_held(small, shop):
    keep(small, shop, "customer", (1,))

    def gone(entry):
        return open_back(entry, "postgresql+psycopg://nobody:hemligt@127.0.0.1:1/x?connect_timeout=2")

    with pytest.raises(Unreachable) as told:
        restore_log.undo(small, REQUEST, gone)
    assert "hemligt" not in str(told.value) and "anna" not in str(told.value)


def test_a_table_that_is_gone_is_told(small, shop):
    keep(small, shop, "customer", (1,))
    shop.run("drop table customer")
    with pytest.raises(Broken, match="not there any more"):
        restore_log.undo(small, REQUEST, connect)


# --- anything ---

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
SAFE = st.tuples(
    TEXTS,
    st.binary(max_size=30),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(-1e15, 1e15, allow_subnormal=False),
    st.decimals(-(10**9), 10**9, places=6),
    st.datetimes(datetime(1000, 1, 1), datetime(9999, 12, 31)),
    st.dates(date(1000, 1, 1)),
    st.booleans(),
    st.none() | TEXTS,
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=5,
    deadline=None,
    derandomize=True,
)
@given(values=st.lists(SAFE, min_size=1, max_size=12))
def test_whatever_stands_in_a_row_comes_back_identical(at, shop, store, values):
    house = at()
    types = {
        "sqlite": "text|blob|integer|real|text|text|text|integer|text",
        "postgresql": "text|bytea|bigint|double precision|numeric(20,6)|timestamp|date|boolean|text",
        "mariadb": "text|blob|bigint|double|decimal(20,6)|datetime(6)|date|boolean|text",
    }[shop.kind]
    columns = ", ".join(f"c{n} {kind}" for n, kind in enumerate(types.split("|")))
    shop.run("drop table if exists customer", f"create table customer (id int primary key, {columns})")
    mark = "?" if shop.kind == "sqlite" else "%s"
    with shop.engine.begin() as db:
        cursor = db.connection.cursor()
        for n, row in enumerate(values):
            bound = [str(v) if shop.kind == "sqlite" and isinstance(v, date | Decimal) else v for v in row]
            cursor.execute(f"insert into customer values ({n}, {', '.join([mark] * 9)})", bound)
    before = shop.full("customer", *((n,) for n in range(len(values))))
    request = secrets.token_hex(16)
    restore_log.keep(house, request, "erase", "shop", "customer", *before)
    (*_, kept) = restore_log.rows(house, request)
    assert list(kept.rows) == before[1]
    assert [list(map(type, row)) for row in kept.rows] == [list(map(type, row)) for row in before[1]]
    shop.run("delete from customer")
    restore_log.undo(house, request, connect)
    assert shop.full("customer", *((n,) for n in range(len(values)))) == before

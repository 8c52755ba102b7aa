"""Restricted rows stand in a locked copy, where nobody else finds them and the person keeps all rights."""

from __future__ import annotations

import dataclasses

import pytest
import sqlalchemy as sa

from lofte.connectors.sql.connector import open_sql
from lofte.consent import copy
from lofte.consent.enforce import enforce, put_back
from lofte.consent.models import RowsMoved, RowsMovedBack
from lofte.consent.restrict import announce_release, lift, restrict, tell, waiting_notices
from lofte.datamap.copies import with_copies
from lofte.datamap.document import DataMap, Kind, System
from lofte.datamap.identity import Identity
from lofte.errors import Broken, Conflict, FaultsFound, LedgerClosed, Refused
from lofte.execution import book
from lofte.plan.restriction import Ground, Outcome
from tests.services import mariadb_database, postgres_database, sqlite_database

ANNA = Identity(kind=Kind.EMAIL, value="anna@kund.example")
NUMBER = Identity(kind=Kind.CUSTOMER_NO, value="K-1")
TEXT = {"sv": "T", "en": "T"}
TECHNICAL = {"technical": True}
MAP = {
    "system": 1,
    "id": "shop",
    "name": TEXT,
    "url": "x",
    "datasets": {
        "customers": {
            "name": TEXT,
            "key": "id",
            "purposes": ["deliver"],
            "subject": [{"by": "own"}],
            "restrict": {"copy": "customers_locked"},
            "fields": {
                "id": TECHNICAL,
                "email": {"category": "contact", "identity": "email"},
                "number": {"category": "contact", "identity": "customer_no"},
                "name": {"category": "contact"},
                "made": {"category": "contact"},
            },
        },
        "orders": {
            "name": TEXT,
            "key": ["customer", "no"],
            "purposes": ["deliver"],
            "subject": [
                {"by": "reference", "columns": "customer", "to": "customers"},
                {"by": "identity", "column": "sent_to", "kind": "email"},
            ],
            "restrict": {"copy": "orders_locked"},
            "fields": {
                "customer": TECHNICAL,
                "no": TECHNICAL,
                "earlier": TECHNICAL,
                "sent_to": {"category": "contact", "identity": "email"},
                "amount": {"category": "contact"},
            },
        },
        "visits": {
            "name": TEXT,
            "key": "id",
            "purposes": ["deliver"],
            "subject": [{"by": "reference", "columns": "customer", "to": "customers"}],
            "fields": {"id": TECHNICAL, "customer": TECHNICAL, "page": {"category": "contact"}},
        },
    },
}
COLUMNS = {
    "customers": "id int {primary}, email varchar(80), number varchar(20), name varchar(80),"
    " made timestamp null",
    "orders": "customer int{to_customers}, no int, earlier int, sent_to varchar(80), amount decimal(12,3),"
    " primary key (customer, no){itself}",
}
ROWS = {
    "customers": [
        (1, "anna@kund.example", "K-1", "Anna  Å", "2024-03-31 02:30:00"),
        (2, "eva@kund.example", "K-2", "Eva", None),
    ],
    "orders": [
        (1, 1, None, "anna@kund.example", "10.500"),
        (1, 2, 1, None, "0.001"),  # points at the first
        (2, 1, None, "eva@kund.example", "7"),
    ],
    "visits": [(1, 1, "a"), (2, 2, "b")],
}
DATABASES = [
    "sqlite",
    pytest.param("postgres", marks=pytest.mark.postgres),
    pytest.param("mariadb", marks=pytest.mark.mariadb),
]
pytestmark = pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")


def run(url, *statements, count=False):
    """What another program does on the same database; the rows of the last statement, or how many."""
    engine = sa.create_engine(url)
    if url.startswith("sqlite"):
        sa.event.listen(engine, "connect", lambda raw, _: raw.execute("pragma foreign_keys = on"))
    with engine.begin() as db:
        for statement in statements:
            result = db.exec_driver_sql(statement)
        found = result.rowcount if count else list(map(tuple, result)) if result.returns_rows else []
    engine.dispose()
    return found


def fill(url, *, keys=True):
    itself = ", foreign key (customer, earlier) references orders (customer, no)" if keys else ""
    to = " references customers (id)" if keys else ""
    made = [f"create table customers ({COLUMNS['customers'].format(primary='primary key')})"]
    made += [f"create table orders ({COLUMNS['orders'].format(to_customers=to, itself=itself)})"]
    made += ["create table visits (id int primary key, customer int, page varchar(80))"]
    made += [f"create table customers_locked ({COLUMNS['customers'].format(primary='primary key')})"]
    made += [f"create table orders_locked ({COLUMNS['orders'].format(to_customers='', itself='')})"]
    run(url, *made)
    for table, rows in ROWS.items():
        for row in rows:
            said = ", ".join("null" if v is None else repr(v) for v in row)
            run(url, f"insert into {table} values ({said})")


def dump(url):
    tables = ("customers", "orders", "visits", "customers_locked", "orders_locked")
    return {t: sorted(run(url, f"select * from {t}"), key=repr) for t in tables}


@pytest.fixture(params=DATABASES)
def url(request, tmp_path):
    if request.param == "sqlite":
        url = sqlite_database(tmp_path)
        fill(url)
        yield url
        return
    with postgres_database() if request.param == "postgres" else mariadb_database("utf8mb4_bin") as url:
        fill(url)
        yield url


@pytest.fixture
def lite(tmp_path):
    url = sqlite_database(tmp_path)
    fill(url)
    return url


def system(**changed):
    datasets = {id_: {**dataset, **changed.get(id_, {})} for id_, dataset in MAP["datasets"].items()}
    return with_copies(System.model_validate({**MAP, "datasets": datasets}))


@pytest.fixture
def house(house):
    return dataclasses.replace(house, datamap=DataMap(systems=(system(),)))


def tell_all(house):
    for notice in waiting_notices():
        tell(house, notice, channel="email")


def parked(house, url, ground=Ground.ACCURACY):
    restriction = restrict(house, [ANNA], ground)
    tell_all(house)
    enforce(house, restriction, [ANNA], reach(url))
    return restriction


def lifted(house, restriction):
    announce_release(house, restriction)
    tell_all(house)
    lift(house, restriction, Outcome.ESTABLISHED, by="b" * 32)


def reach(url):
    return lambda system: open_sql(system, url)


def test_her_rows_stand_in_the_copy_and_afterwards_where_they_stood(store, house, url):
    before = dump(url)
    restriction = parked(house, url)
    during = dump(url)
    assert [row[0] for row in during["customers"]] == [2] and [row[0] for row in during["orders"]] == [2]
    assert during["customers_locked"] == [row for row in before["customers"] if row[0] == 1]
    assert during["orders_locked"] == [row for row in before["orders"] if row[0] == 1]
    lifted(house, restriction)
    assert put_back(house, restriction, reach(url)) == 3
    assert dump(url) == before
    assert copy.left(restriction) == 0


def test_another_program_that_writes_to_the_table_hits_nothing(store, house, url):
    parked(house, url)
    assert run(url, "update customers set name = 'X' where email = 'anna@kund.example'", count=True) == 0
    assert run(url, "delete from orders where customer = 1", count=True) == 0
    assert run(url, "select * from customers where number = 'K-1'") == []


def test_doing_it_twice_is_doing_it_once(store, house, url):
    before = dump(url)
    restriction = parked(house, url)
    during = dump(url)
    assert enforce(house, restriction, [ANNA], reach(url)) == 0 and dump(url) == during
    lifted(house, restriction)
    put_back(house, restriction, reach(url))
    assert put_back(house, restriction, reach(url)) == 0 and dump(url) == before


def test_what_something_else_stands_in_place_of_is_left_in_the_copy_and_comes_back_later(store, house, url):
    before = dump(url)
    restriction = parked(house, url)
    run(url, "insert into customers values (1, 'ny@kund.example', 'K-9', 'Ny', null)")
    lifted(house, restriction)
    # Her orders would be somebody else's where they stood, and stay with her.
    assert put_back(house, restriction, reach(url)) == 0 and copy.left(restriction) == 3
    assert [row[1] for row in run(url, "select * from customers_locked")] == ["anna@kund.example"]
    assert "ny@kund.example" in [row[1] for row in run(url, "select * from customers")]
    run(url, "delete from customers where id = 1", "insert into orders values (2, 5, null, null, 1)")
    run(url, "delete from orders where no = 5")
    assert put_back(house, restriction, reach(url)) == 3 and copy.left(restriction) == 0
    assert dump(url) == before


def test_a_value_that_must_be_unique_and_is_taken_leaves_its_row_and_brings_back_the_others(
    store, house, url
):
    run(url, "create unique index one_number on customers (number)")
    restriction = parked(house, url)
    run(url, "insert into customers values (7, 'ny@kund.example', 'K-1', 'Ny', null)")
    lifted(house, restriction)
    # Her orders point at her, and wait with her.
    assert put_back(house, restriction, reach(url)) == 0 and copy.left(restriction) == 3
    run(url, "update customers set number = 'K-7' where id = 7")
    assert put_back(house, restriction, reach(url)) == 3 and copy.left(restriction) == 0


def test_rows_that_others_point_at_are_not_moved_and_the_column_is_named_instead(store, house, url):
    run(
        url,
        "create table letters (id int primary key, customer int, foreign key (customer)"
        " references customers (id) on delete cascade)",
        "insert into letters values (1, 1)",
    )
    before = dump(url)
    with pytest.raises(FaultsFound) as found:
        parked(house, url)
    (fault,) = found.value.faults
    assert fault.number == "X104" and "column" in fault.mend
    assert dump(url) == before and run(url, "select * from letters") == [(1, 1)]
    assert not RowsMoved.objects.exists()


def test_a_trigger_that_the_map_does_not_name_stops_it(store, house, lite):
    run(lite, "create trigger told after delete on orders begin delete from visits; end")
    before = dump(lite)
    with pytest.raises(FaultsFound) as found:
        parked(house, lite)
    assert [fault.number for fault in found.value.faults] == ["X105"] and dump(lite) == before


def test_a_copy_with_other_columns_stops_it(store, house, lite):
    run(lite, "alter table customers_locked add column more int")
    with pytest.raises(FaultsFound) as found:
        parked(house, lite)
    assert [fault.number for fault in found.value.faults] == ["X106"]


def test_a_copy_that_does_not_keep_the_values_stops_it(store, house, lite):
    run(
        lite,
        "drop table customers_locked",
        "create table customers_locked (id int primary key, email text, number text, name int collate nocase"
        " default 0, made real)",
        "update customers set name = '007' where id = 1",
    )
    before = dump(lite)
    with pytest.raises(Broken):
        parked(house, lite)
    assert dump(lite) == before


def test_a_row_that_is_somebody_elses_too_stays_where_it_is(store, house, lite):
    run(lite, "update orders set sent_to = 'eva@kund.example' where customer = 1 and no = 1")
    with pytest.raises(FaultsFound) as found:
        parked(house, lite)
    # She is pointed at by an order that is Eva's too, and that stays.
    assert [fault.number for fault in found.value.faults] == ["X104"]


def test_a_restriction_of_some_purposes_moves_nothing_that_serves_others(store, house, lite):
    before = dump(lite)
    restriction = restrict(house, [ANNA], Ground.ACCURACY, ["support"])
    tell_all(house)
    assert enforce(house, restriction, [ANNA], reach(lite)) == 0 and dump(lite) == before


def test_two_restrictions_hold_the_rows_together(store, house, lite):
    before = dump(lite)
    first, second = parked(house, lite), parked(house, lite, Ground.CLAIM)
    lifted(house, first)
    assert put_back(house, first, reach(lite)) == 0 and dump(lite) != before
    lifted(house, second)
    assert put_back(house, second, reach(lite)) == 3 and dump(lite) == before


def test_nothing_comes_back_while_it_holds(store, house, lite):
    restriction = parked(house, lite)
    with pytest.raises(Refused):
        put_back(house, restriction, reach(lite))


def test_a_row_with_the_same_key_in_the_copy_is_never_overwritten(store, house, lite):
    run(lite, "insert into orders_locked values (1, 1, null, null, 5)")
    before = dump(lite)
    with pytest.raises(Conflict):
        parked(house, lite)
    assert dump(lite) == before


def test_what_is_moved_is_recorded_before_it_is_lasting_and_sealed(store, house, lite, monkeypatch):
    before = dump(lite)

    def closed(*_, **__):
        raise LedgerClosed("closed")

    monkeypatch.setattr(copy, "note", closed)
    with pytest.raises(LedgerClosed):
        parked(house, lite)
    assert dump(lite) == before and not RowsMoved.objects.exists()


def test_killed_between_the_move_and_its_evidence_the_rows_still_come_back(store, house, lite, monkeypatch):
    import lofte.consent.enforce as enforcing

    before = dump(lite)
    noted = enforcing._note

    def killed(house, kind, *rest):
        if kind == "move.done":
            raise KeyboardInterrupt
        noted(house, kind, *rest)

    monkeypatch.setattr(enforcing, "_note", killed)
    with pytest.raises(KeyboardInterrupt):
        parked(house, lite)
    monkeypatch.undo()
    assert len(dump(lite)["customers_locked"]) == 1
    restriction = parked(house, lite)
    lifted(house, restriction)
    assert put_back(house, restriction, reach(lite)) == 3 and dump(lite) == before


def test_killed_on_the_way_back_the_rest_comes_back_once(store, house, lite, monkeypatch):
    before = dump(lite)
    restriction = parked(house, lite)
    lifted(house, restriction)

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(copy, "told_back", killed)
    with pytest.raises(KeyboardInterrupt):
        put_back(house, restriction, reach(lite))
    monkeypatch.undo()
    assert dump(lite) == before
    assert put_back(house, restriction, reach(lite)) == 0
    assert dump(lite) == before and copy.left(restriction) == 0


def test_the_ledger_tells_intent_act_and_return_in_counts(store, house, lite):
    restriction = parked(house, lite)
    lifted(house, restriction)
    put_back(house, restriction, reach(lite))
    told = [(e.kind, p) for e, p in book.opened() if e.kind.startswith("move.")]
    assert [kind for kind, _ in told] == ["move.intended"] * 2 + ["move.done"] + ["move.back"] * 2
    assert {payload["dataset"]: payload["rows"] for _, payload in told[:2]} == {"customers": 1, "orders": 2}
    assert told[2][1] == {"system": "shop", "datasets": 2, "rows": 3}
    assert {payload["dataset"]: (payload["rows"], payload["left"]) for _, payload in told[3:]} == {
        "customers": (1, 0),
        "orders": (2, 0),
    }
    assert RowsMovedBack.objects.count() == 2 and book.verify(house.keys.ledger) is None
    sealed = b"".join(bytes(moved.rows) for moved in RowsMoved.objects.all())
    assert b"anna" not in sealed and b"customer" not in sealed

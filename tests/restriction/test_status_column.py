"""The systems themselves say that a person's data are restricted, and say so no longer after (art. 18)."""

from __future__ import annotations

import dataclasses

import pytest
import sqlalchemy as sa

from lofte.connectors.sql.connector import open_sql
from lofte.consent.enforce import enforce, put_back
from lofte.consent.models import StatusSet
from lofte.consent.restrict import announce_release, lift, restrict, tell, waiting_notices
from lofte.datamap.document import DataMap, Kind, System
from lofte.datamap.identity import Identity
from lofte.errors import Broken, Conflict, LedgerClosed, Refused
from lofte.execution import book
from lofte.execution.models import LedgerOutbox
from lofte.plan.restriction import Ground, Outcome
from lofte.requests.course.lock import AtWork
from tests.services import mariadb_database, postgres_database, sqlite_database

ANNA = Identity(kind=Kind.EMAIL, value="anna@kund.example")
TEXT = {"sv": "T", "en": "T"}
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
            "restrict": {"column": "status", "value": "restricted"},
            "fields": {
                "id": {"technical": True},
                "email": {"category": "contact", "identity": "email"},
                "status": {"technical": True},
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
            "restrict": {"column": "locked", "value": 1},
            "fields": {
                "customer": {"technical": True},
                "no": {"technical": True},
                "sent_to": {"category": "contact", "identity": "email"},
                "locked": {"technical": True},
            },
        },
    },
}
CUSTOMERS = [
    (1, "anna@kund.example", "active"),
    (2, "eva@kund.example", "active"),
    (3, "ny@kund.example", None),
]
ORDERS = [
    (1, 1, "anna@kund.example", None),
    (1, 2, "eva@kund.example", 0),  # Eva's too
    (1, 3, None, 1),  # locked by the company before
    (2, 1, "eva@kund.example", 0),
]
DATABASES = [
    "sqlite",
    pytest.param("postgres", marks=pytest.mark.postgres),
    pytest.param("mariadb", marks=pytest.mark.mariadb),
]
pytestmark = pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")


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


def fill(url):
    engine = sa.create_engine(url)
    with engine.begin() as db:
        db.execute(
            sa.text("create table customers (id int primary key, email varchar(80), status varchar(20))")
        )
        db.execute(
            sa.text(
                "create table orders (customer int references customers (id), no int, sent_to varchar(80),"
                " locked int, primary key (customer, no))"
            )
        )
        for row in CUSTOMERS:
            db.execute(
                sa.text("insert into customers values (:a, :b, :c)"), dict(zip("abc", row, strict=True))
            )
        for row in ORDERS:
            db.execute(
                sa.text("insert into orders values (:a, :b, :c, :d)"), dict(zip("abcd", row, strict=True))
            )
    engine.dispose()


def rows(url):
    engine = sa.create_engine(url)
    with engine.begin() as db:
        found = (
            {tuple(r) for r in db.execute(sa.text("select id, email, status from customers"))},
            {tuple(r) for r in db.execute(sa.text("select customer, no, sent_to, locked from orders"))},
        )
    engine.dispose()
    return found


BEFORE = (set(CUSTOMERS), set(ORDERS))
HELD = (
    {(1, "anna@kund.example", "restricted"), *CUSTOMERS[1:]},
    {(1, 1, "anna@kund.example", 1), *ORDERS[1:]},
)


@pytest.fixture
def house(house):
    return dataclasses.replace(house, datamap=DataMap(systems=(System.model_validate(MAP),)))


def tell_all(house):
    for notice in waiting_notices():
        tell(house, notice, channel="email")


def restricted(house, ground=Ground.ACCURACY):
    restriction = restrict(house, [ANNA], ground)
    tell_all(house)
    return restriction


def lifted(house, restriction):
    announce_release(house, restriction)
    tell_all(house)
    lift(house, restriction, Outcome.ESTABLISHED, by="b" * 32)


def test_her_own_rows_say_it_and_afterwards_say_what_they_said(store, house, url):
    restriction = restricted(house)
    assert enforce(house, restriction, [ANNA], lambda s: open_sql(s, url)) == 2
    assert rows(url) == HELD
    lifted(house, restriction)
    assert put_back(house, restriction, lambda s: open_sql(s, url)) == 2
    assert rows(url) == BEFORE


def test_doing_it_twice_is_doing_it_once(store, house, url):
    restriction = restricted(house)
    enforce(house, restriction, [ANNA], lambda s: open_sql(s, url))
    assert enforce(house, restriction, [ANNA], lambda s: open_sql(s, url)) == 0
    lifted(house, restriction)
    put_back(house, restriction, lambda s: open_sql(s, url))
    assert put_back(house, restriction, lambda s: open_sql(s, url)) == 0
    assert rows(url) == BEFORE


def on_sqlite(tmp_path):
    url = sqlite_database(tmp_path)
    fill(url)
    return url


def test_nothing_is_stopped_before_the_person_is_told(store, house, tmp_path):
    url = on_sqlite(tmp_path)
    restriction = restrict(house, [ANNA], Ground.ACCURACY)
    with pytest.raises(Conflict):
        enforce(house, restriction, [ANNA], lambda s: open_sql(s, url))
    assert rows(url) == BEFORE


def test_two_restrictions_hold_the_rows_together(store, house, tmp_path):
    url = on_sqlite(tmp_path)
    first, second = restricted(house), restricted(house, Ground.CLAIM)
    enforce(house, first, [ANNA], lambda s: open_sql(s, url))
    enforce(house, second, [ANNA], lambda s: open_sql(s, url))
    lifted(house, first)
    assert put_back(house, first, lambda s: open_sql(s, url)) == 0 and rows(url) == HELD
    lifted(house, second)
    assert put_back(house, second, lambda s: open_sql(s, url)) == 2 and rows(url) == BEFORE


def test_what_somebody_else_has_changed_is_left(store, house, tmp_path):
    url = on_sqlite(tmp_path)
    restriction = restricted(house)
    enforce(house, restriction, [ANNA], lambda s: open_sql(s, url))
    engine = sa.create_engine(url)
    with engine.begin() as db:
        db.execute(sa.text("update customers set status = 'closed' where id = 1"))
    engine.dispose()
    lifted(house, restriction)
    assert put_back(house, restriction, lambda s: open_sql(s, url)) == 1
    assert (1, "anna@kund.example", "closed") in rows(url)[0]


def test_the_rows_stay_restricted_while_it_holds(store, house, tmp_path):
    url = on_sqlite(tmp_path)
    restriction = restricted(house)
    enforce(house, restriction, [ANNA], lambda s: open_sql(s, url))
    with pytest.raises(Refused):
        put_back(house, restriction, lambda s: open_sql(s, url))
    assert rows(url) == HELD


def test_a_power_cut_before_the_database_is_sure_loses_nothing(store, house, tmp_path, monkeypatch):
    from lofte.connectors.sql import status

    url = on_sqlite(tmp_path)
    restriction = restricted(house)

    def cut(*_args):
        raise Broken("the power is gone")

    with monkeypatch.context() as patched:
        patched.setattr(status.exact, "update", cut)
        with pytest.raises(Broken):
            enforce(house, restriction, [ANNA], lambda s: open_sql(s, url))
    assert rows(url) == BEFORE and StatusSet.objects.count() == 1
    assert enforce(house, restriction, [ANNA], lambda s: open_sql(s, url)) == 2 and rows(url) == HELD
    lifted(house, restriction)
    put_back(house, restriction, lambda s: open_sql(s, url))
    assert rows(url) == BEFORE


def test_nothing_is_changed_while_the_ledger_is_closed(store, house, tmp_path):
    from django.db import connection

    url = on_sqlite(tmp_path)
    restriction = restricted(house)
    with connection.cursor() as cursor:
        cursor.execute(f"drop table {LedgerOutbox._meta.db_table}")
    with pytest.raises(LedgerClosed):
        enforce(house, restriction, [ANNA], lambda s: open_sql(s, url))
    assert rows(url) == BEFORE


def test_what_stood_there_lies_sealed_and_the_ledger_counts(store, house, tmp_path):
    url = on_sqlite(tmp_path)
    restriction = restricted(house)
    enforce(house, restriction, [ANNA], lambda s: open_sql(s, url))
    assert all(b"active" not in bytes(s.rows) for s in StatusSet.objects.all())
    told = [(e.kind, p) for e, p in book.opened() if e.kind.startswith("status.")]
    assert told[-1] == ("status.set", {"system": "shop", "datasets": 2, "rows": 2})
    assert [p["rows"] for kind, p in told if kind == "status.intended"] == [1, 1]


def test_a_restriction_that_is_lifted_meanwhile_leaves_no_row_locked(store, house, tmp_path):
    """Nobody asked by a request, so that nothing but the restriction says whose it is."""
    url = sqlite_database(tmp_path)
    fill(url)
    restriction = restrict(house, [ANNA], Ground.UNLAWFUL)
    for notice in waiting_notices():
        tell(house, notice, channel="letter")
    met = []

    def slow(system):
        if not met:
            met.append(system)
            tell(house, announce_release(house, restriction), channel="letter")
            lift(house, restriction, Outcome.CORRECTED, by="b" * 32)
            with pytest.raises(AtWork):
                put_back(house, restriction, lambda s: open_sql(s, url))
        return open_sql(system, url)

    with pytest.raises(Conflict, match="lifted already"):
        enforce(house, restriction, [ANNA], slow)
    put_back(house, restriction, lambda s: open_sql(s, url))
    assert rows(url) == BEFORE

"""On PostgreSQL: what is told to be done has been written, and it is told after it is done."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from django.db import connection

from lofte.connectors.sql.back import open_back
from lofte.connectors.sql.connector import open_sql
from lofte.law.rights import Right
from lofte.requests.course.receive import receive
from lofte.requests.door.identify import Level, identify
from lofte.requests.erasure.erase import erase
from tests.faults.world import ANNA, BERTIL, NOW, SHOP, Clock, Place, fill
from tests.services import postgres_database

pytestmark = pytest.mark.postgres


@pytest.fixture
def hasty():
    """A shop whose own programs do not wait for the disk."""
    with postgres_database() as url:
        engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as db:
            db.exec_driver_sql(f"alter database {engine.url.database} set synchronous_commit = off")
        engine.dispose()
        fill(url)
        yield url


def test_our_own_store_waits_for_the_disk(any_store):
    if any_store == "postgres":
        with connection.cursor() as cursor:
            cursor.execute("show synchronous_commit")
            assert cursor.fetchone() == ("on",)


def test_an_acting_session_waits_for_the_disk_where_the_company_does_not(hasty):
    connector = open_sql(SHOP, hasty)
    with connector.acting() as session:
        raw = session.wire._raw.cursor()
        assert raw.execute("show synchronous_commit").fetchone() == ("on",)
    connector.close()


def test_what_is_put_back_waits_for_the_disk_too(hasty):
    back = open_back(SHOP, hasty)
    with back._transaction() as db:
        assert db.exec_driver_sql("show synchronous_commit").scalar() == "on"
    back.close()


def test_evidence_comes_after_the_commit_has_come_back(hasty, store, tmp_path):
    """The order of what is sent: the shop's COMMIT and its answer, then the entry that it is done."""
    place = Place(folder=tmp_path, shop=hasty, clock=Clock(NOW))
    place.house.folder.mkdir(mode=0o700)
    request = receive(place.house, right=Right.ERASURE, identities=[ANNA], channel="letter", by=BERTIL)
    identify(place.house, request, method="BankID", level=Level.PROVEN, by=BERTIL)
    order: list[str] = []

    def connect(system):
        connector = open_sql(system, hasty)
        commit = connector._hand.dialect.do_commit

        def committed(raw):
            commit(raw)
            order.append("committed")

        connector._hand.dialect.do_commit = committed
        return connector

    def said(execute, sql, parameters, many, context):
        if "requests_erasure" in sql and sql.startswith("INSERT"):
            order.append("evidence")
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(said):
        erase(place.house, [request], connect, by=BERTIL)
    assert "evidence" in order
    assert order.index("committed") < order.index("evidence")
    assert "committed" not in order[order.index("evidence") :]

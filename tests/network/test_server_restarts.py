"""The database server is cut off in the middle of an erasure and started again: the case goes on."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from lofte.connectors.sql.back import open_back
from lofte.connectors.sql.connector import SqlConnector, open_sql
from lofte.errors import Unreachable
from lofte.execution import book, restore_log
from lofte.requests.erasure.erase import erase
from lofte.requests.worker.again import do_due
from tests.network.servers import own
from tests.network.shop import BERTIL, asks, dump, erased, evidence, fill, house_of

DATABASES = [
    pytest.param("postgres", marks=pytest.mark.postgres),
    pytest.param("mariadb", marks=pytest.mark.mariadb),
]
pytestmark = pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")


@pytest.fixture(params=DATABASES)
def server(request, tmp_path_factory):
    with own(request.param, tmp_path_factory.mktemp("server")) as server:
        fill(server.url)
        yield server


def cut_when(monkeypatch, server, when):
    """Cut the server off while rows are on their way: before, or after they are kept, or just before
    they would be lasting."""
    acting, cuts = SqlConnector.acting, []

    def cut():
        if not cuts:
            cuts.append(when)
            server.cut()

    @contextmanager
    def cut_off(self):
        with acting(self) as session:
            act = session.act

            def then(plan, keep, *more):
                if when == "before the first change":
                    cut()

                def kept(*given):
                    keep(*given)
                    if when == "when rows are kept":
                        cut()

                done = act(plan, kept, *more)
                if when == "before it is lasting":
                    cut()
                return done

            session.act = then
            yield session

    monkeypatch.setattr(SqlConnector, "acting", cut_off)
    return cuts


def test_a_server_that_is_cut_off_and_started_again(store, house, server, monkeypatch):
    house = house_of(house)
    before = dump(server.url)
    for when in ("before the first change", "when rows are kept", "before it is lasting"):
        request = asks(house)
        with monkeypatch.context() as patched:
            cuts = cut_when(patched, server, when)
            with pytest.raises(Unreachable):
                erase(house, [request], lambda system: open_sql(system, server.url), by=BERTIL)
            assert cuts == [when]
            house.clock.go(minutes=1)
            assert do_due(house, lambda system: open_sql(system, server.url)) == 0  # it is still down
        server.start()
        assert dump(server.url) == before, when
        house.clock.go(minutes=10)
        assert do_due(house, lambda system: open_sql(system, server.url)) == 1
        request.refresh_from_db()
        assert request.state == "delivered" and dump(server.url) == erased(before)
        rows, later = evidence(request)
        assert rows == {("persons", "change"): 1, ("logins", "delete"): 40, ("orders", "change"): 2}
        assert later == 3 and book.verify(house.keys.ledger) is None
        restore_log.undo(house, request.ref, lambda system: open_back(system, server.url))
        assert dump(server.url) == before

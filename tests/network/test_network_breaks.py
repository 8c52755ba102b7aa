"""The network breaks in the middle of an erasure: nothing lost, nothing twice, and the case goes on."""

from __future__ import annotations

import time

import pytest

from lofte.connectors.sql.back import open_back
from lofte.connectors.sql.connector import open_sql
from lofte.errors import Unreachable
from lofte.execution import book, restore_log
from lofte.execution.models import Step
from lofte.requests.erasure.erase import erase
from lofte.requests.worker.again import do_due
from tests.network.proxy import Proxy, Trouble
from tests.network.shop import BERTIL, asks, database, dump, erased, evidence, house_of

PATIENCE = 4
"""Seconds that the client waits for an answer; and the server for the client."""
DATABASES = [
    pytest.param("postgres", marks=pytest.mark.postgres),
    pytest.param("mariadb", marks=pytest.mark.mariadb),
]
pytestmark = pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")


@pytest.fixture(params=DATABASES)
def url(request):
    with database(request.param) as url:
        yield url


@pytest.fixture
def proxy(url):
    between = Proxy(url)
    yield between
    between.close()


def through(proxy):
    plain = {"sslmode": "disable"} if proxy.url().startswith("postgresql") else {}
    address = proxy.url(read_timeout=str(PATIENCE), **plain)
    return lambda system: open_sql(system, address)


def insist_as_undisturbed(house, request, url, before):
    """The database, what our records say of it, and the way back: as if nothing had happened."""
    request.refresh_from_db()
    assert request.state == "delivered"
    assert dump(url) == erased(before)
    rows, later = evidence(request)
    assert rows == {("persons", "change"): 1, ("logins", "delete"): 40, ("orders", "change"): 2}
    assert later == 3
    kinds = [entry.kind for entry in book.entries() if entry.object == request.ref]
    assert kinds.count("erasure.done") == 1 and kinds.count("request.granted") == 1
    assert book.verify(house.keys.ledger) is None
    restore_log.undo(house, request.ref, lambda system: open_back(system, url))
    assert dump(url) == before


@pytest.mark.parametrize("trouble", [Trouble.LOST_ANSWER, Trouble.LOST_COMMIT, Trouble.RESET])
def test_a_connection_is_reset(store, house, url, proxy, trouble):
    house = house_of(house)
    request, before = asks(house), dump(url)
    proxy.trouble = trouble
    with pytest.raises(Unreachable):
        erase(house, [request], through(proxy), by=BERTIL)
    assert proxy.happened.is_set()
    lasting = trouble is Trouble.LOST_ANSWER
    assert dump(url) == (erased(before) if lasting else before)
    assert Step.objects.get(request=request.ref, kind="erase").failure == "unreachable"
    house.clock.go(minutes=1)
    assert do_due(house, through(proxy)) == 1
    insist_as_undisturbed(house, request, url, before)


def test_a_network_that_swallows_everything_is_given_up(store, house, url, proxy):
    house = house_of(house)
    request, before = asks(house), dump(url)
    proxy.trouble = Trouble.BLACK_HOLE
    began = time.monotonic()
    with pytest.raises(Unreachable):
        erase(house, [request], through(proxy), by=BERTIL)
    assert proxy.happened.is_set() and time.monotonic() - began < 60
    assert dump(url) == before
    for _ in range(5):
        # The server undoes what the silent one had begun, and lets go of the rows.
        house.clock.go(minutes=10)
        if do_due(house, through(proxy)):
            break
    insist_as_undisturbed(house, request, url, before)


def test_a_slow_network_is_waited_for(store, house, url, proxy):
    house = house_of(house)
    request, before = asks(house), dump(url)
    proxy.trouble = Trouble.SLOW
    erase(house, [request], through(proxy), by=BERTIL)
    assert proxy.happened.is_set()
    insist_as_undisturbed(house, request, url, before)


def test_a_server_that_is_not_there_is_waited_for(store, house, url, proxy):
    house = house_of(house)
    request, before = asks(house), dump(url)
    connect = through(proxy)
    proxy.close()
    with pytest.raises(Unreachable):
        erase(house, [request], connect, by=BERTIL)
    assert dump(url) == before
    house.clock.go(minutes=1)
    assert do_due(house, lambda system: open_sql(system, url)) == 1
    insist_as_undisturbed(house, request, url, before)

"""An erasure that was a mistake is taken back for good."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from lofte.connectors.sql.back import open_back
from lofte.datamap.document import DataMap, Kind, System
from lofte.datamap.identity import Identity
from lofte.errors import Conflict, Refused, Unreachable
from lofte.execution import book, journal
from lofte.execution.models import PersonLock, Step
from lofte.requests.course.refuse import Ground, refuse
from lofte.requests.erasure.erase import erase
from lofte.requests.erasure.later import erase_later
from lofte.requests.erasure.undo import undo
from lofte.requests.models import Deferral, Undone
from lofte.requests.records.deferred import LATER
from lofte.requests.worker.again import do_due
from tests.erase.conftest import BERTIL, asks, customer, dump
from tests.erase.small import PERSONS, POLICY, Small, persons

CLOSED = 32
ANNA = Identity(kind=Kind.EMAIL, value="anna@kund.example")


def without_logs(url):
    engine = sa.create_engine(url)
    with engine.begin() as db:
        db.execute(sa.text("delete from http_requests"))
    engine.dispose()


@pytest.fixture
def erased(fjordhem, world, store, connect, hosting_url):
    """A request that was carried out, and what stood there before."""
    without_logs(hosting_url)
    request = asks(fjordhem, customer(world, CLOSED))
    before = dump(hosting_url)
    erase(fjordhem, [request], connect)
    return request, before


def test_what_was_undone_does_not_go_by_itself_on_its_day(fjordhem, erased, connect, clock, hosting_url):
    request, before = erased
    last = Deferral.objects.order_by("-due_on").first().due_on
    undo(fjordhem, request.number, lambda system: open_back(system, hosting_url), by=BERTIL)
    assert dump(hosting_url) == before
    clock.now = datetime(last.year, last.month, last.day, 9, tzinfo=UTC)
    assert erase_later(fjordhem, connect) == ()
    assert dump(hosting_url) == before
    assert not Step.objects.filter(kind=LATER).exists()


def test_who_undid_it_and_how_much_stands_in_the_ledger_and_on_record(fjordhem, erased, hosting_url):
    request, _ = erased
    waiting = Deferral.objects.count()
    back = undo(fjordhem, request.number, lambda system: open_back(system, hosting_url), by=BERTIL)
    (said,) = [payload for entry, payload in book.opened() if entry.kind == "erasure.undone"]
    rows = sum(back.rows.values())
    assert said == {"target": "hosting", "rows": rows, "deferred": waiting, "by": BERTIL}
    (record,) = Undone.objects.all()
    assert (record.system, record.rows, record.deferred, record.by) == ("hosting", rows, waiting, BERTIL)


def test_an_undoing_that_lost_the_person_to_another_gives_nothing_back(fjordhem, erased, hosting_url):
    request, _ = erased
    after = dump(hosting_url)

    def late(system):
        PersonLock.objects.update(owner="another")
        return open_back(system, hosting_url)

    with pytest.raises(Conflict):
        undo(fjordhem, request.number, late)
    assert dump(hosting_url) == after
    assert Deferral.objects.exists()


def two(tmp_path, name):
    metadata = sa.MetaData()
    persons(metadata)
    map_ = System.model_validate(
        {
            "system": 1,
            "id": name,
            "name": {"en": name},
            "url": "sqlite://",
            "datasets": {"persons": PERSONS},
        }
    )
    found = Small(f"sqlite:///{tmp_path}/{name}.db", metadata, map_)
    found.put("persons", {"id": 1, "email": ANNA.value}, {"id": 2, "email": "eva@kund.example"})
    return found


def test_an_open_erasure_is_refused_before_it_is_undone_and_then_it_does_not_go_on(
    fjordhem, store, tmp_path, clock
):
    by = {name: two(tmp_path, name) for name in ("crm", "shop")}
    maps = tuple(each.map for each in by.values())
    house = dataclasses.replace(fjordhem, policy=POLICY, datamap=DataMap(systems=maps))
    down = {"shop"}

    def connect(system):
        if system.id in down:
            raise Unreachable("down")
        return by[system.id].connector()

    def back(system):
        return open_back(system, by[system.id].url)

    before = by["crm"].rows("persons")
    request = asks(house, ANNA)
    with pytest.raises(Unreachable):
        erase(house, [request], connect)
    with pytest.raises(Refused, match="refuse it first"):
        undo(house, request.number, back)
    refuse(house, request, ground=Ground.UNIDENTIFIED, by=BERTIL)
    undo(house, request.number, back)
    down.clear()
    clock.go(days=1)
    do_due(house, connect)
    assert by["crm"].rows("persons") == by["shop"].rows("persons") == before


def test_nothing_is_undone_while_a_later_part_is_being_erased(fjordhem, erased, clock, hosting_url):
    request, _ = erased
    Step.objects.filter(kind=LATER).update(not_before=clock.now)
    assert journal.claim("somebody", clock.now, kinds=[LATER])
    with pytest.raises(Conflict, match="somebody is at work"):
        undo(fjordhem, request.number, lambda system: open_back(system, hosting_url))

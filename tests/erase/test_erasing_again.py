"""Whom a restored backup brings back is erased again, also where nothing tells any more who they were."""

from __future__ import annotations

import dataclasses
import shutil
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from lofte.connectors.sql.back import open_back
from lofte.connectors.sql.connector import open_sql
from lofte.consent.restrict import restrict
from lofte.datamap.document import DataMap, Kind
from lofte.datamap.identity import Identity
from lofte.errors import Broken, Conflict
from lofte.execution import tombstones
from lofte.execution.models import PersonLock
from lofte.plan.restriction import Ground
from lofte.requests.erasure.erase import erase
from lofte.requests.erasure.erase_again import erasing
from lofte.requests.erasure.later import erase_later
from lofte.requests.erasure.restored import replay
from lofte.requests.models import Deferral
from tests.erase.conftest import asks, customer, dump
from tests.erase.small import PERSONS, POLICY, TECHNICAL, Small, dataset, number, persons, reference, system
from tests.erase.test_hold_in_time import first, place

CLOSED = 32
ANNA = Identity(kind=Kind.EMAIL, value="anna@kund.example")


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")
def test_a_backup_from_before_a_row_went_on_its_day_does_not_lock_the_system_for_ever(
    fjordhem, world, store, connect, clock, hosting_url, tmp_path
):
    engine = sa.create_engine(hosting_url)
    with engine.begin() as db:
        db.execute(sa.text("delete from http_requests"))
    engine.dispose()
    erase(fjordhem, [asks(fjordhem, customer(world, CLOSED))], connect)
    first = Deferral.objects.order_by("due_on").first().due_on
    clock.now = datetime(first.year, first.month, first.day, 9, tzinfo=UTC)
    path = hosting_url.removeprefix("sqlite:///")
    clock.go(hours=-12)
    taken = clock.now
    shutil.copy(path, tmp_path / "backup.db")
    clock.go(hours=12)
    assert erase_later(fjordhem, connect) == ()
    after = dump(hosting_url)
    clock.go(hours=1)
    shutil.copy(tmp_path / "backup.db", path)
    assert dump(hosting_url) != after

    done = replay(
        fjordhem,
        "hosting",
        lambda system: open_back(system, hosting_url),
        erasing(fjordhem, lambda system: open_sql(system, hosting_url)),
        taken_at=taken,
    )
    assert done.back and not done.left
    assert dump(hosting_url) == after
    assert tombstones.restored(fjordhem.folder) == ()


@pytest.fixture
def back(fjordhem, store, tmp_path, clock):
    """A house, its shop, and a person in it who was erased and whom a backup has brought back."""
    metadata = sa.MetaData()
    persons(metadata)
    map_ = system(persons=PERSONS)
    shop = Small(f"sqlite:///{tmp_path}/shop.db", metadata, map_)
    shop.put("persons", {"id": 1, "email": ANNA.value}, {"id": 2, "email": "eva@kund.example"})
    house = dataclasses.replace(fjordhem, policy=POLICY, datamap=DataMap(systems=(map_,)))
    shutil.copy(f"{tmp_path}/shop.db", f"{tmp_path}/backup.db")
    erase(house, [asks(house, ANNA)], lambda _: shop.connector())
    clock.go(days=1)
    shutil.copy(f"{tmp_path}/backup.db", f"{tmp_path}/shop.db")
    return house, shop


def replayed(house, shop):
    return replay(
        house,
        "small",
        lambda system: open_back(system, shop.url),
        erasing(house, lambda _: shop.connector()),
    )


def test_a_restriction_that_has_come_since_keeps_what_is_back(back):
    house, shop = back
    restrict(house, [ANNA], Ground.CLAIM)
    done = replayed(house, shop)
    assert (done.back, done.left) == (1, 1)
    assert len(shop.rows("persons")) == 2


def test_tombstones_that_are_gone_are_not_read_as_nobody_erased(back):
    house, shop = back
    (house.folder / "tombstones" / "small.log").unlink()
    with pytest.raises(Broken, match="put the newest copy"):
        replayed(house, shop)
    assert tombstones.restored(house.folder) == ("small",)


def test_who_is_back_is_not_erased_while_somebody_else_is_at_work_with_them(back):
    house, shop = back
    from lofte.requests.course.lock import lookups

    (lookup,) = lookups(house, [ANNA])
    until = house.now.replace(year=house.now.year + 1)
    PersonLock.objects.create(lookup=lookup, owner="another", about="", until=until)
    with pytest.raises(Conflict):
        replayed(house, shop)
    assert len(shop.rows("persons")) == 2
    assert tombstones.restored(house.folder) == ("small",)


def test_a_hold_that_comes_when_the_first_rows_have_gone_again_keeps_the_others(fjordhem, store, tmp_path):
    metadata = sa.MetaData()
    persons(metadata)
    sa.Table("letters", metadata, number(), number("p"))
    map_ = system(persons=PERSONS, letters=dataset([reference("p", "persons")], {"p": TECHNICAL}))
    shop = Small(f"sqlite:///{tmp_path}/shop.db", metadata, map_)
    shop.put("persons", {"id": 1, "email": ANNA.value})
    shop.put("letters", {"id": 3, "p": 1})
    house = dataclasses.replace(fjordhem, policy=POLICY, datamap=DataMap(systems=(map_,)))
    erase(house, [asks(house, ANNA)], lambda _: shop.connector())
    assert shop.rows("persons") == shop.rows("letters") == []
    shop.put("persons", {"id": 1, "email": ANNA.value})
    shop.put("letters", {"id": 3, "p": None})
    times = []

    def second():
        times.append(len(shop.rows("persons")))  # the letter tells nobody, and goes after them
        if len(times) == 2:
            place(house, ANNA)

    done = replay(
        house,
        "small",
        lambda system: open_back(system, shop.url),
        erasing(house, lambda _: first(shop.connector(), second)),
    )
    assert times == [1, 0] and (done.back, done.left) == (2, 1)
    assert shop.rows("letters") == [(3, None)]

"""A file of tombstones that has lost its end is noticed, and told how to mend."""

from __future__ import annotations

import dataclasses

import pytest

from lofte.connectors.sql.back import open_back
from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.errors import Broken
from lofte.execution import book, tombstones
from lofte.execution.append import records
from lofte.execution.models import TombstoneHead
from lofte.requests.erasure.erase import erase
from lofte.requests.erasure.erase_again import erasing
from lofte.requests.erasure.restored import insist_there, replay
from lofte.requests.erasure.undo import undo
from lofte.requests.models import Request
from tests.erase.conftest import BERTIL, asks
from tests.erase.test_erasing_again import back as back

EVA = Identity(kind=Kind.EMAIL, value="eva@kund.example")


def replayed(house, shop, **more):
    return replay(
        house,
        "small",
        lambda system: open_back(system, shop.url),
        erasing(house, lambda _: shop.connector()),
        **more,
    )


@pytest.fixture
def log(back):
    house, _ = back
    return house.folder / "tombstones" / "small.log"


def cut(log, left=0):
    """Take whole records from the end, as a copy from before would be."""
    kept = list(records(log))[:left]
    log.write_bytes(log.read_bytes()[: sum(len(each) + 24 for each in kept)])
    assert len(list(records(log))) == left


def test_a_file_that_has_lost_records_replays_nothing_and_says_how_to_mend(back, log):
    house, shop = back
    whole = log.read_bytes()
    erase(house, [asks(house, EVA)], lambda _: shop.connector())
    newest = log.read_bytes()
    log.write_bytes(whole)
    with pytest.raises(Broken, match="put the newest copy"):
        replayed(house, shop)
    log.write_bytes(newest)
    assert replayed(house, shop).left == 0
    assert shop.rows("persons") == []


def test_nothing_is_erased_while_tombstones_are_lost(back, log):
    house, shop = back
    cut(log)
    before = shop.rows("persons")
    with pytest.raises(Broken, match="tombstones of `small` are gone"):
        erase(house, [asks(house, EVA)], lambda _: shop.connector())
    assert shop.rows("persons") == before


def test_another_file_of_the_same_length_is_not_taken_for_it(back, log, tmp_path):
    house, shop = back
    other = dataclasses.replace(house, folder=tmp_path / "other")
    other.folder.mkdir()
    head = TombstoneHead.objects.get()
    head.delete()
    tombstones.note(other, "f" * 32, "small", "persons", [("9",)])
    TombstoneHead(system="small", records=head.records, mac=head.mac).save()
    log.write_bytes((other.folder / "tombstones" / "small.log").read_bytes())
    with pytest.raises(Broken, match="are gone"):
        replayed(house, shop)


def test_an_undoing_is_told_in_it_too(back, log):
    house, shop = back
    request = asks(house, EVA)
    erase(house, [request], lambda _: shop.connector())
    before = log.read_bytes()
    undo(house, request.number, lambda system: open_back(system, shop.url))
    log.write_bytes(before)
    with pytest.raises(Broken, match="are gone"):
        replayed(house, shop)


def test_what_is_left_is_gone_on_with_when_somebody_says_that_the_rest_is_lost(back, log):
    house, shop = back
    cut(log)
    replayed(house, shop, lost=True, by=BERTIL)
    assert len(shop.rows("persons")) == 2  # nobody knows any more who it was
    said = [payload for entry, payload in book.opened() if entry.kind == "tombstones.lost"]
    assert said == [{"target": "small", "records": 1, "by": BERTIL}]
    erase(house, [asks(house, EVA)], lambda _: shop.connector())
    assert len(shop.rows("persons")) == 1


@pytest.fixture
def older(back):
    """The same, in a store from before it was told how far tombstones reach."""
    TombstoneHead.objects.all().delete()
    return back


def test_an_older_store_misses_a_file_that_is_gone(older, log):
    house, shop = older
    first = Request.objects.get().number
    whole = log.read_bytes()
    log.unlink()
    before = shop.rows("persons")
    for act in (
        lambda: insist_there(house.folder, house.keys.lookup),
        lambda: replayed(house, shop),
        lambda: erase(house, [asks(house, EVA)], lambda _: shop.connector()),
        lambda: undo(house, first, lambda system: open_back(system, shop.url)),
    ):
        with pytest.raises(Broken, match="tombstones of `small` are gone"):
            act()
    assert shop.rows("persons") == before and not log.exists()
    assert not TombstoneHead.objects.exists()
    log.write_bytes(whole)
    assert replayed(house, shop).back == 1


def test_an_older_store_takes_a_file_that_is_there_for_whole_from_then_on(older, log):
    house, shop = older
    insist_there(house.folder, house.keys.lookup)
    assert TombstoneHead.objects.get().records == 1
    log.unlink()
    with pytest.raises(Broken, match="are gone"):
        erase(house, [asks(house, EVA)], lambda _: shop.connector())


def test_a_replay_of_an_older_store_tells_how_far_its_file_reaches(older, log):
    house, shop = older
    assert replayed(house, shop).back == 1
    cut(log, left=1)
    with pytest.raises(Broken, match="are gone"):
        replayed(house, shop)


def test_an_older_store_goes_on_when_somebody_says_that_all_is_lost(older, log):
    house, shop = older
    log.unlink()
    replayed(house, shop, lost=True, by=BERTIL)
    insist_there(house.folder, house.keys.lookup)
    said = [payload for entry, payload in book.opened() if entry.kind == "tombstones.lost"]
    assert said == [{"target": "small", "records": 0, "by": BERTIL}]
    erase(house, [asks(house, EVA)], lambda _: shop.connector())
    assert TombstoneHead.objects.get().records == 1


def test_a_house_that_has_erased_nothing_misses_nothing(fjordhem, store):
    insist_there(fjordhem.folder, fjordhem.keys.lookup)
    assert not TombstoneHead.objects.exists()

"""What the sweep has found, each as a promise of its own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lofte.errors import LedgerClosed, Unreachable
from lofte.execution import book, tombstones
from lofte.ledger.kinds import Kind
from lofte.requests.erasure.erase_system import One
from lofte.requests.erasure.restored import replay
from lofte.requests.models import Deferral, Erasure, Foretold, HoldRecord
from tests.faults.flows import FLOWS, LONG_AFTER, erasing
from tests.faults.world import NOW, Clock, Place, dump, fill


@pytest.fixture
def place(store, tmp_path):
    place = Place(folder=tmp_path, shop=f"sqlite:///{tmp_path / 'shop.sqlite3'}", clock=Clock(NOW))
    place.house.folder.mkdir(mode=0o700)
    fill(place.shop)
    return place


def lost(monkeypatch):
    """The process dies after the shop's COMMIT and before its own evidence, once."""
    record, died = One.record, []

    def die(self, *given):
        if not died:
            died.append(1)
            raise Unreachable("the answer was lost")
        return record(self, *given)

    monkeypatch.setattr(One, "record", die)


def erased_after_a_loss(place, monkeypatch):
    lost(monkeypatch)
    FLOWS["erase"].before(place)
    with pytest.raises(Unreachable):
        FLOWS["erase"].act(place)
    FLOWS["erase"].act(place)


def test_what_was_kept_still_goes_on_its_day_when_the_answer_was_lost(place, monkeypatch):
    erased_after_a_loss(place, monkeypatch)
    assert Deferral.objects.count() == 3
    place.clock.now = LONG_AFTER
    FLOWS["later"].act(place)
    assert {row[0] for row in dump(place.shop)["customers"]} == {"2"}


def test_the_evidence_tells_law_and_verb_when_the_answer_was_lost(place, monkeypatch):
    erased_after_a_loss(place, monkeypatch)
    told = {(e.dataset, e.verb, e.ground): e.rows for e in Erasure.objects.all()}
    assert told["orders", "change", "BFL-7-2"] + told["threads", "unlink", "shared"] >= 2
    assert not Foretold.objects.exists()


def test_what_goes_later_goes_for_the_grounds_that_the_person_had(place):
    """They objected: that no contract keeps the rows, and their time is not known, keeps nothing."""
    FLOWS["later"].before(place)
    place.clock.now = LONG_AFTER
    FLOWS["later"].act(place)
    assert not [row for row in dump(place.shop)["orders"] if row[1] == "1"]
    later = Erasure.objects.filter(step__startswith="erase-later", verb="delete")
    assert sum(later.values_list("rows", flat=True)) == 3


def test_who_stands_beside_the_erased_one_does_not_lock_a_restored_system(place):
    FLOWS["restored"].before(place)
    eva = [row for row in dump(place.shop)["customers"] if row[0] == "2"]
    replay(
        place.house,
        "shop",
        place.back,
        erasing(place.house, place.connect),
        taken_at=NOW - timedelta(days=1),
    )
    assert tombstones.restored(place.house.folder) == ()
    now = dump(place.shop)
    assert [row for row in now["customers"] if row[0] == "2"] == eva
    assert not [row for row in now["logins"] if row[1] == "1"]


def test_a_replay_has_its_intent_before_it_and_its_outcome_after_it_in_the_ledger(place):
    FLOWS["restored"].before(place)
    FLOWS["restored"].act(place)
    kinds = [entry.kind for entry in book.entries()]
    assert kinds[-2:] == [Kind.ERASURE_REPLAY_INTENDED, Kind.ERASURE_REPLAYED]


def test_placing_the_same_hold_again_changes_nothing(place):
    FLOWS["hold"].act(place)
    FLOWS["hold"].act(place)
    assert HoldRecord.objects.count() == 1


def test_a_store_that_cannot_be_written_is_said_in_one_sentence(place, monkeypatch):
    from django.db import OperationalError
    from django.db.models import Model

    def full(*given, **named):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(Model, "save", full)
    with pytest.raises(LedgerClosed, match="see to disk"):
        FLOWS["hold"].act(place)

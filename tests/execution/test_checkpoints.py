"""Signed checkpoints find what the chain alone cannot: an end that was cut off, a ledger written anew."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from lofte.errors import Broken, LedgerClosed
from lofte.execution import book, checkpoints
from lofte.execution.models import LedgerEntry
from lofte.ledger import chain
from lofte.ledger.checkpoint import opened, public
from lofte.ledger.kinds import Kind


@pytest.fixture
def signing(house, any_store):
    """A house with a store, where something can be noted."""
    return house


def noted(house, many: int, kind: Kind = Kind.KEY_SHREDDED) -> None:
    said = {"version": "1"} if kind is Kind.POLICY_PUBLISHED else {}
    with book.recorded(house):
        for number in range(many):
            book.note(kind, f"{number:032x}", said, at=house.now)


def due(house) -> bool:
    return checkpoints.due(house.folder, house.keys.checkpoint, house.now)


def insist_not_cut(house) -> None:
    checkpoints.insist_not_cut(house.folder, house.keys.checkpoint)


def cut(entries: int) -> None:
    LedgerEntry.objects.filter(seq__gt=book.count() - entries).delete()


def rewritten(house) -> None:
    """The whole ledger made anew, by somebody with the key of the chain."""
    last = None
    for row in LedgerEntry.objects.order_by("seq"):
        entry = next(iter(book.entries(after=row.seq - 1)))
        if entry.seq == 2:
            entry = type(entry)(**{**{n: getattr(entry, n) for n in entry.__slots__}, "object": "f" * 32})
        last = chain.linked(entry, house.keys.ledger, last)
        LedgerEntry.objects.filter(seq=row.seq).update(object=last.object, mac=last.mac)


def test_nothing_to_sign_in_an_empty_ledger(signing):
    assert not due(signing)
    assert checkpoints.make(signing) is None and checkpoints.latest(signing) is None


def test_a_checkpoint_is_what_the_ledger_is(signing):
    noted(signing, 7)
    held = checkpoints.make(signing)
    assert held.checkpoint.size == 7 and checkpoints.latest(signing) == held
    assert opened(held.note, checkpoints.key_line(signing)) == held.checkpoint
    assert checkpoints.make(signing) is None, "nothing is new"
    noted(signing, 5)
    checkpoints.make(signing)
    assert [each.checkpoint.size for each in checkpoints.every(signing)] == [7, 12]
    assert checkpoints.verify(signing) is None
    assert checkpoints.begins_with(signing, held.checkpoint)
    assert (signing.folder / "checkpoints" / "latest").read_text().splitlines()[1] == "12"


def test_it_is_due_after_many_entries_after_a_while_and_when_a_case_is_closed(signing, clock):
    noted(signing, 1)
    assert due(signing)
    checkpoints.make(signing)
    assert not due(signing)
    noted(signing, checkpoints.EVERY - 1)
    assert not due(signing)
    noted(signing, 1)
    assert due(signing)
    checkpoints.make(signing)
    noted(signing, 1)
    assert not due(signing)
    clock.now += checkpoints.WITHIN
    assert due(signing)
    checkpoints.make(signing)
    noted(signing, 1, Kind.REQUEST_WITHDRAWN)
    assert due(signing)


def test_a_cut_end_is_found_and_nothing_is_signed_over_it(signing):
    noted(signing, 9)
    checkpoints.make(signing)
    cut(2)
    assert book.verify(signing.keys.ledger) is None, "the chain alone does not see it"
    assert checkpoints.verify(signing).size == 9 and due(signing)
    with pytest.raises(LedgerClosed, match="7 entries, and 9 were signed"):
        checkpoints.make(signing)
    with pytest.raises(LedgerClosed, match="7 entries, and 9 were signed"):
        insist_not_cut(signing)


def test_a_cut_end_that_was_filled_up_again_is_found(signing):
    noted(signing, 9)
    checkpoints.make(signing)
    cut(2)
    noted(signing, 4)
    insist_not_cut(signing)
    with pytest.raises(LedgerClosed, match="not the one that was signed at entry 9"):
        checkpoints.make(signing)
    assert checkpoints.verify(signing).size == 9


def test_a_ledger_written_anew_with_the_key_of_the_chain_is_found(signing):
    noted(signing, 5)
    held = checkpoints.make(signing)
    rewritten(signing)
    assert book.verify(signing.keys.ledger) is None
    assert checkpoints.verify(signing) == held.checkpoint
    assert not checkpoints.begins_with(signing, held.checkpoint)


def test_nothing_that_does_not_hold_is_signed(signing):
    noted(signing, 3)
    checkpoints.make(signing)
    noted(signing, 3)
    LedgerEntry.objects.filter(seq=5).update(object="e" * 32)
    with pytest.raises(LedgerClosed, match="broken at entry 5"):
        checkpoints.make(signing)


def test_an_end_that_is_lost_for_good_is_accepted_and_said(signing):
    noted(signing, 9)
    checkpoints.make(signing)
    cut(3)
    assert checkpoints.accept_cut(signing, by="a" * 32) == 3
    assert checkpoints.accept_cut(signing) == 0
    assert checkpoints.verify(signing) is None
    assert checkpoints.latest(signing).checkpoint.size == book.count() == 7
    assert [kept.name for kept in (signing.folder / "checkpoints").glob("log.*")], "the old ones are evidence"


def test_an_end_that_was_filled_up_again_is_accepted_too(signing):
    for many in (5, 4):
        noted(signing, many)
        checkpoints.make(signing)
    cut(2)
    noted(signing, 4)
    assert checkpoints.accept_cut(signing) == 4, "at most what came after the last that holds"
    assert checkpoints.verify(signing) is None and checkpoints.make(signing) is None
    assert checkpoints.accept_cut(signing) == 0


def test_a_power_cut_before_the_checkpoints_are_laid_aside_leaves_a_way_on(signing, monkeypatch):
    noted(signing, 9)
    checkpoints.make(signing)
    cut(1)
    with monkeypatch.context() as dying:
        dying.setattr(checkpoints, "_FRONTIER", "\0")  # dies when the ledger has it, and no file is touched
        with pytest.raises(ValueError, match="null"):
            checkpoints.accept_cut(signing)
    assert checkpoints.accept_cut(signing) > 0
    noted(signing, 1)
    assert checkpoints.make(signing).checkpoint.size == book.count()


def test_what_is_left_and_broken_is_not_accepted(signing):
    noted(signing, 9)
    checkpoints.make(signing)
    cut(3)
    LedgerEntry.objects.filter(seq=2).update(object="e" * 32)
    with pytest.raises(LedgerClosed, match="broken at entry 2"):
        checkpoints.accept_cut(signing)


def test_a_clock_that_was_turned_back_puts_off_no_checkpoint(signing, clock):
    noted(signing, 1)
    checkpoints.make(signing)
    clock.now -= timedelta(days=365)
    noted(signing, 1)
    assert due(signing)
    checkpoints.make(signing)
    noted(signing, 1)
    assert not due(signing)


def test_a_checkpoint_of_another_key_or_a_changed_one_is_none(signing):
    noted(signing, 3)
    note = checkpoints.make(signing).note
    key = checkpoints.key_line(signing)
    with pytest.raises(Broken, match="not signed with the key"):
        opened(note.replace("\n3\n", "\n4\n"), key)
    with pytest.raises(Broken, match="not signed with the key"):
        opened(note, public("localhost:8000/ledger", b"z" * 32))
    for wrong in ("", "hello", note.partition("\n\n")[0]):
        with pytest.raises(Broken):
            opened(wrong, key)
    with pytest.raises(Broken, match="no key of a ledger"):
        opened(note, "localhost+1234+AAAA")


def test_copies_lie_outside_the_home(signing, tmp_path):
    noted(signing, 3)
    held = checkpoints.make(signing)
    checkpoints.hand_out(held.note, tmp_path / "witness")
    assert (tmp_path / "witness" / "000000000003").read_text() == held.note
    assert opened((tmp_path / "witness" / "latest").read_text(), checkpoints.key_line(signing))
    assert signing.now - held.checkpoint.at < timedelta(seconds=1)


def test_two_servers_hand_out_to_one_folder(tmp_path):
    def many(_: int) -> None:
        for size in range(50):
            checkpoints.hand_out(f"fjordhem.example/ledger\n{size}\n", tmp_path)

    with ThreadPoolExecutor(2) as servers:
        list(servers.map(many, range(2)))
    assert len(list(tmp_path.iterdir())) == 51, "and nothing is left lying beside them"

"""An entry and what it tells about are written together; numbers have no gaps; closed means closed."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from lofte.errors import Broken, LedgerClosed, Refused
from lofte.execution import book
from lofte.execution.book import note, recorded
from lofte.execution.models import LedgerEntry, LedgerOutbox, LedgerRecord
from lofte.execution.store import writing
from lofte.ledger import chain
from lofte.ledger.entry import opens
from lofte.ledger.kinds import Kind

REF = "a" * 32
DONE = {"step": "read", "target": "billing", "attempt": 1}


def put(house, rows=1):
    note(Kind.STEP_DONE, REF, {**DONE, "rows": rows}, at=house.now, policy_version="1")


def test_what_is_recorded_has_its_number(any_store, house):
    with recorded(house):
        put(house)
        put(house, 2)
    assert [e.seq for e in book.entries()] == [1, 2]
    assert book.verify(house.keys.ledger) is None
    assert book.waiting() == 0


def test_what_is_undone_leaves_no_entry(any_store, house):
    def break_off() -> None:
        with recorded(house):
            put(house)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    assert list(book.entries()) == [] and book.waiting() == 0
    assert LedgerRecord.objects.count() == 0


def test_what_is_undone_inside_leaves_no_entry_and_what_is_around_it_does(any_store, house):
    def break_off() -> None:
        with transaction.atomic():
            put(house, 2)
            raise RuntimeError

    with recorded(house):
        put(house)
        with pytest.raises(RuntimeError):
            break_off()
        put(house, 3)
    assert [content["rows"] for _, content in book.opened()] == [1, 3]
    assert LedgerRecord.objects.count() == 2


def test_a_hundred_entries_take_no_more_statements_than_two(store, house):
    def statements(entries: int) -> int:
        with CaptureQueriesContext(connection) as asked, recorded(house):
            for n in range(entries):
                put(house, n)
        return len(asked)

    assert statements(100) == statements(2)


def test_what_waits_gets_its_number_in_the_order_it_came(any_store, house):
    for n in range(3):
        with writing():
            put(house, n)
        house.clock.go(hours=-1)  # the clock may jump; the order may not
    assert book.sequence(house.keys.ledger) == 3
    assert book.sequence(house.keys.ledger) == 0
    assert [e.seq for e in book.entries()] == [1, 2, 3]
    times = [e.at for e in book.entries()]
    assert times == sorted(times, reverse=True)


def test_the_payload_proves_the_entry_until_it_is_forgotten(any_store, house):
    with recorded(house):
        put(house)
    [entry] = book.entries()
    record = LedgerRecord.objects.get(commitment=entry.commitment.hex())
    assert opens(entry, bytes(record.key), bytes(record.payload))
    assert book.forget(REF) == 1
    assert book.verify(house.keys.ledger) is None
    assert LedgerRecord.objects.count() == 0


def test_entries_are_opened_for_the_proof_as_far_as_they_are_remembered(any_store, house):
    with recorded(house):
        put(house, 7)
        note(Kind.HANDLER_ADDED, "c" * 32, {"role": "officer"}, at=house.now)
    book.forget("c" * 32)
    assert [p for _, p in book.opened()] == [{**DONE, "rows": 7}, None]


def test_a_changed_record_is_not_taken_for_what_was_noted(any_store, house):
    with recorded(house):
        put(house, 7)
    LedgerRecord.objects.update(payload=b'{"rows":8}')
    with pytest.raises(Broken):
        list(book.opened())


def test_a_note_outside_a_transaction_is_refused(any_store, house):
    with pytest.raises(LedgerClosed):
        put(house)


def test_personal_data_cannot_be_noted(any_store, house):
    with pytest.raises(Refused), recorded(house):
        note(Kind.STEP_DONE, REF, {"step": "read", "target": "anna@kund.example"}, at=house.now)
    assert book.waiting() == 0


def test_a_changed_row_is_found(any_store, house):
    for n in range(3):
        with recorded(house):
            put(house, n)
    LedgerEntry.objects.filter(seq=2).update(kind="no.such.kind")
    assert book.verify(house.keys.ledger) == chain.Break(seq=2, why=chain.Why.CONTENT)


def test_nothing_is_added_after_a_last_entry_that_does_not_hold(any_store, house):
    with recorded(house):
        put(house)
    LedgerEntry.objects.filter(seq=1).update(policy_version="2")
    with pytest.raises(LedgerClosed), recorded(house):
        put(house)
    assert LedgerEntry.objects.count() == 1


@pytest.mark.parametrize("table", [LedgerRecord, LedgerEntry])
def test_a_ledger_that_cannot_be_written_undoes_the_act(store, house, table):
    close_table(table)
    with pytest.raises(LedgerClosed), recorded(house):
        put(house)
    assert book.waiting() == 0 and LedgerEntry.objects.count() == 0


@pytest.mark.parametrize("table", [LedgerRecord, LedgerOutbox])
def test_an_entry_that_cannot_wait_for_its_number_undoes_the_act(store, house, table):
    close_table(table)
    with pytest.raises(LedgerClosed), writing():
        put(house)
    assert book.waiting() == 0 and LedgerRecord.objects.count() == 0


def test_what_is_recorded_comes_after_what_waited(any_store, house):
    with writing():
        put(house, 1)
    with recorded(house):
        put(house, 2)
    assert [said["rows"] for _, said in book.opened() if said] == [1, 2]
    assert book.verify(house.keys.ledger) is None


def test_many_writers_leave_one_chain_without_gaps(any_store, house):
    def write() -> None:
        for n in range(5):
            with recorded(house):
                put(house, n)

    in_threads(write, write, write, write)
    assert [e.seq for e in book.entries()] == list(range(1, 21))
    assert book.verify(house.keys.ledger) is None


def close_table(table) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TRIGGER closed BEFORE INSERT ON {table._meta.db_table}"
            " BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )


def in_threads(*acts: Callable[[], None]) -> None:
    errors: list[BaseException] = []

    def run(act: Callable[[], None]) -> None:
        try:
            act()
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []

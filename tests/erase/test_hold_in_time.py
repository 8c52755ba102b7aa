"""A hold that was accepted is honoured, however late it came; one that comes too late is not accepted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from django.db import connection

from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.errors import Broken, Conflict, Unreachable
from lofte.execution.store import on_sqlite
from lofte.plan.holds import HoldKind
from lofte.requests.course import lock
from lofte.requests.course.lock import AtWork
from lofte.requests.erasure import holds
from lofte.requests.erasure.deidentify import deidentify
from lofte.requests.erasure.erase import erase
from lofte.requests.erasure.later import erase_later
from lofte.requests.models import Deferral, Erasure, HoldRecord
from tests.erase.conftest import BERTIL, asks, customer
from tests.erase.test_what_lives import Two

CLOSED = 32


def place(house, identity):
    return holds.place(
        house, kind=HoldKind.LEGAL_CLAIM, identities=[identity], case="T 123-26",
        review_on=date(house.today.year + 1, 5, 1), why="tvist om en faktura", by=BERTIL,
    )  # fmt: skip


def at_the_last(connector, do):
    """A connector that does something when all has been looked at, and nothing is lasting yet."""
    acting = connector.acting

    @contextmanager
    def then():
        with acting() as session:
            yield session
            do()

    connector.acting = then
    return connector


def first(connector, do):
    """A connector that does something before a transaction of its system begins."""
    acting = connector.acting

    @contextmanager
    def then():
        do()
        with acting() as session:
            yield session

    connector.acting = then
    return connector


@pytest.fixture
def late(fjordhem, world, connect):
    """A hold that is refused each time rows are about to go."""
    refused = []

    def too_late():
        with pytest.raises(AtWork, match="try again when it is done"):
            place(fjordhem, customer(world, CLOSED))
        refused.append(HoldRecord.objects.count())

    return refused, lambda system: at_the_last(connect(system), too_late)


def test_a_hold_that_comes_too_late_is_refused_and_placed_when_it_is_over(fjordhem, world, store, late):
    refused, connect = late
    erase(fjordhem, [asks(fjordhem, customer(world, CLOSED))], connect)
    assert refused == [0] and Erasure.objects.filter(verb="delete").exists()
    place(fjordhem, customer(world, CLOSED))
    assert HoldRecord.objects.count() == 1


def test_so_is_one_that_comes_when_what_was_kept_is_about_to_go(
    fjordhem, world, store, connect, late, clock, hosting_url
):
    engine = sa.create_engine(hosting_url)
    with engine.begin() as db:
        db.execute(sa.text("delete from http_requests"))
    engine.dispose()
    erase(fjordhem, [asks(fjordhem, customer(world, CLOSED))], connect)
    first = Deferral.objects.order_by("due_on").first().due_on
    clock.now = datetime(first.year, first.month, first.day, 9, tzinfo=UTC)
    refused, at_work = late
    assert erase_later(fjordhem, at_work) == ()
    assert refused and not any(refused)


def test_whoever_takes_a_person_waits_until_a_hold_stands(any_store, house, monkeypatch):
    stand, passed = holds._stand, []

    def standing(*given):
        stand(*given)
        if not on_sqlite():  # which has one writer
            with ThreadPoolExecutor(1) as other:
                passed.append(other.submit(_may_pass).result())

    monkeypatch.setattr(holds, "_stand", standing)
    place(house, Identity(kind=Kind.EMAIL, value="anna@kund.example"))
    assert passed == ([] if on_sqlite() else [False])


def _may_pass() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock._TURNSTILE])
            return bool(cursor.fetchone()[0])
    finally:
        connection.close()


@pytest.mark.parametrize("way", [erase, deidentify])
@pytest.mark.parametrize("error", [Unreachable, Conflict, Broken])
def test_a_hold_keeps_what_is_still_there_when_another_system_has_failed(
    fjordhem, store, tmp_path, way, error
):
    two = Two(tmp_path, date(2026, 1, 1))
    house = two.house(fjordhem)
    anna = Identity(kind=Kind.EMAIL, value="a@x.example")

    failed = []

    def fail():
        failed.append(HoldRecord.objects.count())
        raise error("at the last moment")

    def connect(system):
        if system.id == "crm":
            return at_the_last(two.connect(system), fail)
        return first(two.connect(system), lambda: place(house, anna) if failed else None)

    request = asks(house, anna)
    with pytest.raises(error, match="at the last"):
        erase(house, [request], connect) if way is erase else deidentify(house, request, connect)
    assert not any(failed) and HoldRecord.objects.count() == 1
    assert two.desk.rows("persons") == [(7, "a@x.example")]


def test_a_hold_keeps_what_is_still_there_between_two_attempts(fjordhem, store, tmp_path):
    two = Two(tmp_path, date(2026, 1, 1))
    house = two.house(fjordhem)
    anna = Identity(kind=Kind.EMAIL, value="a@x.example")
    attempts = []

    def fail_once():
        attempts.append(HoldRecord.objects.count())
        if len(attempts) == 1:
            raise Conflict("rows have changed")

    def again():
        if attempts:
            place(house, anna)

    def connect(system):
        if system.id == "crm":
            return first(at_the_last(two.connect(system), fail_once), again)
        return two.connect(system)

    erase(house, [asks(house, anna)], connect)
    assert attempts == [0, 1]
    assert two.crm.rows("persons") and two.desk.rows("persons")

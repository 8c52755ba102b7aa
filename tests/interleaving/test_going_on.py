"""What was stopped goes on: by the house itself, from what is written down, and signed by who began it."""

from __future__ import annotations

import dataclasses

import pytest
import sqlalchemy as sa

from lofte.connectors.sql.connector import open_sql
from lofte.consent.gate import may_send
from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.errors import Ambiguous, Broken, Unreachable
from lofte.execution import book, journal
from lofte.execution.models import PersonLock
from lofte.law.rights import Right
from lofte.requests.answer import rectify
from lofte.requests.door.identify import Level, identify
from lofte.requests.erasure import erase as erasing
from lofte.requests.erasure.erase import erase
from lofte.requests.models import Decision, Discovered
from lofte.requests.worker import again
from tests.interleaving.person import (
    BERTIL,
    EMAIL,
    NUMBER,
    SYSTEMS,
    KilledError,
    asks,
    carry_out,
    datamap,
    fill,
    persons,
    policy,
)
from tests.services import sqlite_database

EVA = Identity(kind=Kind.EMAIL, value="eva@kund.example")
SOMEHOW = ["17.1.d"]


@pytest.fixture
def house(store, house):
    return dataclasses.replace(house, policy=policy(), datamap=datamap())


@pytest.fixture
def urls(tmp_path):
    made = {id_: sqlite_database(tmp_path) for id_ in SYSTEMS}
    for url in made.values():
        fill(url)
    return made


@pytest.fixture
def away():
    """Systems that do not answer."""
    return set()


@pytest.fixture
def connect(urls, away):
    def opened(system):
        if system.id in away:
            raise Unreachable(f"the system `{system.id}` does not answer")
        return open_sql(system, urls[system.id])

    return opened


def run(url, *statements):
    engine = sa.create_engine(url)
    with engine.begin() as db:
        for statement in statements:
            db.exec_driver_sql(statement)
    engine.dispose()


def later(house):
    house.clock.go(minutes=10)


def steps(request, kind):
    return {s.target: (s.state, s.failure) for s in journal.steps(request.ref) if s.kind == kind}


def signed(request):
    return {d.by for d in Decision.objects.filter(request=request)}


@pytest.mark.parametrize("right", [r for r in Right if r not in (Right.HUMAN_REVIEW, Right.RESTRICTION)])
def test_a_request_of_any_right_goes_on_when_the_system_answers(house, connect, away, tmp_path, right):
    request = asks(house, right, EMAIL)
    away.add("shop")
    with pytest.raises(Unreachable):
        carry_out(house, request, connect, tmp_path / "out")
    later(house)
    assert again.due_again(house.now) == [request] and again.do_due(house, connect) == 0
    away.clear()
    later(house)
    assert again.do_due(house, connect) == 1
    request.refresh_from_db()
    assert request.state in ("delivered", "ready") and signed(request) == {BERTIL}
    assert again.due_again(house.now) == [] and not PersonLock.objects.exists()


def test_a_restriction_reaches_a_system_that_was_silent(house, connect, away, urls, tmp_path):
    request = asks(house, Right.RESTRICTION, EMAIL)
    away.add("shop")
    with pytest.raises(Unreachable):
        carry_out(house, request, connect, tmp_path)
    assert steps(request, "trace") == {"desk": ("done", ""), "shop": ("waiting", "unreachable")}
    away.clear()
    later(house)
    assert again.do_due(house, connect) == 1
    away.add("shop")
    with pytest.raises(Unreachable):
        carry_out(house, request, connect, tmp_path)
    away.clear()
    carry_out(house, request, connect, tmp_path)
    assert persons(urls["shop"])[1] == persons(urls["desk"])[1] == ("Ana", "stopped")


def test_a_no_holds_though_a_system_is_silent_and_reaches_what_it_knows_later(house, connect, away, urls):
    request = asks(house, Right.OBJECTION, NUMBER)
    away.update(SYSTEMS)
    with pytest.raises(Unreachable):
        carry_out(house, request, connect, None)
    assert may_send(house, Kind.EMAIL, EMAIL.value), "nobody knows her address yet"
    away.discard("desk")
    later(house)
    again.do_due(house, connect)
    assert not may_send(house, Kind.EMAIL, EMAIL.value)
    assert steps(request, "trace") == {"desk": ("done", ""), "shop": ("waiting", "unreachable")}


def test_what_a_system_told_is_looked_for_by_whoever_goes_on(house, connect, urls, monkeypatch, store):
    """She was found by her address; her number stands somewhere that nobody has mapped."""
    run(urls["desk"], "create table old (id integer primary key, words text)",
        "insert into old values (1, 'ring K20451 om fakturan')")  # fmt: skip
    request = asks(house, Right.ERASURE, EMAIL)

    def die(*_):
        raise KilledError

    with monkeypatch.context() as patched:
        patched.setattr(erasing, "verify", die)
        with pytest.raises(KilledError):
            erase(house, [request], connect, by=BERTIL, grounds=SOMEHOW)
    assert 1 not in persons(urls["desk"]) and 1 not in persons(urls["shop"])
    assert NUMBER.value.encode() not in bytes(Discovered.objects.first().found)
    later(house)
    with pytest.raises(Broken, match=r"desk\.old\.words"):
        erase(house, [request], connect, by=BERTIL, grounds=SOMEHOW)
    later(house)
    assert again.due_again(house.now) == [], "somebody looks at it first"
    run(urls["desk"], "delete from old")
    assert erase(house, [request], connect, by=BERTIL, grounds=SOMEHOW)[0].state == "delivered"
    assert not Discovered.objects.exists()


def test_who_cannot_be_told_from_another_is_sent_back_and_the_others_go_on(house, connect, urls):
    run(urls["shop"], "insert into persons values (3, 'K20453', 'eva@kund.example', 'Evert', 'on')")
    anna, eva = asks(house, Right.ERASURE, EMAIL), asks(house, Right.ERASURE, EVA)
    done = erase(house, [anna, eva], connect, by=BERTIL, grounds=SOMEHOW)
    assert [d.state for d in done] == ["delivered", "received"]
    assert persons(urls["desk"]).keys() == {2} and persons(urls["shop"]).keys() == {2, 3}
    doubts = [e.object for e in book.entries() if e.kind == "request.ambiguous"]
    assert doubts == [eva.ref] and not Discovered.objects.exclude(request=eva).exists()


def test_nothing_is_erased_in_any_system_when_one_of_them_cannot_tell(house, connect, urls):
    """The first system knows one Eva, the second knows two."""
    run(urls["shop"], "insert into persons values (3, 'K20453', 'eva@kund.example', 'Evert', 'on')")
    with pytest.raises(Ambiguous):
        erase(house, [asks(house, Right.ERASURE, EVA)], connect, grounds=SOMEHOW)
    assert 2 in persons(urls["desk"]) and 2 in persons(urls["shop"])


def test_who_shows_more_is_erased_after_all(house, connect, urls):
    run(urls["shop"], "insert into persons values (3, 'K20453', 'eva@kund.example', 'Evert', 'on')")
    request = asks(house, Right.ERASURE, EVA)
    with pytest.raises(Ambiguous):
        erase(house, [request], connect, grounds=SOMEHOW)
    number = Identity(kind=Kind.CUSTOMER_NO, value="K20452")
    request.refresh_from_db()
    identify(house, request, method="besök", level=Level.PROVEN, by=BERTIL, proven=[number])
    # Her address is the other's too: it is not looked for.
    erase(house, [request], connect, grounds=SOMEHOW)
    assert 2 not in persons(urls["desk"]) and persons(urls["shop"]).keys() == {1, 3}


def test_a_person_whom_a_system_cannot_tell_is_not_rectified(house, connect, urls, tmp_path):
    run(urls["shop"], "insert into persons values (3, 'K20453', 'eva@kund.example', 'Ana', 'on')")
    request = asks(house, Right.RECTIFICATION, EVA)
    with pytest.raises(Ambiguous):
        carry_out(house, request, connect, tmp_path)
    request.refresh_from_db()
    assert request.state == "received" and persons(urls["desk"])[2] == ("Ana", "on")


def test_what_was_rectified_before_a_cut_is_counted_with_the_rest(
    house, urls, connect, tmp_path, monkeypatch
):
    request = asks(house, Right.RECTIFICATION, EMAIL)
    record = rectify._Work._record

    def die(self, claim, *given):
        if claim.target == "desk":
            raise KilledError
        return record(self, claim, *given)

    with monkeypatch.context() as patched:
        patched.setattr(rectify._Work, "_record", die)
        with pytest.raises(KilledError):
            carry_out(house, request, connect, tmp_path)
    assert persons(urls["desk"])[1][0] == "Anna" and persons(urls["shop"])[1][0] == "Ana"
    later(house)
    assert again.do_due(house, connect) == 1
    done = carry_out(house, request, connect, tmp_path)
    assert done.state == "delivered" and steps(request, "rectify") == dict.fromkeys(SYSTEMS, ("done", ""))
    said = [p for e, p in book.opened() if e.kind == "rectification.done"]
    assert [(p["system"], p["rows"]) for p in said] == [("desk", 1), ("shop", 1)]


def test_a_failing_request_holds_up_no_other(house, connect, away, tmp_path):
    first, second = asks(house, Right.ACCESS, EMAIL), asks(house, Right.ACCESS, EVA)
    away.add("shop")
    for request in (first, second):
        with pytest.raises(Unreachable):
            carry_out(house, request, connect, tmp_path)
    away.clear()
    later(house)
    broken = {"first": True}

    def sometimes(system_):
        if broken.pop("first", False):
            raise Broken("this one does not work")
        return connect(system_)

    assert again.do_due(house, sometimes) == 1

"""What was kept for a time goes on its day only while it is the person's, and nobody wants it kept."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from lofte.consent.restrict import restrict
from lofte.datamap.document import DataMap, Kind
from lofte.datamap.identity import Identity
from lofte.errors import Conflict, Refused, Unreachable
from lofte.execution import book
from lofte.plan.holds import HoldKind
from lofte.plan.restriction import Ground
from lofte.requests.erasure import doubted, erase_system, holds
from lofte.requests.erasure import later as later_
from lofte.requests.erasure.erase import erase
from lofte.requests.erasure.later import due_later, erase_later
from lofte.requests.models import Deferral, DeferredIdentity, Erasure
from tests.erase.conftest import BERTIL, asks, customer, dump
from tests.erase.small import (
    PERSONS,
    POLICY,
    TECHNICAL,
    Small,
    dataset,
    field,
    number,
    persons,
    reference,
    system,
)

CLOSED = 32
ENDS = date(2026, 12, 1)


def mail(value):
    return Identity(kind=Kind.EMAIL, value=value)


def in_house(fjordhem, small):
    return dataclasses.replace(fjordhem, policy=POLICY, datamap=DataMap(systems=(small.map,)))


def later(house, small, clock, day):
    clock.now = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    assert erase_later(house, lambda _: small.connector()) == ()


@pytest.fixture
def letters(fjordhem, store, any_empty):
    """Anna has a contract that runs, and a letter; Bo's contract ends soon."""
    m = sa.MetaData()
    persons(m, sa.Column("ended", sa.Date))
    sa.Table("letters", m, sa.Column("id", sa.Integer, primary_key=True),
        number("p", sa.ForeignKey("persons.id")), sa.Column("note", sa.String(20)),
        sa.Column("ended", sa.Date))  # fmt: skip
    ends = {"contract.end": {"column": "ended"}}
    map_ = system(
        persons=PERSONS
        | {
            "fields": PERSONS["fields"] | {"ended": TECHNICAL},
            "purposes": ["sell", "serve"],
            "anchors": ends,
        },
        letters=dataset(
            [reference(["p"], "persons")],
            {"p": TECHNICAL, "note": field(), "ended": TECHNICAL},
            purposes=["sell"],
            anchors=ends,
        ),
    )
    small = Small(any_empty, m, map_)
    small.put("persons", {"id": 1, "email": "a@x.example"}, {"id": 2, "email": "b@x.example", "ended": ENDS})
    small.put("letters", {"id": 1, "p": 1, "note": "anna"})
    house = in_house(fjordhem, small)
    erase(house, [asks(house, mail("a@x.example"))], lambda _: small.connector())
    yield house, small
    small.close()


def test_a_key_that_was_given_to_somebody_elses_row_takes_nothing_from_them(letters, clock):
    house, small = letters
    small.run("delete from letters")
    small.run("insert into letters (id, p, note, ended) values (1, 2, 'bo', '2026-12-01')")
    later(house, small, clock, clock.now.date().replace(year=2027))
    assert [row[:3] for row in small.rows("letters")] == [(1, 2, "bo")]
    assert not Deferral.objects.filter(dataset="letters", done_at=None).exists()
    left = Erasure.objects.get(dataset="letters", ground="changed_hands")
    assert (left.verb, left.rows) == ("keep", 1)


def test_a_person_whose_key_was_given_to_another_is_told_apart(letters, clock):
    house, small = letters
    small.run("delete from letters")
    small.run("delete from persons where id = 1")
    small.run("insert into persons (id, email, ended) values (1, 'c@x.example', '2026-12-01')")
    later(house, small, clock, clock.now.date().replace(year=2027))
    assert (1, "c@x.example", ENDS) in small.rows("persons")
    # It may be the same person with a new address, too: somebody must say it.
    (row,) = Deferral.objects.filter(done_at=None)
    assert row.dataset == "persons" and row.due_on > clock.now.date()
    doubted.settle(house, row.request.number, _, doubted.Whose.ANOTHERS, by=BERTIL)
    later(house, small, clock, row.due_on)
    assert (1, "c@x.example", ENDS) in small.rows("persons")
    assert not Deferral.objects.filter(done_at=None).exists()
    assert not DeferredIdentity.objects.exists()


def _(system):
    raise Unreachable("nobody need ask it")


@pytest.fixture
def moved(letters, clock):
    """Anna has a new address, and her contract has ended; nothing else tells her."""
    house, small = letters
    small.run("delete from letters")
    small.run("update persons set email = 'anna.ny@x.example', ended = '2026-12-01' where id = 1")
    later(house, small, clock, clock.now.date().replace(year=2027))
    return house, small


def test_who_has_changed_their_address_is_not_forgotten(moved, clock):
    house, small = moved
    (found,) = doubted.waiting(house)
    assert (found.system, found.dataset, found.key) == ("small", "persons", ("1",))
    assert Erasure.objects.get(ground="in_doubt").rows == 1
    row = Deferral.objects.get(done_at=None)
    later(house, small, clock, row.due_on)  # and is told once
    assert Erasure.objects.filter(ground="in_doubt").count() == 1 and doubted.waiting(house) == (found,)
    assert len(small.rows("persons")) == 2


def test_what_somebody_says_is_the_persons_still_goes(moved, clock):
    house, small = moved
    (found,) = doubted.waiting(house)
    with pytest.raises(Refused):
        doubted.settle(house, found.number, _, doubted.Whose.THEIRS, by="")
    connect = lambda _: small.connector()  # noqa: E731
    assert doubted.settle(house, found.number, connect, doubted.Whose.THEIRS, by=BERTIL) == 1
    assert doubted.waiting(house) == ()
    assert erase_later(house, connect) == ()
    assert [row[0] for row in small.rows("persons")] == [2]
    assert not Deferral.objects.filter(done_at=None).exists()
    said = [payload for entry, payload in book.opened() if entry.kind == "doubt.settled"]
    assert said == [{"target": "small", "rows": 1, "whose": "theirs", "by": BERTIL}]


def test_what_tells_again_what_it_told_goes_by_itself(moved, clock):
    house, small = moved
    small.run("update persons set email = 'a@x.example' where id = 1")
    later(house, small, clock, Deferral.objects.get(done_at=None).due_on)
    assert [row[0] for row in small.rows("persons")] == [2] and doubted.waiting(house) == ()


def test_what_is_still_theirs_goes_when_the_contract_has_ended(letters, clock):
    house, small = letters
    small.run("update letters set ended = '2026-12-01'")
    small.run("update persons set ended = '2026-12-01' where id = 1")
    later(house, small, clock, clock.now.date().replace(year=2027))
    assert small.rows("letters") == [] and [row[0] for row in small.rows("persons")] == [2]


@pytest.mark.parametrize("shared", ["unlink", "delete", "keep"])
def test_a_shared_row_that_a_law_kept_lets_the_person_go_on_its_day(fjordhem, store, tmp_path, clock, shared):
    m = sa.MetaData()
    persons(m)
    sa.Table("orders", m, number(), number("a", sa.ForeignKey("persons.id")),
        number("b", sa.ForeignKey("persons.id")), sa.Column("note", sa.String(80)),
        sa.Column("fy", sa.Date))  # fmt: skip
    map_ = system(
        persons=PERSONS,
        orders=dataset(
            [reference(["a"], "persons"), reference(["b"], "persons")],
            {"a": TECHNICAL, "b": TECHNICAL, "note": field("books"), "fy": TECHNICAL},
            purposes=["keep_books"],
            shared=shared,
            anchors={"fiscal_year.end": {"column": "fy"}},
        ),
    )
    small = Small(f"sqlite:///{tmp_path}/shared.db", m, map_)
    small.put("persons", {"id": 1, "email": "a@x.example"}, {"id": 2, "email": "b@x.example"})
    small.put("orders", {"id": 1, "a": 1, "b": 2, "note": "two chairs", "fy": date(2025, 12, 31)})
    house = in_house(fjordhem, small)
    erase(house, [asks(house, mail("a@x.example"))], lambda _: small.connector())
    assert {each.dataset for each in Deferral.objects.all()} == {"persons", "orders"}
    later(house, small, clock, date(2033, 1, 2))
    orders = [row[:4] for row in small.rows("orders")]
    assert (
        orders
        == {
            "unlink": [(1, None, 2, "two chairs")],
            "delete": [],
            "keep": [(1, 1, 2, "two chairs")],
        }[shared]
    )
    assert (2, "b@x.example") in small.rows("persons")
    assert ((1, None) in small.rows("persons")) == (shared == "keep")
    assert not Deferral.objects.filter(dataset="orders", done_at=None).exists()


@pytest.fixture
def waiting(fjordhem, world, store, connect, clock, hosting_url):
    """The first day on which something goes of a customer who showed their number only."""
    engine = sa.create_engine(hosting_url)
    with engine.begin() as db:
        db.execute(sa.text("delete from http_requests"))
    engine.dispose()
    erase(fjordhem, [asks(fjordhem, customer(world, CLOSED))], connect)
    first = Deferral.objects.order_by("due_on").first().due_on
    clock.now = datetime(first.year, first.month, first.day, 9, tzinfo=UTC)
    return mail(world.rows["customers"][CLOSED - 1]["email"].lower())


def test_a_hold_on_an_identity_that_only_the_system_knew_keeps_the_rows(
    waiting, fjordhem, connect, hosting_url
):
    before = dump(hosting_url)
    holds.place(
        fjordhem, kind=HoldKind.LEGAL_CLAIM, identities=[waiting], case="T 9-30",
        review_on=date(fjordhem.today.year + 1, 1, 1), why="tvist", by=BERTIL,
    )  # fmt: skip
    assert erase_later(fjordhem, connect) == ()
    assert dump(hosting_url) == before
    holds.lift(fjordhem, holds.all_standing(fjordhem)[0].hold.ref, why="förlikning", by=BERTIL)
    assert due_later(fjordhem.now)
    assert erase_later(fjordhem, connect) == ()
    assert dump(hosting_url) != before


def test_a_restriction_on_an_identity_that_only_the_system_knew_keeps_the_rows(
    waiting, fjordhem, connect, hosting_url
):
    before = dump(hosting_url)
    restrict(fjordhem, [waiting], Ground.CLAIM)
    assert erase_later(fjordhem, connect) == ()
    assert dump(hosting_url) == before


def test_a_hold_that_comes_before_the_fate_is_written_down_wins(fjordhem, store, tmp_path, monkeypatch):
    m = sa.MetaData()
    persons(m)
    small = Small(f"sqlite:///{tmp_path}/window.db", m, system(persons=PERSONS))
    small.put("persons", {"id": 1, "email": "a@x.example"})
    house = in_house(fjordhem, small)
    real = erase_system.foretell

    def held_meanwhile(*about, **more):
        holds.place(
            house, kind=HoldKind.LEGAL_CLAIM, identities=[mail("a@x.example")], case="T 1",
            review_on=date(2027, 1, 1), why="tvist", by=BERTIL,
        )  # fmt: skip
        return real(*about, **more)

    monkeypatch.setattr(erase_system, "foretell", held_meanwhile)
    erase(house, [asks(house, mail("a@x.example"))], lambda _: small.connector())
    assert small.rows("persons") == [(1, "a@x.example")]


def test_a_hold_stands_for_what_the_systems_know_the_person_by(fjordhem, world, store, connect):
    about = {
        "kind": HoldKind.LEGAL_CLAIM, "identities": [customer(world, CLOSED)], "case": "T 2",
        "review_on": date(2027, 1, 1), "why": "tvist", "by": BERTIL,
    }  # fmt: skip

    def silent(system):
        raise Unreachable("down")

    address = mail(world.rows["customers"][CLOSED - 1]["email"].lower())
    with pytest.raises(Unreachable):
        holds.place(fjordhem, **about, connect=silent)
    (placed,) = holds.standing(fjordhem, {0: about["identities"]})[0]
    assert holds.standing(fjordhem, {0: [address]}) == {}
    assert holds.place(fjordhem, **about, connect=connect).ref == placed.ref
    assert holds.standing(fjordhem, {0: [address]})[0][0].ref == placed.ref
    assert holds.place(fjordhem, **about).ref == placed.ref


def test_a_hold_that_comes_on_the_day_itself_wins(waiting, fjordhem, connect, hosting_url, monkeypatch):
    before = dump(hosting_url)
    real = later_.foretell

    def held_meanwhile(*about, **more):
        holds.place(
            fjordhem, kind=HoldKind.LEGAL_CLAIM, identities=[waiting], case="T 1",
            review_on=date(fjordhem.today.year + 1, 1, 1), why="tvist", by=BERTIL,
        )  # fmt: skip
        return real(*about, **more)

    monkeypatch.setattr(later_, "foretell", held_meanwhile)
    (failure, *_) = erase_later(fjordhem, connect)
    assert isinstance(failure.error, Conflict) and dump(hosting_url) == before

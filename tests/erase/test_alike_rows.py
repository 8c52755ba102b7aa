"""Rows that differ in nothing but their keys are judged as one, and go one by one."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from lofte.connectors.sql import fact_rows
from lofte.datamap.document import DataMap
from lofte.errors import Broken, Conflict
from lofte.plan import erase, preview
from lofte.plan.records import Verb
from tests.erase.small import (
    ON,
    PERSONS,
    POLICY,
    TECHNICAL,
    Small,
    dataset,
    field,
    number,
    persons,
    points,
    reference,
    subjects,
    system,
    text,
)

ANNA, OTHER = "anna@kund.example", "bo@kund.example"
ANNAS, OTHERS = (1, 2, 3), (4, 5)


@pytest.fixture
def small(any_empty):
    """Two persons, each with notes that are alike, and with lines of an order that a law keeps."""
    m = sa.MetaData()
    persons(m)
    sa.Table("notes", m, number(), points("person", "persons.id"), text("words"))
    sa.Table("orders", m, number(), points("person", "persons.id"), sa.Column("made", sa.Date))
    sa.Table("lines", m, number(), points("order_", "orders.id"), text("words"))
    books = {"purposes": ["keep_books"]}
    map_ = system(
        persons=PERSONS,
        notes=dataset([reference("person", "persons")], {"person": TECHNICAL, "words": field()}),
        orders=dataset(
            [reference("person", "persons")],
            {"person": TECHNICAL, "made": field("books", erase="keep", law="BFL-7-2")},
            anchors={"fiscal_year.end": {"column": "made", "fiscal_year": True}},
            **books,
        ),
        lines=dataset([reference("order_", "orders")], {"order_": TECHNICAL, "words": field()}, **books),
    )
    made = Small(any_empty, m, map_)
    made.put_all("persons", [{"id": 1, "email": ANNA}, {"id": 2, "email": OTHER}])
    made.put_all("notes", [{"id": n, "person": 1 if n in ANNAS else 2, "words": "ord"} for n in range(1, 6)])
    made.put_all("orders", [{"id": 1, "person": 1, "made": date(2024, 1, 1)}])
    made.put_all("lines", [{"id": n, "order_": 1, "words": "en rad"} for n in (1, 2)])
    yield made
    made.close()


def planned(session, small, *emails, together=True):
    """The facts, and the plan of them."""
    whom = subjects(*emails)
    facts = session.facts(whom, ON, together=together)
    return facts, erase.plan(POLICY, DataMap(systems=(small.map,)), facts, whom, ON)


def notes(small):
    return [row[0] for row in small.rows("notes")]


def test_rows_that_differ_in_their_keys_alone_are_one_fact(small):
    connector = small.connector()
    try:
        with connector.acting() as session:
            facts, plan = planned(session, small, ANNA, OTHER)
            told = {f.subjects: sorted(f.keys) for f in facts.rows if f.at.dataset == "notes"}
    finally:
        connector.close()
    assert told == {frozenset((0,)): [("1",), ("2",), ("3",)], frozenset((1,)): [("4",), ("5",)]}
    assert plan.counts()["notes", Verb.DELETE] == 5


def test_the_plan_is_the_same_as_of_each_row_by_itself(small):
    connector = small.connector()
    try:
        with connector.acting() as session:
            (_, alike), (_, apart) = (planned(session, small, ANNA, OTHER, together=t) for t in (True, False))
    finally:
        connector.close()
    assert alike.digest == apart.digest and alike.counts() == apart.counts()
    ours, theirs = (preview.by_person(plan) for plan in (alike, apart))
    for n in (0, 1):
        assert preview.digest(alike, ours[n]) == preview.digest(apart, theirs[n])
        assert preview.lines("main", ours[n]) == preview.lines("main", theirs[n])
        assert preview.taken(ours[n]) == preview.taken(theirs[n])


def test_what_a_law_keeps_is_told_row_by_row(small):
    connector = small.connector()
    try:
        with connector.acting() as session:
            _, plan = planned(session, small, ANNA)
    finally:
        connector.close()
    kept = [v for v in plan.verdicts if v.fact.at.dataset == "lines"]
    assert [(v.fact.keys, v.fact.fellows) for v in kept] == [((("1",),), ()), ((("2",),), ())]
    assert all(v.verb is not Verb.DELETE for v in kept)


def test_all_of_them_go_and_are_handed_over_whole(small):
    handed = []
    connector = small.connector()
    try:
        with connector.acting() as session:
            _, plan = planned(session, small, ANNA)
            done = session.act(plan, lambda at, _, rows, __: handed.extend((at.dataset, row) for row in rows))
    finally:
        connector.close()
    assert sorted(row for id_, row in handed if id_ == "notes") == [(n, 1, "ord") for n in ANNAS]
    assert {d.at.dataset: d.rows for d in done.done if d.verb is Verb.DELETE}["notes"] == len(ANNAS)
    assert notes(small) == [*OTHERS]


@pytest.mark.parametrize("since", ["update notes set person = 2 where", "delete from notes where"])
def test_one_of_them_that_is_not_as_it_was_stops_everything(small, since):
    connector = small.connector()
    try:
        with connector.session() as session:
            _, plan = planned(session, small, ANNA)
        small.run(f"{since} id = 3")
        before = small.rows("notes")
        with pytest.raises((Broken, Conflict)), connector.acting() as session:
            session.act(plan, lambda *_: None)
    finally:
        connector.close()
    assert small.rows("notes") == before


def test_rows_told_as_one_that_are_not_alike_stop_everything(small, monkeypatch):
    right = fact_rows.Maker.groups

    def groups(self, find, index, rows):
        found = list(right(self, find, index, rows))
        yield [row for same, _ in found for row in same], found[0][1]

    monkeypatch.setattr(fact_rows.Maker, "groups", groups)
    before, connector = small.rows("notes"), small.connector()
    try:
        with connector.session() as session:
            _, plan = planned(session, small, ANNA, OTHER)
        with pytest.raises(Conflict), connector.acting() as session:
            session.act(plan, lambda *_: None)
    finally:
        connector.close()
    assert small.rows("notes") == before

"""Rows are handed over whole before anything is made lasting, however a database gives them."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from lofte.connectors.sql import writing
from lofte.datamap.document import DataMap
from lofte.errors import Conflict, Refused
from lofte.plan import erase
from tests.erase.small import (
    ON,
    PERSONS,
    POLICY,
    Small,
    dataset,
    field,
    number,
    persons,
    reference,
    subjects,
    system,
    text,
)

ANNA = "anna@kund.example"


@pytest.fixture
def small(any_url):
    with made(any_url) as found:
        yield found


@contextmanager
def made(url):
    m = sa.MetaData()
    persons(m)
    sa.Table("notes", m, number(), number("person", sa.ForeignKey("persons.id")), text("words"))
    notes = dataset([reference("person", "persons")], {"person": {"technical": True}, "words": field()})
    found = Small(url, m, system(persons=PERSONS, notes=notes))
    found.put("persons", {"id": 1, "email": ANNA}, {"id": 2, "email": "eva@kund.example"})
    found.put("notes", {"id": 1, "person": 1, "words": "å'\"%s"}, {"id": 2, "person": 2, "words": "-"})
    try:
        yield found
    finally:
        found.close()


def acted(small, plan, keep, kept=None):
    connector = small.connector()
    try:
        with connector.acting() as session:
            session.act(plan, keep, kept)
    finally:
        connector.close()


def test_every_row_that_goes_is_handed_over_as_it_stood(small):
    rows = {}
    acted(small, small.plan(ANNA), lambda at, _, some, changes: rows.setdefault(at.dataset, []).extend(some))
    assert rows == {"persons": [(1, ANNA)], "notes": [(1, 1, "å'\"%s")]}
    assert [row[0] for row in small.rows("persons")] == [row[0] for row in small.rows("notes")] == [2]


@pytest.mark.parametrize("settled", [False, True])
def test_what_cannot_be_kept_is_not_erased(small, settled):
    def refuse(*_):
        raise Refused("the disk is full")

    plan, before = small.plan(ANNA), (small.rows("persons"), small.rows("notes"))
    keep, kept = (lambda *_: None, refuse) if settled else (refuse, None)
    with pytest.raises(Refused):
        acted(small, plan, keep, kept)
    assert (small.rows("persons"), small.rows("notes")) == before


def test_a_row_that_has_come_to_be_another_s_stops_everything(small):
    plan = small.plan(ANNA)
    small.run("update notes set person = 2 where id = 1")
    with pytest.raises(Conflict):
        acted(small, plan, lambda *_: None)
    assert len(small.rows("persons")) == len(small.rows("notes")) == 2


def test_the_plan_and_the_act_of_one_transaction_see_the_same_rows(small):
    connector = small.connector()
    try:
        with connector.acting() as session:
            facts = session.facts(subjects(ANNA), ON)
            plan = erase.plan(POLICY, DataMap(systems=(small.map,)), facts, subjects(ANNA), ON)
            assert session.act(plan, lambda *_: None).rows() == 2
    finally:
        connector.close()


@pytest.mark.parametrize("lost", [0, 1])
@pytest.mark.postgres
def test_a_row_that_went_and_was_not_given_undoes_everything(postgres_url, monkeypatch, lost):
    right = writing._ran

    def ran(statement, cursor):
        done = right(statement, cursor)
        return writing.Ran(done.rows, done.given[lost:] if statement.given is not None else done.given)

    with made(postgres_url) as small:
        plan, kept = small.plan(ANNA), []
        monkeypatch.setattr(writing, "_ran", ran)
        if lost:
            with pytest.raises(Conflict):
                acted(small, plan, lambda *said: kept.append(said))
            assert len(small.rows("persons")) == len(small.rows("notes")) == 2
            assert not kept
        else:
            acted(small, plan, lambda *said: kept.append(said))
            assert len(kept) == 2

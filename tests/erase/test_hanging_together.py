"""Rows that hang together in less common ways, on every database."""

from __future__ import annotations

import json
from datetime import date

import pytest
import sqlalchemy as sa

from lofte.errors import FaultsFound
from lofte.plan.records import Verb
from tests.erase.small import (
    ANNA,
    EVA,
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


def verbs(plan):
    return {(v.fact.at.dataset, v.fact.key[0]): v.verb for v in plan.verdicts}


def test_rows_that_point_at_each_other_in_one_table_and_may_not_stop_go_together(make):
    m = sa.MetaData()
    persons(m)
    sa.Table(
        "pairs", m, number(), points("person", "persons.id"), points("other", "pairs.id", nullable=False)
    )
    small = make(
        m,
        system(
            persons=PERSONS,
            pairs=dataset([reference("person", "persons")], {"person": TECHNICAL, "other": TECHNICAL}),
        ),
    )
    small.put("pairs", {"id": 1, "person": 1, "other": 1}, {"id": 3, "person": 2, "other": 3})
    small.put("pairs", {"id": 2, "person": 1, "other": 1})
    small.run("update pairs set other = 2 where id = 1")
    small.erase(ANNA)
    assert small.rows("pairs") == [(3, 2, 3)] and small.rows("persons") == [(2, EVA)]


def crossing(make):
    """Two tables that point at each other, and no link may be empty."""
    m = sa.MetaData()
    persons(m)
    sa.Table("a", m, number(), points("person", "persons.id"),
             sa.Column("b", sa.Integer, sa.ForeignKey("b.id", use_alter=True, name="a_b")))  # fmt: skip
    sa.Table("b", m, number(), points("person", "persons.id"), points("a", "a.id"))
    small = make(
        m,
        system(
            persons=PERSONS,
            a=dataset([reference("person", "persons")], {"person": TECHNICAL, "b": TECHNICAL}),
            b=dataset([reference("person", "persons")], {"person": TECHNICAL, "a": TECHNICAL}),
        ),
    )
    small.put("a", {"id": 1, "person": 1})
    small.put("b", {"id": 1, "person": 1, "a": 1})
    small.put("a", {"id": 2, "person": 1, "b": 1})
    small.put("b", {"id": 2, "person": 1, "a": 2})
    return small


def stiff(facts):
    """The same, as if no link could be empty."""
    from dataclasses import replace

    return replace(facts, ties=tuple(replace(tie, nullable=False) for tie in facts.ties))


def planned(small, facts):
    from lofte.datamap.document import DataMap
    from lofte.plan import erase
    from tests.erase.small import ON

    return erase.plan(POLICY, DataMap(systems=(small.map,)), facts, subjects(ANNA), ON)


def facts_of(small):
    from tests.erase.small import ON

    connector = small.connector()
    try:
        with connector.session() as session:
            return session.facts(subjects(ANNA), ON)
    finally:
        connector.close()


def test_rows_go_one_after_the_other_where_only_their_tables_are_in_a_ring(make):
    small = crossing(make)
    plan = planned(small, stiff(facts_of(small)))
    assert {act.verb for act in plan.acts} == {Verb.DELETE}
    small.carry_out(plan)
    assert small.rows("a") == [] and small.rows("b") == [] and small.rows("persons") == [(2, EVA)]


def test_rows_in_a_ring_of_two_tables_that_may_not_stop_are_a_fault(make):
    small = crossing(make)
    small.run("update a set b = 2 where id = 1")
    with pytest.raises(FaultsFound) as found:
        planned(small, stiff(facts_of(small)))
    assert [fault.number for fault in found.value.faults] == ["X103"]


def test_a_row_without_a_date_is_kept_as_long_as_any_of_those_it_points_at(make):
    m = sa.MetaData()
    persons(m)
    law = {"erase": "keep", "law": "BFL-7-2"}
    for name in ("orders", "invoices"):
        sa.Table(name, m, number(), points("person", "persons.id"), sa.Column("made", sa.Date))
    sa.Table("slips", m, number(), points("order", "orders.id"), points("invoice", "invoices.id"))
    parent = dataset(
        [reference("person", "persons")],
        {"person": TECHNICAL, "made": field("books", **law)},
        purposes=["keep_books"],
        anchors={"fiscal_year.end": {"column": "made", "fiscal_year": True}},
    )
    small = make(
        m,
        system(
            persons=PERSONS,
            orders=parent,
            invoices=parent,
            slips=dataset(
                [reference("order", "orders"), reference("invoice", "invoices")],
                {"order": TECHNICAL, "invoice": TECHNICAL},
                purposes=["keep_books"],
            ),
        ),
    )
    small.put(
        "orders",
        {"id": 1, "person": 1, "made": date(2019, 5, 1)},
        {"id": 2, "person": 1, "made": date(2024, 5, 1)},
    )
    small.put(
        "invoices",
        {"id": 1, "person": 1, "made": date(2023, 5, 1)},
        {"id": 2, "person": 1, "made": date(2019, 5, 1)},
    )
    small.put("slips", {"id": 1, "order": 1, "invoice": 1}, {"id": 2, "order": 2, "invoice": 2})
    until = {v.fact.key[0]: v.until for v in small.plan(ANNA).verdicts if v.fact.at.dataset == "slips"}
    assert until == {"1": date(2030, 12, 31), "2": date(2031, 12, 31)}


def test_the_law_that_keeps_a_row_is_that_of_the_rules_its_dataset_follows(make):
    document = POLICY.model_dump(mode="json", by_alias=True, exclude_unset=True)
    document["purposes"]["keep_books"]["retention"] = ["papers", "books"]
    document["retention"]["papers"] = {
        "keep_until": "row.made + P24M", "action": "delete", "law": "ABL-7-1",
    }  # fmt: skip
    policy = type(POLICY).model_validate(document)
    m = sa.MetaData()
    persons(m)
    sa.Table("invoices", m, number(), points("person", "persons.id"), sa.Column("made", sa.Date))
    small = make(
        m,
        system(
            persons=PERSONS,
            invoices=dataset(
                [reference("person", "persons")],
                {"person": TECHNICAL, "made": field("books", erase="keep", law="BFL-7-2")},
                purposes=["keep_books"],
                retention=["books"],
                anchors={"fiscal_year.end": {"column": "made", "fiscal_year": True}},
            ),
        ),
    )
    small.put("invoices", {"id": 1, "person": 1, "made": date(2024, 5, 1)})
    (kept,) = [v for v in small.plan(ANNA, policy=policy).verdicts if v.fact.at.dataset == "invoices"]
    assert kept.ground == "BFL-7-2"


def test_both_places_of_a_json_column_are_emptied(make):
    m = sa.MetaData()
    persons(m)
    sa.Table("threads", m, number(), sa.Column("data", sa.JSON))
    place = {"by": "json", "column": "data"}
    small = make(
        m,
        system(
            persons=PERSONS,
            threads=dataset(
                [
                    {**place, "at": ["owner"], "to": "persons"},
                    {**place, "at": ["mail"], "kind": "email"},
                    {**place, "at": ["copy"], "kind": "email"},
                ],
                {"data": field()},
                shared="unlink",
            ),
        ),
    )
    small.put("threads", {"id": 1, "data": {"owner": 1, "mail": ANNA, "copy": EVA, "n": 1}})
    small.erase(ANNA)
    ((_, data),) = small.rows("threads")
    data = json.loads(data) if isinstance(data, str) else data
    assert data == {"owner": None, "mail": None, "copy": EVA, "n": 1}


@pytest.mark.mariadb
def test_a_key_of_text_that_the_database_takes_for_another_holds_the_row_it_points_at():
    """`anna` is `Anna` to a foreign key where the collation is blind to capitals."""
    from tests.services import mariadb_database

    m = sa.MetaData()
    persons(m)
    sa.Table("accounts", m, text("code", primary_key=True), points("person", "persons.id"))
    sa.Table("stamps", m, number(), text("account", sa.ForeignKey("accounts.code")))
    map_ = system(
        persons=PERSONS,
        accounts={
            **dataset([reference("person", "persons")], {"person": TECHNICAL, "code": field()}),
            "key": "code",
            "fields": {"person": TECHNICAL, "code": field()},
        },
    )
    with mariadb_database() as url:
        small = Small(url, m, map_)
        small.put("persons", {"id": 1, "email": ANNA}, {"id": 2, "email": EVA})
        small.put("accounts", {"code": "Anna", "person": 1}, {"code": "Bo", "person": 1})
        small.put("stamps", {"id": 1, "account": "anna"})
        plan = small.erase(ANNA)
        assert verbs(plan)["accounts", "Anna"] is not Verb.DELETE
        assert verbs(plan)["accounts", "Bo"] is Verb.DELETE
        assert small.rows("accounts") == [("Anna", 1)] and small.rows("stamps") == [(1, "anna")]
        small.close()


@pytest.mark.mariadb
def test_a_row_that_points_by_other_capitals_goes_with_the_row_it_points_at():
    from tests.services import mariadb_database

    m = sa.MetaData()
    persons(m)
    sa.Table("accounts", m, text("code", primary_key=True), points("person", "persons.id"))
    sa.Table(
        "stamps", m, number(), points("person", "persons.id"), text("account", sa.ForeignKey("accounts.code"))
    )
    mine = [reference("person", "persons")]
    map_ = system(
        persons=PERSONS,
        accounts={
            **dataset(mine, {"person": TECHNICAL}),
            "key": "code",
            "fields": {"person": TECHNICAL, "code": field()},
        },
        stamps=dataset(mine, {"person": TECHNICAL, "account": field()}),
    )
    with mariadb_database() as url:
        small = Small(url, m, map_)
        small.put("persons", {"id": 1, "email": ANNA}, {"id": 2, "email": EVA})
        small.put("accounts", {"code": "Anna", "person": 1})
        small.put("stamps", {"id": 1, "person": 1, "account": "ANNA"})
        small.erase(ANNA)
        assert small.rows("accounts") == [] and small.rows("stamps") == []
        assert small.rows("persons") == [(2, EVA)]
        small.close()


def test_whose_a_row_is_that_refers_to_its_own_table_is_asked_of_the_rows_above_it_alone(tmp_path):
    from tests.services import sqlite_database

    m = sa.MetaData()
    persons(m)
    sa.Table("replies", m, number(), points("person", "persons.id"), points("parent", "replies.id"))
    map_ = system(
        persons=PERSONS,
        replies=dataset(
            [reference("person", "persons"), reference("parent", "replies")],
            {"person": TECHNICAL, "parent": TECHNICAL},
        ),
    )
    small = Small(sqlite_database(tmp_path), m, map_)
    small.put("persons", {"id": 1, "email": ANNA}, {"id": 2, "email": EVA})
    small.put("replies", {"id": 1, "person": 2}, {"id": 2, "person": 1, "parent": 1}, {"id": 3, "parent": 2})
    connector = small.connector()
    shapes = connector._fact_shapes()
    owners = shapes.datasets["replies"].owners
    with sa.create_engine(small.url).connect() as db:
        plan = db.exec_driver_sql(
            "explain query plan " + owners.stream.sql, owners.stream.bind({"found": "[2]"})
        )
        steps = [row[3] for row in plan]
    # Every table is searched by a key; only the keys that were asked, and those above, are gone through.
    assert [step for step in steps if step.startswith("SCAN t")] == []
    others = {
        v.fact.key[0]: v.fact.others for v in small.plan(ANNA).verdicts if v.fact.at.dataset == "replies"
    }
    assert others == {"2": True, "3": True}
    connector.close()
    small.close()

"""The rules of erasure, each on a small world of its own, on every database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from lofte.errors import Conflict, FaultsFound
from lofte.plan.holds import Hold, HoldKind
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
    system,
    text,
)


def verbs(plan) -> dict[tuple[str, str], Verb]:
    return {(v.fact.at.dataset, v.fact.key[0]): v.verb for v in plan.verdicts}


# -- rows and references ------------------------------------------------------------------------------


def test_a_person_and_what_points_at_them_go_and_nobody_else(make):
    m = sa.MetaData()
    persons(m)
    sa.Table("orders", m, number(), points("person", "persons.id"))
    sa.Table("lines", m, number(), points("order_id", "orders.id"))
    small = make(
        m,
        system(
            persons=PERSONS,
            orders=dataset([reference("person", "persons")], {"person": TECHNICAL}),
            lines=dataset([reference("order_id", "orders")], {"order_id": TECHNICAL}),
        ),
    )
    small.put("orders", {"id": 10, "person": 1}, {"id": 11, "person": 2})
    small.put("lines", {"id": 100, "order_id": 10}, {"id": 101, "order_id": 11})
    plan = small.erase(ANNA)
    assert small.rows("persons") == [(2, EVA)]
    assert small.rows("orders") == [(11, 2)]
    assert small.rows("lines") == [(101, 11)]
    assert [a.at.dataset for a in plan.acts] == ["lines", "orders", "persons"]
    assert small.kept == [(a.at, 1, ()) for a in sorted(plan.acts, key=lambda a: a.at.dataset)]


def test_erasing_twice_is_erasing_once(make):
    m = sa.MetaData()
    persons(m)
    small = make(m, system(persons=PERSONS))
    small.erase(ANNA)
    again = small.plan(ANNA)
    assert again.acts == ()
    assert small.carry_out(again).rows() == 0
    assert small.rows("persons") == [(2, EVA)]


def test_an_address_that_two_share_stays_for_the_other(any_empty):
    m = sa.MetaData()
    sa.Table("addresses", m, number(), text("street"))
    persons(m, points("address", "addresses.id"))
    map_ = system(
        persons={**PERSONS, "fields": {**PERSONS["fields"], "address": TECHNICAL}},
        addresses=dataset([reference("id", "persons", keys="address")], {"street": field()}),
    )
    small = Small(any_empty, m, map_)
    small.put("addresses", {"id": 5, "street": "Storgatan 1"}, {"id": 6, "street": "Annas väg"})
    small.put("persons", {"id": 1, "email": ANNA, "address": 5}, {"id": 2, "email": EVA, "address": 5})
    small.erase(ANNA)
    assert small.rows("addresses") == [(5, "Storgatan 1"), (6, "Annas väg")]
    small.erase(EVA)
    assert small.rows("addresses") == [(6, "Annas väg")]
    small.close()


def shared(make, how: str | None, **column: Any) -> Small:
    m = sa.MetaData()
    persons(m)
    sa.Table("threads", m, number(), points("person", "persons.id", **column), text("other"), text("who"))
    more = {"shared": how} if how else {}
    return make(
        m,
        system(
            persons=PERSONS,
            threads=dataset(
                [
                    reference("person", "persons"),
                    {"by": "identity", "column": "other", "kind": "email", "beside": "who"},
                ],
                {"person": TECHNICAL, "other": field(identity="email"), "who": field()},
                **more,
            ),
        ),
    )


@pytest.mark.parametrize("how", [None, "unlink"])
def test_a_shared_row_is_cut_loose_from_the_one_who_goes(make, how):
    small = shared(make, how)
    small.put("threads", {"id": 1, "person": 1, "other": EVA, "who": "Eva"})
    small.erase(ANNA)
    assert small.rows("threads") == [(1, None, EVA, "Eva")]


def test_what_stands_beside_the_identity_goes_with_it(make):
    small = shared(make, "unlink")
    small.put("threads", {"id": 1, "person": 1, "other": EVA, "who": "Eva"})
    small.erase(EVA)
    assert small.rows("threads") == [(1, 1, None, None)]


def test_a_shared_row_goes_when_the_map_says_so(make):
    small = shared(make, "delete")
    small.put("threads", {"id": 1, "person": 1, "other": EVA, "who": "Eva"})
    small.erase(ANNA)
    assert small.rows("threads") == []


def test_a_shared_row_that_is_kept_keeps_whom_it_points_at(make):
    small = shared(make, "keep")
    small.put("threads", {"id": 1, "person": 1, "other": EVA, "who": "Eva"})
    plan = small.erase(ANNA)
    assert small.rows("threads") == [(1, 1, EVA, "Eva")]
    assert small.rows("persons") == [(1, None), (2, EVA)]
    assert verbs(plan) == {("persons", "1"): Verb.CHANGE, ("threads", "1"): Verb.KEEP}


def test_a_row_shared_by_two_who_both_go_goes(make):
    small = shared(make, "unlink")
    small.put("threads", {"id": 1, "person": 1, "other": EVA, "who": "Eva"})
    small.erase(ANNA, EVA)
    assert small.rows("threads") == [] and small.rows("persons") == []


def test_a_link_that_cannot_be_empty_keeps_a_minimised_parent(make):
    small = shared(make, "unlink", nullable=False)
    small.put("threads", {"id": 1, "person": 1, "other": EVA, "who": "Eva"})
    small.erase(ANNA)
    assert small.rows("persons") == [(1, None), (2, EVA)]
    assert small.rows("threads") == [(1, 1, EVA, "Eva")]


# -- law ----------------------------------------------------------------------------------------------


def books(make, made: date) -> Small:
    m = sa.MetaData()
    persons(m)
    sa.Table("invoices", m, number(), points("person", "persons.id"), sa.Column("made", sa.Date),
             sa.Column("total", sa.Integer), text("note"))  # fmt: skip
    sa.Table("rows_of", m, number(), points("invoice", "invoices.id"), text("what"))
    law = {"erase": "keep", "law": "BFL-7-2"}
    small = make(
        m,
        system(
            persons=PERSONS,
            invoices=dataset(
                [reference("person", "persons")],
                {
                    "person": TECHNICAL,
                    "made": field("books", **law),
                    "total": field("books", **law),
                    "note": field(),
                },
                purposes=["keep_books", "serve"],
                anchors={"fiscal_year.end": {"column": "made", "fiscal_year": True}, "row.made": "made"},
            ),
            rows_of=dataset(
                [reference("invoice", "invoices")],
                {"invoice": TECHNICAL, "what": field("books", **law)},
                purposes=["keep_books"],
            ),
        ),
    )
    small.put("invoices", {"id": 7, "person": 1, "made": made, "total": 100, "note": "ring Anna"})
    small.put("rows_of", {"id": 70, "invoice": 7, "what": "webb"})
    return small


def test_the_books_are_kept_and_minimised_to_what_the_law_needs(make):
    small = books(make, date(2020, 3, 1))
    plan = small.erase(ANNA)
    assert small.rows("invoices") == [(7, 1, date(2020, 3, 1), 100, None)]
    assert small.rows("rows_of") == [(70, 7, "webb")]
    assert small.rows("persons") == [(1, None), (2, EVA)]
    assert {(v.ground, v.until) for v in plan.verdicts} == {("BFL-7-2", date(2027, 12, 31))}
    assert {k.ground for k in plan.kept} == {"BFL-7-2"}


def test_a_row_that_a_law_and_a_running_contract_keep_says_both(make):
    m = sa.MetaData()
    persons(m)
    sa.Table("invoices", m, number(), points("person", "persons.id"), sa.Column("made", sa.Date),
             sa.Column("ends", sa.Date))  # fmt: skip
    small = make(
        m,
        system(
            persons=PERSONS,
            invoices=dataset(
                [reference("person", "persons")],
                {
                    "person": TECHNICAL,
                    "made": field("books", erase="keep", law="BFL-7-2"),
                    "ends": field("contact"),
                },
                purposes=["keep_books", "sell"],
                anchors={
                    "fiscal_year.end": {"column": "made", "fiscal_year": True},
                    "contract.end": "ends",
                },
            ),
        ),
    )
    small.put("invoices", {"id": 1, "person": 1, "made": date(2020, 5, 1), "ends": None})
    small.put("invoices", {"id": 2, "person": 1, "made": date(2020, 5, 1), "ends": date(2020, 6, 1)})
    told = {
        v.fact.key[0]: (v.ground, v.until)
        for v in small.plan(ANNA).verdicts
        if v.fact.at.dataset == "invoices"
    }
    assert told == {"1": ("BFL-7-2, sell", None), "2": ("BFL-7-2", date(2027, 12, 31))}


def test_books_whose_time_is_out_go_with_all_that_hangs_on_them(make):
    small = books(make, date(2018, 12, 31))
    small.erase(ANNA)
    assert small.rows("invoices") == [] and small.rows("rows_of") == []
    assert small.rows("persons") == [(2, EVA)]


def test_a_broken_financial_year_moves_the_day(make):
    small = books(make, date(2018, 9, 1))
    broken = POLICY.model_copy(
        update={"controller": POLICY.controller.model_copy(update={"fiscal_year_end": "06-30"})}
    )
    plan = small.plan(ANNA, policy=broken)
    assert {v.until for v in plan.verdicts} == {date(2026, 12, 31)}


# -- contracts and grounds --------------------------------------------------------------------------


def contract(make, ended: date | None) -> Small:
    m = sa.MetaData()
    persons(m)
    sa.Table("contracts", m, number(), points("person", "persons.id"), sa.Column("ended", sa.Date))
    small = make(
        m,
        system(
            persons={**PERSONS, "purposes": ["sell"]},
            contracts=dataset(
                [reference("person", "persons")],
                {"person": TECHNICAL, "ended": field()},
                purposes=["sell"],
                anchors={"contract.end": "ended"},
            ),
        ),
    )
    small.put("contracts", {"id": 1, "person": 1, "ended": ended})
    return small


def test_a_contract_that_runs_keeps_what_it_needs(make):
    small = contract(make, None)
    plan = small.erase(ANNA)
    assert small.rows("persons") == [(1, ANNA), (2, EVA)]
    assert {(v.verb, v.article) for v in plan.verdicts} == {(Verb.KEEP, "6.1.b")}


def test_a_contract_that_has_ended_keeps_nothing(make):
    small = contract(make, date(2026, 11, 1))
    small.erase(ANNA)
    assert small.rows("persons") == [(2, EVA)] and small.rows("contracts") == []


def test_the_contract_of_another_keeps_nothing_of_hers(make):
    small = contract(make, None)
    small.erase(EVA)
    assert small.rows("persons") == [(1, ANNA)]


@pytest.mark.parametrize(
    ("ground", "goes"),
    [
        ("17.1.a", False),
        ("17.1.b", False),
        ("17.1.c", True),
        ("17.1.d", True),
        ("17.1.e", True),
        ("17.1.f", False),
    ],
)
def test_an_interest_ends_by_objection_and_by_law_only(make, ground, goes):
    m = sa.MetaData()
    persons(m)
    small = make(m, system(persons=PERSONS))
    plan = small.plan(ANNA, grounds=[ground])
    assert (verbs(plan)["persons", "1"] is Verb.DELETE) is goes


# -- what the database does by itself ----------------------------------------------------------------


@pytest.mark.parametrize("on_delete", ["CASCADE", "SET NULL"])
def test_a_cascade_to_rows_outside_the_plan_stops_it(make, on_delete):
    m = sa.MetaData()
    persons(m)
    sa.Table("hidden", m, number(), points("person", "persons.id", on_delete=on_delete))
    small = make(m, system(persons=PERSONS))
    small.put("hidden", {"id": 1, "person": 1})
    with pytest.raises(FaultsFound) as found:
        small.plan(ANNA)
    assert [f.number for f in found.value.faults] == ["X101"]
    assert small.plan(EVA).acts


def test_a_row_that_nobody_mapped_keeps_whom_it_points_at(make):
    m = sa.MetaData()
    persons(m)
    sa.Table("hidden", m, number(), points("person", "persons.id"))
    small = make(m, system(persons=PERSONS))
    small.put("hidden", {"id": 1, "person": 1})
    small.erase(ANNA)
    assert small.rows("persons") == [(1, None), (2, EVA)]


def test_a_cascade_to_planned_rows_takes_no_more_than_planned(make):
    m = sa.MetaData()
    persons(m)
    sa.Table("orders", m, number(), points("person", "persons.id", on_delete="CASCADE"))
    small = make(
        m,
        system(persons=PERSONS, orders=dataset([reference("person", "persons")], {"person": TECHNICAL})),
    )
    small.put("orders", {"id": 1, "person": 1}, {"id": 2, "person": 2})
    plan = small.plan(ANNA)
    small.put("orders", {"id": 3, "person": 1})
    with pytest.raises(Conflict):
        small.carry_out(plan)
    assert len(small.rows("orders")) == 3 and len(small.rows("persons")) == 2
    small.erase(ANNA)
    assert small.rows("orders") == [(2, 2)]


TRIGGERS = {
    "sqlite": "create trigger tell after delete on persons begin insert into logg values (old.id); end",
    "mysql": "create trigger tell after delete on persons for each row insert into logg values (old.id)",
}


def test_a_trigger_that_nobody_named_stops_the_plan(make):
    m = sa.MetaData()
    persons(m)
    sa.Table("logg", m, number())
    map_ = system(persons=PERSONS)
    small = make(m, map_)
    if small.url.startswith("postgresql"):
        small.run("create function f() returns trigger language plpgsql as $$ begin "
                  "insert into logg values (old.id); return old; end $$")  # fmt: skip
        small.run("create trigger tell after delete on persons for each row execute function f()")
    else:
        small.run(TRIGGERS[small.url.split(":")[0].split("+")[0]])
    with pytest.raises(FaultsFound) as found:
        small.plan(ANNA)
    assert [f.number for f in found.value.faults] == ["X102"]
    small.map = system(persons={**PERSONS, "triggers": [{"name": "tell", "why": "counts"}]})
    small.erase(ANNA)
    assert small.rows("logg") == [(1,)] and small.rows("persons") == [(2, EVA)]


# -- rings ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nullable", [True, False])
def test_a_dataset_that_refers_to_itself_goes_leaves_first(make, nullable):
    m = sa.MetaData()
    persons(m)
    sa.Table(
        "replies", m, number(), points("person", "persons.id"),
        points("parent", "replies.id", nullable=nullable),
    )  # fmt: skip
    small = make(
        m,
        system(
            persons=PERSONS,
            replies=dataset(
                [reference("person", "persons"), reference("parent", "replies")],
                {"person": TECHNICAL, "parent": TECHNICAL},
            ),
        ),
    )
    small.put(
        "replies",
        {"id": 1, "person": 1, "parent": 1},
        {"id": 2, "person": 1, "parent": 1},
        {"id": 3, "person": 1, "parent": 2},
        {"id": 4, "person": 2, "parent": 4},
    )
    small.erase(ANNA)
    assert small.rows("replies") == [(4, 2, 4)]
    assert small.rows("persons") == [(2, EVA)]


def ring(make, *, nullable: bool) -> Small:
    m = sa.MetaData()
    persons(m)
    sa.Table("a", m, number(), points("person", "persons.id"),
             sa.Column("b", sa.Integer, sa.ForeignKey("b.id", use_alter=True, name="a_b")))  # fmt: skip
    sa.Table("b", m, number(), points("person", "persons.id"),
             sa.Column("a", sa.Integer, sa.ForeignKey("a.id"), nullable=nullable))  # fmt: skip
    return make(
        m,
        system(
            persons=PERSONS,
            a=dataset([reference("person", "persons")], {"person": TECHNICAL, "b": TECHNICAL}),
            b=dataset([reference("person", "persons")], {"person": TECHNICAL, "a": TECHNICAL}),
        ),
    )


@pytest.mark.parametrize("nullable", [True, False])
def test_rows_that_point_at_each_other_are_parted_first(make, nullable):
    small = ring(make, nullable=nullable)
    small.put("a", {"id": 1, "person": 1})
    small.put("b", {"id": 1, "person": 1, "a": 1})
    small.run("update a set b = 1 where id = 1")
    small.erase(ANNA)
    assert small.rows("a") == [] and small.rows("b") == []


# -- holds, races ---------------------------------------------------------------------------------------


def test_a_placed_hold_keeps_the_whole_row(make):
    m = sa.MetaData()
    persons(m)
    small = make(m, system(persons=PERSONS))
    hold = Hold(
        ref="h", kind=HoldKind.LEGAL_CLAIM, case="T 1-26", review_on=date(2027, 1, 1), placed_by="b",
        placed_at=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    plan = small.erase(ANNA, holds={0: (hold,)})
    assert small.rows("persons") == [(1, ANNA), (2, EVA)]
    assert [(v.verb, v.article, v.ground) for v in plan.verdicts] == [(Verb.KEEP, "17.3.e", "legal_claim")]


def test_a_row_that_has_become_somebody_elses_stops_everything(make):
    m = sa.MetaData()
    persons(m)
    sa.Table("orders", m, number(), points("person", "persons.id"))
    small = make(
        m, system(persons=PERSONS, orders=dataset([reference("person", "persons")], {"person": TECHNICAL}))
    )
    small.put("orders", {"id": 1, "person": 1})
    plan = small.plan(ANNA)
    small.run("update orders set person = 2")
    with pytest.raises(Conflict):
        small.carry_out(plan)
    assert small.rows("orders") == [(1, 2)] and len(small.rows("persons")) == 2


def test_a_mention_is_masked_only_where_the_map_says_so(make):
    m = sa.MetaData()
    persons(m)
    sa.Table("notes", m, number(), text("body"))
    sa.Table("letters", m, number(), text("body"))
    mention = [{"by": "mention", "columns": "body"}]
    small = make(
        m,
        system(
            persons=PERSONS,
            notes=dataset(mention, {"body": field(text=True, erase="replace", replace_with="[x]")}),
            letters=dataset(mention, {"body": field(text=True)}),
        ),
    )
    said = f"Ring {ANNA}, inte {EVA}."
    small.put("notes", {"id": 1, "body": said})
    small.put("letters", {"id": 1, "body": said})
    plan = small.erase(ANNA)
    assert small.rows("notes") == [(1, f"Ring [x], inte {EVA}.")]
    assert small.rows("letters") == [(1, said)]
    assert [v.ground for v in plan.verdicts if v.fact.at.dataset == "letters"] == ["mention"]


def test_a_field_is_made_coarser_or_replaced_as_the_map_says(make):
    m = sa.MetaData()
    persons(m)
    sa.Table("sales", m, number(), points("person", "persons.id"), sa.Column("made", sa.Date),
             sa.Column("at", sa.DateTime), text("postcode"), text("no", unique=True, nullable=False),
             sa.Column("total", sa.Integer, nullable=False))  # fmt: skip
    small = make(
        m,
        system(
            persons=PERSONS,
            sales=dataset(
                [reference("person", "persons")],
                {
                    "person": {"technical": True, "erase": "null"},
                    "made": field("books", erase="keep", law="BFL-7-2"),
                    "at": field(erase="generalise", coarse="month"),
                    "postcode": field(erase="generalise", coarse="start"),
                    "no": field(erase="replace", replace_with="sold-{key}"),
                    "total": field(),
                },
                purposes=["keep_books"],
                anchors={"fiscal_year.end": "made"},
            ),
        ),
    )
    for n in (1, 2):
        small.put("sales", {"id": n, "person": 1, "made": date(2024, 5, 6), "at": datetime(2024, 5, 6, 7, 8),
                            "postcode": "41234", "no": f"A{n}", "total": 99})  # fmt: skip
    small.erase(ANNA)
    when = datetime(2024, 5, 1)
    assert small.rows("sales") == [
        (1, None, date(2024, 5, 6), when, "41", "sold-1", 0),
        (2, None, date(2024, 5, 6), when, "41", "sold-2", 0),
    ]
    assert small.rows("persons") == [(2, EVA)]

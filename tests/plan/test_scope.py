"""How far a right is asked, and what falls outside of it."""

from __future__ import annotations

from itertools import combinations

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from lofte.datamap.document import DataMap, Give
from lofte.errors import Refused
from lofte.law.rights import Right
from lofte.plan import access, portability, scope
from lofte.plan.records import Verb
from lofte.plan.scope import EVERYTHING, NOT_ASKED
from tests.erase.small import (
    ANNA,
    ON,
    PERSONS,
    POLICY,
    TECHNICAL,
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

KINDS = ("contact", "books")
NOTES = dataset(
    [reference("person", "persons")],
    {
        "person": TECHNICAL,
        "said": field(erase="keep"),
        "sum": field("books"),
        "state": TECHNICAL,
    },
)
MAP = DataMap(systems=(system(persons=PERSONS, notes=NOTES),))


@pytest.fixture
def small(tmp_path):
    m = sa.MetaData()
    persons(m)
    sa.Table("notes", m, number(), number("person", nullable=True), text("said"), text("sum"), text("state"))
    made = Small(f"sqlite:///{tmp_path / 'small.sqlite3'}", m, MAP.systems[0])
    made.put("persons", {"id": 1, "email": ANNA})
    made.put("notes", {"id": 1, "person": 1, "said": "hej", "sum": "12", "state": "x"})
    yield made
    made.close()


def asks(*named):
    return scope.asked(POLICY, MAP, Right.ERASURE, named)


def test_all_the_categories_are_the_same_as_none_named():
    assert asks(*KINDS) == asks() == EVERYTHING


def test_what_is_no_category_of_ours_is_refused():
    with pytest.raises(Refused, match="no category of data that we hold"):
        asks("shoe size")


@pytest.mark.parametrize("right", sorted(set(Right) - scope.LIMITED))
def test_a_right_that_names_something_else_takes_no_categories(right):
    with pytest.raises(Refused, match="not asked of categories"):
        scope.asked(POLICY, MAP, right, ["contact"])


SCOPES = st.frozensets(st.sampled_from(("a", "b", "c", "d")))


@given(inner=SCOPES, outer=SCOPES)
def test_a_wish_is_within_another_when_it_adds_nothing_to_it(inner, outer):
    assert scope.within(inner, outer) == (scope.together([inner, outer]) == outer)


@given(scopes=st.lists(SCOPES, min_size=1))
def test_wishes_together_are_as_wide_as_each_of_them(scopes):
    every = scope.together(scopes)
    assert all(scope.within(each, every) for each in scopes)


def test_what_two_wishes_give_together_is_what_the_union_gives():
    def given_fields(asked):
        plan = access.plan(POLICY, MAP, subjects(ANNA), ON, scope=asked)
        return {(s.at, n) for s in plan.steps for n in (*s.given, *s.masked)}

    everything = given_fields(EVERYTHING)
    for some in (frozenset(c) for n in (1, 2) for c in combinations(KINDS, n)):
        apart = [given_fields(frozenset({each})) for each in some]
        assert set().union(*apart) == given_fields(some) <= everything
    assert given_fields(frozenset(KINDS)) == everything


def test_what_was_not_asked_about_is_neither_fetched_nor_given():
    narrow = frozenset({"books"})
    plan = access.plan(POLICY, MAP, subjects(ANNA), ON, scope=narrow)
    assert [(str(s.at), s.given) for s in plan.steps] == [("small.notes", ("id", "person", "sum", "state"))]
    assert {(str(k.at), k.fields) for k in plan.kept if k.ground == NOT_ASKED} == {
        ("small.persons", ()),
        ("small.notes", ("said",)),
    }
    notes = scope.narrowed(MAP, narrow).systems[0].datasets["notes"]
    assert {name for name, f in notes.fields.items() if f.give is Give.WITHHOLD} == {"said"}


def test_only_what_was_asked_about_is_taken_along():
    contact = portability.terms(POLICY, MAP, scope=frozenset({"contact"}))
    everything = portability.terms(POLICY, MAP)
    assert (
        portability.terms(POLICY, MAP, scope=frozenset({"books"})).keys() < everything.keys()
        or not everything
    )
    assert all(set(fields) <= set(everything[at]) for at, fields in contact.items())


def test_a_row_with_something_else_in_it_is_changed_and_not_removed(small):
    plan = small.erase(ANNA, scope=frozenset({"books"}), grounds=("17.1.d",))
    assert small.rows("notes") == [(1, 1, "hej", None, "x")] and small.rows("persons") == [(1, ANNA)]
    assert {v.ground for v in plan.verdicts} == {NOT_ASKED}


def test_the_person_stays_bare_while_what_was_not_asked_about_needs_them(small):
    plan = small.erase(ANNA, scope=frozenset({"contact"}), grounds=("17.1.d",))
    assert small.rows("notes") == [(1, 1, None, "12", "x")] and small.rows("persons") == [(1, None)]
    assert {(k.ground, k.until) for k in plan.kept} == {(NOT_ASKED, None)}


def test_what_a_law_keeps_is_told_apart_from_what_nobody_asked_about(tmp_path):
    m = sa.MetaData()
    persons(m)
    sa.Table("notes", m, number(), number("person", nullable=True), text("said"), text("sum"))
    fields = {"person": TECHNICAL, "said": field(), "sum": field("books", erase="keep")}
    notes = dataset([reference("person", "persons")], fields, purposes=["keep_books", "serve"])
    world = Small(f"sqlite:///{tmp_path / 'law.sqlite3'}", m, system(persons=PERSONS, notes=notes))
    world.put("persons", {"id": 1, "email": ANNA})
    world.put("notes", {"id": 1, "person": 1, "said": "hej", "sum": "12"})
    law = world.plan(ANNA, scope=frozenset({"books"}), grounds=("17.1.d",))
    both = {k.ground: k.fields for k in law.kept if k.at.dataset == "notes"}
    assert both == {"BFL-7-2": ("sum",), NOT_ASKED: ("said",)}
    other = world.plan(ANNA, scope=frozenset({"contact"}), grounds=("17.1.d",))
    assert {k.ground for k in other.kept if k.at.dataset == "notes"} == {NOT_ASKED}
    world.close()


def test_everything_named_does_what_nothing_named_does(small):
    named = small.plan(ANNA, scope=asks(*KINDS), grounds=("17.1.d",))
    assert named.digest == small.plan(ANNA, grounds=("17.1.d",)).digest
    assert {v.verb for v in named.verdicts} == {Verb.DELETE}


def test_a_scope_stands_beside_the_grounds_of_a_tombstone():
    narrow = frozenset({"books", "contact"})
    assert scope.unmarked(("17.1.a", *scope.stone_marks(narrow))) == (("17.1.a",), narrow)


def test_everything_that_one_asked_wins_over_the_part_that_another_asked():
    both = ("17.1.a", *scope.stone_marks(frozenset({"books"})), *scope.stone_marks(scope.EVERYTHING))
    assert scope.unmarked(both) == (("17.1.a",), scope.EVERYTHING)
    assert scope.unmarked(("17.1.a",)) == (("17.1.a",), scope.EVERYTHING), "as it was written before"


def test_a_restriction_of_a_part_stops_no_purpose_that_uses_more():
    assert scope.purposes(POLICY, {"books"}) == ("keep_books",) and scope.purposes(POLICY, ()) == ()
    every = {id_: p.model_copy(update={"categories": KINDS}) for id_, p in POLICY.purposes.items()}
    with pytest.raises(Refused, match="uses others too"):
        scope.purposes(POLICY.model_copy(update={"purposes": every}), {"books"})

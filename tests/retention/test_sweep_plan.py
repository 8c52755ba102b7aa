"""What becomes of a row that stays, and who goes first."""

from __future__ import annotations

import pytest

from lofte.datamap.catalogue import LiveColumn, TypeClass
from lofte.plan.due import Fate, timing
from lofte.plan.facts import Ground, Tie
from lofte.plan.sweep import children_first, fates_of, points_at_itself, stays
from lofte.plan.verdict import How
from tests.retention.world import POLICY, map_

MAP = map_()


def ground(dataset: str, *filled: str) -> Ground:
    names = {"id", *MAP.datasets[dataset].fields}
    return Ground(
        table=dataset,
        columns={n: LiveColumn(name=n, type=TypeClass.TEXT, nullable=n not in filled) for n in names},
    )


def tie(child: str, parent: str, number: int = 0) -> Tie:
    return Tie(number=number, children=(child,), table=child, columns=("p",), parents=(parent,), keys=("id",))


@pytest.mark.parametrize("fate", [Fate.RESTRICT, Fate.MINIMISE])
def test_what_the_law_needs_stays_while_the_law_keeps_the_row(fate):
    assert set(stays(MAP, "invoices", ground("invoices"), (), fate)) == {"name"}


def test_what_the_law_needed_goes_with_the_rows_time_though_the_row_must_wait():
    changes = stays(MAP, "invoices", ground("invoices", "total"), (), Fate.DELETE)
    assert {name: change.how for name, change in changes.items()} == {"name": How.NULL, "total": How.VALUE}


def test_where_the_map_does_not_say_what_the_law_needs_the_row_stays_as_it_is():
    assert stays(MAP, "contracts", ground("contracts"), (), Fate.MINIMISE) == {}


def test_a_row_that_is_nobodys_is_cut_loose_and_keeps_what_it_is_counted_by():
    changes = stays(MAP, "tickets", ground("tickets"), (), Fate.ANONYMISE)
    assert {name: change.how for name, change in changes.items()} == {
        "said": How.NULL,
        "kind": How.VALUE,
        "closed": How.COARSE,
        "person": How.NULL,
    }


def test_children_come_before_parents_and_a_ring_ends():
    ties = [tie("b", "a"), tie("c", "b", 1), tie("c", "c", 2)]
    assert children_first(("a", "b", "c", "d"), ties) == ("c", "d", "b", "a")
    ring = [tie("a", "b"), tie("b", "a", 1)]
    assert sorted(children_first(("a", "b"), ring)) == ["a", "b"]
    assert points_at_itself("c", ties) and not points_at_itself("b", ties)


def test_rows_that_stay_are_made_small_before_any_go():
    assert fates_of(timing(POLICY, MAP.datasets["invoices"])) == (Fate.MINIMISE, Fate.DELETE)
    assert fates_of(timing(POLICY, MAP.datasets["persons"])) == ()

"""Promises of the access plan: every dataset is looked in, in a sensible order, and nothing is silent."""

from __future__ import annotations

from lofte.datamap.digest import digest
from lofte.plan.access import plan
from lofte.plan.records import Verb
from lofte.policy.digest import digest as policy_digest
from tests.plan.specimen import ANNA, ON, datamap, policy


def made():
    return plan(policy(), datamap(), [ANNA], ON)


def test_a_persons_own_row_comes_before_the_rows_that_point_at_it_and_others_data_last() -> None:
    assert [s.at.dataset for s in made().steps] == ["customer", "invoice", "message", "visitor"]


def test_what_we_only_process_for_others_is_forwarded_and_never_given() -> None:
    visitor = made().steps[-1]
    assert (visitor.verb, visitor.given, visitor.masked) == (Verb.FORWARD, (), ())


def test_a_dataset_that_is_nobodys_has_no_step() -> None:
    assert "country" not in {s.at.dataset for s in made().steps}


def test_every_field_is_given_masked_or_withheld() -> None:
    datasets = datamap().systems[0].datasets
    for step in made().steps:
        if step.verb is Verb.GIVE:
            said = {*step.given, *step.masked, *step.withheld}
            assert said == set(datasets[step.at.dataset].fields)


def test_what_is_withheld_is_kept_with_its_reason() -> None:
    (kept,) = made().kept
    assert (kept.at.dataset, kept.fields) == ("customer", ("password",))
    assert kept.ground.startswith("Ett avtryck")


def test_the_plan_says_which_policy_and_map_it_was_made_from() -> None:
    assert made().policy_digest == policy_digest(policy())
    assert made().map_digest == digest(datamap()) != made().policy_digest

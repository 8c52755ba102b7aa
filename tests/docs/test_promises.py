"""The page of promises says what the code and the five example companies say."""

from __future__ import annotations

import importlib.util

import pytest

from lofte.datamap.checks import catalogue as map_faults
from lofte.policy.checks import catalogue as policy_faults
from lofte.policy.promises import ARTICLE
from lofte.proof.evaluate import EVALUATORS
from scripts import keeping, promises


def test_the_page_is_up_to_date():
    assert promises.PAGE.read_text(encoding="utf-8") == promises.page(promises.written()), (
        "run `python -m scripts.promises`"
    )


def test_all_153_promises_are_made_by_some_company_and_judged():
    told = promises.told()
    assert len(told) == 153
    for each in told:
        assert promises.judged_by(each.id)
        assert promises.tested_by(each.id)


def test_a_fault_whose_number_looks_like_a_promise_tests_no_promise():
    # The laws' own faults are P146 and P147, and a file of law that cannot be read is P007.
    tests = {id_: promises.tested_by(id_) for id_ in ("P007", "P146", "P147")}
    assert all("(../tests/proof/" in test for test in tests.values()), tests


@pytest.mark.parametrize("company", promises.COMPANIES)
def test_the_counts_are_those_of_the_promises_that_the_company_makes(company):
    kept, broken, unproven, not_built = promises.written()[company]
    made = {promise.id for promise in promises.made()[company]}
    again = "run `python -m scripts.promises --count`"
    assert kept + broken + unproven + not_built == len(made), again
    assert len(made - EVALUATORS.keys()) <= not_built, again


def test_what_is_said_to_keep_a_promise_exists():
    faults = {demand.number for demand in (*policy_faults(), *map_faults())}
    for parts, ids in keeping.PARTS:
        assert set(ids.split()) <= ARTICLE.keys()
        for part in parts:
            number = part.removeprefix("fault ")
            assert number in faults if number != part else importlib.util.find_spec(f"lofte.{part}"), part


def test_a_promise_is_kept_by_one_thing_in_the_list():
    listed = [id_ for _, ids in keeping.PARTS for id_ in ids.split()]
    assert sorted(listed) == sorted(set(listed))
    assert set(ARTICLE) - set(listed) == UNKEPT


UNKEPT = {
    "P090",
    "P092",
    "P093",
}
"""Nothing keeps these yet."""

"""What a stated ground shows by itself, and what it does not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from lofte.policy.document import Policy
from lofte.proof.evaluate import evaluate
from lofte.proof.records import Finding

WEBHOST = Path(__file__).parents[2] / "examples" / "webhost" / "policy.yaml"
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def finding(id_: str, **national_id: object) -> Finding:
    document = YAML(typ="safe").load(WEBHOST)
    document["categories"]["national_id"] |= national_id
    policy = Policy.model_validate(document)
    return next(line.finding for line in evaluate(policy, (), NOW) if line.promise.id == id_)


def test_a_personnummer_with_ground_and_mask_is_not_shown_to_be_looked_at_by_few():
    assert finding("P023") is Finding.UNPROVEN


@pytest.mark.parametrize("without", [{"ground": None}, {"mask": "none"}])
def test_a_personnummer_without_ground_or_mask_breaks_the_promise(without):
    assert finding("P023", **without) is Finding.BROKEN


def test_a_contract_that_is_stated_as_ground_does_not_show_that_rows_have_one():
    assert finding("P037") is Finding.UNPROVEN

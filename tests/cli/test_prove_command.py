"""The auditor's command: every promise, its finding, and why."""

import json

import pytest

from tests.cli.test_stuck_cases import ANNA, Shop


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A shop whose policy is published, and in which one person has been given their data."""
    shop = Shop(tmp_path_factory.mktemp("shop"))
    assert shop.lofte("publish").returncode == 0
    given = ("--out", str(shop.folder.parent / "out"))
    assert shop.lofte("request", "access", *ANNA, *given).returncode == 0
    return shop


def lines(shop, *arguments):
    done = shop.lofte("prove", "--json", *arguments)
    assert done.returncode in (0, 1), done.stderr
    return {line["promise"]: line for line in json.loads(done.stdout)["promises"]}


def test_a_promise_is_kept_by_what_the_ledger_holds(shop):
    found = lines(shop)
    assert found["P097"]["finding"] == "kept"
    assert found["P097"]["entries"]
    assert found["P097"]["sentence"]


def test_the_live_systems_are_looked_into_unless_told_not_to(shop):
    assert lines(shop)["P003"]["finding"] in ("kept", "broken")
    assert lines(shop, "--offline")["P003"]["finding"] == "unproven"


def test_one_promise_can_be_asked_for_by_its_number(shop):
    assert set(lines(shop, "--promise", "P097")) == {"P097"}


def test_a_promise_that_the_policy_does_not_make_is_said_to_be_none(shop):
    done = shop.lofte("prove", "--promise", "P999")
    assert done.returncode == 2
    assert "P999" in done.stderr


def test_findings_are_spoken_in_swedish(shop):
    said = shop.lofte("prove", "--offline", "--language", "sv").stdout
    assert "hållet" in said
    assert "Utfall" in said

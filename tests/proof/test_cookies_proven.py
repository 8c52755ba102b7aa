"""The promises about cookies are judged by the last look at the website."""

from __future__ import annotations

import pytest

from lofte.policy.digest import digest
from lofte.proof.cookies import FRESH
from lofte.proof.records import Evidence, Finding
from tests.proof.judging import finding, noted, policy_of, verdict

PROMISES = ["P020", "P123", "P124", "P125", "P126", "P128", "P129", "P130", "P131", "P132", "P133"]
COMPANY = "consultancy"
SEEN = ("necessary", "functional", "statistics", "marketing", "session", "lasting")


def scanned(days: int = 1, company: str = COMPANY, **found: int) -> Evidence:
    """A look at a site that has everything the table says, but for what was found."""
    facts = {"pages": 6, "states": 4, "banner": 2, "stored": 5, "others": 2, "forms": 3}
    seen = {f"seen_{kind}": 1 for kind in SEEN}
    wrong = {f"c{number}": 0 for number in range(101, 118)}
    version = digest(policy_of(company))
    return noted("site.scanned", days=days, digest=version, **{**facts, **seen, **wrong, **found})


@pytest.mark.parametrize("id_", PROMISES)
def test_without_a_look_at_the_site_nothing_is_proven(id_):
    assert finding(COMPANY, id_) is Finding.UNPROVEN


@pytest.mark.parametrize("id_", PROMISES)
def test_a_site_that_is_as_the_policy_says_keeps_the_promise(id_):
    assert finding(COMPANY, id_, scanned()) is Finding.KEPT


def test_the_tool_that_is_named_keeps_its_promise_while_it_asks():
    assert finding("reseller", "P127") is Finding.UNPROVEN
    assert finding("reseller", "P127", scanned(company="reseller")) is Finding.KEPT
    assert finding("reseller", "P127", scanned(company="reseller", c111=1)) is Finding.BROKEN


@pytest.mark.parametrize("id_", PROMISES)
def test_an_old_look_or_one_at_another_version_proves_nothing(id_):
    assert finding(COMPANY, id_, scanned(days=FRESH.days + 2)) is Finding.UNPROVEN
    assert finding(COMPANY, id_, scanned(company="webhost")) is Finding.UNPROVEN


@pytest.mark.parametrize(
    ("fault", "broken"),
    [
        ("c101", "P020 P123 P129 P130 P132 P133"),
        ("c103", "P020 P123 P129 P130 P132 P133"),
        ("c104", "P020 P124 P125 P129 P130 P132"),
        ("c105", "P020 P124 P125 P129 P130 P132"),
        ("c106", "P020 P124 P125 P126 P129 P130 P132"),
        ("c107", "P020 P124 P125 P126 P129 P130 P132"),
        ("c108", "P020 P123 P129 P130 P132"),
        ("c111", "P020 P124 P125 P126 P128 P129 P130 P131 P132"),
        ("c112", "P125 P126"),
        ("c113", "P125 P128 P131"),
        ("c114", "P125 P128 P131"),
        ("c115", "P126"),
        ("c116", "P020 P123 P124 P125 P129 P130 P132"),
    ],
)
def test_what_is_wrong_breaks_the_promises_that_say_the_opposite(fault, broken):
    found = {id_ for id_ in PROMISES if finding(COMPANY, id_, scanned(**{fault: 1})) is Finding.BROKEN}
    assert found == set(broken.split())


@pytest.mark.parametrize(
    ("lacks", "unproven"),
    [
        ("states", "P020 P123 P124 P125 P126 P128 P129 P130 P131 P132 P133"),
        ("seen_statistics", "P020 P129"),
        ("seen_marketing", "P130"),
        ("seen_functional", "P132"),
        ("seen_session", "P133"),
        ("seen_lasting", "P133"),
    ],
)
def test_what_was_not_seen_is_not_said_to_be_kept(lacks, unproven):
    found = {id_ for id_ in PROMISES if finding(COMPANY, id_, scanned(**{lacks: 0})) is Finding.UNPROVEN}
    assert found == set(unproven.split())


def test_a_look_that_could_not_take_back_the_yes_does_not_prove_that_it_can_be():
    assert finding(COMPANY, "P128", scanned(states=3)) is Finding.UNPROVEN
    assert finding(COMPANY, "P124", scanned(states=3)) is Finding.KEPT


def test_the_newest_look_counts():
    mended = [scanned(days=3, c104=1), noted("site.scanned", entry=11, days=1, **scanned().facts)]
    assert verdict(COMPANY, "P124", mended).finding is Finding.KEPT

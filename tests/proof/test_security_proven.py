"""Security is called kept where it was seen, and what cannot be seen from here is named."""

from __future__ import annotations

import pytest

from lofte.proof import security
from lofte.proof.records import Check, Evidence, Finding
from tests.proof.judging import checked, finding, measured, noted, policy_of, published, verdict

ROLES = measured("access_levels", total=7)
STEPS = measured("two_factor", total=7)
LEDGER = measured("ledger", total=240)
WAYS = measured("encryption_in_transit", total=3, silent=0)
LOGS = checked(Check.COLUMNS, category="history", columns=9)
MAP = checked(Check.MAP, errors=0, gaps=0, live=1)
RESTORED = noted("erasure.replayed", days=30, target="hosting", rows=4)
NAMED = published(policy_of("webhost"))
PURPOSES = tuple(
    checked(Check.PURPOSE, purpose=id_, datasets=1, outside=0, untagged=0, silent=0)
    for id_ in policy_of("webhost").purposes
)


@pytest.mark.parametrize(
    ("company", "id_", "seen"),
    [
        ("webhost", "P014", [NAMED, LEDGER, MAP]),
        ("webhost", "P091", [ROLES]),
        ("reseller", "P094", [MAP]),
        ("webhost", "P095", [LEDGER, RESTORED]),
        ("webhost", "P096", [LEDGER, LOGS]),
    ],
)
def test_what_was_seen_keeps_the_promise(company: str, id_: str, seen: list[Evidence]) -> None:
    assert finding(company, id_, *seen) is Finding.KEPT
    for n in range(len(seen)):
        assert finding(company, id_, *seen[:n], *seen[n + 1 :]) is Finding.UNPROVEN


@pytest.mark.parametrize(
    ("company", "id_", "seen"),
    [
        ("webhost", "P014", [NAMED, LEDGER, checked(Check.MAP, errors=1, gaps=0, live=1)]),
        ("webhost", "P014", [NAMED, MAP, measured("ledger", total=240, wrong=1)]),
        ("webhost", "P091", [measured("access_levels", total=7, wrong=1)]),
        ("reseller", "P094", [checked(Check.MAP, errors=1, gaps=1, live=1)]),
        ("webhost", "P095", [RESTORED, measured("ledger", total=240, wrong=1)]),
        ("webhost", "P096", [LOGS, measured("ledger", total=240, wrong=1)]),
        ("webhost", "P010", [measured("access_levels", total=7, wrong=1)]),
        ("webhost", "P010", [measured("encryption_in_transit", total=3, wrong=1)]),
    ],
)
def test_what_was_seen_to_be_wrong_breaks_the_promise(company: str, id_: str, seen: list[Evidence]) -> None:
    assert finding(company, id_, *seen) is Finding.BROKEN


@pytest.mark.parametrize(
    ("id_", "part"),
    [("P090", security.NETWORK), ("P092", security.ALARMS), ("P093", security.INTRUSION)],
)
def test_what_cannot_be_seen_from_here_is_named(id_: str, part: object) -> None:
    assert verdict("reseller", id_, [ROLES, LEDGER]).missing is part


def test_each_measure_that_is_not_shown_is_named() -> None:
    found = verdict("webhost", "P010", [ROLES, LEDGER, LOGS, WAYS, RESTORED])
    assert found.finding is Finding.UNPROVEN
    assert "Not shown: encrypted storage, alarms." in (found.reason.en or "")


def test_measures_that_are_all_seen_keep_the_promise_to_protect() -> None:
    measures = ["access_levels", "two_factor", "encryption_in_transit", "tested_backups"]
    policy = policy_of("guides", security__measures=measures)
    assert finding("guides", "P010", ROLES, STEPS, WAYS, RESTORED, policy=policy) is Finding.KEPT
    assert finding("guides", "P010", ROLES, STEPS, WAYS, policy=policy) is Finding.UNPROVEN
    bare = measured("two_factor", total=7, wrong=1)
    assert finding("guides", "P010", ROLES, bare, WAYS, RESTORED, policy=policy) is Finding.BROKEN


def test_a_system_that_does_not_say_how_it_is_reached_shows_nothing() -> None:
    policy = policy_of("guides", security__measures=["encryption_in_transit"])
    unknown = measured("encryption_in_transit", total=3, silent=1)
    assert finding("guides", "P010", unknown, policy=policy) is Finding.UNPROVEN


def test_a_restore_of_long_ago_shows_nothing_of_the_backups_of_today() -> None:
    old = noted("erasure.replayed", days=366, target="hosting", rows=4)
    assert finding("webhost", "P095", LEDGER, old) is Finding.UNPROVEN


def test_without_logs_in_the_systems_their_absence_is_named() -> None:
    assert verdict("webhost", "P096", [LEDGER]).missing is security.LOGS


def test_no_more_than_the_purposes_need_keeps_the_promise_of_care() -> None:
    assert finding("webhost", "P012", *PURPOSES) is Finding.KEPT
    wide = checked(Check.PURPOSE, purpose="invoice", datasets=1, outside=1, untagged=0, silent=0)
    assert finding("webhost", "P012", *PURPOSES, wide) is Finding.BROKEN

"""Which days are due: the rules turned round agree with the rules, on every day of twelve years."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from lofte.datamap.document import Dataset
from lofte.law.calendar import civil_date
from lofte.plan.due import Fate, ended, fate_of, leaves_on, midnight, newest, timing, unknown
from lofte.plan.period import fiscal_year_end
from lofte.policy.document import Policy
from lofte.policy.retention import ends_on, read, term
from tests.erase.small import POLICY, TECHNICAL

FIRST, DAYS = date(2015, 1, 1), 4383
EVERY_DAY = [FIRST + timedelta(days=n) for n in range(DAYS)]
ANCHORS = ("contract.end", "ticket.closed", "event.time", "fiscal_year.end")
PERIODS = ("", " + P1D", " + P90D", " + P1M", " + P13M", " + P2Y", " + P7Y", " + P1Y1M", " + P2W")


def policy_of(rules: dict[str, Any], purposes: dict[str, Any], fiscal: str = "12-31") -> Policy:
    base = POLICY.model_dump(by_alias=True, exclude_defaults=True)
    base["controller"] = {"legal_name": "Små AB", "fiscal_year_end": fiscal}
    base["purposes"] = {
        name: {"categories": ["contact"], "legal_basis": "6.1.f", "retention": ids}
        for name, ids in purposes.items()
    }
    return Policy.model_validate(base | {"retention": rules})


def dataset_of(purposes: list[str], **more: Any) -> Dataset:
    return Dataset.model_validate(
        {"name": {"en": "Rows"}, "key": "id", "purposes": purposes, "fields": {"id": TECHNICAL}, **more}
    )


def one_rule(keep_until: str, **more: Any) -> tuple[Policy, Dataset]:
    rule = {"keep_until": keep_until, "action": "delete", **more}
    return policy_of({"r": rule}, {"p": ["r"]}), dataset_of(["p"])


# -- the newest day ------------------------------------------------------------------------------------


@pytest.mark.parametrize("fiscal", [None, "12-31", "04-30", "02-29", "06-30"])
@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("form", ["a.b", "year_end(a.b)"])
def test_the_newest_day_that_has_ended_is_the_one_that_counting_finds(form, period, fiscal):
    expression = read(form + period)
    before = [FIRST - timedelta(days=n) for n in range(9 * 366, 0, -1)]
    ends = [
        (ends_on(expression, {"a.b": fiscal_year_end(d, fiscal) if fiscal else d}), d)
        for d in (*before, *EVERY_DAY)
    ]
    at = 0
    for on in EVERY_DAY[::5]:
        while at < len(ends) and ends[at][0] < on:
            at += 1
        assert newest([expression], on, fiscal) == ends[at - 1][1]


def test_the_days_before_the_calendar_are_none():
    assert newest([read("a.b + P9999Y")], date(2026, 1, 1)) is None
    assert newest([], date(2026, 1, 1)) is None
    assert newest([read("a.b")], date.min) is None


def test_of_several_rules_on_one_anchor_the_longest_decides():
    rules = [read("a.b + P1M"), read("a.b + P2Y")]
    assert newest(rules, date(2026, 3, 2)) == newest(rules[1:], date(2026, 3, 2)) == date(2024, 3, 1)


def test_books_of_a_broken_year_go_on_the_first_of_january():
    keep = [read("year_end(fiscal_year.end) + P7Y")]
    assert newest(keep, date(2032, 12, 31), "04-30") == date(2024, 4, 30)
    assert newest(keep, date(2033, 1, 1), "04-30") == date(2025, 4, 30)


# -- moments ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", [d for d in EVERY_DAY if (d.month in (3, 10) and d.day > 24) or d.day == 28])
def test_a_moment_belongs_to_its_day_in_stockholm(day):
    bound = midnight(day + timedelta(days=1))
    assert civil_date(bound) == day + timedelta(days=1)
    assert civil_date(bound - timedelta(microseconds=1)) == day
    for zone in (UTC, timezone(timedelta(hours=-11)), timezone(timedelta(hours=14))):
        assert civil_date(bound.astimezone(zone)) == day + timedelta(days=1)


def test_the_night_without_an_hour_and_the_one_with_an_hour_twice_have_their_own_lengths():
    assert midnight(date(2026, 3, 30)) - midnight(date(2026, 3, 29)) == timedelta(hours=23)
    assert midnight(date(2026, 10, 26)) - midnight(date(2026, 10, 25)) == timedelta(hours=25)


# -- against the policy's own arithmetic -----------------------------------------------------------------


def a_policy(chance: random.Random) -> tuple[Policy, Dataset, str]:
    rules = {
        f"r{n}": {
            "keep_until": chance.choice(("{}", "year_end({})")).format(chance.choice(ANCHORS))
            + chance.choice(PERIODS),
            "action": chance.choice(("delete", "delete", "anonymise", "suppress", "restrict", "next")),
        }
        for n in range(chance.randint(1, 4))
    }
    for rule in rules.values():
        if chance.random() < 0.3:
            rule["restrict_at"] = chance.choice(ANCHORS)
    purposes = {
        f"p{n}": chance.sample(sorted(rules), chance.randint(0 if n > 1 else 1, len(rules)))
        for n in range(chance.randint(1, 3))
    }
    fiscal = chance.choice(("12-31", "04-30", "08-31"))
    anchors = {name: {"column": "id", "fiscal_year": name == "fiscal_year.end"} for name in ANCHORS}
    return policy_of(rules, purposes, fiscal), dataset_of(sorted(purposes), anchors=anchors), fiscal


def a_moment(chance: random.Random) -> date | datetime | None:
    day = chance.choice(EVERY_DAY)
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    match chance.randint(0, 9):
        case 0:
            return None
        case 1 | 2:
            return midnight + timedelta(minutes=chance.randint(-180, 60))
        case 3:
            return (midnight + timedelta(seconds=chance.randint(0, 86399))).replace(tzinfo=None)
        case 4:
            return midnight.astimezone(timezone(timedelta(hours=chance.randint(-11, 14))))
    return day


def day(moment: Any, fiscal: str | None) -> date | None:
    said = civil_date(moment) if isinstance(moment, datetime) else moment
    return fiscal_year_end(said, fiscal) if said is not None and fiscal else said


def test_a_hundred_thousand_comparisons_with_the_policys_own_arithmetic_show_no_difference():
    chance = random.Random(20261120)
    compared = differences = 0
    while compared < 100_000:
        policy, dataset, fiscal = a_policy(chance)
        timed = timing(policy, dataset)
        ends = {name: fiscal if name == "fiscal_year.end" else None for name in ANCHORS}
        rows = [{name: a_moment(chance) for name in ANCHORS} for _ in range(40)]
        known = [{name: day(row[name], ends[name]) for name in ANCHORS} for row in rows]
        for on in chance.sample(EVERY_DAY, 25):
            bounds = {name: newest(found, on, ends[name]) for name, found in timed.keep.items()}
            moments = {name: midnight(b + timedelta(days=1)) if b else None for name, b in bounds.items()}
            for row, days in zip(rows, known, strict=True):
                until = term(policy, dataset.purposes, days).until
                right = until is not None and until < on
                found = timed.ends and all(_passed(row[n], bounds[n], moments[n]) for n in timed.keep)
                # A chain of nothing but `next` has no action: nothing happens, and `lofte check` says so.
                differences += found != (right and bool(timed.fates))
                differences += (leaves_on(timed, days) == until) is False and bool(timed.fates)
                fate = fate_of(timed, days, on)
                differences += (fate is not None and fate is not Fate.MINIMISE) != found
                compared += 1
    assert (compared >= 100_000, differences) == (True, 0)


def _passed(moment: Any, through: date | None, before: datetime | None) -> bool:
    """As a database would compare: days with days, moments with moments."""
    if moment is None or through is None or before is None:
        return False
    if not isinstance(moment, datetime):
        return moment <= through
    return moment < before if moment.tzinfo else moment.date() <= through


# -- what happens ------------------------------------------------------------------------------------------


def test_the_rule_that_ends_last_says_what_happens():
    policy = policy_of(
        {
            "short": {"keep_until": "event.time + P1M", "action": "delete"},
            "long": {"keep_until": "event.time + P2M", "action": "anonymise"},
        },
        {"p": ["short"], "q": ["long"]},
    )
    timed = timing(policy, dataset_of(["p", "q"]))
    days = {"event.time": date(2026, 1, 15)}
    assert timed.single is None
    assert fate_of(timed, days, date(2026, 3, 15)) is None
    assert fate_of(timed, days, date(2026, 3, 16)) is Fate.ANONYMISE


def test_of_two_that_end_on_one_day_the_one_that_leaves_less_wins():
    policy = policy_of(
        {
            "a": {"keep_until": "event.time", "action": "anonymise"},
            "b": {"keep_until": "event.time", "action": "delete"},
        },
        {"p": ["a", "b"]},
    )
    timed = timing(policy, dataset_of(["p"]))
    assert fate_of(timed, {"event.time": date(2026, 1, 1)}, date(2026, 1, 2)) is Fate.DELETE


def test_next_hands_over_to_the_rule_after_it():
    policy = policy_of(
        {
            "active": {"keep_until": "contract.end", "action": "next"},
            "after": {"keep_until": "contract.end + P3M", "action": "delete"},
        },
        {"p": ["active", "after"]},
    )
    timed = timing(policy, dataset_of(["p"]))
    days = {"contract.end": date(2026, 1, 31)}
    assert fate_of(timed, days, date(2026, 4, 30)) is None
    assert fate_of(timed, days, date(2026, 5, 1)) is Fate.DELETE
    assert timed.single is Fate.DELETE


def test_nothing_comes_after_a_chain_of_nothing_but_next():
    policy, dataset = one_rule("contract.end", action="next")
    assert not timing(policy, dataset).ends


def test_use_ends_before_keeping_does():
    policy, dataset = one_rule("year_end(fiscal_year.end) + P7Y", restrict_at="contract.end", law="BFL-7-2")
    timed = timing(policy, dataset)
    days = {"fiscal_year.end": date(2025, 12, 31), "contract.end": date(2026, 5, 4)}
    assert fate_of(timed, days, date(2026, 5, 4)) is None
    assert fate_of(timed, days, date(2026, 5, 5)) is Fate.MINIMISE
    assert fate_of(timed, days, date(2032, 12, 31)) is Fate.MINIMISE
    assert fate_of(timed, days, date(2033, 1, 1)) is Fate.DELETE
    assert fate_of(timed, {**days, "contract.end": None}, date(2033, 1, 1)) is Fate.DELETE


def test_a_purpose_without_a_rule_keeps_the_row():
    policy = policy_of({"r": {"keep_until": "event.time", "action": "delete"}}, {"p": ["r"], "q": []})
    timed = timing(policy, dataset_of(["p", "q"]))
    assert timed.endless == ("q",)
    assert fate_of(timed, {"event.time": date(2000, 1, 1)}, date(2026, 1, 1)) is None


def test_a_dataset_follows_only_the_rules_that_it_names():
    policy = policy_of(
        {
            "short": {"keep_until": "event.time + P1M", "action": "delete"},
            "long": {"keep_until": "contract.end + P9Y", "action": "delete"},
        },
        {"p": ["short", "long"], "q": ["long"]},
    )
    timed = timing(policy, dataset_of(["p", "q"], retention=["short"]))
    assert (timed.rules, timed.endless) == (("short",), ())
    assert ended(timed.keep, {"event.time": date(2026, 1, 1)}, date(2026, 2, 2))


def test_an_anchor_that_is_not_known_is_named_and_never_past():
    policy, dataset = one_rule("contract.end + P3M")
    timed = timing(policy, dataset)
    assert unknown(timed, {}) == unknown(timed, {"contract.end": None}) == ("contract.end",)
    assert fate_of(timed, {"contract.end": None}, date.max) is None

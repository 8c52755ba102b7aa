"""What people are told about how long is what is run."""

# ruff: noqa: E501 (a line of the table is a line)
from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from lofte.policy.period import Period
from lofte.policy.retention import Expression, read
from lofte.policy.retention_words import ANCHORS, say, say_period


@pytest.mark.parametrize(
    ("expression", "sv", "en"),
    [
        ("contract.end", "tills avtalet upphör", "until the contract ends"),
        ("contract.end + P3M", "i tre månader efter att avtalet har upphört", "for three months after the contract ends"),
        (
            "year_end(fiscal_year.end) + P7Y",
            "till och med det sjunde året efter utgången av det kalenderår då räkenskapsåret avslutades",
            "until the end of the seventh year after the end of the calendar year in which the financial year ended",
        ),
        ("ticket.closed + P24M", "i 24 månader efter att ärendet har avslutats", "for 24 months after the case is closed"),
        ("event.time + P90D", "i 90 dagar efter att händelsen har inträffat", "for 90 days after the event takes place"),
        ("application.decided + P2Y", "i två år efter att ansökan har avgjorts", "for two years after the application is decided"),
        ("order.delivered + P12M", "i tolv månader efter att beställningen har levererats", "for twelve months after the order is delivered"),
        ("optout.time", "tills du tackar nej", "until you say no"),
        (
            "year_end(contract.end)",
            "till utgången av det kalenderår då avtalet upphörde",
            "until the end of the calendar year in which the contract ended",
        ),
        (
            "year_end(contract.end) + P6M",
            "i sex månader efter utgången av det kalenderår då avtalet upphörde",
            "for six months after the end of the calendar year in which the contract ended",
        ),
        ("parcel.sent_back + P1W", "i en vecka efter att ”parcel: sent back” har inträffat", "for one week after “parcel: sent back” occurs"),
    ],
)  # fmt: skip
def test_a_rule_is_told_in_plain_words(expression, sv, en):
    assert (say(expression, "sv"), say(expression, "en")) == (sv, en)


@pytest.mark.parametrize(
    ("period", "sv", "en"),
    [
        (Period(years=1), "ett år", "one year"),
        (Period(months=1), "en månad", "one month"),
        (Period(weeks=2, days=1), "två veckor och en dag", "two weeks and one day"),
        (Period(years=2, months=3, days=10), "två år, tre månader och tio dagar", "two years, three months and ten days"),
        (Period(months=13), "13 månader", "13 months"),
        (Period(), "noll dagar", "zero days"),
    ],
)  # fmt: skip
def test_a_period_is_told_in_plain_words(period, sv, en):
    assert (say_period(period, "sv"), say_period(period, "en")) == (sv, en)


@pytest.mark.parametrize(
    ("years", "sv", "en"),
    [(1, "första", "first"), (12, "tolfte", "twelfth"), (13, "13:e", "13th"), (21, "21:a", "21st"), (22, "22:a", "22nd"),
     (23, "23:e", "23rd"), (111, "111:e", "111th"), (112, "112:e", "112th")],
)  # fmt: skip
def test_years_are_counted_in_order(years, sv, en):
    tree = Expression(anchor="contract.end", year_end=True, period=Period(years=years))
    assert f" {sv} året" in say(tree, "sv") and f" {en} year" in say(tree, "en")


@pytest.mark.parametrize("anchor", ANCHORS)
@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_known_anchor_is_told_in_words_of_its_own(anchor, language):
    for year_end in (False, True):
        told = say(Expression(anchor=anchor, year_end=year_end), language)
        assert "”" not in told and "“" not in told and "  " not in told


ROOT = Path(__file__).parents[2]
POLICIES = [*sorted(ROOT.glob("examples/*/policy.yaml")), ROOT / "src/lofte/cli/workspace/policy.yaml"]


@pytest.mark.parametrize("file", POLICIES, ids=lambda file: file.parent.name)
def test_every_anchor_that_we_ship_has_words(file):
    rules = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))["retention"].values()
    written = [rule[when] for rule in rules for when in ("keep_until", "restrict_at") if when in rule]
    assert written
    assert {read(text).anchor for text in written} <= set(ANCHORS)


SMALL = st.builds(
    Period,
    years=st.integers(0, 15),
    months=st.integers(0, 30),
    weeks=st.integers(0, 20),
    days=st.integers(0, 99),
)
TREES = st.builds(Expression, anchor=st.sampled_from([*ANCHORS, "x.y"]), year_end=st.booleans(), period=SMALL)


ALIKE = ({"ticket.closed", "case.closed"}, {"order.time", "order.made"})


@given(TREES, TREES, st.sampled_from(["sv", "en"]))
def test_two_rules_told_alike_are_run_alike(one, other, language):
    """Only a case that is also called a ticket, and an order, may share their words."""
    if say(one, language) == say(other, language):
        assert one.period == other.period and one.year_end == other.year_end
        assert one.anchor == other.anchor or {one.anchor, other.anchor} in ALIKE

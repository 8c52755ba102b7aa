"""How long: the retention language, its arithmetic, and the law's own dates."""

# ruff: noqa: E501 (a line of the table is a line)
from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lofte.fault import Fault
from lofte.policy import period as periods
from lofte.policy.period import Period
from lofte.policy.retention import (
    Expression,
    acts_on,
    always_reaches,
    ends_on,
    latest,
    parse,
    read,
    term,
)
from tests.policy.skyltio import changed, policy

BOOKS = "year_end(fiscal_year.end) + P7Y"
DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
PERIODS = st.builds(
    Period,
    years=st.integers(0, 120),
    months=st.integers(0, 400),
    weeks=st.integers(0, 500),
    days=st.integers(0, 5000),
)
ANCHOR = st.from_regex(r"[a-z][a-z0-9_]{0,8}\.[a-z][a-z0-9_]{0,8}", fullmatch=True)
EXPRESSIONS = st.builds(Expression, anchor=ANCHOR, year_end=st.booleans(), period=PERIODS)


class TestTheLawsOwnDates:
    @pytest.mark.parametrize(
        ("year_ended", "kept_through"),
        [
            (date(2025, 12, 31), date(2032, 12, 31)),
            (date(2026, 4, 30), date(2033, 12, 31)),
            (date(2026, 6, 30), date(2033, 12, 31)),
            (date(2024, 2, 29), date(2031, 12, 31)),
        ],
    )
    def test_the_books_are_kept_through_the_seventh_year(self, year_ended, kept_through):
        assert ends_on(BOOKS, {"fiscal_year.end": year_ended}) == kept_through
        assert acts_on(kept_through) == date(kept_through.year + 1, 1, 1)

    @pytest.mark.parametrize(
        ("expression", "day", "end"),
        [
            ("a.b", "2026-05-05", "2026-05-05"),
            ("a.b + P3M", "2026-11-30", "2027-02-28"),
            ("a.b + P3M", "2027-11-30", "2028-02-29"),
            ("a.b + P1M", "2026-01-31", "2026-02-28"),
            ("a.b + P1Y", "2028-02-29", "2029-02-28"),
            ("a.b + P4Y", "2024-02-29", "2028-02-29"),
            ("a.b + P24M", "2026-02-28", "2028-02-28"),
            ("a.b + P90D", "2026-01-01", "2026-04-01"),
            ("a.b + P2W", "2026-12-24", "2027-01-07"),
            ("a.b + P1M1D", "2026-01-31", "2026-03-01"),
            ("a.b + P1Y1M", "2027-01-31", "2028-02-29"),
            ("year_end(a.b)", "2026-01-01", "2026-12-31"),
            ("year_end(a.b) + P2M", "2026-07-01", "2027-02-28"),
        ],
    )
    def test_months_and_years_clamp_to_the_last_day(self, expression, day, end):
        assert ends_on(expression, {"a.b": date.fromisoformat(day)}) == date.fromisoformat(end)


class TestArithmetic:
    @given(DAYS, PERIODS)
    @example(date(2024, 2, 29), Period(years=1))
    @example(date(2026, 12, 31), Period(months=2))
    def test_it_agrees_with_counting_one_month_and_one_day_at_a_time(self, day, period):
        year, month = day.year, day.month
        for _ in range(period.years * 12 + period.months):
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        first_of_next = date(year + month // 12, month % 12 + 1, 1)
        last = (first_of_next - timedelta(days=1)).day
        end = date(year, month, min(day.day, last)).toordinal() + period.weeks * 7 + period.days
        assert period.after(day).toordinal() == end

    @given(DAYS, DAYS, PERIODS)
    def test_what_began_later_never_ends_earlier(self, one, other, period):
        if one <= other:
            assert period.after(one) <= period.after(other)

    @given(DAYS, PERIODS)
    def test_nothing_ends_before_it_began(self, day, period):
        assert period.after(day) >= day

    @given(st.dates(), EXPRESSIONS)
    def test_the_end_of_the_calendar_is_an_end_too_late_never_too_early(self, day, expression):
        end = ends_on(expression, {expression.anchor: day})
        assert end is not None and end >= day

    def test_far_days_are_counted_exactly_too(self):
        assert ends_on("a.b + P7Y", {"a.b": date(9990, 5, 5)}) == date(9997, 5, 5)

    def test_what_ends_with_the_calendar_is_never_acted_on(self):
        assert ends_on("a.b + P1D", {"a.b": date.max}) == date.max
        assert acts_on(date.max) is None


class TestMoments:
    def test_a_moment_counts_on_its_day_in_sweden(self):
        late = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
        assert ends_on("a.b", {"a.b": late}) == date(2026, 7, 1)
        assert ends_on("a.b", {"a.b": late}, tz=ZoneInfo("America/New_York")) == date(2026, 6, 30)

    def test_the_year_ends_when_it_ends_in_sweden(self):
        new_year = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
        assert ends_on("year_end(a.b)", {"a.b": new_year}) == date(2027, 12, 31)

    def test_a_moment_without_zone_is_swedish_already(self):
        assert ends_on("a.b", {"a.b": datetime(2026, 6, 30, 23, 59)}) == date(2026, 6, 30)

    @given(
        st.datetimes(
            timezones=st.sampled_from([UTC, timezone(timedelta(hours=14)), timezone(-timedelta(hours=12))])
        )
    )
    @example(datetime.max.replace(tzinfo=timezone(-timedelta(hours=12))))
    @example(datetime.min.replace(tzinfo=timezone(timedelta(hours=14))))
    def test_no_moment_is_too_early_or_too_late_to_be_dated(self, moment):
        assert ends_on("a.b", {"a.b": moment}) is not None


class TestUnknown:
    @pytest.mark.parametrize("anchors", [{}, {"a.c": date(2026, 1, 1)}, {"a.b": None}])
    def test_an_unknown_anchor_has_no_end(self, anchors):
        assert ends_on("a.b + P1D", anchors) is None and acts_on(None) is None

    @given(st.lists(DAYS))
    def test_of_several_ends_the_last_counts(self, ends):
        assert latest(ends) == (max(ends) if ends else None)

    @given(st.lists(DAYS), st.integers(0, 5))
    def test_one_unknown_end_makes_the_whole_unknown(self, ends, at):
        assert latest([*ends[:at], None, *ends[at:]]) is None


class TestLanguage:
    @given(EXPRESSIONS)
    def test_what_is_written_is_read_back(self, expression):
        assert parse(str(expression)) == expression

    @given(EXPRESSIONS, st.sampled_from(["", " ", "  "]))
    def test_blanks_do_not_matter(self, expression, blank):
        text = str(expression).replace(" ", blank).replace("(", f"({blank}").replace(")", f"{blank})")
        assert parse(f" {text} ") == expression

    @pytest.mark.parametrize(
        "text",
        ["", "contract", "P7Y", "contract.end.x", "Contract.end", "contract.end +", "contract.end + 7Y",
         "contract.end P7Y", "contract.end - P7Y", "year_end contract.end", "year_end(contract.end",
         "contract.end) + P1Y", "year_end(year_end(a.b))", "month_end(a.b)", "a.b + P1Y + P1M", "a.b + P٣Y",
         "a.b + PT1H", "a.b + P", "a.b + P1.5Y", "a.b + p1y", "a.b + P1M1Y", "a.b + P-1Y", "å.b", "a.b\n+ P1Y;",
         "a." + "b" * 300],
    )  # fmt: skip
    def test_anything_else_is_a_fault_with_a_mend(self, text):
        fault = parse(text)
        assert isinstance(fault, Fault) and fault.number in ("P160", "P161") and fault.mend
        with pytest.raises(ValueError, match=r"."):
            read(text)

    @given(st.text(alphabet="year_nd(). +P17MDW\n", max_size=30))
    def test_no_text_can_make_it_raise(self, text):
        assert isinstance(parse(text), Expression | Fault)

    @given(PERIODS)
    def test_a_period_is_read_back(self, period):
        assert periods.parse(str(period)) == period

    @pytest.mark.parametrize(
        ("one", "other", "longer"),
        [("P31D", "P1M", True), ("P28D", "P1M", False), ("P30D", "P1M", True), ("P1M", "P1M", False),
         ("P4W", "P1M", False), ("P365D", "P12M", False), ("P366D", "P12M", True), ("P0D", "P1D", False)],
    )  # fmt: skip
    def test_a_period_is_longer_if_it_may_ever_end_later(self, one, other, longer):
        assert periods.parse(one).longer_than(periods.parse(other)) is longer


class TestComparing:
    @pytest.mark.parametrize(
        ("text", "reaches"),
        [
            (BOOKS, True),
            ("year_end(fiscal_year.end) + P8Y", True),
            ("year_end(fiscal_year.end) + P84M", True),
            ("fiscal_year.end + P8Y", True),
            ("fiscal_year.end + P7Y", False),
            ("year_end(fiscal_year.end) + P6Y11M", False),
            ("year_end(fiscal_year.end) + P2556D", False),
            ("year_end(contract.end) + P70Y", False),
        ],
    )
    def test_a_rule_reaches_the_law_from_every_day_or_not_at_all(self, text, reaches):
        assert always_reaches(read(text), read(BOOKS)) is reaches

    def test_rules_with_different_anchors_never_reach_each_other(self):
        assert not always_reaches(read("contract.end"), read("fiscal_year.end"))


class TestSeveralPurposes:
    KNOWN = {  # noqa: RUF012
        "contract.end": date(2026, 5, 31),
        "fiscal_year.end": date(2026, 12, 31),
        "event.time": datetime(2026, 5, 1, 12, tzinfo=UTC),
    }

    def test_a_row_stays_until_the_last_end(self):
        found = term(policy(), ["deliver", "invoice"], self.KNOWN)
        assert (found.until, found.rules, found.unknown) == (date(2033, 12, 31), ("books",), ())
        assert found.acts_on == date(2034, 1, 1)

    def test_a_row_may_be_used_until_the_last_purpose_that_may_use_it_ends(self):
        assert term(policy(), ["deliver", "invoice"], self.KNOWN).use_until == date(2026, 5, 31)
        assert term(policy(), ["invoice", "abuse"], self.KNOWN).use_until == date(2026, 7, 30)

    def test_a_step_before_the_next_does_not_end_the_keeping(self):
        assert term(policy(), ["deliver"], self.KNOWN).until == date(2026, 8, 31)

    def test_a_running_contract_has_no_end(self):
        found = term(policy(), ["deliver", "invoice"], self.KNOWN | {"contract.end": None})
        assert (found.until, found.use_until, found.unknown) == (None, None, ("contract.end",))
        assert found.acts_on is None and set(found.rules) == {"active", "after_end"}

    def test_restriction_does_not_wait_for_what_is_not_used(self):
        found = term(policy(), ["invoice"], {"fiscal_year.end": date(2026, 12, 31)})
        assert (found.until, found.use_until) == (date(2033, 12, 31), None)

    @pytest.mark.parametrize("purposes", [[], ["nobody_knows"], ["deliver", "nobody_knows"]])
    def test_without_a_known_purpose_nothing_is_ever_deleted(self, purposes):
        assert term(policy(), purposes, self.KNOWN).until is None

    def test_a_purpose_without_a_rule_is_never_deleted(self):
        text = changed(("retention: [logs]", "retention: []"))
        assert term(policy(text), ["abuse"], self.KNOWN).until is None

    def test_a_purpose_with_a_rule_that_is_not_there_is_never_deleted(self):
        text = changed(("retention: [logs]", "retention: [logs, gone]"))
        assert term(policy(text), ["abuse"], self.KNOWN).until is None

    @given(st.permutations(["deliver", "invoice", "abuse"]))
    def test_the_order_of_purposes_does_not_matter(self, purposes):
        assert term(policy(), purposes, self.KNOWN).until == date(2033, 12, 31)

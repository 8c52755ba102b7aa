"""Periods of ISO 8601 in years, months, weeks and days: `P7Y`, `P1M`, `P1Y6M`, `P90D`.

- Years and months are added first, in one go, and clamp to the last day of the month;
  weeks and days are added to that.
- A day past the end of the calendar is its last day: too late is never too early.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from lofte.fault import Fault, Place

_ISO = re.compile(r"P(?:(\d{1,4})Y)?(?:(\d{1,5})M)?(?:(\d{1,5})W)?(?:(\d{1,6})D)?", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """So many years, months, weeks and days."""

    years: int = 0
    months: int = 0
    weeks: int = 0
    days: int = 0

    def after(self, day: date) -> date:
        """The day this much later."""
        index = day.year * 12 + day.month - 1 + self.years * 12 + self.months
        year, month = divmod(index, 12)
        if year > date.max.year:
            return date.max
        clamped = date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
        try:
            return clamped + timedelta(weeks=self.weeks, days=self.days)
        except OverflowError:
            return date.max

    def __bool__(self) -> bool:
        return bool(self.years or self.months or self.weeks or self.days)

    def __str__(self) -> str:
        parts = ((self.years, "Y"), (self.months, "M"), (self.weeks, "W"), (self.days, "D"))
        return "P" + ("".join(f"{n}{unit}" for n, unit in parts if n) or "0D")

    def longer_than(self, other: Period) -> bool:
        """Whether it may end later than the other, from some day it is counted from."""
        return any(self.after(day) > other.after(day) for day in FOUR_YEARS)


def parse(text: str, place: Place | None = None) -> Period | Fault:
    """Read a period; what is none is a fault (P160)."""
    found = _ISO.fullmatch(text)
    if not found or text == "P":
        return Fault(
            number="P160",
            place=place or Place(),
            what=f"`{text}` is no period",
            mend="write years, months, weeks and days in that order: `P7Y`, `P24M`, `P2W`, `P90D`",
        )
    years, months, weeks, days = (int(n or 0) for n in found.groups())
    return Period(years=years, months=months, weeks=weeks, days=days)


FOUR_YEARS = tuple(date(2023, 1, 1) + timedelta(days=n) for n in range(1461))
"""Every day of four years, a leap year among them: what holds from all of these holds."""

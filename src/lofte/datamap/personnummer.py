"""Personnummer and samordningsnummer: one parser (folkbokföringslagen 1991:481 18-18 a §§).

Canonical: twelve digits. Ten digits name the youngest person born on or before the day they
are read; `+` names one who turns a hundred that year or is older. The tenth digit checks the
rest. A samordningsnummer has sixty added to the day.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache

OLDEST = 1800

_FORM = re.compile(r"([0-9]{2})?([0-9]{2})([0-9]{2})([0-9]{2})([-+ ]?)([0-9]{4}) *").fullmatch


def canonical_personnummer(raw: object, on: date) -> str | None:
    """Twelve digits, or None when this is no personnummer on this day.

    Blanks at the end are the padding of a fixed-width column. A number that lost its leading
    zeros in an integer column gets them back.
    """
    if isinstance(raw, bool):
        return None
    if isinstance(raw, Decimal) and raw == raw.to_integral_value():
        raw = int(raw)
    if isinstance(raw, int):
        raw = f"{raw:010d}" if 0 < raw < 10**12 else ""
    elif isinstance(raw, bytes):
        raw = raw.decode("ascii", "replace")
    return _canonical(raw, on) if isinstance(raw, str) and 10 <= len(raw) <= 32 else None


@lru_cache(maxsize=65536)
def _canonical(raw: str, on: date) -> str | None:
    form = _FORM(raw)
    if form is None:
        return None
    century, yy, mm, dd, sign, last = form.groups()
    if not _checks(yy + mm + dd + last) or (century and sign == "+"):
        return None
    year = int(century + yy) if century else _year(int(yy), int(mm), int(dd), sign, on)
    if year is None or year < OLDEST or _born(year, int(mm), int(dd)) is None:
        return None
    return f"{year:04d}{mm}{dd}{last}"


def _year(yy: int, month: int, day: int, sign: str, on: date) -> int | None:
    year = on.year - (on.year - yy) % 100
    if sign == "+":
        return year - 100 if year > on.year - 100 else year
    born = _born(year, month, day)
    # 29 February of a century that had none, or a day still to come: the hundred years before.
    return year if born is not None and born <= on else year - 100


def _born(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day - 60 if day > 60 else day)
    except ValueError:
        return None


def _checks(ten: str) -> bool:
    return check_digit(ten[:9]) == ten[9]


def check_digit(nine: str) -> str:
    """The tenth digit: times two and one by turns, digits added, up to the next ten."""
    total = 0
    for at, digit in enumerate(nine):
        doubled = int(digit) * (2 - at % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


def personnummer_spellings(value: str, on: date) -> tuple[str, ...]:
    """All ways to write the number that mean this person on this day."""
    eight, six, last = value[:8], value[2:8], value[8:]
    forms = (
        value,
        *(f"{eight}{sign}{last}" for sign in "- "),
        *(f"{six}{sign}{last}" for sign in ("-", "", " ", "+")),
    )
    return tuple(form for form in forms if canonical_personnummer(form, on) == value)

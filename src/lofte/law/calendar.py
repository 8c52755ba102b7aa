"""Days that count: Swedish public holidays, months that clamp, and the deadline of art. 12.3.

- Holidays are those of lag 1989:253: Sundays and thirteen named days. The eves (Christmas,
  Midsummer, New Year's) are not among them, so a deadline is never moved past an eve; that is
  the date nobody can call late.
- A deadline in months ends on the same date of its month, or on the last day if there is no
  such date; on a Saturday, Sunday or holiday it moves to the next working day
  (IMY; regulation 1182/71 art. 3.4). Days in between count, whatever they are.
- A deadline in hours (art. 33) does not stop for anything and is not counted here.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from lofte.law.wording import Wording

STOCKHOLM = ZoneInfo("Europe/Stockholm")
MONTHS_TO_ANSWER = 1
MONTHS_IF_EXTENDED = 3
"""One month and two further, counted from receipt (art. 12.3)."""


def due(received: date, months: int = MONTHS_TO_ANSWER) -> date:
    """The last day to answer what was received that day (art. 12.3)."""
    return next_working_day(add_months(received, months))


def add_months(day: date, months: int) -> date:
    """The same date so many months on, or the last day of a month that has no such date."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def next_working_day(day: date) -> date:
    """The day itself, or the first after it that is a working day."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def is_working_day(day: date) -> bool:
    """Neither Saturday, Sunday nor holiday. The eves are working days here."""
    return day.weekday() < 5 and day not in holidays(day.year)


def civil_date(moment: datetime) -> date:
    """The date in Sweden at that moment. A naive time is already Swedish."""
    return (moment.astimezone(STOCKHOLM) if moment.tzinfo else moment).date()


@lru_cache(maxsize=256)
def holidays(year: int) -> dict[date, Wording]:
    """The named days of lag 1989:253 in that year (as it stands since 2005)."""
    easter = easter_sunday(year)
    midsummer = _first_saturday_from(date(year, 6, 20))
    all_saints = _first_saturday_from(date(year, 10, 31))
    return {
        date(year, 1, 1): Wording(sv="nyårsdagen", en="New Year's Day"),
        date(year, 1, 6): Wording(sv="trettondedag jul", en="Epiphany"),
        easter - timedelta(days=2): Wording(sv="långfredagen", en="Good Friday"),
        easter: Wording(sv="påskdagen", en="Easter Sunday"),
        easter + timedelta(days=1): Wording(sv="annandag påsk", en="Easter Monday"),
        date(year, 5, 1): Wording(sv="första maj", en="May Day"),
        easter + timedelta(days=39): Wording(sv="Kristi himmelsfärdsdag", en="Ascension Day"),
        easter + timedelta(days=49): Wording(sv="pingstdagen", en="Whit Sunday"),
        date(year, 6, 6): Wording(sv="nationaldagen", en="National Day"),
        midsummer: Wording(sv="midsommardagen", en="Midsummer Day"),
        all_saints: Wording(sv="alla helgons dag", en="All Saints' Day"),
        date(year, 12, 25): Wording(sv="juldagen", en="Christmas Day"),
        date(year, 12, 26): Wording(sv="annandag jul", en="Boxing Day"),
    }


def easter_sunday(year: int) -> date:
    """Easter of the Gregorian calendar, by the anonymous computus."""
    golden = year % 19
    century, rest = divmod(year, 100)
    skipped, left = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - skipped - moon + 15) % 30
    leap, odd = divmod(rest, 4)
    weekday = (32 + 2 * left + 2 * leap - epact - odd) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def _first_saturday_from(day: date) -> date:
    return day + timedelta(days=(5 - day.weekday()) % 7)

"""The time in which a request is to be answered: when it began, when it stood still, when it is out.

- One month from receipt, two more when it is complex or there are many, if the person is told why before
  the first month is out (art. 12.3).
- The clock stands still while we wait to learn who is asking (art. 12.6), when we asked without undue
  delay, and at most once while the person says what is meant (recital 63; EDPB 01/2022, 157-159). It never
  stands still for anything of our own.
- Days that it stood still are added to the date, and only then is the date moved to a working day.
- Two dates are always told: the one that counts, and the one as if nothing had been stopped.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from lofte.errors import Refused
from lofte.law.calendar import (
    MONTHS_IF_EXTENDED,
    MONTHS_TO_ANSWER,
    add_months,
    is_working_day,
    next_working_day,
)

ASK_WITHIN = 3
"""Working days after receipt in which proof is asked for, or asking stops nothing (EDPB 01/2022, 157)."""
PARTS = (50, 75, 90)
"""Per cent of the time that have gone when somebody is warned."""
LEFT = (7, 3, 1)
"""Days that are left when somebody is warned."""


class Waits(StrEnum):
    """What we wait for from the person while the clock stands still."""

    IDENTITY = "identity"
    """Proof of who is asking (art. 12.6)."""
    SCOPE = "scope"
    """Which data or processing is meant, where there is much (recital 63)."""


class Because(StrEnum):
    """Why there are two more months (art. 12.3)."""

    COMPLEX = "complex"
    MANY = "many"


@dataclass(frozen=True, kw_only=True, slots=True)
class Stop:
    """A time in which the clock stood still, from the day we asked to the day we were answered."""

    waits: Waits
    since: date
    until: date | None = None
    """None = it still does."""

    def days(self, today: date) -> int:
        """Whole days it stood still, as of today."""
        return max(((self.until or today) - self.since).days, 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A day on which somebody is warned: so much of the time has gone, or so many days are left."""

    on: date
    gone: int = 0
    """Per cent; 0 = the mark is of days left."""
    left: int = 0
    """Days; 0 = the mark is of per cent."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """The time of one request."""

    received: date
    stops: tuple[Stop, ...] = ()
    months: int = MONTHS_TO_ANSWER
    """One, or up to three when it is extended."""

    def due(self, today: date) -> date:
        """The last day to answer, as it looks today."""
        return next_working_day(
            add_months(self.received, self.months) + timedelta(days=self.stood_still(today))
        )

    @property
    def unstopped(self) -> date:
        """The last day, as if the clock had never stood still."""
        return next_working_day(add_months(self.received, self.months))

    def first_due(self, today: date) -> date:
        """The last day of the first month, before which an extension is told (art. 12.3)."""
        return replace(self, months=MONTHS_TO_ANSWER).due(today)

    def stood_still(self, today: date) -> int:
        """Whole days that the clock has stood still."""
        return sum(stop.days(today) for stop in self.stops)

    @property
    def stopped(self) -> Stop | None:
        """The stop that lasts, if one does."""
        return next((stop for stop in self.stops if stop.until is None), None)

    def stop(self, waits: Waits, today: date) -> Clock:
        """The clock, standing still from today. Raises Refused."""
        if self.stopped is not None:
            raise Refused("the clock stands still already: one wait at a time")
        if today < self.received or any(stop.until and today < stop.until for stop in self.stops):
            raise Refused("the clock cannot be stopped before what has already happened")
        if today > self.due(today):
            raise Refused("the time is out: what is late cannot be stopped any more, only answered")
        if waits is Waits.SCOPE and any(stop.waits is Waits.SCOPE for stop in self.stops):
            raise Refused(
                "the person has been asked once what is meant; the clock is stopped for that once only"
            )
        if waits is Waits.IDENTITY and today > ask_by(self.received):
            raise Refused(
                f"proof asked for later than {ask_by(self.received)} stops no clock (EDPB 01/2022, 157); "
                "ask for it all the same, and answer in time"
            )
        return replace(self, stops=(*self.stops, Stop(waits=waits, since=today)))

    def go_on(self, today: date) -> Clock:
        """The clock, going on from today. Raises Refused."""
        lasts = self.stopped
        if lasts is None:
            raise Refused("the clock does not stand still: there is nothing to go on with")
        if today < lasts.since:
            raise Refused("the clock cannot go on before it was stopped")
        stops = (replace(stop, until=today) if stop is lasts else stop for stop in self.stops)
        return replace(self, stops=tuple(stops))

    def extend(self, months: int, today: date) -> Clock:
        """The clock with one or two months more, told to the person today. Raises Refused."""
        if not 1 <= months <= MONTHS_IF_EXTENDED - MONTHS_TO_ANSWER:
            raise Refused("the time can be extended by one month or by two (art. 12.3)")
        if self.months != MONTHS_TO_ANSWER:
            raise Refused("the time has been extended already; it can be extended once (art. 12.3)")
        if today > self.first_due(today):
            last = self.first_due(today)
            raise Refused(f"the person is told of an extension within the first month, by {last} (art. 12.3)")
        return replace(self, months=MONTHS_TO_ANSWER + months)

    def marks(self, today: date) -> tuple[Mark, ...]:
        """The days on which somebody is warned, the first first; none of them after the last day."""
        due = self.due(today)
        days = (due - self.received).days
        gone = (Mark(on=self.received + timedelta(days=-(-days * part // 100)), gone=part) for part in PARTS)
        left = (Mark(on=due - timedelta(days=each), left=each) for each in LEFT)
        return tuple(sorted((*gone, *left), key=lambda mark: (mark.on, mark.gone, -mark.left)))


def ask_by(received: date) -> date:
    """The last day on which asking for proof is without undue delay."""
    day, left = received, ASK_WITHIN
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return day


def reached(clock: Clock, after: date, today: date) -> tuple[Mark, ...]:
    """The marks that have been reached since the day `after`, up to and with today. None while the clock
    stands still: nobody can hurry then."""
    if clock.stopped is not None:
        return ()
    return tuple(mark for mark in clock.marks(today) if after < mark.on <= today)


def clock(received: date, stops: Iterable[Stop] = (), extended: int = 0) -> Clock:
    """The clock of what was received that day."""
    return Clock(received=received, stops=tuple(stops), months=MONTHS_TO_ANSWER + extended)

"""Columns that hold days: compared so that an index serves, and so that what is no day is never past.

A day of the plan becomes what the column holds: a date, a moment of local time, a moment in UTC. What the
database takes for a date and the calendar does not (`0000-00-00`, 31 February, `infinity`, any text at all
in SQLite) is neither past nor to come; it is counted and told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from lofte.connectors.sql.dialects import Condition, Expression
from lofte.connectors.sql.fact_rows import day_of
from lofte.datamap.catalogue import LiveColumn, TypeClass
from lofte.law.calendar import STOCKHOLM
from lofte.plan.due import midnight

_HOUR = 3600
_FIRST, _LAST = date(1, 1, 2), date(9999, 12, 30)
"""A day from either end of the calendar: no time zone leads out of it."""
_FAR = date(9990, 12, 31)


@dataclass(frozen=True, slots=True)
class DayColumn:
    """One column of one dataset, as days."""

    before: Callable[[date], Condition]
    """Its day lies before this one."""
    there: Condition
    """It holds a day."""
    wrong: Condition
    """It holds something that is no day."""
    told: Expression
    """The day, or a short time within it, in a form that can be compared and read with `read`."""
    read: Callable[[Any], date]

    def past(self, through: date) -> Condition:
        """Its day is this one or an earlier one."""
        return self.before(min(through, _FAR) + timedelta(days=1))


def day_column(kind: str, column: Expression, live: LiveColumn, type_: Any) -> DayColumn | None:
    """The column of this kind of database as days; None when it cannot hold any."""
    if kind == "sqlite":
        return _sqlite(column)
    if live.type not in (TypeClass.DATE, TypeClass.TIME) or isinstance(type_, sa.Time):
        return None
    if kind == "postgresql":
        return _postgres(column, live, zoned=bool(getattr(type_, "timezone", False)))
    return _maria_stamp(column) if isinstance(type_, mysql.TIMESTAMP) else _maria(column)


def sqlite_day(raw: Any) -> str | None:
    """The SQL function `lofte_day`: the civil day of whatever stands in a column of SQLite."""
    day = day_of(raw)
    return None if day is None else day.isoformat()


def _sqlite(column: Expression) -> DayColumn:
    """SQLite keeps a date as whatever was written. The year that the text begins with is a net wide
    enough for any time zone, and uses an index; the function looks at the rest."""
    raw = sa.type_coerce(column, sa.Text)
    day = sa.func.lofte_day(raw, type_=sa.Text)

    def before(bound: date) -> Condition:
        year = (bound + timedelta(days=1)).year + 1
        # With its hyphen the bound is no number: else a DATE column would compare as numbers do.
        return sa.and_(raw < sa.literal(f"{year:04d}-"), day < sa.literal(bound.isoformat()))

    wrong = sa.and_(column.is_not(None), day.is_(None))
    return DayColumn(before, day.is_not(None), wrong, day, date.fromisoformat)


def _postgres(column: Expression, live: LiveColumn, *, zoned: bool) -> DayColumn:
    if live.type is TypeClass.DATE:
        bound: Callable[[date], Expression] = lambda day: sa.literal(day, sa.Date)  # noqa: E731
        ends = sa.literal(_FIRST, sa.Date), sa.literal(_LAST, sa.Date)
        text = sa.cast(column, sa.Text)
    elif zoned:
        kind: Any = sa.DateTime(timezone=True)
        bound = lambda day: sa.literal(midnight(day), kind)  # noqa: E731
        ends = (
            sa.literal(datetime.combine(_FIRST, time(), UTC), kind),
            sa.literal(datetime.combine(_LAST, time(), UTC), kind),
        )
        local = sa.func.timezone(sa.literal(str(STOCKHOLM)), column)
        text = sa.cast(sa.cast(local, sa.Date), sa.Text)
    else:
        bound = lambda day: sa.literal(datetime.combine(day, time()), sa.DateTime)  # noqa: E731
        ends = (
            sa.literal(datetime.combine(_FIRST, time()), sa.DateTime),
            sa.literal(datetime.combine(_LAST, time()), sa.DateTime),
        )
        text = sa.cast(sa.cast(column, sa.Date), sa.Text)
    there = sa.and_(column >= ends[0], column <= ends[1])
    return DayColumn(
        before=lambda day: sa.and_(column >= ends[0], column < bound(day)),
        there=there,
        wrong=sa.and_(column.is_not(None), sa.not_(there)),
        told=text,
        read=date.fromisoformat,
    )


def _maria(column: Expression) -> DayColumn:
    """DATE and DATETIME. A day that counts there and back to another one is none."""
    real = sa.func.from_days(sa.func.to_days(column)) == sa.func.date(column)
    there = sa.and_(column >= sa.literal(_FIRST.isoformat()), sa.func.coalesce(real, sa.false()))
    return DayColumn(
        before=lambda day: sa.and_(column < sa.literal(day.isoformat(), sa.Text), there),
        there=there,
        wrong=sa.and_(column.is_not(None), sa.not_(there)),
        told=sa.cast(sa.func.date(column), sa.CHAR(10)),
        read=date.fromisoformat,
    )


def _maria_stamp(column: Expression) -> DayColumn:
    """TIMESTAMP is a moment, shown in the zone of whoever asks; it is compared as the moment it is."""
    seconds = sa.func.unix_timestamp(column)
    there = seconds > sa.literal(0)
    return DayColumn(
        before=lambda day: sa.and_(
            column < sa.func.from_unixtime(sa.literal(int(midnight(day).timestamp()))), there
        ),
        there=sa.func.coalesce(there, sa.false()),
        wrong=sa.and_(column.is_not(None), sa.not_(sa.func.coalesce(there, sa.false()))),
        told=sa.cast(sa.func.floor(seconds / sa.literal(_HOUR)), sa.BigInteger),
        read=lambda hours: datetime.fromtimestamp(int(hours) * _HOUR, STOCKHOLM).date(),
    )

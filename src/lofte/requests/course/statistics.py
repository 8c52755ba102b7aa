"""How fast requests are answered: shares, days and counts. Numbers alone, of nobody (art. 5.2, 12.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Max, QuerySet

from lofte.law.calendar import STOCKHOLM, civil_date
from lofte.requests.course.roads import State
from lofte.requests.course.ticking import clock_of
from lofte.requests.models import Request, Transition

AGES = (7, 14, 21, 31, 61)
"""Days since receipt, the last day of each part; what is older is a part of its own."""
_CLOSED = [state.value for state in State if not state.open]
_AT_ONCE = 2000


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """A request, as far as it counts."""

    number: str
    right: str
    channel: str
    state: str
    received: date
    due: date
    answered: date | None

    @property
    def days(self) -> int | None:
        """Days to the answer."""
        return (self.answered - self.received).days if self.answered else None

    def late(self, today: date) -> bool:
        """Answered after its last day, or open though that has passed."""
        return (self.answered or today) > self.due


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """Counts of some requests."""

    received: int
    in_time: int
    late: int
    """Answered too late, or not answered though the last day has passed."""
    waiting: int
    """Open, with time left."""
    median: int | None
    """Days to the answer; None = nothing is answered."""
    ninetieth: int | None
    """So many days, or fewer, for nine of ten."""

    @property
    def in_time_percent(self) -> int | None:
        """Of those whose time is out or that are answered; never told better than it is."""
        judged = self.in_time + self.late
        return 100 * self.in_time // judged if judged else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """The figures of a right, a channel or a month."""

    name: str
    figures: Figures


@dataclass(frozen=True, kw_only=True, slots=True)
class Statistics:
    """All that is told of a period."""

    since: date
    until: date
    all: Figures
    by_right: tuple[Part, ...]
    by_channel: tuple[Part, ...]
    by_month: tuple[Part, ...]
    ages: tuple[int, ...]
    """Open now, by age, whatever the period: as many as `AGES` and one more."""


def statistics(since: date, until: date, today: date) -> Statistics:
    """The figures of what was received from `since` to `until`, both within."""
    found = received_between(since, until, today)
    return Statistics(
        since=since,
        until=until,
        all=figures(found, today),
        by_right=_parts(found, lambda each: each.right, today),
        by_channel=_parts(found, lambda each: each.channel, today),
        by_month=tuple(
            Part(name=month, figures=figures([c for c in found if f"{c.received:%Y-%m}" == month], today))
            for month in _months(since, until)
        ),
        ages=_ages(today),
    )


def received_between(since: date, until: date, today: date) -> list[Counted]:
    """What was received in these days, the first first."""
    begins = datetime.combine(since, time.min, STOCKHOLM)
    ends = datetime.combine(until, time.max, STOCKHOLM)
    found = Request.objects.filter(received_at__gte=begins, received_at__lte=ends)
    return counted(found.order_by("received_at"), today)


def counted(requests: QuerySet[Request], today: date) -> list[Counted]:
    """The same of any requests, in their order."""
    rows = list(requests.defer("key").prefetch_related("clock_events"))
    answered: dict[int, datetime] = {}
    closed = [each.pk for each in rows if each.state in _CLOSED]
    for start in range(0, len(closed), _AT_ONCE):
        ends = Transition.objects.filter(to_state__in=_CLOSED, request__in=closed[start : start + _AT_ONCE])
        answered |= dict(ends.order_by().values_list("request").annotate(last=Max("at")))
    return [
        Counted(
            number=each.number,
            right=each.right,
            channel=each.channel,
            state=each.state,
            received=civil_date(each.received_at),
            # While the clock stands still the last day moves with today.
            due=clock_of(each).due(today) if each.clock_events.all() else each.due_on,
            answered=civil_date(answered[each.pk]) if each.pk in answered else None,
        )
        for each in rows
    ]


def figures(some: Sequence[Counted], today: date) -> Figures:
    """The figures of these."""
    days = sorted(each.days for each in some if each.days is not None)
    late = sum(each.late(today) for each in some)
    in_time = sum(each.answered is not None and not each.late(today) for each in some)
    return Figures(
        received=len(some),
        in_time=in_time,
        late=late,
        waiting=len(some) - late - in_time,
        median=_nearest(days, 50),
        ninetieth=_nearest(days, 90),
    )


def _nearest(days: Sequence[int], percent: int) -> int | None:
    """The nearest-rank percentile: a number of days that a request has really taken."""
    return days[max(-(-len(days) * percent // 100), 1) - 1] if days else None


def _parts(some: Sequence[Counted], by: Callable[[Counted], str], today: date) -> tuple[Part, ...]:
    groups: dict[str, list[Counted]] = {}
    for each in some:
        groups.setdefault(by(each), []).append(each)
    parts = (Part(name=name, figures=figures(group, today)) for name, group in groups.items())
    return tuple(sorted(parts, key=lambda part: (-part.figures.received, part.name)))


def _months(since: date, until: date) -> Iterable[str]:
    year, month = since.year, since.month
    while (year, month) <= (until.year, until.month):
        yield f"{year}-{month:02}"
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _ages(today: date) -> tuple[int, ...]:
    counts = [0] * (len(AGES) + 1)
    open_ = Request.objects.exclude(state__in=_CLOSED).values_list("received_at", flat=True)
    for received in open_:
        age = (today - civil_date(received)).days
        counts[next((n for n, last in enumerate(AGES) if age <= last), len(AGES))] += 1
    return tuple(counts)

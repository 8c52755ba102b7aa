"""What will leave, day by day: the sweep of days to come (art. 5.1 e)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from lofte.connectors.sweeping import SweepingSession
from lofte.errors import FaultsFound
from lofte.execution.house import House
from lofte.policy.retention import acts_on
from lofte.retention.ahead import Connect, opened, swept


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaving:
    """Rows of one dataset whose time is out on one day; holds may keep some of them."""

    day: date
    """The first day on which they may go. What is past already goes today."""
    system: str
    dataset: str
    rows: int


def calendar(house: House, connect: Connect, days: int) -> tuple[Leaving, ...]:
    """What leaves from today and so many days on, in order. Raises Unreachable."""
    today, found = house.today, list[Leaving]()
    for system in house.datamap.systems:
        datasets = list(swept(house.policy, system))
        if not datasets:
            continue
        connector = opened(connect, system)
        try:
            with connector.session() as looking:
                due = cast(SweepingSession, looking).due(house.policy.controller.fiscal_year_end)
                for id_, timed in datasets:
                    try:
                        ends = due.leaving(id_, timed)
                    except FaultsFound:
                        continue  # `lofte sweep --dry-run` tells it
                    by_day: dict[date, int] = {}
                    for until, rows in ends.items():
                        day = max(acts_on(until) or date.max, today)
                        if day <= today + timedelta(days=days):
                            by_day[day] = by_day.get(day, 0) + rows
                    found += [
                        Leaving(day=day, system=system.id, dataset=id_, rows=rows)
                        for day, rows in by_day.items()
                    ]
        finally:
            connector.close()
    return tuple(sorted(found, key=lambda each: (each.day, each.system, each.dataset)))

"""What will leave, day by day: the sweep of days to come (art. 5.1 e)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from lofte.connectors.sweeping import SweepingSession
from lofte.datamap.document import System
from lofte.errors import FaultsFound
from lofte.execution.house import House
from lofte.plan.due import Fate
from lofte.policy.retention import acts_on
from lofte.retention.ahead import Connect, Task, opened, swept, tasks


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
    until = {
        (system.id, dataset): rows
        for system in house.datamap.systems
        for dataset, rows in ends(house, connect, system).items()
    }
    return leaving(house, tasks(house, connect, house.today), until, days)


def leaving(
    house: House,
    found: Iterable[Task],
    until: Mapping[tuple[str, str], Mapping[date, int]],
    days: int,
) -> tuple[Leaving, ...]:
    """What leaves, in order: tonight as the sweep sees it, for rows that stayed as nobody's keep their old
    day and others wait or are held; later by the last days of keeping."""
    ahead = [each for at, rows in until.items() for each in by_day(house, *at, rows, days)]
    tonight = [
        Leaving(day=house.today, system=task.system, dataset=task.dataset, rows=task.free)
        for task in found
        if task.free and task.fate is not Fate.MINIMISE
    ]
    later = [each for each in ahead if each.day > house.today]
    return tuple(sorted([*tonight, *later], key=lambda each: (each.day, each.system, each.dataset)))


def by_day(
    house: House, system: str, dataset: str, until: Mapping[date, int], days: int
) -> Iterator[Leaving]:
    """The days from today and so many days on, on which rows with these last days of keeping may go."""
    counted: dict[date, int] = {}
    for last, rows in until.items():
        day = max(acts_on(last) or date.max, house.today)
        if day <= house.today + timedelta(days=days):
            counted[day] = counted.get(day, 0) + rows
    for day, rows in counted.items():
        yield Leaving(day=day, system=system, dataset=dataset, rows=rows)


def ends(house: House, connect: Connect, system: System) -> dict[str, Mapping[date, int]]:
    """By dataset that is swept: how many rows have each last day of keeping. What the database cannot tell
    is left out; `lofte sweep --dry-run` says why. Raises Unreachable."""
    datasets = list(swept(house.policy, system))
    if not datasets:
        return {}
    found: dict[str, Mapping[date, int]] = {}
    connector = opened(connect, system)
    try:
        with connector.session() as looking:
            due = cast(SweepingSession, looking).due(house.policy.controller.fiscal_year_end)
            for id_, timed in datasets:
                with suppress(FaultsFound):
                    found[id_] = due.leaving(id_, timed)
    finally:
        connector.close()
    return found

"""What the sweeps have before them, kept as it was looked up: for pages, which never wait for a system.

Hard rules:
- Counts, days and ids; nothing of anybody.
- An approval is of what was seen: a rule or a map that has changed since is looked at anew first.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from lofte.errors import Conflict, FaultsFound, Refused, Unreachable
from lofte.execution.house import House
from lofte.execution.store import writing
from lofte.notices.models import PublishedPolicy
from lofte.plan.due import Fate
from lofte.policy.retention import acts_on
from lofte.retention import ahead
from lofte.retention.ahead import Connect, Task
from lofte.retention.approve import approve
from lofte.retention.calendar import Leaving, ends
from lofte.retention.calendar import leaving as ahead_of
from lofte.retention.models import Approval, Outlook

DAYS = 90
"""How far ahead it is looked."""
EVERY = timedelta(days=1)
KEPT = 400
"""Outlooks that are kept; the oldest leave."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Prospect:
    """One dataset and what becomes of its rows, as it was seen."""

    task: Task
    spare: int | None
    """Days until the first of all its rows may go: 0 = today, less = it should be gone; None = not known."""


def ask(house: House, *, by: str = "") -> Outlook:
    """Let the server look as soon as it can; one that waits already is enough."""
    waiting = Outlook.objects.filter(made_at=None).first()
    return waiting or Outlook.objects.create(ref=secrets.token_hex(16), asked_at=house.now, by=by)


def due(now: datetime) -> bool:
    """Whether somebody waits, or the newest is a day old; never while nothing is published."""
    if waits():
        return True
    last = newest()
    old = last is None or last.made_at is None or now - last.made_at >= EVERY
    return old and PublishedPolicy.objects.exists()


def waits() -> bool:
    """Whether one is asked for and not made yet."""
    return Outlook.objects.filter(made_at=None).exists()


def newest() -> Outlook | None:
    """The newest that is made."""
    return Outlook.objects.exclude(made_at=None).order_by("-made_at", "-id").first()


def make(house: House, connect: Connect) -> Outlook:
    """Look into every system. One that does not answer is told as such in its tasks."""
    found = ahead.tasks(house, connect, house.today)
    until: dict[tuple[str, str], Mapping[date, int]] = {}
    for system in house.datamap.systems:
        try:
            of_system = ends(house, connect, system)
        except (FaultsFound, Unreachable):
            continue
        until |= {(system.id, dataset): rows for dataset, rows in of_system.items()}
    coming = ahead_of(house, found, until, DAYS)
    run = ask(house)
    with writing():
        run.made_at, run.as_of = house.now, house.today
        run.tasks = [_plain(task, until.get((task.system, task.dataset), {}), house.today) for task in found]
        run.leaving = [[e.day.isoformat(), e.system, e.dataset, e.rows] for e in coming]
        run.save()
        old = Outlook.objects.exclude(made_at=None).order_by("-id").values_list("pk", flat=True)[KEPT:]
        Outlook.objects.filter(pk__in=list(old)).delete()
    return run


def prospects(outlook: Outlook) -> tuple[Prospect, ...]:
    """What was before the sweeps then."""
    return tuple(_prospect(each) for each in outlook.tasks)


def leaving(outlook: Outlook) -> tuple[Leaving, ...]:
    """What would leave in the days to come, in order."""
    return tuple(
        Leaving(day=date.fromisoformat(day), system=system, dataset=dataset, rows=rows)
        for day, system, dataset, rows in outlook.leaving
    )


def spares(last: int = 90) -> dict[tuple[str, str], tuple[tuple[date, int], ...]]:
    """By dataset: on each day that was looked, how many days the row with the least time had left."""
    found: dict[tuple[str, str], dict[date, int]] = {}
    runs = Outlook.objects.exclude(made_at=None).order_by("-id")[:last]
    for run in reversed(runs):
        if run.as_of is None:
            continue
        for each in prospects(run):
            if each.spare is not None:
                found.setdefault((each.task.system, each.task.dataset), {})[run.as_of] = each.spare
    return {at: tuple(days.items()) for at, days in found.items()}


def approve_seen(house: House, refs: Iterable[str], *, by: str) -> tuple[Approval, ...]:
    """Let what was seen be done from now on; `refs` are `system.dataset.fate`. Raises Refused when nothing
    is chosen or known, Conflict when a rule or the map has changed since it was looked at."""
    last, wanted = newest(), set(refs)
    seen = {name(each.task): each.task for each in prospects(last)} if last else {}
    if not wanted or not wanted <= set(seen):
        raise Refused("choose what is approved among what was looked at")
    chosen = [seen[ref] for ref in sorted(wanted)]
    for task in chosen:
        if task.why and task.why != "unapproved":
            raise Refused(f"`{name(task)}` cannot be done as it is ({task.why}); approving it would not help")
        if task.digest != _now(house, task):
            raise Conflict("the policy or the data map has changed since this was looked at; look again")
    return approve(house, chosen, by=by)


def name(task: Task) -> str:
    """What a task is called among those of its outlook."""
    return f"{task.system}.{task.dataset}.{task.fate.value}"


def _now(house: House, task: Task) -> str:
    try:
        dataset = house.datamap.system(task.system).datasets[task.dataset]
    except KeyError:
        return ""
    return ahead.digest(house.policy, dataset, task.fate)


def _plain(task: Task, until: Mapping[date, int], today: date) -> dict[str, Any]:
    plain = asdict(task)
    plain["rules"] = list(task.rules)
    plain["fate"] = task.fate.value
    plain["oldest"], plain["newest"] = (each and each.isoformat() for each in (task.oldest, task.newest))
    return {"task": plain, "spare": None if task.fate is Fate.MINIMISE else _spare(task, until, today)}


def _spare(task: Task, until: Mapping[date, int], today: date) -> int | None:
    """Where no row is past its time for the sweep, older ones have stayed as nobody's and count no more."""
    days = [(day - today).days for last in until if (day := acts_on(last)) is not None]
    return min((left for left in days if task.rows or left > 0), default=None)


def _prospect(each: Mapping[str, Any]) -> Prospect:
    told: dict[str, Any] = dict(each["task"])
    rules: Sequence[str] = told.pop("rules")
    oldest, newest_ = told.pop("oldest"), told.pop("newest")
    task = Task(
        **told | {"fate": Fate(told["fate"])},
        rules=tuple(rules),
        oldest=date.fromisoformat(oldest) if oldest else None,
        newest=date.fromisoformat(newest_) if newest_ else None,
    )
    return Prospect(task=task, spare=each["spare"])

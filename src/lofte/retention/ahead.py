"""What a sweep has before it: per dataset and fate, how many rows, and what stops them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import median
from typing import Any, cast

from lofte.connectors.protocol import Connector, Erasing
from lofte.connectors.sweeping import Ahead, DueRows, SweepingSession
from lofte.datamap.document import Dataset, System
from lofte.datamap.tracing import Key
from lofte.errors import FaultsFound, Refused, Unreachable
from lofte.execution.house import House
from lofte.fault import Fault, Place
from lofte.plan.due import Fate, Timing, timing
from lofte.plan.sweep import children_first, fates_of, stays
from lofte.plan.verdict import Changes
from lofte.policy.document import Policy
from lofte.retention.held import Held
from lofte.retention.models import Approval, Line

Connect = Callable[[System], Connector]
ENOUGH = 100
"""Up to so many rows a night are never unusual."""
TIMES = 3
"""How many times the usual is unusual."""
_LAST = 7
"""Sweeps that say what is usual."""
_PAGE = 5_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """What a sweep would do to one dataset: one fate of its rows."""

    system: str
    dataset: str
    fate: Fate
    rules: tuple[str, ...] = ()
    digest: str = ""
    """Of the rules and of what the map says of the dataset."""
    rows: int = 0
    waiting: int = 0
    held: int = 0
    unknown: int = 0
    wrong: int = 0
    oldest: date | None = None
    newest: date | None = None
    why: str = ""
    """Why nothing is done: `unapproved`, `unusual`, `faults`, `unclear`, `unreachable`; empty = it is."""
    usual: int = 0
    """Rows of a usual night."""

    @property
    def free(self) -> int:
        """Rows past their time that nothing keeps."""
        return max(0, self.rows - self.waiting - self.held)


def tasks(
    house: House, connect: Connect, on: date, *, system: str = "", rule: str = "", wide: bool = False
) -> list[Task]:
    """What is ahead on this day, children before parents. Systems that do not answer are told as such."""
    known = {each.id for each in house.datamap.systems}
    if system and system not in known:
        raise Refused(f"the data map has no system `{system}`; it has: {', '.join(sorted(known))}")
    if rule and rule not in house.policy.retention:
        raise Refused(f"the policy has no retention rule `{rule}`; see `retention` in policy.yaml")
    found: list[Task] = []
    for each in house.datamap.systems:
        if system in ("", each.id):
            found += _of_system(house, connect, each, on, rule, wide)
    return found


def opened(connect: Connect, system: System) -> Erasing:
    """The system, open for letting rows go. Raises Refused when its kind cannot."""
    connector = connect(system)
    if isinstance(connector, Erasing):
        return connector
    connector.close()
    raise Refused(f"rows of `{system.id}` cannot be swept by a connector of this kind; do it there by hand")


def shrunk(system: System, due: DueRows, dataset: str, fate: Fate) -> Changes:
    """What is changed in rows of this fate that stay, or that must wait. Raises FaultsFound (X002)."""
    ground = due.grounds[dataset]
    if missing := [name for name in system.datasets[dataset].fields if name not in ground.columns]:
        place = Place(path=f"{system.id}.{dataset}.{missing[0]}")
        what, mend = "the table has no such column", "run `lofte check`"
        raise FaultsFound([Fault(number="X002", place=place, what=what, mend=mend)])
    return stays(system, dataset, ground, due.ties, fate)


def swept(policy: Policy, system: System) -> Iterator[tuple[str, Timing]]:
    """The datasets that the company itself answers for and whose rows have an end."""
    for id_, dataset in system.datasets.items():
        timed = timing(policy, dataset)
        if dataset.role == "controller" and timed.ends:
            yield id_, timed


def digest(policy: Policy, dataset: Dataset, fate: Fate) -> str:
    """Of all that decides which rows of a dataset have this fate, and what is done to them."""
    rules = {
        id_: [rule.keep_until, rule.restrict_at, rule.action]
        for id_ in timing(policy, dataset).rules
        if (rule := policy.retention[id_])
    }
    fields = {
        name: [field.erase, field.replace_with, field.coarse]
        for name, field in dataset.fields.items()
        if field.erase is not None
    }
    anchors = {name: [a.column, a.fiscal_year] for name, a in dataset.anchors.items()}
    told = [fate, rules, fields, anchors, dataset.table, dataset.schema_, dataset.key, dataset.where,
            policy.controller.fiscal_year_end]  # fmt: skip
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _of_system(house: House, connect: Connect, system: System, on: date, rule: str, wide: bool) -> list[Task]:
    datasets = dict(swept(house.policy, system))
    plain = [
        Task(
            system=system.id,
            dataset=id_,
            fate=fate,
            rules=_rules(house.policy, timed, fate),
            digest=digest(house.policy, system.datasets[id_], fate),
        )
        for id_, timed in datasets.items()
        for fate in fates_of(timed)
    ]
    plain = [task for task in plain if not rule or rule in task.rules]
    if not plain:
        return []
    try:
        connector = opened(connect, system)
    except (FaultsFound, Unreachable) as error:
        return [replace(task, why=_why(error)) for task in plain]
    try:
        with connector.session() as looking:
            session = cast(SweepingSession, looking)
            return _counted(house, session, system, on, plain, datasets, wide)
    except (FaultsFound, Unreachable) as error:
        return [replace(task, why=_why(error)) for task in plain]
    finally:
        connector.close()


def _counted(
    house: House,
    session: SweepingSession,
    system: System,
    on: date,
    plain: Sequence[Task],
    datasets: dict[str, Timing],
    wide: bool,
) -> list[Task]:
    due = session.due(house.policy.controller.fiscal_year_end)
    rows, unclear = Held(house=house, system=system).rows(session)
    order = children_first(sorted(datasets), due.ties)
    found = []
    for id_ in order:
        mine = [task for task in plain if task.dataset == id_]
        if not mine:
            continue
        try:
            shrink = {t.fate: shrunk(system, due, id_, t.fate) for t in mine}
            mine = [task for task in mine if task.fate.goes or shrink[task.fate]]
            ahead = due.ahead(id_, datasets[id_], on, shrink)
        except FaultsFound as error:
            found += [replace(task, why=_why(error)) for task in mine]
            continue
        held = {key for dataset, key in rows if dataset == id_}
        for task in mine:
            counted = _with(task, ahead, len(held and _over(session, house, task, datasets[id_], on) & held))
            found.append(replace(counted, why="unclear") if id_ in unclear else _judged(counted, wide))
    return found


def _over(
    session: SweepingSession, house: House, task: Task, timed: Timing, on: date
) -> set[tuple[str, ...]]:
    """The rows of a task, page by page: needed only where somebody is held."""
    due = session.due(house.policy.controller.fiscal_year_end)
    found: set[Key] = set()
    after: tuple[Any, ...] | None = None
    while True:
        page = due.page(task.dataset, timed, on, use=task.fate is Fate.MINIMISE, after=after, size=_PAGE)
        found |= {row.key for row in page.rows if row.fate is task.fate}
        if (after := page.last) is None:
            return found


def _with(task: Task, ahead: Ahead, held: int) -> Task:
    over = task.fate is not Fate.MINIMISE
    return replace(
        task,
        rows=ahead.fates.get(task.fate, 0),
        waiting=ahead.waiting if task.fate.goes else 0,
        held=held,
        unknown=ahead.unknown if over else 0,
        wrong=ahead.wrong if over else 0,
        oldest=ahead.oldest if over else None,
        newest=ahead.newest if over else None,
    )


def _judged(task: Task, wide: bool) -> Task:
    approval = approved(task)
    if approval is None:
        return replace(task, why="unapproved")
    usual = _usual(task, approval)
    unusual = task.rows > max(ENOUGH, TIMES * usual) and not wide
    return replace(task, usual=usual, why="unusual" if unusual else "")


def approved(task: Task) -> Approval | None:
    """The newest approval of exactly this."""
    found = Approval.objects.filter(
        system=task.system, dataset=task.dataset, fate=task.fate, digest=task.digest
    )
    return found.order_by("-id").first()


def _usual(task: Task, approval: Approval) -> int:
    """The median of what the last nights had before them; before the first, what was approved."""
    lines = Line.objects.filter(
        system=task.system,
        dataset=task.dataset,
        fate=task.fate,
        sweep__end__isnull=False,
        sweep__at__gte=approval.at,
    )
    nights: dict[date, int] = {}
    for day, rows in lines.order_by("-sweep__as_of").values_list("sweep__as_of", "rows")[: 4 * _LAST]:
        nights[day] = max(nights.get(day, 0), rows)
    return int(median(list(nights.values())[:_LAST])) if nights else approval.rows


def _rules(policy: Policy, timed: Timing, fate: Fate) -> tuple[str, ...]:
    if fate is Fate.MINIMISE:
        return tuple(id_ for id_ in timed.rules if policy.retention[id_].restrict_at)
    return tuple(id_ for id_, (_, said) in timed.fates.items() if said is fate)


def _why(error: FaultsFound | Unreachable) -> str:
    return "unreachable" if isinstance(error, Unreachable) else "faults"

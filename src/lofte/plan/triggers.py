"""Triggers: what a database does by itself when rows are touched, and whether somebody has looked at it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lofte.datamap.document import System
from lofte.fault import Fault, Place
from lofte.plan.facts import Facts
from lofte.plan.records import Verb
from lofte.plan.verdict import Act


def unnamed_triggers(system: System, facts: Facts, acts: Sequence[Act] | Fault) -> Iterator[Fault]:
    """A trigger on a table that is touched, which the map does not name."""
    events: dict[str, set[str]] = {}
    for act in () if isinstance(acts, Fault) else acts:
        # Rows that go may have their links emptied first: that is an update too.
        event = "delete" if act.verb is Verb.DELETE else "update"
        events.setdefault(act.at.dataset, set()).add(event)
    for dataset, fired in events.items():
        accepted = {trigger.name for trigger in system.datasets[dataset].triggers}
        for trigger in facts.grounds[dataset].triggers:
            if trigger.events & fired and trigger.name not in accepted:
                yield Fault(
                    number="X102",
                    place=Place(path=f"{system.id}.{dataset}"),
                    what=f"the trigger `{trigger.name}` fires when its rows are erased, and is not named",
                    mend="look at what it writes; then name it under `triggers` with a reason, or drop it",
                )

"""Counting what is past its time, for the proof: by other code than the sweep (art. 5.2)."""

from __future__ import annotations

from collections.abc import Callable

from lofte.connectors.sql.plainly import PlainReader
from lofte.datamap.document import System
from lofte.errors import LofteError
from lofte.execution.house import House
from lofte.proof import retention as counting
from lofte.proof.records import Evidence
from lofte.retention.models import Line

Plain = Callable[[System], PlainReader]


def counted(house: House, plain: Plain) -> tuple[Evidence, ...]:
    """Live checks of every system that answers. One that does not gives no evidence."""
    found: list[Evidence] = []
    for system in house.datamap.systems:
        if system.connector != "sql":
            continue
        try:
            reader = plain(system)
        except LofteError:
            continue
        try:
            looked = counting.look(house.policy, system, reader.texts, house.today)
        except LofteError:
            continue
        finally:
            reader.close()
        found += counting.counted(looked, _excused(system), house.now, house.policy_version)
    return tuple(found)


def _excused(system: System) -> dict[tuple[str, str], int]:
    """Rows that the last sweep of each dataset let be, with reason."""
    found: dict[tuple[str, str], int] = {}
    seen: set[tuple[str, str]] = set()
    lines = Line.objects.filter(system=system.id, sweep__end__isnull=False).order_by("-pk")
    for line in lines[:2000]:
        if (line.dataset, line.fate) in seen or line.fate == "minimise":
            continue
        seen.add((line.dataset, line.fate))
        stayed = max(0, line.rows - line.gone) if line.held or line.waiting else 0
        for rule in line.rules:
            at = (line.dataset, rule)
            found[at] = found.get(at, 0) + min(stayed, line.held + line.waiting)
    return found

"""Which packs of the law count in this workspace, and whether somebody has looked at them lately."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from lofte.errors import FaultsFound
from lofte.execution.written import document_of
from lofte.fault import Fault
from lofte.law import packs
from lofte.policy.laws import LawDocument

FILE = "law.yaml"


def turned_on(workspace: Path) -> tuple[str, ...]:
    """The packs that `law.yaml` turns on; none when there is no such file. Raises Refused, FaultsFound."""
    if not (workspace / FILE).is_file():
        return ()
    return document_of(workspace, FILE, LawDocument)[1].on


def faults(workspace: Path, today: date) -> tuple[Fault, ...]:
    """Packs that are old, names in `law.yaml` that are no pack, and what is wrong in that file. Raises
    Refused when it cannot be read."""
    try:
        on = turned_on(workspace)
    except FaultsFound as error:
        return (*error.faults, *packs.faults(today))
    if not on:
        return packs.faults(today)
    return packs.faults(today, on, document_of(workspace, FILE, LawDocument)[0].place("on"))

"""What a page works with: the house, and a way into its systems. A face opens no connector itself;
it is handed this by `settings.LOFTE_AT_WORK`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lofte.connectors.protocol import Connector
    from lofte.datamap.document import System
    from lofte.execution.house import House
    from lofte.policy.processors import Processor

Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class AtWork:
    """An open house."""

    house: House
    connect: Callable[[System], Connector]
    processors: Mapping[str, Processor] | None = None
    """The register of processors, if the workspace has one (art. 28)."""


def at_work() -> AtWork:
    """The house as the workspace says now; read again only when a file of it has changed. Raises
    Refused, and FaultsFound while it has errors."""
    from django.conf import settings

    folder = Path(settings.LOFTE_WORKSPACE)
    return _opened(folder, str(settings.LOFTE_HOME), _stamp(folder), _holding())


@lru_cache(maxsize=4)
def _opened(folder: Path, home: str, stamp: Stamp, holding: str) -> AtWork:
    from lofte.connectors.registry import open_system
    from lofte.site.workspace import load, open_house

    workspace = load(folder)
    register = workspace.register.document if workspace.register else None
    return AtWork(
        house=open_house(workspace),
        connect=lambda system: open_system(system, folder),
        processors=register.listed if register else None,
    )


def _holding() -> str:
    """The version in force: on the day another takes force, the house works by that one."""
    from lofte.execution.house import utc_now
    from lofte.law.calendar import civil_date
    from lofte.notices.publish import in_force

    found = in_force(civil_date(utc_now()))
    return found.version if found else ""


def _stamp(folder: Path) -> Stamp:
    """Which files there are and when each was written."""
    files = sorted((*folder.glob("*.yaml"), *(folder / "systems").rglob("*")))
    stats = [(str(file), file.stat()) for file in files if file.is_file()]
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)

"""Finding the connector for a system: entry points `lofte.connectors`, by the name in the map."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

from lofte.connectors.protocol import Connector
from lofte.datamap.document import System
from lofte.errors import FaultsFound
from lofte.fault import Fault, Place

Opener = Callable[[System, str], Connector]


def open_system(system: System, workspace: Path, url: str | None = None) -> Connector:
    """Open a system of the data map. `url` overrides the map's.

    Raises FaultsFound: X010 unknown connector, X011 the environment variable is not set.
    """
    for entry in entry_points(group="lofte.connectors", name=system.connector):
        opener: Opener = entry.load()
        return opener(system, url or address(system, workspace))
    known = ", ".join(sorted(entry_points(group="lofte.connectors").names))
    raise FaultsFound(
        [_fault(system, "X010", f"no connector is called `{system.connector}`", f"use one of: {known}")]
    )


def address(system: System, workspace: Path) -> str:
    """The system's URL: `env:NAME` is read from the environment, SQLite paths are made absolute."""
    url = system.url
    if url.startswith("env:"):
        name = url.removeprefix("env:")
        found = os.environ.get(name)
        if not found:
            raise FaultsFound(
                [_fault(system, "X011", f"the environment variable {name} is not set", f"set {name}")]
            )
        return found
    if url.startswith("sqlite:///") and not url.startswith("sqlite:////"):
        return f"sqlite:///{(workspace / url.removeprefix('sqlite:///')).resolve()}"
    return url


def _fault(system: System, number: str, what: str, mend: str) -> Fault:
    return Fault(number=number, place=Place(path=f"{system.id}.url"), what=what, mend=mend)

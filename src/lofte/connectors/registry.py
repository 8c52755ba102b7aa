"""Finding the connector for a system: entry points `lofte.connectors`, by the name in the map."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from lofte.connectors.protocol import Connector
from lofte.datamap.document import System
from lofte.errors import FaultsFound, Unreachable
from lofte.fault import Fault, Place

_SQLITE = b"SQLite format 3\0"
Opener = Callable[[System, str], Connector]


def open_system(system: System, workspace: Path, url: str | None = None) -> Connector:
    """Open a system of the data map. `url` overrides the map's.

    Raises FaultsFound: X010 unknown connector, X011 the environment variable is not set, X013 the
    address cannot be opened by any driver here; Unreachable when its file is not there.
    """
    for entry in entry_points(group="lofte.connectors", name=system.connector):
        opener: Opener = entry.load()
        try:
            return opener(system, url or address(system, workspace))
        except (ArgumentError, ImportError) as error:
            raise FaultsFound([_no_driver(system, error)]) from error
    known = ", ".join(sorted(entry_points(group="lofte.connectors").names))
    raise FaultsFound(
        [_fault(system, "X010", f"no connector is called `{system.connector}`", f"use one of: {known}")]
    )


def address(system: System, workspace: Path) -> str:
    """The system's URL: `env:NAME` is read from the environment, SQLite paths are made absolute.
    Raises FaultsFound (X011, X014), and Unreachable when the file of a SQLite database is not there."""
    url = _written(system, workspace)
    if url.startswith("sqlite"):
        _insist_on_file(system, url)
    return url


def _written(system: System, workspace: Path) -> str:
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


def _insist_on_file(system: System, url: str) -> None:
    """SQLite makes an empty database of a file that is not there; what is missing is to be told."""
    try:
        name = make_url(url).database
    except ArgumentError as error:
        raise FaultsFound([_no_driver(system, error)]) from error
    if not name or name == ":memory:" or name.startswith("file:"):
        return
    try:
        with open(name, "rb") as file:
            head = file.read(len(_SQLITE))
    except OSError as error:
        raise Unreachable(
            f"the file of the system `{system.id}` is not there or cannot be read; "
            "put it back, or correct `url`"
        ) from error
    if head and head != _SQLITE:
        what = "the file that `url` names is no SQLite database"
        raise FaultsFound([_fault(system, "X014", what, "name the database file itself, unencrypted")])


def _no_driver(system: System, error: Exception) -> Fault:
    missing = getattr(error, "name", None)
    known = "begin it with postgresql://, mysql://, mariadb:// or sqlite:///"
    if missing:
        return _fault(system, "X013", f"the driver `{missing}` for this address is not installed", known)
    kind = system.url.partition("://")[0] if not system.url.startswith("env:") else ""
    what = f"there is no driver for `{kind}`" if kind else "the address cannot be read"
    return _fault(system, "X013", what, known)


def _fault(system: System, number: str, what: str, mend: str) -> Fault:
    return Fault(number=number, place=Place(path=f"{system.id}.url"), what=what, mend=mend)

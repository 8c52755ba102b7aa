"""A workspace: the folder that a company keeps in git, with its policy and its data map."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from lofte.datamap.document import DataMap, System
from lofte.errors import FaultsFound, Refused
from lofte.execution.house import House, utc_now
from lofte.fault import Fault, Place, errors
from lofte.policy.document import Part, Policy
from lofte.policy.reading import Reading, read

POLICY = "policy.yaml"
SYSTEMS = "systems"
M = TypeVar("M", bound=Part)


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """What was read, and what is wrong with it. `policy` is None when it could not be read."""

    folder: Path
    policy: Policy | None
    policy_text: str
    datamap: DataMap
    readings: dict[str, Reading[Policy] | Reading[System]]
    """By file name relative to the folder; each knows the lines of its document."""
    faults: tuple[Fault, ...]


def load(folder: Path) -> Workspace:
    """Read `policy.yaml` and `systems/*.yaml`. What is wrong in them is in `faults`; raises
    Refused if there is no workspace here."""
    policy_file = folder / POLICY
    if not policy_file.is_file():
        raise Refused(f"there is no {POLICY} in {folder}; run `lofte init` or go to your workspace")
    policy = _reading(policy_file, folder, Policy)
    systems = {
        _name(file, folder): _reading(file, folder, System)
        for file in sorted((folder / SYSTEMS).glob("*.yaml"))
    }
    read_systems = tuple(r.document for r in systems.values() if r.document is not None)
    faults = [*policy.faults, *(f for r in systems.values() for f in r.faults)]
    faults += _doubled(systems)
    return Workspace(
        folder=folder,
        policy=policy.document,
        policy_text=_text(policy_file),
        datamap=DataMap(systems=read_systems),
        readings={POLICY: policy, **systems},
        faults=tuple(faults),
    )


def open_house(workspace: Workspace, clock: Callable[[], datetime] = utc_now) -> House:
    """The house that works by this workspace. Raises FaultsFound while it has errors."""
    from lofte.site.home import home, keys

    if workspace.policy is None or errors(workspace.faults):
        raise FaultsFound(errors(workspace.faults))
    return House(policy=workspace.policy, datamap=workspace.datamap, keys=keys(), folder=home(), clock=clock)


def _reading(file: Path, folder: Path, model: type[M]) -> Reading[M]:
    return read(_text(file), _name(file, folder), model)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{file} cannot be read as UTF-8 text; save it as UTF-8") from error


def _name(file: Path, folder: Path) -> str:
    return file.relative_to(folder).as_posix()


def _doubled(systems: dict[str, Reading[System]]) -> list[Fault]:
    """One id, one system."""
    seen: dict[str, str] = {}
    faults = []
    for file, reading in systems.items():
        if reading.document is None:
            continue
        first = seen.setdefault(reading.document.id, file)
        if first != file:
            faults.append(
                Fault(
                    number="M001",
                    place=Place(file=file, path="id"),
                    what=f"the system `{reading.document.id}` is described in {first} too",
                    mend="give it an id of its own, or put both in one file",
                )
            )
    return faults

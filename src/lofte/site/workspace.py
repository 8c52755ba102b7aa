"""A workspace: the folder that a company keeps in git, with its policy and its data map."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lofte.datamap.document import DataMap, System
from lofte.datamap.reading import MapReading, read_map
from lofte.errors import FaultsFound, Refused
from lofte.execution.house import House, utc_now
from lofte.execution.written import text_of
from lofte.fault import Fault, Place, errors
from lofte.law.calendar import civil_date
from lofte.policy.document import Policy
from lofte.policy.processors import FILE as PROCESSORS
from lofte.policy.processors import ProcessorRegister
from lofte.policy.reading import Reading, read, read_on

POLICY = "policy.yaml"
SYSTEMS = "systems"
OWN_WORDS = "texts/notice.yaml"
SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """What was read, and what could not be. `policy` is None when it could not be read."""

    folder: Path
    text: str
    """The policy as it was written, with `texts/notice.yaml` after it."""
    reading: Reading[Policy]
    mapping: MapReading
    unread: tuple[Fault, ...] = ()
    """Files among the systems that are not read; what they describe would not be searched."""
    register: Reading[ProcessorRegister] | None = None
    """The register of processors (art. 28), if the file is there."""

    @property
    def policy(self) -> Policy | None:
        """The policy, if it could be read."""
        return self.reading.document

    @property
    def datamap(self) -> DataMap:
        """The systems that could be read."""
        return self.mapping.datamap

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What could not be read. `judge` says what is wrong with what was."""
        register = self.register.faults if self.register else ()
        return (*self.reading.faults, *self.mapping.faults, *self.unread, *register)

    @property
    def readings(self) -> dict[str, Reading[Policy] | Reading[System]]:
        """By file name relative to the folder; each knows the lines of its document."""
        return {self.reading.file: self.reading, **{r.file: r for r in self.mapping.readings}}


def load(folder: Path) -> Workspace:
    """Read `policy.yaml`, `texts/notice.yaml` and `systems/*.yaml` (or `.yml`). What is wrong in them is in
    `faults`; raises Refused if there is no workspace here."""
    policy = folder / POLICY
    if not policy.is_file():
        raise Refused(f"there is no {POLICY} in {folder}; run `lofte init` or go to your workspace")
    text, reading = _policy(folder, text_of(policy))
    maps, others = _sorted_out(folder / SYSTEMS)
    return Workspace(
        folder=folder.absolute(),
        text=text,
        reading=reading,
        mapping=read_map({_name(file, folder): text_of(file) for file in maps}),
        unread=tuple(_unread(_name(file, folder)) for file in others),
        register=_register(folder, reading.document),
    )


def _register(folder: Path, policy: Policy | None) -> Reading[ProcessorRegister] | None:
    """The register that the policy names, or the one by the usual name; None when there is no such file."""
    name = (policy.processors if policy else None) or PROCESSORS
    file = folder / name
    return read(text_of(file, name), name, ProcessorRegister) if file.is_file() else None


def _policy(folder: Path, text: str) -> tuple[str, Reading[Policy]]:
    """The policy, with the company's own words for its sentences when they stand in a file of their own."""
    own = folder / OWN_WORDS
    if not own.is_file():
        return text, read(text, POLICY, Policy)
    return read_on(text, text_of(own, OWN_WORDS), POLICY, OWN_WORDS, Policy, only="texts")


def open_house(workspace: Workspace, clock: Callable[[], datetime] = utc_now) -> House:
    """The house that works by this workspace. Raises FaultsFound while it has errors.

    What was published holds from its day, whoever has put it into `policy.yaml` or not: where a later
    version has followed the one that is written there, the house works by the later one (art. 5.1 a)."""
    from django.conf import settings

    from lofte.notices.classified import read_version
    from lofte.notices.publish import followed_by
    from lofte.site.home import home, keys

    if workspace.policy is None or errors(workspace.faults):
        raise FaultsFound(errors(workspace.faults))
    later = followed_by(workspace.policy.meta.version, civil_date(clock()))
    return House(
        policy=read_version(later.text) if later else workspace.policy,
        datamap=workspace.datamap,
        keys=keys(),
        folder=home(),
        clock=clock,
        url=settings.LOFTE_URL.rstrip("/"),
    )


def _sorted_out(folder: Path) -> tuple[list[Path], list[Path]]:
    """The files that are read, and those that are not. Hidden files are nobody's map."""
    seen = sorted(
        file
        for file in folder.rglob("*")
        if file.is_file() and not any(part.startswith(".") for part in file.relative_to(folder).parts)
    )
    maps = [file for file in seen if file.parent == folder and file.suffix.lower() in SUFFIXES]
    return maps, [file for file in seen if file not in maps]


def _unread(name: str) -> Fault:
    what = "this file is not read as a part of the data map, so what it describes is not searched"
    mend = f"Rename it to end in `.yaml`, directly in `{SYSTEMS}/`, or move it elsewhere."
    return Fault(number="X012", place=Place(file=name), what=what, mend=mend)


def _name(file: Path, folder: Path) -> str:
    return file.relative_to(folder).as_posix()

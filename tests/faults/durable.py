"""Whether what was written was waited for before it was acknowledged, by the calls of one run."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from tests.faults.tracing import OPENS, SYNCS, WRITES, Call

_FILE = re.compile(r"^\d+<@/?([^>]*)>")
_NAME = re.compile(r'"@/([^"]*)"')
PASSING = (
    re.compile(r".*-shm$"),  # SQLite's index of the WAL: made anew from it
    re.compile(r"house/spool/.*"),  # work under way: gone when it ends
    re.compile(r".*\.part$"),  # under its own name only when it is whole
    re.compile(r".*/\.[^/]*$"),
    re.compile(r".*\.lock$"),
)


def waited_for(calls: Sequence[Call], there: Collection[str]) -> list[str]:
    """What was written and not synchronised when an acknowledgement came, each said once; `there` are
    the files that had their names before."""
    disk = _Disk(there=set(there))
    for call in calls:
        if call.name == "sendmsg":
            disk.acknowledged()
        else:
            disk.met(call)
    return list(disk.wrong)


@dataclass
class _Disk:
    """What is not on the disk yet."""

    there: set[str]
    written: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    """Names that were made, or went, in a folder that was not synchronised since."""
    under_way: set[str] = field(default_factory=set)
    """Databases with a rollback journal: nothing of them is lasting before it goes."""
    wrong: dict[str, None] = field(default_factory=dict)

    def acknowledged(self) -> None:
        open_ = self.under_way | {f"{path}-journal" for path in self.under_way}
        self.wrong |= dict.fromkeys(f"{path} was not waited for" for path in self.written - open_)
        self.wrong |= dict.fromkeys(f"the name {path} was not waited for" for path in self.names - open_)

    def met(self, call: Call) -> None:
        file, names = _FILE.match(call.about), _NAME.findall(call.about)
        if call.name in (*WRITES, "ftruncate") and file and not _passing(file[1]):
            self._write(file[1])
        elif call.name in SYNCS and file:
            self.written.discard(file[1])
            self.names = {name for name in self.names if str(PurePosixPath(name).parent) != (file[1] or ".")}
        elif call.name.startswith("rename") and len(names) == 2:
            self._gone(names[0])
            self.names.add(names[1])
        elif call.name.startswith("unlink") and names:
            self._gone(names[0])
        elif call.name in OPENS and call.creates and names and not _passing(names[0]):
            self.names |= {names[0]} - self.there
            self.there.add(names[0])

    def _write(self, path: str) -> None:
        if path == "store.sqlite3":
            return  # by a checkpoint, from a WAL that is on the disk
        self.written.add(path)
        if path.endswith("-journal") and not path.startswith("house/"):
            self.under_way.add(path.removesuffix("-journal"))

    def _gone(self, path: str) -> None:
        self.there.discard(path)
        self.written.discard(path)
        self.names.discard(path)
        if path.endswith("-journal"):
            database = path.removesuffix("-journal")
            self.under_way.discard(database)
            if database in self.written:
                self.wrong[f"{database} was not waited for before its journal went"] = None
            self.names.add(path)  # back after a power cut, it would undo what was acknowledged


def _passing(path: str) -> bool:
    return any(each.fullmatch(path) for each in PASSING)

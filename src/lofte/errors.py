"""
Everything that can go wrong, from the root down:

LofteError
  Refused
    NotIdentified
    Ambiguous
    FaultsFound
    LedgerClosed
  Conflict
  Unreachable
  Broken
    Residue

What a person wrote is never an exception but a `lofte.fault.Fault`. These are for what
broke, or for what the law or the house forbids. A message is one sentence and the mend.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lofte.fault import Fault


class LofteError(Exception):
    """Something went wrong in Löfte."""


class Refused(LofteError):
    """The law or the house forbids this."""


class NotIdentified(Refused):
    """We do not yet know well enough who is asking (art. 12.6)."""


class Ambiguous(Refused):
    """More than one person answers to this identity; ask for another (art. 12.6)."""


class FaultsFound(Refused):
    """The policy or the data map has faults; nothing runs until they are mended."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        super().__init__(f"{count} fault{'' if count == 1 else 's'}: run `lofte check` and mend them")


class LedgerClosed(Refused):
    """The ledger cannot be written, so nothing may be disclosed or changed (art. 5.2)."""


class Conflict(LofteError):
    """Somebody else changed this first; read it again."""


class Unreachable(LofteError):
    """A system does not answer; it is tried again."""


class Broken(LofteError):
    """What was done does not agree with what was planned; nothing more is done."""


class Residue(Broken):
    """The second scanner found what should be gone; the request is not answered until it is."""

    def __init__(self, places: Mapping[str, int]) -> None:
        self.places = dict(places)
        """`system.table.column` -> rows; never the value."""
        where = ", ".join(sorted(self.places))
        super().__init__(
            f"something of the person still stands in {where}; map it, erase it there, or accept it"
        )

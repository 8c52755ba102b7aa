"""What can be judged of a policy alone, without any database.

`check(policy, reading)` runs every check of `CHECKS`, puts each fault where its key stands in
the text, and honours the waivers. `catalogue()` lists every number a policy can be given.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from lofte.fault import Fault
from lofte.policy.checks import parties, purposes, references, retention, rights, telling, transfers, wording
from lofte.policy.checks.catalogue import Demand, listed
from lofte.policy.checks.rule import Check
from lofte.policy.checks.waivers import waive
from lofte.policy.document import Policy
from lofte.policy.reading import Reading

CHECKS: tuple[Check, ...] = (
    *parties.CHECKS,
    *references.CHECKS,
    *purposes.CHECKS,
    *transfers.CHECKS,
    *retention.CHECKS,
    *rights.CHECKS,
    *telling.CHECKS,
    *wording.CHECKS,
)


def check(
    policy: Policy, reading: Reading[Policy] | None = None, *, on: date | None = None
) -> tuple[Fault, ...]:
    """Every fault of the policy, waived ones as notes, judged for the day `on` (else the day the
    policy takes force). With the reading it came from, each fault knows its line."""
    faults = waive(policy.waivers, (fault for each in CHECKS for fault in each(policy, on)))
    return placed(faults, reading) if reading else faults


def placed(faults: Iterable[Fault], reading: Reading[Policy]) -> tuple[Fault, ...]:
    """The faults at their lines in the text, first line first."""
    known = [fault.at(reading.place(fault.place.path)) for fault in faults]
    return tuple(sorted(known, key=lambda f: (f.place.line, f.place.column, f.number, f.place.path)))


def catalogue() -> tuple[Demand, ...]:
    """Every fault a policy can have: number, severity, article, and what it demands."""
    return listed(CHECKS)


__all__ = ["CHECKS", "Check", "Demand", "catalogue", "check", "placed", "waive"]

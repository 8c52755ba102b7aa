"""Faults accepted with a reason. A waiver that waives nothing is itself a fault."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from lofte.fault import Fault, Place, Severity
from lofte.policy import keypath
from lofte.policy.document import Waiver

UNUSED, UNREASONED = "P198", "P199"
_NEVER = (UNUSED, UNREASONED)


def waive(waivers: tuple[Waiver, ...], faults: Iterable[Fault], letter: str = "P") -> tuple[Fault, ...]:
    """The faults, those waived with a reason turned into notes; then the waivers' own faults.

    Judges only waivers of numbers with this letter, so that each room judges its own. Faults of
    reading (P0..) cannot be waived: what cannot be read cannot be accepted.
    """
    mine = [(index, w) for index, w in enumerate(waivers) if w.fault.startswith(letter)]
    used: set[int] = set()
    judged = []
    for fault in faults:
        match = next((index for index, w in mine if w.reason.strip() and _covers(w, fault)), None)
        if match is None:
            judged.append(fault)
        else:
            used.add(match)
            what = f"{fault.what} (waived: {waivers[match].reason.strip()})"
            judged.append(replace(fault, severity=Severity.NOTE, what=what))
    return (*judged, *(_own_fault(i, w) for i, w in mine if i not in used))


def _covers(waiver: Waiver, fault: Fault) -> bool:
    if fault.number != waiver.fault or fault.number.startswith("P0") or fault.number in _NEVER:
        return False
    return waiver.path is None or keypath.under(fault.place.path, waiver.path)


def _own_fault(index: int, waiver: Waiver) -> Fault:
    place = Place(path=f"waivers[{index}]")
    if not waiver.reason.strip():
        return Fault(
            number=UNREASONED,
            place=place,
            what=f"the waiver of {waiver.fault} has no reason",
            mend="write why the fault is accepted",
        )
    return Fault(
        number=UNUSED, place=place, what=f"the waiver of {waiver.fault} waives nothing", mend="take it away"
    )

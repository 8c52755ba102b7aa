"""Judging the data map: alone (M0), against the policy (M1), against the live systems (M2).

Each check is one function, named by its number; its docstring is what it demands. Checks
collect, they never raise, and each stands on its own: a fault in one place hides no other.
"""

from __future__ import annotations

from collections.abc import Mapping

from lofte.datamap.catalogue import Catalogue
from lofte.datamap.checks import alone, indexes, live, promised, reached, restricted, told
from lofte.datamap.checks.case import NOWHERE, Case, Check, Places, severity_of
from lofte.datamap.document import DataMap
from lofte.fault import Fault
from lofte.policy.checks.catalogue import Demand
from lofte.policy.checks.waivers import waive
from lofte.policy.document import Policy

__all__ = ["CHECKS", "Check", "Places", "catalogue", "check"]

CHECKS: tuple[Check, ...] = (
    *alone.CHECKS,
    *restricted.CHECKS,
    *reached.CHECKS,
    *promised.CHECKS,
    *told.CHECKS,
    *live.CHECKS,
    *indexes.CHECKS,
    *restricted.LIVE,
)


def check(
    policy: Policy | None,
    datamap: DataMap,
    catalogues: Mapping[str, Catalogue] | None,
    places: Places = NOWHERE,
) -> tuple[Fault, ...]:
    """Every fault of the map, in order of number, those the policy waives as notes.

    `catalogues` are by system; None = nobody looked, and nothing is said of the live systems.
    """
    case = Case(policy=policy, datamap=datamap, catalogues=catalogues or {}, places=places)
    faults = tuple(fault for demand in CHECKS for fault in demand(case))
    return faults if policy is None else _waived(policy, faults, places, looked=catalogues is not None)


def _waived(policy: Policy, faults: tuple[Fault, ...], places: Places, *, looked: bool) -> tuple[Fault, ...]:
    judged = waive(policy.waivers, faults, "M")
    own = [fault.at(places.policy(fault.place.path)) for fault in judged[len(faults) :]]
    if not looked:
        # Whether a waiver about a live system waives anything cannot be known without looking.
        unknown = {f"waivers[{i}]" for i, w in enumerate(policy.waivers) if w.fault.startswith("M2")}
        own = [fault for fault in own if fault.place.path not in unknown]
    return (*judged[: len(faults)], *own)


def catalogue() -> tuple[Demand, ...]:
    """Every fault a data map can have: number, severity, and what it demands."""
    return tuple(_demand(each.__name__[:4].upper(), each.__doc__ or "") for each in CHECKS)


def _demand(number: str, doc: str) -> Demand:
    demands, _, law = " ".join(doc.split()).rstrip(".)").partition(" (")
    return Demand(number=number, severity=severity_of(number), article=law, demands=f"{demands}.")

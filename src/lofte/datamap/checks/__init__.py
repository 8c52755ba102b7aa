"""Judging the data map: alone (M0), against the policy (M1), against the live systems (M2).

Each check is one function, named by its number; its docstring is what it demands. Checks
collect, they never raise, and each stands on its own: a fault in one place hides no other.
"""

from __future__ import annotations

from collections.abc import Mapping

from lofte.datamap.catalogue import Catalogue
from lofte.datamap.checks import alone, indexes, live, promised
from lofte.datamap.checks.case import NOWHERE, Case, Check, Places
from lofte.datamap.document import DataMap
from lofte.fault import Fault
from lofte.policy.document import Policy

__all__ = ["CHECKS", "Check", "Places", "check"]

CHECKS: tuple[Check, ...] = (*alone.CHECKS, *promised.CHECKS, *live.CHECKS, *indexes.CHECKS)


def check(
    policy: Policy | None,
    datamap: DataMap,
    catalogues: Mapping[str, Catalogue] | None,
    places: Places = NOWHERE,
) -> tuple[Fault, ...]:
    """Every fault of the map, in order of number. `catalogues` are by system; None = not looked at."""
    case = Case(policy=policy, datamap=datamap, catalogues=catalogues or {}, places=places)
    return tuple(fault for demand in CHECKS for fault in demand(case))

"""Everything that can be wrong with a workspace, found at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from lofte.datamap.catalogue import Catalogue
from lofte.datamap.checks import check as check_map
from lofte.errors import FaultsFound, Unreachable
from lofte.fault import Fault, errors
from lofte.policy.checks import check as check_policy
from lofte.site import laws
from lofte.site.workspace import Workspace

UNREACHABLE = "X020"


def _to_nobody(system: str) -> None:
    """Tell nobody."""


def judge(
    workspace: Workspace,
    *,
    offline: bool = False,
    look: Callable[[str], None] = _to_nobody,
    today: date | None = None,
) -> tuple[Fault, ...]:
    """Every fault of policy, data map and live systems, by file and line; with `today` also the packs of
    the law that nobody has looked at for long.

    `look` is told which system is being looked into. One that does not answer is a fault.
    """
    faults = list(workspace.faults)
    catalogues = None if offline else _catalogues(workspace, faults, look)
    if workspace.policy is not None:
        faults += check_policy(workspace.policy, workspace.reading)
    if today is not None:
        faults += laws.faults(workspace.folder, today)
    places = workspace.mapping.places(workspace.reading)
    found = check_map(workspace.policy, workspace.datamap, catalogues, places)
    # A system that could not be read is told already; that nothing is left is no news.
    faults += [f for f in found if not (workspace.mapping.faults and f.number == "M021")]
    return tuple(sorted(faults, key=lambda f: (f.place.file, f.place.line, f.place.column, f.number)))


def insist(
    workspace: Workspace, *, offline: bool = True, look: Callable[[str], None] = _to_nobody
) -> tuple[Fault, ...]:
    """The faults. Raises FaultsFound while one of them is an error, Unreachable if all that is
    wrong is that a system does not answer."""
    faults = judge(workspace, offline=offline, look=look)
    wrong = errors(faults)
    if wrong and all(fault.number == UNREACHABLE for fault in wrong):
        raise Unreachable("a system does not answer; see that it runs, or use --offline")
    if wrong:
        raise FaultsFound(wrong)
    return faults


def _catalogues(
    workspace: Workspace, faults: list[Fault], look: Callable[[str], None]
) -> dict[str, Catalogue]:
    from lofte.connectors.registry import open_system

    finders = workspace.mapping.finders
    catalogues: dict[str, Catalogue] = {}
    for system in workspace.datamap.systems:
        look(system.id)
        place = finders[system.id]("url")
        try:
            connector = open_system(system, workspace.folder)
            try:
                catalogues[system.id] = connector.catalogue()
            finally:
                connector.close()
        except FaultsFound as error:
            faults += [fault.at(place) for fault in error.faults]
        except Unreachable as error:
            what = f"the system `{system.id}` does not answer, so nothing is known of its tables"
            mend = "See that it runs and that the address is right, or use --offline."
            if "; " in str(error):
                what, _, mend = str(error).partition("; ")
            faults.append(Fault(number=UNREACHABLE, place=place, what=what, mend=mend))
    return catalogues

"""What keeps rows of one system though nothing in that system says so: a contract that another system
knows to run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from lofte.connectors.protocol import Connector, Erasing
from lofte.datamap.document import System
from lofte.datamap.terms import kept_by
from lofte.errors import Unreachable
from lofte.execution.house import House
from lofte.plan.holds import open_anchors
from lofte.plan.living import CONTRACT, contracted
from lofte.plan.records import Subject
from lofte.requests.erasure.erase_system import opened

Reach = Callable[[System], Connector | Erasing]


def tells(house: House, system: System) -> bool:
    """Whether rows of the system say that a contract runs."""
    running = open_anchors(house.policy)
    return any(running & dataset.anchors.keys() for dataset in system.datasets.values())


def leans(house: House, system: System) -> bool:
    """Whether rows of the system are kept for a contract."""
    purposes = house.policy.purposes
    return any(
        id_ in purposes and purposes[id_].legal_basis == CONTRACT
        for dataset in system.datasets.values()
        for id_ in kept_by(house.policy, dataset)
    )


def contracts(house: House, system: System, subjects: Sequence[Subject], connect: Reach) -> frozenset[int]:
    """Whose contracts run, as any other system tells. Raises Unreachable when one that could tell is
    silent: then nobody knows."""
    if not leans(house, system):
        return frozenset()
    others = [other for other in house.datamap.systems if other.id != system.id and tells(house, other)]
    return frozenset().union(*(running(house, other, subjects, connect) for other in others))


def running(house: House, system: System, subjects: Sequence[Subject], connect: Reach) -> frozenset[int]:
    """Whose contracts run, as this system tells. Raises Unreachable."""
    connector = opened(connect, system)
    try:
        with connector.session() as session:
            return contracted(house.policy, session.facts(subjects, house.today), house.today)
    finally:
        connector.close()


def silent(of: Iterable[str]) -> Unreachable:
    """Nobody can say whether a contract runs."""
    named = ", ".join(f"`{id_}`" for id_ in sorted(of))
    return Unreachable(
        f"{named} does not answer, and knows whether a contract runs that needs these rows too; "
        "nothing was erased here, it is tried again when it answers"
    )

"""Letting the systems themselves say that a person's data are restricted (art. 18).

Hard rules:
- It is done when the restriction stops the service, and undone when it is lifted.
- Keys and what stood there are recorded, sealed, before a system makes the change lasting. Done
  again after a failure, it does the rest.
- Two restrictions of one person hold their rows together: the last that is lifted lets them go.
- A system without a column for it is not changed; its programs ask the gate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from lofte.consent.models import Mark, Restriction, StatusPutBack, StatusSet
from lofte.consent.person import new_act
from lofte.consent.restrict import stopped_by
from lofte.datamap.document import System
from lofte.datamap.identity import Identity
from lofte.errors import Conflict, Refused
from lofte.execution import exactly
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.ledger.kinds import Kind, Value
from lofte.plan.records import DatasetRef, Subject
from lofte.requests import sealing

_ROWS = "rows"


class Acting(Protocol):
    """A connector that may also write: `connectors.sql` opened with a hand."""

    def acting(self) -> Any:
        """A session in one transaction that may change rows."""
        ...

    def close(self) -> None:
        """Give back all connections."""
        ...


Reach = Callable[[System], Any]
"""Opens a system; one whose map has a `restrict` must be able to write."""


def enforce(house: House, restriction: Restriction, identities: Sequence[Identity], reach: Reach) -> int:
    """Let the person's rows say that they are restricted; returns how many were changed.

    Raises Conflict while the person is not told that the service stops, or when the restriction is
    lifted; Unreachable when a system does not answer: done again, it does the rest."""
    restriction.refresh_from_db()
    if hasattr(restriction, "lifted"):
        raise Conflict("this restriction is lifted already; read it again")
    if not stopped_by(house, restriction).told:
        raise Conflict("the person is told before the service stops; tell them first")
    return sum(_enforce(house, restriction, identities, s, reach) for s in _with_column(house))


def put_back(house: House, restriction: Restriction, reach: Reach) -> int:
    """Let the rows say again what they said before, when no restriction of the person holds them
    any more; returns how many. Raises Refused while this one holds."""
    together = _together(restriction)
    if not hasattr(Restriction.objects.get(pk=restriction.pk), "lifted"):
        raise Refused("the restriction holds; lift it before the systems are told")
    if together.filter(lifted=None).exists():
        return 0
    waiting = StatusSet.objects.filter(restriction__in=together, put_back=None).order_by("-id")
    return sum(_put_back(house, status, reach) for status in waiting)


def _enforce(
    house: House, restriction: Restriction, identities: Sequence[Identity], system: System, reach: Reach
) -> int:
    subject = Subject(ref=restriction.ref, identities=tuple(sorted(identities)))

    def keep(at: DatasetRef, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        _record(house, restriction, at, exactly.pack(names, rows), len(rows))

    connector: Acting = reach(system)
    try:
        with connector.acting() as session:
            done: dict[DatasetRef, int] = session.hold([subject], house.today, keep)
    finally:
        connector.close()
    rows = sum(done.values())
    with recorded(house):
        _note(
            house,
            Kind.STATUS_SET,
            restriction.ref,
            {"system": system.id, "datasets": len(done), "rows": rows},
        )
    return rows


def _record(house: House, restriction: Restriction, at: DatasetRef, packed: bytes, count: int) -> None:
    """Before the system makes it lasting: what stood there, and that we are about to change it."""
    act = new_act(house, restriction.by, restriction.request)
    key, wrapped = sealing.new_key(house.keys.wrapping, act["ref"])
    with recorded(house):
        StatusSet.objects.create(
            restriction=restriction,
            system=at.system,
            dataset=at.dataset,
            key=wrapped,
            rows=sealing.seal_text(key, packed.decode("ascii"), _ROWS, act["ref"]),
            **act,
        )
        payload: dict[str, Value] = {"system": at.system, "dataset": at.dataset, "rows": count}
        _note(house, Kind.STATUS_INTENDED, restriction.ref, payload)


def _put_back(house: House, status: StatusSet, reach: Reach) -> int:
    key = sealing.unwrap(house.keys.wrapping, status.key, status.ref)
    names, rows = exactly.unpack(sealing.unseal_text(key, status.rows, _ROWS, status.ref).encode("ascii"))
    connector: Acting = reach(house.datamap.system(status.system))
    try:
        with connector.acting() as session:
            done = int(session.put_back(status.dataset, names, rows))
    finally:
        connector.close()
    with recorded(house):
        StatusPutBack.objects.create(status=status, rows=done, **new_act(house, "", status.request))
        payload: dict[str, Value] = {"system": status.system, "dataset": status.dataset, "rows": done}
        _note(house, Kind.STATUS_PUT_BACK, status.restriction.ref, {**payload, "left": len(rows) - done})
    return done


def _together(restriction: Restriction) -> Any:
    """The restrictions of whoever this one is of, itself among them."""
    persons = Mark.objects.filter(act=restriction.ref).values("person")
    acts = Mark.objects.filter(person__in=persons).values("act")
    return Restriction.objects.filter(ref__in=acts)


def _with_column(house: House) -> Iterable[System]:
    return (s for s in house.datamap.systems if any(d.restrict for d in s.datasets.values()))


def _note(house: House, kind: Kind, ref: str, payload: dict[str, Value]) -> None:
    note(kind, ref, payload, at=house.now, policy_version=house.policy_version)

"""After a restore: what the backup has brought back is erased again, before anything else is done.

Hard rules:
- The system is marked first. While the mark stands, nothing is served.
- What came back is found by the tombstones, and erased by a plan made anew, with today's holds and
  laws: what a law keeps now is kept.
- The mark goes when a second look finds nothing that should be gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lofte.datamap.document import System
from lofte.datamap.identity import Identity
from lofte.errors import Refused
from lofte.execution import heads, tombstones
from lofte.execution.book import note, recorded, untold
from lofte.execution.house import House
from lofte.execution.tombstones import Again, Replay, Whole
from lofte.ledger.kinds import Kind, Value
from lofte.plan.records import Verb
from lofte.requests.models import Erasure


@dataclass(frozen=True, kw_only=True, slots=True)
class Returned:
    """One person who is back, by the request that they were erased for."""

    request: str
    identities: frozenset[Identity]
    grounds: frozenset[str]
    rows: tuple[Again, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Replayed:
    """What a replay looked at and did, in counts."""

    system: str
    looked: int
    back: int
    """Rows that had been erased and were there again."""
    left: int = 0
    """Of them, those that a law or a hold keeps now."""


Erase = Callable[[str, Sequence[Returned]], Iterable[tuple[str, tuple[str, ...]]]]
"""Erases these persons in a system; gives dataset and key of each row that stays, and may."""


def replay(
    house: House,
    system: str,
    connect: Callable[[System], Whole],
    erase: Erase,
    *,
    taken_at: datetime | None = None,
    lost: bool = False,
    by: str = "",
) -> Replayed:
    """Mark the system, find what came back, erase it, look again, take the mark away. Raises Refused
    when something is still there, Broken when tombstones are gone; the mark stands then. With `lost`
    what is left of them is taken for all there is, and who said so is on record. Safe to do again from
    the start."""
    tombstones.mark_restored(house, system)
    if lost:
        with recorded(house):
            heads.accept_lost(house, system, by=by)
    insist_there(house.folder, house.keys.lookup, only=system)
    heads.insist(house, system)
    first = tombstones.replay(house, system, connect, taken_at=taken_at)
    if taken_at is None:
        _insist_sure(first)
    kept = set(erase(system, returned(first))) if first.found else set()
    second = tombstones.replay(house, system, connect, taken_at=taken_at) if first.found else first
    left = [again for again in second.found if again.back]
    astray = [again for again in left if (again.dataset, again.key) not in kept]
    if astray:
        datasets = ", ".join(sorted({again.dataset for again in astray}))
        raise Refused(
            f"{len(astray)} rows that were erased are still in `{system}` ({datasets}); the system stays "
            "locked: say with --taken when the backup was taken, or mend the map, and run this again"
        )
    _tell_untold(house, system)
    with recorded(house):
        heads.keep(house, system)
    tombstones.replayed(house, system)
    return Replayed(
        system=system,
        looked=first.looked,
        back=sum(again.back for again in first.found),
        left=len(left),
    )


def insist_there(folder: Path, lookup: bytes, *, only: str = "") -> None:
    """Raises Broken when rows of a system, or of `only` one, were erased and nothing is there that knows
    them: that is not the same as nobody erased. How far the tombstones reach of which nobody has told
    it yet is told."""
    gone = Erasure.objects.filter(verb=Verb.DELETE, rows__gt=0, **({"system": only} if only else {}))
    heads.adopt(folder, lookup, set(gone.order_by().values_list("system", flat=True).distinct()), only=only)


def _tell_untold(house: House, system: str) -> None:
    """Tell what a replay before has erased again and died before it could tell: nothing of it is left
    to be found."""
    intended, done = Kind.ERASURE_REPLAY_INTENDED, Kind.ERASURE_REPLAYED
    for request, said in untold(intended, done, system).items():
        with recorded(house):
            payload: dict[str, Value] = {"target": system, "rows": said[-1]["rows"]}
            note(done, request, payload, at=house.now, policy_version=house.policy_version)


def _insist_sure(found: Replay) -> None:
    """Raises Refused when a row may be somebody else's, or of a person who has come anew."""
    known = {request for again in found.found if again.sure for request in again.requests}
    doubtful = [
        again
        for again in found.found
        if not again.sure and not (again.by == "identity" and known.intersection(again.requests))
    ]
    if doubtful:
        raise Refused(
            f"{len(doubtful)} rows in `{found.system}` may be those that were erased, or newer ones with the "
            "same key or address; say when the backup was taken with --taken"
        )


def returned(found: Replay) -> tuple[Returned, ...]:
    """What came back, by request. A row that was erased for two counts for the first."""
    rows: dict[str, list[Again]] = {}
    for again in found.found:
        rows.setdefault(again.requests[0], []).append(again)
    return tuple(
        Returned(
            request=request,
            identities=frozenset(i for again in listed for i in again.identities),
            grounds=frozenset(g for again in listed for g in again.grounds),
            rows=tuple(listed),
        )
        for request, listed in sorted(rows.items())
    )

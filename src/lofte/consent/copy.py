"""Rows of a restricted person in the locked copies, as records: which were moved, and which came back.

Hard rules:
- Keys are recorded, sealed, before a system makes the move lasting.
- A row comes back as it stands in the copy by then: what was rectified there stays rectified.
- A row that cannot come back, because something else stands in its place, stays and is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lofte.connectors.sql.verify import key_text
from lofte.consent.models import Restriction, RowsMoved, RowsMovedBack
from lofte.consent.person import new_act
from lofte.datamap.document import System
from lofte.execution import exactly
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.ledger.kinds import Kind, Value
from lofte.plan.records import DatasetRef
from lofte.requests import sealing

_ROWS = "moved"
Moves = list[tuple[RowsMoved, list[tuple[Any, ...]]]]


def has_copies(system: System) -> bool:
    """Whether rows of this system may be moved."""
    return any(d.restrict and d.restrict.copy_ for d in system.datasets.values())


def record(
    house: House,
    restriction: Restriction,
    at: DatasetRef,
    names: Sequence[str],
    keys: Sequence[tuple[Any, ...]],
) -> None:
    """Before the system makes it lasting: which rows we are about to move."""
    act = new_act(house, restriction.by, restriction.request)
    key, wrapped = sealing.new_key(house.keys.wrapping, act["ref"])
    packed = exactly.pack(names, keys).decode("ascii")
    with recorded(house):
        RowsMoved.objects.create(
            restriction=restriction,
            system=at.system,
            dataset=at.dataset,
            count=len(keys),
            key=wrapped,
            rows=sealing.seal_text(key, packed, _ROWS, act["ref"]),
            **act,
        )
        payload: dict[str, Value] = {"system": at.system, "dataset": at.dataset, "rows": len(keys)}
        _note(house, Kind.MOVE_INTENDED, restriction.ref, payload)


def waiting(restrictions: Any) -> dict[str, list[RowsMoved]]:
    """What was moved for these restrictions and has not come back yet, by system, newest first."""
    found: dict[str, list[RowsMoved]] = {}
    moved = RowsMoved.objects.filter(restriction__in=restrictions).exclude(back__left=0).order_by("-id")
    for each in moved:
        found.setdefault(each.system, []).append(each)
    return found


def left(restriction: Restriction) -> int:
    """How many rows could not come back, and stay in the copies until somebody has looked at them."""
    told = (each.back.order_by("-id").first() for each in restriction.moves.all())
    return sum(back.left for back in told if back is not None)


def bring_back(house: House, moved: Sequence[RowsMoved], session: Any) -> list[tuple[RowsMoved, int, int]]:
    """Move the rows of one system back, in the session's transaction: (what was moved, how many came
    back, how many stay)."""
    moves = [(each, _keys(house, each)) for each in moved]
    wanted: dict[str, dict[tuple[str, ...], tuple[Any, ...]]] = {}
    for each, keys in moves:
        wanted.setdefault(each.dataset, {}).update({tuple(map(key_text, key)): key for key in keys})
    done = session.bring_back({dataset: list(keys.values()) for dataset, keys in wanted.items()})
    told = []
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for each, keys in moves:
        own = {tuple(map(key_text, key)) for key in keys} - {k for d, k in seen if d == each.dataset}
        seen |= {(each.dataset, key) for key in own}
        what = done[each.dataset]
        told.append((each, len(own & what.done), len(own & what.left)))
    return told


def told_back(house: House, done: Sequence[tuple[RowsMoved, int, int]]) -> int:
    """The evidence, when it is lasting; returns how many rows came back."""
    with recorded(house):
        for moved, rows, stay in done:
            RowsMovedBack.objects.create(
                moved=moved, rows=rows, left=stay, **new_act(house, "", moved.request)
            )
            payload: dict[str, Value] = {"system": moved.system, "dataset": moved.dataset, "rows": rows}
            _note(house, Kind.ROWS_MOVED_BACK, moved.restriction.ref, {**payload, "left": stay})
    return sum(rows for _, rows, _ in done)


def _keys(house: House, moved: RowsMoved) -> list[tuple[Any, ...]]:
    key = sealing.unwrap(house.keys.wrapping, moved.key, moved.ref)
    _, rows = exactly.unpack(sealing.unseal_text(key, moved.rows, _ROWS, moved.ref).encode("ascii"))
    return list(rows)


def _note(house: House, kind: Kind, ref: str, payload: dict[str, Value]) -> None:
    note(kind, ref, payload, at=house.now, policy_version=house.policy_version)

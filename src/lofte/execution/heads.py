"""How far the tombstones of each system reach, told in our own store: a file that ends sooner has lost some.

Hard rules:
- It is written in the transaction that tells of an erasure. What a process that died had added is told
  with the next one.
- Of a store from before it was told, it is told when the program starts: a file is taken for whole, but
  none where rows were erased is a loss.
- A file may reach further than is told here, as when our own store was restored; never less far, and
  what stands at the told place must be what stood there.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Collection
from pathlib import Path

from lofte.errors import Broken
from lofte.execution import stones
from lofte.execution.append import last, records
from lofte.execution.book import note
from lofte.execution.house import House
from lofte.execution.models import TombstoneHead
from lofte.execution.store import pick, put, writing
from lofte.ledger.kinds import Kind, Value


def keep(house: House, system: str) -> None:
    """Tell how far the tombstones of a system reach, in the caller's transaction."""
    try:
        found = last(stones.file_of(house, system), stones.holding(house, system))
    except Broken:
        return  # What was done must be told all the same; whoever needs the file next is refused.
    if found is None:
        return
    head = _head(system, *found)
    told = pick(TombstoneHead, ("records",), {"system": system}, lock=True)
    if not told:
        TombstoneHead.objects.bulk_create([head], ignore_conflicts=True)
    elif told[0][0] <= head.records:
        put(TombstoneHead, {"records": head.records, "mac": head.mac}, {"system": system})


def adopt(folder: Path, lookup: bytes, erased: Collection[str], *, only: str = "") -> None:
    """Tell how far the tombstones of every system reach, or of `only` one, where nobody has told it yet.
    `erased` are the systems that rows were erased from. Raises Broken when one of them has no
    tombstones, or a file is not as it was written."""
    known = set(TombstoneHead.objects.values_list("system", flat=True))
    there = {path.name.removesuffix(".log") for path in (folder / stones.FOLDER).glob("*.log")}
    new = []
    for system in sorted({*there, *erased} - known):
        if only in ("", system):
            found = last(stones.path_of(folder, system), stones.holding_under(lookup, system))
            if found is not None:
                new.append(_head(system, *found))
            elif system in erased:
                raise stones.lost(system)
    if new:
        with writing():
            TombstoneHead.objects.bulk_create(new, ignore_conflicts=True)


def insist(house: House, system: str) -> None:
    """Raises Broken when tombstones of this system are not there that were."""
    for head in TombstoneHead.objects.filter(system=system):
        _insist(house.folder, head)


def insist_all(folder: Path) -> None:
    """The same of every system, for who has no map that can be read."""
    for head in TombstoneHead.objects.order_by("system"):
        _insist(folder, head)


def accept_lost(house: House, system: str, *, by: str = "") -> int:
    """Take what is left of the tombstones for all there is, because no better copy is to be had; in the
    caller's `recorded` transaction. Returns how many are lost; 0 = none, or nobody knows."""
    before = TombstoneHead.objects.filter(system=system).first()
    found = last(stones.file_of(house, system), stones.holding(house, system))
    head = _head(system, *(found or (0, b"")))
    lost = max(before.records - head.records, 0) if before else 0
    TombstoneHead.objects.filter(system=system).delete()
    head.save(force_insert=True)
    said: dict[str, Value] = {"target": system, "records": lost, **({"by": by} if by else {})}
    note(Kind.TOMBSTONES_LOST, secrets.token_hex(16), said, at=house.now, policy_version=house.policy_version)
    return lost


def _head(system: str, reaches: int, record: bytes) -> TombstoneHead:
    return TombstoneHead(system=system, records=reaches, mac=record[-stones.MAC :])


def _insist(folder: Path, head: TombstoneHead) -> None:
    if not head.records:
        return  # All that there was is lost, and somebody has said so.
    for position, record in enumerate(records(stones.path_of(folder, head.system)), 1):
        if position == head.records:
            if hmac.compare_digest(record[-stones.MAC :], bytes(head.mac)):
                return
            break
    raise stones.lost(head.system)

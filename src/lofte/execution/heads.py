"""How far the tombstones of each system reach, told in our own store: a file that ends sooner has lost some.

Hard rules:
- It is written in the transaction that tells of an erasure. What a process that died had added is told
  with the next one.
- A file may reach further than is told here, as when our own store was restored; never less far, and
  what stands at the told place must be what stood there.
"""

from __future__ import annotations

import hmac
import secrets
from pathlib import Path

from lofte.errors import Broken
from lofte.execution import stones
from lofte.execution.append import last, records
from lofte.execution.book import note
from lofte.execution.house import House
from lofte.execution.models import TombstoneHead
from lofte.ledger.kinds import Kind, Value


def keep(house: House, system: str) -> None:
    """Tell how far the tombstones of a system reach, in the caller's transaction."""
    try:
        found = last(stones.file_of(house, system), stones.holding(house, system))
    except Broken:
        return  # What was done must be told all the same; whoever needs the file next is refused.
    if found is None:
        return
    records_, record = found
    said = {"records": records_, "mac": record[-stones.MAC :]}
    heads = TombstoneHead.objects.filter(system=system)
    if not heads.filter(records__lte=records_).update(**said):
        TombstoneHead.objects.bulk_create([TombstoneHead(system=system, **said)], ignore_conflicts=True)


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
    caller's `recorded` transaction. Returns how many are lost."""
    head = TombstoneHead.objects.filter(system=system).first()
    if head is None:
        return 0
    found = last(stones.file_of(house, system), stones.holding(house, system))
    reaches = found[0] if found else 0
    lost = max(head.records - reaches, 0)
    TombstoneHead.objects.filter(system=system).delete()
    keep(house, system)
    said: dict[str, Value] = {"target": system, "records": lost, **({"by": by} if by else {})}
    note(Kind.TOMBSTONES_LOST, secrets.token_hex(16), said, at=house.now, policy_version=house.policy_version)
    return lost


def _insist(folder: Path, head: TombstoneHead) -> None:
    for position, record in enumerate(records(stones.path_of(folder, head.system)), 1):
        if position == head.records:
            if hmac.compare_digest(record[-stones.MAC :], bytes(head.mac)):
                return
            break
    raise stones.lost(head.system)

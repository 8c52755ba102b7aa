"""Signed checkpoints of the ledger, kept outside the database that the ledger is in.

Hard rules:
- Nothing is signed that does not hold: the chain is followed from the checkpoint before, and what that
  one stood for must still be there.
- At the latest every `EVERY` entries or `WITHIN` minutes while there is something new, and when a case
  is closed.
- A ledger that is shorter than a checkpoint says has lost its end: it is told, and nothing is signed.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

from lofte.errors import Broken, LedgerClosed
from lofte.execution import book
from lofte.execution.append import Holds, append, last, make_folder, records, sync_folder
from lofte.execution.house import House
from lofte.execution.models import LedgerEntry
from lofte.ledger import chain, tree
from lofte.ledger.checkpoint import Checkpoint, checked_name, opened, public, signed
from lofte.ledger.entry import Entry
from lofte.ledger.kinds import Kind
from lofte.ledger.tree import Frontier

FOLDER, LATEST = "checkpoints", "latest"
EVERY = 100
"""Entries between two checkpoints, at most."""
WITHIN = timedelta(minutes=10)
CLOSING = (
    Kind.REQUEST_DELIVERED,
    Kind.REQUEST_GRANTED,
    Kind.REQUEST_REFUSED,
    Kind.REQUEST_WITHDRAWN,
    Kind.PACKAGE_RELEASED,
    Kind.POLICY_PUBLISHED,
)
"""After any of these the ledger is signed at once."""
_LOG, _FRONTIER = "log", "frontier"


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A checkpoint, and the signed note that it is read from."""

    checkpoint: Checkpoint
    note: str


def key_line(house: House) -> str:
    """The key that checks the checkpoints of this house; no secret. It is handed out before it is needed."""
    return public(_name(house), house.keys.checkpoint)


def latest(house: House) -> Held | None:
    """The newest checkpoint. Raises Broken when what stands there is none of ours."""
    return _latest(house.folder, house.keys.checkpoint)


def every(house: House) -> Iterator[Held]:
    """All checkpoints, the oldest first. Raises Broken."""
    for record in records(_folder(house) / _LOG):
        yield _held(record.decode(), house.keys.checkpoint)


def due(folder: Path, seed: bytes, now: datetime) -> bool:
    """Whether there is something new in the store that should be signed by now, for the home in this folder
    and the key that signs. Cheap. Raises Broken."""
    held = _latest(folder, seed)
    # Not counted: the last number costs the same however long the ledger is.
    count = LedgerEntry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    if held is None:
        return count > 0
    new = count - held.checkpoint.size
    if new <= 0:
        return new < 0  # an end that is lost is told by `make`
    if new >= EVERY or not timedelta(0) <= now - held.checkpoint.at < WITHIN:
        return True  # also when the clock was turned back since
    after = LedgerEntry.objects.filter(seq__gt=held.checkpoint.size, kind__in=CLOSING)
    return after.exists()


def make(house: House) -> Held | None:
    """Sign the ledger as it is now; durable when it returns. None = it is empty, or nothing is new. Raises
    LedgerClosed when the ledger does not hold, or has lost its end; Broken as `latest`."""
    before = latest(house)
    size = before.checkpoint.size if before else 0
    if before is not None and book.count() < size:
        raise _cut(before.checkpoint, book.count())
    anchor = next(iter(book.entries(after=size - 1)), None) if size else None
    frontier = _frontier(house, before.checkpoint if before else None, anchor)
    new = list(book.entries(after=size))
    if not new:
        return None
    if broken := chain.verify(new, house.keys.ledger, after=anchor):
        raise LedgerClosed(
            f"the ledger is broken at entry {broken.seq} ({broken.why}), so it is not signed; run "
            "`lofte ledger verify`"
        )
    grown = frontier.grown(tree.leaf(entry) for entry in new)
    made = Checkpoint(
        origin=_name(house), size=grown.size, root=grown.root, at=house.now.replace(microsecond=0)
    )
    note = signed(made, house.keys.checkpoint)
    append(_folder(house) / _LOG, lambda _: [note.encode()], _holding(house.keys.checkpoint))
    _replace(_folder(house) / LATEST, note)
    kept = {"size": grown.size, "hashes": [each.hex() for each in grown.hashes], "mac": new[-1].mac.hex()}
    _replace(_folder(house) / _FRONTIER, json.dumps(kept))
    return Held(checkpoint=made, note=note)


def verify(house: House) -> Checkpoint | None:
    """The first checkpoint that the ledger of today does not begin with; None = it begins with every one.
    Raises Broken when a checkpoint is none of ours."""
    grown, entries = Frontier(), book.entries()
    for held in every(house):
        said = held.checkpoint
        if said.size < grown.size:
            continue  # two were made at once
        grown = grown.grown(tree.leaf(entry) for entry in islice(entries, said.size - grown.size))
        if (grown.size, grown.root) != (said.size, said.root):
            return said
    return None


def begins_with(house: House, said: Checkpoint) -> bool:
    """Whether the ledger of today begins with what this checkpoint stood for."""
    grown = Frontier().grown(tree.leaf(entry) for entry in islice(book.entries(), said.size))
    return (grown.size, grown.root) == (said.size, said.root)


def insist_not_cut(folder: Path, seed: bytes) -> None:
    """Raises LedgerClosed when the ledger is shorter than its newest checkpoint says, Broken as `latest`."""
    held = _latest(folder, seed)
    if held is not None and book.count() < held.checkpoint.size:
        raise _cut(held.checkpoint, book.count())


def accept_cut(house: House, *, by: str = "") -> int:
    """Take what is left of the ledger for all there is, because no better copy is to be had; noted in the
    ledger. The checkpoints so far are laid aside as evidence. Returns how many entries are lost; where others
    have come in their place, at most. Once more, after a power cut, it does the rest. Raises LedgerClosed
    when what is left is broken in itself."""
    held = latest(house)
    if held is None or begins_with(house, held.checkpoint):
        return 0
    left = book.insist_unbroken(house.keys.ledger)
    size = held.checkpoint.size
    lost = size - (left if left < size else _holds_to(house))
    folder = _folder(house)
    with book.recorded(house):
        book.note(
            Kind.LEDGER_CUT,
            secrets.token_hex(16),
            {"entries": lost, **({"by": by} if by else {})},
            at=house.now,
            policy_version=house.policy_version,
        )
    (folder / _FRONTIER).unlink(missing_ok=True)
    (folder / _LOG).rename(folder / f"{_LOG}.{house.now:%Y%m%dT%H%M%S}")
    sync_folder(folder)
    make(house)
    return lost


def hand_out(note: str, folder: Path) -> None:
    """Write the newest checkpoint to a folder outside the home. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    _replace(folder / LATEST, note)
    size = note.splitlines()[1]
    _replace(folder / f"{int(size):012d}", note)


def _frontier(house: House, before: Checkpoint | None, anchor: Entry | None) -> Frontier:
    """The tree as it was at the checkpoint before: as it was kept, when it leads to the signed root and its
    last entry still stands there; else from the entries. Raises LedgerClosed when neither does."""
    if before is None:
        return Frontier()
    kept, mac = _kept(_folder(house) / _FRONTIER)
    if (kept.size, kept.root) == (before.size, before.root) and anchor is not None and anchor.mac == mac:
        return kept
    kept = Frontier().grown(tree.leaf(entry) for entry in islice(book.entries(), before.size))
    if kept.root != before.root:
        raise LedgerClosed(
            f"the ledger is not the one that was signed at entry {before.size}; run `lofte ledger verify`, "
            "and put the store back from a backup; when there is none, run `lofte ledger accept-cut`"
        )
    return kept


def _kept(path: Path) -> tuple[Frontier, bytes]:
    """The tree and the MAC of its last entry, as they were kept; an empty one where they cannot be read."""
    try:
        said = json.loads(path.read_text())
        hashes = tuple(bytes.fromhex(each) for each in said["hashes"])
        return Frontier(said["size"], hashes), bytes.fromhex(said["mac"])
    except (OSError, ValueError, KeyError, TypeError):
        return Frontier(), b""


def _cut(said: Checkpoint, count: int) -> LedgerClosed:
    return LedgerClosed(
        f"the ledger has {count} entries, and {said.size} were signed: its end is lost. Put the store back "
        "from a newer backup; when there is none, run `lofte ledger accept-cut`"
    )


def _holds_to(house: House) -> int:
    """The size of the newest checkpoint that the ledger of today begins with; 0 = with none."""
    size, entries, grown = 0, book.entries(), Frontier()
    for held in every(house):
        said = held.checkpoint
        if said.size < grown.size:
            continue
        grown = grown.grown(tree.leaf(entry) for entry in islice(entries, said.size - grown.size))
        if (grown.size, grown.root) != (said.size, said.root):
            break
        size = said.size
    return size


def _name(house: House) -> str:
    """The ledger's name: that of the first checkpoint, else where the portal is."""
    for record in records(_folder(house) / _LOG):
        return record.decode().partition("\n")[0]
    return checked_name(f"{urlsplit(house.url).netloc or 'localhost'}/ledger")


def _latest(folder: Path, seed: bytes) -> Held | None:
    found = last(folder / FOLDER / _LOG, _holding(seed))
    return None if found is None else _held(found[1].decode(), seed)


def _held(note: str, seed: bytes) -> Held:
    origin = note.partition("\n")[0]
    return Held(checkpoint=opened(note, public(origin, seed)), note=note)


def _holding(seed: bytes) -> Holds:
    def holds(_: int, record: bytes) -> bool:
        try:
            _held(record.decode(), seed)
        except (Broken, UnicodeDecodeError):
            return False
        return True

    return holds


def _folder(house: House) -> Path:
    return house.folder / FOLDER


def _replace(path: Path, text: str) -> None:
    """The file as a whole, or as it was before. Durable."""
    make_folder(path.parent)
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")  # two servers may write at once
    with aside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    sync_folder(path.parent)

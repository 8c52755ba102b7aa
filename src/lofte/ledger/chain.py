"""The chain: each entry's MAC covers the one before it.

Hard rules:
- mac(n) = HMAC-SHA256(ledger key, mac(n-1) || canonical bytes of entry n); mac(0) is 32 zero bytes.
- Entries are numbered from 1 without gaps. Order is the number, never the time.
- An edit, a changed time, a deletion, an insertion, a swap, a copy, or a rewriting of the whole
  ledger without the key is found. A cut tail is not: that takes a checkpoint kept elsewhere.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from lofte.ledger.entry import SIZE, Entry, canonical

START = bytes(SIZE)


class Why(StrEnum):
    """How the chain is broken."""

    NUMBER = "number"
    """An entry is missing, doubled or out of order."""
    CONTENT = "content"
    """An entry is not the one that was noted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Break:
    """The first place where the chain does not hold."""

    seq: int
    """The number that was expected there."""
    why: Why


def mac(key: bytes, previous: bytes, entry: Entry) -> bytes:
    """The MAC of an entry that follows `previous`."""
    return hmac.digest(key, previous + canonical(entry), "sha256")


def linked(entry: Entry, key: bytes, previous: Entry | None) -> Entry:
    """The entry with its number and its MAC, as the next one after `previous`."""
    seq = previous.seq + 1 if previous else 1
    numbered = replace(entry, seq=seq)
    return replace(numbered, mac=mac(key, previous.mac if previous else START, numbered))


def verify(entries: Iterable[Entry], key: bytes, *, after: Entry | None = None) -> Break | None:
    """The first break in the chain, or None if it holds. `after` is an entry already trusted."""
    seq, previous = (after.seq, after.mac) if after else (0, START)
    for entry in entries:
        seq += 1
        if entry.seq != seq:
            return Break(seq=seq, why=Why.NUMBER)
        if not hmac.compare_digest(mac(key, previous, entry), entry.mac):
            return Break(seq=seq, why=Why.CONTENT)
        previous = entry.mac
    return None

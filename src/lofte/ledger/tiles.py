"""The ledger as files that anybody can check: C2SP tlog-tiles. Bytes in, bytes out.

A tile holds up to 256 hashes of one height of the tree, or up to 256 entries; a full one never changes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

from lofte.ledger.tree import root_of

WIDTH = 256
"""Hashes or entries in a full tile."""


def tiles(entries: Sequence[bytes], leaves: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
    """Path and content of each file but the checkpoint, for these entries and their leaf hashes."""
    for number, start in enumerate(range(0, len(entries), WIDTH)):
        part = entries[start : start + WIDTH]
        yield _path("entries", number, len(part)), b"".join(struct.pack(">H", len(e)) + e for e in part)
    level, hashes = 0, list(leaves)
    while hashes:
        for number, start in enumerate(range(0, len(hashes), WIDTH)):
            part_ = hashes[start : start + WIDTH]
            yield _path(str(level), number, len(part_)), b"".join(part_)
        # Only what a full tile covers has a hash on the level above.
        full = len(hashes) // WIDTH * WIDTH
        hashes = [root_of(hashes[start : start + WIDTH]) for start in range(0, full, WIDTH)]
        level += 1


def _path(level: str, number: int, width: int) -> str:
    """`tile/0/x001/x234/067`, and `.p/7` at its end while seven are in it."""
    digits = f"{number:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    name = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
    return f"tile/{level}/{name}" + ("" if width == WIDTH else f".p/{width}")

"""The ledger's Merkle tree: its hashes, its root, and the proofs that need no key (RFC 9162 section 2.1).

Hard rules:
- Leaf n is the canonical bytes of entry n + 1, without the MAC: a verifier needs no secret.
- A proof is checked against a root that the verifier already trusts; nothing in a proof is believed.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lofte.ledger.entry import Entry, canonical

EMPTY = hashlib.sha256(b"").digest()
"""The root of a tree without leaves."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf: SHA-256(0x00 || data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node: SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def leaf(entry: Entry) -> bytes:
    """The leaf hash of an entry; its MAC is no part of it, so a verifier needs no key."""
    return leaf_hash(canonical(entry))


@dataclass(frozen=True, slots=True)
class Frontier:
    """What must be kept of a tree to make it grow: the roots of its perfect subtrees, the largest first."""

    size: int = 0
    """Leaves in the tree."""
    hashes: tuple[bytes, ...] = ()

    def grown(self, leaves: Iterable[bytes]) -> Frontier:
        """The tree with these leaf hashes added at its end."""
        size, hashes = self.size, list(self.hashes)
        for each in leaves:
            node, full = each, size
            while full & 1:  # a perfect subtree of this height stands to the left
                node = node_hash(hashes.pop(), node)
                full >>= 1
            hashes.append(node)
            size += 1
        return Frontier(size, tuple(hashes))

    @property
    def root(self) -> bytes:
        """The root of the tree."""
        if not self.hashes:
            return EMPTY
        node = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            node = node_hash(left, node)
        return node


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over these leaf hashes (section 2.1.1)."""
    return Frontier().grown(leaves).root


def inclusion(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The proof that the leaf at `index` is in the tree of these leaves (section 2.1.3.1). Raises
    IndexError for a leaf that is not there."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    path: list[bytes] = []
    start, end = 0, len(leaves)
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(root_of(leaves[middle:end]))
            end = middle
        else:
            path.append(root_of(leaves[start:middle]))
            start = middle
    return tuple(reversed(path))


def consistency(leaves: Sequence[bytes], before: int) -> tuple[bytes, ...]:
    """The proof that the tree of the first `before` leaves is a beginning of the tree of all
    (section 2.1.4.1). Raises IndexError when it cannot be one."""
    if not 0 < before <= len(leaves):
        raise IndexError(before)
    path: list[bytes] = []
    start, end, whole = 0, len(leaves), True
    while before - start != end - start:
        middle = start + _split(end - start)
        if before <= middle:
            path.append(root_of(leaves[middle:end]))
            end = middle
        else:
            path.append(root_of(leaves[start:middle]))
            start, whole = middle, False
    if not whole:
        path.append(root_of(leaves[start:end]))
    return tuple(reversed(path))


def includes(root: bytes, size: int, index: int, leaf: bytes, path: Sequence[bytes]) -> bool:
    """Whether the proof shows that the leaf is in the tree with this root (section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, node = index, size - 1, leaf
    for each in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = node_hash(each, node)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = node_hash(node, each)
        place, last = place >> 1, last >> 1
    return last == 0 and hmac.compare_digest(node, root)


def follows(old: bytes, old_size: int, new: bytes, new_size: int, path: Sequence[bytes]) -> bool:
    """Whether the proof shows that the new tree only adds to the old one (section 2.1.4.2)."""
    if not 0 < old_size <= new_size:
        return False
    if old_size == new_size:
        return not path and hmac.compare_digest(old, new)
    nodes = list(path)
    if old_size & (old_size - 1) == 0:
        nodes.insert(0, old)
    if not nodes:
        return False
    place, last = old_size - 1, new_size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    left = right = nodes[0]
    for each in nodes[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            left, right = node_hash(each, left), node_hash(each, right)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            right = node_hash(right, each)
        place, last = place >> 1, last >> 1
    return last == 0 and hmac.compare_digest(left, old) and hmac.compare_digest(right, new)


def _split(size: int) -> int:
    """The largest power of two smaller than `size`."""
    return int(1 << (size - 1).bit_length() - 1)

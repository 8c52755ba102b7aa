"""The hashes of the ledger's Merkle tree (RFC 6962 section 2.1, RFC 9162 section 2.1)."""

from __future__ import annotations

import hashlib

from lofte.ledger.entry import Entry, canonical


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf: SHA-256(0x00 || data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node: SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def leaf(entry: Entry) -> bytes:
    """The leaf hash of an entry; its MAC is no part of it, so a verifier needs no key."""
    return leaf_hash(canonical(entry))

"""An entry of the ledger, and the commitment that stands in it for what was noted."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from lofte.errors import Refused
from lofte.ledger.forms import Form
from lofte.ledger.kinds import Value

SIZE = 32
"""Bytes in a key, a commitment and a MAC."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One thing that happened. Who and what stand only in the payload that the commitment
    hides; with the record's key gone, the entry says nothing about anybody."""

    seq: int
    at: datetime
    kind: str
    """A `Kind`; as it stands in the store, so that a forged one is seen and not translated."""
    object: str
    """The random id of what this is about (a request, a published policy, a handler)."""
    policy_version: str
    commitment: bytes
    mac: bytes = b""


def instant(at: datetime) -> str:
    """A moment in UTC, always written with the same width."""
    if at.tzinfo is None:
        raise Refused("a moment without a time zone cannot be noted; hand in an aware one")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def canonical(entry: Entry) -> bytes:
    """The bytes of an entry that the chain and the tree are made over: all but its MAC."""
    return _packed(
        {
            "at": instant(entry.at),
            "commitment": entry.commitment.hex(),
            "kind": str(entry.kind),
            "object": entry.object,
            "policy": entry.policy_version,
            "seq": entry.seq,
        }
    )


def payload_bytes(payload: Mapping[str, Value]) -> bytes:
    """The canonical bytes of a payload."""
    return _packed(payload)


def commit(key: bytes, payload: bytes) -> bytes:
    """HMAC-SHA256 over the payload, with a random key of the record's own."""
    if len(key) != SIZE:
        raise Refused(f"the key of a record is {SIZE} random bytes")
    return hmac.digest(key, payload, "sha256")


def opens(entry: Entry, key: bytes, payload: bytes) -> bool:
    """True if this key and this payload are what the entry committed to."""
    return hmac.compare_digest(commit(key, payload), entry.commitment)


def checked_object(object_: str, policy_version: str) -> None:
    """Refuse an entry about something that is not a random id, or under a version that is not one."""
    if not re.fullmatch(Form.ID.value, object_, re.ASCII):
        raise Refused("an entry is about a random id of 32 hexadecimal digits")
    if policy_version and not re.fullmatch(Form.VERSION.value, policy_version, re.ASCII):
        raise Refused("the ledger takes a version written as 2026-01-31 or as 4.1; change `meta.version`")


def _packed(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")

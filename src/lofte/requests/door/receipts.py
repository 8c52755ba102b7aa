"""Receipts: what a person did in the portal, as the ledger has it (art. 5.2, 7.1).

Hard rules:
- A receipt is read from the ledger's own entry, and says nothing that is not in it but the number of the
  request. It names nobody.
- With it goes what proves the entry: its commitment, and the key and the words that it commits to.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lofte.execution.models import LedgerEntry, LedgerRecord
from lofte.ledger.kinds import Kind
from lofte.requests.models import Case

VERSION = 1
ACTS = (
    Kind.REQUEST_RECEIVED,
    Kind.REQUEST_WITHDRAWN,
    Kind.CODE_PASSED,
    Kind.REQUEST_GRANTED,
    Kind.PACKAGE_FETCHED,
    Kind.OWN_DATA_SHOWN,
)
"""What a person does by themselves, and what comes of it at once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """One act."""

    entry: int
    """Its number in the ledger."""
    what: Kind
    right: str
    at: datetime
    number: str
    """Of the request that it belongs to."""
    policy_version: str

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"lofte-{self.number}-{self.entry}.json"


def receipts(case: Case) -> tuple[Receipt, ...]:
    """The acts of a case, the newest first. What waits for its number in the ledger has no receipt yet."""
    of = dict(case.items.values_list("ref", "number"))
    rights = dict(case.items.values_list("ref", "right"))
    found = LedgerEntry.objects.filter(object__in=of, kind__in=ACTS).order_by("-seq")
    opened = _opened(found)
    return tuple(
        Receipt(
            entry=each.seq,
            what=Kind(each.kind),
            right=rights[each.object],
            at=each.at,
            number=of[each.object],
            policy_version=each.policy_version,
        )
        for each in found
        if "by" not in opened.get(bytes(each.commitment).hex(), {})
    )


def as_json(case: Case, receipt: Receipt) -> dict[str, Any]:
    """The receipt as a file holds it."""
    entry = LedgerEntry.objects.get(seq=receipt.entry)
    commitment = bytes(entry.commitment).hex()
    record = LedgerRecord.objects.filter(commitment=commitment).first()
    return {
        "receipt": VERSION,
        "what": receipt.what.value,
        "number": receipt.number,
        "at": receipt.at.isoformat(),
        "policy_version": receipt.policy_version,
        "entry": {
            "number": entry.seq,
            "object": entry.object,
            "commitment": commitment,
            **({"key": bytes(record.key).hex(), "payload": bytes(record.payload).decode()} if record else {}),
        },
    }


def _opened(found: Any) -> Mapping[str, dict[str, Any]]:
    wanted = [bytes(each.commitment).hex() for each in found]
    return {each.commitment: _said(each) for each in LedgerRecord.objects.filter(commitment__in=wanted)}


def _said(record: LedgerRecord) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(bytes(record.payload))
    return said

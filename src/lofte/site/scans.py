"""Noting in the ledger what a look at the website found (P020, P123-P133)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping

from lofte.execution.house import House
from lofte.policy.digest import digest


def noted(house: House, counts: Mapping[str, int], seen: str) -> None:
    """Note the counts, and the digest of all that was seen; no address and no name of anything stored.
    Raises LedgerClosed."""
    from lofte.execution.book import note, recorded
    from lofte.ledger.kinds import Kind, Value

    facts: dict[str, Value] = {
        "digest": digest(house.policy),
        "report": hashlib.sha256(seen.encode()).hexdigest(),
        **counts,
    }
    with recorded(house):
        note(
            Kind.SITE_SCANNED,
            secrets.token_hex(16),
            facts,
            at=house.now,
            policy_version=house.policy_version,
        )

"""The house that an operation is done in: what is promised, where the data are, the time, the keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from lofte.datamap.document import DataMap
from lofte.law.calendar import civil_date
from lofte.policy.document import Policy


@dataclass(frozen=True, kw_only=True, slots=True)
class Keys:
    """The keys of the house, 32 bytes each. They are never printed."""

    ledger: bytes = field(repr=False)
    """For the chain of the ledger."""
    wrapping: bytes = field(repr=False)
    """Wraps the own key of each request."""
    lookup: bytes = field(repr=False)
    """For finding the same identity again without storing it."""
    checkpoint: bytes = field(repr=False)
    """Signs how far the ledger has come (Ed25519)."""


def utc_now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class House:
    """What every operation is handed."""

    policy: Policy
    datamap: DataMap
    keys: Keys
    folder: Path
    """Where packages and what is under way lie; closed to all but the program."""
    clock: Callable[[], datetime] = utc_now
    url: str = "http://localhost:8000"
    """Where the portal is, as people write it in a browser; without a slash at its end."""

    @property
    def now(self) -> datetime:
        """The moment, in UTC."""
        return self.clock()

    @property
    def today(self) -> date:
        """The civil date in Stockholm; time limits run by it."""
        return civil_date(self.now)

    @property
    def policy_version(self) -> str:
        """The version that what is done now is done under."""
        return self.policy.meta.version

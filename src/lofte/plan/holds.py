"""What stops erasure: holds that somebody has placed, and those that follow from law and contract.

A hold is a record and is never taken back; a lifting is another record. A hold that is there when
the rows are about to go wins, whenever the erasure was approved (art. 17.3 b, e; 18.1 c).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from lofte.datamap.document import Dataset
from lofte.policy.document import Policy

_IS_NULL = re.compile(r"\s*([a-z][a-z0-9_]*\.[a-z][a-z0-9_]*) is null\s*")
_CONTRACT = frozenset({"contract.end"})


class HoldKind(StrEnum):
    """Why data must stay."""

    LEGAL_OBLIGATION = "legal_obligation"
    """Computed: a law wants it kept (art. 17.3 b)."""
    LEGAL_CLAIM = "legal_claim"
    """Placed: a case, with a day when it is looked at again (art. 17.3 e)."""
    ACTIVE_CONTRACT = "active_contract"
    """Computed: the contract runs (art. 6.1 b)."""
    INCIDENT = "incident"
    """Placed: an incident that is being looked into (art. 33)."""
    RESTRICTION = "restriction"
    """The person has had the processing restricted; storing is all that may be done (art. 18.2)."""

    @property
    def article(self) -> str:
        """The article by which it stops erasure."""
        return {
            "legal_obligation": "17.3.b",
            "legal_claim": "17.3.e",
            "active_contract": "6.1.b",
            "restriction": "18.2",
        }.get(self.value, "18.1.c")


@dataclass(frozen=True, kw_only=True, slots=True)
class Hold:
    """Data of one person that must stay although they would go."""

    ref: str
    kind: HoldKind
    case: str
    """The case, as the company numbers it; never a name."""
    review_on: date | None
    placed_by: str
    placed_at: datetime
    why: str = ""
    categories: frozenset[str] = frozenset()
    """Which categories of the policy; none named = all data."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Lifting:
    """A hold's end."""

    hold: str
    lifted_by: str
    lifted_at: datetime
    why: str = ""


def in_force(holds: Iterable[Hold], liftings: Iterable[Lifting], now: datetime) -> tuple[Hold, ...]:
    """The holds that stop erasure at this moment. A review day that has passed ends nothing:
    somebody has to look, and lift."""
    lifted = {each.hold for each in liftings if each.lifted_at <= now}
    return tuple(h for h in holds if h.ref not in lifted and h.placed_at <= now)


def holding(holds: Iterable[Hold], dataset: Dataset) -> Hold | None:
    """The first hold that concerns rows of this dataset."""
    categories = {field.category for field in dataset.fields.values() if field.category}
    return next((h for h in holds if not h.categories or h.categories & categories), None)


def open_anchors(policy: Policy) -> frozenset[str]:
    """The anchors whose absence means that a contract runs, from the policy's computed holds."""
    found = (_IS_NULL.fullmatch(rule.computed) for rule in policy.holds.values() if rule.computed)
    return frozenset(match[1] for match in found if match) or _CONTRACT


Holds = Mapping[int, tuple[Hold, ...]]
"""The holds in force, by subject."""

"""What a yes covers (art. 4.11, 6.1 a, 7).

- A yes is to a purpose as it was: the same kinds of data, the same recipients, or fewer. When the purpose
  grows, or rests on something else, the old yes does not cover it.
- Nothing is updated: coverage is computed from what was said and the policy in force.
- An address got at a sale may be used for advertising of one's own similar services only when every
  condition of 19 § marknadsföringslagen was met, and noted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lofte.law.bases import BASES
from lofte.policy.document import Policy, Purpose

Meaning = dict[str, Any]
SOFT = "MFL-19-2"
CONDITIONS = ("sale", "own_similar", "opt_out_at_collection")
"""What must be noted of an address got at a sale: the day of the sale, that what is advertised is one's own
and similar, and that the person could say no when the address was taken. That each message lets them say no,
and that they have not, is seen elsewhere: in the headers, and in what stops an address."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A yes, as it was said."""

    covers: Mapping[str, Meaning]
    terms: Mapping[str, Any]


def meaning(purpose: Purpose) -> Meaning:
    """What a purpose is, as far as a yes to it goes: neither wording nor order."""
    return {
        "basis": purpose.legal_basis,
        "categories": sorted(purpose.categories),
        "recipients": sorted(purpose.recipients),
    }


def covered(said: Said, policy: Policy) -> frozenset[str]:
    """The purposes of this policy that the yes covers now."""
    return frozenset(
        id_
        for id_, was in said.covers.items()
        if (purpose := policy.purposes.get(id_)) is not None and _covers(was, purpose, said.terms)
    )


def asks(purpose: Purpose) -> bool:
    """Whether a purpose needs a yes, or an address got at a sale."""
    return BASES[purpose.legal_basis].withdrawable or purpose.legal_basis == SOFT


def missing(terms: Mapping[str, Any]) -> Sequence[str]:
    """The conditions of 19 § that were not noted as met."""
    return [each for each in CONDITIONS if not terms.get(each)]


def _covers(was: Mapping[str, Any], purpose: Purpose, terms: Mapping[str, Any]) -> bool:
    now = meaning(purpose)
    if was.get("basis") != now["basis"] or (now["basis"] == SOFT and missing(terms)):
        return False
    return all(set(now[part]) <= set(was.get(part, ())) for part in ("categories", "recipients"))

"""Identities: their kinds, strength, canonical form, and every way they may be spelled.

The only place that knows when two spellings are the same identity.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lofte.datamap.document import Kind


class Strength(StrEnum):
    """How much an identity says.

    UNIQUE: one person only; two rows that share it are the same person (personnummer, customer number).
    CONTACT: finds rows while it points at exactly one person; never merges two (e-mail, user name).
    WEAK: confirms or is mentioned; never finds a person alone (phone, IP address).
    """

    UNIQUE = "unique"
    CONTACT = "contact"
    WEAK = "weak"


STRENGTH: dict[Kind, Strength] = {
    Kind.PERSONNUMMER: Strength.UNIQUE,
    Kind.CUSTOMER_NO: Strength.UNIQUE,
    Kind.EMAIL: Strength.CONTACT,
    Kind.USER_NAME: Strength.CONTACT,
    Kind.PHONE: Strength.WEAK,
    Kind.IP: Strength.WEAK,
}


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Identity:
    """A kind and the canonical value of it. Make one with `identity.read`."""

    kind: Kind
    value: str

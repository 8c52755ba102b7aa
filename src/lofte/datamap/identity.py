"""Identities: their kinds, strength, canonical form, and every way they may be spelled.

The only place that knows when two spellings are the same identity. A database compares looser
than we think, so it is only asked for candidates (`spellings`, compared as `COMPARED` says), and
every row it gives is compared again here (`canonical`), byte for byte.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from lofte.datamap.address import canonical_ip, ip_spellings
from lofte.datamap.document import Kind
from lofte.datamap.email import canonical_email, email_spellings
from lofte.datamap.letters import composed, stored_spellings
from lofte.datamap.personnummer import canonical_personnummer, personnummer_spellings
from lofte.datamap.phone import canonical_phone, phone_spellings
from lofte.fault import Fault, Place, Severity


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


class Compared(StrEnum):
    """How a database looks for the spellings of an identity in a column.

    LOWERED: `lower(column) IN (spellings)`; `lower` may know all letters or only A-Z.
    PLAIN: `column IN (spellings)`; in an integer column, the spellings that are digits, as numbers.
    DIGITS: the column with the characters of `phone.STRIPPED` taken out `IN (spellings)`.
    """

    LOWERED = "lowered"
    PLAIN = "plain"
    DIGITS = "digits"


COMPARED: dict[Kind, Compared] = {
    Kind.EMAIL: Compared.LOWERED,
    Kind.IP: Compared.LOWERED,
    Kind.PERSONNUMMER: Compared.PLAIN,
    Kind.CUSTOMER_NO: Compared.PLAIN,
    Kind.USER_NAME: Compared.PLAIN,
    Kind.PHONE: Compared.DIGITS,
}

LONGEST = 320


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Identity:
    """A kind and the canonical value of it. Make one with `identity.read`."""

    kind: Kind
    value: str


def canonical(kind: Kind, raw: object, on: date) -> str | None:
    """The canonical value of what stands in a row, or None when it is no identity of this kind.

    Called for every row that is fetched. Nothing is forgiven: a blank too much is another value.
    """
    if kind is Kind.EMAIL:
        return canonical_email(raw)
    if kind is Kind.CUSTOMER_NO:
        return _as_written(raw)
    if kind is Kind.PERSONNUMMER:
        return canonical_personnummer(raw, on)
    if kind is Kind.USER_NAME:
        name = _as_written(raw)
        return None if name is None else composed(name)
    if kind is Kind.PHONE:
        return canonical_phone(raw)
    if kind is Kind.IP:
        return canonical_ip(raw)
    assert_never(kind)


def _as_written(raw: object) -> str | None:
    if isinstance(raw, bool) or raw is None:
        return None
    if isinstance(raw, bytes):
        try:
            raw = raw.decode()
        except UnicodeDecodeError:
            return None
    elif isinstance(raw, Decimal):
        if raw != raw.to_integral_value():
            return None
        raw = str(int(raw))
    elif isinstance(raw, int | UUID):
        raw = str(raw)
    if not isinstance(raw, str) or not raw or len(raw) > LONGEST or "\x00" in raw:
        return None
    return raw


def spellings(kind: Kind, value: str, on: date) -> tuple[str, ...]:
    """Every spelling a database must look for, compared as `COMPARED[kind]` says.

    The rows found are a superset of those whose canonical value is `value`.
    """
    match kind:
        case Kind.EMAIL:
            return email_spellings(value)
        case Kind.PERSONNUMMER:
            return personnummer_spellings(value, on)
        case Kind.PHONE:
            return phone_spellings(value)
        case Kind.IP:
            return ip_spellings(value)
        case Kind.USER_NAME:
            return stored_spellings(value, cases=False)
        case Kind.CUSTOMER_NO:
            return (value,)
    assert_never(kind)


_WHAT: dict[Kind, tuple[str, str, str]] = {
    Kind.EMAIL: ("R001", "this is not an e-mail address", "Write it as name@domain.example."),
    Kind.PERSONNUMMER: (
        "R002",
        "this is not a personnummer or samordningsnummer",
        "Write twelve digits, or ten with - or +; the last one is a check digit.",
    ),
    Kind.PHONE: (
        "R003",
        "this is not a telephone number",
        "Write it with its area code, or with + and the country code.",
    ),
    Kind.IP: ("R004", "this is not an IP address", "Write it as 192.0.2.1 or 2001:db8::1."),
    Kind.CUSTOMER_NO: (
        "R005",
        "this is not a customer number",
        f"Write it exactly as it stands on the invoice, at most {LONGEST} characters.",
    ),
    Kind.USER_NAME: (
        "R006",
        "this is not a user name",
        f"Write it exactly as it is used to sign in, at most {LONGEST} characters.",
    ),
}


def read(kind: Kind, raw: object, on: date, place: Place) -> Identity | Fault:
    """An identity as a person wrote it at the door: blanks around it are forgiven.

    The fault never repeats what was written; it may be somebody's.
    """
    value = canonical(kind, raw.strip() if isinstance(raw, str) else raw, on)
    if value is None:
        number, what, mend = _WHAT[kind]
        return Fault(number=number, place=place, what=what, mend=mend)
    return Identity(kind=kind, value=value)


def looks_like(identity: Identity, place: Place | None = None) -> Fault | None:
    """A warning when the identity may look like another one: mixed scripts, look-alikes, no width."""
    if identity.kind not in (Kind.EMAIL, Kind.USER_NAME) or identity.value.isascii():
        return None
    for word in identity.value.replace("@", ".").split("."):
        if len(set(map(_script, filter(str.isalpha, word)))) > 1 or any(map(_strange, word)):
            return Fault(
                number="R007",
                place=place or Place(path=identity.kind),
                what="letters of different scripts, or signs that only look like letters, stand together",
                mend="Compare it letter by letter with what is on file before trusting it.",
                severity=Severity.WARNING,
            )
    return None


def _script(letter: str) -> str:
    return unicodedata.name(letter, "UNKNOWN").split()[0]


def _strange(letter: str) -> bool:
    return unicodedata.category(letter) == "Cf" or unicodedata.normalize("NFKC", letter) != letter

"""Contact data as vCard 4.0 (RFC 6350): what an address book takes in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lofte.datamap.document import ByIdentity, ByOwn, Dataset, FieldMap, Kind
from lofte.datamap.identity import canonical
from lofte.detect.text import DOTS
from lofte.policy.document import Policy
from lofte.requests.package.lines import block, line, text

_BY_ITEM = {
    "name": "FN",
    "email": "EMAIL",
    "phone": "TEL",
    "address": "ADR",
    "language": "LANG",
    "birth_date": "BDAY",
}
_BY_DPV = {
    "Name": "FN",
    "EmailAddress": "EMAIL",
    "TelephoneNumber": "TEL",
    "PhysicalAddress": "ADR",
    "Language": "LANG",
    "BirthDate": "BDAY",
}
_BY_KIND = {Kind.EMAIL: "EMAIL", Kind.PHONE: "TEL"}

_STREET, _PLACE, _POSTCODE, _COUNTRY = 2, 3, 5, 6
"""Where the parts stand among the seven of ADR."""
_PARTS = {
    **dict.fromkeys(("city", "town", "ort", "postort", "place"), _PLACE),
    **dict.fromkeys(("postcode", "zip", "zipcode", "postal_code", "postnummer", "postnr"), _POSTCODE),
    **dict.fromkeys(("country", "land"), _COUNTRY),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """One contact: (property, value) in the order of the dataset's fields, each once."""

    values: tuple[tuple[str, str], ...]
    address: tuple[str, ...] = ()
    """The seven parts of ADR, or nothing."""


def properties(policy: Policy, dataset: Dataset, names: Iterable[str]) -> dict[str, str]:
    """Field -> property, for a dataset whose every row is the person and nobody else. Elsewhere a
    name may be another's, and nothing is a contact."""
    if not dataset.subject or not all(isinstance(p, ByOwn | ByIdentity) for p in dataset.subject):
        return {}
    found = {name: _property(policy, dataset.fields[name]) for name in names}
    named = {name: what for name, what in found.items() if what is not None}
    return named if {"EMAIL", "TEL", "ADR"} & set(named.values()) else {}


def card(properties: Mapping[str, str], row: Mapping[str, Any]) -> Card | None:
    """The contact that a row tells of; None when it tells of none. Masked values are left out."""
    values: dict[tuple[str, str], None] = {}
    address = [""] * 7
    for name, what in properties.items():
        value = row.get(name)
        if value is None or not (written := str(value).strip()) or DOTS in written:
            continue
        if what == "ADR":
            part = _PARTS.get(name.lower(), _STREET)
            address[part] = ", ".join(filter(None, (address[part], written)))
        else:
            values[what, written] = None
    if not values and not any(address):
        return None
    return Card(values=tuple(values), address=tuple(address) if any(address) else ())


def vcards(cards: Iterable[Card], made_at: datetime, on: date) -> Iterator[bytes]:
    """Each different contact once."""
    revised = made_at.strftime("%Y%m%dT%H%M%SZ")
    for each in dict.fromkeys(cards):
        yield block("VCARD", _lines(each, revised, on)).encode("utf-8", "replace")


def _lines(card: Card, revised: str, on: date) -> Iterator[str]:
    yield line("VERSION", "4.0")
    if not any(what == "FN" for what, _ in card.values):
        # A card without a name is none (RFC 6350, 6.2.1).
        instead = next((v for w, v in card.values if w in ("EMAIL", "TEL")), "-")
        yield line("FN", text(instead))
    for what, value in card.values:
        yield from _line(what, value, on)
    if card.address:
        yield line("ADR", ";".join(map(text, card.address)))
    yield line("REV", revised)


def _line(what: str, value: str, on: date) -> Iterator[str]:
    if what == "TEL":
        number = canonical(Kind.PHONE, value, on)
        yield line("TEL;VALUE=uri", f"tel:{number}") if number else line("TEL", text(value))
    elif what == "BDAY":
        try:
            yield line("BDAY", date.fromisoformat(value[:10]).strftime("%Y%m%d"))
        except ValueError:
            yield line("BDAY;VALUE=text", text(value))
    elif what != "LANG":
        yield line(what, text(value))
    elif value.isascii() and value.isalpha() and len(value) in (2, 3):
        yield line("LANG", value.lower())


def _property(policy: Policy, field: FieldMap) -> str | None:
    if field.identity in _BY_KIND:
        return _BY_KIND[field.identity]
    category = policy.categories.get(field.category or "")
    item = next((i for i in category.items if i.id == field.item), None) if category else None
    said = (item.dpv or "").rpartition(":")[2] if item else ""
    return _BY_DPV.get(said) or _BY_ITEM.get(field.item or "")

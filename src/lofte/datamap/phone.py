"""Telephone numbers: canonical form E.164, read as Swedish when no country is said."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

import phonenumbers

STRIPPED = " -()./+"
"""What is taken out of a column before it is compared with `phone_spellings`."""

_REGION = "SE"
_ALLOWED = frozenset("0123456789" + STRIPPED)
_STRIP = str.maketrans("", "", STRIPPED)


def canonical_phone(raw: object) -> str | None:
    """`+46701740605`, or None when this is no telephone number."""
    if isinstance(raw, bool):
        return None
    if isinstance(raw, Decimal) and raw == raw.to_integral_value():
        raw = int(raw)
    if isinstance(raw, int):
        raw = str(raw)
    elif isinstance(raw, bytes):
        raw = raw.decode("ascii", "replace")
    return _canonical(raw) if isinstance(raw, str) and 5 <= len(raw) <= 40 else None


@lru_cache(maxsize=65536)
def _canonical(raw: str) -> str | None:
    if not _ALLOWED.issuperset(raw):
        return None
    try:
        number = phonenumbers.parse(raw, _REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    value = str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    # A way of writing that the database comparison cannot find is not recognised at all.
    return value if raw.translate(_STRIP) in phone_spellings(value) else None


@lru_cache(maxsize=65536)
def phone_spellings(value: str) -> tuple[str, ...]:
    """The digits of every way to write the number, for a column with `STRIPPED` taken out."""
    number = phonenumbers.parse(value, None)
    code = number.country_code or 0
    country, own = str(code), str(phonenumbers.national_significant_number(number))
    forms = [country + own, "00" + country + own, country + "0" + own]
    if phonenumbers.region_code_for_country_code(code) == _REGION:
        forms += ["0" + own, own]
    return tuple(dict.fromkeys(forms))

"""IP addresses: one canonical form, and the ways a log or a column writes it."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address


def canonical_ip(raw: object) -> str | None:
    """The shortest written form; an IPv4 address written as IPv6 is the IPv4 address."""
    if isinstance(raw, bytes):
        raw = raw.decode("ascii", "replace")
    if isinstance(raw, int | float) or raw is None:
        return None
    text = str(raw).lower()
    return _canonical(text) if len(text) <= 64 and "%" not in text else None


@lru_cache(maxsize=65536)
def _canonical(text: str) -> str | None:
    try:
        address = ip_address(text.removesuffix("/32").removesuffix("/128"))
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    value = str(mapped or address)
    # A way of writing that the database comparison cannot find is not recognised at all.
    return value if text in ip_spellings(value) else None


@lru_cache(maxsize=4096)
def ip_spellings(value: str) -> tuple[str, ...]:
    """Every value that `lower(column)` may have in a row that holds this address."""
    address = ip_address(value)
    if isinstance(address, IPv4Address):
        mapped = IPv6Address(f"::ffff:{value}")
        wide = (f"::ffff:{value}", str(mapped), mapped.exploded)
        return (value, f"{value}/32", *dict.fromkeys(wide))
    uncut = ":".join(f"{int(part, 16):x}" for part in address.exploded.split(":"))
    forms = dict.fromkeys((value, address.exploded, uncut))
    return (*forms, *(f"{form}/128" for form in forms))

"""Where a question comes from, as far as our own proxies vouch for it."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

_FOUR, _SIX = 24, 48
"""Bits of an address that are one household's or company's, more or less."""
NOWHERE = "nowhere"
"""An address that cannot be read: all who have none are counted together."""


def network_of(request: HttpRequest) -> str:
    """The network of whoever asks: of the hop that the outermost of our own proxies has seen. What stands
    further left in the header was written by anybody."""
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    trusted = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    if trusted and len(hops) >= trusted:
        return _network(hops[-trusted])
    return _network(request.META.get("REMOTE_ADDR", ""))


def _network(written: str) -> str:
    try:
        address = ipaddress.ip_address(written)
    except ValueError:
        return NOWHERE
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    bits = _FOUR if address.version == 4 else _SIX
    return str(ipaddress.ip_network(f"{address}/{bits}", strict=False))

"""How often one network may choose. Counted in memory; no address is kept, nor written anywhere."""

from __future__ import annotations

import hmac
import secrets
import socket
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

_FOUR, _SIX = 24, 48
_MAPPED = bytes(10) + b"\xff\xff"
"""How IPv6 begins an address of IPv4."""
_MOST = 50_000


@dataclass(kw_only=True, slots=True)
class Limits:
    """A bucket for each network: so many at once, and so many a second after that. `clock` gives seconds
    that never go back."""

    clock: Callable[[], float]
    at_once: float = 120.0
    a_second: float = 2.0
    _salt: bytes = field(default_factory=lambda: secrets.token_bytes(16), repr=False)
    _left: OrderedDict[bytes, tuple[float, float]] = field(default_factory=OrderedDict, repr=False)

    def takes(self, address: str) -> bool:
        """Whether one more may come from here; counts it."""
        now, network = self.clock(), self._network(address)
        left, since = self._left.pop(network, (self.at_once, now))
        left = min(self.at_once, left + (now - since) * self.a_second)
        self._left[network] = (left - 1 if left >= 1 else left, now)
        if len(self._left) > _MOST:
            self._left.popitem(last=False)
        return left >= 1

    def wait(self) -> int:
        """Seconds until whoever was refused may try again, at the least."""
        return max(1, round(1 / self.a_second))

    def _network(self, address: str) -> bytes:
        """The network of an address under a key that dies with the process."""
        return hmac.digest(self._salt, _prefix(address), "sha256")[:16]


def client(headers: dict[bytes, bytes], peer: str, proxies: int) -> str:
    """The address of whoever asks: of the hop that the outermost of our own proxies has seen. What stands
    further left in the header was written by anybody."""
    if proxies:
        hops = [hop.strip() for hop in headers.get(b"x-forwarded-for", b"").decode("latin-1").split(",")]
        if len(hops) >= proxies:
            return hops[-proxies]
    return peer


def _prefix(written: str) -> bytes:
    """The bytes of an address that are its network's; nothing for what is no address."""
    try:
        if ":" not in written:
            return socket.inet_pton(socket.AF_INET, written)[: _FOUR // 8]
        whole = socket.inet_pton(socket.AF_INET6, written.partition("%")[0])
    except (OSError, ValueError):
        return b""
    return whole[12 : 12 + _FOUR // 8] if whole.startswith(_MAPPED) else whole[: _SIX // 8]

"""Where other programs are told what happens, and how that is reached without being led astray.

Hard rules:
- Only https, to an address of the public internet; or what LOFTE_WEBHOOK_NETWORKS names, and there http on
  this machine itself.
- The name is looked up once; every address that it has is judged; the one that was judged is the one that is
  connected to, and its certificate is that of the name.
- A redirect is an answer, and is not followed. No proxy of the surroundings is used.

The usual HTTP clients were looked at: they look the name up again when they connect.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lofte.errors import Refused, Unreachable

LONGEST = 500
SECONDS = 10
"""For all of a call, whatever is sent back how slowly."""
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Ip = ipaddress.IPv4Address | ipaddress.IPv6Address
_FORM = re.compile(r"[\x21-\x7e]+")
_CARRIES_ANOTHER = tuple(ipaddress.ip_network(each) for each in ("64:ff9b::/96", "2002::/16", "2001::/32"))
"""Addresses of the sixth version that lead to one of the fourth."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """An address, taken apart."""

    secure: bool
    host: str
    port: int
    path: str


def place(address: str) -> Place:
    """The address, if something can be told there. Raises Refused."""
    wrong = Refused(
        "this is no address to call; write it as https://tickets.example/hook, without a password"
    )
    if len(address) > LONGEST or not _FORM.fullmatch(address) or "\\" in address:
        raise wrong
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme not in ("http", "https") or not host or parts.username is not None or parts.fragment:
        raise wrong
    secure = parts.scheme == "https"
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    return Place(secure=secure, host=host, port=port or (443 if secure else 80), path=path)


def networks(written: str) -> tuple[Network, ...]:
    """The networks that LOFTE_WEBHOOK_NETWORKS names. Raises Refused."""
    try:
        return tuple(ipaddress.ip_network(each.strip()) for each in written.split(",") if each.strip())
    except ValueError as error:
        raise Refused(
            "LOFTE_WEBHOOK_NETWORKS is not understood; write it as 10.1.0.0/16,192.0.2.7/32"
        ) from error


def reach(to: Place, own: Sequence[Network]) -> str:
    """The number to connect to. Raises Refused when one of those that the name has is not to be called,
    Unreachable when it has none."""
    try:
        found = socket.getaddrinfo(to.host, to.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable("the name of a webhook is not found; look at its address") from error
    numbers = [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    for number in numbers:
        _judge(number, to, own)
    return str(numbers[0])


def post(
    to: Place, number: str, body: bytes, headers: Mapping[str, str], context: ssl.SSLContext | None = None
) -> int:
    """Send it there; returns the status. Raises Unreachable."""
    caller = _Pinned(to, number, context)
    late = threading.Timer(SECONDS, caller.stop)
    late.daemon = True
    late.start()
    try:
        caller.request("POST", to.path, body=body, headers=dict(headers))
        answer = caller.getresponse()
        answer.read(4096)
        if caller.stopped:
            raise TimeoutError
        return answer.status
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreachable("a webhook does not answer; it is tried again") from error
    finally:
        late.cancel()
        caller.close()


class _Pinned(http.client.HTTPConnection):
    """Connects to the number that was judged, and asks for the certificate of the name."""

    def __init__(self, to: Place, number: str, context: ssl.SSLContext | None) -> None:
        super().__init__(to.host, to.port, timeout=SECONDS)
        self.default_port = 443 if to.secure else 80
        self._to, self._number = to, number
        self._context = context or ssl.create_default_context()
        self._raw: Any = None
        self.stopped = False

    def connect(self) -> None:
        """As above."""
        raw = self._raw = socket.create_connection((self._number, self._to.port), timeout=SECONDS)
        self.sock = self._context.wrap_socket(raw, server_hostname=self._to.host) if self._to.secure else raw

    def stop(self) -> None:
        """End it, wherever it is."""
        self.stopped = True
        for each in (self.sock, self._raw):
            try:
                if each is not None:
                    each.shutdown(socket.SHUT_RDWR)
            except (OSError, ValueError):
                continue


def _judge(number: Ip, to: Place, own: Sequence[Network]) -> None:
    mapped = getattr(number, "ipv4_mapped", None)
    real: Ip = mapped or number
    named = any(real.version == network.version and real in network for network in own)
    if not to.secure and not (named and real.is_loopback):
        raise Refused("a webhook is called by https alone; give its address so")
    carries = any(real in network for network in _CARRIES_ANOTHER if network.version == real.version)
    if not named and (not real.is_global or real.is_multicast or carries):
        raise Refused(
            "this address is inside a network of its own; name the network in LOFTE_WEBHOOK_NETWORKS, "
            "or give an address of the public internet"
        )

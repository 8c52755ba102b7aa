"""What carries a short message, whatever it is: a gateway for text messages, a chat. And what their files in
the workspace have in common: an address that is safe, secrets that stand elsewhere.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

import requests

from lofte.errors import Unreachable
from lofte.fault import Fault, Place
from lofte.policy.reading import Reading

FAULTS: Mapping[str, tuple[str, str]] = {
    "S011": (
        "this is no address that a gateway can be reached at safely",
        "write it as the gateway gives it, beginning with https:// and without a name or password in it",
    ),
    "S012": (
        "a secret does not stand in a file",
        "write `env:NAME` here, and set NAME where Löfte is started",
    ),
    "S013": ("the environment variable is not set", "set it where Löfte is started"),
}
_SILENCE = 10
"""Seconds that whoever carries it may be silent."""


class Messenger(Protocol):
    """What carries messages."""

    def send(self, to: str, words: str, /) -> None:
        """Send it. Raises Unreachable when it has not been taken."""
        ...


def hand_over(what: str, url: str, **said: Any) -> None:
    """Post this to an address: it goes there and nowhere else, no redirect is followed, no proxy of the
    environment asked. `what` is who carries it, in words. Raises Unreachable, which repeats nothing that was
    sent and not where to."""
    try:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.post(url, timeout=_SILENCE, allow_redirects=False, **said)
    except requests.RequestException as error:
        raise Unreachable(f"{what} does not answer ({type(error).__name__})") from None
    if answer.status_code // 100 != 2:
        raise Unreachable(f"{what} did not take a message: status {answer.status_code}")


def secret(reading: Reading[Any], path: str, written: str, file: str) -> str | Fault:
    """What the environment says where a file has `env:NAME`."""
    if not written.startswith("env:"):
        return fault("S012", reading, path, file)
    return os.environ.get(written.removeprefix("env:")) or fault("S013", reading, path, file)


def is_safe(url: str) -> bool:
    """HTTPS, or something on the machine itself."""
    try:
        parts = urlsplit(url)
        here = parts.hostname == "localhost" or ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        here = False
    return (
        bool(parts.hostname)
        and not parts.username
        and (parts.scheme == "https" or (parts.scheme == "http" and here))
    )


def fault(number: str, reading: Reading[Any], path: str, file: str) -> Fault:
    """One of these faults, at its place in the file."""
    what, mend = FAULTS[number]
    place = reading.value_place(path) or Place(file=file)
    return Fault(number=number, place=place, what=what, mend=mend)

"""Text messages, by a gateway that takes a form over HTTPS: `sms.yaml` in the workspace, secrets elsewhere.

The form is the one that Swedish gateways take (46elks and those like it): `from`, `to`, `message`, with a
name and a password. Another gateway is another class with one method.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, Protocol
from urllib.parse import urlsplit

import requests
from pydantic import Field

from lofte.errors import FaultsFound, Refused, Unreachable
from lofte.fault import Fault, Place
from lofte.policy.document import Part
from lofte.policy.reading import Reading, read

FILE = "sms.yaml"
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
"""Seconds that the gateway may be silent."""


class Sms(Protocol):
    """What sends text messages."""

    def send(self, number: str, words: str) -> None:
        """Send it. Raises Unreachable when the gateway has not taken it."""
        ...


class GatewayDocument(Part):
    """The gateway."""

    url: str
    sender: Annotated[str, Field(pattern=r"^(\+\d{6,15}|[A-Za-z][A-Za-z0-9]{2,10})$")]
    """Who it comes from: a number, or three to eleven letters and digits."""
    name: str
    """`env:NAME`."""
    password: str
    """`env:NAME`."""


class SmsDocument(Part):
    """`sms.yaml`."""

    sms: Literal[1]
    gateway: GatewayDocument


@dataclass(frozen=True, kw_only=True, slots=True)
class Gateway:
    """A gateway that takes a form over HTTPS."""

    url: str
    sender: str
    name: str = field(repr=False)
    password: str = field(repr=False)

    def send(self, number: str, words: str) -> None:
        """Send it. It goes where the file says and nowhere else: no redirect is followed, no proxy of the
        environment asked. Raises Unreachable, which repeats neither number nor words."""
        form = {"from": self.sender, "to": number, "message": words}
        try:
            with requests.Session() as session:
                session.trust_env = False
                answer = session.post(
                    self.url,
                    data=form,
                    auth=(self.name, self.password),
                    timeout=_SILENCE,
                    allow_redirects=False,
                )
        except requests.RequestException as error:
            raise Unreachable(
                f"the gateway for text messages does not answer ({type(error).__name__})"
            ) from None
        if answer.status_code // 100 != 2:
            raise Unreachable(f"the gateway did not take a text message: status {answer.status_code}")


def configured(workspace: Path) -> bool:
    """True if text messages can be sent from here."""
    return (workspace / FILE).is_file()


def gateway(workspace: Path) -> Gateway:
    """What `sms.yaml` says. Raises Refused when it cannot be read; FaultsFound."""
    try:
        reading = read((workspace / FILE).read_text(encoding="utf-8"), FILE, SmsDocument)
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{FILE} cannot be read as UTF-8 text; save it as UTF-8") from error
    if reading.document is None:
        raise FaultsFound(reading.faults)
    said = reading.document.gateway
    found = [_fault("S011", reading, "gateway.url")] if not _is_safe(said.url) else []
    name = _secret(reading, "gateway.name", said.name)
    password = _secret(reading, "gateway.password", said.password)
    found += [each for each in (name, password) if isinstance(each, Fault)]
    if found or isinstance(name, Fault) or isinstance(password, Fault):
        raise FaultsFound(found)
    return Gateway(url=said.url, sender=said.sender, name=name, password=password)


def _secret(reading: Reading[SmsDocument], path: str, written: str) -> str | Fault:
    if not written.startswith("env:"):
        return _fault("S012", reading, path)
    return os.environ.get(written.removeprefix("env:")) or _fault("S013", reading, path)


def _is_safe(url: str) -> bool:
    """HTTPS, or a gateway on the machine itself."""
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


def _fault(number: str, reading: Reading[SmsDocument], path: str) -> Fault:
    what, mend = FAULTS[number]
    place = reading.value_place(path) or Place(file=FILE)
    return Fault(number=number, place=place, what=what, mend=mend)

"""Text messages, by a gateway that takes a form over HTTPS: `sms.yaml` in the workspace, secrets elsewhere.

The form is the one that Swedish gateways take (46elks and those like it): `from`, `to`, `message`, with a
name and a password. Another gateway is another class with one method.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from lofte.errors import FaultsFound
from lofte.execution.written import document_of
from lofte.fault import Fault
from lofte.mail.messenger import fault, hand_over, is_safe, secret
from lofte.policy.document import Part

FILE = "sms.yaml"


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

    def send(self, to: str, words: str, /) -> None:
        """Send it to this number. Raises Unreachable, which repeats neither number nor words."""
        form = {"from": self.sender, "to": to, "message": words}
        hand_over("the gateway for text messages", self.url, data=form, auth=(self.name, self.password))


def configured(workspace: Path) -> bool:
    """True if text messages can be sent from here."""
    return (workspace / FILE).is_file()


def gateway(workspace: Path) -> Gateway:
    """What `sms.yaml` says. Raises Refused when it cannot be read; FaultsFound."""
    reading, written = document_of(workspace, FILE, SmsDocument)
    said = written.gateway
    found = [fault("S011", reading, "gateway.url", FILE)] if not is_safe(said.url) else []
    name = secret(reading, "gateway.name", said.name, FILE)
    password = secret(reading, "gateway.password", said.password, FILE)
    found += [each for each in (name, password) if isinstance(each, Fault)]
    if found or isinstance(name, Fault) or isinstance(password, Fault):
        raise FaultsFound(found)
    return Gateway(url=said.url, sender=said.sender, name=name, password=password)

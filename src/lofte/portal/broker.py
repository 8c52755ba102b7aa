"""The broker that signs people in with e-ID: `sign-in.yaml` in the workspace, its secret elsewhere."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field

from lofte.datamap.document import Kind
from lofte.datamap.identity import STRENGTH, Strength
from lofte.errors import FaultsFound, Refused
from lofte.execution.written import text_of
from lofte.fault import Fault
from lofte.policy.document import Part, Text
from lofte.policy.reading import Reading, read

FILE = "sign-in.yaml"
CALLBACK = "/sign-in/back"
"""What is registered with the broker, after the address of the portal."""
FAULTS: Mapping[str, tuple[str, str]] = {
    "S001": (
        "this is no address that a broker can be reached at safely",
        "write the issuer as the broker gives it, beginning with https:// and without ? or #",
    ),
    "S002": (
        "a secret does not stand in a file",
        "write `env:NAME` here, and set NAME where Löfte is started",
    ),
    "S003": ("the environment variable is not set", "set it where Löfte is started"),
    "S004": (
        "a claim here does not name one person only",
        "name the claim that holds the personnummer, as `personnummer: ssn`, and no address, telephone or"
        " user name beside it: the broker does not prove those",
    ),
}
Name = Annotated[str, Field(min_length=1, max_length=200)]


class BrokerDocument(Part):
    """The broker, and what its answers mean."""

    name: Text
    """What the button says, as BankID."""
    issuer: Name
    client_id: Name
    secret: Name
    """`env:NAME`."""
    acr: Annotated[tuple[Name, ...], Field(min_length=1)]
    """Values of `acr` that are an e-ID here; any other, or none, is refused."""
    claims: Annotated[dict[Kind, Name], Field(min_length=1)]
    """Kind of identity -> the claim that holds it."""
    scope: Annotated[str, Field(pattern=r"^openid( [\x21\x23-\x5B\x5D-\x7E]+)*$")] = "openid"
    algorithms: tuple[Literal["RS256", "PS256", "ES256", "EdDSA"], ...] = ("RS256", "PS256", "ES256")
    """What the broker may sign with."""


class SignInDocument(Part):
    """`sign-in.yaml`."""

    sign_in: Literal[1]
    broker: BrokerDocument


@dataclass(frozen=True, kw_only=True, slots=True)
class Broker:
    """The broker that people sign in with."""

    name: Text
    issuer: str
    client_id: str
    secret: str = field(repr=False)
    acr: frozenset[str]
    claims: Mapping[Kind, str]
    scope: str
    algorithms: tuple[str, ...]


def configured(workspace: Path) -> bool:
    """True if people can sign in with e-ID here."""
    return (workspace / FILE).is_file()


def broker(workspace: Path) -> Broker:
    """What `sign-in.yaml` says, read again when it has changed. Raises Refused when there is none;
    FaultsFound."""
    if not configured(workspace):
        raise Refused(
            f"there is no {FILE} in {workspace}; write one as docs/how-to/sign-in-with-e-id.md says"
        )
    reading = _read(text_of(workspace / FILE, FILE))
    if reading.document is None:
        raise FaultsFound(reading.faults)
    said = reading.document.broker
    found = tuple(_faults(reading, said))
    if found:
        raise FaultsFound(found)
    return Broker(
        name=said.name,
        issuer=said.issuer,
        client_id=said.client_id,
        secret=os.environ[said.secret.removeprefix("env:")],
        acr=frozenset(said.acr),
        claims=said.claims,
        scope=said.scope,
        algorithms=said.algorithms,
    )


def is_safe(address: str) -> bool:
    """Whether we may speak with this address: encrypted, or on this very machine."""
    try:
        url = urlsplit(address)
        host = url.hostname or ""
        _ = url.port
    except ValueError:
        return False
    if url.username or url.password or url.fragment or not host:
        return False
    return url.scheme == "https" or (url.scheme == "http" and _is_here(host))


@lru_cache(maxsize=4)
def _read(text: str) -> Reading[SignInDocument]:
    return read(text, FILE, SignInDocument)


def _faults(reading: Reading[SignInDocument], said: BrokerDocument) -> Iterator[Fault]:
    if not is_safe(said.issuer) or urlsplit(said.issuer).query:
        yield _fault(reading, "S001", "broker.issuer")
    if not said.secret.startswith("env:"):
        yield _fault(reading, "S002", "broker.secret")
    elif not os.environ.get(said.secret.removeprefix("env:")):
        yield _fault(reading, "S003", "broker.secret")
    if not all(STRENGTH[kind] is Strength.UNIQUE for kind in said.claims):
        yield _fault(reading, "S004", "broker.claims")


def _fault(reading: Reading[SignInDocument], number: str, path: str) -> Fault:
    what, mend = FAULTS[number]
    return Fault(number=number, place=reading.value_place(path), what=what, mend=mend)


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

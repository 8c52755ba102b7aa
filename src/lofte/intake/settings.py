"""Where mail is taken in and sent from: `intake.yaml` in the workspace, the secrets in the environment."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import Field

from lofte.datamap.email import canonical_email
from lofte.errors import FaultsFound, Refused
from lofte.execution.written import document_of
from lofte.fault import Fault
from lofte.intake.faults import fault
from lofte.mail.way import Server, Way
from lofte.policy.document import Part, Policy
from lofte.policy.reading import Reading

FILE = "intake.yaml"
_NOBODY = "privacy@localhost"
_PORTS = {"imaps": 993, "imap": 143, "imap+starttls": 143, "smtps": 465, "smtp": 25, "smtp+starttls": 587}


class MailDocument(Part):
    """One mailbox, and the way that answers take."""

    box: str
    """`env:NAME`, or imaps://name:password@host/folder."""
    address: str
    """What answers are sent from."""
    send: str = ""
    """`env:NAME`, or smtps://name:password@host; empty = answers are files in `outbox/` of the home."""
    authserv_id: str = ""
    """The name that our receiving server gives itself in Authentication-Results (RFC 8601)."""
    done: str = ""
    """The folder that what is taken in is moved to; empty = it is marked as read where it is."""
    every: Annotated[int, Field(ge=5, le=50)] = 20
    """Seconds between looks; an acknowledgement is to be there within a minute."""


class IntakeDocument(Part):
    """`intake.yaml`."""

    intake: Literal[1]
    mail: MailDocument


@dataclass(frozen=True, kw_only=True, slots=True)
class MailSettings:
    """What the intake works by."""

    box: Server
    address: str
    send: Server | None = None
    authserv_id: str = ""
    done: str = ""
    every: int = 20

    @property
    def way(self) -> Way:
        """How what we write leaves."""
        return Way(address=self.address, server=self.send)


def way(workspace: Path, policy: Policy) -> Way:
    """How letters leave: as `intake.yaml` says; without one they are files, from the address that the
    policy gives. Raises FaultsFound."""
    if configured(workspace):
        return mail_settings(workspace).way
    return Way(address=policy.controller.contact.email or _NOBODY)


def configured(workspace: Path) -> bool:
    """True if mail is to be taken in here."""
    return (workspace / FILE).is_file()


def mail_settings(workspace: Path) -> MailSettings:
    """What `intake.yaml` says. Raises Refused when there is none; FaultsFound."""
    if not configured(workspace):
        raise Refused(f"there is no {FILE} in {workspace}; write one as docs/how-to/take-in-mail.md says")
    reading, written = document_of(workspace, FILE, IntakeDocument)
    mail = written.mail
    box = _server(reading, "mail.box", mail.box, "imap", "I020")
    send = _server(reading, "mail.send", mail.send, "smtp", "I023") if mail.send else None
    address = canonical_email(mail.address)
    found = [each for each in (box, send) if isinstance(each, Fault)]
    if address is None or "\n" in address:
        found.append(fault("I024", place=reading.value_place("mail.address")))
    if found or isinstance(box, Fault) or isinstance(send, Fault) or address is None:
        raise FaultsFound(found)
    return MailSettings(
        box=box,
        address=address,
        send=send,
        authserv_id=mail.authserv_id,
        done=mail.done,
        every=mail.every,
    )


def _server(
    reading: Reading[IntakeDocument], path: str, written: str, kind: str, number: str
) -> Server | Fault:
    """The server of an address, or what is wrong with it. The address holds a password: no fault
    repeats it."""
    place = reading.value_place(path)
    if written.startswith("env:"):
        written = os.environ.get(written.removeprefix("env:"), "")
        if not written:
            return fault("I021", place=place)
    try:
        url = urlsplit(written)
        port = url.port
    except ValueError:
        return fault(number, place=place)
    if not url.scheme.startswith(kind) or url.scheme not in _PORTS or not url.hostname:
        return fault(number, place=place)
    server = _read(url, port)
    if server.security == "none" and not _is_here(server.host):
        return fault("I022", place=place)
    if kind == "imap" and not server.name:
        return fault(number, place=place)
    return server


def _read(url: SplitResult, port: int | None) -> Server:
    how = url.scheme
    return Server(
        host=url.hostname or "",
        port=port or _PORTS[how],
        security="tls" if how in ("imaps", "smtps") else "starttls" if "+" in how else "none",
        name=unquote(url.username or ""),
        password=unquote(url.password or ""),
        folder=unquote(url.path.strip("/")) or "INBOX",
    )


def _is_here(host: str) -> bool:
    """True for this very machine, by its number: a name may be pointed elsewhere."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

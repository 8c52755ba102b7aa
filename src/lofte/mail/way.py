"""The way that letters take: which address they are sent from, through which server."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

OUTBOX = "outbox"
_SILENCE = 30
"""Seconds that the server may be silent."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """A server, how it is reached, and as whom."""

    host: str
    port: int
    security: Literal["tls", "starttls", "none"]
    name: str = ""
    password: str = field(default="", repr=False)
    folder: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """How letters leave the house."""

    address: str
    """What they are sent from."""
    server: Server | None = None
    """None = they are files in `outbox/` of the home."""


def connection(way: Way, home: Path) -> BaseEmailBackend:
    """What sends, by Django's backends for mail."""
    server = way.server
    if server is None:
        folder = home / OUTBOX
        folder.mkdir(mode=0o700, exist_ok=True)
        return get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=folder)
    return get_connection(
        "django.core.mail.backends.smtp.EmailBackend",
        host=server.host,
        port=server.port,
        username=server.name,
        password=server.password,
        use_ssl=server.security == "tls",
        use_tls=server.security == "starttls",
        timeout=_SILENCE,
    )

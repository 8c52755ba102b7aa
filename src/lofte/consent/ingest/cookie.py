"""The cookie in which a browser keeps what was chosen; written by the server, so that it lives as long as
it says (`docs/reference/consent-wire.md`)."""

from __future__ import annotations

from lofte.consent.ingest.wire import Sent
from lofte.consent.ingest.writer import Recorded

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_DAY = 86_400


def value(sent: Sent, done: Recorded) -> str:
    """What stands in the cookie."""
    form = "1g" if sent.gpc else "1"
    moment = base36(int(done.received_at.timestamp()))
    return ".".join((form, sent.edition, done.id, base36(done.seq), moment, sent.allow))


def set_cookie(sent: Sent, done: Recorded, name: str, days: int, *, secure: bool) -> bytes:
    """The header: it lives for so many days; after `expire` the cookie is taken away."""
    expired = sent.action == "expire"
    said = "" if expired else value(sent, done)
    age = 0 if expired else days * _DAY
    return f"{name}={said}; Path=/; Max-Age={age}; SameSite=Lax{'; Secure' if secure else ''}".encode()


def base36(number: int) -> str:
    """A whole number that is not negative, in base 36."""
    found = ""
    while number:
        number, digit = divmod(number, 36)
        found = _DIGITS[digit] + found
    return found or "0"

"""The random ids that browsers keep, signed so that nobody makes up one, and the receipts of what they chose.

An id is 16 random bytes and 16 bytes of a keyed digest, as 43 characters that a cookie may hold.
"""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field

_SIZE = 16
# Of the last character two bits mean nothing, and are nought: an id has one spelling only.
_ID = re.compile(r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]", re.ASCII)


def derived(key: bytes, use: str) -> bytes:
    """A key for one use only."""
    return hmac.digest(key, b"consent\0" + use.encode(), "sha256")


@dataclass(frozen=True, kw_only=True, slots=True)
class Ids:
    """Makes and reads ids."""

    key: bytes = field(repr=False)
    """The house's key for finding the same again."""

    def signed(self, person: str) -> str:
        """The id of this person (32 hexadecimal digits), as the browser keeps it."""
        raw = bytes.fromhex(person)
        return urlsafe_b64encode(raw + self._mac(b"id", raw)).rstrip(b"=").decode()

    def read(self, written: str) -> str | None:
        """Whose id it is; None if we have not signed it."""
        if not _ID.fullmatch(written):
            return None
        raw = urlsafe_b64decode(written + "=")
        if not hmac.compare_digest(raw[_SIZE:], self._mac(b"id", raw[:_SIZE])):
            return None
        return raw[:_SIZE].hex()

    def receipt(self, event: str) -> str:
        """The receipt of what a browser calls by this event: the same event has the same."""
        return self._mac(b"event", event.encode()).hex()

    def _mac(self, what: bytes, value: bytes) -> bytes:
        return hmac.digest(self.key, b"consent\0" + what + b"\0" + value, "sha256")[:_SIZE]

"""Signing what is told to other programs, and what they hand in: Standard Webhooks, symmetric (HMAC-SHA256
over id, moment and body).

The library of that name was looked at: it brings an HTTP client and four more for these few lines, and its
own clock. Here the moment is handed in.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from datetime import datetime, timedelta

PREFIX = "whsec_"
TOLERANCE = timedelta(minutes=5)
"""How far the clocks may differ; what is older may be somebody's who listened."""


def new_secret() -> str:
    """A secret to sign with."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signature(secret: str, id_: str, timestamp: int, body: bytes) -> str:
    """What stands in `webhook-signature`."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    said = f"{id_}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, said, "sha256")).decode()


def holds(secret: str, id_: str, timestamp: str, shown: str, body: bytes, now: datetime) -> bool:
    """Whether one of the signatures shown is right, and the moment is not long ago or to come."""
    if not id_ or len(id_) > 255 or not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        return False
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
        return False
    try:
        right = signature(secret, id_, int(timestamp), body).encode()
    except (binascii.Error, UnicodeEncodeError):
        return False
    given = (each.encode("utf-8", "replace") for each in shown.split(" ")[:10])
    return sum(hmac.compare_digest(right, each) for each in given) > 0

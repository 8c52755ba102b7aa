"""Stopping advertising with one click (RFC 8058), by a link that names nobody.

Hard rules:
- The link holds keyed digests of the address and a signature; it works for as long as letters are kept.
- Opening it stops nothing: mail servers open links. Pressing the button does, and so does the POST that a
  mail program sends; neither asks who it is.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass

from lofte.consent.gate import MessageClass
from lofte.consent.ingest.ids import derived
from lofte.consent.models import Suppression
from lofte.consent.person import CHANNELS, address_mark
from lofte.consent.suppress import MARKETING, PlacedFor, place_by_mark
from lofte.datamap.identity import Identity
from lofte.errors import Refused
from lofte.execution.book import recorded
from lofte.execution.house import House

_MARK, _SIGN = 32, 16
_CHANNELS = ("email", "sms", "phone")


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """What a link stops."""

    address: str
    """`person.address_mark`."""
    channel: str


def token(house: House, identity: Identity, channel: str = "") -> str:
    """What stands in the link for this address. Raises Refused for what is no address."""
    ways = CHANNELS.get(identity.kind, ())
    by = channel or next(iter(ways), "")
    if by not in ways:
        raise Refused(
            f"nothing is sent to a {identity.kind} by `{by}`; give an e-mail address or a telephone"
        )
    said = bytes([_CHANNELS.index(by)]) + bytes.fromhex(address_mark(house, identity, by))
    return urlsafe_b64encode(said + _signed(house, said)).rstrip(b"=").decode()


def read(house: House, written: str) -> Link | None:
    """What a link stops; None if we have not made it."""
    try:
        raw = urlsafe_b64decode(written.encode("ascii") + b"=" * (-len(written) % 4))
    except ValueError:
        return None
    said, signed = raw[: 1 + _MARK], raw[1 + _MARK :]
    if len(raw) != 1 + _MARK + _SIGN or not hmac.compare_digest(signed, _signed(house, said)):
        return None
    return Link(channel=_CHANNELS[said[0]], address=said[1:].hex())


def stop(house: House, link: Link) -> Suppression:
    """Stop advertising to the address; again changes nothing."""
    with recorded(house):
        return place_by_mark(house, link.address, link.channel, PlacedFor.UNSUBSCRIBE)


def is_stopped(link: Link) -> bool:
    """Whether advertising to it is stopped already."""
    found = Suppression.objects.filter(address=link.address, message_class=MARKETING, lifted=None)
    return found.exists()


def headers(
    house: House, identity: Identity, message_class: MessageClass = MessageClass.MARKETING
) -> Mapping[str, str]:
    """The headers of a letter to this address; none where nobody can opt out of the letter."""
    if message_class is not MessageClass.MARKETING:
        return {}
    return {
        "List-Unsubscribe": f"<{house.url}/unsubscribe/{token(house, identity)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _signed(house: House, said: bytes) -> bytes:
    return hmac.digest(derived(house.keys.lookup, "unsubscribe"), said, "sha256")[:_SIGN]

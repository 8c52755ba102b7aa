"""Remarks of those who work here, and what was said with the person: sealed, and opened by whoever needs it.

Hard rules:
- Words lie under the request's own key and go with it. The person may ask to see them, as all else.
- Each look stands in the ledger before anything is shown: who, in which request, how much; never what.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lofte.errors import Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.ledger.kinds import Kind
from lofte.requests import sealing
from lofte.requests.course.take import said
from lofte.requests.models import Remark, Request

LONGEST = 4000
_WHAT = "remark"


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """Words, opened."""

    at: datetime
    by: str
    """The handler's random id; empty = the person, or the house by itself."""
    words: str
    channel: str = ""
    outgoing: bool = False


def remark(house: House, request: Request, words: str, *, by: str) -> Remark:
    """Write a note to those who work here. Raises Refused for none, one too long, or when the key of the
    request is destroyed."""
    if not words.strip():
        raise Refused("write something, or go back: a remark has words")
    if len(words) > LONGEST:
        raise Refused(f"a remark has at most {LONGEST} letters; write it in two")
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    with recorded(house):
        made = Remark.objects.create(
            request=request,
            words=sealing.seal_text(key, words.strip(), _WHAT, request.ref),
            by=by,
            at=house.now,
        )
        note(
            Kind.REMARK_WRITTEN,
            request.ref,
            {"by": by} if by else {},
            at=house.now,
            policy_version=house.policy_version,
        )
    return made


def read_remarks(house: House, request: Request, *, by: str) -> tuple[Opened, ...]:
    """The remarks, the first first; that they were read is noted."""
    found = list(request.remarks.select_related("request"))
    words = [words_of(house, each) for each in found]
    looked(house, request.ref, _WHAT, len(found), by=by)
    return tuple(Opened(at=each.at, by=each.by, words=text) for each, text in zip(found, words, strict=True))


def words_of(house: House, remark: Remark) -> str:
    """What a remark says. Whoever shows it notes that first. Raises Refused when the key of the request is
    destroyed."""
    of = remark.request
    key = sealing.unwrap(house.keys.wrapping, of.key, of.ref)
    return sealing.unseal_text(key, remark.words, _WHAT, of.ref)


def read_messages(house: House, request: Request, *, by: str) -> tuple[Opened, ...]:
    """What was said with the person in this request, the first first; that it was read is noted."""
    found = list(request.messages.select_related("request"))
    words = [said(house, each) for each in found]
    looked(house, request.ref, "message", len(found), by=by)
    return tuple(
        Opened(at=each.at, by=each.by, words=text, channel=each.channel, outgoing=each.outgoing)
        for each, text in zip(found, words, strict=True)
    )


def looked(house: House, ref: str, what: str, items: int, *, by: str) -> None:
    """Note that somebody has read words, before they are shown. Raises LedgerClosed."""
    with recorded(house):
        note(
            Kind.WORDS_SHOWN,
            ref,
            {"what": what, "items": items, "by": by},
            at=house.now,
            policy_version=house.policy_version,
        )

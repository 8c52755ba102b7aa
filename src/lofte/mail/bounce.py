"""A letter of ours came back (RFC 3461-3464): it is noted that it has not arrived, and nothing else is done.

Whoever got a letter can make one that looks like its bounce. All that follows is that a handler is told to
look for another way; nothing is opened, closed or sent by it.
"""

from __future__ import annotations

import re

from lofte.execution.book import note
from lofte.execution.house import House
from lofte.ledger.kinds import Kind
from lofte.mail.models import Bounced, Outgoing

_OURS = re.compile(rb"<lofte\.([0-9a-f]{32})@[^<>@\s]{1,255}>")
_STATUS = re.compile(rb"^Status:[ \t]*([245]\.\d{1,3}\.\d{1,3})", re.IGNORECASE | re.MULTILINE)
_ACTION = re.compile(
    rb"^Action:[ \t]*(failed|delayed|delivered|relayed|expanded)", re.IGNORECASE | re.MULTILINE
)


def came_back(house: House, raw: bytes) -> Outgoing | None:
    """The letter that this report says did not arrive, noted; None when it names none of ours, or says
    that the letter is only late or has arrived. Inside the caller's transaction."""
    status, action = _STATUS.search(raw), _ACTION.search(raw)
    said = status[1].decode() if status else ""
    if said[:1] in ("2", "4") or (action and action[1].lower() != b"failed"):
        return None
    refs = {match.decode() for match in _OURS.findall(raw)}
    letter = Outgoing.objects.filter(ref__in=refs, bounced=None).exclude(sent_at=None).first()
    if letter is None:
        return None
    Bounced.objects.create(outgoing=letter, status=said, at=house.now)
    note(
        Kind.MAIL_BOUNCED,
        letter.ref,
        {"letter": letter.template, **({"status": said} if said else {})},
        at=house.now,
        policy_version=house.policy_version,
    )
    return letter

"""What is known of a message already: the same one, the case that it answers, the same wish before.

Hard rules:
- A message joins a case only by what nobody can guess: the random id of our letter, the id of a message
  that is there, or the mark in the subject. It joins as a message and proves nothing of who wrote.
- A case's number alone is no such thing: it can be counted up.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Sequence
from datetime import timedelta

from lofte.datamap.document import Kind as IdentityKind
from lofte.datamap.identity import Identity
from lofte.execution.house import House
from lofte.intake.letter import Letter
from lofte.intake.models import Acknowledgement, Mail, MailOfRequest
from lofte.law.rights import Right
from lofte.requests import sealing
from lofte.requests.course.roads import State
from lofte.requests.models import Request

SAME_WISH = timedelta(days=30)
"""The same wish of the same sender within this time, while the first is open, is linked to it."""
_OURS = re.compile(r"<lofte\.([0-9a-f]{32})@[^<>@\s]{1,255}>")
_MARK = re.compile(r"\[(20\d\d-\d{6})-([a-z2-7]{8})\]")
_NUMBER = re.compile(r"(?<![\d-])(20\d\d-\d{6})(?![\d-])")
_OPEN = [state for state in State if state.open]


def digest(house: House, what: str, *parts: str) -> str:
    """By what the same is known again, and nothing can be read: HMAC under the lookup key."""
    return sealing.keyed(house.keys.lookup, f"intake/{what}", *parts)


def sender_digest(house: House, sender: str) -> str:
    """By what an address is known again; the same as that of the identity, wherever it is sealed."""
    if not sender:
        return ""
    return sealing.lookup(house.keys.lookup, Identity(kind=IdentityKind.EMAIL, value=sender))


def mark_of(house: House, request: Request) -> str:
    """What stands in the subject of our letters, and in that of an answer: 2026-000123-k7f3q2ab."""
    mac = bytes.fromhex(digest(house, "mark", request.ref))[:5]
    return f"{request.number}-{base64.b32encode(mac).decode().lower()}"


def case_of(house: House, letter: Letter) -> list[Request]:
    """The requests that this message belongs to by what it answers; none if it belongs to none."""
    ours = [match[1] for each in letter.answers if (match := _OURS.fullmatch(each))]
    mails = set(Acknowledgement.objects.filter(ref__in=ours).values_list("mail", flat=True))
    ids = [digest(house, "id", each) for each in letter.answers]
    mails |= set(Mail.objects.filter(known_by__in=ids).values_list("pk", flat=True))
    found = list(Request.objects.filter(mails__mail__in=mails).distinct().order_by("id"))
    for number, mac in _MARK.findall(letter.subject.lower()):
        request = Request.objects.filter(number=number).first()
        if request and hmac.compare_digest(mark_of(house, request), f"{number}-{mac}"):
            found.append(request)
    return list({request.pk: request for request in found}.values())


def named(letter: Letter) -> bool:
    """True if the subject names a request that is there."""
    numbers = _NUMBER.findall(_MARK.sub(r"\1", letter.subject.lower()))
    return bool(numbers) and Request.objects.filter(number__in=numbers).exists()


def same_wish(house: House, sender: str, right: Right, case: Sequence[Request]) -> Request | None:
    """The open request for the same, in this case or by mail from the same address; it is not doubled. What
    is written means everything: one that was asked in part is another."""
    for request in case:
        if request.right == right and State(request.state).open and not request.scope:
            return request
    if not sender:
        return None
    link = (
        MailOfRequest.objects.filter(
            opened=True,
            mail__sender=sender,
            request__right=right,
            request__scope=[],
            request__state__in=_OPEN,
            request__received_at__gte=house.now - SAME_WISH,
        )
        .select_related("request")
        .order_by("id")
        .first()
    )
    return link.request if link else None

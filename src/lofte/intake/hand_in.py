"""A message that another program hands in, from its tickets or its chat: taken in as mail is.

Hard rules:
- It goes by the same judge: what asks for no right is not opened as a case, what may ask for one waits for
  a handler, and nothing of ordinary messages is kept.
- The address that it names is as little an identity as a From is.
- Whoever handed it in answers the person; nothing is sent from here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTPUTF8

from lofte.datamap.email import canonical_email
from lofte.errors import Conflict
from lofte.execution.house import House
from lofte.intake import known
from lofte.intake.judge import judge
from lofte.intake.letter import Letter
from lofte.intake.mailbox import Fetched
from lofte.intake.models import Mailbox
from lofte.intake.own_words import own_words
from lofte.intake.shipped import shipped_phrases
from lofte.intake.take_in import Taken, taken_in
from lofte.requests.course.take import insist_recent

_VALIDITY = 1
_TRIES = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Handed:
    """What was handed in."""

    id: str
    """By what its program knows it."""
    words: str
    subject: str = ""
    sender: str = ""
    """An e-mail address, where there is one."""
    answers: str = ""
    """The id of an earlier message of the same conversation."""
    at: datetime | None = None
    """When it reached the company; None = now."""


def hand_in(house: House, source: str, channel: str, handed: Handed) -> Taken:
    """Take in a message from this source, by its random id. Handing in the same again changes nothing.
    Raises LedgerClosed; Refused when it came long ago, Conflict when too many come at once."""
    letter = _letter(house, source, handed)
    judged = replace(judge(letter, shipped_phrases()), answered=False)
    at = min(handed.at or house.now, house.now)
    insist_recent(house, at)
    raw = _raw(letter, handed)
    box = known.digest(house, "source", source)
    for _ in range(_TRIES):
        before = Mailbox.objects.filter(name=box).values_list("last_uid", flat=True).first() or 0
        fetched = Fetched(uid=before + 1, size=len(raw), raw=raw, arrived_at=at)
        taken = taken_in(house, box, _VALIDITY, fetched, letter, judged, channel)
        if taken is not None:
            return taken
    raise Conflict("too many messages come at once; hand it in again in a moment")


def _letter(house: House, source: str, handed: Handed) -> Letter:
    own = own_words(handed.words)
    return Letter(
        sender=canonical_email(handed.sender.strip()) or "",
        subject=" ".join(handed.subject.split()),
        message_id=_id(house, source, handed.id),
        answers=(_id(house, source, handed.answers),) if handed.answers else (),
        words=own.own,
        forwarded=own.forwarded,
    )


def _id(house: House, source: str, id_: str) -> str:
    return f"<{known.digest(house, 'handed', source, id_)}@handed-in.invalid>"


def _raw(letter: Letter, handed: Handed) -> bytes:
    """As a message of mail, so that a handler opens it as any other."""
    message = EmailMessage(policy=SMTPUTF8)
    message["Message-ID"] = letter.message_id
    if letter.sender:
        message["From"] = letter.sender
    message["Subject"] = letter.subject
    if letter.answers:
        message["In-Reply-To"] = letter.answers[0]
    message.set_content(handed.words)
    return message.as_bytes()

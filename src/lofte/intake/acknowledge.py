"""The acknowledgement: queued with what it acknowledges, sent by whoever comes by next.

Hard rules (RFC 3834):
- One answer to one message, never to a machine, never to an empty sender; at most three a day to one
  address. It says that it is automatic, so that nobody answers it by machine.
- It says the same to known and unknown: it holds what was asked and when it is answered, and nothing of
  who asks. Nothing of the message is repeated; the mail cannot be used to send words to others.
- It is sent again until a server has taken it, under one Message-ID.
"""

from __future__ import annotations

import logging
import secrets
from datetime import timedelta

from django.core.mail import EmailMessage
from django.db.models import Exists, OuterRef, Q

from lofte.errors import Broken, Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.execution.store import writing
from lofte.intake import acknowledge_words as words
from lofte.intake import known
from lofte.intake.letter import read_letter
from lofte.intake.models import Acknowledgement, Mail
from lofte.intake.settings import MailSettings
from lofte.ledger.kinds import Kind
from lofte.mail.send import message_id
from lofte.mail.way import connection
from lofte.requests import sealing
from lofte.requests.course.protected import is_protected
from lofte.requests.course.roads import State
from lofte.requests.models import Request

MOST_A_DAY = 3
"""Acknowledgements to one address."""
PAUSES = tuple(timedelta(minutes=n) for n in (1, 5, 30, 120, 720))
"""How long is waited after each failure; after the last it is left to a handler (`given_up`)."""
_OPEN = [state for state in State if state.open]
_log = logging.getLogger("lofte.intake")


def queue(house: House, mail: Mail, address: str) -> Acknowledgement | None:
    """Put the letter in the queue, inside the caller's transaction; None when the address has had
    enough for a day, or the person has a protected identity."""
    if _protected(mail):
        return None
    day = house.now - timedelta(days=1)
    if Acknowledgement.objects.filter(recipient=mail.sender, queued_at__gt=day).count() >= MOST_A_DAY:
        return None
    key = sealing.unwrap(house.keys.wrapping, mail.key, mail.ref)
    return Acknowledgement.objects.create(
        ref=secrets.token_hex(16),
        mail=mail,
        recipient=mail.sender,
        address=sealing.seal_text(key, address, "acknowledgement", mail.ref),
        queued_at=house.now,
        not_before=house.now,
    )


def send_due(house: House, settings: MailSettings) -> int:
    """Send what waits; returns how many were sent. One that cannot be sent stops no other."""
    due = Acknowledgement.objects.filter(
        sent_at=None, not_before__lte=house.now, attempts__lt=len(PAUSES)
    ).order_by("id")
    sent = 0
    for each in list(due[:100]):
        if not _claimed(house, each):
            continue
        if _protected(each.mail):
            with writing():
                Acknowledgement.objects.filter(pk=each.pk).update(attempts=len(PAUSES), address=b"")
            continue
        try:
            letter = letter_for(house, each, settings)
            letter.connection = connection(settings.way, house.folder)
            letter.send()
        except (OSError, ValueError, Broken, Refused) as error:
            # smtplib's errors are OSErrors; their words hold the address. Broken or Refused is one that
            # does not open.
            _log.warning("acknowledgement %s waits: %s", each.ref, type(error).__name__)
            continue
        with recorded(house):
            Acknowledgement.objects.filter(pk=each.pk).update(sent_at=house.now, address=b"")
            note(
                Kind.MAIL_ACKNOWLEDGED,
                each.mail.ref,
                {"attempt": each.attempts + 1, "requests": each.mail.links.count()},
                at=house.now,
                policy_version=house.policy_version,
            )
        sent += 1
    return sent


def given_up() -> list[Mail]:
    """The messages whose letter no server has taken, the oldest first, until what they ask is answered:
    somebody must write by hand."""
    tried = Q(acknowledgement__sent_at=None, acknowledgement__attempts__gte=len(PAUSES))
    still = Request.objects.filter(mails__mail=OuterRef("pk"), state__in=_OPEN)
    return list(Mail.objects.filter(tried, Exists(still)).order_by("received_at", "id"))


def letter_for(house: House, waiting: Acknowledgement, settings: MailSettings) -> EmailMessage:
    """The letter as it is sent. Raises Broken when what is sealed does not open, Refused when its key is
    destroyed."""
    mail = waiting.mail
    key = sealing.unwrap(house.keys.wrapping, mail.key, mail.ref)
    address = sealing.unseal_text(key, waiting.address, "acknowledgement", mail.ref)
    raw = sealing.unseal_text(key, mail.raw, "mail", mail.ref).encode("latin-1")
    answered = read_letter(raw).message_id
    requests = list(Request.objects.filter(mails__mail=mail).order_by("id"))
    said = words.letter(house, requests, mail.received_at)
    return EmailMessage(
        subject=f"{said.subject} [{known.mark_of(house, requests[0])}]",
        body=said.body,
        from_email=settings.address,
        to=[address],
        headers={
            "Message-ID": message_id(waiting.ref, settings.address),
            "Auto-Submitted": "auto-replied",
            "X-Auto-Response-Suppress": "All",
            "X-Loop": settings.address,
            **({"In-Reply-To": answered, "References": answered} if answered else {}),
        },
    )


def _protected(mail: Mail) -> bool:
    """Whether a case that the message belongs to is that of somebody with a protected identity."""
    cases = Request.objects.filter(mails__mail=mail).values_list("case", flat=True)
    return any(is_protected(case) for case in cases)


def _claimed(house: House, each: Acknowledgement) -> bool:
    """True if nobody else is sending it; if the process dies, it is sent again after the pause."""
    with writing():
        return bool(
            Acknowledgement.objects.filter(pk=each.pk, sent_at=None, attempts=each.attempts).update(
                attempts=each.attempts + 1, not_before=house.now + PAUSES[each.attempts]
            )
        )

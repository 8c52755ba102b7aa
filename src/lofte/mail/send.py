"""Sending what waits. One that cannot be sent stops no other; a letter is sent again until a server has
taken it, under one Message-ID."""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta

from django.core.mail import EmailMessage
from django.db.models import Q

from lofte.errors import Broken, Refused, Unreachable
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.execution.store import writing
from lofte.ledger.kinds import Kind
from lofte.mail.chat import TO
from lofte.mail.messenger import Messenger
from lofte.mail.models import Outgoing
from lofte.mail.post import may_leave
from lofte.mail.way import Way, connection
from lofte.requests import sealing

PAUSES = tuple(timedelta(minutes=n) for n in (1, 5, 30, 120, 720))
"""How long is waited after each failure; after the last it is given up, and a handler is told."""
_AT_ONCE = 100
_log = logging.getLogger("lofte.mail")


def message_id(ref: str, address: str) -> str:
    """The Message-ID of a letter of ours (RFC 5322 section 3.6.4)."""
    return f"<lofte.{ref}@{address.rpartition('@')[2]}>"


def send_due(house: House, way: Way, chat: Messenger | None = None) -> int:
    """Send what waits and is still of use; returns how many were sent. What is for the chat waits, and is
    given up, where there is none."""
    _let_go(house)
    waiting = Outgoing.objects.filter(_waiting(), not_before__lte=house.now).order_by("id")
    sent = 0
    for each in list(waiting[:_AT_ONCE]):
        if not _claimed(house, each):
            continue
        if not may_leave(each.template, each.request):
            _give_up(house, each)
            continue
        try:
            message = message_of(house, each, way)
            if message.to == [TO]:
                _in_chat(chat, message)
            else:
                message.connection = connection(way, house.folder)
                message.send()
        except (OSError, ValueError, Broken, Refused, Unreachable) as error:
            # smtplib's errors are OSErrors; their words hold the address.
            _log.warning("letter %s waits: %s", each.ref, type(error).__name__)
            continue
        _left(house, each)
        sent += 1
    return sent


def due(now: datetime) -> bool:
    """Whether a letter is to be sent, or let go."""
    return Outgoing.objects.filter(sent_at=None, given_up_at=None, not_before__lte=now).exists()


def message_of(house: House, outgoing: Outgoing, way: Way) -> EmailMessage:
    """The letter as it is sent. Raises Refused when it has left, Broken when it does not open."""
    key = sealing.unwrap(house.keys.wrapping, outgoing.key, outgoing.ref)
    said = json.loads(sealing.unseal_text(key, outgoing.sealed, "letter", outgoing.ref))
    return EmailMessage(
        subject=said["subject"],
        body=said["body"],
        from_email=way.address,
        to=[said["to"]],
        headers={
            "Message-ID": message_id(outgoing.ref, way.address),
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            "X-Loop": way.address,
            **said["headers"],
        },
    )


def _in_chat(chat: Messenger | None, message: EmailMessage) -> None:
    if chat is None:
        raise Refused("there is no chat to write in; write chat.yaml, or leave it")
    chat.send(TO, f"{message.subject}\n\n{message.body}")


def _waiting() -> Q:
    return Q(sent_at=None, given_up_at=None, attempts__lt=len(PAUSES))


def _claimed(house: House, each: Outgoing) -> bool:
    """True if nobody else is sending it; if the process dies, it is sent again after the pause."""
    with writing():
        return bool(
            Outgoing.objects.filter(
                pk=each.pk, sent_at=None, given_up_at=None, attempts=each.attempts
            ).update(attempts=each.attempts + 1, not_before=house.now + PAUSES[each.attempts])
        )


def _left(house: House, each: Outgoing) -> None:
    """A server has it: what it says is destroyed with us."""
    with recorded(house):
        Outgoing.objects.filter(pk=each.pk).update(sent_at=house.now, key=b"", sealed=b"")
        note(
            Kind.MAIL_SENT,
            each.ref,
            {"letter": each.template, "version": each.version, "attempt": each.attempts + 1},
            at=house.now,
            policy_version=house.policy_version,
        )


def _let_go(house: House) -> None:
    """What is out of time is not sent any more; what no server takes is given up."""
    now = house.now
    tried = Q(attempts__gte=len(PAUSES), not_before__lte=now)
    for each in Outgoing.objects.filter(Q(until__lt=now) | tried, sent_at=None, given_up_at=None)[:_AT_ONCE]:
        _give_up(house, each)


def _give_up(house: House, each: Outgoing) -> None:
    with recorded(house):
        waits = Outgoing.objects.filter(pk=each.pk, sent_at=None, given_up_at=None)
        if not waits.update(given_up_at=house.now, key=b"", sealed=b""):
            return  # another process was quicker
        note(
            Kind.MAIL_GIVEN_UP,
            each.ref,
            {"letter": each.template, "attempt": each.attempts},
            at=house.now,
            policy_version=house.policy_version,
        )

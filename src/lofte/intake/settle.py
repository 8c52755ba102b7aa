"""What waits for a handler: looked at, and decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from lofte.errors import Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.intake import acknowledge
from lofte.intake.judge import Outcome
from lofte.intake.letter import Letter, read_letter
from lofte.intake.models import Mail, MailOfRequest, Settled
from lofte.intake.shipped import shipped_phrases
from lofte.intake.take_in import open_request
from lofte.intake.wishes import LONGEST, language_of
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind
from lofte.requests import sealing
from lofte.requests.models import Request

_WAIT = (Outcome.SUGGESTED, Outcome.HELD, Outcome.JOINED)
_ANSWERABLE = ("unsure", "old")
"""Doubts that are about the wish and not about the sender."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A message, opened for a handler."""

    mail: Mail
    letter: Letter
    requests: tuple[str, ...]
    """Numbers of those that it belongs to."""


def waiting() -> list[Mail]:
    """The messages that nobody has looked at, the oldest first."""
    return list(_unread().order_by("received_at", "id"))


def unread_of(request: Request) -> int:
    """How many messages of this request nobody has looked at: one may take it back."""
    return _unread().filter(links__request=request).count()


def _unread() -> QuerySet[Mail]:
    """What waits, and every answer in a case, also one that asks for something more."""
    answer = Exists(MailOfRequest.objects.filter(mail=OuterRef("pk"), opened=False))
    waits = Q(outcome__in=_WAIT) | Q(answer, outcome=Outcome.OPENED)
    return Mail.objects.filter(waits, settled=None).exclude(key=b"")


def show(house: House, ref: str) -> Shown:
    """A message as it says. Raises Refused when there is none."""
    mail = _mail(ref)
    key = sealing.unwrap(house.keys.wrapping, mail.key, mail.ref)
    raw = sealing.unseal_text(key, mail.raw, "mail", mail.ref).encode("latin-1")
    numbers = Request.objects.filter(mails__mail=mail).order_by("id").values_list("number", flat=True)
    return Shown(mail=mail, letter=read_letter(raw), requests=tuple(numbers))


def settle(house: House, ref: str, rights: Sequence[Right], *, by: str) -> tuple[Request, ...]:
    """Decide what a message is: open a request for each of these rights, or none. The time runs from
    when the message came (art. 12.3). Raises Refused."""
    shown = show(house, ref)
    letter, mail = shown.letter, shown.mail
    with recorded(house):
        if Settled.objects.select_for_update().filter(mail=mail).exists():
            raise Refused("somebody has settled this message already; look at it again")
        language = language_of(f"{letter.subject}\n{letter.words[:LONGEST]}", shipped_phrases())
        opened: list[Request] = []
        for right in dict.fromkeys(rights):
            case = opened[0].case if opened else None
            opened.append(open_request(house, mail, right, letter.sender, language, by, case=case))
        Settled.objects.create(mail=mail, rights=[str(right) for right in rights], by=by, at=house.now)
        if opened and mail.why in _ANSWERABLE and letter.sender and mail.channel == "email":
            acknowledge.queue(house, mail, letter.sender)
        note(
            Kind.MAIL_SETTLED,
            mail.ref,
            {"requests": len(opened), **({"by": by} if by else {})},
            at=house.now,
            policy_version=house.policy_version,
        )
    return tuple(opened)


def _mail(ref: str) -> Mail:
    found = Mail.objects.filter(ref=ref, outcome__in=[o for o in Outcome if o.kept]).exclude(key=b"").first()
    if found is None:
        raise Refused("there is no message with this id; see `lofte intake waiting`")
    return found

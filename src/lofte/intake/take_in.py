"""One message is taken in, start to end: judged, kept, opened as requests, acknowledged.

Hard rules:
- All of it is one durable transaction, and the mailbox is touched only after it: a message is nowhere
  lost and never twice in, wherever the process dies.
- A From address opens no door: it is sealed with the message, and is an identity of the request only for
  the rights that disclose and take nothing (`requests.receive.HARMLESS`).
- Nothing of ordinary mail is kept but how far the mailbox has been read.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from lofte.datamap import asking
from lofte.datamap.document import Kind as IdentityKind
from lofte.datamap.identity import Identity
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.fault import Fault
from lofte.intake import acknowledge, known
from lofte.intake.automatic import Automatic
from lofte.intake.faults import fault
from lofte.intake.judge import Judged, Outcome, judge
from lofte.intake.letter import Letter, read_letter
from lofte.intake.mailbox import Fetched
from lofte.intake.models import Mail, Mailbox, MailOfRequest
from lofte.intake.settings import MailSettings
from lofte.intake.shipped import shipped_phrases
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind
from lofte.mail.bounce import came_back
from lofte.requests import sealing
from lofte.requests.course.before import open_wish
from lofte.requests.course.receive import HARMLESS, received
from lofte.requests.models import Case, Request

OLD = timedelta(days=30)
"""A wish that has lain so long is a handler's to look at: the first look at a mailbox opens no archive."""
MOST_OF_ONE, MOST_OF_ALL = 20, 200
"""Messages kept of one address in a day, and requests opened by mail in an hour; what is more waits for a
handler."""
_log = logging.getLogger("lofte.intake")


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """What became of a message."""

    outcome: Outcome
    why: str = ""
    ref: str = ""
    """Of the message with us; empty when it is not kept."""
    opened: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()
    """Numbers of requests."""


def read_and_judge(fetched: Fetched, settings: MailSettings) -> tuple[Letter, Judged]:
    """What a message says and asks, before anything is known of it. Whatever is wrong with it, this
    returns."""
    try:
        letter = read_letter(fetched.raw)
        if fetched.size > len(fetched.raw):
            letter = replace(letter, faults=(*letter.faults, fault("I001")))
        return letter, judge(
            letter, shipped_phrases(), ours=settings.address, authserv_id=settings.authserv_id
        )
    except Exception as error:  # somebody's message must not stop everybody else's
        _log.error("a message broke its reading: %s", type(error).__name__)
        return Letter(faults=(fault("I010"),)), Judged(outcome=Outcome.HELD, why="unreadable")


def take_in(house: House, box: str, validity: int, fetched: Fetched, settings: MailSettings) -> Taken | None:
    """Take in a message of this mailbox; None when that has been done. Raises LedgerClosed: then nothing
    of it is in, and it is taken in next time."""
    letter, judged = read_and_judge(fetched, settings)
    return taken_in(house, box, validity, fetched, letter, judged)


def taken_in(
    house: House,
    box: str,
    validity: int,
    fetched: Fetched,
    letter: Letter,
    judged: Judged,
    channel: str = "email",
) -> Taken | None:
    """As `take_in`, of a message that has been read and judged, whatever way it came."""
    with recorded(house):
        mailbox = _at(box, validity)
        if fetched.uid <= mailbox.last_uid:
            return None
        mailbox.last_uid = fetched.uid
        mailbox.save(update_fields=["validity", "last_uid"])
        if judged.outcome is Outcome.IGNORED:
            if judged.why == Automatic.BOUNCE:
                came_back(house, fetched.raw)
            return Taken(outcome=judged.outcome, why=judged.why)
        case = known.case_of(house, letter)
        judged, letter = _weighed(house, letter, judged, case, fetched)
        if not judged.outcome.kept and judged.outcome is not Outcome.DUPLICATE:
            return Taken(outcome=judged.outcome, why=judged.why)
        mail = _kept(house, mailbox, fetched, letter, judged, channel)
        opened, joined = _requests(house, mail, judged, letter, case)
        if judged.answered and (opened or joined) and judged.outcome is Outcome.OPENED:
            acknowledge.queue(house, mail, letter.sender)
        _noted(house, mail, len(opened))
    return Taken(
        outcome=judged.outcome,
        why=judged.why,
        ref=mail.ref,
        opened=tuple(each.number for each in opened),
        joined=tuple(each.number for each in joined),
    )


def _at(box: str, validity: int) -> Mailbox:
    """The mailbox, locked; begun anew when its uids mean other messages than they did."""
    Mailbox.objects.get_or_create(name=box)
    mailbox = Mailbox.objects.select_for_update().get(name=box)
    if mailbox.validity != validity:
        mailbox.validity, mailbox.last_uid = validity, 0
    return mailbox


def _weighed(
    house: House, letter: Letter, judged: Judged, case: Sequence[Request], fetched: Fetched
) -> tuple[Judged, Letter]:
    """The judgement in the light of what is there already."""
    twin = Mail.objects.filter(known_by=_id(house, letter, fetched)).first()
    if twin is not None and twin.says == _says(house, letter):
        return replace(judged, outcome=Outcome.DUPLICATE, why="", answered=False), letter
    if twin is not None and judged.outcome is not Outcome.ORDINARY:
        return _held(judged, letter, fault("I012"))
    if judged.outcome is Outcome.HELD:
        return judged, letter
    if case and not judged.wish.rights:
        return replace(judged, outcome=Outcome.JOINED, why=""), letter
    if not case and known.named(letter):
        return _held(judged, letter, fault("I014"))
    if judged.outcome is not Outcome.OPENED:
        return judged, letter
    claimed = Identity(kind=IdentityKind.EMAIL, value=letter.sender)
    if asking.faults(house.datamap, [claimed]):
        return replace(judged, outcome=Outcome.SUGGESTED, why="own_address", answered=False), letter
    if house.now - fetched.arrived_at > OLD:
        return replace(judged, outcome=Outcome.SUGGESTED, why="old", answered=False), letter
    if _too_many(house, letter.sender):
        return _held(judged, letter, fault("I013"))
    return judged, letter


def _held(judged: Judged, letter: Letter, what: Fault) -> tuple[Judged, Letter]:
    held = replace(judged, outcome=Outcome.HELD, why="doubted", answered=False)
    return held, replace(letter, faults=(*letter.faults, what))


def _too_many(house: House, sender: str) -> bool:
    day, hour = house.now - timedelta(days=1), house.now - timedelta(hours=1)
    one = known.sender_digest(house, sender)
    of_one = Mail.objects.filter(sender=one, taken_at__gt=day).count() if one else 0
    of_all = MailOfRequest.objects.filter(opened=True, mail__taken_at__gt=hour).count()
    return of_one >= MOST_OF_ONE or of_all >= MOST_OF_ALL


def _id(house: House, letter: Letter, fetched: Fetched) -> str:
    """By what the message is known again: its id, or all of it when it has none."""
    if letter.message_id:
        return known.digest(house, "id", letter.message_id)
    return known.digest(house, "raw", fetched.raw.decode("latin-1"))


def _says(house: House, letter: Letter) -> str:
    return known.digest(house, "says", letter.sender, letter.subject, letter.words)


def _kept(
    house: House, mailbox: Mailbox, fetched: Fetched, letter: Letter, judged: Judged, channel: str
) -> Mail:
    """The message with us, sealed under a key of its own. Of a duplicate only that it came."""
    ref = secrets.token_hex(16)
    key, wrapped = sealing.new_key(house.keys.wrapping, ref)
    id_, kept = _id(house, letter, fetched), judged.outcome.kept
    return Mail.objects.create(
        ref=ref,
        mailbox=mailbox,
        validity=mailbox.validity,
        uid=fetched.uid,
        channel=channel,
        known_by=None if Mail.objects.filter(known_by=id_).exists() else id_,
        says=_says(house, letter),
        sender=known.sender_digest(house, letter.sender) if kept else "",
        outcome=judged.outcome,
        why=judged.why,
        rights=[str(right) for right in judged.wish.rights],
        perhaps=[str(right) for right in judged.wish.perhaps],
        faults=[each.number for each in letter.faults],
        spf=judged.origin.spf,
        dkim=judged.origin.dkim,
        dmarc=judged.origin.dmarc,
        received_at=min(fetched.arrived_at, house.now),
        taken_at=house.now,
        key=wrapped if kept else b"",
        raw=sealing.seal_text(key, fetched.raw.decode("latin-1"), "mail", ref) if kept else b"",
    )


def _requests(
    house: House, mail: Mail, judged: Judged, letter: Letter, case: Sequence[Request]
) -> tuple[list[Request], list[Request]]:
    """The requests that were opened for it, and those that it joined."""
    if judged.outcome not in (Outcome.OPENED, Outcome.JOINED):
        return [], []
    joined = {request.pk: request for request in case}
    opened: list[Request] = []
    for right in judged.wish.rights if judged.outcome is Outcome.OPENED else ():
        same = known.same_wish(house, mail.sender, right, case) or _asked_elsewhere(house, letter, right)
        if same is not None:
            joined[same.pk] = same
        else:
            together = opened[0].case if opened else None
            opened.append(
                open_request(house, mail, right, letter.sender, judged.wish.language, case=together)
            )
    for request in joined.values():
        MailOfRequest.objects.create(mail=mail, request=request)
    return opened, list(joined.values())


def _asked_elsewhere(house: House, letter: Letter, right: Right) -> Request | None:
    """What somebody with this address asks already, in whatever way: the message joins it, and proves
    nothing of who wrote."""
    if not letter.sender:
        return None
    return open_wish(house, right, [Identity(kind=IdentityKind.EMAIL, value=letter.sender)])


def open_request(
    house: House,
    mail: Mail,
    right: Right,
    sender: str,
    language: str,
    by: str = "",
    *,
    case: Case | None = None,
) -> Request:
    """A request for this right, of nobody whom we know yet, in the case of what came with it. Inside the
    caller's transaction."""
    claimed = (Identity(kind=IdentityKind.EMAIL, value=sender),) if sender and right in HARMLESS else ()
    request = received(
        house,
        right=right,
        identities=claimed,
        channel=mail.channel,
        language=language,
        by=by,
        at=mail.received_at,
        case=case,
    )
    MailOfRequest.objects.create(mail=mail, request=request, opened=True)
    return request


def _noted(house: House, mail: Mail, opened: int) -> None:
    note(
        Kind.MAIL_TAKEN,
        mail.ref,
        {"outcome": mail.outcome, "requests": opened, "faults": len(mail.faults)},
        at=house.now,
        policy_version=house.policy_version,
    )

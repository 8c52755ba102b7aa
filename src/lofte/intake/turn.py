"""A turn of the intake: what is new in the mailbox is taken in, put away, and acknowledged."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from lofte.errors import Unreachable
from lofte.execution.house import House
from lofte.execution.store import writing
from lofte.intake import acknowledge, known, over
from lofte.intake.mailbox import OpenMailbox, open_mailbox
from lofte.intake.models import Mail, Mailbox
from lofte.intake.settings import MailSettings
from lofte.intake.take_in import Taken, take_in

AT_ONCE = 50
"""Messages taken in before the acknowledgements are sent: they are to be there within a minute."""
_REFUSALS = 10
"""After so many a folder refuses everything; what is left is tried next turn."""
_log = logging.getLogger("lofte.intake")


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """What a turn did."""

    taken: tuple[Taken, ...]
    sent: int
    """Acknowledgements, also those that have waited."""


def turn(house: House, settings: MailSettings, tell: Callable[[Taken], None] = lambda taken: None) -> Turn:
    """Take in all that is new. Raises Unreachable when the mailbox does not answer; what waits to be
    sent is sent nevertheless."""
    taken: list[Taken] = []
    sent = 0
    over.forget(house)
    try:
        while True:
            with open_mailbox(settings.box) as box:
                some = _some(house, box, settings, tell)
            sent += acknowledge.send_due(house, settings)
            taken += some
            if len(some) < AT_ONCE:
                return Turn(taken=tuple(taken), sent=sent)
    except Unreachable:
        acknowledge.send_due(house, settings)
        raise


def box_name(house: House, settings: MailSettings) -> str:
    """By what the mailbox is known again in our store."""
    box = settings.box
    return known.digest(house, "box", box.host, str(box.port), box.name, box.folder)


def _some(
    house: House, box: OpenMailbox, settings: MailSettings, tell: Callable[[Taken], None]
) -> list[Taken]:
    """What is taken in now. It is read before anything is put away, also what was left when a process
    died: a folder that refuses must stop no wish."""
    name, validity = box_name(house, settings), box.validity
    read = Mailbox.objects.filter(name=name, validity=validity).first()
    taken = []
    for uid in box.after(read.last_uid if read else 0)[:AT_ONCE]:
        fetched = box.fetch(uid)
        # Gone when somebody has moved it; done when another process was quicker.
        done = take_in(house, name, validity, fetched, settings) if fetched else None
        if done is not None:
            taken.append(done)
            tell(done)
    _put_away(house, box, name, validity, settings.done)
    return taken


def _put_away(house: House, box: OpenMailbox, name: str, validity: int, folder: str) -> None:
    """Mark or move what is durably with us."""
    refused = 0
    waiting = Mail.objects.filter(mailbox__name=name, validity=validity, put_away_at=None).order_by("id")
    for mail in list(waiting[:1000]):
        if not box.put_away(mail.uid, folder):
            refused += 1
            if refused == _REFUSALS:
                break
            continue
        with writing():
            Mail.objects.filter(pk=mail.pk).update(put_away_at=house.now)
    if refused:
        _log.warning("%d messages are in, and the mail server does not let them be put away", refused)

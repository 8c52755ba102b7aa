"""What has come in to the demo's house and waits for somebody: a mail that may ask for something, and a
message from the chat."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTPUTF8
from email.utils import format_datetime
from typing import TYPE_CHECKING

from lofte.cli.words import gettext as _

if TYPE_CHECKING:
    from lofte.execution.house import House

BOX = "d" * 64
"""The demo's mailbox, which is on no server."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Inbox:
    """Makes what is missing of the messages."""

    house: House
    address: str
    """The company's own, for questions of privacy."""
    officer: str
    """The random id of who lets another program hand in messages."""

    def fill(self, senders: Sequence[str], next_: Callable[[str, int | None], None]) -> None:
        """Both messages, from these addresses. Done again, it makes only what is not there."""
        from lofte.intake.models import Mail

        if Mail.objects.exists() or len(senders) < 2:
            return
        next_(_("A mail and a message from the chat come in"), None)
        self._mail(senders[0])
        self._chat(senders[1])

    def _mail(self, sender: str) -> None:
        """One that says nothing of rights in so many words: a handler looks at it."""
        from lofte.intake.mailbox import Fetched
        from lofte.intake.settings import MailSettings
        from lofte.intake.take_in import take_in
        from lofte.mail.way import Server

        nowhere = Server(host="localhost", port=993, security="tls", name="", folder="INBOX")
        arrived = self.house.now - timedelta(hours=3)
        message = EmailMessage(policy=SMTPUTF8)
        message["From"], message["To"] = sender, self.address
        message["Subject"] = _("My old account")
        message["Date"] = format_datetime(arrived)
        message["Message-ID"] = "<demo.1@kund.example>"
        message.set_content(
            _("Hello! I left you last spring. Could you please close my account and remove it?")
        )
        raw = message.as_bytes()
        take_in(
            self.house,
            BOX,
            1,
            Fetched(uid=1, size=len(raw), raw=raw, arrived_at=arrived),
            MailSettings(box=nowhere, address=self.address),
        )

    def _chat(self, sender: str) -> None:
        """One that asks for a right, from the customers' chat."""
        from lofte.api.hooks import add_source
        from lofte.intake.hand_in import Handed, hand_in

        source, _secret = add_source(self.house, name="chatt", channel="chat", by=self.officer)
        words = _("I want to know what personal data you have about me. Please send me an extract.")
        hand_in(self.house, source.ref, source.channel, Handed(id="demo-1", words=words, sender=sender))

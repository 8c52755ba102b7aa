"""Messages as people write them."""

from __future__ import annotations

from datetime import UTC, datetime

from lofte.intake.mailbox import Fetched
from lofte.intake.settings import MailSettings
from lofte.mail.way import Server

OURS = "dataskydd@norrsken.example"
SETTINGS = MailSettings(
    box=Server(host="127.0.0.1", port=143, security="none", name="privacy", folder="INBOX"),
    address=OURS,
    authserv_id="mx.norrsken.example",
)
ARRIVED = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
ERASE = "Radera alla mina personuppgifter."


def message(
    words: str = ERASE,
    *,
    sender: str = "anna@kund.example",
    subject: str = "Hej",
    name: str = "1",
    more: str = "",
) -> bytes:
    head = (
        f"From: Anna <{sender}>\r\nTo: {OURS}\r\nSubject: {subject}\r\nMessage-ID: <{name}@kund.example>\r\n"
    )
    typed = (
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
    )
    return (head + typed + more + "\r\n" + words + "\r\n").encode()


def fetched(raw: bytes, uid: int = 1, arrived: datetime = ARRIVED, size: int = 0) -> Fetched:
    return Fetched(uid=uid, size=size or len(raw), raw=raw, arrived_at=arrived)

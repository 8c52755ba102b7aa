"""A mailbox on a server (IMAP, RFC 3501): what is new in it, and putting away what has been taken in.

imap-tools opens folders and names them; a message is fetched here, for it must come raw, no further than
a bound, and without being marked as read.
"""

from __future__ import annotations

import imaplib
import re
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted, MailMessageFlags
from imap_tools.errors import ImapToolsError
from imap_tools.utils import encode_folder

from lofte.errors import Broken, Unreachable
from lofte.mail.way import Server

LARGEST = 10 * 1024 * 1024
"""Bytes of a message that are kept."""
_TIMEOUT = 30.0
"""Seconds that a server may be silent."""
_SIZE = re.compile(rb"RFC822\.SIZE (\d{1,15})")
_BROKEN = (imaplib.IMAP4.error, ImapToolsError, OSError, ssl.SSLError)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetched:
    """A message as it lies in the mailbox."""

    uid: int
    size: int
    """Bytes that it has on the server; more than `raw` when it is larger than what is kept."""
    raw: bytes
    arrived_at: datetime
    """When the server got it: from then the clock runs (art. 12.3)."""


class OpenMailbox:
    """A folder that is open for reading and marking."""

    def __init__(self, box: BaseMailBox) -> None:
        self._box = box
        self._made: set[str] = set()
        # Asked anew: before the sign-in a server tells but few.
        self._can = b" ".join(each or b"" for each in box.client.capability()[1]).upper().split()

    @property
    def validity(self) -> int:
        """UIDVALIDITY of the folder. Raises Broken."""
        told = self._box.client.untagged_responses.get("UIDVALIDITY") or [b""]
        if not isinstance(told[-1], bytes) or not told[-1].isdigit():
            raise Broken("the mail server tells no UIDVALIDITY, so no message can be known again")
        return int(told[-1])

    def after(self, uid: int) -> list[int]:
        """The uids of the messages that came after this one, the oldest first."""
        found = self._box.uids(f"UID {uid + 1}:*")
        # `n:*` always names the last message, also when that is older (RFC 3501 section 6.4.8).
        return sorted(int(each) for each in found if int(each) > uid)

    def fetch(self, uid: int) -> Fetched | None:
        """A message, unmarked; None when somebody has moved it. A server that gives it not, though it is
        there, is no answer: who reads on would never see it again."""
        what = f"(RFC822.SIZE INTERNALDATE BODY.PEEK[]<0.{LARGEST}>)"
        _, told = self._box.client.uid("FETCH", str(uid), what)
        for each in told or ():
            if isinstance(each, tuple) and len(each) == 2:
                described, raw = each
                size = _SIZE.search(described)
                return Fetched(
                    uid=uid,
                    size=int(size[1]) if size else len(raw),
                    raw=raw,
                    arrived_at=_arrived(b" ".join(e if isinstance(e, bytes) else e[0] for e in told)),
                )
        # Until it is asked for news, a server may tell of what is gone as if it were there.
        _agreed(self._box.client.noop())
        if str(uid) in self._box.uids(f"UID {uid}"):
            raise imaplib.IMAP4.error("the server does not give a message that is there")
        return None

    def put_away(self, uid: int, folder: str) -> bool:
        """Move it to this folder, or mark it as read where it lies. Doing it again does nothing more.
        False when the server refuses."""
        try:
            self._put_away(uid, folder)
        except imaplib.IMAP4.abort:
            raise
        except (imaplib.IMAP4.error, ImapToolsError):
            return False
        return True

    def _put_away(self, uid: int, folder: str) -> None:
        client = self._box.client
        if not folder:
            self._box.flag(str(uid), MailMessageFlags.SEEN, True)
            return
        self._make(folder)
        named = encode_folder(folder).decode("ascii")
        if b"MOVE" in self._can:
            _agreed(client.uid("MOVE", str(uid), named))
            return
        _agreed(client.uid("COPY", str(uid), named))
        _agreed(client.uid("STORE", str(uid), "+FLAGS", r"(\Deleted \Seen)"))
        # Without UIDPLUS nothing is expunged: that would take what others have marked, too.
        if b"UIDPLUS" in self._can:
            _agreed(client.uid("EXPUNGE", str(uid)))

    def _make(self, folder: str) -> None:
        if folder not in self._made and not self._box.folder.exists(folder):
            self._box.folder.create(folder)
        self._made.add(folder)


@contextmanager
def open_mailbox(server: Server) -> Iterator[OpenMailbox]:
    """The folder on its server. Raises Unreachable, also when the server breaks off: what was not taken
    in then is taken in next time."""
    try:
        box = _connected(server)
        try:
            box.login(server.name, server.password, initial_folder=None)
            box.folder.set(server.folder)
            yield OpenMailbox(box)
        finally:
            with suppress(*_BROKEN):
                box.logout()
    except _BROKEN as error:
        # The server's own words may hold the account's name.
        raise Unreachable(
            "the mailbox does not answer, or refuses us; see to address and password"
        ) from error


def _connected(server: Server) -> BaseMailBox:
    secure = ssl.create_default_context()
    if server.security == "tls":
        return MailBox(server.host, server.port, timeout=_TIMEOUT, ssl_context=secure)
    if server.security == "starttls":
        return MailBoxStartTls(server.host, server.port, timeout=_TIMEOUT, ssl_context=secure)
    return MailBoxUnencrypted(server.host, server.port, timeout=_TIMEOUT)


def _agreed(answer: tuple[str, Sequence[object]]) -> None:
    if answer[0] != "OK":
        raise imaplib.IMAP4.error("the server did not agree")


def _arrived(described: bytes) -> datetime:
    told = imaplib.Internaldate2tuple(described)
    return datetime.fromtimestamp(time.mktime(told), UTC) if told else datetime.now(UTC)

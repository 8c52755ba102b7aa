"""What may be wrong with a message, and what to do about it. The words never repeat the message."""

from __future__ import annotations

from collections.abc import Mapping

from lofte.fault import Fault, Place, Severity

CATALOGUE: Mapping[str, tuple[str, str]] = {
    "I001": (
        "the message is larger than what is read",
        "look at the rest of it in the mailbox",
    ),
    "I002": (
        "the message has parts within parts beyond measure",
        "look at it in the mailbox, with a program that shows no pictures",
    ),
    "I003": (
        "the message is not built as a message is (RFC 5322, RFC 2045)",
        "look at it in the mailbox; ask the sender to write anew if it cannot be read",
    ),
    "I004": (
        "the message has more than one sender",
        "do not answer it; find out who asks before anything is done",
    ),
    "I005": (
        "the message has no sender that can be answered",
        "look for another way to reach who wrote it",
    ),
    "I006": (
        "the message is encrypted",
        "open it in a mail program that has the key, and take in what it asks by hand",
    ),
    "I007": (
        "the letters are not of the kind that the message says",
        "read it with care: some letters may be wrong",
    ),
    "I008": (
        "the message holds signs that hide or turn the text around",
        "read it with care: it may not say what it shows",
    ),
    "I009": ("the message holds no words", "look whether something hangs on it"),
    "I010": (
        "reading the message broke something of ours",
        "look at it in the mailbox, and report it",
    ),
    "I011": (
        "the message went to more than a hundred",
        "look whether somebody really asks for something",
    ),
    "I012": (
        "another message with the same id says something else",
        "compare the two; one of them may be forged",
    ),
    "I013": (
        "more has come from one address, or in all, than is opened by itself",
        "look whether the same is asked again; open by hand what is not",
    ),
    "I014": (
        "a case is named, and nothing shows that the sender knows of it",
        "compare with the case before it is put there",
    ),
    "I020": (
        "the address of the mailbox cannot be read",
        "write it as imaps://name:password@host/INBOX",
    ),
    "I021": ("the environment variable is not set", "set it where Löfte is started"),
    "I022": (
        "the way to the server is not encrypted",
        "begin the address with imaps:// or smtps://, or with imap+starttls:// or smtp+starttls://",
    ),
    "I023": (
        "the address of the server that sends cannot be read",
        "write it as smtps://name:password@host",
    ),
    "I024": (
        "this is not an e-mail address",
        "write the address that answers come from, as privacy@company.example",
    ),
}


def fault(number: str, severity: Severity = Severity.ERROR, place: Place | None = None) -> Fault:
    """The fault with this number."""
    what, mend = CATALOGUE[number]
    return Fault(number=number, place=place or Place(file="mail"), what=what, mend=mend, severity=severity)

"""A raw message read into a letter, whatever stands in it: bytes in, a record and faults out.

Hard rules:
- Nothing raises for what a message holds, and nothing takes longer than its length allows.
- Only the beginning is taken apart; attachments are counted and never opened.
- The parser reads by `compat32`: the newer policy's reading of headers raises on some that are broken,
  and runs very long on some that are meant to hurt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses

from lofte.datamap.email import canonical_email
from lofte.fault import Fault, Severity, errors
from lofte.intake.faults import fault
from lofte.intake.own_words import own_words
from lofte.intake.plain import text_of

READ = 1024 * 1024
"""Bytes that are taken apart; words come before attachments."""
_LINE, _FOLDED, _LINES, _HEADERS = 16_384, 16_384, 20_000, 2_000
"""Bytes of a line and of what is folded onto it, lines, and headers, at most."""
_PARTS = 100
_VALUE = 4_000
"""Characters of a header's value that are read."""
_TEXT = 100_000
_RECIPIENTS = 100
_NESTS = re.compile(rb"content-type\s*:\s*(?:multipart/|message/rfc822)", re.IGNORECASE)
_IDS = re.compile(r"<[^<>\s]{1,250}>")
_ENCRYPTED = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")
_HIDDEN = re.compile("[\u202a-\u202e\u2066-\u2069\x00]")
_READ_BROKEN = (ValueError, LookupError, RecursionError, AssertionError, AttributeError, TypeError)
"""What the parser is known to raise for messages that are broken; each becomes a fault."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """What was read. Nothing in it is believed."""

    sender: str = ""
    """The one address of From in canonical form; empty when there is none, or more than one."""
    subject: str = ""
    message_id: str = ""
    answers: tuple[str, ...] = ()
    """Ids of the messages that it says it answers, the nearest first."""
    words: str = ""
    """What the sender wrote, without quotes and signature."""
    forwarded: str = ""
    attachments: int = 0
    content_type: str = "text/plain"
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()

    def all(self, name: str) -> tuple[str, ...]:
        """Every header with this name (in small letters), the topmost first."""
        return self.headers.get(name, ())

    @property
    def unreadable(self) -> bool:
        """True if nothing may be made of it but by a person."""
        return bool(errors(self.faults))


def read_letter(raw: bytes) -> Letter:
    """The letter in these bytes. Never raises for what they hold."""
    tamed, found = _tamed(raw[:READ])
    if len(_NESTS.findall(tamed)) > _PARTS:
        return _read(_head(tamed), (*found, fault("I002")))
    letter = _read(tamed, found)
    if len(raw) > READ and not letter.attachments:
        # What is too long is the text itself, and its end may say the opposite of its beginning.
        return replace(letter, faults=(*letter.faults, fault("I001")))
    return letter


def _read(raw: bytes, faults: tuple[Fault, ...]) -> Letter:
    try:
        return _taken_apart(message_from_bytes(raw), faults)
    except _READ_BROKEN:
        return Letter(faults=(*faults, fault("I003")))


def _taken_apart(message: Message, faults: tuple[Fault, ...]) -> Letter:
    headers = _headers(message)
    found = [*faults, *_crowd(headers)]
    sender, subject = _sender(headers, found), _decoded(_first(headers, "subject"))
    text, attachments = _text(message, found)
    content_type = message.get_content_type()
    if content_type in _ENCRYPTED:
        found.append(fault("I006"))
    if _HIDDEN.search(text) or _HIDDEN.search(subject):
        found.append(fault("I008", Severity.WARNING))
    words = own_words(text)
    if not (words.own or words.forwarded):
        found.append(fault("I009", Severity.WARNING))
    answers = [*_ids(headers, "in-reply-to"), *reversed(_ids(headers, "references"))]
    return Letter(
        sender=sender,
        subject=_line(subject),
        message_id=next(iter(_ids(headers, "message-id")), ""),
        answers=tuple(dict.fromkeys(answers))[:50],
        words=words.own,
        forwarded=words.forwarded,
        attachments=attachments,
        content_type=content_type,
        headers=headers,
        faults=tuple(dict.fromkeys(found)),
    )


def _tamed(raw: bytes) -> tuple[bytes, tuple[Fault, ...]]:
    """The same with no line, and nothing folded onto one, longer than an honest program writes; a fault
    if that took something from the headers."""
    head, _, body = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").partition(b"\n\n")
    lines = head.split(b"\n")
    kept = [line for line in _unfolded(lines[:_HEADERS]) if len(line) <= _LINE]
    kept_body: list[bytes] = []
    for line in _unfolded(body.split(b"\n", _LINES)[:_LINES]):
        kept_body.extend(line[at : at + _LINE] for at in range(0, len(line) or 1, _LINE))
    cut = len(kept) < len(lines)
    return b"\n".join([*kept, b"", *kept_body]), (fault("I003"),) if cut else ()


def _unfolded(lines: list[bytes]) -> Iterator[bytes]:
    """The lines, without what is folded on and on."""
    folded = 0
    for line in lines:
        folded = folded + len(line) if line[:1] in (b" ", b"\t") else 0
        if folded <= _FOLDED:
            yield line


def _head(raw: bytes) -> bytes:
    return re.sub(rb"(?mi)^content-type\s*:.*$", b"", raw.partition(b"\n\n")[0]) + b"\n\n"


def _headers(message: Message) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    # As they stand: Python's reading takes every letter that is not encoded for a question mark.
    for name, value in list(message.raw_items())[:_HEADERS]:
        found.setdefault(name.lower().strip(), []).append(_line(_plain(str(value))[:_VALUE]))
    return {name: tuple(values) for name, values in found.items()}


def _crowd(headers: Mapping[str, tuple[str, ...]]) -> Iterator[Fault]:
    """What no honest message has: a crowd of recipients, or a header that may stand once standing twice."""
    if sum(v.count("@") for name in ("to", "cc", "bcc") for v in headers.get(name, ())) > _RECIPIENTS:
        yield fault("I011")
    if any(
        len(headers.get(name, ())) > 1 for name in ("subject", "message-id", "sender", "reply-to", "date")
    ):
        yield fault("I003")


def _sender(headers: Mapping[str, tuple[str, ...]], found: list[Fault]) -> str:
    said = headers.get("from", ())
    named = [address for _, address in getaddresses([value[:1000] for value in said]) if address]
    if len(said) > 1 or len(named) > 1:
        found.append(fault("I004"))
        return ""
    address = canonical_email(named[0]) if named else None
    if not address:
        found.append(fault("I005"))
    return address or ""


def _text(message: Message, found: list[Fault]) -> tuple[str, int]:
    """The text that stands in the message itself, and how many things hang on it."""
    plain: list[str] = []
    marked_up: list[str] = []
    attachments = 0
    for number, part in enumerate(_parts(message, found)):
        if number >= _PARTS:
            found.append(fault("I002"))
            break
        kind = part.get_content_type()
        if kind not in ("text/plain", "text/html") or part.get_content_disposition() == "attachment":
            attachments += 1
        else:
            (plain if kind == "text/plain" else marked_up).append(_content(part, found))
    written = "\n".join(plain)[:_TEXT]
    shown = "\n".join(map(text_of, marked_up))[:_TEXT]
    # "Your program does not show HTML" is no message: the fuller of the two is read.
    return (written if 3 * len(written.split()) >= len(shown.split()) else shown), attachments


def _parts(message: Message, found: list[Fault]) -> Iterator[Message]:
    """The leaves, first to last; a message inside the message is a leaf."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        below = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(below, list):
            waiting.extend(reversed([each for each in below if isinstance(each, Message)]))
        else:
            if part.get_content_maintype() == "multipart":
                found.append(fault("I003"))
            yield part


def _content(part: Message, found: list[Fault]) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    content = payload[: 4 * _TEXT]
    said = str(part.get_content_charset() or "utf-8")
    for charset in (said, "utf-8"):
        try:
            # Not by any name there is: some of Python's codecs are no charsets, and one unpacks.
            if charset.replace("_", "-").lower().startswith(_CHARSETS):
                return content.decode(charset)
        except (LookupError, ValueError):
            pass
    found.append(fault("I007", Severity.WARNING))
    return content.decode("windows-1252", "replace")


_CHARSETS = (
    "utf-8", "utf8", "us-ascii", "ascii", "iso-8859", "latin", "windows-125", "cp125", "cp850", "koi8",
    "utf-16", "mac", "gb", "big5", "shift", "euc", "iso-2022",
)  # fmt: skip


def _first(headers: Mapping[str, tuple[str, ...]], name: str) -> str:
    return next(iter(headers.get(name, ())), "")


def _ids(headers: Mapping[str, tuple[str, ...]], name: str) -> list[str]:
    return [each for value in headers.get(name, ()) for each in _IDS.findall(value)][:50]


def _decoded(value: str) -> str:
    """A header's words (RFC 2047), as far as they can be read."""
    try:
        pieces = decode_header(value[:_VALUE])
    except (ValueError, LookupError):
        return value
    said = []
    for content, charset in pieces:
        if isinstance(content, str):
            said.append(content)
            continue
        known = charset and charset.lower().startswith(_CHARSETS)
        try:
            said.append(content.decode(charset if known and charset else "utf-8"))
        except (LookupError, ValueError):
            said.append(content.decode("windows-1252", "replace"))
    return "".join(said)


def _plain(value: str) -> str:
    """Without the stand-ins for bytes that were no letters."""
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _line(value: str) -> str:
    """On one line, without what does not show: an encoded line break is no line break."""
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())

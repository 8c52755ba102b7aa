"""What the sender wrote, apart from what they quote and how they sign."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LINES = 4000
"""Lines that are read."""
_CUT = re.compile(
    r"^\s*(?:-{2,}\s*(?:original message|ursprungligt meddelande|ursprungsmeddelande|original appointment)\b"
    r"|_{20,}\s*$"
    r"|(?:on|den|am|le)\b.{0,200}\b(?:wrote|skrev|schrieb|a écrit)\b.{0,200}:\s*$"
    r"|.{0,120}<[^<>\s]{3,100}>\s*(?:wrote|skrev)\s*:?\s*$)",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"^\s*(?:-{2,}\s*(?:forwarded message|vidarebefordrat meddelande|vidarebefordrad)\b"
    r"|begin forwarded message|start på vidarebefordrat|vidarebefordrat brev)",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"^\s*\*?(?:from|från|sent|skickat|to|till|date|datum|subject|ämne|cc|kopia)\*?\s*:", re.IGNORECASE
)
_SIGNED = re.compile(
    r"^\s*(?:--\s*$|(?:skickat från|sent from|hämta outlook|get outlook|skickades från)\b"
    r"|(?:med\s+)?(?:vänlig(?:a|en|ast)?\s+)?hälsning(?:ar|en)?\b[\s,.!]*(?:\S+\s*){0,3}$"
    r"|m\.?v\.?h\.?\b[\s,.!/]*(?:\S+\s*){0,3}$|vänligen,?\s*$"
    r"|(?:(?:best|kind|warm|many)\s+)?regards\b[\s,.!]*(?:\S+\s*){0,3}$"
    r"|(?:yours\s+(?:sincerely|faithfully|truly)|sincerely(?:\s+yours)?|cheers)\b[\s,.!]*(?:\S+\s*){0,3}$)",
    re.IGNORECASE,
)
_AFTERWARDS = re.compile(r"^\s*p\.?s\.?\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """A message's text, taken apart."""

    own: str
    forwarded: str = ""
    """What was sent on from somebody else; it says what that person wants, not the sender."""


def own_words(text: str) -> Words:
    """The text without quoted lines, what stands below `On ... wrote:`, and the signature."""
    own: list[str] = []
    lines = [line[:2000] for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:_LINES]]
    for number, line in enumerate(lines):
        if _FORWARDED.match(line):
            return Words(own=_unsigned(own), forwarded="\n".join(lines[number + 1 :]))
        if _is_header(lines, number) or (_CUT.match(_joined(lines, number)) and not _goes_on(lines, number)):
            break
        if not line.lstrip().startswith(">") and not _CUT.match(line):
            own.append(line)
    return Words(own=_unsigned(own))


def _joined(lines: list[str], number: int) -> str:
    """A line with the next, where `On ... wrote:` was folded."""
    return f"{lines[number]} {lines[number + 1]}" if _begins(lines, number) else lines[number]


def _begins(lines: list[str], number: int) -> bool:
    starts = re.match(r"\s*(?:on|den)\b", lines[number], re.IGNORECASE) is not None
    return (
        starts and number + 1 < len(lines) and re.search(r"(?:wrote|skrev)\b", lines[number + 1]) is not None
    )


def _goes_on(lines: list[str], number: int) -> bool:
    """True if what is quoted is marked line by line, so that an answer may stand between or below."""
    following = [line for line in lines[number + 1 : number + 4] if line.strip()]
    return bool(following) and any(line.lstrip().startswith(">") for line in following)


def _is_header(lines: list[str], number: int) -> bool:
    """Three lines of `From: Sent: To:` in a row begin what is quoted."""
    return number + 2 < len(lines) and all(_HEADER.match(each) for each in lines[number : number + 3])


def _unsigned(lines: list[str]) -> str:
    kept: list[str] = []
    signed = False
    for line in lines:
        if _AFTERWARDS.match(line):
            signed = False
        elif kept and _SIGNED.match(line):
            # Above the first words, `Hälsningar` is no signature.
            signed = any(each.strip() for each in kept)
        if not signed:
            kept.append(line)
    return "\n".join(kept).strip()

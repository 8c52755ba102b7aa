"""What the receiving server says of where a message came from (SPF, DKIM, DMARC; RFC 8601).

It is noted and proves nothing of who wrote: a From address is never an identity (art. 12.6).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lofte.intake.letter import Letter

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*+"')
_METHOD = re.compile(r"^\s*(spf|dkim|dmarc)(?:/\d+)?\s*=\s*([a-z]+)\b", re.IGNORECASE)
_RESULTS = ("pass", "fail", "softfail", "neutral", "policy", "none", "temperror", "permerror")


@dataclass(frozen=True, kw_only=True, slots=True)
class Authenticity:
    """A result of each method, as RFC 8601 names it; empty where nobody whom we trust has said it."""

    spf: str = ""
    dkim: str = ""
    dmarc: str = ""


def authenticity(letter: Letter, authserv_id: str) -> Authenticity:
    """The results in the topmost Authentication-Results, if our own server wrote it. What stands below
    came with the message, and anybody can have written it (RFC 8601 section 5)."""
    headers = letter.all("authentication-results")
    if not authserv_id or not headers:
        return Authenticity()
    who, *said = _uncommented(_QUOTED.sub("", headers[0])).split(";")
    if (who.split() or [""])[0].lower() != authserv_id.lower():
        return Authenticity()
    found: dict[str, list[str]] = {}
    for each in said:
        if (match := _METHOD.match(each)) and match[2].lower() in _RESULTS:
            found.setdefault(match[1].lower(), []).append(match[2].lower())
    return Authenticity(**{method: min(each, key=_RESULTS.index) for method, each in found.items()})


def _uncommented(value: str) -> str:
    """Without comments in brackets, which may nest."""
    kept, depth = [], 0
    for letter in value:
        if letter == "(":
            depth += 1
        elif letter == ")" and depth:
            depth -= 1
        elif not depth:
            kept.append(letter)
    return "".join(kept)

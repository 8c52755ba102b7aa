"""Content lines, as vCard (RFC 6350) and iCalendar (RFC 5545) have them: escaped, folded, CRLF."""

from __future__ import annotations

import re
from collections.abc import Iterable

_FOLD = 75
"""Octets of a line, its end not counted."""
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BREAK = re.compile(r"\r\n|\r|\n")


def text(value: object) -> str:
    """A text value: what has a meaning in the format is escaped, control characters go."""
    plain = _CONTROLS.sub("", str(value)).replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    return _BREAK.sub("\\\\n", plain)


def line(name: str, value: str) -> str:
    """One content line with a value that is escaped already, folded between letters."""
    parts: list[str] = []
    part, size, room = "", 0, _FOLD
    for letter in f"{name}:{value}":
        weight = len(letter.encode("utf-8", "replace"))
        if size + weight > room:
            parts.append(part)
            part, size, room = "", 0, _FOLD - 1  # the blank that begins a folded line counts
        part += letter
        size += weight
    return "\r\n ".join((*parts, part)) + "\r\n"


def block(name: str, content: Iterable[str]) -> str:
    """Lines between BEGIN and END."""
    return f"BEGIN:{name}\r\n{''.join(content)}END:{name}\r\n"

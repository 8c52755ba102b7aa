"""Recognizers as data: how an identity looks in a text, and what it reads as.

Every pattern runs in linear time: it starts only where a run of its letters starts, takes the
whole run and never gives any of it back, or is bounded by a small number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lofte.datamap.document import Kind

_IN = "\u00ad\u200b\u200c\u200d\u2060\ufeff\u0300-\u036f"
"""Letters that do not show, and marks that stand on the letter before; pasted without knowing."""

_LETTER = rf"\w.+~'\-{_IN}"
_LOCAL = rf"(?:[{_LETTER}]|%(?!40))"
_AT = r"(?:@|%40|=40|\uff20|\ufe6b)"
_HOST = rf"[\w.\-{_IN}]"
_GAP = r"[ \t\u00a0\-\u2010-\u2015/().]"


@dataclass(frozen=True, kw_only=True, slots=True)
class Recognizer:
    """One kind of identity: what it looks like, and which letter any of it must hold."""

    kind: Kind
    pattern: re.Pattern[str]
    needs: re.Pattern[str]
    """A cheap look that says whether the text can hold any at all."""


EMAIL = Recognizer(
    kind=Kind.EMAIL,
    pattern=re.compile(rf"(?<![{_LETTER}%]){_LOCAL}++{_AT}{_HOST}++"),
    needs=re.compile(_AT),
)

PERSONNUMMER = Recognizer(
    kind=Kind.PERSONNUMMER,
    pattern=re.compile(r"(?<!\d)(?:\d\d)?\d{6}(?: ?[-+\u2010-\u2015\u2212] ?| )?\d{4}(?!\d)"),
    needs=re.compile(r"\d{6}"),
)

PHONE = Recognizer(
    kind=Kind.PHONE,
    pattern=re.compile(rf"(?<![\w+])(?<!\d[.:,/\-])(?:\+|00?)(?:{_GAP}{{0,2}}\d){{6,14}}(?!\d)"),
    needs=re.compile(r"(?:\+|0)\D{0,2}\d"),
)

RECOGNIZERS: tuple[Recognizer, ...] = (EMAIL, PERSONNUMMER, PHONE)

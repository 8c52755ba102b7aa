"""Whether a text is Swedish or English, told by its commonest words."""

from __future__ import annotations

import re

from lofte.policy.parts import Language

_SV = frozenset(
    re.findall(
        r"\S+",
        "och att det som vi för av på är dina din du om inte till med den kan har vår våra eller när ett",
    )
)
_EN = frozenset(
    re.findall(
        r"\S+",
        "and the to of we you your our is are for or with that this in as may by not will can when have it",
    )
)


def language_of(text: str) -> Language | None:
    """Swedish, English, or neither."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    sv, en = sum(word in _SV for word in words), sum(word in _EN for word in words)
    if max(sv, en) < max(1, len(words) * 0.08) or sv == en:
        return None
    return "sv" if sv > en else "en"

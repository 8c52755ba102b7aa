"""Sentences made in other rooms, in the language that was chosen.

The rooms below write English with what it is about filled in. The catalogue has those sentences with
`{holes}`; here a finished sentence is known again by its pattern, and what was filled in is carried over.
"""

from __future__ import annotations

import re
from functools import lru_cache

from lofte.cli.words import gettext, language, patterns

_HOLE = re.compile(r"\\\{(\w+)\\\}")


def spoken(text: str) -> str:
    """The sentence in the chosen language, or as it is."""
    said = gettext(text) if text else text
    if said != text or language() == "en":
        return said
    for pattern, theirs in _known(language()):
        if found := pattern.fullmatch(text):
            return theirs.format(**found.groupdict())
    return text


@lru_cache(maxsize=2)
def _known(_language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Patterns with most fixed words first: the more it says, the surer it is the right one."""
    listed = sorted(patterns().items(), key=lambda pair: -len(re.sub(r"\{\w+\}", "", pair[0])))
    return tuple((_pattern(ours), theirs) for ours, theirs in listed)


def _pattern(ours: str) -> re.Pattern[str]:
    seen: set[str] = set()

    def hole(found: re.Match[str]) -> str:
        name = found[1]
        if name in seen:
            return f"(?P={name})"
        seen.add(name)
        return f"(?P<{name}>.+?)"

    return re.compile(_HOLE.sub(hole, re.escape(ours)), re.DOTALL)

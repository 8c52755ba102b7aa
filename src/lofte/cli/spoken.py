"""Sentences made in other rooms, in the language that was chosen.

The rooms below write English with what it is about filled in. The catalogue has those sentences with
`{holes}`; here a finished sentence is known again by its pattern, and what was filled in is carried over.
"""

from __future__ import annotations

import re
from functools import lru_cache

from lofte.cli.words import gettext, language, patterns

_HOLE = re.compile(r"\\\{(\w+)\\\}")
_WITH_ARTICLE = re.compile(r"(.+?) (\((?:art\. |LEK |MFL |BFL |\d{4}:)[^()]+\))", re.DOTALL)
"""A mend, and the article it rests on."""


def spoken(text: str) -> str:
    """The sentence in the chosen language, or as it is. An article after it stays."""
    if not text or language() == "en":
        return text
    if (said := _said(text)) is not None:
        return said
    rest = _WITH_ARTICLE.fullmatch(text)
    whole, article = (rest[1], f" {rest[2]}") if rest else (text, "")
    said = _said(whole) or _said(whole[0].lower() + whole[1:])
    return text if said is None else said + article


def _said(text: str) -> str | None:
    said = gettext(text)
    if said != text:
        return said
    for pattern, theirs in _known(language()):
        if found := pattern.fullmatch(text):
            return theirs.format(**found.groupdict())
    return None


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

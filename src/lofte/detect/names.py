"""Names of people in a text: proposed, never decided (art. 15.4).

A name is a given name that people bear, with a capital, and what stands after it with one. Somebody looks at
each proposal; nothing is masked by it alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from lofte.detect.given_names import GIVEN_NAMES

_WORD = r"[^\W\d_]+(?:[-'\u2019][^\W\d_]+)*"
_RUN = re.compile(rf"\b{_WORD}(?:[ \u00a0]{_WORD}){{0,7}}+")
_ONE = re.compile(_WORD)
_MOST = 50
_PARTICLES = frozenset({"af", "av", "von", "van", "de", "der", "den", "la", "bin", "al", "el"})


def propose(text: str, *, own: Collection[str] = ()) -> tuple[str, ...]:
    """The names that stand in this text, each once, in order; at most 50. `own` are the subject's own names:
    what consists of these alone is not proposed."""
    mine = {word.casefold() for name in own for word in _ONE.findall(name)}
    found: dict[str, None] = {}
    for run in _RUN.finditer(text):
        for name in _names([word.group() for word in _ONE.finditer(run.group())]):
            if not {word.casefold() for word in name} <= mine | _PARTICLES:
                found.setdefault(" ".join(name))
            if len(found) == _MOST:
                return tuple(found)
    return tuple(found)


def take_out(text: str, names: Collection[str], dots: str) -> str:
    """The text with dots in place of each of these names, whatever its capitals, also where it is in the
    genitive ("Annas"). The longest first: a whole name goes before a part of it."""
    for name in sorted((n.strip() for n in names if n.strip()), key=len, reverse=True):
        spaced = r"[ \u00a0\t\r\n]+".join(re.escape(word) for word in name.split())
        text = re.sub(rf"(?<!\w){spaced}(?=s?(?!\w))s?", dots, text, flags=re.IGNORECASE)
    return text


def _names(words: list[str]) -> list[list[str]]:
    """The names in a run of words."""
    found: list[list[str]] = []
    at = 0
    while at < len(words):
        if not _given(words[at]):
            at += 1
            continue
        end = at + 1
        while end < len(words) and (words[end][:1].isupper() or _joins(words, end)):
            end += 1
        found.append(words[at:end])
        at = end
    return found


def _joins(words: list[str], at: int) -> bool:
    """True for a word between names: Anna af Ek."""
    return words[at] in _PARTICLES and at + 1 < len(words) and words[at + 1][:1].isupper()


def _given(word: str) -> bool:
    if not word[:1].isupper():
        return False
    bare = word.casefold()
    return bare in GIVEN_NAMES or bare.removesuffix("s") in GIVEN_NAMES or bare.split("-")[0] in GIVEN_NAMES

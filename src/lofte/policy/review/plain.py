"""The plain form of a piece of text, in which words are looked for, and where each letter of it stands."""

from __future__ import annotations

import re

_DROPPED = frozenset("\u00ad\u200b\u200c\u200d\ufeff")
_SAME = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
    **dict.fromkeys("\u2018\u2019\u00b4`", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"'),
}
_CUT = re.compile(r"(?<=[^\W\d_]{3})-[ \t]*\r?\n\s*(?=[a-zåäöéü])")
"""A word that a line's end cut in two; a single letter before (`e-post`) keeps its hyphen."""


def plain(text: str, start: int, end: int) -> tuple[str, tuple[int, ...]]:
    """Small letters, one blank between words, one kind of hyphen and quote; and the place of each letter."""
    cuts = {at for cut in _CUT.finditer(text, start, end) for at in range(cut.start(), cut.end())}
    letters: list[str] = []
    at: list[int] = []
    for index in range(start, end):
        letter = text[index]
        if index in cuts or letter in _DROPPED:
            continue
        if letter.isspace():
            if not letters or letters[-1] == " ":
                continue
            letter = " "
        small = _SAME.get(letter, letter).lower()
        letters.append(small if len(small) == 1 else letter)
        at.append(index)
    if letters and letters[-1] == " ":
        letters.pop()
        at.pop()
    return "".join(letters), tuple(at)

"""Where sentences end (a full stop after an abbreviation, an initial or a number ends nothing)."""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST = 1500
"""A longer stretch without an end is cut at a blank: looking for words in it stays quick."""

_END = re.compile(r"[.!?]+[\"”’)\]]*(?=\s+[\"“”(\[•–-]?[A-ZÅÄÖÉ0-9])|[.!?]+[\"”’)\]]*(?=\s*$)")
_SHORT = frozenset(
    re.findall(
        r"\S+",
        "t.ex ex bl.a bl d.v.s dvs m.m m.fl mm etc osv o.s.v ev resp s.k sk ca f.d fr.o.m t.o.m "
        "t.v kap st art nr tel jfr inkl exkl p obs e.g i.e eg ie no nos sec vs mr mrs ms dr inc "
        "ltd co approx incl reg para kl sid sfs",
    )
)


def sentences_in(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence of a block, without the blanks between them."""
    at = start
    for stop in _END.finditer(text, start, end):
        if not _is_short(text, at, stop.start()):
            yield from _cut(text, at, stop.end())
            at = stop.end()
    yield from _cut(text, at, end)


def _is_short(text: str, start: int, stop: int) -> bool:
    word = re.search(r"[\w.]*\Z", text[max(start, stop - 20) : stop])
    before = (word.group() if word else "").lower().strip(".")
    alone = text[start:stop].strip()
    return before in _SHORT or (len(before) == 1 and before.isalpha()) or bool(re.fullmatch(r"\(?\d+", alone))


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > LONGEST:
        blank = text.rfind(" ", start + 1, start + LONGEST)
        middle = blank if blank > start else start + LONGEST
        yield start, middle
        start = middle + 1 if blank > start else middle
    if start < end:
        yield start, end

"""Bare text cut into headings, paragraphs and items, as a reader would see them.

Lines may be wrapped by whatever made the text, even with an empty line after each, so a line is not a
paragraph. What is seen: how wide the lines are, whether a line is full, how it ends, how the next begins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from lofte.policy.review.manuscript import Block, Kind, Manuscript

_BULLET = re.compile(r"\s*(?:[•·▪◦‣●○*–—-]\s+|\(?\d{1,2}[.)]\s+|\(?[a-zåäö][.)]\s+)")
_NUMBERED = re.compile(r"\s*\(?(\d{1,2})[.)]\s+")
_ENDED = re.compile(r"[.!?:][\"”')\]]*\s*\Z")
_LONGEST_HEADING, _MOST_WORDS = 110, 14


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str
    gap: int
    """Empty lines before it."""


def segment(text: str) -> Manuscript:
    """The manuscript of a text whose only structure is its lines."""
    lines = _lines(text)
    runs = _runs(lines) if _wrapped(lines) else [[line] for line in lines]
    blocks = [Block(start=run[0].start, end=run[-1].end, kind=_kind_alone(run)) for run in runs]
    return Manuscript(text=text, blocks=tuple(_settled(text, blocks)))


def looks_like_heading(words: str) -> bool:
    """Whether a block by itself could be a heading: short, one piece, and not ended as a sentence is."""
    words = words.strip()
    if not words or len(words) > _LONGEST_HEADING or len(words.split()) > _MOST_WORDS:
        return False
    bare = _NUMBERED.sub("", words)
    first = next((letter for letter in bare if letter.isalpha()), "")
    if not first.isupper() or "@" in words or "://" in words or re.search(r"\d{3}", bare):
        return False
    if words.endswith(":"):
        return len(words.split()) <= 2 and not re.match(r"(dessa|these|följande)\b", words.lower())
    return not re.search(r"[.,;!]\Z|[.!?:]\s", bare)


def _lines(text: str) -> list[_Line]:
    found: list[_Line] = []
    gap = 0
    for match in re.finditer(r"[^\n\r\f]+", text):
        if found:
            between = text[found[-1].end : match.start()]
            gap = max(gap, between.count("\n") - 1)
        line = match.group().rstrip()
        head = len(line) - len(line.lstrip())
        if not line.strip():
            continue
        start = match.start() + head
        found.append(_Line(start, match.start() + len(line), line.strip(), gap))
        gap = 0
    return found


def _wrapped(lines: Sequence[_Line]) -> bool:
    """Whether many lines go on in the next one."""
    pairs = list(pairwise(lines))
    on = sum(not _ENDED.search(a.text) and b.text[:1].islower() for a, b in pairs)
    return len(pairs) >= 2 and _width(lines) <= 130 and on >= max(1, len(pairs) * 0.12)


def _width(lines: Sequence[_Line]) -> int:
    lengths = sorted(len(line.text) for line in lines)
    return lengths[int(len(lengths) * 0.9)] if lengths else 0


def _runs(lines: Sequence[_Line]) -> list[list[_Line]]:
    """The lines of each block."""
    width = _width(lines)
    broken = [b for a, b in pairwise(lines) if b.text[:1].islower() and a.text[-1:] != "."]
    spaced = sum(line.gap > 0 for line in broken) > len(broken) / 2
    runs: list[list[_Line]] = []
    for index, line in enumerate(lines):
        after = lines[index + 1] if index + 1 < len(lines) else None
        if runs and _goes_on(runs[-1], line, after, width, spaced=spaced):
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs


def _goes_on(run: list[_Line], line: _Line, after: _Line | None, width: int, *, spaced: bool) -> bool:
    last = run[-1]
    if re.search(r"https?://\S+\Z", last.text) and line.text[:1].isupper():
        return False
    if _BULLET.match(line.text) or (line.gap and not spaced and not _open_end(last, line)):
        return False
    alone = looks_like_heading(line.text) and len(line.text) < width * 0.85
    heads = alone and after is not None and not after.text[:1].islower()
    if not _ENDED.search(last.text):
        word = line.text.split(" ", 1)[0]
        full = len(last.text) + len(word) >= width and not (heads and line.text.endswith("?"))
        return line.text[:1].islower() or not line.text[:1].isalpha() or full
    if _BULLET.match(run[0].text) or len(last.text) < width * 0.6 or last.text.endswith((":", "?")):
        return False
    return not heads


def _open_end(last: _Line, line: _Line) -> bool:
    """A sentence that a page break cut in two."""
    return not _ENDED.search(last.text) and line.text[:1].islower()


def _kind_alone(run: list[_Line]) -> Kind:
    words = " ".join(line.text for line in run)
    if looks_like_heading(words):
        return Kind.HEADING
    return Kind.ITEM if _BULLET.match(words) else Kind.PARAGRAPH


def _settled(text: str, blocks: list[Block]) -> list[Block]:
    """Headings that are none, seen by what stands beside them: items, and bare lists of short lines."""
    seen: list[Block] = []
    for index, block in enumerate(blocks):
        words = text[block.start : block.end]
        before = seen[-1] if seen else None
        number = _NUMBERED.match(words)
        if block.kind is Kind.HEADING and number:
            after = blocks[index + 1] if index + 1 < len(blocks) else None
            counts_on = (
                before and before.kind is Kind.ITEM and _number(text, before) == _number(text, block) - 1
            )
            if counts_on or (after and _number(text, after) == _number(text, block) + 1):
                block = replace(block, kind=Kind.ITEM)
        if block.kind is Kind.HEADING and _in_a_bare_list(text, blocks, index):
            block = replace(block, kind=Kind.ITEM)
        if block.kind is Kind.HEADING and _BULLET.match(words) and not number:
            block = replace(block, kind=Kind.ITEM)
        seen.append(block)
    for index in range(len(seen) - 1, 0, -1):
        if seen[index].kind is not Kind.HEADING:
            break
        seen[index] = replace(seen[index], kind=Kind.PARAGRAPH)
    return seen


def _number(text: str, block: Block) -> int:
    """The number that a block begins with; 0 where it has none."""
    found = _NUMBERED.match(text[block.start : block.end])
    return int(found.group(1)) if found else 0


def _postal(text: str, block: Block) -> bool:
    return bool(re.fullmatch(r"(SE-)?\d{3} ?\d{2} [A-ZÅÄÖ].{1,40}", text[block.start : block.end]))


def _in_a_bare_list(text: str, blocks: list[Block], index: int) -> bool:
    """One of three or more short lines in a row, not at the very beginning: a list, or an address."""
    first = last = index
    while first > 0 and blocks[first - 1].kind is Kind.HEADING:
        first -= 1
    while last + 1 < len(blocks) and (
        blocks[last + 1].kind is Kind.HEADING or _postal(text, blocks[last + 1])
    ):
        last += 1
    asks = text[blocks[index].end - 1] == "?"
    heads_the_list = index == first and index > 0 and last - first >= 2
    to_the_end = last + 1 == len(blocks)
    ends_it = index == last and not to_the_end and last - first >= 2
    heads = (heads_the_list or ends_it) and not to_the_end
    return first > 0 and last - first >= 2 and not (asks or heads)

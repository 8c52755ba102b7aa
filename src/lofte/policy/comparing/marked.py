"""A sentence beside the one that it was before, word by word, so that an eye finds what is new."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_WORDS = re.compile(r"\s+|[^\s]+")
_NEAR = 12
"""Words and blanks that are shown around what differs; the rest of a long sentence is left out."""
ELLIPSIS = " … "
_MOST = 1_000
"""Words and blanks of a sentence that are set against each other; the time it takes grows with their square
and worse, and the page is open to all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """Some words: in both, only before (`gone`), or only after (`new`)."""

    what: Literal["same", "gone", "new"]
    text: str


def marked(before: str, after: str) -> tuple[Piece, ...]:
    """Both sentences as one, with what is gone and what is new."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if min(len(old), len(new)) > _MOST:
        return (Piece(what="gone", text=before), Piece(what="new", text=after))
    steps = _joined(SequenceMatcher(None, old, new, autojunk=False).get_opcodes(), old)
    pieces = []
    for number, (same, a, b, c, d) in enumerate(steps):
        if same:
            words = _shortened(old[a:b], first=number == 0, last=number == len(steps) - 1)
            pieces.append(Piece(what="same", text=words))
            continue
        if b > a:
            pieces.append(Piece(what="gone", text="".join(old[a:b])))
        if d > c:
            pieces.append(Piece(what="new", text="".join(new[c:d])))
    return tuple(pieces)


def _joined(
    steps: Iterable[tuple[str, int, int, int, int]], old: list[str]
) -> list[tuple[bool, int, int, int, int]]:
    """The steps, where words that only a blank keeps apart are gone together and new together."""
    found: list[tuple[bool, int, int, int, int]] = []
    for step, a, b, c, d in steps:
        blank = step == "equal" and not "".join(old[a:b]).strip()
        if found and not found[-1][0] and (blank or step != "equal"):
            _, first, _, other, _ = found[-1]
            found[-1] = (False, first, b, other, d)
        else:
            found.append((step == "equal", a, b, c, d))
    return found


def _shortened(words: list[str], *, first: bool, last: bool) -> str:
    head, tail = (0 if first else _NEAR), (0 if last else _NEAR)
    if len(words) <= head + tail + _NEAR:
        return "".join(words)
    return "".join(_around(words, head, tail))


def _around(words: list[str], head: int, tail: int) -> Iterator[str]:
    yield "".join(words[:head]).rstrip()
    yield ELLIPSIS
    yield "".join(words[len(words) - tail :]).lstrip() if tail else ""

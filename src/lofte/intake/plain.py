"""The words of an HTML message. Nothing is rendered, fetched or run; one pass, whatever stands in it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

LONGEST = 300_000
"""Characters that are read."""
_TAG = re.compile(r"(<[^<>]{0,4000}>)")
_BLANKS = re.compile(r"\s+")
_NAME = re.compile(r"<\s*(/?)\s*([a-zA-Z][a-zA-Z0-9]{0,20})")
_UNSEEN = frozenset({"script", "style", "title", "head", "template", "noscript", "svg", "object"})
_QUOTED = frozenset({"blockquote"})
_BLOCKS = "p div br li tr td th h1 h2 h3 h4 h5 h6 ul ol table hr pre section article"
_LINES = frozenset(_BLOCKS.split())
_WITHIN = "b i u em strong span a font small big sub sup mark"
_INLINE = frozenset(_WITHIN.split())
_REPLY = re.compile(r"(?:class|id)\s*=\s*[\"']?(?:gmail_quote|divRplyFwdMsg|appendonsend|moz-cite-prefix)")


def text_of(markup: str) -> str:
    """What a reader would see, without what was quoted."""
    unseen: list[str] = []
    shown: list[str] = []
    for piece in _TAG.split(_without_comments(markup[:LONGEST])):
        named = _NAME.match(piece) if piece.startswith("<") else None
        if named is None:
            if not unseen and not piece.startswith("<"):
                shown.append(_BLANKS.sub(" ", html.unescape(piece)))
            continue
        closes, name = bool(named[1]), named[2].lower()
        if not unseen and _REPLY.search(piece):
            break
        if name in _UNSEEN | _QUOTED:
            _nest(unseen, name, closes=closes)
        if not unseen:
            shown.append("\n" if name in _LINES else " " if name not in _INLINE else "")
    return "".join(_tidy(shown))


def _nest(unseen: list[str], name: str, *, closes: bool) -> None:
    """A head ends with the body even where it is not closed; what is closed but not open is nothing."""
    if not closes:
        if len(unseen) < 1000:
            unseen.append(name)
    elif name in unseen:
        while unseen.pop() != name:
            pass


def _without_comments(markup: str) -> str:
    kept, at = [], 0
    while (start := markup.find("<!--", at)) >= 0 and (end := markup.find("-->", start)) >= 0:
        kept.append(markup[at:start])
        at = end + 3
    return "".join([*kept, markup[at:]])


def _tidy(pieces: list[str]) -> Iterator[str]:
    for line in "".join(pieces).split("\n"):
        yield " ".join(line.split()) + "\n"

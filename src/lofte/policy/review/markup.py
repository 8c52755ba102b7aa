"""HTML, and other texts that know their headings, as a manuscript. No link is followed, nothing is loaded."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser

from lofte.policy.review.manuscript import Block, Kind, Manuscript
from lofte.policy.review.segment import looks_like_heading

_UNSEEN = frozenset(
    re.findall(r"\S+", "script style title noscript template svg head nav iframe select button")
)
_CUTS = frozenset(
    re.findall(
        r"\S+",
        "p div section article main header footer aside ul ol dl dt dd li table thead tbody tr "
        "caption blockquote details summary pre hr figure address form fieldset h1 h2 h3 h4 h5 h6 "
        "body",
    )
)
_VOID = frozenset(re.findall(r"\S+", "br hr img input meta link col area base embed source track wbr"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A heading, paragraph or item before it has its place in the text; `level` of a heading from 1."""

    words: str
    kind: Kind = Kind.PARAGRAPH
    level: int = 0


def build(pieces: Iterable[Piece]) -> Manuscript:
    """The manuscript of pieces in order: an empty line between them, one blank between words."""
    text, blocks = "", list[Block]()
    for piece in pieces:
        words = " ".join(piece.words.split())
        if words:
            text += "\n\n" if text else ""
            blocks.append(
                Block(start=len(text), end=len(text) + len(words), kind=piece.kind, level=piece.level)
            )
            text += words
    return Manuscript(text=text, blocks=tuple(blocks))


def manuscript(html: str) -> Manuscript:
    """The text that a reader of the page sees, with its headings and items. Never raises."""
    page = _Page()
    page.feed(html)
    page.close()
    page.cut()
    return build(page.pieces)


class _Page(HTMLParser):
    """Collects the pieces of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []
        self._words = ""
        self._kind, self._level = Kind.PARAGRAPH, 0
        self._unseen: list[str] = []
        self._link = ""
        self._strong = 0
        self._plain = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A new piece where the tag begins one."""
        given = dict(attrs)
        hidden = tag in _UNSEEN or "hidden" in given or given.get("aria-hidden") == "true"
        if self._unseen[-1:] == ["p"] and tag in _CUTS:
            self._unseen.pop()
        if self._unseen or hidden:
            if tag not in _VOID:
                self._unseen.append(tag)
            return
        if tag == "br":
            self._break()
        elif tag in _CUTS:
            self.cut()
            self._kind = (
                Kind.ITEM if tag == "li" else Kind.HEADING if re.fullmatch("h[1-6]", tag) else Kind.PARAGRAPH
            )
            self._level = int(tag[1]) if self._kind is Kind.HEADING else 0
        elif tag in ("td", "th") and self._words.strip():
            self._words += " | "
        elif tag == "a":
            self._link = given.get("href") or ""
        elif tag in ("strong", "b"):
            self._strong += 1

    def handle_endtag(self, tag: str) -> None:
        """The end of a piece where the tag ends one."""
        if self._unseen:
            if tag in self._unseen:
                del self._unseen[self._unseen.index(tag) :]
            return
        if tag in _CUTS:
            self.cut()
            self._kind, self._level = Kind.PARAGRAPH, 0
        elif tag == "a":
            if self._link.startswith(("http://", "https://")) and self._link not in self._words:
                self._words += f" ({self._link})"
            self._link = ""
        elif tag in ("strong", "b"):
            self._strong = max(0, self._strong - 1)

    def handle_data(self, data: str) -> None:
        """Words, as they are shown."""
        if not self._unseen:
            self._words += data
            self._plain = self._plain or (not self._strong and bool(data.strip()))

    def _break(self) -> None:
        """A line's end within a paragraph; after a sentence, or a second one, it is a paragraph's."""
        if self._words.endswith("\n") or re.search(r"[.!?:]\s*\Z", self._words):
            kind, level = self._kind, self._level
            self.cut()
            self._kind, self._level = kind, level
        else:
            self._words += "\n"

    def cut(self) -> None:
        """End the piece that is being read; a paragraph all in bold that looks like a heading is one."""
        words, kind = self._words.strip(), self._kind
        if words:
            if kind is Kind.PARAGRAPH and not self._plain and looks_like_heading(words):
                kind = Kind.HEADING
            self.pieces.append(Piece(words=words, kind=kind, level=self._level))
        self._words, self._plain = "", False

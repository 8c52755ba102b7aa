"""A policy in prose as it was written, cut into blocks and sentences; every offset is kept.

- A *block* is a heading, a paragraph or an item of a list: `[start, end)` of the text.
- A *sentence* knows its `plain` form, in which words are looked for: small letters, one blank
  between words, words joined that a line's end cut in two. `at[i]` is where letter i stands in the text.
- An item of a list, and what stands under a heading, also knows its `lead`: the words that it goes on from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from lofte.policy.review.plain import plain
from lofte.policy.review.splitting import sentences_in


class Kind(StrEnum):
    """What a block is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """A piece of the text; `level` of a heading from 1, 0 where nobody knows it."""

    start: int
    end: int
    kind: Kind = Kind.PARAGRAPH
    level: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A place in the text and the words that stand there: `quote == text[start:end]`."""

    start: int
    end: int
    quote: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """One sentence, the section it stands in, and whether it tells of our processing at all."""

    start: int
    end: int
    plain: str
    at: tuple[int, ...]
    section: int
    lead: str = ""
    aside: bool = False
    """A definition or an announcement: it shows nothing of what is done."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A heading, if there is one, and the sentences beneath it, up to the next heading."""

    heading: Sentence | None
    level: int
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, kw_only=True)
class Manuscript:
    """The text and its blocks, in order and without overlap."""

    text: str
    blocks: tuple[Block, ...]

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The sections in order; the first may lack a heading."""
        return tuple(_sections(self))

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Every sentence in order, headings left out."""
        return tuple(s for section in self.sections for s in section.sentences)

    @cached_property
    def words(self) -> int:
        """How many words the text has."""
        return len(re.findall(r"\w+", self.text))

    def span(self, start: int, end: int) -> Span:
        """The place without blanks at its ends."""
        quote = self.text[start:end]
        head = len(quote) - len(quote.lstrip())
        return Span(start=start + head, end=start + head + len(quote.strip()), quote=quote.strip())


_DEFINES = re.compile(
    r"^((vad (är|menas med|avses med|innebär)|what (is|are|do we mean by)) (en |ett |a |an )?(personuppgift"
    r"|personal"
    r"|cookie|kak|gdpr|the gdpr|behandling|processing|dataskyddsf)|definition|begrepp|ordlista|glossary)"
)
_DEFINITION = re.compile(
    r"^(med |by )?[\"']?(personuppgift(er)?|personlig information|en cookie|cookies?|kakor|en kaka|personal "
    r"data"
    r"|personal information|a cookie)[\"']? ((är|avses|menas|means?|is|are)\b)"
)
_ANNOUNCES = re.compile(
    r"(policy|policyn|integritetspolicyn|meddelande|information|text|sida|notice|statement|document)\b.{0,30}"
    r"\b(beskriver|förklarar|förtydligar|redogör för|describes?|explains?|sets out|tells you)\b.{0,40}"
    r"\b(hur|vilka|varför|how|what|which|why)\b"
)


def _sections(manuscript: Manuscript) -> Iterator[Section]:
    heading: Sentence | None = None
    level, number = 0, 0
    body: list[Sentence] = []
    for block in manuscript.blocks:
        if block.kind is Kind.HEADING:
            if heading or body:
                yield Section(heading=heading, level=level, sentences=tuple(body))
                number += 1
            text, at = plain(manuscript.text, block.start, block.end)
            heading = Sentence(start=block.start, end=block.end, plain=text, at=at, section=number)
            level, body = block.level, []
        else:
            lead = _lead(heading, body) if block.kind is Kind.ITEM else ""
            defines = bool(heading and _DEFINES.search(heading.plain))
            body += _told(manuscript, block, number, lead, defines)
    if heading or body:
        yield Section(heading=heading, level=level, sentences=tuple(body))


def _told(manuscript: Manuscript, block: Block, section: int, lead: str, defines: bool) -> Iterator[Sentence]:
    for start, end in sentences_in(manuscript.text, block.start, block.end):
        text, at = plain(manuscript.text, start, end)
        if text:
            defined = defines or bool(_DEFINITION.search(text) and not re.search(r"\b(vi|we|our)\b", text))
            yield Sentence(
                start=start,
                end=end,
                plain=text,
                at=at,
                section=section,
                lead=lead,
                aside=defined or bool(_ANNOUNCES.search(text)),
            )


def _lead(heading: Sentence | None, body: list[Sentence]) -> str:
    """What an item goes on from: the lead of the item before, else the sentence before, else the heading."""
    if not body:
        return heading.plain if heading else ""
    return body[-1].lead or body[-1].plain[-300:]

"""The published notice as its template wants it: sections in a tree, and facts for machines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe

from lofte.errors import Broken
from lofte.policy.document import Language, Policy
from lofte.policy.notice import notice
from lofte.policy.notice_records import Notice, Row, Section, Sentence, Table
from lofte.policy.reading import read

# Inside <script> a "<" could end the element early, whatever its type.
_UNSAFE_IN_SCRIPT = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One sentence or table row, with where it comes from and what it promises."""

    text: str
    path: str
    promises: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """A cell and the heading it stands under, which a phone shows beside it."""

    label: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TableRow:
    """A row: its heading, its cells, its source and its promises."""

    head: str
    cells: tuple[Cell, ...]
    path: str
    promises: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """A paragraph (`line`) or a table (`rows`)."""

    line: Line | None = None
    caption: str = ""
    head: tuple[str, ...] = ()
    rows: tuple[TableRow, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Chapter:
    """A section with its sub-sections."""

    id: str
    heading: str
    blocks: tuple[Block, ...]
    under: tuple[Chapter, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticePage:
    """Everything the page of the notice shows."""

    notice: Notice
    company: str
    summary: Chapter | None
    chapters: tuple[Chapter, ...]
    facts: SafeString


@lru_cache(maxsize=8)
def published_page(text: str, language: Language) -> NoticePage:
    """The page of a published text. A text never changes, so it is read and rendered once."""
    policy = read(text, "policy.yaml", Policy).document
    if policy is None:
        raise Broken("the published policy cannot be read by this version; publish it again")
    return notice_page(policy, language)


def notice_page(policy: Policy, language: Language) -> NoticePage:
    """The policy as the page shows it. The first section is the summary when it is called so."""
    said = notice(policy, language)
    chapters = _tree(said.sections)
    has_summary = bool(chapters) and chapters[0].id == "summary"
    return NoticePage(
        notice=said,
        company=policy.controller.trade_name or policy.controller.legal_name or "",
        summary=chapters[0] if has_summary else None,
        chapters=chapters[1:] if has_summary else chapters,
        facts=_facts(policy, said),
    )


def _tree(sections: Sequence[Section], parent: str | None = None) -> tuple[Chapter, ...]:
    return tuple(
        Chapter(
            id=section.id,
            heading=section.heading,
            blocks=tuple(_block(said) for said in section.sentences),
            under=_tree(sections, section.id),
        )
        for section in sections
        if section.parent == parent
    )


def _block(said: Sentence | Table) -> Block:
    if isinstance(said, Table):
        return Block(
            caption=said.caption, head=said.head, rows=tuple(_row(said.head, row) for row in said.rows)
        )
    return Block(line=Line(text=said.text, path=said.path, promises=" ".join(said.promises)))


def _row(head: tuple[str, ...], row: Row) -> TableRow:
    first, *rest = row.cells
    return TableRow(
        head=first,
        cells=tuple(Cell(label=label, text=text) for label, text in zip(head[1:], rest, strict=False)),
        path=row.path,
        promises=" ".join(row.promises),
    )


def _facts(policy: Policy, said: Notice) -> SafeString:
    """Who, which version, since when: as schema.org data, which search engines read."""
    facts = {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "name": said.title,
        "inLanguage": said.language,
        "version": said.version,
        "datePublished": said.effective_from.isoformat(),
        "dateModified": (said.updated or said.effective_from).isoformat(),
        "publisher": {"@type": "Organization", "name": policy.controller.legal_name or ""},
    }
    # Safe: every character that could leave the element has been escaped.
    return mark_safe(json.dumps(facts, ensure_ascii=False).translate(_UNSAFE_IN_SCRIPT))  # noqa: S308

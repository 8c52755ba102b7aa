"""The published notice as its template wants it: sections in a tree, and facts for machines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from lofte.notices.classified import read_version
from lofte.policy.document import Language, Policy
from lofte.policy.notice import notice
from lofte.policy.notice.records import Notice, Row, Section, Sentence, Table
from lofte.policy.reading_ease import Ease, of_notice

_SINGLE = {"meta", "controller", "dpo", "authority", "rights", "cookies", "changes"}
SUMMARY = "short"
SAID_AGAIN = "by-category"
MANY = 8
LONGEST_TERM = 60
# Inside <script> a "<" could end the element early, whatever its type.
_UNSAFE_IN_SCRIPT = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One sentence, with where it comes from and what it promises. `term` is what stands before
    its colon when it is one of several that each tell about one thing."""

    text: str
    path: str
    promises: str
    term: str = ""


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
    """A paragraph (`line`), a list (`lines`) or a table (`rows`)."""

    line: Line | None = None
    lines: tuple[Line, ...] = ()
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

    @property
    def shut(self) -> bool:
        """True if it says again what stands at length elsewhere: it opens when somebody wants it."""
        return self.id == SAID_AGAIN

    @property
    def folded(self) -> bool:
        """True if the sub-sections are so many that each is better opened by itself."""
        return len(self.under) > MANY

    @property
    def lines(self) -> tuple[Line, ...]:
        """Its sentences, one by one."""
        return tuple(each for block in self.blocks for each in (*block.lines, block.line) if each)


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticePage:
    """Everything the page of the notice shows."""

    notice: Notice
    company: str
    summary: Chapter | None
    chapters: tuple[Chapter, ...]
    facts: SafeString
    ease: Ease
    """How hard the text is to read."""


@lru_cache(maxsize=8)
def published_page(text: str, language: Language) -> NoticePage:
    """The page of a published text. A text never changes, so it is read and rendered once."""
    return notice_page(read_version(text), language)


def notice_page(policy: Policy, language: Language) -> NoticePage:
    """The policy as the page shows it. The first section is the summary when it is called so."""
    said = notice(policy, language)
    chapters = _tree(said.sections)
    has_summary = bool(chapters) and chapters[0].id == SUMMARY
    return NoticePage(
        notice=said,
        company=policy.controller.trade_name or policy.controller.legal_name or "",
        summary=chapters[0] if has_summary else None,
        chapters=chapters[1:] if has_summary else chapters,
        facts=_facts(policy, said),
        ease=of_notice(said),
    )


def _tree(sections: Sequence[Section], parent: str | None = None) -> tuple[Chapter, ...]:
    return tuple(
        Chapter(
            id=section.id,
            heading=section.heading,
            blocks=tuple(_blocks(section.sentences)),
            under=_tree(sections, section.id),
        )
        for section in sections
        if section.parent == parent
    )


def _blocks(said: Iterable[Sentence | Table]) -> Iterator[Block]:
    """Paragraphs and tables; sentences in a row that each tell about one thing become a list."""
    for kind, group in groupby(said, key=_kind):
        run = list(group)
        if kind and len(run) > 1:
            yield Block(
                lines=tuple(_line(each, term=kind == "term") for each in run if isinstance(each, Sentence))
            )
        else:
            yield from (_block(each) for each in run)


def _kind(said: Sentence | Table) -> str:
    """`term` for "Thing: what is said of it"; the family for one of several things of a kind."""
    if isinstance(said, Table):
        return ""
    if _term(said.text):
        return "term"
    family, _, rest = said.path.partition(".")
    return family if rest and "." not in rest and family not in _SINGLE else ""


def _term(text: str) -> str:
    head, colon, _ = text.partition(": ")
    return head if colon and len(head) <= LONGEST_TERM and ". " not in head else ""


def _block(said: Sentence | Table) -> Block:
    if isinstance(said, Table):
        return Block(
            caption=said.caption, head=said.head, rows=tuple(_row(said.head, row) for row in said.rows)
        )
    return Block(line=_line(said, term=False))


def _line(said: Sentence, *, term: bool) -> Line:
    head = _term(said.text) if term else ""
    return Line(
        text=said.text[len(head) + 2 :] if head else said.text,
        path=said.path,
        promises=" ".join(said.promises),
        term=head,
    )


def _row(head: tuple[str, ...], row: Row) -> TableRow:
    first, *rest = row.cells
    return TableRow(
        head=first,
        cells=tuple(Cell(label=label, text=text) for label, text in zip(head[1:], rest, strict=False)),
        path=row.path,
        promises=" ".join(row.promises),
    )


def _facts(policy: Policy, said: Notice) -> SafeString:
    """Who, which version, since when, and each section: as schema.org data, which machines read."""
    facts = {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "name": said.title,
        "inLanguage": said.language,
        "version": said.version,
        "datePublished": said.effective_from.isoformat(),
        "dateModified": (said.updated or said.effective_from).isoformat(),
        "publisher": _publisher(policy),
        "hasPart": [
            {"@type": "WebPageElement", "@id": f"#{section.id}", "name": section.heading}
            for section in said.sections
        ],
    }
    if policy.meta.url:
        facts["url"] = policy.meta.url
    if policy.meta.supersedes:
        facts["isBasedOn"] = {"@type": "CreativeWork", "version": policy.meta.supersedes}
    # Safe: every character that could leave the element has been escaped.
    return mark_safe(json.dumps(facts, ensure_ascii=False).translate(_UNSAFE_IN_SCRIPT))  # noqa: S308


def _publisher(policy: Policy) -> dict[str, Any]:
    """The controller, and how it is asked about personal data (art. 13.1 a-b)."""
    who, officer = policy.controller, policy.dpo
    told: dict[str, Any] = {
        "@type": "Organization",
        "name": who.legal_name or "",
        "alternateName": who.trade_name,
        "identifier": who.org_no,
        "address": who.contact.address,
        "email": who.contact.email,
        "telephone": who.contact.phone,
    }
    if officer.designated == "yes" and (officer.email or officer.phone):
        ways = {"email": officer.email, "telephone": officer.phone}
        point = {"@type": "ContactPoint", "contactType": "data protection officer", **ways}
        told["contactPoint"] = {key: value for key, value in point.items() if value}
    return {key: value for key, value in told.items() if value is not None}

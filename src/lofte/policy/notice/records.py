"""What a rendered notice is made of: sections, sentences, tables. Text only, no markup.

Every sentence knows the field of the policy it was made from and the promises it gives, so
that proof can go from a sentence to a row and back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from lofte.policy.document import Language, Policy, Text


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """One or a few sentences that belong together, made from the field at `path`."""

    text: str
    path: str
    promises: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A row of a table; the first cell is its heading."""

    cells: tuple[str, ...]
    path: str
    promises: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The cells, read as one line."""
        return " · ".join(cell for cell in self.cells if cell)


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A table with a caption and one heading per column."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    path: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A section; one with a `parent` is a sub-section and stands right after it."""

    id: str
    heading: str
    sentences: tuple[Sentence | Table, ...]
    parent: str | None = None

    def lines(self) -> Iterator[Sentence | Row]:
        """Everything that is said here, table rows included, in order of reading."""
        for said in self.sentences:
            if isinstance(said, Table):
                yield from said.rows
            else:
                yield said


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """The published text in one language (art. 12-14)."""

    language: Language
    title: str
    version: str
    effective_from: date
    updated: date | None
    sections: tuple[Section, ...]

    def section(self, id_: str) -> Section:
        """The section with this id. Raises KeyError."""
        for section in self.sections:
            if section.id == id_:
                return section
        raise KeyError(id_)

    def lines(self) -> Iterator[Sentence | Row]:
        """Everything that is said, in order of reading."""
        for section in self.sections:
            yield from section.lines()


@dataclass(frozen=True, kw_only=True, slots=True)
class Voice:
    """A policy being read aloud in one language."""

    policy: Policy
    language: Language

    def words(self, sv: str, en: str) -> str:
        """The one of the two that is in this language."""
        return sv if self.language == "sv" else en

    def of(self, text: Text | None, otherwise: str = "") -> str:
        """The document's own words in this language."""
        return (text.say(self.language) if text else "") or otherwise

    def say(self, sv: str, en: str, *, at: str, promises: tuple[str, ...] = ()) -> Sentence:
        """A sentence made from the field at `at`."""
        return Sentence(text=self.words(sv, en), path=at, promises=promises)

    def section(
        self, id_: str, sv: str, en: str, said: tuple[Sentence | Table, ...], parent: str | None = None
    ) -> tuple[Section, ...]:
        """A section, or none when there is nothing to say."""
        if not said:
            return ()
        return (Section(id=id_, heading=self.words(sv, en), sentences=said, parent=parent),)

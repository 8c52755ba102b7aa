"""How hard a text is to read (art. 12.1: concise, intelligible, in clear and plain language).

* Swedish by LIX: words per sentence, plus the share in percent of words of more than six letters
  (C. H. Björnsson, Läsbarhet, 1968). About 25 is a book for children, 40 a newspaper, 60 a statute.
* English by Flesch's reading ease: 206.835 - 1.015 x words per sentence - 84.6 x syllables per word
  (R. Flesch, A new readability yardstick, 1948). About 90 is easy, 60 plain, 30 hard. Syllables are
  counted as groups of vowels, without an `e` that is not heard.
* Addresses of the web and of e-mail are no words. Neither measure knows whether a text is true or
  well ordered; both see long sentences and long words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from lofte.policy.notice.records import Notice, Section, Sentence
from lofte.policy.parts import Language as Language

HARD_LIX, HARD_FLESCH = 55, 30
"""A text beyond this is hard to read: to be written anew."""
LONG_WORD = 6
FEWEST = 20
"""Words; of a shorter text the measures say nothing."""

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+")
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_END = re.compile(r"[.!?]+(?=\s|$)")
_VOWELS = re.compile(r"[aeiouy]+")
_UNHEARD = re.compile(r"(?:[^laeiouy]e|[^aeiouydt]ed|[^aeiouyscxz]es)$")


class Level(StrEnum):
    """How hard, in one word."""

    EASY = "easy"
    PLAIN = "plain"
    DEMANDING = "demanding"
    HARD = "hard"


_LIX_LEVELS = ((35, Level.EASY), (45, Level.PLAIN), (HARD_LIX, Level.DEMANDING))
_FLESCH_LEVELS = ((70, Level.EASY), (50, Level.PLAIN), (HARD_FLESCH, Level.DEMANDING))


@dataclass(frozen=True, kw_only=True, slots=True)
class Ease:
    """What was counted in a text."""

    language: Language
    words: int
    sentences: int
    long_words: int
    syllables: int
    """Of English; 0 of Swedish."""

    @property
    def measured(self) -> bool:
        """Whether the text is long enough to say anything of."""
        return self.words >= FEWEST

    @property
    def measure(self) -> str:
        """The name of the measure of this language."""
        return "LIX" if self.language == "sv" else "Flesch"

    @property
    def higher_is_harder(self) -> bool:
        """LIX grows with what is hard; Flesch with what is easy."""
        return self.language == "sv"

    @property
    def value(self) -> int:
        """LIX or Flesch's reading ease, rounded; 0 for a text without words."""
        if not self.words:
            return 0
        per_sentence = self.words / max(self.sentences, 1)
        if self.language == "sv":
            return round(per_sentence + 100 * self.long_words / self.words)
        return round(206.835 - 1.015 * per_sentence - 84.6 * self.syllables / self.words)

    @property
    def level(self) -> Level:
        """How hard the text is."""
        if self.language == "sv":
            return next((level for most, level in _LIX_LEVELS if self.value <= most), Level.HARD)
        return next((level for least, level in _FLESCH_LEVELS if self.value >= least), Level.HARD)

    @property
    def hard(self) -> bool:
        """Whether it is so hard that it ought to be written anew."""
        return self.measured and self.level is Level.HARD


def ease(lines: Iterable[str], language: Language) -> Ease:
    """The reading ease of some lines; a line ends a sentence."""
    words: list[str] = []
    sentences = 0
    for line in lines:
        plain = _ADDRESS.sub(" ", line)
        parts = [part for part in _END.split(plain) if _WORD.search(part)]
        sentences += len(parts)
        words += [word for part in parts for word in _WORD.findall(part)]
    return Ease(
        language=language,
        words=len(words),
        sentences=sentences,
        long_words=sum(len(word) > LONG_WORD for word in words),
        syllables=sum(map(syllables, words)) if language == "en" else 0,
    )


def syllables(word: str) -> int:
    """The syllables of an English word, at least one."""
    low = word.lower()
    groups = len(_VOWELS.findall(low))
    return max(groups - (1 if groups > 1 and _UNHEARD.search(low) else 0), 1)


def of_section(section: Section, language: Language) -> Ease:
    """The reading ease of a section's sentences; a table is looked up in, not read."""
    return ease((said.text for said in section.sentences if isinstance(said, Sentence)), language)


def of_notice(said: Notice) -> Ease:
    """The reading ease of the whole text."""
    sentences = (s for section in said.sections for s in section.sentences)
    return ease((s.text for s in sentences if isinstance(s, Sentence)), said.language)


def sections(said: Notice) -> Iterator[tuple[Section, Ease]]:
    """Each section that is long enough to be measured, with its reading ease."""
    for section in said.sections:
        found = of_section(section, said.language)
        if found.measured:
            yield section, found

"""Looking for signs in a manuscript: which sentences say a thing, and which say that it is not so.

- A *sign* is a set of patterns for each language. A sentence that also matches `but` is no sign.
- A definition or an announcement shows nothing; `asides` says that the sign may stand there all the same.
- A *no* before or in the words takes the sign back, unless the sign is of its own accord about a no.
- The patterns are matched against the plain form (`plain`); gaps are bounded, sentences too, so a long text
  takes time in proportion to its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from lofte.policy.parts import Language
from lofte.policy.review.manuscript import Manuscript, Sentence, Span
from lofte.policy.review.sign import Sign

MOST_SPANS = 3
RIGHTS = ("access", "rectification", "erasure", "restriction", "portability", "objection", "complaint")
"""The signs of the rights that a section may be about."""
LEAST_WORDS = 120
"""A shorter text is taken for a piece of a policy: nothing is said to be missing from it."""

State = Literal["present", "partial", "absent"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """Where a sign was found, and in which sentence."""

    span: Span
    sentence: Sentence


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """An element of art. 13 or 14: how much of it is there, and where."""

    state: State
    spans: tuple[Span, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Element:
    """What must be told: `full` says it, `part` says some of it. Signs are named; the headings of a
    section that says it are told in `topics`."""

    id: str
    article: str
    full: str
    part: str = ""
    topic: str = ""


class Reader:
    """One manuscript read in one language, for one day. Everything is found once and kept."""

    def __init__(
        self,
        manuscript: Manuscript,
        language: Language,
        on: date,
        signs: Mapping[str, Sign],
        elements: Mapping[str, Element],
        topics: Mapping[str, Sign],
        *,
        whole: bool | None = None,
    ) -> None:
        self.manuscript, self.language, self.on = manuscript, language, on
        self.signs, self.elements, self.topics = signs, elements, topics
        self.whole = manuscript.words >= LEAST_WORDS if whole is None else whole
        self._hits: dict[str, tuple[Hit, ...]] = {}
        self._found: dict[str, Found] = {}

    def hits(self, sign: str) -> tuple[Hit, ...]:
        """Every place where the text says it, in order."""
        if sign not in self._hits:
            self._hits[sign] = tuple(self._search(self.signs[sign], self.manuscript.sentences))
        return self._hits[sign]

    def spans(self, sign: str) -> tuple[Span, ...]:
        """Up to three places, in order."""
        return tuple(hit.span for hit in self.hits(sign)[:MOST_SPANS])

    def within(self, sign: str, sentences: Iterable[Sentence]) -> tuple[Hit, ...]:
        """Where these sentences say it."""
        starts = {sentence.start for sentence in sentences}
        return tuple(hit for hit in self.hits(sign) if hit.sentence.start in starts)

    def element(self, id_: str) -> Found:
        """How much of an element is there; the most telling places first chosen, then put in order."""
        if id_ not in self._found:
            self._found[id_] = self._element(self.elements[id_])
        return self._found[id_]

    def state(self, id_: str) -> State:
        """Whether an element is present, partial or absent."""
        return self.element(id_).state

    def topic(self, sentence: Sentence) -> tuple[str, ...]:
        """The topics that a heading names."""
        return tuple(
            name for name, sign in self.topics.items() if _pattern(self._words(sign)).search(sentence.plain)
        )

    def _element(self, element: Element) -> Found:
        full = [hit.span for hit in self.hits(element.full)]
        if not full and element.topic:
            full = list(self._under(element.topic))
        if full:
            return Found(state="present", spans=_telling(full))
        part = [hit.span for hit in self.hits(element.part)] if element.part else []
        return Found(state="partial" if part else "absent", spans=_telling(part))

    def _under(self, topic: str) -> Iterable[Span]:
        """The first sentence under a heading of that topic alone, if the section speaks of nothing else."""
        others = [name for name in RIGHTS if name != topic]
        for section in self.manuscript.sections:
            if section.heading and section.sentences and self.topic(section.heading) == (topic,):
                if any(self.within(other, section.sentences) for other in others):
                    continue
                body = section.sentences[0]
                yield self.manuscript.span(body.start, body.end)

    def _words(self, sign: Sign) -> str:
        return sign.sv if self.language == "sv" else sign.en

    def _search(self, sign: Sign, sentences: Iterable[Sentence]) -> Iterable[Hit]:
        words = _pattern(self._words(sign))
        but = sign.but_sv if self.language == "sv" else sign.but_en
        for sentence in sentences:
            if sentence.aside and not sign.asides:
                continue
            if but and _pattern(but).search(sentence.plain):
                continue
            span = self._first(words, sentence, takes_no=sign.no)
            if span is not None:
                yield Hit(span=span, sentence=sentence)

    def _first(self, words: re.Pattern[str], sentence: Sentence, *, takes_no: bool) -> Span | None:
        for match in words.finditer(sentence.plain):
            if match.end() > match.start() and (takes_no or not _denied(sentence.plain, match)):
                return self._span(sentence, match.start(), match.end())
        if not sentence.lead:
            return None
        joined = f"{sentence.lead} {sentence.plain}"
        skip = len(sentence.lead) + 1
        for match in words.finditer(joined):
            if match.end() > skip and (takes_no or not _denied(joined, match)):
                return self._span(sentence, max(match.start() - skip, 0), match.end() - skip)
        return None

    def _span(self, sentence: Sentence, start: int, end: int) -> Span:
        """The place of a match, stretched to whole words."""
        at, words = sentence.at, sentence.plain
        while start > 0 and words[start].isalnum() and words[start - 1].isalnum():
            start -= 1
        while end < len(words) and words[end - 1].isalnum() and words[end].isalnum():
            end += 1
        return self.manuscript.span(at[start], at[end - 1] + 1)


_NO = re.compile(
    r"\b(inte|ej|inga|inget|ingen|aldrig|icke|varken|utan att|not|never|no|none|neither|nor|don't|doesn't"
    r"|won't|cannot|isn't|aren't)\b"
    r"(?! (bara|endast|enbart|längre|only|just|merely|longer)\b)"
)
_CLAUSE = re.compile(r"[;:]|\. |\b(men|dock|utom|undantag|but|however|except|unless)\b")


def _denied(text: str, match: re.Match[str]) -> bool:
    """Whether a no stands in the words, or before them in the same clause."""
    before = text[max(0, match.start() - 60) : match.start()]
    clause = _CLAUSE.split(before)[-1] or ""
    return bool(_NO.search(clause) or _NO.search(match.group()))


def _telling(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The three that say most: a number, a law or a name before general words."""
    ranked = sorted(spans, key=lambda s: (-len(_SPECIFIC.findall(s.quote)), s.start))
    return tuple(sorted(ranked[:MOST_SPANS], key=lambda s: s.start))


_SPECIFIC = re.compile(r"\d+|\b[A-ZÅÄÖ]{2,}\b|§|@")


@lru_cache(maxsize=1024)
def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(words)

"""Which rights a message asks for, with or without words of law (art. 12.2: no form may be demanded).

Hard rules:
- What is no wish is never opened as a case; what may be one goes to a handler.
- The same text is always judged the same: phrases with weights, no chance and no clock.
- The time is bounded by the length that is read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from lofte.intake.phrasebook import Phrasebook, Phrases
from lofte.law.rights import Right

OPENS = 10
"""The weight from which a wish is one."""
LONGEST = 20_000
"""Characters that are read; a wish comes early."""
_SENTENCE = 80
"""Words that are read as one sentence."""
_BEFORE, _LEAD, _AFTER = 3, 6, 4
"""Words in which a no, another wish, and a word of the trade are looked for around a phrase."""
_PREFIX = re.compile(r"^(?:\s*(?:re|sv|vs|fwd?|vb|aw|ang)\s*:)+", re.IGNORECASE)
_ARTICLE = re.compile(r"\bart\.\s*(?=\d)", re.IGNORECASE)
_END = re.compile(r"[.!?;:]+(?=\s|$)|\n\s*\n|\n\s*(?:[-*•]|\d+[.)])\s+|[()\[\]\"”“»«]+")
_UNSEEN = frozenset({"Cf", "Mn", "Cc"})
"""Unicode's categories of what does not show, and of marks upon letters."""
_AND = frozenset({"och", "and", "samt", "men", "but", ","})


@dataclass(frozen=True, kw_only=True, slots=True)
class Recognised:
    """What a message asks for."""

    rights: tuple[Right, ...] = ()
    """Asked for without doubt."""
    perhaps: tuple[Right, ...] = ()
    """A handler looks."""
    hint: bool = False
    """It speaks of data protection, and asks for nothing that is known here."""
    language: str = "sv"

    @property
    def unsure(self) -> bool:
        """True if a handler is to look at it."""
        return bool(not self.rights and (self.perhaps or self.hint))


@dataclass(kw_only=True, slots=True)
class _Heard:
    """What was heard of one right: by group of phrases, the weight, and whether it was only hinted at."""

    firm: dict[int, int] = field(default_factory=dict)
    hinted: bool = False


def recognise(subject: str, words: str, book: Phrasebook) -> Recognised:
    """The rights that a message asks for, in the order of the law."""
    sentences = [" ".join(_words(_PREFIX.sub("", subject)))]
    sentences += _sentences(words[:LONGEST])
    heard: dict[Right, _Heard] = {}
    for sentence in filter(None, sentences):
        _listen(sentence, book, heard)
    law = any(book.law.search(sentence) for sentence in sentences)
    rights = _firm(heard, book.law_weight if law else 0)
    if rights:
        # In a message that asks for one thing by right, a hint is a wish too.
        rights |= _firm(heard, book.law_weight)
    return Recognised(
        rights=tuple(right for right in Right if right in rights),
        perhaps=tuple(right for right in Right if right in heard and right not in rights),
        hint=any(book.hints.search(sentence) for sentence in sentences),
        language=language_of(f"{subject}\n{words[:LONGEST]}", book),
    )


def language_of(text: str, book: Phrasebook) -> str:
    """`sv` or `en`; Swedish when nothing tells."""
    words = _words(text)
    told = {language: sum(word in common for word in words) for language, common in book.common.items()}
    told["sv"] += sum(letter in "åäö" for letter in text.lower())
    return "en" if told["en"] > told["sv"] else "sv"


def _firm(heard: dict[Right, _Heard], more: int) -> set[Right]:
    return {right for right, each in heard.items() if each.firm and sum(each.firm.values()) + more >= OPENS}


def _listen(sentence: str, book: Phrasebook, heard: dict[Right, _Heard]) -> None:
    doubt = bool(book.questions.search(sentence) or book.others.search(sentence))
    found: list[tuple[int, Phrases, bool]] = []
    for number, phrases in enumerate(book.wishes):
        told = [_told(sentence, match, phrases, book) for match in phrases.says.finditer(sentence)]
        firmly = [each for each in told if each is not None]
        if firmly:
            found.append((number, phrases, not doubt and any(firmly)))
    instead = frozenset[Right]().union(*(p.instead for _, p, firm in found if firm and p.weight >= OPENS))
    for number, phrases, firm in found:
        if phrases.right in instead:
            continue
        each = heard.setdefault(phrases.right, _Heard())
        if firm:
            each.firm[number] = phrases.weight
        else:
            each.hinted = True


def _told(sentence: str, match: re.Match[str], phrases: Phrases, book: Phrasebook) -> bool | None:
    """True if it is said, False if it is only hinted at, None if it is something else."""
    before, after = sentence[: match.start()].split(), sentence[match.end() :].split()
    said = match.group()
    led = " ".join([*before[-_LEAD:], said])
    follows = _clause(after[:_AFTER])
    if phrases.unless.search(" ".join([led, *follows])):
        return None
    if phrases.doubted.search(led):
        return False
    if not phrases.denied and book.no.search(" ".join([*_clause(before[-_BEFORE:][::-1])[::-1], said])):
        return False
    around = book.places.sub("", " ".join([said, *follows]))
    return phrases.weight >= 2 * OPENS or not book.trade.search(around)


def _clause(words: list[str]) -> list[str]:
    """The words up to the next `and` or comma."""
    ends = [i for i, word in enumerate(words) if word in _AND]
    return words[: ends[0]] if ends else words


def _sentences(text: str) -> Iterator[str]:
    for part in _END.split(_ARTICLE.sub("art ", text)):
        words = _words(part or "")
        for start in range(0, len(words), _SENTENCE):
            yield " ".join(words[start : start + _SENTENCE])


def _words(text: str) -> list[str]:
    """In small letters, without what does not show, a comma as a word of its own."""
    plain = unicodedata.normalize("NFKC", text).replace("’", "'").replace("´", "'")
    shown = "".join(c for c in plain if unicodedata.category(c) not in _UNSEEN or c in "\n\t\u0308")
    spaced = unicodedata.normalize("NFC", shown).casefold().replace(",", " , ")
    return [w if w == "," else w.strip("-_*'.!?:;<>/") for w in spaced.split() if w.strip("-_*'.!?:;<>/")]

"""The phrases by which a wish is recognised, made from their text (`phrases.toml`).

Each group becomes one pattern over the words of a sentence. Every repeat in it is bounded by a small
number, so that no message can make it run long.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lofte.law.rights import Right

_GAPS = {"..": r"(?: \S+){0,3}?", "...": r"(?: \S+){0,8}?"}
_WORD = r"[^\s,]+"
_TOKEN = re.compile(r"\.\.\.|\.\.|\{\w+\}|\S+")
_EDGES = {"^": r"\A", "$": r"\Z"}
_NEVER = r"(?!)"


@dataclass(frozen=True, kw_only=True, slots=True)
class Phrases:
    """A group of phrases that say a right, and how surely."""

    right: Right
    weight: int
    says: re.Pattern[str]
    denied: bool
    """A no belongs to the phrases themselves."""
    unless: re.Pattern[str]
    """What makes it another wish, when it stands in it or just before."""
    doubted: re.Pattern[str]
    """What makes it a hint, in the same place."""
    instead: frozenset[Right]
    """Rights that this one takes the place of, in the same sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Phrasebook:
    """All that a message is read by."""

    wishes: tuple[Phrases, ...]
    law: re.Pattern[str]
    law_weight: int
    hints: re.Pattern[str]
    questions: re.Pattern[str]
    others: re.Pattern[str]
    no: re.Pattern[str]
    trade: re.Pattern[str]
    places: re.Pattern[str]
    common: Mapping[str, frozenset[str]]
    """Language -> words that tell it."""


def phrasebook(text: str) -> Phrasebook:
    """The phrases that stand in this TOML. Raises KeyError for a set that is not there, ValueError for
    what is no TOML: the file is ours."""
    book = tomllib.loads(text)
    sets: Mapping[str, Sequence[str]] = book["sets"]
    made = {
        name: _pattern(book[name]["says"], sets)
        for name in ("law", "hints", "questions", "others", "no", "trade", "places")
    }
    return Phrasebook(
        wishes=tuple(_wish(each, sets) for each in book["wish"]),
        law_weight=book["law"]["weight"],
        common={language: frozenset(words.split()) for language, words in book["common"].items()},
        **made,
    )


def _wish(each: Mapping[str, Any], sets: Mapping[str, Sequence[str]]) -> Phrases:
    return Phrases(
        right=Right(each["right"]),
        weight=each["weight"],
        says=_pattern(each["says"], sets),
        denied=each.get("denied", False),
        unless=_pattern(each.get("unless", ()), sets),
        doubted=_pattern(each.get("doubted", ()), sets),
        instead=frozenset(map(Right, each.get("instead", ()))),
    )


def _pattern(phrases: Sequence[str], sets: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    if not phrases:
        return re.compile(_NEVER)
    said = "|".join(_phrase(phrase, sets) for phrase in phrases)
    return re.compile(rf"(?<!\S)(?:{said})(?!\S)")


def _phrase(phrase: str, sets: Mapping[str, Sequence[str]]) -> str:
    """Tokens with a blank between; a gap brings its own blanks, for it may be empty."""
    made = ""
    for word in _TOKEN.findall(phrase):
        if word in _GAPS:
            made += _GAPS[word]
        elif word in _EDGES:
            made += _EDGES[word]
        else:
            made += (" " if made and made != _EDGES["^"] else "") + _word(word, sets)
    return made


def _word(word: str, sets: Mapping[str, Sequence[str]]) -> str:
    if word.startswith("{"):
        return "(?:" + "|".join(_phrase(each, sets) for each in sets[word[1:-1]]) + ")"
    if word == "*":
        return _WORD
    return re.escape(word.rstrip("*")) + (r"[^\s,]*" if word.endswith("*") else "")

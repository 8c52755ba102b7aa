"""What becomes of one value, and until when a purpose needs a row: as the map and the policy say it."""

from __future__ import annotations

import copy
import re
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from tests.engine.dressing import Word
from tests.engine.reading import _canonical
from tests.engine.worlds import Pair, Row


def last_day(purpose: str, day: date | None) -> date | None:
    if day is None:
        return None
    if purpose == "books":
        return date(day.year + 7, 12, 31)
    if purpose == "deliver":
        month = day.month + 3
        return date(day.year + (month > 12), month - 12 if month > 12 else month, day.day)
    return date(day.year + 2, day.month, day.day)


def coarser(word: Word, old: Any) -> Any:
    if old is None:
        return None
    match word.coarse:
        case "year":
            return date(old.year, 1, 1)
        case "hundreds":
            # As the map says it: rounded down, whatever the sign.
            return int(old) - int(old) % 100
    return str(old)[:2]


def replaced(word: Word, row: Row) -> Any:
    if isinstance(word.replace_with, str):
        return word.replace_with.replace("{key}", "-".join(str(part) for part in row.key()))
    return word.replace_with


def hollow(document: Any, at: Sequence[str | int]) -> Any:
    """The document with null there."""
    document = copy.deepcopy(document)
    inside = document
    for step in at[:-1]:
        inside = inside[step]
    inside[at[-1]] = None
    return document


def without(text: str, pairs: Collection[Pair], mask: str) -> str:
    """The text with each of these identities, standing as a word by itself, replaced."""
    words = re.split(r"( )", text)
    for n, word in enumerate(words):
        bare = word.rstrip(".,)")
        if any(_canonical(kind, bare) == value for kind, value in pairs if kind in ("email", "personnummer")):
            words[n] = mask + word[len(bare) :]
    return "".join(words)

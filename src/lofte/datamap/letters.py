"""Letters: when two spellings of a word are the same word, and when they only look it.

Composed and decomposed forms meet, and so do the small and the capital form of an ordinary
letter. Look-alikes never do: full-width forms, ligatures, the Kelvin sign, long s, dotless i
and dotted capital I, sharp s, and characters without width stay what they are.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import product
from math import prod

MOST_SPELLINGS = 256


def composed(word: str) -> str:
    """The word with letters and their marks joined (NFC), but no sign made into a letter.

    Plain NFC turns the Kelvin sign into K and the Ångström sign into Å. They are another
    spelling of a unit, not of a person, so they are left alone.
    """
    if word.isascii() or _is_nfc(word):
        return word
    pieces: list[str] = []
    start = 0
    for at, letter in enumerate(word):
        if letter > "\u02ff" and _stands_alone(letter):
            pieces += (unicodedata.normalize("NFC", word[start:at]), letter)
            start = at + 1
    pieces.append(unicodedata.normalize("NFC", word[start:]))
    return "".join(pieces)


def small(word: str) -> str:
    """The word in small letters, where each capital has exactly one small letter and back."""
    if word.isascii():
        return word.lower()
    return "".join(map(small_letter, word))


@lru_cache(maxsize=4096)
def small_letter(letter: str) -> str:
    """The small form of an ordinary capital; anything else unchanged."""
    lowered = letter.lower()
    return lowered if len(lowered) == 1 and lowered.upper() == letter else letter


def stored_spellings(word: str, *, cases: bool) -> tuple[str, ...]:
    """Every way this composed word may stand in a database column.

    With `cases`, the column is compared as `lower(column)`, where `lower` may know all letters
    or only A-Z; without, it is compared as it stands. A word of very many letters beyond ASCII
    is spelled wholly in one way or wholly in the other.
    """
    if word.isascii():
        return (word,)
    ways = [_ways(letter, cases) for letter in word]
    if prod(map(len, ways)) <= MOST_SPELLINGS:
        return tuple("".join(choice) for choice in product(*ways))
    forms = {
        word,
        unicodedata.normalize("NFD", word),
        *(("".join(w[i % len(w)] for w in ways)) for i in range(4)),
    }
    if cases:
        forms |= {
            word.lower(),
            _ascii_small(word.upper()),
            _ascii_small(unicodedata.normalize("NFD", word.upper())),
        }
    return tuple(sorted(forms))


@lru_cache(maxsize=4096)
def _ways(letter: str, cases: bool) -> tuple[str, ...]:
    if letter.isascii():
        return (letter,)
    forms = {letter, *_taken_apart(letter)}
    if cases:
        capital = letter.upper()
        if len(capital) == 1 and small_letter(capital) == letter:
            forms |= {capital, *_taken_apart(capital)}
        # What a database's own lower() makes of a look-alike; such rows are compared again.
        forms.add(letter.lower())
        if letter == "\u0130":
            forms.add("i")
        forms = {_ascii_small(form) for form in forms}
    return tuple(sorted(forms, key=lambda form: (form != letter, form)))


def _taken_apart(letter: str) -> tuple[str, ...]:
    """The letter with its marks written apart, one mark after the other."""
    if _stands_alone(letter):
        return ()
    forms = []
    head, marks = letter, ""
    while (parts := unicodedata.decomposition(head)) and not parts.startswith("<"):
        codes = [chr(int(code, 16)) for code in parts.split()]
        if len(codes) != 2:
            break
        head, marks = codes[0], codes[1] + marks
        forms.append(head + marks)
    return tuple(forms)


def _stands_alone(letter: str) -> bool:
    """A sign that NFC would replace with something else."""
    return not _is_nfc(letter)


def _is_nfc(word: str) -> bool:
    return unicodedata.is_normalized("NFC", word)


def _ascii_small(word: str) -> str:
    return "".join(letter.lower() if letter.isascii() else letter for letter in word)

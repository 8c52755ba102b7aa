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

_DATABASE_LOWERS = {"\u0130": ("i",), "\u03c3": ("\u03c2",)}
"""Dotted capital I becomes a plain i in some databases, a capital sigma that ends a word the final
form of it in those that use ICU."""

MOST_SPELLINGS = 1024
"""Five letters such as å in every way, before and behind the @ together."""


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


def stored_spellings(word: str, *, cases: bool, most: int = MOST_SPELLINGS) -> tuple[str, ...]:
    """Every way this composed word may stand in a database column.

    With `cases`, the column is compared as `lower(column)`, where `lower` may know all letters
    or only A-Z; without, it is compared as it stands. A word with more letters beyond ASCII than
    `most` spellings allow is spelled as it is, in capitals, and with one capital in each place.
    """
    if word.isascii():
        return (word,)
    ways = [_ways(letter, cases) for letter in word]
    if prod(map(len, ways)) <= most:
        return tuple("".join(choice) for choice in product(*ways))
    written = [word]
    if cases:
        capitals = [_capital(letter) for letter in word]
        one_each = (word[:at] + capitals[at] + word[at + 1 :] for at in range(len(word)))
        written += ["".join(capitals), *one_each]
    apart = ("".join((letter, *_taken_apart(letter))[-1] for letter in form) for form in written)
    forms = (_ascii_small(form) if cases else form for form in (*written, *apart))
    return tuple(dict.fromkeys(forms))


def _capital(letter: str) -> str:
    """The capital of an ordinary small letter; anything else unchanged."""
    capital = letter.upper()
    return capital if len(capital) == 1 and small_letter(capital) == letter else letter


@lru_cache(maxsize=4096)
def _ways(letter: str, cases: bool) -> tuple[str, ...]:
    if letter.isascii():
        return (letter,)
    forms = {letter, *_taken_apart(letter)}
    if cases:
        capital = _capital(letter)
        forms |= {capital, *_taken_apart(capital)}
        # What a database's own lower() makes of a look-alike; such rows are compared again.
        forms.add(letter.lower())
        forms.update(_DATABASE_LOWERS.get(letter, ()))
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

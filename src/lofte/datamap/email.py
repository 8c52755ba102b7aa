"""E-mail addresses: one canonical form, and every way a database may hold it.

Canonical: composed letters, ordinary capitals made small, and the domain in readable letters
whether it was written so or in punycode. Nothing else is folded: an address with a blank
around it, a full-width @ or a Cyrillic a is another address.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import islice, product
from math import prod

from lofte.datamap.letters import MOST_SPELLINGS, composed, small, stored_spellings

LONGEST = 320
_FEW = 27
"""Three letters such as å in every way."""

_PLAIN = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9.-]{1,255}").fullmatch
_NEVER = re.compile(r"[\x00-\x1f\x7f-\x9f,;<>]").search


def canonical_email(raw: object) -> str | None:
    """The canonical address, or None when this is no address."""
    if isinstance(raw, str):
        if raw.isascii():
            lowered = raw.lower()
            if _PLAIN(lowered) and "xn--" not in lowered:
                return lowered
        return _canonical(raw) if len(raw) <= LONGEST else None
    if isinstance(raw, bytes):
        try:
            return canonical_email(raw.decode())
        except UnicodeDecodeError:
            return None
    return None


@lru_cache(maxsize=65536)
def _canonical(raw: str) -> str | None:
    core = raw.strip(" ")
    if _NEVER(raw):
        return None
    local, at, domain = core.rpartition("@")
    if not at or not local or not domain or not _one_word(local, domain):
        return None
    lead, trail = raw[: len(raw) - len(raw.lstrip(" "))], raw[len(raw.rstrip(" ")) :]
    labels = (_readable(label) for label in composed(small(composed(domain))).split("."))
    return f"{lead}{composed(small(composed(local)))}@{'.'.join(labels)}{trail}"


def _one_word(local: str, domain: str) -> bool:
    """One address, not a list of them and not a name with an address behind it."""
    quoted = len(local) > 2 and local[0] == local[-1] == '"'
    if any(letter.isspace() for letter in domain) or "@" in domain:
        return False
    return quoted or not ("@" in local or any(letter.isspace() for letter in local))


def _readable(label: str) -> str:
    """A punycode label in readable letters, if it says exactly what those letters would say."""
    if not label.startswith("xn--"):
        return label
    try:
        word = label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError):
        return label
    honest = (
        not word.isascii()
        and composed(small(composed(word))) == word
        and unicodedata.normalize("NFKC", word) == word
        and not any(c in ".@" or c.isspace() or unicodedata.category(c)[0] == "C" for c in word)
    )
    return word if honest and _punycode(word) == label else label


def _punycode(label: str) -> str:
    return "xn--" + label.encode("punycode").decode("ascii")


def email_spellings(value: str) -> tuple[str, ...]:
    """Every value that `lower(column)` may have in a row that holds this canonical address."""
    if value.isascii() and "xn--" not in value:
        return (value,)
    parts = _parts(value, MOST_SPELLINGS)
    if prod(map(len, parts)) > MOST_SPELLINGS:
        parts = _parts(value, _FEW)
    every = (f"{first}@{'.'.join(rest)}" for first, *rest in product(*parts))
    kept = tuple(dict.fromkeys(islice(every, MOST_SPELLINGS)))
    return kept if value in kept else (value, *kept)


def _parts(value: str, most: int) -> list[tuple[str, ...]]:
    """The spellings of what stands before the @, and of each label behind it."""
    local, _, domain = value.rpartition("@")
    parts = [stored_spellings(local, cases=True, most=most)]
    for label in domain.split("."):
        ways = stored_spellings(label, cases=True, most=most)
        if not label.isascii() and _readable(_try_punycode(label)) == label:
            ways += (_punycode(label),)
        parts.append(ways)
    return parts


def _try_punycode(label: str) -> str:
    try:
        return _punycode(label)
    except UnicodeError:
        return label

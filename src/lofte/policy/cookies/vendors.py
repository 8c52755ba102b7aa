"""Who stores and reads: each provider of the cookie table, with a short id of its own.

The ids stand in the page's markup (`data-service`) and in the visitor's cookie, which holds at most
200 bytes. So they are made from the names, and shortened only if all of them together would be too long.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping

from lofte.policy.cookies.words import KINDS

ROOM = 108
"""Bytes for what is allowed, in the cookie."""
LONGEST, SHORTEST = 24, 3
_DIGITS = string.digits + string.ascii_lowercase
_FORMS = {"ab", "as", "asa", "oy", "oyj", "inc", "llc", "ltd", "limited", "gmbh", "bv", "sa", "co", "corp"}
"""Ends of companies' names that say only what kind of company it is."""


def slug(name: str) -> str:
    """A name in small letters, digits and hyphens, without the company's form."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain)
    while len(words) > 1 and words[-1] in _FORMS:
        words.pop()
    return "-".join(words) or "x"


def ids(pairs: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
    """(purpose, provider) -> id, the same for the same pairs; as long as all of them fit in the cookie.

    Who serves several purposes has one id for each, for each is a choice of its own: `vitmossa-s` for
    statistics.
    """
    known = list(dict.fromkeys(pairs))
    for longest in range(LONGEST, SHORTEST, -1):
        found = _cut(known, longest)
        if fit(found.values()):
            return found
    return {pair: _numbered(number) for number, pair in enumerate(known, 1)}


def fit(all_of_them: Iterable[str]) -> bool:
    """Whether all of these ids, side by side, fit in the cookie."""
    return len("~".join(all_of_them)) <= ROOM


def _numbered(number: int) -> str:
    high, low = divmod(number, len(_DIGITS))
    return (_DIGITS[high] if high else "") + _DIGITS[low]


def _cut(pairs: list[tuple[str, str]], longest: int) -> dict[tuple[str, str], str]:
    # A vendor must not be called as a purpose: in the cookie both stand side by side.
    taken: set[str] = set(KINDS)
    served = Counter(provider for _, provider in pairs)
    found = {}
    for purpose, provider in pairs:
        end = f"-{purpose[0]}" if served[provider] > 1 else ""
        base = slug(provider)[: longest - len(end)].strip("-") + end
        id_, number = base, 2
        while id_ in taken:
            id_ = f"{base[: max(1, longest - len(str(number)))]}{number}"
            number += 1
        taken.add(id_)
        found[purpose, provider] = id_
    return found

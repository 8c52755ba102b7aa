"""What the second scanner looks for, and how it knows it in a text.

Its own idea of spelling, on purpose: looser than a plan's, for a plan must never take a row that
is not the person's, and a scan must never overlook one that is.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from lofte.connectors.sql.readings import long_readings, readings

SHORTEST = 4
"""A customer number or name shorter than this stands everywhere by chance; it is not looked for."""
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"), "-")
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"), None)
_FOLD = {**_DASHES, **_UNSEEN}
_DOMAIN = re.compile(r"(?:[^\W_]|[.-])+")
_DIGITS = re.compile(r"\d(?:[\d \t().+/-]{4,})\d")
_WORD = re.compile(r"[^\W_]+")
_BETWEEN = re.compile(r"[\W_]{1,3}")
_APART = " \t().+/-"
_ONLY_DIGITS = dict.fromkeys(map(ord, _APART))
_MOST_APART = 3
_LOCAL = "._+-%'"


class Known(Protocol):
    """An identity of the person, of any make."""

    @property
    def kind(self) -> str:
        """`email`, `personnummer`, `phone`, `customer_no`, `user_name`, `ip`."""
        ...

    @property
    def value(self) -> str:
        """The identity in its usual spelling."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Needles:
    """What is known of the persons. They are held in memory, and never shown."""

    emails: tuple[str, ...] = field(default=(), repr=False)
    personnummer: tuple[str, ...] = field(default=(), repr=False)
    """Twelve digits, or ten; signs between them do not matter."""
    phones: tuple[str, ...] = field(default=(), repr=False)
    """`+46…`, or as it is dialled in Sweden."""
    words: tuple[str, ...] = field(default=(), repr=False)
    """Customer numbers, user names, IP addresses: found as whole words."""
    phrases: tuple[str, ...] = field(default=(), repr=False)
    """A name, a street address: found as words that follow each other."""

    @classmethod
    def of(cls, known: Iterable[Known], phrases: Iterable[str] = ()) -> Needles:
        """The needles for these identities."""
        kinds: dict[str, list[str]] = {}
        for each in known:
            kinds.setdefault(str(each.kind), []).append(each.value)
        return cls(
            emails=tuple(kinds.get("email", ())),
            personnummer=tuple(kinds.get("personnummer", ())),
            phones=tuple(kinds.get("phone", ())),
            words=tuple(v for kind in ("customer_no", "user_name", "ip") for v in kinds.get(kind, ())),
            phrases=tuple(phrases),
        )


class Search:
    """Knows the needles in a value, whatever it is wrapped in."""

    def __init__(self, needles: Needles) -> None:
        self._domains: dict[str, frozenset[str]] = _domains(needles.emails)
        self._digits = frozenset(_person_digits(needles.personnummer)) | frozenset(
            _phone_digits(needles.phones)
        )
        self._longest = max(map(len, self._digits), default=0)
        self._lengths = frozenset(map(len, self._digits))
        words = [w for w in map(folded, needles.words) if len(w) >= SHORTEST]
        self._words = _by_first(words)
        self._numbers = frozenset(_as_number(needles))
        phrases = [tuple(_WORD.findall(folded(p))) for p in needles.phrases]
        self._phrases: dict[str, list[tuple[str, ...]]] = {}
        for phrase in phrases:
            if sum(map(len, phrase)) >= SHORTEST:
                self._phrases.setdefault(phrase[0], []).append(phrase)

    def finds(self, value: Any) -> bool:
        """Whether any needle stands in the value."""
        if isinstance(value, bool):
            return False
        if isinstance(value, int):
            return value in self._numbers
        if isinstance(value, float | Decimal):
            return bool(self._numbers) and _integral(value) in self._numbers
        if isinstance(value, memoryview | bytearray):
            value = bytes(value)
        if not isinstance(value, str | bytes):
            value = str(value)
        return any(self._stands_in(folded(text)) for text in readings(value))

    def finds_in(self, pieces: Iterator[bytes]) -> bool:
        """Whether any needle stands in a long value, which comes in pieces."""
        return any(self._stands_in(folded(text)) for text in long_readings(pieces))

    def _stands_in(self, text: str) -> bool:
        return (
            (bool(self._domains) and self._an_email(text))
            or (bool(self._digits) and self._a_number(text))
            or (bool(self._words or self._phrases) and self._a_word(text))
        )

    def _an_email(self, text: str) -> bool:
        at = text.find("@")
        while at >= 0:
            domain = _DOMAIN.match(text, at + 1)
            if domain is not None:
                locals_ = self._domains.get(domain.group().rstrip(".-"), frozenset())
                for local in locals_:
                    if text.endswith(local, 0, at) and _begins(text, at - len(local)):
                        return True
            at = text.find("@", at + 1)
        return False

    def _a_number(self, text: str) -> bool:
        return any(
            run in self._digits
            for found in _DIGITS.finditer(text)
            if self._may_hold(found.group())
            for run in self._runs(found.group())
        )

    def _may_hold(self, block: str) -> bool:
        """Whether a number stands in the digits of a block, whatever stands between them: most blocks
        are dates and amounts, and hold none."""
        digits = block.translate(_ONLY_DIGITS)
        return any(
            digits[start : start + length] in self._digits
            for length in self._lengths
            for start in range(len(digits) - length + 1)
        )

    def _runs(self, block: str) -> Iterator[str]:
        """The runs of digits in a block that begin where a number may begin and end where one may."""
        for start, letter in enumerate(block):
            if letter.isdigit() and (start == 0 or not block[start - 1].isdigit()):
                yield from self._runs_from(block, start)

    def _runs_from(self, block: str, start: int) -> Iterator[str]:
        digits, apart = [], 0
        for at in range(start, len(block)):
            letter = block[at]
            if letter in _APART:
                apart += 1
                if apart > _MOST_APART:
                    return
                continue
            apart = 0
            digits.append(letter)
            ends = at + 1 == len(block) or not block[at + 1].isdigit()
            if ends and len(digits) in self._lengths:
                yield "".join(digits)
            if len(digits) > self._longest:
                return

    def _a_word(self, text: str) -> bool:
        for found in _WORD.finditer(text):
            word, start = found.group(), found.start()
            for needle in self._words.get(word, ()):
                if text.startswith(needle, start) and _whole(text, start, start + len(needle)):
                    return True
            for phrase in self._phrases.get(word, ()):
                if _follows(text, found.end(), phrase[1:]):
                    return True
        return False


def _integral(value: float | Decimal) -> int | None:
    if not math.isfinite(value) or value != int(value):
        return None
    return int(value)


def folded(text: str) -> str:
    """A text as the needles are compared: small letters, one kind of dash, nothing unseen."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", text).translate(_FOLD).casefold()


def _domains(emails: Iterable[str]) -> dict[str, frozenset[str]]:
    """Domain, as it is spelt with all letters and with `xn--` -> the parts before the @."""
    found: dict[str, set[str]] = {}
    for email in emails:
        local, _, domain = folded(email).rpartition("@")
        if not local or not domain:
            continue
        for spelt in {domain, _with_all_letters(domain), _with_ascii(domain)}:
            found.setdefault(spelt, set()).add(local)
    return {domain: frozenset(locals_) for domain, locals_ in found.items()}


def _with_all_letters(domain: str) -> str:
    try:
        return domain.encode("ascii").decode("idna")
    except UnicodeError:
        return domain


def _with_ascii(domain: str) -> str:
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain


def _begins(text: str, at: int) -> bool:
    """Whether an address may begin here: `joanna@` and `j-anna@` are not `anna@`, `(-anna@` is."""
    if at <= 0:
        return True
    before = text[at - 1]
    if before.isalnum():
        return False
    return not (before in _LOCAL and at > 1 and text[at - 2].isalnum())


def _person_digits(numbers: Iterable[str]) -> Iterator[str]:
    for number in numbers:
        digits = "".join(c for c in number if c.isdigit())
        if len(digits) in (10, 12):
            yield digits
            yield digits[-10:]


def _phone_digits(phones: Iterable[str]) -> Iterator[str]:
    """As it may be dialled: at home with 0, from abroad with 46, 0046, or `+46 (0)`."""
    for phone in phones:
        digits = "".join(c for c in phone if c.isdigit())
        if phone.strip().startswith("+") or digits.startswith("00"):
            abroad = digits.removeprefix("00")
            if not abroad.startswith("46"):
                yield from (abroad, f"00{abroad}")
                continue
            home = abroad.removeprefix("46").removeprefix("0")
        elif digits.startswith("0"):
            home = digits[1:]
        else:
            home = digits.removeprefix("46")
        if len(home) >= 6:
            yield from (f"0{home}", f"46{home}", f"0046{home}", f"460{home}", f"00460{home}")


def _as_number(needles: Needles) -> Iterator[int]:
    """Needles as a column of numbers holds them: without their first zeros."""
    for digits in (*_person_digits(needles.personnummer), *_phone_digits(needles.phones)):
        yield int(digits)
    for word in needles.words:
        if word.isascii() and word.isdigit() and len(word) >= SHORTEST:
            yield int(word)


def _by_first(words: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word in words:
        if first := _WORD.match(word):
            found.setdefault(first.group(), []).append(word)
    return found


def _whole(text: str, start: int, end: int) -> bool:
    """Whether a word ends here, and is no part of a number with decimals."""
    if end < len(text) and (text[end].isalnum() or _goes_on(text, end, 1)):
        return False
    return not (start > 0 and _goes_on(text, start - 1, -1))


def _goes_on(text: str, at: int, step: int) -> bool:
    """`.5` after a number, or `1,` before it, at this place."""
    beyond, here = at + step, at - step
    if text[at] not in ".," or not 0 <= beyond < len(text):
        return False
    return text[beyond].isdigit() and text[here].isdigit()


def _follows(text: str, at: int, words: tuple[str, ...]) -> bool:
    for word in words:
        between = _BETWEEN.match(text, at)
        if between is None or not text.startswith(word, between.end()):
            return False
        at = between.end() + len(word)
        if at < len(text) and text[at].isalnum():
            return False
    return True

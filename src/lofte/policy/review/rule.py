"""What a rule of the review is, and how most of them look: one sign, one that is missing, two that clash.

A rule is data: a number, an article, what it demands, what is wrong and how to mend it in Swedish and
English, and `find`, which tells the places, or None where there is nothing to say. No place at all is a
fault too: what is missing stands nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lofte.fault import Severity
from lofte.policy.parts import Text
from lofte.policy.review.manuscript import Span
from lofte.policy.review.reader import Reader

Places = Sequence[Span] | None
Find = Callable[[Reader], Places]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One thing that a policy in prose may not say, or may not leave out."""

    number: str
    article: str
    severity: Severity = Severity.ERROR
    demands: str
    what: Text
    mend: Text
    find: Find


def text(sv: str, en: str) -> Text:
    """The same words in Swedish and English."""
    return Text(sv=sv, en=en)


def says(sign: str) -> Find:
    """The text says what it should not."""
    return lambda reader: reader.spans(sign) or None


def lacks(element: str, *, when: str = "") -> Find:
    """An element is absent; with `when`, only where that sign is there, and then the sign is the place."""

    def find(reader: Reader) -> Places:
        if not reader.whole or reader.state(element) != "absent":
            return None
        if when:
            return reader.spans(when) or None
        return ()

    return find


def partly(element: str) -> Find:
    """An element is there in part."""
    return lambda reader: reader.element(element).spans if reader.state(element) == "partial" else None


def without(sign: str, other: str) -> Find:
    """The one sign is there, the other that must follow is not."""

    def find(reader: Reader) -> Places:
        if not reader.whole or reader.hits(other):
            return None
        return reader.spans(sign) or None

    return find


def clash(sign: str, other: str) -> Find:
    """Two signs that cannot both be true."""

    def find(reader: Reader) -> Places:
        one, two = reader.hits(sign), reader.hits(other)
        taken = {(h.span.start, h.span.end) for h in one}
        apart = [h.span for h in two if (h.span.start, h.span.end) not in taken]
        return (one[0].span, *apart[:2]) if one and apart else None

    return find


def first(*finds: Find) -> Find:
    """The first of them that finds something."""

    def find(reader: Reader) -> Places:
        for each in finds:
            places = each(reader)
            if places is not None:
                return places
        return None

    return find

"""Finding identities in free text, and taking out those that are somebody else's (art. 15.4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date

from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity, canonical
from lofte.detect.recognizers import RECOGNIZERS, Recognizer

_PASSES = 3
"""Taking one thing out may lay bare another that it was written into."""
_DASH = re.compile(r" ?[-\u2010-\u2015\u2212] ?| ")
_NOT_PHONE = re.compile(r"[^\d+]")

DOTS = "•••••"
"""What stands where something was taken out. Always as long, so that it says nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """An identity in a text: where it stands and whose form it has."""

    start: int
    end: int
    identity: Identity


def scan_text(text: str, on: date) -> list[Span]:
    """Every e-mail address, personal number and phone number in the text, in order.

    Spans of different kinds may overlap: ten digits can be read in two ways.
    """
    found = [span for recognizer in RECOGNIZERS for span in _spans(recognizer, text, on)]
    found.sort(key=lambda s: (s.start, -s.end))
    return found


def redact(text: str, keep: Collection[Identity], on: date, house: Collection[str] = ()) -> str:
    """The text with dots in place of every identity that is not among `keep`.

    `house` lists e-mail addresses that are the company's own, as whole addresses or `@domain`.
    """
    domains = tuple(h.casefold() for h in house if h.startswith("@"))
    whole = frozenset(h.casefold() for h in house if not h.startswith("@"))

    def stays(identity: Identity) -> bool:
        if identity in keep:
            return True
        if identity.kind is not Kind.EMAIL or not house:
            return False
        return identity.value in whole or (bool(domains) and identity.value.endswith(domains))

    for _ in range(_PASSES):
        before, text = text, _redacted(text, stays, on)
        if text == before:
            break
    return text


def _redacted(text: str, stays: Callable[[Identity], bool], on: date) -> str:
    spans = scan_text(text, on)
    if not spans:
        return text
    own = [s for s in spans if stays(s.identity)]
    others = [s for s in spans if not any(o.start <= s.start and s.end <= o.end for o in own)]
    parts: list[str] = []
    at = 0
    for span in others:
        if span.end <= at:
            continue
        if span.start >= at:
            parts += (text[at : span.start], DOTS)
        at = span.end
    parts.append(text[at:])
    return "".join(parts)


def _spans(recognizer: Recognizer, text: str, on: date) -> Iterator[Span]:
    if not recognizer.needs.search(text):
        return
    for match in recognizer.pattern.finditer(text):
        start, end = match.span()
        raw = match.group()
        if recognizer.kind is Kind.EMAIL:
            start, end, raw = _trimmed(start, raw)
        else:
            raw = _DASH.sub("-", raw) if recognizer.kind is Kind.PERSONNUMMER else _NOT_PHONE.sub("", raw)
        value = canonical(recognizer.kind, raw, on)
        if value is None and recognizer.kind is Kind.EMAIL and "." in raw.partition("@")[2]:
            # An address we refuse to compare is still somebody's, and never the subject's.
            value = raw
        if value is not None:
            yield Span(start=start, end=end, identity=Identity(kind=recognizer.kind, value=value))


def _trimmed(start: int, raw: str) -> tuple[int, int, str]:
    """The address without quotes before it and the full stop that ends the sentence."""
    bare = raw.lstrip("'.~")
    start += len(raw) - len(bare)
    bare = bare.rstrip(".-_")
    return start, start + len(bare), bare.replace("%40", "@").replace("=40", "@")

"""Paths of keys in a document: `purposes.invoice.legal_basis`, `roles[0].for`.

A plain key (letters, digits, `_` and `-`) stands as it is after a dot. Any other key, with
blanks, dots or brackets in it, stands in brackets and quotes as in JSON: `fields["E-post, hem"]`.
A place in a list is its number from 0 in brackets.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

Segment = str | int

_PLAIN = re.compile(r"[^\W\d][\w-]*", re.ASCII)
_PART = re.compile(r'\.?([^\W\d][\w-]*)|\[(\d{1,9})\]|\[("(?:[^"\\]|\\.)*")\]', re.ASCII)


def join(segments: Iterable[Segment]) -> str:
    """The path as text."""
    path = ""
    for segment in segments:
        if isinstance(segment, int):
            path += f"[{segment}]"
        elif _PLAIN.fullmatch(segment):
            path += f".{segment}" if path else segment
        else:
            path += f"[{json.dumps(segment, ensure_ascii=False)}]"
    return path


def split(path: str) -> tuple[Segment, ...]:
    """The segments of a path; what cannot be read as one is a single key."""
    segments: list[Segment] = []
    at = 0
    while at < len(path):
        found = _PART.match(path, at)
        if not found:
            return (path,)
        key, number, quoted = found.groups()
        segments.append(key if key is not None else int(number) if number else _unquoted(quoted))
        at = found.end()
    return tuple(segments)


def under(path: str, ancestor: str) -> bool:
    """Whether `path` is `ancestor` or something inside it."""
    inner, outer = split(path), split(ancestor)
    return inner[: len(outer)] == outer


def _unquoted(text: str) -> str:
    try:
        return str(json.loads(text))
    except ValueError:
        return text

"""Plain data as YAML that every reader takes the same way: no aliases, tags or bare words that mean else.

Strings stand in double quotes unless they are plain words. A letter that cannot be printed is written as
its number, so that what came from a stranger cannot end a line or hide.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_WORD = re.compile(r"[a-z][a-z0-9_]*(?:[-./][a-z0-9_]+)*", re.ASCII)
_MEANS_ELSE = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_MOST = 100


def yaml_text(value: Mapping[str, Any], head: Iterable[str] = ()) -> str:
    """The data as a document, with comment lines first."""
    lines = [*(comment(line) for line in head), *_mapping(value, 0)]
    return "\n".join(lines) + "\n"


def comment(words: str) -> str:
    """One line of comment, whatever the words hold."""
    flat = "".join(letter if letter.isprintable() else " " for letter in " ".join(words.split()))
    return f"# {flat}".rstrip()


def quoted(text: str) -> str:
    """A string as a scalar."""
    if _WORD.fullmatch(text) and text not in _MEANS_ELSE:
        return text
    return printable(json.dumps(text, ensure_ascii=False))


def printable(text: str) -> str:
    """JSON on one line with every letter that cannot be printed written as its number."""
    return "".join(letter if letter.isprintable() else _number(letter) for letter in text)


def _number(letter: str) -> str:
    code = ord(letter)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _mapping(value: Mapping[str, Any], depth: int) -> Iterator[str]:
    for key, inner in value.items():
        yield from _entry(f"{'  ' * depth}{quoted(key)}:", inner, depth)


def _entry(head: str, value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, Mapping) and value:
        flow = _flow(value)
        if depth and len(head) + len(flow) < _MOST and not _deep(value):
            yield f"{head} {flow}"
        else:
            yield head
            yield from _mapping(value, depth + 1)
    elif isinstance(value, list | tuple) and value:
        flow = _flow(value)
        if len(head) + len(flow) < _MOST and not any(isinstance(v, Mapping | list | tuple) for v in value):
            yield f"{head} {flow}"
        else:
            yield head
            yield from _sequence(value, depth + 1)
    else:
        yield f"{head} {_flow(value)}"


def _sequence(values: Iterable[Any], depth: int) -> Iterator[str]:
    for value in values:
        if isinstance(value, Mapping) and value:
            lines = list(_mapping(value, depth + 1))
            indent = "  " * depth
            yield f"{indent}- {lines[0].lstrip()}"
            yield from lines[1:]
        else:
            yield f"{'  ' * depth}- {_flow(value)}"


def _deep(value: Mapping[str, Any]) -> bool:
    return any(isinstance(inner, Mapping | list | tuple) for inner in value.values())


def _flow(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{quoted(str(k))}: {_flow(v)}" for k, v in value.items()) + "}"
    return "[" + ", ".join(_flow(v) for v in value) + "]"

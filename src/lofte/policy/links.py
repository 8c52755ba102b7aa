"""Every address of the web that the policy names, and which of them answer (art. 12.1).

Text in, values out: the looking is handed in. Names that are kept for examples and tests (RFC 2606, RFC
6761) lead nowhere and are left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel

from lofte.fault import Fault, Place, Severity
from lofte.policy import keypath
from lofte.policy.document import Policy
from lofte.policy.keypath import Segment

Fetch = Callable[[str], int | None]
"""Asks an address; its status of HTTP, or None when nobody answers."""

_URL = re.compile(r"https?://[^\s,;<>\"')]+")
_RESERVED = ("example", "test", "invalid", "localhost")


def links(policy: Policy) -> Mapping[str, str]:
    """Each address with the field that names it first."""
    found: dict[str, str] = {}
    for path, text in _texts(policy, ()):
        for url in _URL.findall(text):
            host = urlsplit(url).hostname or ""
            if host.rpartition(".")[2] not in _RESERVED:
                found.setdefault(url.rstrip("."), keypath.join(path))
    return found


def dead(policy: Policy, fetch: Fetch) -> tuple[Fault, ...]:
    """The addresses that lead nowhere: P186. One that asks for a sign-in, or for patience, answers."""
    return tuple(
        Fault(
            number="P186",
            place=Place(path=path),
            what=f"{url} {'does not answer' if status is None else f'answers {status}'}",
            mend="Write the address as it is now, or take it out (art. 12.1)",
            severity=Severity.WARNING,
        )
        for url, path in links(policy).items()
        if (status := fetch(url)) is None or status in (404, 410) or status >= 500
    )


def _texts(part: Any, path: tuple[Segment, ...]) -> Iterator[tuple[tuple[Segment, ...], str]]:
    if isinstance(part, str):
        yield path, part
    elif isinstance(part, BaseModel):
        for name, field in type(part).model_fields.items():
            yield from _texts(getattr(part, name), (*path, field.alias or name))
    elif isinstance(part, dict):
        for key, value in part.items():
            yield from _texts(value, (*path, key))
    elif isinstance(part, tuple):
        for index, value in enumerate(part):
            yield from _texts(value, (*path, index))

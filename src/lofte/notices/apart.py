"""Two versions beside each other as a page shows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lofte.policy.comparing import Comparison, Piece, Read, marked


@dataclass(frozen=True, kw_only=True, slots=True)
class Apart:
    """A sentence that reads otherwise: marked by the word, or as it stood and as it stands."""

    path: str
    pieces: tuple[Piece, ...]
    gone: tuple[str, ...]
    new: tuple[str, ...]


def apart(found: Comparison, language: str) -> tuple[list[Apart], list[Apart]]:
    """The sentences of the fields that are changed; and those, in tables and lists, that read otherwise
    because of them. In this language, or in one that is there."""
    read = found.spoken(language)
    direct = {each for changed in found.changed for each in changed.read}
    return (
        [one for each in read if each in direct for one in _apart(each)],
        [one for each in read if each not in direct for one in _apart(each)],
    )


def _apart(read: Read) -> Iterator[Apart]:
    if len(read.before) != len(read.after):
        yield Apart(path=read.path, pieces=(), gone=read.before, new=read.after)
        return
    for before, after in zip(read.before, read.after, strict=True):
        yield Apart(path=read.path, pieces=marked(before, after), gone=(), new=())

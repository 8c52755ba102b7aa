"""A walk: a document whose numbered steps are the steps of a test."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_STEP = re.compile(r"^## (\d+)\. (.+)$", re.MULTILINE)


class Walk:
    """Walks a document step by step, in its order, and to its end."""

    def __init__(self, document: Path) -> None:
        self._document = document
        self._steps = [(int(n), title) for n, title in _STEP.findall(document.read_text(encoding="utf-8"))]
        self._done = 0

    def __enter__(self) -> Walk:
        assert [n for n, _ in self._steps] == list(range(1, len(self._steps) + 1))
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            assert self._done == len(self._steps), f"{self._document.name} goes on after step {self._done}"

    @contextmanager
    def step(self, number: int, title: str) -> Iterator[None]:
        """One step; the document has it, in this place, under this name."""
        assert (number, title) == self._steps[self._done]
        try:
            yield
        except BaseException as error:
            error.add_note(f"at step {number} of {self._document.name}: {title}")
            raise
        self._done += 1

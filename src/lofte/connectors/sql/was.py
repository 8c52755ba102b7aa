"""Rows as they were before an erasure, made of all that was kept of them on the way.

Hard rules:
- What stood in a column before we wrote there first is what comes back.
- A column that no longer says what we wrote is somebody else's word: from then on it is theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from lofte.connectors.sql.changed import alike
from lofte.connectors.sql.verify import key_text
from lofte.datamap.tracing import Key


class Rows(Protocol):
    """Rows of one dataset as they were; a `Kept` of the restore log."""

    @property
    def dataset(self) -> str:
        """Its id in the map."""
        ...

    @property
    def columns(self) -> tuple[str, ...]:
        """What the values are, in order."""
        ...

    @property
    def rows(self) -> tuple[tuple[Any, ...], ...]:
        """The values."""
        ...

    @property
    def changes(self) -> tuple[str, ...]:
        """The columns that were changed; () = the rows went whole."""
        ...

    @property
    def wrote(self) -> tuple[tuple[Any, ...], ...]:
        """What was written there, row by row."""
        ...


@dataclass(slots=True)
class Was:
    """A row as it was, and what we have done with it since."""

    dataset: str
    values: dict[str, Any]
    wrote: dict[str, list[Any]]
    """Column -> what we may have written there: an attempt that came to nothing is kept too."""
    whole: bool
    """In the end the row went whole."""


def gather(found: dict[Key, Was], kept: Rows, key: Sequence[str]) -> None:
    """Join what was kept later to what was kept before, by key."""
    for n, row in enumerate(kept.rows):
        values = dict(zip(kept.columns, row, strict=True))
        at = tuple(key_text(values[name]) for name in key)
        wrote = {name: [kept.wrote[n][place]] for place, name in enumerate(kept.changes)}
        if before := found.get(at):
            for name, said in before.wrote.items():
                if name in values and any(alike(values[name], each) for each in said):
                    values[name] = before.values[name]
                    wrote[name] = [*said, *wrote.get(name, ())]
        found[at] = Was(dataset=kept.dataset, values=values, wrote=wrote, whole=not kept.changes)

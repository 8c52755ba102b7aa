"""Rows as they were before an erasure, made of all that was kept of them on the way.

Hard rules:
- What stood in a column before we wrote there first is what comes back.
- A column that no longer says what we wrote is somebody else's word: from then on it is theirs. So is
  one of which nobody knows what we wrote there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
        """What was written there, row by row; () = nobody knows."""
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
    unknown: dict[str, Any] = field(default_factory=dict)
    """Columns in which we wrote nobody knows what -> what stood there before."""

    def not_back(self, now: Mapping[str, Any]) -> set[str]:
        """Of these columns, those that do not say what stood there before."""
        return {n for n, before in self.unknown.items() if n in now and not same(now[n], before)}


def same(now: Any, before: Any) -> bool:
    """Whether two values are the same, and were read in the same way."""
    return type(now) is type(before) and bool(now == before or (now != now and before != before))


def gather(found: dict[Key, Was], kept: Rows, key: Sequence[str]) -> None:
    """Join what was kept later to what was kept before, by key."""
    for n, row in enumerate(kept.rows):
        values = dict(zip(kept.columns, row, strict=True))
        at = tuple(key_text(values[name]) for name in key)
        wrote = {name: [kept.wrote[n][place]] for place, name in enumerate(kept.changes) if kept.wrote}
        unknown = {} if kept.wrote else {name: values[name] for name in kept.changes}
        if before := found.get(at):
            for name, said in before.wrote.items():
                if name in values and any(alike(values[name], each) for each in said):
                    values[name] = before.values[name]
                    wrote[name] = [*said, *wrote.get(name, ())]
            unknown |= before.unknown
        found[at] = Was(
            dataset=kept.dataset, values=values, wrote=wrote, whole=not kept.changes, unknown=unknown
        )

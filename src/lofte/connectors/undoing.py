"""What a system says when it has taken its rows back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lofte.datamap.tracing import Key


@dataclass(frozen=True, kw_only=True, slots=True)
class Since:
    """Columns of a row that somebody has written since we did, or of which nobody knows what we wrote
    there: they were left. Never the values."""

    dataset: str
    key: Key
    columns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PutBack:
    """What became of the rows that were to come back."""

    rows: Mapping[str, int]
    """Dataset -> rows in which something was put back."""
    since: tuple[Since, ...] = ()

"""The column in which a system says that a person's identity is protected (folkbokföringslagen 16 §,
offentlighets- och sekretesslagen 22 kap. 1 §)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lofte.datamap.document import DataMap, Dataset

_NOT = frozenset({"", "0", "0.0", "f", "false", "falskt", "n", "nej", "no", "none", "null"})


def columns(dataset: Dataset) -> tuple[str, ...]:
    """The columns that say it; empty = none does."""
    return tuple(name for name, field in dataset.fields.items() if field.protected)


def has_columns(datamap: DataMap) -> bool:
    """Whether any system says it."""
    return any(columns(dataset) for system in datamap.systems for dataset in system.datasets.values())


def marked(dataset: Dataset, values: Mapping[str, Any]) -> bool:
    """Whether a row of the person says that their identity is protected: anything but empty, zero or no. A
    word that nobody knows counts as yes."""
    return any(_says_so(values.get(name)) for name in columns(dataset))


def _says_so(value: Any) -> bool:
    if isinstance(value, bytes | memoryview):
        return any(bytes(value))
    return str(value if value is not None else "").strip().casefold() not in _NOT

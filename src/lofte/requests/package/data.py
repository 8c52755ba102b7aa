"""What describes the data in `data.json` and the CSV files (art. 15.3, 20.1)."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

from lofte.datamap.document import DataMap
from lofte.plan.answer import label
from lofte.plan.records import DatasetRef
from lofte.policy.document import Policy, Text
from lofte.requests.package.encode import csv_head, to_json
from lofte.requests.package.sheet import Shape

FORMAT = "lofte-registerutdrag"
VERSION = 1

_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(10))})
"""Names that one system of our time takes for devices."""


_MOST = 1000
_WRITTEN: dict[tuple[int, int, DatasetRef, tuple[str, ...]], tuple[Policy, DataMap, Head]] = {}


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """What stands before the rows of a dataset, written once."""

    file: str
    json: bytes
    csv: bytes


def head(policy: Policy, datamap: DataMap, shape: Shape) -> Head:
    """The name of a dataset's files, its description, and its column names.

    They depend on policy and map only; so they are written once for as long as these live.
    """
    key = (id(policy), id(datamap), shape.at, shape.names)
    known = _WRITTEN.get(key)
    if known is None:
        if len(_WRITTEN) >= _MOST:
            _WRITTEN.clear()
        # Policy and map are kept with it, so that no other object can come to have their id.
        known = _WRITTEN[key] = (policy, datamap, _head(policy, datamap, shape))
    return known[2]


def _head(policy: Policy, datamap: DataMap, shape: Shape) -> Head:
    described = {
        "system": shape.at.system,
        "dataset": shape.at.dataset,
        "name": as_data(shape.dataset.name),
        "fields": [_field(policy, shape, name) for name in shape.names],
    }
    return Head(
        file=file_name(datamap, shape.at),
        json=to_json(described)[:-1].encode(),
        csv=csv_head(shape.names),
    )


def file_name(datamap: DataMap, at: DatasetRef) -> str:
    """The name of a dataset's files: made by us, of letters that are safe everywhere."""
    holders = sum(at.dataset in system.datasets for system in datamap.systems)
    name = at.dataset if holders == 1 else f"{at.system}.{at.dataset}"
    return f"data-{name}" if name.split(".")[0] in _RESERVED else name


def as_data(record: Any) -> Any:
    """A record as JSON takes it: names as they stand in the code, texts in both languages."""
    if isinstance(record, Text):
        return {"sv": record.say("sv"), "en": record.say("en")}
    if is_dataclass(record) and not isinstance(record, type):
        return {f.name: as_data(getattr(record, f.name)) for f in fields(record)}
    if isinstance(record, tuple | list | frozenset):
        return [as_data(r) for r in record]
    if isinstance(record, date):
        return record.isoformat()
    return record.value if isinstance(record, Enum) else record


def _field(policy: Policy, shape: Shape, name: str) -> dict[str, Any]:
    field = shape.dataset.fields[name]
    return {
        "name": name,
        "label": as_data(label(policy, name, field)),
        "category": field.category,
        "give": field.give.value,
    }

"""What a person may correct by themselves, without a handler (art. 16): nothing that somebody is known or
reached by, and nothing that other rows or the law hold fast."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lofte.datamap.document import DataMap, Dataset, Erase, FieldMap
from lofte.datamap.paths import columns_of

Item = tuple[str, str]
"""Category and item of the policy."""
_REACHED_BY = re.compile(
    r"e.?post|e.?mail|mejl|tele(fon|phone)|phone|mobil|msisdn|adress|address|street|gata|postnummer|zip"
    r"|personn(umme)?r|pnr|ssn|birth|fodelse|födelse|konto|iban|bank",
    re.IGNORECASE,
)
"""By which a letter, a code or money reaches somebody, or by which they are known."""


def offered(datamap: DataMap) -> tuple[Item, ...]:
    """What a person corrects in the portal, in the order of the map: what it says so of, and what does no
    harm."""
    said = (_item(field) for _, _, field in _fields(datamap) if field.correct)
    return tuple(dict.fromkeys(item for item in said if item is not None and is_harmless(datamap, item)))


def is_harmless(datamap: DataMap, item: Item) -> bool:
    """Whether nobody is known or reached by the item in any of the company's own data, and nothing holds it
    fast there."""
    return not any(
        field.identity is not None
        or _REACHED_BY.search(name)
        or _REACHED_BY.search(item[1])
        or name in dataset.key
        or any(name in columns_of(path) for path in dataset.subject)
        or field.text
        or field.file
        or (field.erase is Erase.KEEP and field.law is not None)
        for dataset, name, field in _fields(datamap)
        if _item(field) == item and dataset.role == "controller"
    )


def _item(field: FieldMap) -> Item | None:
    return (field.category, field.item) if field.category and field.item else None


def _fields(datamap: DataMap) -> Iterator[tuple[Dataset, str, FieldMap]]:
    for system in datamap.systems:
        for dataset in system.datasets.values():
            for name, field in dataset.fields.items():
                yield dataset, name, field

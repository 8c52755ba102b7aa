"""The rectification plan: a new value wherever the old one stands (art. 16).

- Every dataset that holds the item for the person is named, whatever the column is called there.
- A row is changed only where it says what the person says is wrong: their other address, or another
  person's in a row of theirs, says something else and stays.
- What is missing is completed only where every row is the person.
- Accounting records, keys, links and free text stay; the plan says why. To these the person may
  add a statement, which stands with the data from then on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lofte.datamap.document import (
    ByIdentity,
    ByOwn,
    ByReference,
    DataMap,
    Dataset,
    Erase,
    FieldMap,
    Kind,
    System,
)
from lofte.datamap.identity import canonical
from lofte.errors import Refused
from lofte.plan.records import DatasetRef, Kept
from lofte.policy.document import Policy


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """What the person says is wrong or missing, and what is right. None = nothing stands there."""

    category: str
    item: str
    was: str | None
    now: str | None


class Stays(StrEnum):
    """Why a place that holds the item is not changed."""

    PROCESSOR = "28.3.e"
    LAW = "law"
    """An accounting record is corrected by another record (bokföringslagen 5 kap. 5 §)."""
    LINK = "link"
    """Other rows hang on it; it is a key."""
    TEXT = "text"
    """Free text; a handler reads it, or the person adds a statement."""
    NOT_ALONE = "not_alone"
    """Nothing stands there, and the row may be about somebody else."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A column that holds the item."""

    at: DatasetRef
    column: str
    kind: Kind | None = None
    """The kind of identity that it is, if any."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RectifyPlan:
    """Where the value is looked for and changed, and where it stays."""

    correction: Correction
    places: tuple[Place, ...]
    kept: tuple[Kept, ...]


def plan(policy: Policy, datamap: DataMap, correction: Correction) -> RectifyPlan:
    """Where this correction is carried out. Raises Refused when it says nothing, or when the policy
    knows no such item."""
    _sound(policy, correction)
    places: list[Place] = []
    kept: list[Kept] = []
    for system, id_, dataset, name, field in _holding(datamap, correction):
        at = DatasetRef(system=system.id, dataset=id_)
        stays = _stays(system, dataset, name, field, correction)
        if stays is None:
            places.append(Place(at=at, column=name, kind=field.identity))
        else:
            kept.append(Kept(at=at, fields=(name,), ground=stays.value))
    if not places and not kept:
        raise Refused("no system holds this item; look it up in the data map")
    return RectifyPlan(correction=correction, places=tuple(places), kept=tuple(kept))


def says(place: Place, there: object, value: str | None, on: date) -> bool:
    """Whether what stands there is this value: identities in any spelling, else letter by letter."""
    if there is None or value is None:
        return there is None and value is None
    if place.kind is not None:
        wanted = canonical(place.kind, value.strip(), on)
        return wanted is not None and canonical(place.kind, str(there).strip(), on) == wanted
    return str(there).strip() == value.strip()


def _sound(policy: Policy, correction: Correction) -> None:
    category = policy.categories.get(correction.category)
    if category is None or correction.item not in {item.id for item in category.items}:
        raise Refused(
            f"the policy has no item `{correction.category}.{correction.item}`; name one that it has"
        )
    if correction.was == correction.now:
        raise Refused("what was wrong and what is right are the same; there is nothing to rectify")


def _holding(
    datamap: DataMap, correction: Correction
) -> Iterator[tuple[System, str, Dataset, str, FieldMap]]:
    for system in datamap.systems:
        for id_, dataset in system.datasets.items():
            if not dataset.subject:
                continue
            for name, field in dataset.fields.items():
                if (field.category, field.item) == (correction.category, correction.item):
                    yield system, id_, dataset, name, field


def _stays(
    system: System, dataset: Dataset, name: str, field: FieldMap, correction: Correction
) -> Stays | None:
    if dataset.role == "processor":
        return Stays.PROCESSOR
    if field.erase is Erase.KEEP and field.law is not None:
        return Stays.LAW
    if name in dataset.key or name in _links(system):
        return Stays.LINK
    if field.text:
        return Stays.TEXT
    alone = all(isinstance(path, ByOwn | ByIdentity) for path in dataset.subject)
    return Stays.NOT_ALONE if correction.was is None and not alone else None


def _links(system: System) -> frozenset[str]:
    """Columns by which rows of one dataset point at another."""
    return frozenset(
        column
        for dataset in system.datasets.values()
        for path in dataset.subject
        if isinstance(path, ByReference)
        for column in (*path.columns, *path.keys)
    )

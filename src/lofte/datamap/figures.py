"""Figures that may leave the company: `statistics.yaml` in the workspace, as a document (recital 26).

    statistics: 1
    releases:
      bookings_by_month:
        name: {sv: Bokningar per månad, en: Bookings by month}
        system: guides
        dataset: bookings
        by: [{column: held_on, coarse: month}]
        recipients: [tourist_board]

What leaves is how many persons there are in each group, never a row.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from lofte.datamap.checks.case import nearest
from lofte.datamap.document import Coarse, DataMap, Dataset, FieldMap
from lofte.fault import Fault, Place
from lofte.policy import keypath
from lofte.policy.document import Policy
from lofte.policy.keypath import Segment
from lofte.policy.parts import Id, Part, Text

FILE = "statistics.yaml"


class By(Part):
    """A column that the groups are made by, and how coarse it is read."""

    column: str
    coarse: Coarse | None = None


class Figures(Part):
    """One table of figures."""

    name: Text
    system: Id
    dataset: Id
    by: Annotated[tuple[By, ...], Field(min_length=1, max_length=4)]
    recipients: tuple[Id, ...] = ()
    """Who may get it, of those that the policy tells of (`statistics.recipients`)."""


class FiguresDocument(Part):
    """`statistics.yaml`."""

    statistics: Literal[1]
    releases: dict[Id, Figures]


def check(document: FiguresDocument, policy: Policy, datamap: DataMap) -> Iterator[Fault]:
    """What is wrong with it (M301-M305). Places know the path; whoever read the file knows the line."""
    told = policy.statistics.recipients if policy.statistics else ()
    for id_, figures in document.releases.items():
        way: tuple[Segment, ...] = ("releases", id_)
        for n, recipient in enumerate(figures.recipients):
            if recipient not in told:
                what = f"the policy does not tell that `{recipient}` gets statistics"
                yield _fault("M304", (*way, "recipients", n), what, "Add it to `statistics.recipients`.")
        dataset = _dataset(datamap, figures)
        if dataset is None:
            what = f"there is no dataset `{figures.system}.{figures.dataset}`"
            known = (f"{system.id}.{name}" for system in datamap.systems for name in system.datasets)
            mend = nearest(f"{figures.system}.{figures.dataset}", known, "Name one of the data map.")
            yield _fault("M301", (*way, "dataset"), what, mend)
            continue
        if dataset.role != "controller":
            what = "the company is only processor of these data"
            yield _fault("M305", (*way, "dataset"), what, "Its customer decides of figures from them.")
        yield from _columns(policy, dataset, figures, way)


def _columns(policy: Policy, dataset: Dataset, figures: Figures, way: tuple[Segment, ...]) -> Iterator[Fault]:
    for n, by in enumerate(figures.by):
        at, field = (*way, "by", n), dataset.fields.get(by.column)
        if field is None:
            what = f"the dataset has no field `{by.column}`"
            yield _fault("M302", at, what, nearest(by.column, dataset.fields, "Name a field of it."))
        elif why := _telling(policy, dataset, by, field):
            what = f"groups by `{by.column}` would tell of persons: {why}"
            yield _fault("M303", at, what, "Group by something else, or coarser.")


def _telling(policy: Policy, dataset: Dataset, by: By, field: FieldMap) -> str:
    """Why a column is nothing to make groups by; empty = it is."""
    category = policy.categories.get(field.category) if field.category else None
    if field.identity is not None or by.column in dataset.key:
        return "it says who a row is about"
    if field.text:
        return "it is free text"
    if category is not None and (category.special or category.ground):
        return "it is of a special category, or a national number"
    return ""


def _dataset(datamap: DataMap, figures: Figures) -> Dataset | None:
    try:
        return datamap.system(figures.system).datasets.get(figures.dataset)
    except KeyError:
        return None


def _fault(number: str, way: tuple[Segment, ...], what: str, mend: str) -> Fault:
    return Fault(number=number, place=Place(path=keypath.join(way)), what=what, mend=mend)

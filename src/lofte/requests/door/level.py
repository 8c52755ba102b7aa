"""How surely a person must have shown who they are before their answer opens (art. 12.6, 32)."""

from __future__ import annotations

from collections.abc import Iterable

from lofte.execution.house import House
from lofte.law.rights import Right
from lofte.plan.delicate import Delicate, delicate
from lofte.plan.records import DatasetRef, Verb
from lofte.requests.course.search import Count
from lofte.requests.door.identify import NEEDED, Level
from lofte.requests.models import Finding


def level_of(
    house: House, right: Right | str, counts: Iterable[Count | Finding], *, statements: bool = False
) -> Level:
    """What opens a package with these rows: what is asked for the right, and the surest proof where
    something delicate lies in it, statements in the person's own words too. More than is needed is never
    asked (art. 5.1 c)."""
    return Level.PROVEN if statements or delicate_in(house, counts) else NEEDED[Right(right)]


def delicate_in(house: House, counts: Iterable[Count | Finding]) -> frozenset[Delicate]:
    """Why the surest proof is asked; empty = it is not."""
    held = (
        DatasetRef(system=each.system, dataset=each.dataset)
        for each in counts
        if each.rows and each.verb != Verb.FORWARD
    )
    return delicate(house.policy, house.datamap, held)

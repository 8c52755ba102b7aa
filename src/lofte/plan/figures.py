"""Which figures may leave: groups of at least k persons, and nothing that gives the others away (recital 26).

Hard rules:
- Counted are persons, not rows. A group of fewer than k persons is never told, nor that it exists: small
  groups are put together, and go together with the smallest of the others when they are still too few.
- No sums beside the groups: a sum less the groups would be the small one.
- Counts are rounded down to whole fives, so that two releases one day apart do not tell of one person.
- Where fewer than two groups are left, nothing leaves.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Set
from dataclasses import dataclass

from lofte.errors import Refused

Said = tuple[str | None, ...]
"""What a group has in common, column by column."""
Heads = Mapping[str, Set[Hashable]]
"""The persons of a group, by the kind of identity they are known by; one may be known by several kinds."""
ROUNDED = 5


class NotAnonymous(Refused):
    """Somebody could be told from the figures; they do not leave."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """Figures that may leave."""

    rows: tuple[tuple[Said, int], ...]
    """Each group and how many persons are in it, rounded down."""
    others: int
    """Persons in the groups that were put together, rounded down; 0 = none were."""
    together: int
    """How many groups were put together."""
    smallest: int
    """Persons in the smallest group that is told of, as they are."""


def persons(heads: Heads) -> int:
    """How many there are for certain."""
    return max((len(found) for found in heads.values()), default=0)


def table(groups: Mapping[Said, Heads], k: int) -> Table:
    """The figures of these groups, of which each has at least `k` persons. Raises NotAnonymous."""
    order = sorted(groups, key=lambda said: (persons(groups[said]), _sortable(said)))
    apart = [said for said in order if persons(groups[said]) < k]
    kept = [said for said in order if persons(groups[said]) >= k]
    while apart and persons(_union(groups, apart)) < k and kept:
        apart.append(kept.pop(0))
    told = persons(_union(groups, apart)) if apart else 0
    if len(kept) + bool(told) < 2 or (apart and told < k):
        raise NotAnonymous(
            f"fewer than two groups of at least {k} persons are left; read the columns coarser, "
            "or leave one out; nothing was handed out"
        )
    smallest = min([*(persons(groups[said]) for said in kept), *([told] if apart else [])])
    rows = tuple((said, _down(persons(groups[said]))) for said in sorted(kept, key=_sortable))
    return Table(rows=rows, others=_down(told), together=len(apart), smallest=smallest)


def _union(groups: Mapping[Said, Heads], chosen: list[Said]) -> Heads:
    found: dict[str, set[Hashable]] = {}
    for said in chosen:
        for kind, heads in groups[said].items():
            found.setdefault(kind, set()).update(heads)
    return found


def _down(count: int) -> int:
    return count - count % ROUNDED


def _sortable(said: Said) -> tuple[tuple[bool, str], ...]:
    return tuple((value is None, value or "") for value in said)

"""Where the addresses stand by which people are reached: every column that holds somebody's e-mail address
in rows that the company answers for. Addresses inside JSON and in columns that hold now this, now that, are
not among them: those people stand in other rows, too, or are reached on the site.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from lofte.datamap import protected
from lofte.datamap.document import ByIdentity, Dataset, Kind, System, When
from lofte.policy.document import Policy


@dataclass(frozen=True, kw_only=True, slots=True)
class Reached:
    """A column of addresses, in which rows, and the columns that say that an identity is protected."""

    dataset: str
    column: str
    protected: tuple[str, ...] = ()
    house: tuple[str, ...] = ()
    """The company's own people: whole addresses, or `@domain`."""
    when: When = field(default_factory=dict)


def addresses(
    system: System, policy: Policy | None = None, groups: Collection[str] | None = None
) -> Iterator[Reached]:
    """The columns of addresses of these groups of people; None = of everybody. Whose the rows are is what
    the dataset says, else what the purposes of its rows say; where neither does, they count for all."""
    for name, dataset in system.datasets.items():
        if dataset.role != "controller" or not dataset.subject:
            continue
        whose = _groups(dataset, policy)
        if groups is not None and whose and not whose & set(groups):
            continue
        for column, when in _columns(dataset).items():
            yield Reached(
                dataset=name,
                column=column,
                protected=protected.columns(dataset),
                house=_house(dataset, column),
                when={**dataset.where, **when},
            )


def is_own(reached: Reached, address: str) -> bool:
    """Whether the address is that of somebody who works here."""
    return any(address.endswith(each) if each.startswith("@") else address == each for each in reached.house)


def _groups(dataset: Dataset, policy: Policy | None) -> frozenset[str]:
    """Whose rows these are; none = nobody says."""
    if dataset.subjects is not None:
        return frozenset({dataset.subjects})
    known = policy.purposes if policy else {}
    named = [known[purpose].subjects for purpose in dataset.purposes if purpose in known]
    return frozenset() if not all(named) else frozenset(group for groups in named for group in groups)


def _columns(dataset: Dataset) -> dict[str, When]:
    """Each column with the rows in which it is an address; one that always is has no condition."""
    found: dict[str, When] = {}
    for path in dataset.subject:
        if isinstance(path, ByIdentity) and path.kind is Kind.EMAIL:
            found[path.column] = {} if path.column in found else path.when
    for name, each in dataset.fields.items():
        if each.identity is Kind.EMAIL:
            found.setdefault(name, {})
    return found


def _house(dataset: Dataset, column: str) -> tuple[str, ...]:
    author = dataset.author
    if author is None or author.column != column:
        return ()
    return tuple(str(each).casefold() for each in author.house)

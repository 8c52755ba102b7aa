"""What a check is given, and how it says what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from lofte.datamap.catalogue import Catalogue, LiveTable
from lofte.datamap.copies import as_written, copies
from lofte.datamap.document import DataMap, Dataset, FieldMap, System
from lofte.datamap.paths import table_of
from lofte.fault import Fault, Place, Severity
from lofte.policy import keypath
from lofte.policy.document import Policy
from lofte.policy.keypath import Segment

Way = tuple[Segment, ...]
Find = Callable[[str], Place]
"""From a path of keys in a document to the place where a person wrote it."""


_WARNINGS = frozenset(
    {"M016", "M017", "M019", "M020", "M106", "M110", "M114", "M115", "M117", "M206", "M207"}
)
_NOTES = frozenset({"M208", "M210", "M211"})


def severity_of(number: str) -> Severity:
    """How much a fault of this number matters, if nothing speaks for less."""
    if number in _WARNINGS:
        return Severity.WARNING
    return Severity.NOTE if number in _NOTES else Severity.ERROR


def _unknown(path: str) -> Place:
    return Place(path=path)


@dataclass(frozen=True, kw_only=True, slots=True)
class Places:
    """Where things stand: in the policy file, and in the file of each system."""

    policy: Find = _unknown
    systems: Mapping[str, Find] = field(default_factory=dict)


NOWHERE = Places()


@dataclass(frozen=True, kw_only=True, slots=True)
class At:
    """One dataset of one system."""

    system: System
    id: str
    dataset: Dataset

    @property
    def table(self) -> str:
        """The table it stands for."""
        return table_of(self.id, self.dataset)

    def fields(self) -> Iterator[tuple[str, FieldMap]]:
        """Each column and the decision about it."""
        yield from self.dataset.fields.items()


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """Everything a check may look at."""

    policy: Policy | None
    datamap: DataMap
    catalogues: Mapping[str, Catalogue]
    places: Places

    def datasets(self) -> Iterator[At]:
        """Every dataset of every system that somebody wrote down; a copy for restricted rows is
        judged with the dataset it is a copy of."""
        for system in self.datamap.systems:
            made = copies(system)
            for id_, dataset in as_written(system).items():
                if id_ not in made:
                    yield At(system=system, id=id_, dataset=dataset)

    def live(self) -> Iterator[tuple[At, Catalogue, LiveTable]]:
        """Every dataset whose table is really there."""
        for at in self.datasets():
            catalogue = self.catalogues.get(at.system.id)
            table = catalogue.table(at.table, at.dataset.schema_) if catalogue else None
            if catalogue and table:
                yield at, catalogue, table

    def place(self, system: System, way: Way) -> Place:
        """Where this path of the system's file was written."""
        return self.places.systems.get(system.id, _unknown)(keypath.join(way))

    def fault(
        self, number: str, at: At, way: Way, what: str, mend: str, severity: Severity | None = None
    ) -> Fault:
        """A fault in a dataset; `way` are the keys below it."""
        place = self.place(at.system, ("datasets", at.id, *way))
        return Fault(
            number=number, place=place, what=what, mend=mend, severity=severity or severity_of(number)
        )


Check = Callable[[Case], Iterator[Fault]]


def nearest(name: str, names: Iterable[str], otherwise: str) -> str:
    """`Did you mean …?`, or what else to do."""
    by_small = {n.casefold(): n for n in names}
    close = get_close_matches(name.casefold(), by_small, n=1, cutoff=0.6)
    return f"Did you mean `{by_small[close[0]]}`?" if close else otherwise


def columns_said(columns: Iterable[str]) -> str:
    """`a`, or `a, b`: names as people read them."""
    return f"`{', '.join(columns)}`"

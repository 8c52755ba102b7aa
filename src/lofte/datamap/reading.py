"""Reading the data map: the texts of `systems/*.yaml` in; the map and its faults out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lofte.datamap.checks.case import Find, Places
from lofte.datamap.copies import with_copies
from lofte.datamap.document import DataMap, System
from lofte.fault import Fault
from lofte.policy.document import Policy
from lofte.policy.reading import Reading, read


@dataclass(frozen=True, kw_only=True)
class MapReading:
    """The systems that could be read, the faults of those that could not, and where all stands."""

    datamap: DataMap
    faults: tuple[Fault, ...]
    readings: tuple[Reading[System], ...]

    @property
    def finders(self) -> dict[str, Find]:
        """By system, where a path of its document was written."""
        return {r.document.id: r.place for r in self.readings if r.document is not None}

    def places(self, policy: Reading[Policy] | None = None) -> Places:
        """Where things stand, for the checks."""
        if policy is None:
            return Places(systems=self.finders)
        return Places(policy=policy.place, systems=self.finders)


def read_map(texts: Mapping[str, str | bytes]) -> MapReading:
    """Read every system document, by file name, in the order of their names."""
    readings = tuple(read(texts[file], file, System) for file in sorted(texts))
    written = (reading.document for reading in readings if reading.document is not None)
    systems = tuple(with_copies(system) for system in written)
    faults = tuple(fault for reading in readings for fault in reading.faults)
    return MapReading(datamap=DataMap(systems=systems), faults=faults, readings=readings)

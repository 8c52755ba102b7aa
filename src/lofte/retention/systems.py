"""The systems that a sweep is at work in: opened once for all their datasets, and looked at anew for each.

Hard rules:
- What the database would do by itself is read again before each dataset: a trigger that came meanwhile
  is seen.
- After a failure nothing is kept: what failed may be the connection.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from lofte.connectors.protocol import Erasing
from lofte.connectors.sweeping import Renewing
from lofte.datamap.document import System
from lofte.execution.house import House
from lofte.retention.ahead import Connect, opened
from lofte.retention.held import Held


@dataclass(frozen=True, kw_only=True, slots=True)
class There:
    """One system, open, and who is held in it."""

    connector: Erasing
    held: Held


@dataclass(kw_only=True, slots=True)
class Systems:
    """The systems that are open."""

    house: House
    connect: Connect
    _open: dict[str, There] = field(default_factory=dict)

    def there(self, system: System) -> There:
        """The system, as it is now. Raises Refused when its kind cannot sweep, Unreachable."""
        found = self._open.get(system.id)
        if found is not None and isinstance(found.connector, Renewing):
            found.connector.look_anew()
            return found
        if found is not None:
            found.connector.close()
        held = Held(house=self.house, system=system)
        self._open[system.id] = found = There(connector=opened(self.connect, system), held=held)
        return found

    def close(self) -> None:
        """Give back all connections."""
        for each in self._open.values():
            each.connector.close()
        self._open.clear()


@contextmanager
def opening(house: House, connect: Connect) -> Iterator[Systems]:
    """Systems that are closed when the block ends."""
    systems = Systems(house=house, connect=connect)
    try:
        yield systems
    finally:
        systems.close()

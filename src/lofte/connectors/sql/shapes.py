"""Statements: one per dataset, for any number of persons, compiled once.

A dataset's statement is the union of its chains. Each chain joins its way to where a person is
told apart and says, with every row, what was matched (`heads`), so that `verify` can compare it
again. `writer` writes them; here is what they are, and where their names come from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect as Engine
from sqlalchemy.sql import quoted_name

from lofte.connectors.sql.dialects import Condition, Dialect
from lofte.datamap.catalogue import Catalogue, LiveColumn, LiveTable
from lofte.datamap.chains import End
from lofte.datamap.document import Dataset, Give, Kind, System, When
from lofte.errors import FaultsFound
from lofte.fault import Fault, Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """Parameters to be bound: keys of a person dataset, spellings of a kind, or needles."""

    name: str
    what: str
    live: tuple[LiveColumn, ...]
    of: str = ""
    kind: Kind | None = None
    certain: bool = True


ENDS = 4096
"""The branch column of a row says `chain * ENDS + end`: which chain, and where it ended."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Branch:
    """One way a row was found: where in the fetched row its match stands."""

    end: End
    by: str
    heads: tuple[int, ...]
    path: int = -1
    """Which of the dataset's subject paths it began with; -1 = over rows of its own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """A compiled statement. The fetched row is: `columns`, hidden columns, branch, heads."""

    dataset: str
    columns: tuple[str, ...]
    key: tuple[int, ...]
    branch_at: int
    """Where the branch column stands; -1 when there is only one branch."""
    several: bool
    """The same row may come more than once."""
    branches: Mapping[int, Branch]
    slots: tuple[Slot, ...]
    small: Compiled
    stream: Compiled


@dataclass(frozen=True, kw_only=True, slots=True)
class Compiled:
    """SQL text and the order of its parameters (None = by name)."""

    sql: str
    constants: Mapping[str, Any]
    order: tuple[str, ...] | None

    def bind(self, values: Mapping[str, Any]) -> Any:
        """The parameters as the driver wants them."""
        every = {**self.constants, **values}
        return every if self.order is None else tuple(every[name] for name in self.order)


class Shaper:
    """Builds statements for one system from its map and what its database really holds."""

    def __init__(
        self, system: System, catalogue: Catalogue, types: Mapping[Any, Any], engine: Engine
    ) -> None:
        self.system = system
        self.catalogue = catalogue
        self.types = types
        self.engine = engine
        self.dialect = Dialect(engine.name)

    # -- names: nothing reaches a statement that the catalogue does not know ----------------

    def live(self, dataset: str) -> LiveTable:
        """The dataset's table. Raises FaultsFound (X001) when it is not in the database."""
        entry = self.system.datasets[dataset]
        table = self.catalogue.table(entry.table or dataset, entry.schema_)
        if table is None:
            raise self.fault("X001", dataset, "the database has no such table")
        return table

    def column(self, dataset: str, name: str) -> LiveColumn:
        """A live column. Raises FaultsFound (X002) when the table does not have it."""
        found = self.live(dataset).column(name)
        if found is None:
            raise self.fault("X002", f"{dataset}.{name}", "the table has no such column")
        return found

    def fault(self, number: str, path: str, what: str, mend: str = "run `lofte check`") -> FaultsFound:
        """An exception with one fault about the data map."""
        place = Place(path=f"{self.system.id}.{path}")
        return FaultsFound([Fault(number=number, place=place, what=what, mend=mend)])

    def source(self, dataset: str, alias: str) -> sa.TableValuedAlias | sa.Alias | Any:
        """The dataset's table under an alias, every name quoted."""
        return self.table(self.live(dataset), alias)

    def table(self, table: LiveTable, alias: str | None) -> sa.TableValuedAlias | sa.Alias | Any:
        """A table of the catalogue, every name quoted."""
        schema = quoted_name(table.schema, quote=True) if table.schema else None
        columns = [
            sa.column(quoted_name(c.name, quote=True), self.types[table.schema, table.name, c.name])
            for c in table.columns
        ]
        named = sa.table(quoted_name(table.name, quote=True), *columns, schema=schema)
        return named.alias(alias) if alias else named

    def conditions(self, dataset: str, source: Any, when: When) -> Iterator[Condition]:
        """`when` or `where` of the map, exact."""
        for name, value in when.items():
            live = self.column(dataset, name)
            yield self.dialect.holds(source.c[name], live, value)

    # -- statements -----------------------------------------------------------------------------

    def compile(self, statement: Any) -> Compiled:
        """The statement as text."""
        compiled = statement.compile(dialect=self.engine)
        order = tuple(compiled.positiontup) if compiled.positional else None
        constants = {k: v for k, v in compiled.params.items() if v is not None}
        return Compiled(sql=str(compiled), constants=constants, order=order)


def wanted_columns(entry: Dataset) -> tuple[str, ...]:
    """The columns that leave the database: what is given or masked, and what that needs."""
    names = [name for name, field in entry.fields.items() if field.give is not Give.WITHHOLD]
    needed = [*entry.key, *(a.column for a in entry.anchors.values())]
    needed += [entry.author.column] if entry.author else []
    needed += [entry.order] if entry.order else []
    return tuple(dict.fromkeys([*names, *needed]))

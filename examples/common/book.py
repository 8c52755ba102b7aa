"""The rows as they are made, each with references to whose it is.

Nothing here is looked up afterwards: who owns a row is known when it is made, and the
expected answers are read from these references alone.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import MetaData

from examples.common.people import Mailbox, Person

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Tie:
    """Whose a row is: persons it is known to belong to, and addresses it carries."""

    of: frozenset[Person] = frozenset()
    mail: frozenset[Mailbox] = frozenset()

    def and_mail(self, *boxes: Mailbox) -> Tie:
        """The same, and whoever answers to these addresses."""
        return Tie(self.of, self.mail | frozenset(boxes))

    def and_of(self, *persons: Person) -> Tie:
        """The same, and these persons."""
        return Tie(self.of | frozenset(persons), self.mail)


NOBODY = Tie()


def tied(*persons: Person) -> Tie:
    """The row of these persons."""
    return Tie(of=frozenset(persons))


@dataclass(slots=True)
class Prose:
    """A text being written, and whose identities stand in it."""

    of: set[Person] = field(default_factory=set)
    mail: set[Mailbox] = field(default_factory=set)

    def cite(self, box: Mailbox, way: str = "") -> str:
        """The address, as it stands in the text. Addresses that two share are never cited."""
        if box.shared:
            return "min vanliga adress"
        self.mail.add(box)
        return box.spelled(way)

    def number(self, person: Person, written: str) -> str:
        """The personnummer, as it stands in the text."""
        self.of.add(person)
        return written


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it is, its key, whose it is and who is mentioned in it."""

    dataset: str
    key: Key
    tie: Tie
    prose: Prose | None = None


class Book:
    """All rows of all tables, in the order they were made."""

    def __init__(self, tables: MetaData) -> None:
        self.values: dict[str, list[dict[str, Any]]] = {table.name: [] for table in tables.sorted_tables}
        self.rows: list[Row] = []
        self._next: dict[str, int] = defaultdict(int)
        self._key = {t.name: tuple(c.name for c in t.primary_key.columns) for t in tables.sorted_tables}

    def put(
        self,
        table: str,
        tie: Tie,
        values: dict[str, Any],
        *,
        prose: Prose | None = None,
        dataset: str | None = None,
    ) -> Any:
        """Add a row; a single integer key is given here. Returns the key (alone or as a tuple)."""
        names = self._key[table]
        if len(names) == 1 and names[0] not in values:
            self._next[table] += 1
            values = {names[0]: self._next[table], **values}
        key = tuple(values[name] for name in names)
        self.values[table].append(values)
        self.rows.append(Row(dataset or table, key, tie, prose))
        return key if len(key) > 1 else key[0]

"""A whole example company in memory: all rows, everybody who may ask, and the right answers.

Nothing is looked up: whoever made a row wrote down whose it is, and the answers are read from that.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import Engine, MetaData, create_engine, insert

from examples.common.book import Book, Key, Row
from examples.common.people import Mailbox, Person, Spelled

TODAY = date(2026, 11, 20)

Progress = Callable[[int, int], None]
Keys = dict[str, set[Key]]


@dataclass(slots=True)
class Expected:
    """What an access request must find: dataset id -> primary keys."""

    certain: Keys = field(default_factory=dict)
    """Given."""
    mention: Keys = field(default_factory=dict)
    """The person is only mentioned in free text: waits for review."""
    shared: Keys = field(default_factory=dict)
    """Found only by an address that two persons share: counted, never given."""
    processor: Keys = field(default_factory=dict)
    """Passed on to the controller."""


@dataclass(kw_only=True)
class World:
    """All rows, everybody who may ask, and what each must be told."""

    TABLES: ClassVar[MetaData]
    PROCESSOR: ClassVar[frozenset[str]] = frozenset()
    """Datasets that the company keeps for its customers: a request is passed on to them."""

    LETTERS: ClassVar[tuple[str, str] | None] = None
    """The table of what people write to the company, and its column with the writer's address."""

    seed: int
    today: date
    persons: tuple[Person, ...]
    mailboxes: tuple[Mailbox, ...]
    book: Book
    _answers: dict[int, Expected] = field(default_factory=dict)

    @property
    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Table name -> rows as they are put into the database."""
        return self.book.values

    @property
    def total(self) -> int:
        """How many rows there are."""
        return len(self.book.rows)

    @property
    def ambiguous(self) -> tuple[Spelled, ...]:
        """Addresses that more than one person answers to: asked by one of these alone, nothing is given."""
        return tuple(("email", box.address) for box in self.mailboxes if box.shared)

    @property
    def alone(self) -> tuple[Person, ...]:
        """Persons with one account (with none, where the company has no accounts), whose address is theirs
        alone, and who are not protected."""
        accounts = 1 if any(p.numbers for p in self.persons) else 0
        unlike = [p for p in self.persons if not p.protected and not any(b.shared for b in p.mailboxes)]
        return tuple(p for p in unlike if len(p.numbers) == accounts)

    @property
    def well_known(self) -> tuple[Person, ...]:
        """Those of whom the company knows most kinds of things: one of them asks in the demo."""
        return self.alone

    def load(
        self, engine: Engine, *, replace: bool = True, progress: Progress | None = None, chunk: int = 2_000
    ) -> None:
        """Make the tables and put all rows in, in one transaction."""
        done = 0
        with engine.begin() as connection:
            if replace:
                self.TABLES.drop_all(connection)
            self.TABLES.create_all(connection)
            for table in self.TABLES.sorted_tables:
                rows = self.rows[table.name]
                every = {column.name: None for column in table.columns}
                for start in range(0, len(rows), chunk):
                    part = [every | row for row in rows[start : start + chunk]]
                    connection.execute(insert(table), part)
                    done += len(part)
                    if progress:
                        progress(done, self.total)


def expected(world: World, person: Person) -> Expected:
    """What this person must be told, whichever of `person.ways` they ask by."""
    if not world._answers:
        world._answers.update({one.number: Expected() for one in world.persons})
        for row in world.book.rows:
            _judge(world, row)
    return world._answers[person.number]


def _judge(world: World, row: Row) -> None:
    """Write down for everybody what this row is to them."""
    answers = world._answers
    sure = set(row.tie.of)
    perhaps: set[Person] = set()
    for box in row.tie.mail:
        (perhaps if box.shared else sure).update(box.keepers)
    named: set[Person] = set()
    if row.prose:
        named = set(row.prose.of).union(*(box.keepers for box in row.prose.mail))
    for person in sure:
        answer = answers[person.number]
        _add(answer.processor if row.dataset in world.PROCESSOR else answer.certain, row)
    for person in named - sure:
        _add(answers[person.number].mention, row)
    for person in perhaps - sure - named:
        _add(answers[person.number].shared, row)


def _add(keys: Keys, row: Row) -> None:
    keys.setdefault(row.dataset, set()).add(row.key)


def command(make_world: Callable[[int, int, date], World], file: str, of_what: str, database: str) -> None:
    """Make the database named on the command line, else `data/<database>` beside `file`."""
    parser = argparse.ArgumentParser(description=f"Make the database of {of_what}.")
    parser.add_argument("--url", help=f"SQLAlchemy URL (default: data/{database} beside this file)")
    parser.add_argument("--customers", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--today", type=date.fromisoformat, default=TODAY)
    chosen = parser.parse_args()
    url = chosen.url
    if url is None:
        folder = Path(file).resolve().parent / "data"
        folder.mkdir(exist_ok=True)
        url = f"sqlite:///{folder / database}"
    world = make_world(chosen.customers, chosen.seed, chosen.today)
    engine = create_engine(url)
    world.load(
        engine, progress=lambda done, total: print(f"\r{done:,} of {total:,} rows", end="", file=sys.stderr)
    )
    engine.dispose()
    print(f"\n{world.total:,} rows of {chosen.customers:,} customers", file=sys.stderr)

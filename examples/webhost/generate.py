"""The database of an invented Swedish web host, and the right answers about it.

    python examples/webhost/generate.py --url sqlite:///hosting.sqlite3 --customers 500

The rows are the same for the same (customers, seed, today) on SQLite, PostgreSQL and MariaDB.
`expected` knows what every person must be given, from the references the rows were made with
and never from a query.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from sqlalchemy import Engine, create_engine, insert

from examples.webhost.accounts import AccountWriter
from examples.webhost.book import Book, Key, Row
from examples.webhost.letters import LetterWriter
from examples.webhost.people import LEAST, Account, Census, Mailbox, Person, Spelled
from examples.webhost.schema import METADATA
from examples.webhost.strays import StrayWriter

TODAY = date(2026, 11, 20)
PROCESSOR = frozenset({"site_requests"})
"""Datasets that the company keeps for its customers: a request is passed on to them."""

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


@dataclass(slots=True)
class World:
    """All rows, everybody who may ask, and what each must be told."""

    customers: int
    seed: int
    today: date
    persons: tuple[Person, ...]
    accounts: tuple[Account, ...]
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

    def load(
        self, engine: Engine, *, replace: bool = True, progress: Progress | None = None, chunk: int = 2_000
    ) -> None:
        """Make the tables and put all rows in, in one transaction."""
        done = 0
        with engine.begin() as connection:
            if replace:
                METADATA.drop_all(connection)
            METADATA.create_all(connection)
            for table in METADATA.sorted_tables:
                rows = self.rows[table.name]
                every = {column.name: None for column in table.columns}
                for start in range(0, len(rows), chunk):
                    part = [every | row for row in rows[start : start + chunk]]
                    connection.execute(insert(table), part)
                    done += len(part)
                    if progress:
                        progress(done, self.total)


def make_world(customers: int = 500, seed: int = 1, today: date = TODAY) -> World:
    """The whole world in memory: the same for the same arguments, on every machine."""
    if customers < LEAST:
        raise ValueError(f"at least {LEAST} customers, so that every hard case is there")
    book, census = Book(), Census(seed, today)
    for k in range(1, customers + 1):
        census.enrol(k)
    accounts = AccountWriter(book, census)
    for account in census.accounts:
        accounts.write(account)
    letters = LetterWriter(book, census)
    letters.index_domains()
    for account in census.accounts:
        letters.write(account)
    strays = StrayWriter(book, census, letters)
    strays.write_for_accounts()
    strays.write_guests(customers // 6)
    strays.write_traps()
    strays.write_mentions()
    return World(
        customers,
        seed,
        today,
        tuple(census.persons),
        tuple(census.accounts),
        tuple(census.boxes.values()),
        book,
    )


def expected(world: World, person: Person) -> Expected:
    """What this person must be told, whichever of `person.ways` they ask by."""
    if not world._answers:
        world._answers.update({one.number: Expected() for one in world.persons})
        for row in world.book.rows:
            _judge(world._answers, row)
    return world._answers[person.number]


def _judge(answers: dict[int, Expected], row: Row) -> None:
    """Write down for everybody what this row is to them."""
    sure = set(row.tie.of)
    perhaps: set[Person] = set()
    for box in row.tie.mail:
        (perhaps if box.shared else sure).update(box.keepers)
    named: set[Person] = set()
    if row.prose:
        named = set(row.prose.of).union(*(box.keepers for box in row.prose.mail))
    for person in sure:
        answer = answers[person.number]
        _add(answer.processor if row.dataset in PROCESSOR else answer.certain, row)
    for person in named - sure:
        _add(answers[person.number].mention, row)
    for person in perhaps - sure - named:
        _add(answers[person.number].shared, row)


def _add(keys: Keys, row: Row) -> None:
    keys.setdefault(row.dataset, set()).add(row.key)


def main() -> None:
    """Make the database named on the command line."""
    parser = argparse.ArgumentParser(description="Make the database of an invented web host.")
    parser.add_argument("--url", help="SQLAlchemy URL (default: data/hosting.sqlite3 beside this file)")
    parser.add_argument("--customers", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--today", type=date.fromisoformat, default=TODAY)
    chosen = parser.parse_args()
    url = chosen.url
    if url is None:
        folder = Path(__file__).resolve().parent / "data"
        folder.mkdir(exist_ok=True)
        url = f"sqlite:///{folder / 'hosting.sqlite3'}"
    world = make_world(chosen.customers, chosen.seed, chosen.today)
    engine = create_engine(url)
    world.load(
        engine, progress=lambda done, total: print(f"\r{done:,} of {total:,} rows", end="", file=sys.stderr)
    )
    engine.dispose()
    print(f"\n{world.total:,} rows of {world.customers:,} customers", file=sys.stderr)


if __name__ == "__main__":
    main()

"""The database of an invented Swedish web host, and the right answers about it.

    python examples/webhost/generate.py --url sqlite:///hosting.sqlite3 --customers 500

The rows are the same for the same (customers, seed, today) on SQLite, PostgreSQL and MariaDB.
`expected` knows what every person must be given, from the references the rows were made with
and never from a query.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from sqlalchemy import MetaData

from examples.common import world as common
from examples.common.book import Book
from examples.common.world import TODAY as TODAY
from examples.common.world import command
from examples.common.world import expected as expected
from examples.webhost.accounts import AccountWriter
from examples.webhost.letters import LetterWriter
from examples.webhost.people import LEAST, Account, Census, Person
from examples.webhost.schema import METADATA
from examples.webhost.strays import StrayWriter

PROCESSOR = frozenset({"site_requests"})
"""Datasets that the company keeps for its customers: a request is passed on to them."""


@dataclass(kw_only=True)
class World(common.World):
    """The web host with its accounts."""

    TABLES: ClassVar[MetaData] = METADATA
    PROCESSOR: ClassVar[frozenset[str]] = PROCESSOR
    LETTERS: ClassVar[tuple[str, str] | None] = ("tickets", "requester_email")

    customers: int
    persons: tuple[Person, ...]
    accounts: tuple[Account, ...]

    @property
    def alone(self) -> tuple[Person, ...]:
        """Private persons with one account."""
        alone = set(super().alone)
        return tuple(p for p in self.persons if p in alone and p.personnummer)

    @property
    def well_known(self) -> tuple[Person, ...]:
        """Private persons with two accounts."""
        return tuple(p for p in self.persons if p.personnummer and len(p.numbers) == 2 and not p.protected)


def make_world(customers: int = 500, seed: int = 1, today: date = TODAY) -> World:
    """The whole world in memory: the same for the same arguments, on every machine."""
    if customers < LEAST:
        raise ValueError(f"at least {LEAST} customers, so that every hard case is there")
    book, census = Book(METADATA), Census(seed, today)
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
        customers=customers,
        seed=seed,
        today=today,
        persons=tuple(census.persons),
        accounts=tuple(census.accounts),
        mailboxes=tuple(census.boxes.values()),
        book=book,
    )


if __name__ == "__main__":
    command(make_world, __file__, "an invented web host", "hosting.sqlite3")

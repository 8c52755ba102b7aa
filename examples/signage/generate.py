"""The database of an invented Swedish signage company, and the right answers about it.

    python examples/signage/generate.py --url sqlite:///signage.sqlite3 --customers 500

The rows are the same for the same (people, seed, today). `expected` knows what every person must
be given, from the references the rows were made with and never from a query.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import ClassVar

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from sqlalchemy import MetaData

from examples.common import world as common
from examples.common.book import Book
from examples.common.people import Register
from examples.common.world import TODAY as TODAY
from examples.common.world import command
from examples.common.world import expected as expected
from examples.signage.letters import LetterWriter
from examples.signage.people import CAST, LEAST, Customer, Maker
from examples.signage.schema import METADATA
from examples.signage.traces import TraceWriter

PROCESSOR = frozenset({"campaign_entries"})
"""What the company's customers collect on their screens."""


@dataclass(kw_only=True)
class World(common.World):
    """The signage company with its customers."""

    TABLES: ClassVar[MetaData] = METADATA
    PROCESSOR: ClassVar[frozenset[str]] = PROCESSOR
    LETTERS: ClassVar[tuple[str, str] | None] = ("tickets", "requester_email")

    customers: tuple[Customer, ...]


def make_world(customers: int = 500, seed: int = 1, today: date = TODAY) -> World:
    """The whole world in memory, with `customers` people who sign in: the same for the same arguments."""
    if customers < LEAST:
        raise ValueError(f"at least {LEAST} people, so that every hard case is there")
    book, census = Book(METADATA), Register(seed, today)
    maker, made, dice = Maker(book, census), 0, Random(f"{seed}:sizes")
    while made < customers:
        size = dice.choice((1, 2, 3, 3, 4, 6))
        size = 2 if made + 1 == 4 else 1 if made + 1 in CAST else size
        maker.customer(len(maker.customers) + 1, made + 1, min(size, customers - made))
        made += min(size, customers - made)
    traces, letters = TraceWriter(book, census), LetterWriter(book, census)
    for customer in maker.customers:
        traces.write(customer)
    for customer in maker.customers:
        letters.write(customer)
    letters.strangers(customers // 12)
    letters.visitors(maker.customers)
    letters.traps()
    return World(
        seed=seed,
        today=today,
        persons=tuple(census.persons),
        mailboxes=tuple(census.boxes.values()),
        book=book,
        customers=tuple(maker.customers),
    )


if __name__ == "__main__":
    command(make_world, __file__, "an invented signage company", "signage.sqlite3")

"""The database of an invented Swedish site for guided walks, and the right answers about it.

    python examples/guides/generate.py --url sqlite:///guides.sqlite3 --customers 500

The rows are the same for the same (members, seed, today). `expected` knows what every person must
be given, from the references the rows were made with and never from a query.
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
from examples.common.people import Person, Register
from examples.common.world import TODAY as TODAY
from examples.common.world import command
from examples.common.world import expected as expected
from examples.guides.bookings import BookingWriter
from examples.guides.letters import LetterWriter
from examples.guides.people import GUIDES, LEAST, Guide, Maker, Member
from examples.guides.schema import METADATA


@dataclass(kw_only=True)
class World(common.World):
    """The guide site with its members."""

    TABLES: ClassVar[MetaData] = METADATA
    LETTERS: ClassVar[tuple[str, str] | None] = ("mails", "from_email")

    members: tuple[Member, ...]
    guides: tuple[Guide, ...]

    @property
    def well_known(self) -> tuple[Person, ...]:
        """Members with two accounts."""
        return tuple(p for p in self.persons if len(p.numbers) == 2)


def make_world(customers: int = 500, seed: int = 1, today: date = TODAY) -> World:
    """The whole world in memory, with so many members: the same for the same arguments."""
    if customers < LEAST:
        raise ValueError(f"at least {LEAST} members, so that every hard case is there")
    book, census = Book(METADATA), Register(seed, today)
    maker = Maker(book, census)
    for k in range(1, customers + 1):
        maker.member(k)
    for k in GUIDES:
        maker.guide(k)
    for k in (1, 30):
        maker.old_guide(k)
    bookings, letters = BookingWriter(book, census), LetterWriter(book, census)
    bookings.walks(maker.guides)
    for member in maker.members:
        bookings.write(member)
    bookings.without_account(customers // 6)
    for member in maker.members:
        letters.write(member, maker.members)
    letters.strangers(customers // 10)
    letters.traps()
    return World(
        seed=seed,
        today=today,
        persons=tuple(census.persons),
        mailboxes=tuple(census.boxes.values()),
        book=book,
        members=tuple(maker.members),
        guides=tuple(maker.guides),
    )


if __name__ == "__main__":
    command(make_world, __file__, "an invented site for guided walks", "guides.sqlite3")

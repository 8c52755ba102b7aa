"""Invented people, the addresses they answer to, and numbers that belong to nobody."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from examples.common import words

Spelled = tuple[str, str]
"""A kind of identity and the way somebody writes it."""


@dataclass(eq=False, slots=True)
class Mailbox:
    """One e-mail address, whatever way it is written, and the persons who answer to it."""

    address: str
    keepers: list[Person] = field(default_factory=list)

    @property
    def shared(self) -> bool:
        """Two persons answer to it, so it says nothing about who is asking."""
        return len(self.keepers) > 1

    def spelled(self, way: str) -> str:
        """The same address as somebody else may write it."""
        local, _, host = self.address.partition("@")
        if way == "capitals":
            return self.address.title()
        if way == "upper":
            return self.address.upper()
        if way == "decomposed":
            return unicodedata.normalize("NFD", self.address)
        if way == "punycode":
            return f"{local}@{host.encode('idna').decode()}"
        return self.address


@dataclass(eq=False, slots=True)
class Person:
    """Somebody who may ask what is held about them."""

    number: int
    name: str
    phone: str
    street: str
    postcode: str
    city: str
    personnummer: str | None = None
    """Twelve digits."""
    protected: bool = False
    mailboxes: list[Mailbox] = field(default_factory=list)
    numbers: list[Spelled] = field(default_factory=list)
    """Customer numbers and the like: identities given by the company."""

    @property
    def first(self) -> str:
        """What they are called in a letter."""
        return self.name.split()[0]

    @property
    def address(self) -> str:
        """The postal address on one line."""
        return f"{self.street}, {self.postcode} {self.city}"

    @property
    def mailbox(self) -> Mailbox:
        """The address they use first."""
        return self.mailboxes[0]

    @property
    def ways(self) -> tuple[tuple[Spelled, ...], ...]:
        """Ways to ask that must all give the same answer; the last is everything at once."""
        mails = [("email", spelling) for box in self.mailboxes if not box.shared for spelling in _asked(box)]
        pnr = [("personnummer", s) for s in spellings(self.personnummer)] if self.personnummer else []
        every = (*mails, *self.numbers, *pnr)
        return (*((one,) for one in every), (*mails[:1], *self.numbers, *pnr[:1]))

    @property
    def identities(self) -> tuple[Spelled, ...]:
        """Everything they can show at once that is theirs alone."""
        return self.ways[-1]


class Register:
    """Makes persons one by one and remembers who answers to which address."""

    def __init__(self, seed: int, today: date) -> None:
        self.seed, self.today = seed, today
        self.persons: list[Person] = []
        self.boxes: dict[str, Mailbox] = {}

    def box(self, address: str, keeper: Person | None = None) -> Mailbox:
        """The mailbox with this address; `keeper` answers to it."""
        box = self.boxes.setdefault(address, Mailbox(address))
        if keeper is not None and keeper not in box.keepers:
            box.keepers.append(keeper)
            keeper.mailboxes.append(box)
        return box

    def person(self, name: str, dice: Random, address: str | None = None, **more: object) -> Person:
        """Somebody new; `address` is an e-mail address they answer to."""
        made = Person(len(self.persons), name, **home(dice), **more)  # type: ignore[arg-type]
        self.persons.append(made)
        if address is not None:
            self.box(address, made)
        return made

    def strangers(self, count: int, mark: str) -> Iterator[tuple[int, Person, Random]]:
        """People who are known by an address alone, each with dice of their own; some of the first type
        harmful names."""
        for number in range(count):
            dice = Random(f"{self.seed}:stranger:{number}")
            harmful = number < len(words.HOSTILE) and number % 2 == 0
            name = words.HOSTILE[number] if harmful else full_name(dice)
            local = f"{plain(full_name(dice).replace(' ', '.'))}.{mark}{number}"
            yield number, self.person(name, dice, f"{local}@{dice.choice(words.MAIL_HOSTS)}"), dice


def home(dice: Random) -> dict[str, str]:
    """Where somebody lives and the number they answer."""
    postcode, city = dice.choice(words.CITIES)
    street = f"{dice.choice(words.STREETS)} {dice.randint(1, 90)}"
    return {"postcode": postcode, "city": city, "street": street, "phone": phone(dice)}


def full_name(dice: Random) -> str:
    """A first and a last name."""
    return f"{dice.choice(words.FIRST)} {dice.choice(words.LAST)}"


def _asked(box: Mailbox) -> tuple[str, ...]:
    plain = box.address
    return (plain, plain.upper()) if plain.upper().lower() == plain else (plain,)


def check_digit(nine: str) -> str:
    """The last digit of a personnummer (the mod 10 rule)."""
    total = 0
    for position, digit in enumerate(nine):
        product = int(digit) * (2 - position % 2)
        total += product // 10 + product % 10
    return str(-total % 10)


def personnummer(number: int, *, coordination: bool = False) -> str:
    """Twelve digits for person `number`, with birth numbers of the Tax Agency's test series."""
    days = 28_000
    born = date(1931, 1, 1) + timedelta(days=number * 7_919 % days)
    series = (238, 239, 980, 981)[number // days % 4]
    day = born.day + (60 if coordination else 0)
    nine = f"{born:%y%m}{day:02d}{series:03d}"
    return f"{born.year // 100}{nine}{check_digit(nine)}"


def org_no(number: int) -> str:
    """The registration number of an invented company, ten digits without a hyphen."""
    nine = f"556{number:06d}"[:9]
    return nine + check_digit(nine)


def spellings(pnr: str) -> tuple[str, str, str, str]:
    """The four ways people write it (nobody here has turned a hundred)."""
    return (f"{pnr[:8]}-{pnr[8:]}", f"{pnr[2:8]}-{pnr[8:]}", pnr, pnr[2:])


def phone(dice: Random) -> str:
    """A number of the series kept for fiction."""
    series, low, high = dice.choice(
        (("070-174 06 {:02d}", 5, 99), ("031-390 06 {:02d}", 5, 49), ("040-628 04 {:02d}", 0, 99))
    )
    return series.format(dice.randint(low, high))


def ip(dice: Random) -> str:
    """An address of the ranges kept for documentation."""
    if dice.random() < 0.3:
        return f"2001:db8:{dice.randrange(65536):x}::{dice.randrange(1, 256):x}"
    return dice.choice(("192.0.2.", "198.51.100.", "203.0.113.")) + str(dice.randint(1, 254))


def moment(day: date, dice: Random) -> datetime:
    """Some second of this day."""
    return datetime.combine(day, time()) + timedelta(seconds=dice.randrange(86_400))


def plain(name: str) -> str:
    """A name in the letters a to z."""
    stripped = unicodedata.normalize("NFKD", name.lower().replace("ø", "o"))
    return "".join(c for c in stripped if c.isascii() and not c.isspace())

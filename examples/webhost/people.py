"""The invented people and companies, their accounts, and the addresses they answer to."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from random import Random

from examples.webhost import words

Spelled = tuple[str, str]
"""A kind of identity and the way somebody writes it."""


class Sort(StrEnum):
    """Who a person is to the company."""

    PRIVATE = "private"
    COMPANY = "company"
    GUEST = "guest"


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
    sort: Sort
    name: str
    phone: str
    street: str
    postcode: str
    city: str
    personnummer: str | None = None
    """Twelve digits."""
    org_no: str | None = None
    protected: bool = False
    accounts: list[Account] = field(default_factory=list)
    mailboxes: list[Mailbox] = field(default_factory=list)

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
        """Ways to ask that must all give the same answer."""
        mails = [("email", spelling) for box in self.mailboxes if not box.shared for spelling in _asked(box)]
        numbers = [("customer_no", account.no) for account in self.accounts]
        pnr = [("personnummer", s) for s in spellings(self.personnummer)] if self.personnummer else []
        if self.sort is Sort.GUEST:
            return (*((one,) for one in (*mails, *pnr)), (*mails[:1], *pnr[:1]))
        return (*((one,) for one in (*mails, *numbers, *pnr)), (*mails[:1], *numbers, *pnr[:1]))

    @property
    def identities(self) -> tuple[Spelled, ...]:
        """Everything they can show at once that is theirs alone."""
        return self.ways[-1]


@dataclass(eq=False, slots=True)
class Account:
    """A row of `customers`: some persons have two."""

    id: int
    no: str
    kind: str
    person: Person
    mailbox: Mailbox
    personnummer: str | None
    created: datetime
    closed: date | None
    contact: int | None = None
    """The account of the private customer who answers for this company."""


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


@dataclass(frozen=True, slots=True)
class Part:
    """A hard case that is in every database, at a fixed place among the customers."""

    name: str
    address: str
    kind: str = "private"
    same_person_as: int | None = None
    contact: int | None = None
    protected: bool = False
    number: str | None = None


CAST: dict[int, Part] = {
    1: Part("Anna Ek", "anna.ek@brevbrygga.example"),
    2: Part("Änna Ek", "änna.ek@brevbrygga.example"),
    3: Part("Anná Ek", "anná.ek@brevbrygga.example"),
    4: Part("Anna Ek", "anna_ek@brevbrygga.example"),
    5: Part("Annax Ek", "annaxek@brevbrygga.example"),
    6: Part("Anna Ek", "anna%ek@brevbrygga.example"),
    7: Part("Erik Kock", "erik.kock@brevbrygga.example"),
    8: Part("Berit Holm", "holms@kustmejl.example"),
    9: Part("Sten Holm", "holms@kustmejl.example"),
    10: Part("Anna Ek", "ek.anna@kustmejl.example", same_person_as=1),
    11: Part("Eks Cykel AB", "info@ekscykel.example", kind="company", contact=1),
    12: Part("Öbergs Smide AB", "olle@obergsmide.example", kind="company", contact=13),
    13: Part("Olle Öberg", "olle@obergsmide.example"),
    14: Part("Siv Lind", "siv.lind@kustmejl.example", protected=True),
    15: Part("Firma Änna Ek", "firma@annaek.example", kind="sole_trader", same_person_as=2),
    16: Part("Åsa Ängström", "åsa.ängström@blåbärsbageriet.example"),
    17: Part("Eva Ek", "anna.ek@brevbrygga.example.org.example"),
    18: Part("Per Ek", "joanna.ek@brevbrygga.example"),
    23: Part("Tjugotre Sund", "sund23@kustmejl.example"),
    24: Part("Tjugotre Sund", "sund23a@kustmejl.example", number="10023A"),
    25: Part("=1+1 Hedlund", "formel@kustmejl.example"),
    26: Part("<b>Fet</b> Stil", "fet.stil@kustmejl.example"),
}
LEAST = 40
"""The cast and a few beside them."""


class Census:
    """Makes customers one by one and remembers who answers to which address."""

    def __init__(self, seed: int, today: date) -> None:
        self.seed, self.today = seed, today
        self.persons: list[Person] = []
        self.accounts: list[Account] = []
        self.boxes: dict[str, Mailbox] = {}

    def box(self, address: str, keeper: Person | None = None) -> Mailbox:
        """The mailbox with this address; `keeper` answers to it."""
        box = self.boxes.setdefault(address, Mailbox(address))
        if keeper is not None and keeper not in box.keepers:
            box.keepers.append(keeper)
            keeper.mailboxes.append(box)
        return box

    def person(self, sort: Sort, name: str, dice: Random, **more: object) -> Person:
        """Somebody new."""
        postcode, city = dice.choice(words.CITIES)
        street = f"{dice.choice(words.STREETS)} {dice.randint(1, 90)}"
        made = Person(len(self.persons), sort, name, phone(dice), street, postcode, city, **more)  # type: ignore[arg-type]
        self.persons.append(made)
        return made

    def enrol(self, k: int) -> Account:
        """Customer k: one of the cast, or somebody made up."""
        dice = Random(f"{self.seed}:customer:{k}")
        part = CAST.get(k) or self._somebody(k, dice)
        company = part.kind == "company"
        if part.same_person_as is not None:
            person = self.accounts[part.same_person_as - 1].person
        else:
            person = self.person(
                Sort.COMPANY if company else Sort.PRIVATE,
                part.name,
                dice,
                personnummer=None
                if company or k % 55 == 31
                else personnummer(k, coordination=k == 14 or k % 90 == 61),
                org_no=f"556{k:06d}"[:9] + check_digit(f"556{k:06d}"[:9]) if company else None,
                protected=part.protected,
            )
        days = dice.randint(20, 12 * 365)
        created = moment(self.today - timedelta(days=days), dice)
        closed = (
            created.date() + timedelta(days=dice.randint(1, days))
            if k > 26 and dice.random() < 0.28
            else None
        )
        written = spellings(person.personnummer)[k % 4] if person.personnummer else None
        box = self.box(part.address, person)
        number = part.number or str(10_000 + k)
        account = Account(k, number, part.kind, person, box, written, created, closed, part.contact)
        person.accounts.append(account)
        self.accounts.append(account)
        return account

    def _somebody(self, k: int, dice: Random) -> Part:
        first, last = dice.choice(words.FIRST), dice.choice(words.LAST)
        if k % 40 == 4:  # the same person again, under another address
            earlier = self.accounts[k - 3]
            if earlier.kind == "private":
                return Part(
                    earlier.person.name,
                    f"konto{k}@kustmejl.example",
                    same_person_as=earlier.person.accounts[0].id,
                )
        if k % 45 == 12 and self.accounts[k - 2].kind == "private":  # two under one roof
            return Part(f"{first} {last}", self.accounts[k - 2].mailbox.address)
        if k % 5 in (0, 3):
            contact = k - 1 if k % 25 == 0 else None
            return Part(
                f"{last}s {dice.choice(words.TRADES)} AB",
                f"info@{plain(last)}{k}.example",
                "company",
                contact=contact,
            )
        local = f"{first}.{last}{k}".lower()
        host = words.MAIL_HOSTS[1] if k % 10 == 4 else dice.choice((words.MAIL_HOSTS[0], words.MAIL_HOSTS[2]))
        return Part(
            f"{first} {last}", f"{local if k % 16 == 1 else plain(local)}@{host}", protected=k % 150 == 76
        )


def plain(name: str) -> str:
    """A name in the letters a to z."""
    stripped = unicodedata.normalize("NFKD", name.lower().replace("ø", "o"))
    return "".join(c for c in stripped if c.isascii() and not c.isspace())

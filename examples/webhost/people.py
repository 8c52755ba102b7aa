"""The invented people and companies, their accounts, and the addresses they answer to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from random import Random

from examples.common.people import Mailbox, Register, home, moment, org_no, personnummer, plain, spellings
from examples.common.people import Person as Anybody
from examples.webhost import words


class Sort(StrEnum):
    """Who a person is to the company."""

    PRIVATE = "private"
    COMPANY = "company"
    GUEST = "guest"


@dataclass(eq=False, slots=True, kw_only=True)
class Person(Anybody):
    """Somebody who may ask what is held about them."""

    sort: Sort
    org_no: str | None = None
    accounts: list[Account] = field(default_factory=list)


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


class Census(Register):
    """Makes customers one by one and remembers who answers to which address."""

    persons: list[Person]  # type: ignore[assignment]

    def __init__(self, seed: int, today: date) -> None:
        super().__init__(seed, today)
        self.accounts: list[Account] = []

    def person(self, name: str, dice: Random, address: str | None = None, **more: object) -> Person:
        """Somebody new."""
        made = Person(number=len(self.persons), name=name, **home(dice), **more)  # type: ignore[arg-type]
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
                part.name,
                dice,
                sort=Sort.COMPANY if company else Sort.PRIVATE,
                personnummer=None
                if company or k % 55 == 31
                else personnummer(k, coordination=k == 14 or k % 90 == 61),
                org_no=org_no(k) if company else None,
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
        person.numbers.append(("customer_no", number))
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

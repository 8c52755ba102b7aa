"""The invented signage company's customers, and the people who sign in for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from examples.common.book import Book, Tie
from examples.common.people import Mailbox, Person, Register, full_name, moment, org_no, plain
from examples.common.words import LAST
from examples.signage import words

CAST: dict[int, tuple[str, str]] = {
    1: ("Anna Ek", "anna.ek@brevbrygga.example"),
    2: ("Anna Ek", "anna_ek@brevbrygga.example"),
    3: ("Änna Ek", "änna.ek@brevbrygga.example"),
    4: ("Berit Holm", "reception@holmstandvard.example"),
    5: ("Sten Holm", "reception@holmstandvard.example"),
    6: ("Åsa Ängström", "åsa.ängström@blåbärsbageriet.example"),
    7: ("=1+1 Hedlund", "formel@kustmejl.example"),
    8: ("<b>Fet</b> Stil", "fet.stil@kustmejl.example"),
    9: ("Per Ek", "joanna.ek@brevbrygga.example"),
    10: ("Lars Sund", "lars.sund@kustmejl.example"),
}
"""People who are in every database: two of one name, two at one address, odd letters, hostile names.
10 has left: the contract is over, and the books remain."""
LEAST = 60


@dataclass(eq=False, slots=True)
class Customer:
    """A row of `customers` and its people; the first of them is the contact."""

    id: int
    people: list[Person]
    box: Mailbox
    started: date
    ended: date | None

    @property
    def tie(self) -> Tie:
        """Whoever answers to the contact's address."""
        return Tie(mail=frozenset({self.box}))


class Maker:
    """Enrols customers and their people."""

    def __init__(self, book: Book, census: Register) -> None:
        self.book, self.census, self.today = book, census, census.today
        self.customers: list[Customer] = []

    def customer(self, id_: int, first: int, count: int) -> None:
        """Customer `id_`, whose people are `first` and the `count - 1` after."""
        dice = Random(f"{self.census.seed}:customer:{id_}")
        people = [self._person(k) for k in range(first, first + count)]
        started = self.today - timedelta(days=dice.randint(200, 9 * 365))
        over = first == 10 or (id_ > 12 and dice.random() < 0.25)
        ended = max(started, self.today - timedelta(days=dice.randint(100, 900))) if over else None
        contact = people[0]
        made = Customer(id_, people, contact.mailbox, started, ended)
        self.customers.append(made)
        name = f"{dice.choice(LAST)}s {dice.choice(words.TRADES)}"
        sole = dice.random() < 0.2
        self.book.put(
            "customers",
            made.tie,
            {
                "id": id_,
                "customer_no": str(20_000 + id_),
                "kind": "sole_trader" if sole else "company",
                "name": name if sole else f"{name} AB",
                "org_no": None if sole else org_no(id_),
                "contact_name": contact.name,
                "contact_email": contact.mailbox.spelled("capitals" if id_ % 9 == 5 else ""),
                "phone": contact.phone,
                "address": contact.address,
                "created_at": moment(started, dice),
                "closed_on": ended,
            },
        )
        for person in people:
            self._user(made, person, dice)

    def _person(self, k: int) -> Person:
        dice = Random(f"{self.census.seed}:person:{k}")
        if k in CAST:
            name, address = CAST[k]
        else:
            name = full_name(dice)
            local = f"{name.split()[0]}.{name.split()[1]}{k}".lower()
            host = (
                "postlåda.example" if k % 10 == 4 else dice.choice(("brevbrygga.example", "kustmejl.example"))
            )
            address = f"{local if k % 16 == 1 else plain(local)}@{host}"
        person = self.census.person(name, dice, address)
        person.numbers.append(("user_name", f"ljus{1_000 + k}"))
        return person

    def _user(self, customer: Customer, person: Person, dice: Random) -> None:
        id_ = person.number + 1
        contact = person is customer.people[0]
        gone = customer.ended or (
            self.today - timedelta(days=dice.randint(5, 80)) if not contact and dice.random() < 0.06 else None
        )
        self.book.put(
            "users",
            Tie(of=frozenset({person})),
            {
                "id": id_,
                "customer_id": customer.id,
                "user_name": person.numbers[0][1],
                "name": person.name,
                "email": person.mailbox.spelled("capitals" if id_ % 19 == 0 else ""),
                "phone": person.phone,
                "role": "owner" if contact else dice.choice(("editor", "reader")),
                "password_hash": f"$argon2id$v=19$m=19456,t=2,p=1$invented${dice.getrandbits(96):024x}",
                "language": "en" if id_ % 9 == 0 else "sv",
                "created_at": moment(customer.started, dice),
                "removed_on": gone,
            },
        )

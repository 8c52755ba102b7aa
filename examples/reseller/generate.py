"""The database of an invented reseller of cloud services, and the right answers about it.

    python examples/reseller/generate.py --url sqlite:///shop.sqlite3 --customers 500

The rows are the same for the same (customers, seed, today) on SQLite, PostgreSQL and MariaDB.
`expected` knows what every person must be given, from the references the rows were made with.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import ClassVar

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from sqlalchemy import MetaData

from examples.common.book import NOBODY, Book, Prose, Tie, tied
from examples.common.people import (
    Mailbox,
    Person,
    Register,
    full_name,
    ip,
    moment,
    org_no,
    personnummer,
    phone,
    plain,
    spellings,
)
from examples.common.words import HOSTILE, MAIL_HOSTS
from examples.common.world import TODAY, command, expected
from examples.common.world import World as Whole
from examples.reseller import words
from examples.reseller.schema import METADATA

__all__ = ["World", "expected", "make_world"]

DATABASE = "shop.sqlite3"
LEAST = 20
"""So that every hard case is there."""


@dataclass(kw_only=True)
class World(Whole):
    """The reseller's rows and people."""

    TABLES: ClassVar[MetaData] = METADATA
    LETTERS: ClassVar[tuple[str, str] | None] = ("tickets", "sender_email")
    customers: tuple[Customer, ...]


@dataclass(eq=False, slots=True)
class Customer:
    """A row of `customers`, and the person behind it."""

    id: int
    no: str
    company: str | None
    person: Person
    box: Mailbox
    created: date
    closed: date | None


def make_world(customers: int = 500, seed: int = 1, today: date = TODAY) -> World:
    """The whole world in memory: the same for the same arguments, on every machine.

    Customers 1 and 2 share an address. Customer 3 let customer 4 into the portal. Customer 5 paid for a
    service that customer 6 used, and both have just left. Customer 7 left a year ago. Customer 8 has a
    protected identity.
    """
    if customers < LEAST:
        raise ValueError(f"at least {LEAST} customers, so that every hard case is there")
    register, book = Register(seed, today), Book(METADATA)
    made = tuple(_enrol(register, k, today) for k in range(1, customers + 1))
    writer = _Writer(book, register, made)
    writer.suppliers()
    for customer in made:
        writer.write(customer)
    writer.strangers(customers // 10)
    boxes = tuple(register.boxes.values())
    return World(
        seed=seed, today=today, persons=tuple(register.persons), mailboxes=boxes, book=book, customers=made
    )


def _enrol(register: Register, k: int, today: date) -> Customer:
    dice = Random(f"{register.seed}:customer:{k}")
    name = full_name(dice)
    address = "paret@kustmejl.example" if k in (1, 2) else f"{plain(name.replace(' ', '.'))}{k}@{_host(dice)}"
    company = (
        f"{name.split()[1]}s {dice.choice(('Café', 'Bygg', 'Byrå'))} AB" if k > 8 and k % 6 == 0 else None
    )
    person = register.person(name, dice, address, personnummer=personnummer(k), protected=k == 8)
    no = f"S{70_000 + k}"
    person.numbers.append(("customer_no", no))
    created = today - timedelta(days=dice.randint(700, 3_000))
    gone = k in (5, 6, 7) or (k > 8 and dice.random() < 0.25)
    days = {5: 30, 6: 60, 7: 400}.get(k) or dice.randint(1, 600)
    closed = today - timedelta(days=days) if gone else None
    return Customer(k, no, company, person, person.mailbox, created, closed)


def _host(dice: Random) -> str:
    return dice.choice((MAIL_HOSTS[0], MAIL_HOSTS[2]))


class _Writer:
    """Writes all rows, each with whose it is."""

    def __init__(self, book: Book, register: Register, customers: tuple[Customer, ...]) -> None:
        self.book, self.register, self.customers, self.today = book, register, customers, register.today
        self.solo = [c for c in customers if not c.box.shared and not c.company]

    def suppliers(self) -> None:
        """The chain, whom to call at each, and the price list."""
        for number, (name, country, engaged_by) in enumerate(words.CHAIN, start=1):
            dice = Random(f"{self.register.seed}:supplier:{number}")
            signed = self.today - timedelta(days=300 + 40 * number)
            values = {"engaged_by": engaged_by, "name": name, "country": country, "agreement_signed": signed}
            self.book.put("suppliers", NOBODY, {"id": number, **values, "agreement_ended": None})
            for role in ("drift", "avtal"):
                who = full_name(dice)
                address = f"{plain(who.replace(' ', '.'))}@{plain(name.split()[0])}.example"
                person = self.register.person(who, dice, address)
                contact = {
                    "name": who,
                    "email": address,
                    "phone": person.phone,
                    "role": role,
                    "left_on": None,
                }
                tie = tied(person).and_mail(person.mailbox)
                self.book.put("supplier_contacts", tie, {"supplier_id": number, **contact})
        for code, price in words.PRODUCTS.items():
            self.book.put("products", NOBODY, {"code": code, "price_ore": price})

    def write(self, customer: Customer) -> None:
        """Everything of one customer."""
        dice = Random(f"{self.register.seed}:rows:{customer.id}")
        tie = tied(customer.person)
        self._customer(customer, tie)
        user = self._portal(customer, tie, dice)
        self._logs(customer, tie, user, dice)
        for _ in range(dice.choice((1, 1, 2))):
            self._subscription(customer, tie, dice)
        self._letters(customer, tie, dice)

    def strangers(self, count: int) -> None:
        """People who only write, or only take the newsletter."""
        for number in range(count):
            dice = Random(f"{self.register.seed}:stranger:{number}")
            person = self.register.person(full_name(dice), dice, f"frammande{number}@{_host(dice)}")
            if number % 2:
                self._newsletter(person.mailbox, dice)
            else:
                self._ticket(None, person, person.mailbox, tied(person), dice)

    def _customer(self, customer: Customer, tie: Tie) -> None:
        person = customer.person
        self.book.put(
            "customers",
            tie,
            {
                "id": customer.id,
                "customer_no": customer.no,
                "kind": "company" if customer.company else "private",
                "name": customer.company or person.name,
                "personnummer": spellings(person.personnummer or "")[customer.id % 4],
                "org_no": org_no(customer.id) if customer.company else None,
                "email": customer.box.spelled("capitals" if customer.id % 11 == 0 else ""),
                "phone": person.phone,
                "address": "" if person.protected else person.address,
                "protected_identity": person.protected,
                "created_on": customer.created,
                "closed_on": customer.closed,
            },
        )
        check = {
            "method": ("bankid", "id-kort", "bolagsregister")[customer.id % 3],
            "checked_on": customer.created,
        }
        shown = person.personnummer if check["method"] != "bolagsregister" else None
        self.book.put("ownership_checks", tie, {"customer_id": customer.id, **check, "shown_number": shown})

    def _portal(self, customer: Customer, tie: Tie, dice: Random) -> int:
        """The customer's own sign-in, and now and then somebody they let in. Returns the key of the first."""

        def user(person: Person, box: Mailbox, role: str) -> int:
            number = len(self.book.values["portal_users"]) + 1
            values = {"user_name": f"sk{number:05d}", "name": person.name, "email": box.address, "role": role}
            whose = tie.and_mail(box)
            key: int = self.book.put("portal_users", whose, {"customer_id": customer.id, **values})
            return key

        first = user(customer.person, customer.box, "owner")
        if customer.id == 3 or (customer.id > 8 and dice.random() < 0.15):
            other = self.customers[3] if customer.id == 3 else dice.choice(self.solo)
            if other is not customer:
                user(other.person, other.box, "guest")
        return first

    def _logs(self, customer: Customer, tie: Tie, user: int, dice: Random) -> None:
        """What the portal has noted: sign-ins of the owner, changes, the check of an order."""
        box = tie.and_mail(customer.box)
        for _ in range(dice.randint(1, 8)):
            login = {"at": self._lately(dice, 110), "ip": ip(dice), "ok": dice.random() < 0.9}
            self.book.put("logins", box, {"portal_user_id": user, **login})
        for _ in range(dice.randint(0, 3)):
            change = {"field": "phone", "old_value": phone(dice), "new_value": customer.person.phone}
            self.book.put(
                "changes", tie, {"customer_id": customer.id, "at": self._lately(dice, 110), **change}
            )
        unpaid = dice.choice((0, 0, 0, 1, 2))
        outcome = "stopped" if unpaid > 1 else "passed"
        looked = {"outcome": outcome, "unpaid": unpaid, "reviewed_by": "kundtjanst" if unpaid > 1 else None}
        when = self._lately(dice, 170)
        self.book.put("order_checks", tie, {"customer_id": customer.id, "at": when, **looked})

    def _subscription(self, customer: Customer, tie: Tie, dice: Random) -> None:
        product = dice.choice(tuple(words.PRODUCTS))
        price = words.PRODUCTS[product]
        started = customer.created + timedelta(days=dice.randint(0, 30))
        values = {"product": product, "price_ore": price, "started_on": started, "ended_on": customer.closed}
        key = self.book.put("subscriptions", tie, {"customer_id": customer.id, **values})
        supplier = words.SUPPLIES[product]
        label = f"{product}-{key}.skarvinge.example"
        service = self.book.put(
            "services", tie, {"subscription_id": key, "supplier_id": supplier, "label": label}
        )
        self._ordered(customer, tie, key, supplier, dice)
        for _ in range(dice.randint(0, 4)):
            request = {"at": self._lately(dice, 110), "ip": ip(dice), "path": dice.choice(words.PATHS)}
            self.book.put("service_requests", tie, {"service_id": service, **request})
        for back in range(3):
            day = self.today - timedelta(days=back + 1)
            self.book.put(
                "traffic", tie, {"service_id": service, "day": day, "megabytes": dice.randint(1, 9_000)}
            )
        for _ in range(dice.randint(1, 4)):
            self._invoice(customer, tie, key, price, dice)

    def _ordered(self, customer: Customer, tie: Tie, key: int, supplier: int, dice: Random) -> None:
        """What the supplier was told; the one who uses the service may be somebody else."""
        sent = {"sent_at": moment(customer.created, dice), "reference": f"SK-{key}"}
        values = {"subscription_id": key, "supplier_id": supplier, **sent}
        if customer.id == 5 or (customer.id > 8 and dice.random() < 0.2):
            other = self.customers[5] if customer.id == 5 else dice.choice(self.solo)
            if other is not customer:
                person = other.person
                end = {"end_user_name": person.name, "end_user_email": other.box.address}
                whose = tie.and_mail(other.box)
                self.book.put("supplier_orders", whose, {**values, **end, "end_user_phone": person.phone})
                return
        self.book.put("supplier_orders", tie, values)

    def _invoice(self, customer: Customer, tie: Tie, key: int, price: int, dice: Random) -> None:
        end = customer.closed or self.today
        issued = max(end - timedelta(days=dice.randint(0, 900)), customer.created)
        person = customer.person
        name = customer.company or person.name
        number = f"K{len(self.book.values['invoices']) + 4_001}"
        values = {"number": number, "issued_on": issued, "total_ore": 3 * price, "billed_to": name}
        address = "" if person.protected else person.address
        invoice = self.book.put(
            "invoices", tie, {"subscription_id": key, **values, "billed_address": address}
        )
        line = {"line": 1, "description": "Tre månader", "amount_ore": 3 * price}
        self.book.put("invoice_lines", tie, {"invoice_id": invoice, **line})
        if dice.random() < 0.9:
            paid = min(issued + timedelta(days=20), self.today)
            payment = {"paid_on": paid, "amount_ore": 3 * price, "payer": name}
            self.book.put("payments", tie, {"invoice_id": invoice, **payment})

    def _letters(self, customer: Customer, tie: Tie, dice: Random) -> None:
        for number in range(2 if customer.id == 4 else dice.choice((0, 1, 1, 2))):
            self._ticket(customer, customer.person, customer.box, tie, dice, third=number == 0)
        for _ in range(dice.randint(1, 3)):
            channel = dice.choice(("email", "sms"))
            address = customer.box.address if channel == "email" else customer.person.phone
            sent = {"channel": channel, "address": address, "subject": dice.choice(words.SENT)}
            when = self._lately(dice, 350)
            self.book.put("sent_messages", tie, {"customer_id": customer.id, "at": when, **sent})
        if dice.random() < 0.3:
            prose = Prose()
            body = self._said(dice.choice(words.NOTES), customer, customer.person, customer.box, prose, dice)
            note = {"at": self._lately(dice, 400), "written_by": "kundtjanst@skarvinge.example", "body": body}
            self.book.put("staff_notes", tie, {"customer_id": customer.id, **note}, prose=prose)
        if customer.id in (1, 4) or dice.random() < 0.4:
            self._newsletter(customer.box, dice)

    def _ticket(
        self,
        customer: Customer | None,
        person: Person,
        box: Mailbox,
        tie: Tie,
        dice: Random,
        *,
        third: bool = False,
    ) -> None:
        opened = self._lately(dice, 500)
        closed = opened + timedelta(days=4) if dice.random() < 0.8 else None
        whose = tie.and_mail(box)
        told = {"sender_name": person.name, "sender_email": box.spelled(dice.choice(("", "capitals")))}
        about = {"subject": dice.choice(words.SUBJECTS), "opened_at": opened, "closed_at": closed}
        mine = customer.id if customer else None
        ticket = self.book.put("tickets", whose, {"customer_id": mine, **told, **about})
        for turn, said in enumerate((words.FROM_CUSTOMER, words.FROM_STAFF)):
            prose = Prose()
            text = said[2] if third and not turn else dice.choice(said)
            body = self._said(text, customer, person, box, prose, dice)
            name, address = ("Skärvinge", words.HOUSE) if turn else (person.name, box.address)
            at = opened + timedelta(hours=1 + 20 * turn)
            message = {"at": at, "author_name": name, "author_email": address, "body": body}
            self.book.put("ticket_messages", whose, {"ticket_id": ticket, **message}, prose=prose)
        if customer and dice.random() < 0.3:
            items, body = dice.choice(words.HANDED)
            prose = Prose()
            body = self._said(body, customer, person, box, prose, dice, ticket=ticket)
            handed = {"supplier_id": 3 if ticket % 3 == 0 else 1, "sent_at": opened + timedelta(hours=9)}
            values = {"ticket_id": ticket, **handed, "items": items, "body": body}
            self.book.put("handovers", whose, values, prose=prose)

    def _said(
        self,
        text: str,
        customer: Customer | None,
        person: Person,
        box: Mailbox,
        prose: Prose,
        dice: Random,
        ticket: int = 0,
    ) -> str:
        """A text with the words filled in; who is cited in it is noted."""
        other = dice.choice(self.solo)
        values = {
            "name": person.name,
            "first": person.first,
            "phone": person.phone,
            "no": customer.no if customer else "(inget)",
            "label": f"nr {customer.id}" if customer else "(ingen)",
            "ticket": ticket,
            "other": other.person.name,
            "hostile": dice.choice(HOSTILE),
        }
        if "{mail}" in text:
            values["mail"] = prose.cite(box)
        if "{other_mail}" in text:
            values["other_mail"] = prose.cite(other.box)
        if "{pnr}" in text:
            number = person.personnummer
            values["pnr"] = prose.number(person, dice.choice(spellings(number))) if number else "(inget)"
        return text.format_map(values)

    def _newsletter(self, box: Mailbox, dice: Random) -> None:
        since = self.today - timedelta(days=dice.randint(10, 900))
        values = {"email": box.spelled(dice.choice(("", "upper"))), "since": since, "left_on": None}
        self.book.put("newsletter", Tie(mail=frozenset({box})), values)

    def _lately(self, dice: Random, days: int) -> datetime:
        return moment(self.today - timedelta(days=dice.randint(1, days)), dice)


def main() -> None:
    """Make the database named on the command line."""
    command(make_world, __file__, "an invented reseller", DATABASE)


if __name__ == "__main__":
    main()

"""Tickets, their messages and attachments, and the notes of the staff: free text by many hands."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from examples.common.book import Book, Prose, Tie, tied
from examples.common.people import Mailbox, moment, phone, spellings
from examples.webhost import words
from examples.webhost.people import Account, Census, Person

STAFF_NAME = "Fjordhem support"


class LetterWriter:
    """Writes what customers, guests, third persons and staff have written to each other."""

    def __init__(self, book: Book, census: Census) -> None:
        self.book, self.census, self.today = book, census, census.today
        self.solo = [
            a.person for a in census.accounts if a.person.personnummer and not a.person.mailbox.shared
        ]

    def write(self, account: Account) -> None:
        """The tickets and notes of one account."""
        dice = Random(f"{self.census.seed}:letters:{account.id}")
        for number in range(dice.choice((0, 1, 1, 2, 3)) + (account.id in (1, 8))):
            unknown = number == 0 and account.id % 15 == 1
            opened = moment(self.today - timedelta(days=dice.randint(2, 1_000)), dice)
            if unknown:
                self._from_unknown(account, dice, opened)
            else:
                self._ticket(account, dice, opened)
        if dice.random() < 0.3:
            self.note("customer", account.id, tied(account.person), account, dice)
        for domain in self._domains.get(account.id, ()):
            if dice.random() < 0.1:
                self.note("domain", domain["id"], self._domain_ties[domain["id"]], account, dice)

    def index_domains(self) -> None:
        """Remember the domains made so far, so that notes can be written about them."""
        self._domains: dict[int, list[dict[str, int]]] = {}
        for values in self.book.values["domains"]:
            self._domains.setdefault(values["customer_id"], []).append(values)
        self._domain_ties = {row.key[0]: row.tie for row in self.book.rows if row.dataset == "domains"}

    def open_ticket(
        self,
        tie: Tie,
        name: str,
        address: str,
        subject: str,
        opened: datetime,
        *,
        customer: int | None,
        closed: bool,
    ) -> int:
        """A ticket without messages. Returns its key."""
        values = {
            "customer_id": customer,
            "requester_name": name,
            "requester_email": address,
            "channel": "email",
            "subject": subject,
            "status": "closed" if closed else "open",
            "opened_at": opened,
            "closed_at": opened + timedelta(days=3) if closed else None,
        }
        key: int = self.book.put("tickets", tie, values)
        return key

    def message(
        self,
        ticket: int,
        tie: Tie,
        name: str,
        address: str,
        body: str,
        at: datetime,
        prose: Prose | None = None,
    ) -> int:
        """One message of a ticket. Returns its key."""
        values = {"ticket_id": ticket, "at": at, "author_name": name, "author_email": address, "body": body}
        key: int = self.book.put("ticket_messages", tie, values, prose=prose)
        return key

    def _ticket(self, account: Account, dice: Random, opened: datetime) -> None:
        person, box = account.person, account.mailbox
        tie = tied(person).and_mail(box)
        subject = dice.choice(words.HOSTILE) if dice.random() < 0.05 else dice.choice(words.SUBJECTS)
        written = box.spelled("capitals" if dice.random() < 0.2 else "")
        closed = dice.random() < 0.7
        ticket = self.open_ticket(
            tie, person.name, written, subject, opened, customer=account.id, closed=closed
        )
        at = opened
        for turn in range(dice.randint(1, 5)):
            prose = Prose()
            at += timedelta(hours=dice.randint(1, 30))
            if turn % 2 == 0:
                other = self._other(person, dice)
                body = self._fill(dice.choice(words.FROM_CUSTOMER), account, other, prose, dice)
                message = self.message(ticket, tie, person.name, box.address, body, at, prose)
                if dice.random() < 0.3:
                    file = {
                        "file_name": f"skärmbild {message}.png",
                        "media_type": "image/png",
                        "size": dice.randint(1, 900_000),
                    }
                    self.book.put("ticket_attachments", tie, {"message_id": message, **file})
            else:
                body = self._fill(dice.choice(words.FROM_STAFF), account, None, prose, dice)
                self.message(ticket, tie, STAFF_NAME, "support@fjordhem.example", body, at, prose)
        if dice.random() < 0.15:  # a third person answers in the same thread
            other = dice.choice(self.solo)
            body = f"Hej, jag är kopierad här. Mvh {other.name}, {other.phone}"
            self.message(ticket, tie.and_mail(other.mailbox), other.name, other.mailbox.address, body, at)
        if dice.random() < 0.2:
            self.note("ticket", ticket, tie, account, dice)

    def _from_unknown(self, account: Account, dice: Random, opened: datetime) -> None:
        """Somebody writes from an address nobody has seen, and says who they are in the text."""
        person, address = account.person, f"okand{account.id}@annanstans.example"
        ticket = self.open_ticket(
            Tie(), "Okänd", address, "Kommer inte in", opened, customer=None, closed=False
        )
        prose = Prose()
        written = (
            prose.number(person, dice.choice(spellings(person.personnummer)))
            if person.personnummer
            else "okänt"
        )
        body = f"Hej, jag har tappat min gamla adress. Personnummer: {written}. Hälsningar {person.name}"
        self.message(ticket, Tie(), "Okänd", address, body, opened, prose)

    def _other(self, person: Person, dice: Random) -> Person | None:
        other = dice.choice(self.solo)
        return other if other is not person and dice.random() < 0.5 else None

    def _fill(self, text: str, account: Account, other: Person | None, prose: Prose, dice: Random) -> str:
        person = account.person
        third = other.name if other else f"{dice.choice(words.FIRST)} {dice.choice(words.LAST)}"
        values = {
            "name": person.name,
            "first": person.first,
            "phone": person.phone,
            "address": "min gamla adress" if person.protected else person.address,
            "no": account.no,
            "hostile": dice.choice(words.HOSTILE),
            "other": third,
            "other_phone": other.phone if other else phone(dice),
        }
        if "{mail}" in text:
            values["mail"] = prose.cite(account.mailbox, dice.choice(("", "capitals")))
        if "{other_mail}" in text:
            values["other_mail"] = (
                prose.cite(other.mailbox) if other else f"tredje{dice.randrange(900)}@annanstans.example"
            )
        if "{pnr}" in text:
            number = person.personnummer
            values["pnr"] = prose.number(person, dice.choice(spellings(number))) if number else "(inget)"
        return text.format_map(values)

    def note(self, kind: str, about: int, tie: Tie, account: Account, dice: Random) -> None:
        """A note by the staff about a customer, a ticket or a domain."""
        prose = Prose()
        body = self._fill(dice.choice(words.NOTES), account, None, prose, dice)
        values = {"subject_type": kind, "subject_id": about, "at": moment(self._day(dice), dice)}
        staff = f"{dice.choice(words.STAFF)}@fjordhem.example"
        self.book.put("notes", tie, {**values, "written_by": staff, "body": body}, prose=prose)

    def _day(self, dice: Random) -> date:
        return self.today - timedelta(days=dice.randint(0, 900))

    def guest_ticket(self, guest: Person, box: Mailbox, dice: Random) -> None:
        """A ticket from somebody who is no customer."""
        opened = moment(self._day(dice), dice)
        tie = Tie(mail=frozenset({box}))
        ticket = self.open_ticket(
            tie, guest.name, box.spelled("capitals"), "Fråga", opened, customer=None, closed=True
        )
        self.message(
            ticket, tie, guest.name, box.address, f"Hej, vad kostar en domän? /{guest.first}", opened
        )

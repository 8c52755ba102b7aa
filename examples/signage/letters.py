"""What people write: tickets, chats, notes about them, the newsletter, and what visitors leave on screens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from examples.common.book import Book, Prose, Tie, tied
from examples.common.people import Mailbox, Person, Register, full_name, moment
from examples.common.words import HOSTILE, MAIL_HOSTS
from examples.signage import words
from examples.signage.people import Customer


class LetterWriter:
    """Writes what is free text, and what is known by an address alone."""

    def __init__(self, book: Book, census: Register) -> None:
        self.book, self.census, self.today = book, census, census.today

    def write(self, customer: Customer) -> None:
        """Letters of the people of one customer, and what was noted about them."""
        dice = Random(f"{self.census.seed}:letters:{customer.id}")
        for person in customer.people:
            if person.number < 10 or dice.random() < 0.5:
                self._ticket(person, person.mailbox, customer.people, dice)
            if dice.random() < 0.35:
                self._newsletter(person.mailbox, dice)
            if dice.random() < 0.1:
                self._note("user", person.number + 1, tied(person), person, dice)
        if dice.random() < 0.3:
            self._note("customer", customer.id, customer.tie, customer.people[0], dice)

    def strangers(self, count: int) -> None:
        """People who wrote, or subscribe, and never signed in."""
        for number, person, dice in self.census.strangers(count, "gast"):
            if number % 2 == 0:
                self._ticket(person, person.mailbox, (person,), dice)
            else:
                self._newsletter(person.mailbox, dice)

    def visitors(self, customers: Sequence[Customer]) -> None:
        """What people typed on the customers' own screens: theirs to answer for, not ours."""
        dice = Random(f"{self.census.seed}:visitors")
        known = [person for person in self.census.persons if not person.mailbox.shared]
        for customer in customers[::3]:
            for _ in range(dice.randint(1, 4)):
                if dice.random() < 0.3:
                    person = dice.choice(known)
                else:
                    number = len(self.census.persons)
                    address = f"besok{number}@{dice.choice(MAIL_HOSTS)}"
                    person = self.census.person(full_name(dice), dice, address)
                values = {
                    "customer_id": customer.id,
                    "at": moment(self.today - timedelta(days=dice.randint(1, 60)), dice),
                    "email": person.mailbox.spelled("capitals" if dice.random() < 0.2 else ""),
                    "answer": dice.choice(("42 kolor i burken", "Grön", "Jag vill vinna en cykel")),
                }
                self.book.put("campaign_entries", Tie(mail=frozenset({person.mailbox})), values)

    def traps(self) -> None:
        """Rows that look like somebody's and are nobody's."""
        dice = Random(f"{self.census.seed}:traps")
        for local in (
            "anna.ekk",
            "nna.ek",
            "anna-ek",
        ):
            self._newsletter(Mailbox(f"{local}@brevbrygga.example"), dice)
        at = moment(self.today - timedelta(days=9), dice)
        for about, id_ in (("user", 0), ("customer", 0), ("user", 99_999)):
            values = {
                "about": about,
                "about_id": id_,
                "at": at,
                "written_by": "drift",
                "body": "Larm om disk.",
            }
            self.book.put("notes", Tie(), values)
        values = {"at": at, "kind": "service.menu", "payload": {"inloggad": {"konto": "LJUS1001"}}}
        self.book.put("player_reports", Tie(), values)
        for plan, price in words.PLANS.items():
            self.book.put("plans", Tie(), {"plan": plan, "name": f"Avtal {plan}", "price_ore": price})

    def _newsletter(self, box: Mailbox, dice: Random) -> None:
        since = moment(self.today - timedelta(days=dice.randint(40, 1_500)), dice)
        values = {
            "email": box.spelled(dice.choice(("", "", "upper"))),
            "since": since,
            "source": dice.choice(("form", "contract")),
            "left_at": since + timedelta(days=30) if dice.random() < 0.1 else None,
        }
        self.book.put("newsletter", Tie(mail=frozenset({box})), values)

    def _note(self, about: str, id_: int, tie: Tie, person: Person, dice: Random) -> None:
        prose = Prose()
        text = dice.choice(words.NOTES)
        body = text.format(
            first=person.first,
            name=person.name,
            mail=prose.cite(person.mailbox) if "{mail}" in text else "",
        )
        values = {"about": about, "about_id": id_, "written_by": "support", "body": body}
        at = moment(self.today - timedelta(days=dice.randint(1, 700)), dice)
        self.book.put("notes", tie, {**values, "at": at}, prose=prose)

    def _ticket(self, person: Person, box: Mailbox, near: Sequence[Person], dice: Random) -> None:
        opened = moment(self.today - timedelta(days=dice.randint(3, 690)), dice)
        tie = Tie(mail=frozenset({box}))
        number = len(self.book.values["tickets"]) + 1
        self.book.put(
            "tickets",
            tie,
            {
                "id": number,
                "number": f"S-{number:06d}",
                "requester_name": person.name,
                "requester_email": box.spelled(dice.choice(("", "capitals"))),
                "channel": dice.choice(words.CHANNELS),
                "subject": dice.choice(words.SUBJECTS),
                "opened_at": opened,
                "closed_at": opened + timedelta(hours=dice.randint(2, 60)) if dice.random() < 0.9 else None,
            },
        )
        other = dice.choice(self.census.persons)
        for turn in range(dice.randint(1, 4)):
            prose = Prose()
            text = dice.choice(words.FROM_HOUSE if turn % 2 else words.FROM_USER)
            body = text.format(
                first=person.first,
                name=person.name,
                phone=person.phone,
                mail=prose.cite(box) if "{mail}" in text else "",
                other=other.name,
                other_mail=prose.cite(other.mailbox) if "{other_mail}" in text else "",
                hostile=dice.choice(HOSTILE),
            )
            writer, theirs = person.name, box
            if not turn % 2 and turn and dice.random() < 0.4 and not near[-1].mailbox.shared:
                writer, theirs = near[-1].name, near[-1].mailbox  # a colleague goes on with it
            values = {
                "ticket_id": number,
                "at": opened + timedelta(minutes=7 * turn),
                "author_name": "Ljusruta support" if turn % 2 else writer,
                "author_email": f"support@{words.HOUSE}" if turn % 2 else theirs.address,
                "body": body,
            }
            whose = tie if turn % 2 else tie.and_mail(theirs)
            self.book.put("ticket_messages", whose, values, prose=prose)

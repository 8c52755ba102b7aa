"""The database of an invented IT consultancy, and the right answers about it.

    python examples/consultancy/generate.py --url sqlite:///site.sqlite3 --customers 500

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
from examples.common.people import Mailbox, Person, Register, full_name, ip, moment, plain
from examples.common.words import AGENTS, HOSTILE, MAIL_HOSTS
from examples.common.world import TODAY, command, expected
from examples.common.world import World as Whole
from examples.consultancy import words
from examples.consultancy.schema import METADATA

__all__ = ["World", "expected", "make_world"]

DATABASE = "site.sqlite3"
LEAST = 30
"""So that every hard case is there."""


@dataclass(kw_only=True)
class World(Whole):
    """The consultancy's rows and people."""

    TABLES: ClassVar[MetaData] = METADATA
    LETTERS: ClassVar[tuple[str, str] | None] = ("cases", "sender_email")

    @property
    def alone(self) -> tuple[Person, ...]:
        """Those who have ordered something: there are books to keep of them."""
        ordered = {contact["id"] for contact in self.rows["contacts"]}
        return tuple(person for person in super().alone if person.number + 1 in ordered)


def make_world(customers: int = 500, seed: int = 1, today: date = TODAY) -> World:
    """The whole world in memory: the same for the same arguments, on every machine.

    Persons 1 and 2 share an address. Person 3 signed person 4 up for a seminar, and 4 told of an allergy.
    Person 5 named person 6 as a referee. Person 7 ordered years ago and has left. Person 8 sent an open
    application.
    """
    if customers < LEAST:
        raise ValueError(f"at least {LEAST} customers, so that every hard case is there")
    register, book = Register(seed, today), Book(METADATA)
    for number in range(1, customers + 1):
        dice = Random(f"{seed}:person:{number}")
        name = full_name(dice)
        host = dice.choice((MAIL_HOSTS[0], MAIL_HOSTS[2]))
        own = f"{plain(name.replace(' ', '.'))}{number}@{host}"
        register.person(name, dice, "reception@delat.example" if number in (1, 2) else own)
    writer = _Writer(book, register)
    writer.events()
    for number, person in enumerate(tuple(register.persons), start=1):
        writer.write(number, person)
    writer.passers_by(2 * customers)
    boxes = tuple(register.boxes.values())
    return World(seed=seed, today=today, persons=tuple(register.persons), mailboxes=boxes, book=book)


class _Writer:
    """Writes all rows, each with whose it is."""

    def __init__(self, book: Book, register: Register) -> None:
        self.book, self.register, self.today = book, register, register.today
        self.people = tuple(register.persons)
        self.solo = [person for person in self.people if not person.mailbox.shared]
        self.held: dict[int, date] = {}

    def events(self) -> None:
        """Seminars that have been and will be, and sums of visits in which nobody stands."""
        for number in range(1, 13):
            held = self.today + timedelta(days=14 * (number - 9))
            title = words.EVENTS[number % len(words.EVENTS)]
            place = words.PLACES[number % len(words.PLACES)]
            self.held[number] = held
            self.book.put("events", NOBODY, {"id": number, "title": title, "held_on": held, "place": place})
        for number, page in enumerate(words.PAGES):
            sums = {"page": page, "day": self.today - timedelta(days=1), "visits": 40 + 7 * number}
            self.book.put("page_sums", NOBODY, sums)

    def write(self, number: int, person: Person) -> None:
        """What one person has left behind, by the doors they came in through."""
        dice = Random(f"{self.register.seed}:rows:{number}")
        box = person.mailbox
        mail = Tie(mail=frozenset({box}))
        doors = {"order"} if number in (1, 2, 3, 7) else set(dice.sample(_DOORS, dice.randint(1, 3)))
        doors |= {3: {"event"}, 5: {"apply"}, 8: {"apply"}, 4: {"ask"}}.get(number, set())
        if "order" in doors:
            self._customer(number, person, dice)
        if "event" in doors:
            self._event(number, person, dice)
        if "apply" in doors:
            self._application(number, person, dice)
        if "ask" in doors:
            self._case(None, person, mail, dice)
        if "news" in doors:
            self._newsletter(box, mail, dice)

    def passers_by(self, count: int) -> None:
        """Visits of whom nothing is known but what a browser tells."""
        dice = Random(f"{self.register.seed}:passers-by")
        for number in range(count):
            self._visit(None, NOBODY, dice)
            if number % 10 == 0:
                told = {"email": None, "page": dice.choice(words.PAGES), "at": self._lately(dice, 80)}
                self.book.put("comments", NOBODY, {**told, "body": dice.choice(words.COMMENTS)})

    def _customer(self, number: int, person: Person, dice: Random) -> None:
        tie, box = tied(person), person.mailbox
        gone = self.today - timedelta(days=200) if number == 7 else None
        values = {
            "name": person.name,
            "email": box.spelled("capitals" if number % 7 == 0 else ""),
            "phone": person.phone if dice.random() < 0.8 else None,
            "company": f"{person.name.split()[1]} & Co" if dice.random() < 0.4 else None,
            "created_on": self.today - timedelta(days=dice.randint(900, 1_500)),
            "ended_on": gone,
        }
        contact = self.book.put("contacts", tie, {"id": number, **values})
        for _ in range(dice.randint(1, 3)):
            self._order(contact, person, tie, number, dice)
        self._form("order_form", person, {"article": dice.choice(tuple(words.ARTICLES))}, dice)
        if dice.random() < 0.5:
            self._case(contact, person, tie.and_mail(box), dice)
        yes = dice.random() < 0.5
        for _ in range(dice.randint(1, 4) if yes else 0):  # only who has said yes is known by the website
            self._visit(contact, tie, dice)
        if yes:
            topic = {"topic": dice.choice(words.TOPICS), "chosen_on": self._day(dice, 150)}
            self.book.put("interests", tie, {"contact_id": contact, **topic})
            click = {"at": self._lately(dice, 80), "campaign": dice.choice(words.CAMPAIGNS)}
            self.book.put("ad_clicks", tie, {"contact_id": contact, **click})
            for purpose in ("personal_service", "advertise"):
                self._consent(box, purpose, dice)

    def _order(self, contact: int, person: Person, tie: Tie, number: int, dice: Random) -> None:
        article = dice.choice(tuple(words.ARTICLES))
        ordered = self._day(dice, 800) - timedelta(days=300 if number == 7 else 0)
        amount = words.ARTICLES[article]
        values = {"article": article, "amount_ore": amount, "ordered_on": ordered}
        order = self.book.put(
            "orders", tie, {"contact_id": contact, **values, "delivered_on": ordered + timedelta(days=3)}
        )
        issued = min(ordered + timedelta(days=7), self.today)
        bill = {"number": f"V{order + 2_000}", "issued_on": issued, "total_ore": amount}
        who = {"billed_to": person.name, "billed_email": person.mailbox.address}
        self.book.put("invoices", tie, {"order_id": order, **bill, **who})

    def _event(self, number: int, person: Person, dice: Random) -> None:
        """Somebody signs up, and now and then a colleague with them."""
        event = 8 if number == 3 else dice.randint(1, 12)
        self._seat(event, person, None, dice, wants=dice.random() < 0.5)
        if number == 3 or dice.random() < 0.25:
            other = self.people[3] if number == 3 else dice.choice(self.solo)
            if other is not person:
                self._seat(event, other, person, dice, wants=number == 3 or dice.random() < 0.5)

    def _seat(self, event: int, person: Person, by: Person | None, dice: Random, *, wants: bool) -> None:
        box = person.mailbox
        whose = Tie(mail=frozenset({box, by.mailbox} if by else {box}))
        held = self.held[event]
        came = dice.random() < 0.8 if held < self.today else None
        values = {"name": person.name, "email": box.spelled(dice.choice(("", "capitals"))), "company": None}
        who = {"registered_by": by.mailbox.address if by else None, "held_on": held, "came": came}
        self.book.put("registrations", whose, {"event_id": event, **values, **who})
        if wants:
            need = {"diet": dice.choice(words.DIETS) or "laktosfritt", "access": dice.choice(words.ACCESS)}
            told = {"event_id": event, "email": box.address, **need, "held_on": held}
            self.book.put("needs", Tie(mail=frozenset({box})), told)
            self._consent(box, "event_needs", dice)

    def _application(self, number: int, person: Person, dice: Random) -> None:
        box = person.mailbox
        whose = Tie(mail=frozenset({box}))
        vacancy = None if number == 8 else dice.choice(words.VACANCIES)
        applied = self._day(dice, 700)
        decided = applied + timedelta(days=40) if applied < self.today - timedelta(days=40) else None
        prose = Prose()
        letter = self._said(dice.choice(words.LETTERS), person, prose, dice)
        told = {"vacancy": vacancy, "name": person.name, "email": box.address, "phone": person.phone}
        sent = {"letter": letter, "cv_file": f"cv-{number}.pdf", "applied_on": applied}
        status = dice.choice(("nej", "anställd")) if decided else "ny"
        values = {**told, **sent, "decided_on": decided, "status": status}
        key = self.book.put("applications", whose, values, prose=prose)
        if number == 5 or dice.random() < 0.5:
            other = self.people[5] if number == 5 else dice.choice(self.solo)
            if other is not person:
                self._referee(key, person, other, whose, dice)
        if decided:
            prose = Prose()
            body = self._said(dice.choice(words.NOTES), person, prose, dice)
            note = {"at": moment(applied + timedelta(days=9), dice), "written_by": HR, "body": body}
            self.book.put("interview_notes", whose, {"application_id": key, **note}, prose=prose)

    def _referee(self, application: int, person: Person, other: Person, whose: Tie, dice: Random) -> None:
        said = dice.choice(words.SAID)
        text = said.format(name=person.name, referee=other.name) if said else None
        values = {"name": other.name, "email": other.mailbox.address, "phone": other.phone, "said": text}
        self.book.put("referees", whose.and_mail(other.mailbox), {"application_id": application, **values})

    def _case(self, contact: int | None, person: Person, tie: Tie, dice: Random) -> None:
        opened = self._lately(dice, 330)
        closed = opened + timedelta(days=2) if dice.random() < 0.8 else None
        about = {"subject": "Fråga från webbplatsen", "opened_at": opened, "closed_at": closed}
        sender = {"sender_name": person.name, "sender_email": person.mailbox.address}
        case = self.book.put("cases", tie, {"contact_id": contact, **sender, **about})
        for turn, said in enumerate((words.QUESTIONS, words.ANSWERS)):
            prose = Prose()
            body = self._said(dice.choice(said), person, prose, dice)
            author = words.HOUSE if turn else person.mailbox.address
            message = {"at": opened + timedelta(hours=turn), "author_email": author, "body": body}
            self.book.put("case_messages", tie, {"case_id": case, **message}, prose=prose)
        if dice.random() < 0.3:
            told = {"email": person.mailbox.address, "page": dice.choice(words.PAGES)}
            body = dice.choice(words.COMMENTS)
            mail = Tie(mail=frozenset({person.mailbox}))
            self.book.put("comments", mail, {**told, "at": self._lately(dice, 80), "body": body})

    def _newsletter(self, box: Mailbox, mail: Tie, dice: Random) -> None:
        values = {"email": box.spelled(dice.choice(("", "upper"))), "since": self._day(dice, 900)}
        key = self.book.put("newsletter", mail, {**values, "left_on": None})
        self._consent(box, "newsletter", dice)
        if dice.random() < 0.4:
            self._consent(box, "newsletter_topics", dice)
            for _ in range(dice.randint(1, 3)):
                read = {"at": self._lately(dice, 150), "link": dice.choice(words.PAGES)}
                self.book.put("newsletter_reads", mail, {"newsletter_id": key, **read})

    def _consent(self, box: Mailbox, purpose: str, dice: Random) -> None:
        given = self._day(dice, 400)
        withdrawn = given + timedelta(days=5) if dice.random() < 0.1 else None
        values = {"purpose": purpose, "text_version": "2026.1", "given_on": given, "withdrawn_on": withdrawn}
        self.book.put("consents", Tie(mail=frozenset({box})), {"email": box.address, **values})

    def _form(self, form: str, person: Person, more: dict[str, str], dice: Random) -> None:
        """The answers as the form sent them: the address stands inside a JSON text."""
        answers = {"sender": {"name": person.name, "email": person.mailbox.address}, **more}
        mail = Tie(mail=frozenset({person.mailbox}))
        values = {"form": form, "at": self._lately(dice, 150), "answers": answers}
        self.book.put("form_answers", mail, values)

    def _visit(self, contact: int | None, tie: Tie, dice: Random) -> None:
        values = {"at": self._lately(dice, 85), "ip": ip(dice), "agent": dice.choice(AGENTS)}
        self.book.put("visits", tie, {"contact_id": contact, **values, "page": dice.choice(words.PAGES)})

    def _said(self, text: str, person: Person, prose: Prose, dice: Random) -> str:
        """A text with the words filled in; who is cited in it is noted."""
        other = dice.choice(self.solo)
        values = {
            "name": person.name,
            "first": person.first,
            "years": dice.randint(2, 20),
            "other": other.name,
            "hostile": dice.choice(HOSTILE),
        }
        if "{mail}" in text:
            values["mail"] = prose.cite(person.mailbox)
        if "{other_mail}" in text:
            values["other_mail"] = prose.cite(other.mailbox)
        return text.format_map(values)

    def _day(self, dice: Random, days: int) -> date:
        return self.today - timedelta(days=dice.randint(1, days))

    def _lately(self, dice: Random, days: int) -> datetime:
        return moment(self._day(dice, days), dice)


_DOORS = ("order", "event", "apply", "ask", "news")
HR = "jobb@vitmossa.example"


def main() -> None:
    """Make the database named on the command line."""
    command(make_world, __file__, "an invented consultancy", DATABASE)


if __name__ == "__main__":
    main()

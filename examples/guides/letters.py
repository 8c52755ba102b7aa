"""What people write and ask for: stories, messages between members, e-mails, mailings, visits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from examples.common.book import Book, Prose, Tie, tied
from examples.common.people import Mailbox, Person, Register, full_name, ip, moment
from examples.common.words import AGENTS, HOSTILE
from examples.guides import words
from examples.guides.people import Member


class LetterWriter:
    """Writes what is free text, what is asked for by an address alone, and the log of visits."""

    def __init__(self, book: Book, census: Register) -> None:
        self.book, self.census, self.today = book, census, census.today

    def write(self, member: Member, members: Sequence[Member]) -> None:
        """Everything one member wrote and asked for."""
        dice = Random(f"{self.census.seed}:letters:{member.id}")
        person = member.person
        if dice.random() < 0.2:
            self._story(member, dice)
        for _ in range(dice.choice((0, 0, 1, 3))):
            other = members[dice.randrange(len(members))]
            if other.person is not person:
                self._private(member, other, dice)
        if member.id <= 12 or dice.random() < 0.25:
            self._mails(person, person.mailbox, dice)
        if dice.random() < 0.15:
            self._asked(person.mailbox, dice)
        if dice.random() < 0.3:
            self._newsletter(person.mailbox, dice)
        for _ in range(dice.randint(0, 12)):
            at = moment(self.today - timedelta(days=dice.randint(1, 96)), dice)
            values = {"member_id": member.id, "at": at, "ip": ip(dice), "page": dice.choice(words.PAGES)}
            self.book.put("visits", member.tie, {**values, "agent": dice.choice(AGENTS)})

    def strangers(self, count: int) -> None:
        """People who wrote or subscribed, and never booked."""
        for number, person, dice in self.census.strangers(count, "utan"):
            if number % 3 == 0:
                self._mails(person, person.mailbox, dice)
            elif number % 3 == 1:
                self._newsletter(person.mailbox, dice)
            else:
                self._asked(person.mailbox, dice)

    def traps(self) -> None:
        """Rows that look like somebody's and are nobody's."""
        dice = Random(f"{self.census.seed}:traps")
        for local in ("anna.ekk", "nna.ek", "anna-ek"):
            self._newsletter(Mailbox(f"{local}@brevbrygga.example"), dice)
        for _ in range(40):
            at = moment(self.today - timedelta(days=dice.randint(1, 80)), dice)
            values = {"member_id": None, "at": at, "ip": ip(dice), "page": "/", "agent": AGENTS[0]}
            self.book.put("visits", Tie(), values)

    def _story(self, member: Member, dice: Random) -> None:
        title, text = dice.choice(words.STORIES)
        permitted = moment(self.today - timedelta(days=dice.randint(40, 900)), dice)
        values = {
            "member_id": member.id,
            "title": title,
            "body": text.format(companion=full_name(dice)),
            "picture": f"berattelse-{member.id}.jpg" if dice.random() < 0.5 else None,
            "shown_on": dice.choice(("site", "site_and_brochure")),
            "permitted_at": permitted,
            "withdrawn_at": permitted + timedelta(days=20) if dice.random() < 0.05 else None,
        }
        self.book.put("stories", member.tie, values)

    def _private(self, sender: Member, reader: Member, dice: Random) -> None:
        prose = Prose()
        body = self._text(dice.choice(words.PRIVATE), sender.person, sender.person.mailbox, prose, dice)
        values = {
            "from_id": sender.id,
            "to_id": reader.id,
            "sent_at": moment(self.today - timedelta(days=dice.randint(1, 700)), dice),
            "body": body,
        }
        self.book.put("private_messages", tied(sender.person, reader.person), values, prose=prose)

    def _mails(self, person: Person, box: Mailbox, dice: Random) -> None:
        first = moment(self.today - timedelta(days=dice.randint(5, 690)), dice)
        thread = f"M{len(self.book.values['mails']) + 1:05d}"
        closed = first + timedelta(days=dice.randint(1, 9)) if dice.random() < 0.9 else None
        for turn in range(dice.randint(1, 3)):
            ours, prose = turn % 2 == 1, Prose()
            text = dice.choice(words.FROM_HOUSE if ours else words.TO_HOUSE)
            theirs = box.spelled(dice.choice(("", "capitals")))
            values = {
                "thread": thread,
                "from_name": "Stigvis" if ours else person.name,
                "from_email": words.HOUSE if ours else theirs,
                "to_email": theirs if ours else words.HOUSE,
                "at": first + timedelta(hours=5 * turn),
                "closed_at": closed,
                "body": self._text(text, person, box, prose, dice),
            }
            self.book.put("mails", Tie(mail=frozenset({box})), values, prose=prose)

    def _text(self, text: str, person: Person, box: Mailbox, prose: Prose, dice: Random) -> str:
        other = self.census.persons[dice.randrange(len(self.census.persons))]
        return text.format(
            first=person.first,
            name=person.name,
            phone=person.phone,
            mail=prose.cite(box) if "{mail}" in text else "",
            other=other.name,
            other_mail=prose.cite(other.mailbox) if "{other_mail}" in text else "",
            hostile=dice.choice(HOSTILE),
        )

    def _asked(self, box: Mailbox, dice: Random) -> None:
        asked = moment(self.today - timedelta(days=dice.randint(2, 85)), dice)
        values = {"email": box.spelled(dice.choice(("", "upper"))), "what": dice.choice(words.ASKED)}
        sent = asked + timedelta(minutes=2)
        whose = Tie(mail=frozenset({box}))
        self.book.put("asked_mails", whose, {**values, "asked_at": asked, "sent_at": sent})

    def _newsletter(self, box: Mailbox, dice: Random) -> None:
        asked = moment(self.today - timedelta(days=dice.randint(40, 1_500)), dice)
        values = {
            "email": box.spelled(dice.choice(("", "", "upper"))),
            "asked_at": asked,
            "confirmed_at": asked + timedelta(minutes=9) if dice.random() < 0.93 else None,
            "left_at": asked + timedelta(days=30) if dice.random() < 0.1 else None,
        }
        self.book.put("newsletter", Tie(mail=frozenset({box})), values)

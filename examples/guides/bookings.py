"""Walks, bookings with who comes along and how they are, and the money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from examples.common.book import Book, Tie, tied
from examples.common.people import Mailbox, Person, Register, full_name, moment, plain, spellings
from examples.common.words import MAIL_HOSTS
from examples.guides import words
from examples.guides.people import Guide, Member


@dataclass(frozen=True, slots=True)
class Walk:
    """A row of `walks`."""

    id: int
    held: date
    price: int


class BookingWriter:
    """Writes walks and everything that hangs on a booking."""

    def __init__(self, book: Book, census: Register) -> None:
        self.book, self.census, self.today = book, census, census.today
        self.made: list[Walk] = []

    def walks(self, guides: Sequence[Guide]) -> None:
        """Some walks of each guide, past and to come, and what the guides were paid."""
        for guide in guides:
            dice = Random(f"{self.census.seed}:walks:{guide.id}")
            for _ in range(dice.randint(6, 14)):
                held = self.today + timedelta(days=dice.randint(-340, 60))
                price = dice.choice((295_00, 450_00, 890_00))
                title, place = dice.choice(words.TITLES), dice.choice(tuple(words.PLACES))
                values = {"guide_id": guide.id, "title": title, "place": place, "price_ore": price}
                id_ = self.book.put("walks", tied(guide.person), {**values, "held_on": held})
                self.made.append(Walk(id_, held, price))
            for back in range(dice.randint(2, 6)):
                day = self.today - timedelta(days=31 * back + 10)
                values = {"guide_id": guide.id, "month": f"{day:%Y-%m}", "paid_on": day}
                amount = dice.randint(9, 90) * 100_00
                paid = {**values, "amount_ore": amount, "account": guide.account}
                self.book.put("fees", tied(guide.person), paid)
        for place, county in words.PLACES.items():
            self.book.put("places", Tie(), {"place": place, "county": county})

    def write(self, member: Member) -> None:
        """The bookings and cards of one member."""
        dice = Random(f"{self.census.seed}:bookings:{member.id}")
        for number in range(dice.choice((0, 1, 1, 2, 4)) + (member.id in (1, 7))):
            name, box = member.person.name, member.person.mailbox
            # The first of the one who left is old enough for the books to be all that remains.
            self._booking(member.tie.and_mail(box), member.id, member.person, name, box, dice, number)
        if dice.random() < 0.3 and not member.closed:
            card = {"token": f"kort_{dice.getrandbits(64):016x}", "last4": f"{dice.randint(0, 9999):04d}"}
            values = {"member_id": member.id, **card, "expires": f"{dice.randint(2027, 2030)}-04"}
            self.book.put("cards", member.tie, values)

    def without_account(self, count: int) -> None:
        """People who booked with no more than an address; some are members who forgot to sign in."""
        for number in range(count):
            dice = Random(f"{self.census.seed}:guest:{number}")
            known = [p for p in self.census.persons[:count] if not p.mailbox.shared]
            if number % 4 == 0:
                person = dice.choice(known)
            else:
                name = full_name(dice)
                address = f"{plain(name.replace(' ', '.'))}.gast{number}@{dice.choice(MAIL_HOSTS)}"
                person = self.census.person(name, dice, address)
            tie = Tie(mail=frozenset({person.mailbox}))
            self._booking(tie, None, person, person.name, person.mailbox, dice, number)

    def _booking(
        self, tie: Tie, member: int | None, person: Person, name: str, box: Mailbox, dice: Random, number: int
    ) -> None:
        past = [walk for walk in self.made if walk.held < self.today - timedelta(days=30)]
        walk = dice.choice(past if number == 0 else self.made)
        friend = full_name(dice)
        message = dice.choice(words.MESSAGES)
        booking: int = self.book.put(
            "bookings",
            tie,
            {
                "walk_id": walk.id,
                "member_id": member,
                "booker_name": name,
                "booker_email": box.spelled(dice.choice(("", "", "capitals"))),
                "booker_phone": person.phone,
                "booked_at": moment(walk.held - timedelta(days=dice.randint(3, 80)), dice),
                "held_on": walk.held,
                "state": "done" if walk.held < self.today else "coming",
                "message": message.format(first=person.first, companion=friend) if message else None,
            },
        )
        self._party(tie, booking, walk, person, friend, dice)
        self._invoice(tie, booking, walk, person, box, dice)

    def _party(self, tie: Tie, booking: int, walk: Walk, person: Person, friend: str, dice: Random) -> None:
        party: list[tuple[str, Mailbox | None]] = [(person.name, None)]
        if dice.random() < 0.4:
            party.append((friend, None))
        if dice.random() < 0.3:  # a companion who is known here, too
            other = self.census.persons[dice.randrange(len(self.census.persons))]
            if other is not person and not other.mailbox.shared:
                party.append((other.name, other.mailbox))
        for name, box in party:
            whose = tie.and_mail(box) if box else tie
            values = {"booking_id": booking, "name": name, "born": dice.randint(1941, 2018)}
            email = box.spelled(dice.choice(("", "upper"))) if box else None
            participant = self.book.put("participants", whose, {**values, "email": email})
            recent = walk.held > self.today - timedelta(days=20)
            if dice.random() < (0.5 if recent else 0.03):
                note = dice.choice(words.HEALTH).format(companion=friend, phone=person.phone)
                consented = moment(walk.held - timedelta(days=3), dice)
                values = {"participant_id": participant, "note": note, "consented_at": consented}
                self.book.put("health_notes", whose, {**values, "held_on": walk.held})

    def _invoice(
        self, tie: Tie, booking: int, walk: Walk, person: Person, box: Mailbox, dice: Random
    ) -> None:
        number = len(self.book.values["invoices"]) + 1
        by_number = person.personnummer is not None and dice.random() < 0.5
        pnr = spellings(person.personnummer)[0] if by_number and person.personnummer else None
        whose = (tie.and_of(person) if pnr else tie).and_mail(box)
        issued = min(walk.held, self.today)
        paid = dice.random() < 0.85
        self.book.put(
            "invoices",
            whose,
            {
                "id": number,
                "booking_id": booking,
                "number": f"V{issued:%y}-{number:05d}",
                "sort": "invoice" if pnr else "receipt",
                "issued_on": issued,
                "total_ore": walk.price,
                "status": "paid" if paid else "unpaid",
                "payer_name": person.name,
                "payer_email": box.address,
                "payer_pnr": pnr,
            },
        )
        if paid:
            giro = dice.random() < 0.3
            account = f"{dice.randint(1000, 9999)}-{dice.randint(10**6, 10**7)}" if giro else None
            values = {"invoice_id": number, "paid_on": issued, "amount_ore": walk.price}
            method = "giro" if giro else dice.choice(("card", "swish"))
            self.book.put("payments", whose, {**values, "method": method, "payer_account": account})
        elif dice.random() < 0.7:
            values = {"invoice_id": number, "sent_on": issued + timedelta(days=35), "step": 1}
            self.book.put("reminders", whose, values)

"""People known only by an e-mail address, and rows made to be mistaken for somebody's."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from examples.common.book import Book, Prose, Tie
from examples.common.people import Mailbox, moment, phone, plain
from examples.webhost import words
from examples.webhost.letters import LetterWriter
from examples.webhost.people import Census, Person, Sort

ALIKE = (
    "anna.ek@brevbrygga.example ",
    " anna.ek@brevbrygga.example",
    "\uff41nna.ek@brevbrygga.example",  # full-width a
    "\u0430nna.ek@brevbrygga.example",  # Cyrillic a
    "anna\u200b.ek@brevbrygga.example",  # zero width
    "anna.ek\uff20brevbrygga.example",  # full-width @
    "annå.ek@brevbrygga.example",
    "anna.ek@brevbrygga.example.se.example",
    "xanna.ek@brevbrygga.example",
    "eri\u212a.koc\u212a@brevbrygga.example",  # Kelvin sign
    "er\u0131k.kock@brevbrygga.example",  # dotless i
    "anna.ek@brevbrygg.example",
    "annaek@brevbrygga.example",
    "%@brevbrygga.example",
    "____.ek@brevbrygga.example",
    "0",
    "",
)
"""Addresses that a careless comparison takes for Anna's or Erik's; they are nobody's here."""


ALARM = "larm@annanstans.example"
CITED = (1, 2, 4, 7, 16)
"""Customers whose identities strangers write in letters."""
AROUND_MAIL = (
    ("Skriv till {}.", ""),
    ("Från: Larm <{}>", "upper"),
    ("({})", "capitals"),
    ("<a href='mailto:{}?subject=Hej'>", ""),
    ("adress={};", "punycode"),
    ("både {}, och ingen annan", "decomposed"),
    ("{}", ""),
)
AROUND_NUMBER = (
    ("pnr:{}.", "-"),
    ("({})", ""),
    ("Personnummer {} enligt avtal", " "),
    ("{}", "-"),
)
ALIKE_IN_TEXT = (
    "Skriv till xanna.ek@brevbrygga.example eller joanna.ek@brevbrygga.example.org.example",
    "annaQek@brevbrygga.example",
    "anna.ek@brevbrygga.examplex.example",
    "hej-anna.ek@brevbrygga.example",
    "eri\u212a.koc\u212a@brevbrygga.example",
    "\u0430nna.ek@brevbrygga.example",
    "anna.ek@brevbrygga.example.nu.example",
)
"""Texts in which Anna or Erik seems to stand; they do not."""


class StrayWriter:
    """Writes the rows that hang on an address alone."""

    def __init__(self, book: Book, census: Census, letters: LetterWriter) -> None:
        self.book, self.census, self.letters, self.today = book, census, letters, census.today

    def write_for_accounts(self) -> None:
        """Customers too take the newsletter, order as guests and come to meet-ups."""
        for account in self.census.accounts:
            dice = Random(f"{self.census.seed}:stray:{account.id}")
            box = account.mailbox
            ways = ("", "", "capitals", "upper", "decomposed", "punycode")
            always = account.id in (1, 2, 8, 16)
            if always or dice.random() < 0.5:
                self._newsletter(
                    box.spelled("decomposed" if account.id == 2 else dice.choice(ways)), box, dice
                )
            if always or dice.random() < 0.15:
                self._event(
                    box.spelled("punycode" if account.id == 16 else dice.choice(ways)),
                    account.person,
                    box,
                    dice,
                )
            if always or dice.random() < 0.15:
                self._order(box.spelled(dice.choice(ways)), account.person, box, dice)
            if account.id == 7 or dice.random() < 0.05:
                self._application(account.person, box, dice)

    def write_guests(self, count: int) -> None:
        """People who never became customers."""
        for number in range(count):
            dice = Random(f"{self.census.seed}:guest:{number}")
            name = f"{dice.choice(words.FIRST)} {dice.choice(words.LAST)}"
            name = words.HOSTILE[number] if number < len(words.HOSTILE) and number % 2 == 0 else name
            person = self.census.person(name, dice, sort=Sort.GUEST)
            box = self.census.box(
                f"{plain(dice.choice(words.FIRST))}.gast{number}@{dice.choice(words.MAIL_HOSTS)}", person
            )
            acts = dice.sample(range(6), dice.randint(1, 3))
            if 0 in acts or number == 0:
                self._newsletter(box.spelled("capitals"), box, dice)
            if 1 in acts or number == 1:
                self._order(box.spelled(dice.choice(("", "capitals", "upper"))), person, box, dice)
            if 2 in acts:
                self._event(box.address, person, box, dice)
            if 3 in acts:
                self._application(person, box, dice)
            if 4 in acts:
                self.letters.guest_ticket(person, box, dice)
            if 5 in acts:
                self._moved(box, dice)

    def write_traps(self) -> None:
        """Rows that look like somebody's and are nobody's."""
        dice = Random(f"{self.census.seed}:traps")
        for address in ALIKE:
            self._newsletter(address, None, dice)
            self._order(address, None, None, dice)
            self._setting("backup_email", address, dice)
        for value in ("10001A", "010001", "10001 ", "1e4", "1A", "", None):
            self._setting("invoice_customer_no", value, dice)
        for value in ("1A", "x1", "", None):
            self._setting("delegate_customer", value, dice)
        for kind in ("invoice", "Customer", "customers"):  # an unknown type, and two near ones
            about = {"subject_type": kind, "subject_id": 1, "at": moment(self._day(dice), dice)}
            self.book.put(
                "notes", Tie(), {**about, "written_by": "drift@fjordhem.example", "body": "Larm om disk."}
            )
        for article, price in words.PLANS.items():
            self.book.put(
                "price_list", Tie(), {"article": article, "name": f"Avtal {article}", "price_ore": price}
            )

    def write_mentions(self) -> None:
        """Letters by strangers in which people are named, in many ways, and some that only look so."""
        dice = Random(f"{self.census.seed}:mentions")
        ticket = self.letters.open_ticket(
            Tie(), "Larm", ALARM, "Larm", moment(self._day(dice), dice), customer=None, closed=False
        )
        for number in CITED:
            account = self.census.accounts[number - 1]
            for around, way in AROUND_MAIL:
                prose = Prose()
                self._alarm(ticket, around.format(prose.cite(account.mailbox, way)), prose, dice)
            for around, sign in AROUND_NUMBER:
                digits = account.person.personnummer or ""
                prose = Prose()
                written = prose.number(account.person, f"{digits[:8]}{sign}{digits[8:]}")
                self._alarm(ticket, around.format(written), prose, dice)
        for person in self.census.persons:
            if person.sort is Sort.GUEST and not person.personnummer and person.number % 4 == 0:
                prose = Prose()
                body = f"Hälsa även {person.name} ({prose.cite(person.mailbox, 'capitals')})."
                self._alarm(ticket, body, prose, dice)
        anna = self.census.accounts[0].person.personnummer or ""
        for body in (f"Order 00{anna}123 är skickad", f"{anna}0", f"1{anna[2:]}", *ALIKE_IN_TEXT):
            self._alarm(ticket, body, Prose(), dice)

    def _alarm(self, ticket: int, body: str, prose: Prose, dice: Random) -> None:
        at = moment(self._day(dice), dice)
        self.letters.message(ticket, Tie(), "Larm", ALARM, body, at, prose)

    def _day(self, dice: Random) -> date:
        return self.today - timedelta(days=dice.randint(1, 1_200))

    def _newsletter(self, written: str, box: Mailbox | None, dice: Random) -> None:
        since = moment(self._day(dice), dice)
        left = since + timedelta(days=30) if dice.random() < 0.2 else None
        values = {
            "email": written,
            "since": since,
            "source": dice.choice(("form", "checkout")),
            "left_at": left,
        }
        self.book.put("newsletter", _by(box), values)

    def _event(self, written: str, person: Person, box: Mailbox, dice: Random) -> None:
        held = self.today + timedelta(days=dice.randint(-900, 60))
        values = {
            "email": written,
            "name": person.name,
            "event": f"{dice.choice(words.EVENTS)} {held.year}",
            "held_on": held,
            "diet": dice.choice(words.DIETS) if dice.random() < 0.4 else None,
            "came": dice.random() < 0.8 if held < self.today else None,
        }
        self.book.put("event_registrations", _by(box), values)

    def _order(self, written: str, person: Person | None, box: Mailbox | None, dice: Random) -> None:
        values = {
            "email": written,
            "name": person.name if person else "Någon Annan",
            "article": dice.choice(("presentkort", "flytthjälp", "genomgång")),
            "amount_ore": dice.randint(1, 20) * 50_00,
            "ordered_at": moment(self._day(dice), dice),
            "message": dice.choice((None, "Ring innan.", dice.choice(words.HOSTILE))),
        }
        self.book.put("guest_orders", _by(box), values)

    def _application(self, person: Person, box: Mailbox, dice: Random) -> None:
        applied = self._day(dice)
        decided = applied + timedelta(days=40) if applied < self.today - timedelta(days=40) else None
        values = {
            "name": person.name,
            "email": box.address,
            "phone": person.phone,
            "position": dice.choice(words.POSITIONS),
            "letter": f"Jag heter {person.name} och vill arbeta hos er. Referens: Kim Nord, {phone(dice)}.",
            "cv_file": "meriter.pdf",
            "assessment": "Gott intryck." if decided else None,
            "status": dice.choice(("no", "hired")) if decided else "new",
            "applied_on": applied,
            "decided_on": decided,
        }
        self.book.put("job_applications", _by(box), values)

    def _moved(self, box: Mailbox, dice: Random) -> None:
        """A subscriber without an account changed address: the log knows it only as a value."""
        values = {
            "customer_id": None,
            "at": moment(self._day(dice), dice),
            "entity": "newsletter",
            "field": "email",
            "old_value": "forr@annanstans.example",
            "new_value": box.spelled("capitals"),
            "actor": "formular",
        }
        self.book.put("change_log", _by(box), values)
        self._setting("backup_email", box.address, dice, box)

    def _setting(self, name: str, value: str | None, dice: Random, box: Mailbox | None = None) -> None:
        values = {"scope": "panel", "name": name, "value": value, "changed_at": moment(self._day(dice), dice)}
        self.book.put("settings", _by(box), values)


def _by(box: Mailbox | None) -> Tie:
    return Tie(mail=frozenset({box})) if box else Tie()

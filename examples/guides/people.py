"""The invented guide site's members and guides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from examples.common.book import Book, Tie, tied
from examples.common.people import (
    Person,
    Register,
    full_name,
    moment,
    org_no,
    personnummer,
    plain,
    spellings,
)
from examples.guides import words


@dataclass(frozen=True, slots=True)
class Part:
    """A hard case that is in every database, at a fixed place among the members."""

    name: str
    address: str
    same_as: int | None = None
    protected: bool = False
    closed: bool = False


CAST: dict[int, Part] = {
    1: Part("Anna Ek", "anna.ek@brevbrygga.example"),
    2: Part("Anna Ek", "anna_ek@brevbrygga.example"),
    3: Part("Änna Ek", "änna.ek@brevbrygga.example"),
    4: Part("Berit Holm", "holms@kustmejl.example"),
    5: Part("Sten Holm", "holms@kustmejl.example"),
    6: Part("Anna Ek", "ek.anna@kustmejl.example", same_as=1),
    7: Part("Lars Sund", "lars.sund@kustmejl.example", closed=True),
    8: Part("Siv Lind", "siv.lind@kustmejl.example", protected=True),
    9: Part("Åsa Ängström", "åsa.ängström@blåbärsbageriet.example"),
    10: Part("=1+1 Hedlund", "formel@kustmejl.example"),
    11: Part("<b>Fet</b> Stil", "fet.stil@kustmejl.example"),
    12: Part("Per Ek", "joanna.ek@brevbrygga.example"),
}
"""People who are in every database. 1 and 6 are one person with two accounts; 4 and 5 share an address;
7 has left, and the books remain; 8 has a protected identity."""
GUIDES = (2, 5, 9, 20, 21, 22, 23, 24, 25, 26, 27, 28)
"""Members who lead walks. Every other one is a sole trader, whose firm's number is a personnummer."""
LEAST = 60


@dataclass(eq=False, slots=True)
class Member:
    """A row of `members`: some persons have two."""

    id: int
    person: Person
    created: date
    closed: date | None

    @property
    def tie(self) -> Tie:
        """The row of this person."""
        return tied(self.person)


@dataclass(eq=False, slots=True)
class Guide:
    """A row of `guides`. One who left before there were accounts is known by the number alone."""

    id: int
    person: Person
    account: str


class Maker:
    """Enrols members and guides."""

    def __init__(self, book: Book, census: Register) -> None:
        self.book, self.census, self.today = book, census, census.today
        self.members: list[Member] = []
        self.guides: list[Guide] = []

    def member(self, k: int) -> None:
        """Member `k`: one of the cast, or somebody made up."""
        dice = Random(f"{self.census.seed}:member:{k}")
        part = CAST.get(k) or self._somebody(k, dice)
        if part.same_as:
            person = self.members[part.same_as - 1].person
            box = self.census.box(part.address, person)
        else:
            known = k % 2 == 0 or k in (1, 3, 5, 7, 9) or k in GUIDES
            number = personnummer(k) if known else None
            person = self.census.person(
                part.name, dice, part.address, personnummer=number, protected=part.protected
            )
            box = person.mailbox
        person.numbers.append(("customer_no", f"V{4_000 + k}"))
        days = dice.randint(60, 8 * 365)
        created = self.today - timedelta(days=days)
        left = part.closed or (k > 30 and dice.random() < 0.12)
        closed = self.today - timedelta(days=min(days, dice.randint(10, 80))) if left else None
        made = Member(k, person, created, closed)
        self.members.append(made)
        pnr = spellings(person.personnummer)[k % 4] if person.personnummer else None
        self.book.put(
            "members",
            made.tie,
            {
                "id": k,
                "customer_no": f"V{4_000 + k}",
                "name": person.name,
                "personnummer": pnr,
                "email": box.spelled("capitals" if k % 19 == 0 else ""),
                "phone": person.phone,
                "address": person.address,
                "protected_identity": person.protected,
                "password_hash": f"$argon2id$v=19$m=19456,t=2,p=1$invented${dice.getrandbits(96):024x}",
                "created_at": moment(created, dice),
                "closed_on": closed,
            },
        )
        if dice.random() < 0.6:
            self._profile(made, dice)

    def _somebody(self, k: int, dice: Random) -> Part:
        name = full_name(dice)
        local = plain(name.replace(" ", ".")) + str(k)
        host = "postlåda.example" if k % 10 == 4 else dice.choice(("brevbrygga.example", "kustmejl.example"))
        return Part(name, f"{local}@{host}", protected=k % 170 == 40)

    def _profile(self, member: Member, dice: Random) -> None:
        about = dice.choice(words.ABOUT)
        box = member.person.mailbox
        values = {
            "member_id": member.id,
            "shown_name": member.person.first,
            "about": about.format(mail="min adress" if box.shared else box.address) if about else None,
            "picture": f"profil-{member.id}.jpg" if dice.random() < 0.5 else None,
            "wants": dice.choice(("stillhet", "sallskap", "utmaning")),
        }
        self.book.put("profiles", member.tie, values)

    def guide(self, k: int) -> None:
        """Member `k` leads walks."""
        member = self.members[k - 1]
        self._guide(k, member.person, member.id, sole=k % 2 == 1)

    def old_guide(self, k: int) -> None:
        """A sole trader who left before there were accounts, and is a member under another name today:
        only the number of the firm leads to them."""
        self._guide(k, self.members[k - 1].person, None, sole=True)

    def _guide(self, k: int, person: Person, member: int | None, *, sole: bool) -> None:
        dice = Random(f"{self.census.seed}:guide:{k}")
        pnr = person.personnummer or ""
        since = self.today - timedelta(days=dice.randint(700, 2_900))
        made = Guide(len(self.guides) + 1, person, f"{dice.randint(1000, 9999)}-{dice.randint(10**6, 10**7)}")
        self.guides.append(made)
        firm = f"{person.name.split()[-1]}s vandringar"
        self.book.put(
            "guides",
            tied(person),
            {
                "id": made.id,
                "member_id": member,
                "firm": firm if sole else f"{firm} AB",
                "org_no": spellings(pnr)[1] if sole else org_no(k),
                "account": made.account,
                "since": since,
                "left_on": None if member else since + timedelta(days=500),
            },
        )

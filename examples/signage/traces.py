"""What one customer leaves behind: contracts, players, books, and the traces of its people."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from examples.common.book import Book, Tie, tied
from examples.common.people import Person, Register, full_name, ip, moment
from examples.common.words import AGENTS
from examples.signage import words
from examples.signage.people import Customer

LOGS = 96
"""Logs go back so many days; the policy keeps 90."""


class TraceWriter:
    """Writes everything of one customer except letters."""

    def __init__(self, book: Book, census: Register) -> None:
        self.book, self.census, self.today = book, census, census.today

    def write(self, customer: Customer) -> None:
        """All rows of this customer and its people."""
        dice = Random(f"{self.census.seed}:traces:{customer.id}")
        if dice.random() < 0.4:
            self._check(customer, dice)
        for _ in range(dice.choice((1, 1, 2))):
            contract = self._contract(customer, dice)
            for _ in range(dice.randint(1, 4)):
                self._player(customer, contract, dice)
            self._usage(customer, contract, dice)
        for person in customer.people:
            self._person(customer, person, dice)

    def _lately(self, customer: Customer, dice: Random, days: int = LOGS) -> datetime | None:
        """Some moment while the customer was there, not longer ago than logs go back."""
        last = customer.ended or self.today
        day = self.today - timedelta(days=dice.randint(1, days))
        return moment(day, dice) if customer.started <= day <= last else None

    def _check(self, customer: Customer, dice: Random) -> None:
        values = {
            "checked_on": customer.started + timedelta(days=dice.randint(0, 60)),
            "method": dice.choice(("letter", "meeting", "e_id")),
            "shown_by": customer.people[0].name,
            "result": "agreed" if dice.random() < 0.95 else "refused",
        }
        self.book.put("ownership_checks", customer.tie, {"customer_id": customer.id, **values})

    def _contract(self, customer: Customer, dice: Random) -> int:
        plan = dice.choice(tuple(words.PLANS))
        contract: int = self.book.put(
            "contracts",
            customer.tie,
            {
                "customer_id": customer.id,
                "plan": plan,
                "price_ore": words.PLANS[plan],
                "started_on": customer.started,
                "ended_on": customer.ended,
            },
        )
        until = customer.ended or self.today
        months = max(1, (until - customer.started).days // 30)
        for back in range(min(months, dice.randint(2, 9))):
            self._invoice(customer, contract, plan, until - timedelta(days=30 * back + 3), dice)
        return contract

    def _invoice(self, customer: Customer, contract: int, plan: str, issued: date, dice: Random) -> None:
        issued = max(issued, customer.started)
        asked = dice.choice(customer.people) if dice.random() < 0.5 else None
        tie = customer.tie.and_mail(asked.mailbox) if asked else customer.tie
        number = len(self.book.values["invoices"]) + 1
        lines = [(f"Skyltar, avtal {plan}", words.PLANS[plan])]
        if dice.random() < 0.3:
            lines.append(("Ny spelare, monterad", 2_490_00))
        self.book.put(
            "invoices",
            tie,
            {
                "id": number,
                "contract_id": contract,
                "number": f"L{issued:%y}-{number:05d}",
                "issued_on": issued,
                "due_on": issued + timedelta(days=30),
                "total_ore": sum(price for _, price in lines),
                "status": dice.choice(("paid", "paid", "paid", "unpaid", "reminded")),
                "recipient": f"{customer.people[0].name}, {customer.people[0].address}",
                "reference_name": asked.name if asked else None,
                "reference_email": asked.mailbox.address if asked else None,
            },
        )
        for line, (what, price) in enumerate(lines, 1):
            values = {"invoice_id": number, "line": line, "description": what, "amount_ore": price}
            self.book.put("invoice_lines", tie, values)

    def _player(self, customer: Customer, contract: int, dice: Random) -> None:
        keeper = dice.choice(customer.people) if dice.random() < 0.6 else None
        tie = customer.tie.and_mail(keeper.mailbox) if keeper else customer.tie
        at = ip(dice)
        player = len(self.book.values["players"]) + 1
        self.book.put(
            "players",
            tie,
            {
                "id": player,
                "contract_id": contract,
                "serial": f"LR-{dice.getrandbits(32):08X}-{player}",
                "place": dice.choice(words.PLACES),
                "keeper_name": keeper.name if keeper else None,
                "keeper_email": keeper.mailbox.spelled(dice.choice(("", "capitals"))) if keeper else None,
                "last_ip": at,
                "installed_on": customer.started,
                "retired_on": customer.ended,
            },
        )
        for _ in range(dice.randint(3, 14)):
            when = self._lately(customer, dice)
            if when:
                values = {"player_id": player, "at": when, "ip": at, "path": dice.choice(words.PLAYER_PATHS)}
                self.book.put("player_requests", tie, {**values, "status": dice.choice((200, 200, 304, 503))})

    def _usage(self, customer: Customer, contract: int, dice: Random) -> None:
        for month in range(1, dice.randint(2, 6)):
            plays = dice.randint(400, 9_000)
            values = {"month": f"2026-{10 - month:02d}", "plays": plays, "busy_hours": plays // 400}
            proposal = dice.choice(words.PROPOSALS) if plays > 8_000 else None
            self.book.put(
                "usage_months", customer.tie, {"contract_id": contract, **values, "proposal": proposal}
            )

    # -- people -----------------------------------------------------------------------------------

    def _person(self, customer: Customer, person: Person, dice: Random) -> None:
        tie, user = tied(person), {"user_id": person.number + 1}
        for _ in range(dice.randint(0, 9)):
            if at := self._lately(customer, dice):
                ok = dice.random() < 0.93
                values = {"at": at, "ip": ip(dice), "agent": dice.choice(AGENTS), "ok": ok}
                self.book.put("login_history", tie, {**user, **values})
        for _ in range(dice.randint(0, 8)):
            if at := self._lately(customer, dice):
                values = {"ip": ip(dice), "path": dice.choice(words.PANEL_PATHS)}
                self.book.put("panel_requests", tie, {**user, "at": at, **values, "agent": AGENTS[0]})
        for _ in range(dice.randint(0, 4)):
            if at := self._lately(customer, dice, 340):
                self._change(tie, user, person, at, dice)
        for _ in range(dice.randint(0, 3)):
            if at := self._lately(customer, dice, 340):
                self._message(tie, user, person, at, dice)
        if dice.random() < 0.6:
            self._playlist(customer, person, dice)
        if dice.random() < 0.25 and (at := self._lately(customer, dice)):
            payload = {"spelare": dice.randint(1, 400), "inloggad": {"konto": person.numbers[0][1]}}
            self.book.put("player_reports", tie, {"at": at, "kind": "service.menu", "payload": payload})

    def _change(self, tie: Tie, user: dict[str, int], person: Person, at: datetime, dice: Random) -> None:
        entity, field, old, new = dice.choice(
            (
                ("user", "phone", None, person.phone),
                ("playlist", "name", "Sommar", dice.choice(words.PLAYLISTS)),
                ("schedule", "open", "08:00", "09:00"),
                ("user", "name", full_name(dice), person.name),
            )
        )
        values = {"at": at, "entity": entity, "field": field, "old_value": old, "new_value": new}
        self.book.put("change_log", tie, {**user, **values})

    def _message(self, tie: Tie, user: dict[str, int], person: Person, at: datetime, dice: Random) -> None:
        sms = dice.random() < 0.4
        values = {"channel": "sms" if sms else "email", "sort": "service", "at": at}
        address = person.phone if sms else person.mailbox.address
        body = dice.choice(words.SERVICE_TEXTS)
        self.book.put("sent_messages", tie, {**user, **values, "address": address, "body": body})

    def _playlist(self, customer: Customer, person: Person, dice: Random) -> None:
        values = {
            "customer_id": customer.id,
            "made_by": person.number + 1,
            "name": dice.choice(words.PLAYLISTS),
            "note": f"Gjord av {person.first}" if dice.random() < 0.3 else None,
            "changed_at": moment(self.today - timedelta(days=dice.randint(1, 300)), dice),
        }
        self.book.put("playlists", customer.tie.and_of(person), values)

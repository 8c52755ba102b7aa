"""What one customer account leaves behind: contacts, contracts, domains, invoices, logs."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from examples.common.book import Book, Tie, tied
from examples.common.people import ip, moment, personnummer, phone, spellings
from examples.webhost import words
from examples.webhost.people import CAST, Account, Census, Person, Sort


class AccountWriter:
    """Writes everything of one account except letters."""

    def __init__(self, book: Book, census: Census) -> None:
        self.book, self.census, self.today = book, census, census.today

    def write(self, account: Account) -> None:
        """All rows of this account."""
        dice = Random(f"{self.census.seed}:account:{account.id}")
        tie = tied(account.person)
        self._customer(account, tie, dice)
        self._contacts(account, tie, dice)
        for _ in range(dice.choice((1, 1, 1, 2))):
            self._contract(account, tie, dice)
        self._members(account, tie, dice)
        self._card_and_logs(account, tie, dice)
        self._orders(account, tie, dice)
        self._machine_rows(account, tie, dice)

    def _day(self, account: Account, dice: Random, *, least: int = 0) -> date:
        """Some day while the account was open."""
        end = account.closed or self.today
        span = max((end - account.created.date()).days, 0)
        return max(end - timedelta(days=dice.randint(min(least, span), span)), account.created.date())

    def someone_else(self, account: Account, dice: Random) -> Person:
        """Another private person who is a customer and whose address is theirs alone."""
        while True:
            other = self.census.accounts[dice.randrange(len(self.census.accounts))].person
            if other is not account.person and other.personnummer and not other.mailbox.shared:
                return other

    def _customer(self, account: Account, tie: Tie, dice: Random) -> None:
        person = account.person
        name = CAST[account.id].name if account.id in CAST else person.name
        self.book.put(
            "customers",
            tie,
            {
                "id": account.id,
                "customer_no": account.no,
                "kind": account.kind,
                "name": name,
                "personnummer": account.personnummer,
                "org_no": person.org_no,
                "email": account.mailbox.spelled("capitals" if account.id % 19 == 0 else ""),
                "phone": person.phone,
                "address": person.street,
                "postcode": person.postcode,
                "city": person.city,
                "language": "en" if account.id % 9 == 0 else "sv",
                "protected_identity": person.protected,
                "password_hash": f"$argon2id$v=19$m=19456,t=2,p=1$invented${dice.getrandbits(96):024x}",
                "created_at": account.created,
                "closed_on": account.closed,
            },
        )

    def _contacts(self, account: Account, tie: Tie, dice: Random) -> None:
        def add(role: str, name: str, address: str, number: str | None, whose: Tie) -> None:
            day = self._day(account, dice)
            values = {"role": role, "name": name, "email": address, "phone": number, "added_on": day}
            self.book.put("contacts", whose, {"customer_id": account.id, **values})

        owner = self.census.accounts[account.contact - 1] if account.contact else None
        if owner:
            person, box = owner.person, owner.mailbox
            add("owner", person.name, box.spelled("capitals"), person.phone, tie.and_mail(box))
        else:
            box = account.mailbox
            add("owner", account.person.name, box.address, account.person.phone, tie.and_mail(box))
        if dice.random() < 0.15:  # a friend or a neighbour who is a customer too
            other = self.someone_else(account, dice)
            add("technical", other.name, other.mailbox.address, None, tie.and_mail(other.mailbox))
        if account.kind == "company":
            name = f"{dice.choice(words.FIRST)} {dice.choice(words.LAST)}"
            add("billing", name, f"faktura{account.id}@bolag.example", phone(dice), tie)

    def _contract(self, account: Account, tie: Tie, dice: Random) -> None:
        plan = dice.choice(tuple(words.PLANS))
        start = self._day(account, dice)
        contract = self.book.put(
            "contracts",
            tie,
            {
                "customer_id": account.id,
                "plan": plan,
                "price_ore": words.PLANS[plan],
                "started_on": start,
                "ended_on": account.closed,
                "signed_ip": ip(dice),
            },
        )
        for _ in range(dice.randint(1, 2)):
            self._service(account, tie, dice, contract)
        months = max(1, ((account.closed or self.today) - start).days // 30)
        for _ in range(min(months, dice.randint(1, 8))):
            self._invoice(account, tie, dice, contract, plan)

    def _service(self, account: Account, tie: Tie, dice: Random, contract: int) -> None:
        values = {
            "contract_id": contract,
            "type": dice.choice(words.SERVICES),
            "host": f"s{contract}.fjordhem.example",
            "user_name": f"u{account.id}_{contract}",
            "created_at": moment(self._day(account, dice), dice),
        }
        service = self.book.put("services", tie, values)
        if dice.random() < 0.6:
            holder, box = account.person, account.mailbox
            if account.kind == "company" and dice.random() < 0.5:  # an agency keeps a domain for somebody
                holder = (
                    self._registrant(service, dice)
                    if dice.random() < 0.3
                    else self.someone_else(account, dice)
                )
                box = holder.mailbox
            number = holder.personnummer if dice.random() < 0.6 or holder.sort is Sort.GUEST else None
            whose = (tie.and_of(holder) if number else tie).and_mail(box)
            day = self._day(account, dice)
            domain = {
                "name": f"d{service}-{account.id}.example",
                "registrant_name": holder.name,
                "registrant_email": box.address,
                "registrant_pnr": spellings(number)[service % 4] if number else None,
                "registered_on": day,
                "expires_on": day + timedelta(days=365 * dice.randint(1, 10)),
            }
            self.book.put("domains", whose, {"customer_id": account.id, "service_id": service, **domain})
        for _ in range(dice.randint(0, 6)):
            self._visit(service, dice)

    def _registrant(self, service: int, dice: Random) -> Person:
        """Somebody known only as the holder of a domain."""
        name = f"{dice.choice(words.FIRST)} {dice.choice(words.LAST)}"
        holder = self.census.person(name, dice, sort=Sort.GUEST, personnummer=personnummer(service + 56_000))
        self.census.box(f"innehavare{service}@kustmejl.example", holder)
        return holder

    def _visit(self, service: int, dice: Random) -> None:
        """A visitor on the customer's own site: the company is only processor here."""
        visitor, whose = None, Tie()
        if dice.random() < 0.25:
            other = self.census.accounts[dice.randrange(len(self.census.accounts))].person
            if not other.mailbox.shared:
                visitor, whose = other.mailbox.address, Tie(mail=frozenset({other.mailbox}))
        self._request(
            dice, whose, {"customer_id": None, "service_id": service, "visitor": visitor}, "site_requests"
        )

    def _request(self, dice: Random, tie: Tie, who: dict[str, object], dataset: str) -> None:
        path = dice.choice(words.SITE_PATHS if dataset == "site_requests" else words.PANEL_PATHS)
        values = {
            "at": moment(self.today - timedelta(days=dice.randint(0, 120)), dice),
            "ip": ip(dice),
            "method": dice.choice(("GET", "GET", "POST")),
            "path": path,
            "status": dice.choice((200, 200, 200, 302, 404)),
            "agent": dice.choice(words.AGENTS),
        }
        self.book.put("http_requests", tie, {**who, **values}, dataset=dataset)

    def _invoice(self, account: Account, tie: Tie, dice: Random, contract: int, plan: str) -> None:
        issued = self._day(account, dice)
        due = issued + timedelta(days=30)
        late = due < self.today - timedelta(days=60)
        status = dice.choices(("paid", "unpaid", "reminded", "enforcement"), (90, 4, 3, 3 if late else 0))[0]
        total = words.PLANS[plan] * 12
        person = account.person
        invoice = self.book.put(
            "invoices",
            tie,
            {
                "contract_id": contract,
                "number": f"F{len(self.book.values['invoices']) + 100_001}",
                "issued_on": issued,
                "due_on": due,
                "total_ore": total,
                "status": status,
                "recipient_name": person.name,
                "recipient_address": "" if person.protected else person.address,
            },
        )
        for line, (text, amount) in enumerate(
            (("Avtal ett år", total - 1_00), ("Avrundning", 1_00)), start=1
        ):
            values = {"invoice_id": invoice, "line": line, "description": text, "amount_ore": amount}
            self.book.put("invoice_lines", tie, values)
        if status == "paid":
            method = dice.choice(("card", "giro", "swish"))
            values = {
                "invoice_id": invoice,
                "paid_on": min(due, self.today),
                "amount_ore": total,
                "method": method,
                "payer_name": person.name,
                "payer_account": f"9999-{account.id:06d}" if method == "giro" else None,
            }
            self.book.put("payments", tie, values)

    def _members(self, account: Account, tie: Tie, dice: Random) -> None:
        for seq in range(1, dice.choice((1, 1, 2, 3))):
            other = self.someone_else(account, dice) if dice.random() < 0.5 else None
            name = other.name if other else f"{dice.choice(words.FIRST)} {dice.choice(words.LAST)}"
            address = other.mailbox.address if other else f"medlem{seq}@kund{account.id}.example"
            whose = tie.and_mail(other.mailbox) if other else tie
            key = {"customer_no": account.no, "seq": seq}
            day = self._day(account, dice)
            role = dice.choice(("reader", "editor"))
            self.book.put(
                "service_members", whose, {**key, "name": name, "email": address, "role": role, "since": day}
            )
            for permission in dice.sample(("dns", "mail", "files", "billing"), dice.randint(1, 2)):
                self.book.put(
                    "member_permissions", whose, {**key, "permission": permission, "granted_on": day}
                )

    def _card_and_logs(self, account: Account, tie: Tie, dice: Random) -> None:
        to = {"customer_id": account.id}
        if dice.random() < 0.35:
            last4 = f"{dice.randrange(10_000):04d}"
            card = {"token": f"tok_{dice.getrandbits(80):020x}", "last4": last4, "expires": "2028-05"}
            self.book.put("card_tokens", tie, {**to, **card, "holder": account.person.name})
        for _ in range(dice.randint(1, 12)):
            login = {"ip": ip(dice), "agent": dice.choice(words.AGENTS), "ok": dice.random() < 0.9}
            self.book.put("login_history", tie, {**to, "at": moment(self._day(account, dice), dice), **login})
        for _ in range(dice.randint(0, 6)):
            self._request(dice, tie, {**to, "service_id": None, "visitor": None}, "panel_requests")
        for _ in range(dice.randint(0, 4)):
            field, old, new = dice.choice(
                (
                    ("phone", phone(dice), account.person.phone),
                    ("address", dice.choice(words.STREETS) + " 1", account.person.street),
                    ("email", f"gammal{account.id}@kustmejl.example", account.mailbox.address),
                    ("plan", "start", "plus"),
                )
            )
            change = {"entity": "customer", "field": field, "old_value": old, "new_value": new}
            actor = dice.choice((account.no, "support@fjordhem.example"))
            self.book.put(
                "change_log",
                tie,
                {**to, "at": moment(self._day(account, dice), dice), **change, "actor": actor},
            )

    def _orders(self, account: Account, tie: Tie, dice: Random) -> None:
        for _ in range(dice.choice((0, 0, 1, 2))):
            values = {
                "customer_no": account.no,
                "group": dice.choice(("tillval", "domän", "flytt")),
                "from": moment(self._day(account, dice), dice),
                "amount_ore": dice.randint(1, 50) * 10_00,
            }
            order = self.book.put("order", tie, values, dataset="orders")
            if dice.random() < 0.3:
                refund = {"från datum": self._day(account, dice), "Belopp i öre": values["amount_ore"]}
                refund |= {
                    "Skäl": dice.choice(("Ångerköp", "Dubbel betalning")),
                    "Konto": f"9999-{account.id:06d}",
                }
                self.book.put("Återköp 2024", tie, {"order": order, **refund}, dataset="refunds")

    def _machine_rows(self, account: Account, tie: Tie, dice: Random) -> None:
        """Rows that carry the person only inside a JSON text or a generic value."""
        when = moment(self._day(account, dice), dice)
        for _ in range(dice.choice((0, 1, 2))):
            other = self.census.accounts[dice.randrange(len(self.census.accounts))]
            payload = {"customer": {"id": account.id}, "reseller": {"id": other.id}, "ok": True}
            self.book.put("api_events", tie, {"at": when, "kind": "service.changed", "payload": payload})
        beyond = account.id in (2, 16)  # letters that JSON escapes
        if beyond or dice.random() < 0.3:
            payload = {"contact": {"email": account.mailbox.address, "lang": "sv"}, "customer": None}
            whose = Tie(mail=frozenset({account.mailbox}))
            self.book.put("api_events", whose, {"at": when, "kind": "form.sent", "payload": payload})

        def setting(name: str, value: str, whose: Tie) -> None:
            self.book.put(
                "settings", whose, {"scope": "panel", "name": name, "value": value, "changed_at": when}
            )

        if dice.random() < 0.3:
            setting(
                "backup_email", account.mailbox.spelled("capitals"), Tie(mail=frozenset({account.mailbox}))
            )
        if dice.random() < 0.2:
            setting("invoice_customer_no", account.no, tie)
        if dice.random() < 0.2:
            setting("delegate_customer", str(account.id), tie)
        if dice.random() < 0.2:  # the same values under other names are nobody's
            setting("theme_seed", str(account.id), Tie())
            setting("sender_example", account.mailbox.address, Tie())

"""A small company with a little of everything, for the tests of the rooms that plan and answer."""

from __future__ import annotations

from datetime import date
from typing import Any

from lofte.datamap.document import DataMap
from lofte.datamap.identity import Identity, Kind
from lofte.plan.records import Subject
from lofte.policy.document import Policy

ON = date(2026, 11, 20)

ANNA = Subject(
    ref="2026-0017",
    identities=(
        Identity(kind=Kind.EMAIL, value="anna.lind@norr.example"),
        Identity(kind=Kind.PERSONNUMMER, value="198507099805"),
        Identity(kind=Kind.PHONE, value="+46701740605"),
        Identity(kind=Kind.CUSTOMER_NO, value="K-1001"),
    ),
)
BO = Subject(ref="2026-0018", identities=(Identity(kind=Kind.EMAIL, value="bo@soder.example"),))


def text(sv: str, en: str) -> dict[str, str]:
    return {"sv": sv, "en": en}


POLICY: dict[str, Any] = {
    "policy": 1,
    "meta": {
        "id": "prov",
        "title": text("Så behandlar vi personuppgifter", "How we process personal data"),
        "version": "2026.2",
        "status": "published",
        "languages": ["sv", "en"],
        "effective_from": date(2026, 1, 1),
    },
    "controller": {
        "legal_name": "Björkhult Handel AB",
        "trade_name": "Björkhult",
        "org_no": "556000-0001",
        "contact": {
            "channels": ["email", "letter"],
            "email": "dataskydd@bjorkhult.example",
            "phone": "031-390 06 00",
            "address": "Storgatan 1, 400 00 Göteborg",
        },
    },
    "dpo": {"designated": "yes", "name": "Dataskyddsombudet", "email": "dso@bjorkhult.example"},
    "authority": {
        "id": "IMY",
        "name": text("Integritetsskyddsmyndigheten (IMY)", "the Authority for Privacy Protection (IMY)"),
        "url": "https://www.imy.se/",
        "email": "imy@imy.se",
        "phone": "08-657 61 00",
    },
    "categories": {
        "identity": {
            "name": text("Identifiering", "Identification"),
            "text": text("Visar vem du är.", "Shows who you are."),
            "items": [{"id": "name", "name": text("namn", "name")}],
        },
        "national_id": {"name": text("Personnummer", "National identity number"), "mask": "last4"},
        "contact": {"name": text("Kontaktuppgifter", "Contact details")},
        "payment": {"name": text("Betalning", "Payment")},
        "letters": {"name": text("Korrespondens", "Correspondence")},
        "usage": {"name": text("Användning", "Usage")},
        "marketing": {"name": text("Nyhetsbrev", "Newsletter")},
    },
    "sources": {
        "you": {"name": text("dig själv", "you"), "categories": ["identity", "contact"]},
        "system": {"name": text("våra system", "our systems"), "categories": ["usage"], "automatic": True},
    },
    "purposes": {
        "deliver": {
            "name": text("Leverera", "Deliver"),
            "text": text("Vi skickar det du har köpt.", "We send what you bought."),
            "categories": ["identity", "national_id", "contact"],
            "legal_basis": "6.1.b",
            "retention": ["active", "after_end"],
            "recipients": ["carrier", "cloud"],
        },
        "books": {
            "name": text("Bokföra", "Keep the books"),
            "categories": ["identity", "payment"],
            "legal_basis": "6.1.c",
            "law": ["BFL-7-2"],
            "retention": ["accounting"],
            "recipients": ["authorities"],
        },
        "support": {
            "name": text("Hjälpa dig", "Help you"),
            "categories": ["letters"],
            "legal_basis": "6.1.f",
            "interest": {"text": text("att lösa det du frågar om", "to solve what you ask about")},
            "retention": ["ticket"],
        },
        "newsletter": {
            "name": text("Nyhetsbrev", "Newsletter"),
            "categories": ["marketing"],
            "legal_basis": "6.1.a",
            "marketing": {},
            "retention": ["newsletter"],
            "recipients": ["mailer"],
        },
    },
    "recipients": {
        "carrier": {"name": "Budet AB", "text": text("kör ut paket", "delivers parcels"), "role": "processor",
                    "country": "SE", "ground": "contract", "categories": ["contact"]},
        "cloud": {"name": "Cloudberry Inc.", "text": text("lagrar data", "stores data"), "role": "processor",
                  "country": "US", "safeguard": {"kind": "scc", "ref": "2021/914", "module": 2,
                                                 "copy": "on_request"}},
        "mailer": {"name": "Postgång AB", "role": "processor", "country": "SE"},
        "authorities": {"text": text("myndigheter som Skatteverket", "authorities such as the tax agency"),
                        "role": "authority", "country": "SE", "ground": "law"},
    },
    "retention": {
        "active": {"name": text("Under avtalet", "During the contract"), "keep_until": "contract.end",
                   "action": "next"},
        "after_end": {"name": text("Efter avtalet", "After the contract"), "keep_until": "contract.end + P3M",
                      "action": "delete"},
        "accounting": {"name": text("Räkenskapsmaterial", "Accounting records"),
                       "keep_until": "year_end(fiscal_year.end) + P7Y", "action": "delete", "law": "BFL-7-2"},
        "ticket": {"name": text("Ärenden", "Tickets"), "keep_until": "ticket.closed + P24M",
                   "action": "anonymise"},
        "newsletter": {"keep_until": "optout.time", "action": "suppress"},
    },
    "automated_decisions": {
        "lock": {"exists": True, "name": text("Spärr", "Lock"), "logic": text("Låser efter fel.", "Locks."),
                 "effects": text("Du kan inte logga in.", "You cannot sign in.")},
    },
}  # fmt: skip

FIELD = {"technical": True}

SYSTEM: dict[str, Any] = {
    "system": 1,
    "id": "shop",
    "name": text("Butiken", "The shop"),
    "url": "sqlite:///shop.db",
    "datasets": {
        "invoice": {
            "table": "invoice",
            "name": text("Fakturor", "Invoices"),
            "text": text("Det du har köpt och betalat.", "What you bought and paid."),
            "key": "id",
            "purposes": ["books"],
            "source": "system",
            "subject": [{"by": "reference", "columns": "customer_id", "to": "customer"}],
            "anchors": {"fiscal_year.end": {"column": "issued", "fiscal_year": True}},
            "order": "issued",
            "fields": {
                "id": FIELD,
                "customer_id": FIELD,
                "number": {"category": "payment", "label": text("Fakturanummer", "Invoice number")},
                "issued": {"category": "payment", "label": text("Datum", "Date")},
                "amount": {"category": "payment", "unit": "ore", "label": text("Belopp", "Amount")},
                "state": {"category": "payment", "label": text("Läge", "Status"),
                          "codes": {"P": text("Betald", "Paid"), "O": text("Obetald", "Open")}},
            },
        },
        "customer": {
            "table": "customer",
            "name": text("Kunder", "Customers"),
            "key": "id",
            "purposes": ["deliver"],
            "source": "you",
            "subject": [{"by": "own"}],
            "anchors": {"contract.end": "ended"},
            "fields": {
                "id": FIELD,
                "number": {"category": "identity", "identity": "customer_no",
                           "label": text("Kundnummer", "Customer number")},
                "name": {"category": "identity", "item": "name"},
                "email": {"category": "contact", "identity": "email", "label": text("E-post", "E-mail")},
                "personnummer": {"category": "national_id", "identity": "personnummer", "give": "mask",
                                 "label": text("Personnummer", "National identity number")},
                "password": {"category": "identity", "give": "withhold",
                             "label": text("Lösenord", "Password"),
                             "why": text("Ett avtryck av lösenordet hjälper den som vill ta över kontot.",
                                         "A hash of it helps whoever wants to take over the account.")},
                "active": {"technical": True, "unit": "yes_no"},
                "ended": FIELD,
            },
        },
        "message": {
            "table": "message",
            "name": text("Meddelanden", "Messages"),
            "key": "id",
            "purposes": ["support"],
            "subject": [{"by": "reference", "columns": "customer_id", "to": "customer"},
                        {"by": "mention", "columns": "body"}],
            "author": {"column": "sender", "kind": "email", "house": ["@bjorkhult.example"]},
            "anchors": {"ticket.closed": "closed"},
            "order": "sent",
            "fields": {
                "id": FIELD,
                "customer_id": FIELD,
                "sent": {"category": "letters", "label": text("Skickat", "Sent")},
                "sender": {"category": "letters", "identity": "email", "give": "mask_others",
                           "label": text("Från", "From")},
                "body": {"category": "letters", "text": True, "give": "mask_others",
                         "label": text("Text", "Text")},
                "closed": FIELD,
            },
        },
        "visitor": {
            "table": "visitor",
            "name": text("Besökare på kunders webbplatser", "Visitors to customers' sites"),
            "key": "id",
            "role": "processor",
            "subject": [{"by": "identity", "column": "email", "kind": "email"}],
            "fields": {"id": FIELD, "email": {"category": "contact", "identity": "email"}},
        },
        "country": {"table": "country", "name": text("Länder", "Countries"), "key": "code",
                    "nobody": text("En lista över länder.", "A list of countries."),
                    "fields": {"code": FIELD}},
    },
}  # fmt: skip


def policy() -> Policy:
    return Policy.model_validate(POLICY)


def datamap() -> DataMap:
    return DataMap.model_validate({"systems": [SYSTEM]})

"""A small company with two systems of its own, and some whom they know."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import POLICY

ANNA, ANNAS_PHONE, ANNAS_NUMBER, ANNAS_PNR = (
    "anna@kund.example", "+46701740605", "4711", "19900101-2385",
)  # fmt: skip
EVA, EVAS_PHONE, EVAS_NUMBER = "eva@kund.example", "+46701740606", "4712"
NEW = "ny@kund.example"
"""Of Nils, whose address was changed last week."""
SHARED = "hemma@kund.example"
"""Of two customers."""
LISTED = "lisa@brev.example"
"""Only among those who get the newsletter."""
MENTIONED = "mats@annan.example"
"""Of a customer's customer: the company only keeps it for another."""
UNKNOWN = "ulla@okand.example"
TWO = "tora@kund.example", "tora@arbete.example"
"""Tora has two addresses."""
PIA, PIAS_PHONE, PIAS_NUMBER = "pia@kund.example", "+46701740609", "4717"
"""Of whom the customers' system says that her identity is protected."""

CRM: dict[str, Any] = {
    "system": 1,
    "id": "crm",
    "name": {"sv": "Kundregistret", "en": "The customers"},
    "url": "sqlite:///crm.sqlite3",
    "datasets": {
        "customers": {
            "name": {"sv": "Kunder", "en": "Customers"},
            "key": "id",
            "purposes": ["deliver"],
            "subject": [{"by": "own"}],
            "anchors": {"contract.end": "ended"},
            "fields": {
                "id": {"technical": True},
                "customer_no": {"category": "contact", "identity": "customer_no"},
                "pnr": {"category": "contact", "identity": "personnummer"},
                "email": {"category": "contact", "identity": "email", "changed": ["email_changed", "made"]},
                "work_email": {"category": "contact", "identity": "email", "changed": "made"},
                "phone": {"category": "contact", "identity": "phone", "changed": ["phone_changed", "made"]},
                "email_changed": {"technical": True},
                "phone_changed": {"technical": True},
                "made": {"technical": True},
                "ended": {"technical": True},
                "hidden": {"technical": True, "protected": True},
                "nickname": {"category": "contact", "item": "nickname", "correct": True},
            },
        },
        "letters": {
            "name": {"sv": "Nyhetsbrevet", "en": "The newsletter"},
            "key": "id",
            "purposes": ["deliver"],
            "subject": [{"by": "identity", "column": "email", "kind": "email"}],
            "anchors": {"contract.end": "since"},
            "fields": {
                "id": {"technical": True},
                "email": {"category": "contact", "identity": "email"},
                "since": {"technical": True},
                "called": {"category": "contact", "item": "nickname", "correct": True},
            },
        },
        "forms": {
            "name": {"sv": "Formulär", "en": "Forms"},
            "key": "id",
            "role": "processor",
            "subject": [{"by": "identity", "column": "email", "kind": "email"}],
            "fields": {
                "id": {"technical": True},
                "email": {"category": "contact", "identity": "email"},
            },
        },
    },
}

ROWS = [
    (1, ANNAS_NUMBER, ANNAS_PNR, ANNA, "", "070-174 06 05", ""),
    (2, EVAS_NUMBER, "", EVA, "", "070-174 06 06", ""),
    (3, "4713", "", NEW, "", "", "2026-02-27 10:00:00"),
    (4, "4714", "", SHARED, "", "070-174 06 07", ""),
    (5, "4715", "", SHARED, "", "070-174 06 08", ""),
    (6, "4716", "", TWO[0], TWO[1], "", "2019-01-01"),
]


def found(folder: Path) -> Path:
    """A workspace with its database."""
    (folder / "systems").mkdir(parents=True)
    rights = {"access": {"channels": ["portal", "email"], "formats": ["html", "pdf", "json", "csv"]}}
    contact = POLICY["categories"]["contact"] | {"items": ["nickname"]}
    policy = POLICY | {"rights": rights, "categories": {"contact": contact}}
    (folder / "policy.yaml").write_text(yaml.safe_dump(policy, allow_unicode=True), encoding="utf-8")
    (folder / "systems" / "crm.yaml").write_text(yaml.safe_dump(CRM, allow_unicode=True), encoding="utf-8")
    with sqlite3.connect(folder / "crm.sqlite3") as crm:
        crm.execute(
            "CREATE TABLE customers (id INTEGER PRIMARY KEY, customer_no TEXT, pnr TEXT, email TEXT,"
            " work_email TEXT, phone TEXT, email_changed TEXT, ended TEXT, phone_changed TEXT, made TEXT)"
        )
        crm.execute("CREATE TABLE letters (id INTEGER PRIMARY KEY, email TEXT, since TEXT)")
        crm.execute("CREATE TABLE forms (id INTEGER PRIMARY KEY, email TEXT)")
        crm.executemany("INSERT INTO customers VALUES (?, ?, ?, ?, ?, ?, ?, NULL, '', '2015-01-01')", ROWS)
        crm.execute("ALTER TABLE customers ADD COLUMN hidden TEXT NOT NULL DEFAULT ''")
        crm.execute("ALTER TABLE customers ADD COLUMN nickname TEXT")
        hidden = (7, PIAS_NUMBER, "", PIA, "", "070-174 06 09", "", None, "", "2015-01-01", "ja", None)
        crm.execute("INSERT INTO customers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", hidden)
        crm.execute("UPDATE customers SET nickname = 'Annika' WHERE id = 1")
        crm.execute("UPDATE customers SET nickname = 'Evis' WHERE id = 2")
        crm.execute("INSERT INTO letters VALUES (1, ?, '2020-01-01')", [LISTED])
        crm.execute("INSERT INTO letters VALUES (2, ?, '2020-01-01')", [ANNA])
        crm.execute("ALTER TABLE letters ADD COLUMN called TEXT")
        crm.execute("UPDATE letters SET called = 'Annika' WHERE id = 2")
        crm.execute("INSERT INTO forms VALUES (1, ?)", [MENTIONED])
    crm.close()
    return folder

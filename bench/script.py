"""The rival: what a careful engineer writes by hand for this one database.

One indexed query per table, JSON and CSV. `one` serves one person; `many` is its set-wise twin with
a table of keys. They check nothing again, know no policy, keep no evidence.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import psycopg

BY_CUSTOMER = (
    "contacts",
    "contracts",
    "services",
    "domains",
    "invoices",
    "card_tokens",
    "login_history",
    "change_log",
)
BY_EMAIL = ("newsletter_subscriptions", "job_applications", "event_registrations")
CUSTOMER = (
    "id, customer_no, kind, name, personnummer, org_number, email, phone, address, postal_code, city, "
    "country, language, protected_identity, notes, created_at, closed_at, has_active_contract"
)


def queries(keys: str) -> dict[str, str]:
    """Table -> query. `keys` is what a customer's id is compared with, `emails` likewise."""
    mail = keys.replace("IDS", "EMAILS")
    found = {t: f"select t.* from {t} t where t.customer_id {keys}" for t in BY_CUSTOMER}
    found |= {t: f"select t.* from {t} t where lower(t.email) {mail}" for t in BY_EMAIL}
    lines = "select t.* from {} t join invoices i on i.id = t.invoice_id where i.customer_id " + keys
    found["invoice_lines"] = lines.format("invoice_lines")
    found["payments"] = lines.format("payments")
    found["http_requests"] = (
        f"select t.* from http_requests t where t.customer_id {keys} and t.service_id is null"
    )
    found["tickets"] = (
        f"select t.* from tickets t where t.customer_id {keys} or lower(t.requester_email) {mail}"
    )
    found["ticket_messages"] = (
        "select t.* from ticket_messages t join tickets k on k.id = t.ticket_id "
        f"where k.customer_id {keys} or lower(k.requester_email) {mail}"
    )
    return found


ONE = {
    table: sql.replace("IDS", "%(ids)s").replace("EMAILS", "%(emails)s")
    for table, sql in queries("= any(IDS)").items()
}


def one(db: psycopg.Connection[Any], email: str, personnummer: str | None, folder: Path) -> int:
    """One person's rows as data.json and one CSV per table; returns how many rows."""
    cursor = db.cursor()
    cursor.execute(
        f"select {CUSTOMER} from customers where lower(email) = %s or personnummer = %s",
        (email, personnummer),
    )
    names = [c.name for c in cursor.description or ()]
    data = {"customers": (names, cursor.fetchall())}
    at = {"ids": [row[0] for row in data["customers"][1]]}
    at["emails"] = [row[names.index("email")].lower() for row in data["customers"][1]]
    for table, sql in ONE.items():
        cursor.execute(sql, at)
        data[table] = ([c.name for c in cursor.description or ()], cursor.fetchall())
    db.rollback()
    write(folder, data)
    return sum(len(rows) for _, rows in data.values())


def write(folder: Path, data: dict[str, tuple[list[str], list[tuple[Any, ...]]]]) -> None:
    """data.json and one CSV per table."""
    folder.mkdir(parents=True, exist_ok=True)
    document = {t: [dict(zip(names, row, strict=True)) for row in rows] for t, (names, rows) in data.items()}
    with (folder / "data.json").open("w", encoding="utf-8") as out:
        json.dump(document, out, ensure_ascii=False, default=str)
    for table, (names, rows) in data.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(names)
            writer.writerows(rows)


def many(db: psycopg.Connection[Any], people: list[tuple[str, str | None]], folder: Path) -> int:
    """The same for many persons: a temporary table of keys, one query per table."""
    cursor = db.cursor()
    cursor.execute("create temporary table wanted (no int, email text, personnummer text) on commit drop")
    with cursor.copy("copy wanted from stdin") as copy:
        for number, (email, personnummer) in enumerate(people):
            copy.write_row((number, email, personnummer))
    cursor.execute(
        "create temporary table keys on commit drop as select distinct w.no, c.id, lower(c.email) as email "
        "from wanted w join customers c on lower(c.email) = w.email or c.personnummer = w.personnummer"
    )
    cursor.execute("analyze keys")
    data: dict[int, dict[str, tuple[list[str], list[tuple[Any, ...]]]]] = {n: {} for n in range(len(people))}
    columns = ", ".join(f"t.{c.strip()}" for c in CUSTOMER.split(","))
    _take(cursor, "customers", f"select k.no, {columns} from keys k join customers t on t.id = k.id", data)
    for table in (*BY_CUSTOMER, "http_requests"):
        extra = "where t.service_id is null" if table == "http_requests" else ""
        _take(
            cursor,
            table,
            f"select k.no, t.* from keys k join {table} t on t.customer_id = k.id {extra}",
            data,
        )
    for table in BY_EMAIL:
        _take(cursor, table, f"select k.no, t.* from keys k join {table} t on lower(t.email) = k.email", data)
    for table in ("invoice_lines", "payments"):
        sql = "select k.no, t.* from keys k join invoices i on i.customer_id = k.id "
        _take(cursor, table, sql + f"join {table} t on t.invoice_id = i.id", data)
    tickets = (
        "(select k.no, t.* from keys k join tickets t on t.customer_id = k.id union "
        "select k.no, t.* from keys k join tickets t on lower(t.requester_email) = k.email)"
    )
    _take(cursor, "tickets", f"select * from {tickets} x", data)
    _take(
        cursor,
        "ticket_messages",
        f"select x.no, t.* from {tickets} x join ticket_messages t on t.ticket_id = x.id",
        data,
    )
    db.rollback()
    for number, tables in data.items():
        write(folder / str(number), tables)
    return sum(len(rows) for tables in data.values() for _, rows in tables.values())


def _take(cursor: Any, table: str, sql: str, data: dict[int, Any]) -> None:
    cursor.execute(sql)
    names = [c.name for c in cursor.description or ()][1:]
    for tables in data.values():
        tables[table] = (names, [])
    for number, *row in cursor:
        data[number][table][1].append(tuple(row))

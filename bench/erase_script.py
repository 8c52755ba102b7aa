"""The rival: what a good engineer writes by hand to erase persons from this one database.

One transaction, one statement per table and verb, by the customers' ids. It knows by heart what the
books must keep; it keeps nothing for a mistake, asks for no hold, leaves no evidence.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import Any, BinaryIO

import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

YOUNGEST = "2019-01-01"
"""Invoices from before this day need not be kept any more (on 1 January 2026)."""
OF_CUSTOMER = ("card_tokens", "login_history", "change_log", "contacts")
OF_EMAIL = ("newsletter_subscriptions", "job_applications", "event_registrations")


def erase(
    db: psycopg.Connection[Any], people: Sequence[tuple[str, str | None]], kept: BinaryIO | None = None
) -> int:
    """Erase these people (e-mail, personnummer); returns how many rows were touched. With `kept`, every row
    is read out as it is touched, sealed in one piece for each statement, and on the disk before the commit:
    the least that whoever keeps what was erased must do."""
    cursor = db.cursor()
    emails = [email for email, _ in people]
    numbers = [number for _, number in people if number]
    find = (
        "select id, lower(email), personnummer from customers "
        "where lower(email) = any(%s) or personnummer = any(%s)"
    )
    found = cursor.execute(find, (emails, numbers)).fetchall()
    numbers = sorted({*numbers, *(number for _, _, number in found if number)})
    found = cursor.execute(find, (emails, numbers)).fetchall()
    at = {
        "ids": [id_ for id_, _, _ in found],
        "emails": sorted({*emails, *(email for _, email, _ in found)}),
        "day": YOUNGEST,
    }
    rows = 0
    for sql in STATEMENTS:
        rows += _run(cursor, sql, at, kept)
    if kept is not None:
        os.fsync(kept.fileno())
    db.commit()
    return rows


def _run(cursor: psycopg.Cursor[Any], sql: str, at: dict[str, Any], kept: BinaryIO | None) -> int:
    if kept is None:
        cursor.execute(sql, at)
        return int(cursor.rowcount)
    table = re.match(r"(?:delete from|update) (\w+)(?: (c) )?", sql) or []
    with cursor.copy(f"copy ({sql} returning {table[2] or table[1]}.*) to stdout", at) as copy:
        given = b"".join(map(bytes, copy))
    nonce = os.urandom(12)
    kept.write(nonce + AESGCM(bytes(32)).encrypt(nonce, given, None))
    return given.count(b"\n")


_OLD = "(select id from invoices where customer_id = any(%(ids)s) and issued_on < %(day)s)"
_YOUNG = "(select id from invoices where customer_id = any(%(ids)s) and issued_on >= %(day)s)"
_SERVICES = "(select id from services where customer_id = any(%(ids)s))"
_TICKETS = (
    "(select id from tickets where customer_id = any(%(ids)s) "
    "or (customer_id is null and lower(requester_email) = any(%(emails)s)))"
)
STATEMENTS = (
    "delete from http_requests where customer_id = any(%(ids)s)",
    f"delete from http_requests where service_id in {_SERVICES}",
    "delete from domains where customer_id = any(%(ids)s)",
    "delete from services where customer_id = any(%(ids)s)",
    "delete from contracts where customer_id = any(%(ids)s)",
    *(f"delete from {table} where customer_id = any(%(ids)s)" for table in OF_CUSTOMER),
    f"delete from ticket_messages where ticket_id in {_TICKETS}",
    f"delete from tickets where id in {_TICKETS}",
    f"delete from payments where invoice_id in {_OLD}",
    f"delete from invoice_lines where invoice_id in {_OLD}",
    f"delete from invoices where id in {_OLD}",
    f"update payments set payer_account = '' where invoice_id in {_YOUNG}",
    "update invoices set recipient_address = '', recipient_email = '', collection = '' "
    "where customer_id = any(%(ids)s)",
    "delete from customers c where id = any(%(ids)s) "
    "and not exists (select 1 from invoices i where i.customer_id = c.id)",
    "update customers set customer_no = 'erased-' || id, kind = kind, name = '', personnummer = null, "
    "org_number = null, email = 'erased-' || id, phone = '', address = '', postal_code = '', city = '', "
    "country = '', language = '', protected_identity = false, password_hash = '', notes = null, "
    "created_at = '1970-01-01', closed_at = null, has_active_contract = false where id = any(%(ids)s)",
    *(f"delete from {table} where lower(email) = any(%(emails)s)" for table in OF_EMAIL),
)

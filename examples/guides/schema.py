"""The tables of the invented guide site, as one SQLAlchemy MetaData for all three databases."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Date, DateTime, Integer, MetaData, Table, Text

from examples.common import columns
from examples.common.columns import ident, look_up, text, to

METADATA = MetaData()


def _table(name: str, *parts: Any) -> Table:
    return columns.table(METADATA, name, *parts)


def _day(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, Date, nullable=nullable)


def _at(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, DateTime, nullable=nullable)


_table(
    "members",
    ident(),
    text("customer_no", 20, unique=True),
    text("name"),
    text("personnummer", 20, nullable=True, index=True),
    text("email"),
    text("phone", 40),
    text("address", 300),
    Column("protected_identity", Boolean, nullable=False),
    text("password_hash"),
    _at("created_at"),
    _day("closed_on", nullable=True),
)
_table(
    "profiles",
    to("member_id", "members.id"),
    ident(),
    text("shown_name"),
    Column("about", Text, nullable=True),
    text("picture", nullable=True),
    text("wants", 30),
)
_table(
    "guides",
    ident(),
    to("member_id", "members.id", nullable=True),
    text("firm"),
    text("org_no", 20, index=True),
    text("account", 40),
    _day("since"),
    _day("left_on", nullable=True),
)
_table(
    "walks",
    ident(),
    to("guide_id", "guides.id"),
    text("title"),
    text("place"),
    _day("held_on"),
    Column("price_ore", Integer, nullable=False),
)
_table(
    "bookings",
    ident(),
    to("walk_id", "walks.id"),
    to("member_id", "members.id", nullable=True),
    text("booker_name"),
    text("booker_email"),
    text("booker_phone", 40),
    _at("booked_at"),
    _day("held_on"),
    text("state", 20),
    Column("message", Text, nullable=True),
)
_table(
    "participants",
    ident(),
    to("booking_id", "bookings.id"),
    text("name"),
    text("email", nullable=True),
    Column("born", Integer, nullable=True),
)
_table(
    "health_notes",
    ident(),
    to("participant_id", "participants.id"),
    Column("note", Text, nullable=False),
    _at("consented_at"),
    _day("held_on"),
)
_table(
    "invoices",
    ident(),
    to("booking_id", "bookings.id", nullable=True),
    text("number", 20, unique=True),
    text("sort", 20),
    _day("issued_on"),
    Column("total_ore", Integer, nullable=False),
    text("status", 20),
    text("payer_name"),
    text("payer_email"),
    text("payer_pnr", 20, nullable=True, index=True),
)
_table(
    "payments",
    ident(),
    to("invoice_id", "invoices.id"),
    _day("paid_on"),
    Column("amount_ore", Integer, nullable=False),
    text("method", 20),
    text("payer_account", 40, nullable=True),
)
_table(
    "reminders",
    ident(),
    to("invoice_id", "invoices.id"),
    _day("sent_on"),
    Column("step", Integer, nullable=False),
)
_table(
    "fees",
    ident(),
    to("guide_id", "guides.id"),
    text("month", 7),
    Column("amount_ore", Integer, nullable=False),
    _day("paid_on"),
    text("account", 40),
)
_table(
    "cards",
    ident(),
    to("member_id", "members.id"),
    text("token", 80),
    text("last4", 4),
    text("expires", 7),
)
_table(
    "stories",
    ident(),
    to("member_id", "members.id"),
    text("title"),
    Column("body", Text, nullable=False),
    text("picture", nullable=True),
    text("shown_on", 30),
    _at("permitted_at"),
    _at("withdrawn_at", nullable=True),
)
_table(
    "private_messages",
    ident(),
    to("from_id", "members.id", nullable=True),
    to("to_id", "members.id", nullable=True),
    _at("sent_at"),
    Column("body", Text, nullable=False),
)
_table(
    "mails",
    ident(),
    text("thread", 20),
    text("from_name"),
    text("from_email"),
    text("to_email"),
    _at("at"),
    _at("closed_at", nullable=True),
    Column("body", Text, nullable=False),
)
_table(
    "asked_mails",
    ident(),
    text("email"),
    text("what", 60),
    _at("asked_at"),
    _at("sent_at", nullable=True),
)
_table(
    "newsletter",
    ident(),
    text("email"),
    _at("asked_at"),
    _at("confirmed_at", nullable=True),
    _at("left_at", nullable=True),
)
_table(
    "visits",
    ident(),
    to("member_id", "members.id", nullable=True),
    _at("at"),
    text("ip", 45),
    text("page"),
    text("agent"),
)
_table("places", text("place", 60, primary_key=True), text("county", 60))

for _name, _column in (
    ("members", "email"),
    ("bookings", "booker_email"),
    ("participants", "email"),
    ("invoices", "payer_email"),
    ("mails", "from_email"),
    ("mails", "to_email"),
    ("asked_mails", "email"),
    ("newsletter", "email"),
):
    look_up(METADATA.tables[_name], _column)

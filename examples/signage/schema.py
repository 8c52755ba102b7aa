"""The tables of the invented signage company, as one SQLAlchemy MetaData for all three databases."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, DateTime, ForeignKey, Integer, MetaData, Table, Text

from examples.common import columns
from examples.common.columns import ident, look_up, text, to

METADATA = MetaData()


def _table(name: str, *parts: Any) -> Table:
    return columns.table(METADATA, name, *parts)


def _day(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, Date, nullable=nullable)


def _at(name: str = "at", *, nullable: bool = False) -> Column[Any]:
    return Column(name, DateTime, nullable=nullable)


_table(
    "customers",
    ident(),
    text("customer_no", 20, unique=True),
    text("kind", 20),
    text("name"),
    text("org_no", 20, nullable=True),
    text("contact_name"),
    text("contact_email"),
    text("phone", 40),
    text("address", 300),
    _at("created_at"),
    _day("closed_on", nullable=True),
)
_table(
    "users",
    ident(),
    to("customer_id", "customers.id"),
    text("user_name", 60, unique=True),
    text("name"),
    text("email"),
    text("phone", 40),
    text("role", 20),
    text("password_hash"),
    text("language", 5),
    _at("created_at"),
    _day("removed_on", nullable=True),
)
_table(
    "contracts",
    ident(),
    to("customer_id", "customers.id"),
    text("plan", 20),
    Column("price_ore", Integer, nullable=False),
    _day("started_on"),
    _day("ended_on", nullable=True),
)
_table(
    "ownership_checks",
    ident(),
    to("customer_id", "customers.id"),
    _day("checked_on"),
    text("method", 30),
    text("shown_by"),
    text("result", 20),
)
_table(
    "players",
    ident(),
    to("contract_id", "contracts.id"),
    text("serial", 40, unique=True),
    text("place"),
    text("keeper_name", nullable=True),
    text("keeper_email", nullable=True),
    text("last_ip", 45),
    _day("installed_on"),
    _day("retired_on", nullable=True),
)
_table(
    "player_requests",
    ident(),
    to("player_id", "players.id"),
    _at(),
    text("ip", 45),
    text("path"),
    Column("status", Integer, nullable=False),
)
_table(
    "player_reports",
    ident(),
    _at(),
    text("kind", 40),
    Column("payload", JSON, nullable=False),
)
_table(
    "playlists",
    ident(),
    to("customer_id", "customers.id"),
    to("made_by", "users.id", nullable=True),
    text("name"),
    text("note", nullable=True),
    _at("changed_at"),
)
_table(
    "campaign_entries",
    ident(),
    to("customer_id", "customers.id"),
    _at(),
    text("email"),
    text("answer", 300),
)
_table(
    "login_history",
    ident(),
    to("user_id", "users.id"),
    _at(),
    text("ip", 45),
    text("agent"),
    Column("ok", Boolean, nullable=False),
)
_table(
    "change_log",
    ident(),
    to("user_id", "users.id"),
    _at(),
    text("entity", 30),
    text("field", 30),
    text("old_value", nullable=True),
    text("new_value", nullable=True),
)
_table(
    "panel_requests",
    ident(),
    to("user_id", "users.id"),
    _at(),
    text("ip", 45),
    text("path"),
    text("agent"),
)
_table(
    "sent_messages",
    ident(),
    to("user_id", "users.id"),
    _at(),
    text("channel", 20),
    text("sort", 20),
    text("address"),
    Column("body", Text, nullable=False),
)
_table(
    "tickets",
    ident(),
    text("number", 20, unique=True),
    text("requester_name"),
    text("requester_email"),
    text("channel", 20),
    text("subject"),
    _at("opened_at"),
    _at("closed_at", nullable=True),
)
_table(
    "ticket_messages",
    ident(),
    to("ticket_id", "tickets.id"),
    _at(),
    text("author_name"),
    text("author_email"),
    Column("body", Text, nullable=False),
)
_table(
    "notes",
    ident(),
    text("about", 20),
    Column("about_id", Integer, nullable=False, index=True),
    _at(),
    text("written_by", 80),
    Column("body", Text, nullable=False),
)
_table(
    "invoices",
    ident(),
    to("contract_id", "contracts.id"),
    text("number", 20, unique=True),
    _day("issued_on"),
    _day("due_on"),
    Column("total_ore", Integer, nullable=False),
    text("status", 20),
    text("recipient", 300),
    text("reference_name", nullable=True),
    text("reference_email", nullable=True),
)
_table(
    "invoice_lines",
    Column("invoice_id", Integer, ForeignKey("invoices.id"), primary_key=True, autoincrement=False),
    Column("line", Integer, primary_key=True, autoincrement=False),
    text("description"),
    Column("amount_ore", Integer, nullable=False),
)
_table(
    "newsletter",
    ident(),
    text("email"),
    _at("since"),
    text("source", 30),
    _at("left_at", nullable=True),
)
_table(
    "usage_months",
    to("contract_id", "contracts.id"),
    ident(),
    text("month", 7),
    Column("plays", Integer, nullable=False),
    Column("busy_hours", Integer, nullable=False),
    text("proposal", 60, nullable=True),
)
_table(
    "plans", text("plan", 20, primary_key=True), text("name"), Column("price_ore", Integer, nullable=False)
)

for _name, _column in (
    ("customers", "contact_email"),
    ("users", "email"),
    ("players", "keeper_email"),
    ("campaign_entries", "email"),
    ("tickets", "requester_email"),
    ("ticket_messages", "author_email"),
    ("invoices", "reference_email"),
    ("newsletter", "email"),
):
    look_up(METADATA.tables[_name], _column)

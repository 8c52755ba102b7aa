"""The tables of the invented web host, as one SQLAlchemy MetaData for all three databases."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

from examples.common import columns
from examples.common.columns import ident, look_up, text, to

METADATA = MetaData()


def _table(name: str, *parts: Any) -> Table:
    return columns.table(METADATA, name, *parts)


_table(
    "customers",
    ident(),
    text("customer_no", 20, unique=True),
    text("kind", 20),
    text("name"),
    text("personnummer", 20, nullable=True, index=True),
    text("org_no", 20, nullable=True),
    text("email"),
    text("phone", 40),
    text("address"),
    text("postcode", 10),
    text("city", 60),
    text("language", 5),
    Column("protected_identity", Boolean, nullable=False),
    text("password_hash"),
    Column("created_at", DateTime, nullable=False),
    Column("closed_on", Date),
)
_table(
    "contacts",
    ident(),
    to("customer_id", "customers.id"),
    text("role", 20),
    text("name"),
    text("email"),
    text("phone", 40, nullable=True),
    Column("added_on", Date, nullable=False),
)
_table(
    "contracts",
    ident(),
    to("customer_id", "customers.id"),
    text("plan", 20),
    Column("price_ore", Integer, nullable=False),
    Column("started_on", Date, nullable=False),
    Column("ended_on", Date),
    text("signed_ip", 45),
)
_table(
    "services",
    ident(),
    to("contract_id", "contracts.id"),
    text("type", 20),
    text("host"),
    text("user_name", 60),
    Column("created_at", DateTime, nullable=False),
)
_table(
    "domains",
    ident(),
    to("customer_id", "customers.id"),
    to("service_id", "services.id", nullable=True),
    text("name"),
    text("registrant_name"),
    text("registrant_email"),
    text("registrant_pnr", 20, nullable=True, index=True),
    Column("registered_on", Date, nullable=False),
    Column("expires_on", Date, nullable=False),
)
_table(
    "invoices",
    ident(),
    to("contract_id", "contracts.id"),
    text("number", 20, unique=True),
    Column("issued_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("total_ore", Integer, nullable=False),
    text("status", 20),
    text("recipient_name"),
    text("recipient_address", 300),
)
_table(
    "invoice_lines",
    Column("invoice_id", Integer, ForeignKey("invoices.id"), primary_key=True, autoincrement=False),
    Column("line", Integer, primary_key=True, autoincrement=False),
    text("description"),
    Column("amount_ore", Integer, nullable=False),
)
_table(
    "payments",
    ident(),
    to("invoice_id", "invoices.id"),
    Column("paid_on", Date, nullable=False),
    Column("amount_ore", Integer, nullable=False),
    text("method", 20),
    text("payer_name"),
    text("payer_account", 40, nullable=True),
)
_table(
    "card_tokens",
    ident(),
    to("customer_id", "customers.id"),
    text("token", 80),
    text("last4", 4),
    text("expires", 7),
    text("holder"),
)
_table(
    "login_history",
    ident(),
    to("customer_id", "customers.id"),
    Column("at", DateTime, nullable=False),
    text("ip", 45),
    text("agent"),
    Column("ok", Boolean, nullable=False),
)
_table(
    "change_log",
    ident(),
    to("customer_id", "customers.id", nullable=True),
    Column("at", DateTime, nullable=False),
    text("entity", 30),
    text("field", 30),
    text("old_value", nullable=True),
    text("new_value", nullable=True),
    text("actor", 80),
)
_table(
    "http_requests",
    ident(),
    to("customer_id", "customers.id", nullable=True),
    to("service_id", "services.id", nullable=True),
    Column("at", DateTime, nullable=False),
    text("ip", 45),
    text("visitor", nullable=True),
    text("method", 8),
    text("path"),
    Column("status", Integer, nullable=False),
    text("agent"),
)
_table(
    "tickets",
    ident(),
    to("customer_id", "customers.id", nullable=True),
    text("requester_name"),
    text("requester_email"),
    text("channel", 20),
    text("subject"),
    text("status", 20),
    Column("opened_at", DateTime, nullable=False),
    Column("closed_at", DateTime),
)
_table(
    "ticket_messages",
    ident(),
    to("ticket_id", "tickets.id"),
    Column("at", DateTime, nullable=False),
    text("author_name"),
    text("author_email"),
    Column("body", Text, nullable=False),
)
_table(
    "ticket_attachments",
    ident(),
    to("message_id", "ticket_messages.id"),
    text("file_name"),
    text("media_type", 60),
    Column("size", Integer, nullable=False),
)
_table(
    "notes",
    ident(),
    text("subject_type", 20),
    Column("subject_id", Integer, nullable=False),
    Column("at", DateTime, nullable=False),
    text("written_by", 80),
    Column("body", Text, nullable=False),
    Index("notes_about", "subject_id", "subject_type"),
)
_table(
    "newsletter",
    ident(),
    text("email"),
    Column("since", DateTime, nullable=False),
    text("source", 30),
    Column("left_at", DateTime),
)
_table(
    "job_applications",
    ident(),
    text("name"),
    text("email"),
    text("phone", 40),
    text("position", 60),
    Column("letter", Text, nullable=False),
    text("cv_file"),
    Column("assessment", Text),
    text("status", 20),
    Column("applied_on", Date, nullable=False),
    Column("decided_on", Date),
)
_table(
    "event_registrations",
    ident(),
    text("email"),
    text("name"),
    text("event", 60),
    Column("held_on", Date, nullable=False),
    text("diet", 60, nullable=True),
    Column("came", Boolean),
)
_table(
    "guest_orders",
    ident(),
    text("email"),
    text("name"),
    text("article", 40),
    Column("amount_ore", Integer, nullable=False),
    Column("ordered_at", DateTime, nullable=False),
    Column("message", Text),
)
_table(
    "order",
    ident(),
    text("customer_no", 20, index=True),  # points at customers.customer_no, but nobody declared it
    text("group", 30),
    Column("from", DateTime, nullable=False),
    Column("amount_ore", Integer, nullable=False),
)
_table(
    "Återköp 2024",
    ident("Nr"),
    Column("order", Integer, ForeignKey("order.id"), nullable=False, index=True),
    Column("från datum", Date, nullable=False),
    Column("Belopp i öre", Integer, nullable=False),
    text("Skäl"),
    text("Konto", 40),
)
_table(
    "service_members",
    Column("customer_no", String(20), ForeignKey("customers.customer_no"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    text("name"),
    text("email"),
    text("role", 20),
    Column("since", Date, nullable=False),
)
_table(
    "member_permissions",
    ident(),
    text("customer_no", 20),
    Column("seq", Integer, nullable=False),
    text("permission", 30),
    Column("granted_on", Date, nullable=False),
    ForeignKeyConstraint(
        ["customer_no", "seq"],
        ["service_members.customer_no", "service_members.seq"],
        name="permission_of_member",
    ),
    Index("permissions_of_member", "customer_no", "seq"),
)
_table(
    "api_events",
    ident(),
    Column("at", DateTime, nullable=False),
    text("kind", 40),
    Column("payload", JSON, nullable=False),
)
_table(
    "settings",
    ident(),
    text("scope", 30),
    text("name", 40),
    text("value", nullable=True),
    Column("changed_at", DateTime, nullable=False),
)
_table(
    "price_list",
    text("article", 40, primary_key=True),
    text("name"),
    Column("price_ore", Integer, nullable=False),
)

for _name, _column in (
    ("customers", "email"),
    ("contacts", "email"),
    ("domains", "registrant_email"),
    ("http_requests", "visitor"),
    ("tickets", "requester_email"),
    ("ticket_messages", "author_email"),
    ("newsletter", "email"),
    ("job_applications", "email"),
    ("event_registrations", "email"),
    ("guest_orders", "email"),
    ("service_members", "email"),
):
    look_up(METADATA.tables[_name], _column)

"""The tables of the invented reseller: its customers, and the chain of suppliers behind each service."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Date, DateTime, ForeignKey, Integer, MetaData, Table, Text

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
    text("address", 300),
    Column("protected_identity", Boolean, nullable=False),
    Column("created_on", Date, nullable=False),
    Column("closed_on", Date),
)
_table(
    "portal_users",
    ident(),
    to("customer_id", "customers.id"),
    text("user_name", 60),
    text("name"),
    text("email"),
    text("role", 20),
)
_table(
    "ownership_checks",
    ident(),
    to("customer_id", "customers.id"),
    Column("checked_on", Date, nullable=False),
    text("method", 20),
    text("shown_number", 20, nullable=True),
)
_table(
    "suppliers",
    ident(),
    to("engaged_by", "suppliers.id", nullable=True),
    text("name"),
    text("country", 2),
    Column("agreement_signed", Date, nullable=False),
    Column("agreement_ended", Date),
)
_table(
    "supplier_contacts",
    ident(),
    to("supplier_id", "suppliers.id"),
    text("name"),
    text("email"),
    text("phone", 40),
    text("role", 20),
    Column("left_on", Date),
)
_table(
    "subscriptions",
    ident(),
    to("customer_id", "customers.id"),
    text("product", 20),
    Column("price_ore", Integer, nullable=False),
    Column("started_on", Date, nullable=False),
    Column("ended_on", Date),
)
_table(
    "services",
    ident(),
    to("subscription_id", "subscriptions.id"),
    to("supplier_id", "suppliers.id"),
    text("label"),
)
_table(
    "supplier_orders",
    ident(),
    to("subscription_id", "subscriptions.id"),
    to("supplier_id", "suppliers.id"),
    Column("sent_at", DateTime, nullable=False),
    text("reference", 30),
    text("end_user_name", nullable=True),
    text("end_user_email", nullable=True),
    text("end_user_phone", 40, nullable=True),
)
_table(
    "order_checks",
    ident(),
    to("customer_id", "customers.id"),
    Column("at", DateTime, nullable=False),
    text("outcome", 20),
    Column("unpaid", Integer, nullable=False),
    text("reviewed_by", 60, nullable=True),
)
_table(
    "invoices",
    ident(),
    to("subscription_id", "subscriptions.id"),
    text("number", 20, unique=True),
    Column("issued_on", Date, nullable=False),
    Column("total_ore", Integer, nullable=False),
    text("billed_to"),
    text("billed_address", 300),
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
    text("payer"),
)
_table(
    "tickets",
    ident(),
    to("customer_id", "customers.id", nullable=True),
    text("sender_name"),
    text("sender_email"),
    text("subject"),
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
    "handovers",
    ident(),
    to("ticket_id", "tickets.id"),
    to("supplier_id", "suppliers.id"),
    Column("sent_at", DateTime, nullable=False),
    text("items"),
    Column("body", Text, nullable=False),
)
_table(
    "staff_notes",
    ident(),
    to("customer_id", "customers.id"),
    Column("at", DateTime, nullable=False),
    text("written_by", 80),
    Column("body", Text, nullable=False),
)
_table(
    "sent_messages",
    ident(),
    to("customer_id", "customers.id"),
    Column("at", DateTime, nullable=False),
    text("channel", 20),
    text("address"),
    text("subject"),
)
_table(
    "logins",
    ident(),
    to("portal_user_id", "portal_users.id"),
    Column("at", DateTime, nullable=False),
    text("ip", 45),
    Column("ok", Boolean, nullable=False),
)
_table(
    "changes",
    ident(),
    to("customer_id", "customers.id"),
    Column("at", DateTime, nullable=False),
    text("field", 30),
    text("old_value", nullable=True),
    text("new_value", nullable=True),
)
_table(
    "service_requests",
    ident(),
    to("service_id", "services.id"),
    Column("at", DateTime, nullable=False),
    text("ip", 45),
    text("path"),
)
_table(
    "traffic",
    ident(),
    to("service_id", "services.id"),
    Column("day", Date, nullable=False),
    Column("megabytes", Integer, nullable=False),
)
_table(
    "newsletter",
    ident(),
    text("email"),
    Column("since", Date, nullable=False),
    Column("left_on", Date),
)
_table("products", ident(), text("code", 20, unique=True), Column("price_ore", Integer, nullable=False))

for _name, _column in (
    ("customers", "email"),
    ("portal_users", "email"),
    ("supplier_contacts", "email"),
    ("supplier_orders", "end_user_email"),
    ("tickets", "sender_email"),
    ("ticket_messages", "author_email"),
    ("newsletter", "email"),
):
    look_up(METADATA.tables[_name], _column)

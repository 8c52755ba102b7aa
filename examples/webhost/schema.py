"""The tables of the invented web host, as one SQLAlchemy MetaData for all three databases.

Text keys have a length because MariaDB asks for it. Collations are left to the database on
purpose: one that takes capitals or å for a is a case to be tested, not avoided.
"""

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
    func,
)

METADATA = MetaData()


def _table(name: str, *parts: Any) -> Table:
    return Table(name, METADATA, *parts, mysql_charset="utf8mb4")


def _maria(*_given: Any, dialect: Any, **_more: Any) -> bool:
    return dialect.name in ("mysql", "mariadb")


def _not_maria(*_given: Any, dialect: Any, **_more: Any) -> bool:
    return not _maria(dialect=dialect)


def _look_up(table: Table, column: str) -> None:
    """Indexes for finding an address whatever capitals it has; MariaDB has no index on an expression."""
    name = f"{table.name}_{column}"
    Index(name, func.lower(table.c[column])).ddl_if(callable_=_not_maria)
    Index(f"{name}_plain", table.c[column]).ddl_if(callable_=_maria)


def _id(name: str = "id") -> Column[int]:
    return Column(name, Integer, primary_key=True, autoincrement=False)


def _to(name: str, target: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, Integer, ForeignKey(target), nullable=nullable, index=True)


def _str(name: str, length: int = 200, **more: Any) -> Column[str]:
    return Column(name, String(length), nullable=more.pop("nullable", False), **more)


_table(
    "customers",
    _id(),
    _str("customer_no", 20, unique=True),
    _str("kind", 20),
    _str("name"),
    _str("personnummer", 20, nullable=True, index=True),
    _str("org_no", 20, nullable=True),
    _str("email"),
    _str("phone", 40),
    _str("address"),
    _str("postcode", 10),
    _str("city", 60),
    _str("language", 5),
    Column("protected_identity", Boolean, nullable=False),
    _str("password_hash"),
    Column("created_at", DateTime, nullable=False),
    Column("closed_on", Date),
)
_table(
    "contacts",
    _id(),
    _to("customer_id", "customers.id"),
    _str("role", 20),
    _str("name"),
    _str("email"),
    _str("phone", 40, nullable=True),
    Column("added_on", Date, nullable=False),
)
_table(
    "contracts",
    _id(),
    _to("customer_id", "customers.id"),
    _str("plan", 20),
    Column("price_ore", Integer, nullable=False),
    Column("started_on", Date, nullable=False),
    Column("ended_on", Date),
    _str("signed_ip", 45),
)
_table(
    "services",
    _id(),
    _to("contract_id", "contracts.id"),
    _str("type", 20),
    _str("host"),
    _str("user_name", 60),
    Column("created_at", DateTime, nullable=False),
)
_table(
    "domains",
    _id(),
    _to("customer_id", "customers.id"),
    _to("service_id", "services.id", nullable=True),
    _str("name"),
    _str("registrant_name"),
    _str("registrant_email"),
    _str("registrant_pnr", 20, nullable=True, index=True),
    Column("registered_on", Date, nullable=False),
    Column("expires_on", Date, nullable=False),
)
_table(
    "invoices",
    _id(),
    _to("contract_id", "contracts.id"),
    _str("number", 20, unique=True),
    Column("issued_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("total_ore", Integer, nullable=False),
    _str("status", 20),
    _str("recipient_name"),
    _str("recipient_address", 300),
)
_table(
    "invoice_lines",
    Column("invoice_id", Integer, ForeignKey("invoices.id"), primary_key=True, autoincrement=False),
    Column("line", Integer, primary_key=True, autoincrement=False),
    _str("description"),
    Column("amount_ore", Integer, nullable=False),
)
_table(
    "payments",
    _id(),
    _to("invoice_id", "invoices.id"),
    Column("paid_on", Date, nullable=False),
    Column("amount_ore", Integer, nullable=False),
    _str("method", 20),
    _str("payer_name"),
    _str("payer_account", 40, nullable=True),
)
_table(
    "card_tokens",
    _id(),
    _to("customer_id", "customers.id"),
    _str("token", 80),
    _str("last4", 4),
    _str("expires", 7),
    _str("holder"),
)
_table(
    "login_history",
    _id(),
    _to("customer_id", "customers.id"),
    Column("at", DateTime, nullable=False),
    _str("ip", 45),
    _str("agent"),
    Column("ok", Boolean, nullable=False),
)
_table(
    "change_log",
    _id(),
    _to("customer_id", "customers.id", nullable=True),
    Column("at", DateTime, nullable=False),
    _str("entity", 30),
    _str("field", 30),
    _str("old_value", nullable=True),
    _str("new_value", nullable=True),
    _str("actor", 80),
)
_table(
    "http_requests",
    _id(),
    _to("customer_id", "customers.id", nullable=True),
    _to("service_id", "services.id", nullable=True),
    Column("at", DateTime, nullable=False),
    _str("ip", 45),
    _str("visitor", nullable=True),
    _str("method", 8),
    _str("path"),
    Column("status", Integer, nullable=False),
    _str("agent"),
)
_table(
    "tickets",
    _id(),
    _to("customer_id", "customers.id", nullable=True),
    _str("requester_name"),
    _str("requester_email"),
    _str("channel", 20),
    _str("subject"),
    _str("status", 20),
    Column("opened_at", DateTime, nullable=False),
    Column("closed_at", DateTime),
)
_table(
    "ticket_messages",
    _id(),
    _to("ticket_id", "tickets.id"),
    Column("at", DateTime, nullable=False),
    _str("author_name"),
    _str("author_email"),
    Column("body", Text, nullable=False),
)
_table(
    "ticket_attachments",
    _id(),
    _to("message_id", "ticket_messages.id"),
    _str("file_name"),
    _str("media_type", 60),
    Column("size", Integer, nullable=False),
)
_table(
    "notes",
    _id(),
    _str("subject_type", 20),
    Column("subject_id", Integer, nullable=False),
    Column("at", DateTime, nullable=False),
    _str("written_by", 80),
    Column("body", Text, nullable=False),
    Index("notes_about", "subject_id", "subject_type"),
)
_table(
    "newsletter",
    _id(),
    _str("email"),
    Column("since", DateTime, nullable=False),
    _str("source", 30),
    Column("left_at", DateTime),
)
_table(
    "job_applications",
    _id(),
    _str("name"),
    _str("email"),
    _str("phone", 40),
    _str("position", 60),
    Column("letter", Text, nullable=False),
    _str("cv_file"),
    Column("assessment", Text),
    _str("status", 20),
    Column("applied_on", Date, nullable=False),
    Column("decided_on", Date),
)
_table(
    "event_registrations",
    _id(),
    _str("email"),
    _str("name"),
    _str("event", 60),
    Column("held_on", Date, nullable=False),
    _str("diet", 60, nullable=True),
    Column("came", Boolean),
)
_table(
    "guest_orders",
    _id(),
    _str("email"),
    _str("name"),
    _str("article", 40),
    Column("amount_ore", Integer, nullable=False),
    Column("ordered_at", DateTime, nullable=False),
    Column("message", Text),
)
_table(
    "order",
    _id(),
    _str("customer_no", 20, index=True),  # points at customers.customer_no, but nobody declared it
    _str("group", 30),
    Column("from", DateTime, nullable=False),
    Column("amount_ore", Integer, nullable=False),
)
_table(
    "Återköp 2024",
    _id("Nr"),
    Column("order", Integer, ForeignKey("order.id"), nullable=False, index=True),
    Column("från datum", Date, nullable=False),
    Column("Belopp i öre", Integer, nullable=False),
    _str("Skäl"),
    _str("Konto", 40),
)
_table(
    "service_members",
    Column("customer_no", String(20), ForeignKey("customers.customer_no"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    _str("name"),
    _str("email"),
    _str("role", 20),
    Column("since", Date, nullable=False),
)
_table(
    "member_permissions",
    _id(),
    _str("customer_no", 20),
    Column("seq", Integer, nullable=False),
    _str("permission", 30),
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
    _id(),
    Column("at", DateTime, nullable=False),
    _str("kind", 40),
    Column("payload", JSON, nullable=False),
)
_table(
    "settings",
    _id(),
    _str("scope", 30),
    _str("name", 40),
    _str("value", nullable=True),
    Column("changed_at", DateTime, nullable=False),
)
_table(
    "price_list",
    _str("article", 40, primary_key=True),
    _str("name"),
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
    _look_up(METADATA.tables[_name], _column)

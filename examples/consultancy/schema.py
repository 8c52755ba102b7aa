"""The tables of the invented consultancy: what its website's forms and pages leave behind."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, DateTime, Integer, MetaData, Table, Text

from examples.common import columns
from examples.common.columns import ident, look_up, text, to

METADATA = MetaData()


def _table(name: str, *parts: Any) -> Table:
    return columns.table(METADATA, name, *parts)


_table(
    "contacts",
    ident(),
    text("name"),
    text("email"),
    text("phone", 40, nullable=True),
    text("company", nullable=True),
    Column("created_on", Date, nullable=False),
    Column("ended_on", Date),
)
_table(
    "form_answers",
    ident(),
    text("form", 30),
    Column("at", DateTime, nullable=False),
    Column("answers", JSON, nullable=False),
)
_table(
    "orders",
    ident(),
    to("contact_id", "contacts.id"),
    text("article"),
    Column("amount_ore", Integer, nullable=False),
    Column("ordered_on", Date, nullable=False),
    Column("delivered_on", Date),
)
_table(
    "invoices",
    ident(),
    to("order_id", "orders.id"),
    text("number", 20, unique=True),
    Column("issued_on", Date, nullable=False),
    Column("total_ore", Integer, nullable=False),
    text("billed_to"),
    text("billed_email"),
)
_table("events", ident(), text("title"), Column("held_on", Date, nullable=False), text("place"))
_table(
    "registrations",
    ident(),
    to("event_id", "events.id"),
    text("name"),
    text("email"),
    text("company", nullable=True),
    text("registered_by", nullable=True),
    Column("held_on", Date, nullable=False),
    Column("came", Boolean),
)
_table(
    "needs",
    ident(),
    to("event_id", "events.id"),
    text("email"),
    text("diet", nullable=True),
    text("access", nullable=True),
    Column("held_on", Date, nullable=False),
)
_table(
    "applications",
    ident(),
    text("vacancy", nullable=True),
    text("name"),
    text("email"),
    text("phone", 40),
    Column("letter", Text, nullable=False),
    text("cv_file"),
    Column("applied_on", Date, nullable=False),
    Column("decided_on", Date),
    text("status", 20),
)
_table(
    "referees",
    ident(),
    to("application_id", "applications.id"),
    text("name"),
    text("email"),
    text("phone", 40),
    Column("said", Text),
)
_table(
    "interview_notes",
    ident(),
    to("application_id", "applications.id"),
    Column("at", DateTime, nullable=False),
    text("written_by", 80),
    Column("body", Text, nullable=False),
)
_table(
    "visits",
    ident(),
    to("contact_id", "contacts.id", nullable=True),
    Column("at", DateTime, nullable=False),
    text("ip", 45),
    text("agent"),
    text("page"),
)
_table(
    "ad_clicks",
    ident(),
    to("contact_id", "contacts.id", nullable=True),
    Column("at", DateTime, nullable=False),
    text("campaign", 40),
)
_table(
    "interests",
    ident(),
    to("contact_id", "contacts.id"),
    text("topic", 40),
    Column("chosen_on", Date, nullable=False),
)
_table(
    "consents",
    ident(),
    text("email"),
    text("purpose", 40),
    text("text_version", 20),
    Column("given_on", Date, nullable=False),
    Column("withdrawn_on", Date),
)
_table(
    "newsletter",
    ident(),
    text("email"),
    Column("since", Date, nullable=False),
    Column("left_on", Date),
)
_table(
    "newsletter_reads",
    ident(),
    to("newsletter_id", "newsletter.id"),
    Column("at", DateTime, nullable=False),
    text("link"),
)
_table(
    "cases",
    ident(),
    to("contact_id", "contacts.id", nullable=True),
    text("sender_name"),
    text("sender_email"),
    text("subject"),
    Column("opened_at", DateTime, nullable=False),
    Column("closed_at", DateTime),
)
_table(
    "case_messages",
    ident(),
    to("case_id", "cases.id"),
    Column("at", DateTime, nullable=False),
    text("author_email"),
    Column("body", Text, nullable=False),
)
_table(
    "comments",
    ident(),
    text("email", nullable=True),
    text("page"),
    Column("at", DateTime, nullable=False),
    Column("body", Text, nullable=False),
)
_table(
    "page_sums",
    ident(),
    text("page"),
    Column("day", Date, nullable=False),
    Column("visits", Integer, nullable=False),
)

for _name, _column in (
    ("contacts", "email"),
    ("registrations", "email"),
    ("registrations", "registered_by"),
    ("needs", "email"),
    ("applications", "email"),
    ("referees", "email"),
    ("consents", "email"),
    ("newsletter", "email"),
    ("cases", "sender_email"),
    ("case_messages", "author_email"),
    ("comments", "email"),
):
    look_up(METADATA.tables[_name], _column)

"""Messages as mbox (RFC 4155, with every `From ` line in a body quoted): what a mail program takes in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from lofte.datamap.document import Dataset, FieldMap, Kind
from lofte.detect.text import DOTS
from lofte.plan.masking import NAME

_FROM = re.compile(rb"^(>*From )", re.MULTILINE)
_SPACES = re.compile(r"[\x00-\x20\x7f\u2028\u2029]+")
NOBODY = "nobody@invalid"


@dataclass(frozen=True, kw_only=True, slots=True)
class Columns:
    """Which columns of a dataset make a message."""

    author: str
    at: str
    body: tuple[str, ...]
    name: str | None
    title: str | None


def columns(dataset: Dataset, names: Iterable[str]) -> Columns | None:
    """A dataset has messages when who wrote, when, and what was written may all be taken along."""
    going = tuple(names)
    author, at = dataset.author, dataset.order
    if author is None or author.column not in going or at not in going:
        return None
    texts = [n for n in going if dataset.fields[n].text]
    titles = [n for n in texts if n.lower() in ("subject", "title", "amne", "rubrik")]
    body = tuple(n for n in texts if n not in titles)
    if not body:
        return None
    called = (n for n in going if _is_name(dataset.fields[n]) and n != author.column)
    return Columns(
        author=author.column, at=at, body=body, name=next(called, None), title=next(iter(titles), None)
    )


def message(columns: Columns, kind: Kind | None, row: Mapping[str, Any], title: str) -> bytes | None:
    """One row as a message with its separator; None when the row has no time or no words."""
    moment = _moment(row.get(columns.at))
    words = "\n\n".join(str(row[n]) for n in columns.body if row.get(n) is not None)
    if moment is None or not words:
        return None
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _sender(row, columns, kind)
    mail["Date"] = format_datetime(moment)
    mail["Subject"] = _one_line(row.get(columns.title) if columns.title else None) or _one_line(title)
    mail.set_content(words.encode("utf-8", "replace").decode(), cte="quoted-printable")
    body = mail.as_bytes().replace(b"\r\n", b"\n")
    utc = moment.astimezone(UTC) if moment.tzinfo else moment
    sent = utc.strftime("%a %b %d %H:%M:%S %Y").encode()
    return b"From MAILER-DAEMON " + sent + b"\n" + _FROM.sub(rb">\1", body).rstrip(b"\n") + b"\n\n"


def messages(
    columns: Columns, kind: Kind | None, rows: Iterable[Mapping[str, Any]], title: str
) -> Iterator[bytes]:
    """The rows that are messages, one by one."""
    for row in rows:
        if (each := message(columns, kind, row, title)) is not None:
            yield each


def _sender(row: Mapping[str, Any], columns: Columns, kind: Kind | None) -> Address:
    shown = _one_line(row.get(columns.name) if columns.name else None)
    who = _one_line(row.get(columns.author))
    try:
        if kind is Kind.EMAIL and DOTS not in who:
            return Address(display_name=shown, addr_spec=who)
    except (ValueError, IndexError):
        pass  # not an address that a header takes; it stands as a name instead
    return Address(display_name=shown or who, addr_spec=NOBODY)


def _moment(value: Any) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        # A time without a zone is as the system stores it; the header says -0000 (RFC 5322, 3.3).
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def _one_line(value: Any) -> str:
    return "" if value is None else _SPACES.sub(" ", str(value)).strip()


def _is_name(field: FieldMap) -> bool:
    return field.item == NAME

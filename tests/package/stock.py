"""Rows as a connector would give them, for the tests of the package."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from lofte.connectors.protocol import Found, Rows
from lofte.datamap.document import DataMap
from lofte.plan.records import DatasetRef, Subject
from lofte.requests.package.seal import Sealed, seal
from lofte.requests.package.spool import Spool
from tests.plan.specimen import ANNA, ON, datamap, policy

MADE_AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
HOSTILE = (
    "=cmd|' /C calc'!A0\"><script>document.title='x'</script>"
    "<img src=https://ond.example/x onerror=document.title='y'><style>*{color:red}</style>"
)

CUSTOMER = ("id", "number", "name", "email", "personnummer", "password", "active", "ended", "undecided")
INVOICE = ("id", "customer_id", "number", "issued", "amount", "state")
MESSAGE = ("id", "customer_id", "sent", "sender", "body", "closed")
VISITOR = ("id", "email")


def rows(
    dataset: str,
    columns: Sequence[str],
    data: Iterable[tuple[Any, ...]],
    shared: dict[int, int] | None = None,
) -> Rows:
    found = (Found((0,), row, "reference") for row in data)
    at = DatasetRef(system="shop", dataset=dataset)
    return Rows(at=at, columns=tuple(columns), found=found, shared=shared or {})


def mentions(data: Iterable[tuple[Any, ...]]) -> Rows:
    found = iter([Found((0,), row, "mention", certain=False) for row in data])
    return Rows(at=DatasetRef(system="shop", dataset="message"), columns=MESSAGE, found=found)


def spool(folder: Path, *subjects: Subject, world: DataMap | None = None) -> Spool:
    return Spool(folder, policy=policy(), datamap=world or datamap(), subjects=subjects or (ANNA,), on=ON)


def customer() -> tuple[Any, ...]:
    return (
        1,
        "K-1001",
        HOSTILE,
        "Anna.Lind@norr.example",
        "19850709-9805",
        "$argon2$hemligt",
        True,
        None,
        "??",
    )


def invoices(count: int) -> list[tuple[Any, ...]]:
    return [(i, 1, f"F{i:05d}", date(2019 + i % 7, 3, 5), 12350 + i, "PO"[i % 2]) for i in range(count)]


def messages() -> list[tuple[Any, ...]]:
    reply = "Hej Anna!\n\nDet är lagat. 日本 😀 עברית\n\nHälsningar"
    sent = datetime(2026, 3, 1, 12, tzinfo=UTC)
    return [
        (1, 1, sent, "Anna.Lind@norr.example", "Ring bo@soder.example, jag är 850709-9805", None),
        (2, 1, sent, "bo@soder.example", "Bos hemliga brev", None),
        (3, 1, sent, "stod@bjorkhult.example", reply, None),
    ]


def fill(spool: Spool, invoice_count: int = 12) -> Spool:
    spool.take("shop", rows("customer", CUSTOMER, [customer()]))
    spool.take("shop", rows("invoice", INVOICE, invoices(invoice_count)))
    spool.take("shop", rows("message", MESSAGE, messages()))
    spool.take("shop", rows("visitor", VISITOR, [(1, "anna.lind@norr.example")]))
    return spool


def empty(spool: Spool) -> Spool:
    for dataset in ("customer", "invoice", "message", "visitor"):
        spool.take("shop", rows(dataset, ("id",), []))
    return spool


def sealed(spool: Spool, target: Path, language: str = "sv") -> Sealed:
    return seal(
        spool,
        0,
        target,
        number="2026-000017",
        language=language,
        made_at=MADE_AT,
        received_on=date(2026, 11, 18),
        identified_by="BankID",
    )


def unpacked(package: Sealed, folder: Path) -> Path:
    with zipfile.ZipFile(package.path) as archive:
        archive.extractall(folder)
    return folder

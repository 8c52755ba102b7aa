"""The ledger as it is shown: what was noted, about which id, in which order; and whether it holds.

Only numbers, codes and random ids stand in the ledger, so nobody's data are shown here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lofte.console.noted import called
from lofte.execution import book
from lofte.ledger.chain import Break, Why
from lofte.ledger.entry import Entry
from lofte.ledger.kinds import Value
from lofte.requests.models import Request

PAGE = 100
WHOLE = 20_000
"""So many entries are followed from the first while somebody waits for the page."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """An entry of the ledger."""

    seq: int
    at: datetime
    kind: str
    words: str
    """The kind in words."""
    object: str
    number: str
    """Of the request that it is about, where the reader may open it; else empty."""
    counts: str
    """The numbers it holds; empty where they are forgotten."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerPage:
    """A page of the ledger, newest first."""

    rows: tuple[Row, ...]
    number: int
    pages: int
    entries: int
    holds: bool
    words: str
    """Whether the chain holds, and how much of it was followed."""


def ledger_page(number: int, key: bytes, *, opens: bool = False) -> LedgerPage:
    """The page with this number, from 1; one that is not there is the nearest that is. `opens` = the
    reader may open requests."""
    entries = book.count()
    pages = max(-(-entries // PAGE), 1)
    number = min(max(number, 1), pages)
    upper = entries - (number - 1) * PAGE
    among = takewhile(lambda each: each[0].seq <= upper, book.opened(max(upper - PAGE, 0)))
    told = list(among)
    about = {entry.object for entry, _payload in told} if opens else set()
    numbers = dict(Request.objects.filter(ref__in=about).values_list("ref", "number"))
    found = [_row(entry, payload, numbers.get(entry.object, "")) for entry, payload in told]
    holds, words = _followed(entries, key)
    return LedgerPage(
        rows=tuple(reversed(found)), number=number, pages=pages, entries=entries, holds=holds, words=words
    )


def _row(entry: Entry, payload: dict[str, Value] | None, number: str) -> Row:
    counts = ", ".join(f"{k} {v}" for k, v in (payload or {}).items() if isinstance(v, int))
    return Row(
        seq=entry.seq,
        at=entry.at,
        kind=entry.kind,
        words=called(entry.kind),
        object=entry.object,
        number=number,
        counts=counts,
    )


def _followed(entries: int, key: bytes) -> tuple[bool, str]:
    if entries > WHOLE:
        words = _("The last link holds. The whole chain is followed by `lofte ledger verify`.")
        broken = _("The last link of the chain does not hold.")
        return (True, words) if book.last_holds(key) else (False, broken)
    found = book.verify(key)
    if found is None:
        words = ngettext("%(n)d entry, unbroken.", "%(n)d entries, unbroken.", entries)
        return True, words % {"n": entries}
    return False, _told(found)


def _told(broken: Break) -> str:
    if broken.why is Why.NUMBER:
        words = _("Broken at entry %(seq)d: an entry is missing, doubled or out of order.")
    else:
        words = _("Broken at entry %(seq)d: it is not the one that was noted.")
    return words % {"seq": broken.seq}

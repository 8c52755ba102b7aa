"""Events that a person signed up for, as iCalendar (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from lofte.datamap.document import Dataset
from lofte.detect.text import DOTS
from lofte.requests.package.lines import block, line, text

HELD = "event.held"
"""The retention anchor that says when an event is held: who has it has events."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One event: when, and what."""

    uid: str
    start: date | datetime
    summary: str


def event(dataset: Dataset, names: Iterable[str], row: Mapping[str, Any], uid: str) -> Event | None:
    """The event that a row tells of; None when the dataset has none, or the row no date."""
    anchor = dataset.anchors.get(HELD)
    if anchor is None or anchor.column not in row:
        return None
    start = _when(row[anchor.column])
    if start is None:
        return None
    told = dataset.fields[anchor.column]
    kin = [
        n
        for n in names
        if n != anchor.column
        and (f := dataset.fields[n]).category == told.category
        and f.item == told.item
        and f.identity is None
    ]
    said = (str(row[n]) for n in kin if isinstance(row.get(n), str) and row[n].strip() and DOTS not in row[n])
    return Event(uid=uid, start=start, summary=next(said, "") or dataset.name.say("sv"))


def calendar(events: Iterable[Event], made_at: datetime) -> Iterator[bytes]:
    """The events, one by one, between the beginning and the end of the file."""
    yield b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Lofte//Portable//EN\r\n"
    for each in events:
        yield block("VEVENT", _lines(each, made_at)).encode("utf-8", "replace")
    yield b"END:VCALENDAR\r\n"


def _lines(event: Event, made_at: datetime) -> Iterator[str]:
    yield line("UID", text(event.uid))
    yield line("DTSTAMP", made_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ"))
    if not isinstance(event.start, datetime):
        yield line("DTSTART;VALUE=DATE", event.start.strftime("%Y%m%d"))
    elif event.start.tzinfo is None:
        yield line("DTSTART", event.start.strftime("%Y%m%dT%H%M%S"))
    else:
        yield line("DTSTART", event.start.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ"))
    yield line("SUMMARY", text(event.summary))
    yield line("CLASS", "PRIVATE")


def _when(value: Any) -> date | datetime | None:
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value) if len(value) <= 10 else datetime.fromisoformat(value)
    except ValueError:
        return None

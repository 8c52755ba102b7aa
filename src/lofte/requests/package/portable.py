"""The portable package: what a person takes along, in forms that other programs read (art. 20.1).

JSON by our published schema is the authority; CSV holds the same rows. Contacts as vCard, events
as iCalendar and messages as mbox stand beside them where there are any; they hold nothing that
the JSON does not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from lofte.execution.scratch import Scratch
from lofte.plan.portability import Terms
from lofte.plan.scope import EVERYTHING, Scope, said
from lofte.policy.digest import digest
from lofte.requests.package import icalendar, mbox, vcard
from lofte.requests.package.phrases import phrase
from lofte.requests.package.seal import Writer, written
from lofte.requests.package.sheet import Sheet
from lofte.requests.package.spool import Spool
from lofte.requests.package.view import read_rows

FORMAT = "lofte-portable"
VERSION = 1
SCHEMA = files(__package__).joinpath("portable.schema.json").read_bytes()


@dataclass(frozen=True, kw_only=True)
class Portable:
    """A finished package: where, its SHA-256, its size, and how many rows of each dataset."""

    path: Path
    """Empty where it lies in a scratch file."""
    sha256: str
    size: int
    counts: dict[str, int]


def pack(
    spool: Spool,
    subject: int,
    target: Path | Scratch,
    *,
    terms: Terms,
    number: str,
    language: str,
    made_at: datetime,
    scope: Scope = EVERYTHING,
) -> Portable:
    """Write the portable package of one subject. The spool was filled by the narrowed map, so it
    holds nothing that stays. `made_at` needs a time zone; `scope` are the categories that were asked
    about."""
    sha256, size = written(
        target,
        made_at,
        lambda out: _fill(out, spool, subject, terms, number, language, made_at, scope),
    )
    counts = {str(s.shape.at): s.count for s in spool.sheets(subject)}
    path = target if isinstance(target, Path) else Path()
    return Portable(path=path, sha256=sha256, size=size, counts=counts)


def _fill(
    out: Writer,
    spool: Spool,
    subject: int,
    terms: Terms,
    number: str,
    language: str,
    made_at: datetime,
    scope: Scope,
) -> None:
    begin = _begin(spool, subject, terms, number, language, made_at)
    if scope:
        begin["case"]["asked"] = sorted(scope)
    out.add("portable.json", spool.json_pieces(subject, begin))
    for sheet in spool.sheets(subject):
        out.add(f"csv/{spool.head(sheet).file}.csv", spool.csv_pieces(sheet))
    for name, pieces in _forms(spool, subject, number, made_at):
        first = next(pieces, None)
        if first is not None:
            out.add(name, _again(first, pieces))
    out.add("schema/portable.schema.json", [SCHEMA])
    out.add("README.txt", [_readme(spool, number, language, scope)])
    out.add("manifest.json", [_manifest(spool, number, made_at, out.written)])


def _begin(
    spool: Spool, subject: int, terms: Terms, number: str, language: str, made_at: datetime
) -> dict[str, Any]:
    controller = spool.policy.controller
    return {
        "$schema": "schema/portable.schema.json",
        "format": FORMAT,
        "version": VERSION,
        "case": {
            "number": number,
            "language": language,
            "made_at": made_at.isoformat(),
            "made_on": spool.on.isoformat(),
        },
        "controller": {
            "legal_name": controller.legal_name,
            "org_no": controller.org_no,
            "email": controller.contact.email,
        },
        "policy": _policy(spool),
        "terms": [t for sheet in spool.sheets(subject) for t in _terms(spool, sheet, terms)],
    }


def _terms(spool: Spool, sheet: Sheet, terms: Terms) -> Iterator[dict[str, Any]]:
    """Per field: what it is in words that other programs know, and by what right it goes along."""
    at = sheet.shape.at
    for name in sheet.shape.names:
        term = terms[at][name]
        field = sheet.shape.dataset.fields[name]
        if not term.purposes or field.category is None:
            continue
        items = spool.policy.categories[field.category].items
        yield {
            "system": at.system,
            "dataset": at.dataset,
            "field": name,
            "category": field.category,
            "item": field.item,
            "dpv": next((i.dpv for i in items if i.id == field.item), None),
            "origin": term.origin.value,
            "purposes": list(term.purposes),
            "bases": list(term.bases),
        }


def _forms(
    spool: Spool, subject: int, number: str, made_at: datetime
) -> Iterator[tuple[str, Iterator[bytes]]]:
    utc = made_at.astimezone(UTC)
    yield "contacts.vcf", vcard.vcards(_cards(spool, subject), utc, spool.on)
    events = list(_events(spool, subject, number))
    yield "events.ics", icalendar.calendar(events, utc) if events else iter(())
    yield "messages.mbox", _messages(spool, subject)


def _cards(spool: Spool, subject: int) -> Iterator[vcard.Card]:
    for sheet in spool.sheets(subject):
        found = vcard.properties(spool.policy, sheet.shape.dataset, sheet.shape.names)
        if found:
            yield from filter(None, (vcard.card(found, row) for row in read_rows(spool, sheet)))


def _events(spool: Spool, subject: int, number: str) -> Iterator[icalendar.Event]:
    for sheet in spool.sheets(subject):
        if icalendar.HELD in sheet.shape.dataset.anchors:
            for n, row in enumerate(read_rows(spool, sheet), start=1):
                uid = f"{number}-{sheet.shape.at.dataset}-{n}"
                found = icalendar.event(sheet.shape.dataset, sheet.shape.names, row, uid)
                if found is not None:
                    yield found


def _messages(spool: Spool, subject: int) -> Iterator[bytes]:
    for sheet in spool.sheets(subject):
        dataset = sheet.shape.dataset
        found = mbox.columns(dataset, sheet.shape.names)
        if found is not None and dataset.author is not None:
            title = dataset.name.say("sv")
            yield from mbox.messages(found, dataset.author.kind, read_rows(spool, sheet), title)


def _again(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _policy(spool: Spool) -> dict[str, Any]:
    meta = spool.policy.meta
    return {"id": meta.id, "version": meta.version, "sha256": digest(spool.policy)}


def _manifest(spool: Spool, number: str, made_at: datetime, written: dict[str, tuple[int, str]]) -> bytes:
    manifest = {
        "format": f"{FORMAT}-manifest",
        "version": VERSION,
        "case": number,
        "made_at": made_at.isoformat(),
        "policy": _policy(spool),
        "files": {name: {"size": size, "sha256": sha256} for name, (size, sha256) in written.items()},
    }
    return (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode()


_README = {
    "sv": """Dina uppgifter att ta med (artikel 20 i dataskyddsförordningen), ärende {number}

portable.json  allt, i den form som schema/portable.schema.json beskriver
csv/           samma rader för kalkylprogram; en apostrof före = + - @ hindrar att de körs
contacts.vcf   kontaktuppgifter (vCard 4.0), om det finns några
events.ics     evenemang (iCalendar), om det finns några
messages.mbox  meddelanden (mbox), om det finns några
manifest.json  storlek och SHA-256 för varje fil

Här står det du själv har gett oss, eller som våra system har sett när du använde dem, och som vi
behandlar med ditt samtycke eller för ett avtal med dig. Allt annat får du genom rätten till tillgång
(artikel 15). Andras uppgifter visas som prickar.
""",
    "en": """Your data to take along (Article 20 GDPR), case {number}

portable.json  everything, in the form that schema/portable.schema.json describes
csv/           the same rows for spreadsheets; an apostrophe before = + - @ keeps them from running
contacts.vcf   contact data (vCard 4.0), if there are any
events.ics     events (iCalendar), if there are any
messages.mbox  messages (mbox), if there are any
manifest.json  size and SHA-256 of each file

Here is what you gave us yourself, or what our systems saw when you used them, and that we process with
your consent or for a contract with you. Everything else you get by the right of access (Article 15).
Other people's data are shown as dots.
""",
}


def _asked(spool: Spool, language: str, scope: Scope) -> str:
    """What the package is limited to."""
    if not scope:
        return ""
    what = phrase("asked_text", language, what=said(spool.policy, scope).say(language))
    return f"\n{phrase('asked', language)}: {what}\n"


def _readme(spool: Spool, number: str, language: str, scope: Scope) -> bytes:
    both = ("sv", "en") if language == "sv" else ("en", "sv")
    told = "\n".join(_README[each].format(number=number) + _asked(spool, each, scope) for each in both)
    return ("\ufeff" + told).replace("\n", "\r\n").encode()

"""The view: an answer in one language, as plain strings, before it is a page or a PDF.

HTML and PDF are written from the same view, so that they cannot say different things.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from lofte.datamap.document import FieldMap
from lofte.law.calendar import civil_date
from lofte.plan.answer import Answer, DatasetLine, label
from lofte.plan.records import Subject
from lofte.plan.scope import EVERYTHING, Scope
from lofte.plan.scope import said as said_of
from lofte.policy.document import Policy
from lofte.requests.package.display import number, say_day, show
from lofte.requests.package.phrases import phrase
from lofte.requests.package.sections import Section, kept_until, sections
from lofte.requests.package.sheet import Sheet
from lofte.requests.package.spool import Spool

LATEST = 50
"""How many rows of a dataset are shown in plain words."""
WIDEST = 6
"""A row with more to say than this is shown as a card."""
LONG = 90
"""A text longer than this needs a card."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """What a package says of the request it answers."""

    number: str
    language: str
    made_at: datetime
    received_on: date | None = None
    identified_by: str = ""
    supplement: bool = False
    """It takes the place of an answer that was given, with rows that were looked at since."""
    remarks: int = 0
    """How many remarks of those who work with the request are in the package."""
    unread: int = 0
    """How many remarks wait for somebody to look."""
    scope: Scope = EVERYTHING
    """The categories that were asked about."""


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """One dataset in plain words: the newest rows, the columns people understand."""

    anchor: str
    file: str
    name: str
    text: str
    notes: tuple[str, ...]
    cards: bool
    ordered: bool
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    long: tuple[bool, ...]
    more: str
    count: int


@dataclass(frozen=True, kw_only=True)
class View:
    """All that is said, in one language."""

    language: str
    title: str
    eyebrow: str
    verdict: str
    yes: bool
    summary: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    leaves: tuple[Leaf, ...] = field(default=())
    controller: tuple[str, ...]
    footer: str


def view(spool: Spool, subject: int, answer: Answer, case: Case) -> View:
    """The answer as it is read."""
    policy, language = spool.policy, case.language
    controller = policy.controller.trade_name or policy.controller.legal_name or ""
    made_on = say_day(civil_date(case.made_at), language)
    return View(
        language=language,
        title=phrase("title", language, controller=controller),
        eyebrow=phrase("eyebrow", language),
        verdict=phrase("yes" if answer.found else "no", language) if _plain(answer) else "",
        yes=answer.found,
        summary=_summary(answer, language),
        facts=tuple(_facts(policy, spool.subjects[subject], case)),
        sections=sections(policy, answer, language),
        leaves=tuple(_leaves(spool, subject, answer, language)),
        controller=tuple(_controller(policy, language)),
        footer=phrase("footer", language, day=made_on, number=case.number),
    )


def _plain(answer: Answer) -> bool:
    """Whether yes or no is the whole truth."""
    return answer.found or not (answer.waiting or answer.shared or answer.kept_back or answer.forwarded)


def _summary(answer: Answer, language: str) -> str:
    said = answer.summary.say(language)
    if _plain(answer):
        said = said.partition(", ")[2]
        said = said[:1].upper() + said[1:]
    return said


def _facts(policy: Policy, subject: Subject, case: Case) -> Iterator[tuple[str, str]]:
    language = case.language
    yield phrase("case", language), case.number
    if case.scope:
        what = said_of(policy, case.scope).say(language)
        yield phrase("asked", language), phrase("asked_text", language, what=what)
    if case.received_on:
        yield phrase("received", language), say_day(case.received_on, language)
    yield phrase("made", language), say_day(civil_date(case.made_at), language)
    if case.supplement:
        yield phrase("supplement", language), phrase("supplement_text", language)
    if case.remarks or case.unread:
        said = phrase("remarks_text", language, n=number(case.remarks, language)) if case.remarks else ""
        left = phrase("remarks_left", language, n=number(case.unread, language)) if case.unread else ""
        yield phrase("remarks", language), f"{said} {left}".strip()
    if case.identified_by:
        yield phrase("identified", language), case.identified_by
    looked = ", ".join(phrase(i.kind, language, value=i.value) for i in subject.identities)
    if looked:
        yield phrase("searched", language), looked[0].upper() + looked[1:]
    title = policy.meta.title.say(language)
    yield (
        phrase("policy", language),
        phrase("policy_text", language, title=title, version=policy.meta.version),
    )


def _controller(policy: Policy, language: str) -> Iterator[str]:
    controller = policy.controller
    name = controller.legal_name or controller.trade_name or ""
    yield f"{name}, {phrase('org_no', language, n=controller.org_no)}" if controller.org_no else name
    contact = controller.contact
    phone = contact.phone.replace(" ", "\u00a0") if contact.phone else None
    yield from (part for part in (contact.address, contact.email, phone) if part)


def _leaves(spool: Spool, subject: int, answer: Answer, language: str) -> Iterator[Leaf]:
    lines = {line.at: line for line in answer.datasets}
    for sheet in spool.sheets(subject):
        yield _leaf(spool, sheet, lines[sheet.shape.at], answer, language)


def _leaf(spool: Spool, sheet: Sheet, line: DatasetLine, answer: Answer, language: str) -> Leaf:
    fields = sheet.shape.dataset.fields
    names = _readable(sheet)
    newest = newest_rows(spool, sheet, LATEST)
    shown = [[show(fields[n], row[n], language) for n in names] for row in newest]
    filled = [i for i in range(len(names)) if any(row[i] for row in shown)] or list(range(len(names)))
    rows = tuple(tuple(row[i] for i in filled) for row in shown)
    cards = len(filled) > WIDEST or any(len(cell) > LONG or "\n" in cell for row in rows for cell in row)
    more = ""
    if sheet.count > len(rows):
        key = "latest" if sheet.shape.ordered_by else "first"
        more = phrase(key, language, n=number(len(rows), language), all=number(sheet.count, language))
    file = spool.head(sheet).file
    return Leaf(
        anchor=f"d-{file.replace('.', '-')}",
        file=file,
        name=line.name.say(language),
        text=line.text.say(language) if line.text else "",
        notes=tuple(_notes(line, answer, language)),
        cards=cards,
        ordered=sheet.shape.ordered_by is not None,
        heads=tuple(label(spool.policy, names[i], fields[names[i]]).say(language) for i in filled),
        rows=rows,
        long=tuple(_is_long(fields[names[i]], [row[k] for row in rows]) for k, i in enumerate(filled)),
        more=more,
        count=sheet.count,
    )


def _notes(line: DatasetLine, answer: Answer, language: str) -> Iterator[str]:
    rows = phrase("one_row", language)
    if line.rows != 1:
        rows = phrase("n_rows", language, n=number(line.rows, language))
    if line.first and line.last and line.first != line.last:
        first, last = say_day(line.first, language), say_day(line.last, language)
        rows = f"{rows}, {phrase('period', language, first=first, last=last)}"
    yield rows
    if line.categories:
        known = {c.id: c.name.say(language) for c in answer.categories}
        yield ", ".join(known[c] for c in line.categories if c in known)
    for until in kept_until(line.periods, language):
        plain = len(line.periods) > 1 or line.periods[0].over
        yield until[:1].upper() + until[1:] if plain else phrase("kept_until", language, until=until)


def _readable(sheet: Sheet) -> list[str]:
    """The columns people understand: what happened when first, long texts last, no technical ones."""
    fields, shape = sheet.shape.dataset.fields, sheet.shape
    names = [n for n in shape.names if not fields[n].technical] or list(shape.names)
    order = shape.ordered_by
    if any(path.by == "own" for path in shape.dataset.subject):
        order = None
    return sorted(names, key=lambda n: (fields[n].text, n != order))


def _is_long(field: FieldMap, cells: list[str]) -> bool:
    return field.text or any(len(cell) > LONG for cell in cells)


def newest_rows(spool: Spool, sheet: Sheet, count: int) -> list[dict[str, Any]]:
    """The newest rows by the column people order them by, newest first; else the first ones."""
    rows = read_rows(spool, sheet)
    order = sheet.shape.ordered_by
    if order is None:
        return list(islice(rows, count))
    return heapq.nlargest(count, rows, key=lambda row: (row[order] is not None, str(row[order])))


def read_rows(spool: Spool, sheet: Sheet) -> Iterator[dict[str, Any]]:
    """The rows of a sheet as they stand in `data.json`, one at a time."""
    for rows in spool.json_rows(sheet):
        yield from json.loads(b"[" + rows + b"]")

"""What a person sees of their data on a page: from the same rows as a package, the newest of each dataset.

Hard rules:
- Two pages are written: one of what does no harm, one of all. Which of them opens is judged by who looks.
- Free text and files stay out: others may be named in them, and nobody has read them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypedDict

from lofte.datamap.harmless import Item, offered
from lofte.plan.answer import Answer, DatasetLine, answer, label
from lofte.plan.delicate import delicate, of_field
from lofte.requests.package.display import show
from lofte.requests.package.sections import kept_until
from lofte.requests.package.sheet import Sheet
from lofte.requests.package.spool import Spool
from lofte.requests.package.view import newest_rows, read_rows

LATEST = 20
"""Rows of a dataset."""
MOST_VALUES = 5
"""Different values of an item that may be corrected."""


class Category(TypedDict):
    """A kind of data: what it is for, and how long it is kept."""

    name: str
    purposes: list[str]
    kept: list[str]


class Part(TypedDict):
    """What one dataset holds."""

    name: str
    text: str
    count: int
    heads: list[str]
    rows: list[list[str]]


class Side(TypedDict):
    """One page, in one language."""

    categories: list[Category]
    parts: list[Part]


class Correctable(TypedDict):
    """What the person may correct by themselves, and what stands there."""

    category: str
    item: str
    sv: str
    en: str
    values: list[str]
    delicate: bool
    """It asks for the surest proof."""


class Glance(TypedDict):
    """All of it, as it lies sealed."""

    harmless: dict[str, Side]
    all: dict[str, Side]
    more: bool
    """There is something that asks for the surest proof."""
    waiting: int
    """Rows that only mention the person, or are somebody else's too: not shown here."""
    correctable: list[Correctable]
    """What is delicate stands last."""


def glance(spool: Spool) -> Glance:
    """The pages of the one person in the spool."""
    tallies = spool.tallies(0)
    harmless = [each for each in tallies if not delicate(spool.policy, spool.datamap, [each.at])]
    sides = [
        answer(spool.policy, spool.datamap, some, spool.on) if some else None for some in (harmless, tallies)
    ]
    few, all_ = ({each: _side(spool, told, each) for each in ("sv", "en")} for told in sides)
    return Glance(
        harmless=few,
        all=all_,
        more=any(each.rows for each in tallies if each not in harmless and _own(spool, each)),
        waiting=sum(each.waiting + each.shared for each in tallies),
        correctable=sorted(_correctable(spool), key=lambda each: each["delicate"]),
    )


def _own(spool: Spool, tally: Any) -> bool:
    return spool.datamap.system(tally.at.system).datasets[tally.at.dataset].role == "controller"


def _side(spool: Spool, told: Answer | None, language: str) -> Side:
    if told is None:
        return Side(categories=[], parts=[])
    lines = {line.at: line for line in told.datasets}
    sheets = (sheet for sheet in spool.sheets(0) if sheet.shape.at in lines)
    return Side(
        categories=list(_categories(spool, told, language)),
        parts=[_part(spool, sheet, lines[sheet.shape.at], language) for sheet in sheets],
    )


def _categories(spool: Spool, told: Answer, language: str) -> Iterator[Category]:
    for line in told.categories:
        used = [p.name for p in told.purposes if line.id in spool.policy.purposes[p.id].categories]
        yield Category(
            name=line.name.say(language),
            purposes=[name.say(language) for name in used],
            kept=list(kept_until(line.periods, language)),
        )


def _part(spool: Spool, sheet: Sheet, line: DatasetLine, language: str) -> Part:
    fields = sheet.shape.dataset.fields
    names = [n for n in sheet.shape.names if not (fields[n].technical or fields[n].text or fields[n].file)]
    rows = [[show(fields[n], row[n], language) for n in names] for row in newest_rows(spool, sheet, LATEST)]
    filled = [at for at in range(len(names)) if any(row[at] for row in rows)]
    return Part(
        name=line.name.say(language),
        text=line.text.say(language) if line.text else "",
        count=sheet.count,
        heads=[label(spool.policy, names[at], fields[names[at]]).say(language) for at in filled],
        rows=[[row[at] for at in filled] for row in rows if filled],
    )


def _correctable(spool: Spool) -> Iterator[Correctable]:
    for item in offered(spool.datamap):
        named = next((field for field in _fields(spool) if (field[1].category, field[1].item) == item), None)
        values = list(dict.fromkeys(_values(spool, item)))
        if named is None or len(values) > MOST_VALUES:
            continue
        said = label(spool.policy, *named)
        yield Correctable(
            category=item[0],
            item=item[1],
            sv=said.say("sv"),
            en=said.say("en"),
            values=values,
            delicate=any(
                of_field(spool.policy, f) for _, f in _fields(spool) if (f.category, f.item) == item
            ),
        )


def _fields(spool: Spool) -> Iterator[tuple[str, Any]]:
    for sheet in spool.sheets(0):
        yield from sheet.shape.dataset.fields.items()


def _values(spool: Spool, item: Item) -> Iterable[str]:
    """What stands there, in the person's own rows."""
    for sheet in spool.sheets(0):
        fields = sheet.shape.dataset.fields
        names = [n for n in sheet.shape.names if (fields[n].category, fields[n].item) == item]
        if not any(path.by == "own" for path in sheet.shape.dataset.subject):
            continue
        for row in read_rows(spool, sheet) if names else ():
            yield from (str(row[n]) for n in names if row[n] not in (None, ""))

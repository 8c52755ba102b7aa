"""What erasure meets in a world: foreign keys, triggers, dates, laws, and a word for each field.

The world itself is made by `worlds.make` and stays as it is; here it is dressed, from the same
seed. Nothing in this module knows how an erasure is planned.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.engine.connecting import chains
from tests.engine.links import Identity, Json, Link, Mention, Polymorphic, Reference, Value
from tests.engine.naming import Names, names
from tests.engine.worlds import Part, Row, Table, World, holds

DAYS: dict[str, tuple[date | None, ...]] = {
    # The asking is on 2026-11-20: some of these end the day before, that day, or the day after.
    "contract.end": (None, date(2020, 1, 1), date(2026, 8, 19), date(2026, 8, 20), date(2026, 11, 20),
                     date(2026, 11, 21)),
    "invoice.date": (None, date(2018, 5, 5), date(2018, 12, 31), date(2019, 1, 1), date(2019, 7, 7),
                     date(2026, 1, 1)),
    "consent.given": (None, date(2024, 11, 19), date(2024, 11, 20), date(2026, 1, 1)),
    "ticket.closed": (None, date(2024, 11, 19), date(2024, 11, 20), date(2026, 1, 1)),
}  # fmt: skip
ANCHOR = {"deliver": "contract.end", "books": "invoice.date", "letters": "consent.given",
          "support": "ticket.closed", "news": "consent.given"}  # fmt: skip
PURPOSES = ((), (), (), ("books",), ("books",), ("deliver",), ("letters",), ("support",), ("news",),
            ("books", "deliver"), ("books", "support"), ("deliver", "letters"))  # fmt: skip
CATEGORIES = ("contact", "payment", "letters")


@dataclass(eq=False, kw_only=True)
class Word:
    """What the map says of one field."""

    category: str | None = None
    identity: str | None = None
    erase: str | None = None
    replace_with: str | int | None = None
    coarse: str | None = None
    text: bool = False

    def plain(self) -> dict[str, Any]:
        said = {k: v for k, v in vars(self).items() if v is not None and v is not False}
        return said if self.category else {"technical": True, **said}


@dataclass(eq=False, kw_only=True)
class ForeignKey:
    """Declared to the database; `ends` says which row each row really points at."""

    table: Table
    columns: tuple[str, ...]
    to: Table
    keys: tuple[str, ...]
    on_delete: str = ""
    ends: dict[Row, Row] = field(default_factory=dict)

    @property
    def acts(self) -> bool:
        return self.on_delete in ("CASCADE", "SET NULL")


@dataclass(eq=False, kw_only=True)
class Trigger:
    table: Table
    name: str
    event: str
    accepted: set[Part] = field(default_factory=set)


@dataclass(eq=False)
class Dressed:
    world: World
    rng: random.Random
    words: dict[Part, dict[str, Word]] = field(default_factory=dict)
    stiff: set[tuple[Table, str]] = field(default_factory=set)
    """Columns that may not be empty."""
    plain: dict[Table, set[str]] = field(default_factory=dict)
    """Columns that are no part of any path."""
    keys: list[ForeignKey] = field(default_factory=list)
    triggers: list[Trigger] = field(default_factory=list)
    purposes: dict[Part, tuple[str, ...]] = field(default_factory=dict)
    days: dict[Table, dict[str, str]] = field(default_factory=dict)
    """Anchor -> column."""
    inherits: dict[Part, Link] = field(default_factory=dict)
    """Datasets whose time ends with the row that they point at."""
    shared: dict[Part, str | None] = field(default_factory=dict)
    beside: dict[Link, str] = field(default_factory=dict)
    strangers: dict[Row, set[Link]] = field(default_factory=dict)
    """Links that lead to somebody of whom nobody knows."""

    def anchors(self, part: Part) -> dict[str, str]:
        if part in self.inherits:
            return {}
        wanted = {ANCHOR[purpose] for purpose in self.purposes[part]}
        return {name: column for name, column in self.days.get(part.table, {}).items() if name in wanted}


def dress(world: World) -> Dressed:
    """The world of a seed, with all that an erasure must look out for."""
    rng = random.Random(f"erase {world.seed}")
    dressed = Dressed(world, rng)
    for table in world.tables:
        if rng.random() < 0.35:
            _again(dressed, table)
    for table in world.tables:
        for link in table.links:
            if isinstance(link, Reference) and rng.random() < 0.5:
                _declare(dressed, table, link)
    for table in list(world.tables):
        if rng.random() < 0.3:
            _tie(dressed, table)
    for _ in range(rng.choice((0, 0, 0, 1))):
        _unmapped(dressed)
    for table in world.tables:
        _table(dressed, table)
    for part in world.parts():
        _part(dressed, part)
    _strangers(dressed)
    return dressed


def _again(dressed: Dressed, table: Table) -> None:
    """A second reference to the same dataset: who sent it, and who got it."""
    world = dressed.world
    aimed = [to for link in table.links for to in link.targets() if to.table is not table]
    led_to = any(to.table is table for other in world.tables for link in other.links for to in link.targets())
    if not aimed or led_to or chains(table.parts[0]) > 8:
        return
    to = dressed.rng.choice(aimed)
    columns = tuple(table.column("andra", to.table.columns[k]) for k in to.table.key)
    link = Reference(columns=columns, to=to, keys=to.table.key, named=False)
    table.links.append(link)
    for row in table.rows:
        link.fill(world, row)
    world.reached["two references to one dataset"] += 1


def _declare(dressed: Dressed, table: Table, link: Reference) -> None:
    """A reference of the map becomes a foreign key: what points at nothing is emptied."""
    rng, to = dressed.rng, link.to.table
    if any(table.columns[c] != to.columns[k] for c, k in zip(link.columns, link.keys, strict=True)):
        return
    pairs = dict(zip(link.keys, link.columns, strict=True))
    keys = to.key if set(link.keys) == set(to.key) else link.keys
    columns = tuple(pairs[key] for key in keys)
    by_key = {tuple(row.values[k] for k in keys): row for row in to.rows}
    stiff = bool(by_key) and len(keys) == 1 and rng.random() < 0.25
    made = ForeignKey(table=table, columns=columns, to=to, keys=keys)
    for n, row in enumerate(table.rows):
        values = tuple(row.values[c] for c in columns)
        at = by_key.get(values)
        if stiff and to is table and (at is None or table.rows.index(at) > n):
            at = row  # what has no one above it says so by pointing at itself
        elif stiff and at is None:
            at = rng.choice(to.rows)
        if at is None:
            if None not in values:
                row.values.update(dict.fromkeys(columns))
            continue
        made.ends[row] = at
        if stiff:
            row.values.update(zip(columns, (at.values[k] for k in keys), strict=True))
            row.ends.pop(link, None)
            row.parents = {end for end in row.ends.values() if isinstance(end, Row)}
            if at.part is link.to and holds(link.when, row.values):
                row.ends[link] = at
                row.parents.add(at)
    if stiff:
        dressed.stiff |= {(table, c) for c in columns}
        dressed.world.reached["link that may not be empty"] += 1
    made.on_delete = rng.choice(("", "", "", "CASCADE", "SET NULL"))
    if stiff and made.on_delete == "SET NULL":
        made.on_delete = ""
    dressed.keys.append(made)
    _count(dressed, made)


def _count(dressed: Dressed, made: ForeignKey) -> None:
    reached = dressed.world.reached
    reached[f"foreign key {made.on_delete}".strip()] += 1
    reached["composite foreign key"] += len(made.keys) > 1
    reached["foreign key to itself"] += made.table is made.to


def _tie(dressed: Dressed, table: Table, *, most: float = 0.35) -> None:
    """A foreign key that is no path of the map: whoever's the row is, it hangs on another."""
    rng = dressed.rng
    to = rng.choice([t for t in dressed.world.tables if t.rows])
    call = table.call
    columns = tuple(table.column("knuten", to.columns[k]) for k in to.key)
    made = ForeignKey(table=table, columns=columns, to=to, keys=to.key)
    made.on_delete = rng.choice(("", "", "CASCADE", "SET NULL"))
    for row in table.rows:
        at = rng.choice(to.rows) if rng.random() < most else None
        row.values.update(zip(columns, (at.values[k] if at else None for k in to.key), strict=True))
        if at:
            made.ends[row] = at
    later = dressed.world.tables.index(to) > dressed.world.tables.index(table) if call else False
    dressed.world.reached["foreign keys in a ring"] += later
    dressed.keys.append(made)
    _count(dressed, made)


def _unmapped(dressed: Dressed) -> None:
    """A table that nobody has mapped hangs on one that somebody has."""
    rng, world = dressed.rng, dressed.world
    call: Names = names(rng)
    table = Table(names(rng, taken=tuple(t.name for t in world.tables))("omappad"), {}, (), "serial", call)
    table.key = (table.column("id", "int"),)
    table.rows = [Row(table, {table.key[0]: n}) for n in range(rng.randrange(1, 4))]
    world.tables.append(table)
    _tie(dressed, table, most=0.9)
    world.reached["unmapped child"] += 1


def _table(dressed: Dressed, table: Table) -> None:
    rng = dressed.rng
    for _ in range(rng.choice((0, 1, 1, 2)) if table.parts else 0):
        type_ = rng.choice(("text", "text", "int"))
        name = table.column("sak", type_)
        dressed.plain.setdefault(table, set()).add(name)
        values = (None, 0, 7, -130, 250) if type_ == "int" else (None, "", "y", "Storgatan 1", "åäö")
        if rng.random() < 0.25:
            dressed.stiff.add((table, name))
            values = values[1:]
        for row in table.rows:
            row.values[name] = rng.choice(values)
    for link in table.links:
        if isinstance(link, Identity) and rng.random() < 0.4:
            dressed.beside[link] = table.column("namn", "text")
            dressed.plain.setdefault(table, set()).add(dressed.beside[link])
            for row in table.rows:
                row.values[dressed.beside[link]] = rng.choice((None, "Någon", "Ann Ex"))
    if table.parts and rng.random() < 0.25:
        event = rng.choice(("delete", "delete", "delete", "update", "insert"))
        trigger = Trigger(table=table, name=f"vakt {len(dressed.triggers)}", event=event)
        if event == "delete" and rng.random() < 0.75:
            trigger.accepted = {part for part in table.parts if rng.random() < 0.9}
        dressed.triggers.append(trigger)
        dressed.world.reached["trigger accepted" if trigger.accepted else f"trigger on {event}"] += 1


def _part(dressed: Dressed, part: Part) -> None:
    rng, table = dressed.rng, part.table
    dressed.purposes[part] = rng.choice(PURPOSES)
    dressed.shared[part] = rng.choice((None, None, "unlink", "delete", "keep"))
    only = table.links[0] if len(table.links) == 1 and not table.person else None
    ties = sum(key.table is table for key in dressed.keys)
    inherits = isinstance(only, Reference) and only.to.table is not table and ties <= 1
    inherits = inherits and not any(
        key.table is table and key.to is not only.to.table for key in dressed.keys
    )
    if inherits and rng.random() < 0.6 and only.to in dressed.purposes:
        dressed.purposes[part] = dressed.purposes[only.to]
        dressed.inherits[part] = only
        dressed.world.reached["time that ends with another row"] += bool(dressed.purposes[part])
    else:
        _dates(dressed, part)
    dressed.words[part] = dict(_words(dressed, part))


def _dates(dressed: Dressed, part: Part) -> None:
    columns = dressed.days.setdefault(part.table, {})
    for purpose in dressed.purposes[part]:
        anchor = ANCHOR[purpose]
        if anchor not in columns:
            columns[anchor] = part.table.column("dag", "date")
            for row in part.table.rows:
                row.values[columns[anchor]] = dressed.rng.choice(DAYS[anchor])


def _words(dressed: Dressed, part: Part) -> Iterator[tuple[str, Word]]:
    rng, table = dressed.rng, part.table
    kinds: dict[str, Link] = {}
    for link in table.links:
        kinds.update(dict.fromkeys(columns_of(link), link))
    tied = {name for key in dressed.keys if key.table is table for name in key.columns}
    for name, type_ in table.columns.items():
        link = kinds.get(name)
        identity = table.identities.get(name)
        if name in table.key:
            yield name, Word(category="contact", identity=identity) if identity else Word()
        elif identity or isinstance(link, Identity) or name in dressed.plain.get(table, ()):
            yield name, _word(rng, type_, identity)
        elif isinstance(link, Mention):
            erase = rng.choice((None, "replace", "replace", "null", "keep"))
            mask = rng.choice((None, "[dold]")) if erase == "replace" else None
            yield name, Word(category="letters", erase=erase, replace_with=mask, text=True)
        elif isinstance(link, Value) and name == link.column:
            yield name, rng.choice((Word(), _word(rng, type_, None)))
        elif isinstance(link, Json) or (name in tied and (table, name) not in dressed.stiff):
            yield (
                name,
                rng.choice(
                    (Word(), Word(), Word(category="contact"), Word(category="payment", erase="keep"))
                ),
            )
        elif type_ == "date":
            yield name, rng.choice((Word(), Word(category="payment", erase="keep"),
                                    Word(category="payment", erase="generalise", coarse="year")))  # fmt: skip
        elif isinstance(link, Reference | Polymorphic) and (table, name) not in dressed.stiff:
            yield name, rng.choice((Word(), Word(), Word(), Word(category="contact", erase="null")))
        else:
            yield name, Word()


def _word(rng: random.Random, type_: str, identity: str | None) -> Word:
    category = "contact" if identity else rng.choice(CATEGORIES)
    match rng.choice((None, None, "null", "erase", "replace", "generalise", "keep", "keep")):
        case "replace":
            said: Any = rng.choice((0, 3)) if type_ == "int" else rng.choice(("borttagen", "borttagen {key}"))
            return Word(category=category, identity=identity, erase="replace", replace_with=said)
        case "generalise":
            coarse = "hundreds" if type_ == "int" else "start"
            return Word(category=category, identity=identity, erase="generalise", coarse=coarse)
        case erase:
            return Word(category=category, identity=identity, erase=erase)


def columns_of(link: Any) -> tuple[str, ...]:
    """The columns that the link reads, without its conditions."""
    match link:
        case Reference() | Mention():
            return link.columns
        case Polymorphic():
            return (link.type, link.column)
        case _:
            return (link.column,)


def _strangers(dressed: Dressed) -> None:
    """What carries an identity that is nobody's we know is still somebody's."""
    for table in dressed.world.tables:
        for link in table.links:
            if getattr(link, "kind", None) is None:
                continue
            for row in table.rows:
                if link in row.ends or not holds(link.when, row.values):
                    continue
                value = row.values[link.column]
                if isinstance(link, Json):
                    value = _inside(value, link.at)
                if _says_somebody(link.kind, value):
                    dressed.strangers.setdefault(row, set()).add(link)
                    dressed.world.reached["row of a stranger"] += 1


def _inside(document: Any, at: tuple[str | int, ...]) -> Any:
    for step in at:
        if isinstance(step, int):
            document = document[step] if isinstance(document, list) and len(document) > step else None
        else:
            document = document.get(step) if isinstance(document, dict) else None
    return document


def _says_somebody(kind: str, value: Any) -> bool:
    if kind != "email":
        return bool(value)
    local, _, domain = str(value or "").partition("@")
    return bool(local and "." in domain)

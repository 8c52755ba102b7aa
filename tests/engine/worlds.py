"""Random worlds: people, and rows that hold object references to whose they are.

A world is made of Python objects only. Whose a row is follows from the objects (`Row.people`),
never from values or SQL. From the objects come the tables with their rows (`building.py`), the
data map, and the expected answer (`expecting.py`).
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.engine.naming import LOCAL_PARTS, TEXT_KEYS, Names, any_case, names, personnummer, spelled

Key = tuple[Any, ...]


Pair = tuple[str, str]
"""An identity: kind and canonical value."""


@dataclass(eq=False)
class Human:
    """Somebody. A guest has no row of their own, and exactly one address."""

    number: int
    emails: list[str]
    personnummer: str
    customer_no: str
    user_name: str
    guest: bool = False
    known: set[Pair] = field(default_factory=set)
    """Identities that this person's own rows tell."""


@dataclass(eq=False)
class Row:
    """A row, and whose it is by itself."""

    table: Table
    values: dict[str, Any] = field(default_factory=dict)
    part: Part | None = None
    """The dataset that the row is in; None = left out by every dataset's `where`."""
    own: set[Human] = field(default_factory=set)
    """The row is this person."""
    carries: set[Pair] = field(default_factory=set)
    """The row was written for whoever has this identity."""
    mentions: set[Pair] = field(default_factory=set)
    parents: set[Row] = field(default_factory=set)
    """The rows that this one points at."""
    ends: dict[Any, Row | Pair] = field(default_factory=dict)
    """The same by link: where each leads, when it leads anywhere."""

    def key(self) -> Key:
        return tuple(self.values[name] for name in self.table.key)

    def lineage(self) -> set[Row]:
        """The row and every row it points at, however far away."""
        seen, ahead = {self}, [self]
        while ahead:
            for parent in ahead.pop().parents - seen:
                seen.add(parent)
                ahead.append(parent)
        return seen


@dataclass(eq=False)
class Part:
    """What the data map calls a dataset: a table, or the rows of it that `where` picks out."""

    id: str
    table: Table
    where: dict[str, Any] = field(default_factory=dict)

    def rows(self) -> list[Row]:
        return [row for row in self.table.rows if row.part is self]


@dataclass(eq=False)
class Table:
    """A table of the foreign system. Column types: int, text, json."""

    name: str
    columns: dict[str, str]
    key: tuple[str, ...]
    style: str
    call: Names
    alternative: str | None = None
    """A second unique column that other tables may point at."""
    person: bool = False
    identities: dict[str, str] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    links: list[Any] = field(default_factory=list)

    def column(self, plain: str, type_: str) -> str:
        """A new column with an odd name."""
        name = self.call(plain)
        self.columns[name] = type_
        return name


@dataclass(eq=False)
class World:
    seed: int
    rng: random.Random
    humans: list[Human] = field(default_factory=list)
    families: dict[str, list[Human]] = field(default_factory=dict)
    """Addresses that several people have."""
    glue: str = "personnummer"
    """The identity that tells that two accounts are one person's."""
    tables: list[Table] = field(default_factory=list)
    reached: Counter[str] = field(default_factory=Counter)
    """Which constructs the world really holds: a gap in the generator would hide a fault."""

    def parts(self) -> Iterator[Part]:
        for table in self.tables:
            yield from table.parts

    def registered(self) -> list[Human]:
        return [human for human in self.humans if not human.guest]

    def shared(self) -> set[Pair]:
        """Identities that more than one registered person has."""
        owners = Counter(pair for human in self.humans for pair in human.known if pair[0] != "phone")
        return {pair for pair, count in owners.items() if count > 1}

    def addresses(self) -> set[str]:
        return {*self.families, *(email for human in self.humans for email in human.emails)}


def make(seed: int, *, most: int = 9) -> World:
    """The world of this seed, with at most so many tables besides those of persons."""
    from tests.engine.connecting import connect, connect_person

    rng = random.Random(seed)
    world = World(seed, rng)
    world.glue = rng.choice(("personnummer", "personnummer", "customer_no"))
    _people(world)
    call = names(rng)
    for n in range(rng.choice((1, 1, 1, 2, 2, 3))):
        table = _person_table(world, n, call)
        if n and rng.random() < 0.3:
            connect_person(world, table)
        world.tables.append(table)
    for n in range(rng.randrange(2, most + 1)):
        table = _table(
            world, f"t{n}", call, rng.choice(("serial", "serial", "text", "pair", "pair", "digits"))
        )
        _partition(world, table)
        _rows(world, table, rng.randrange(4, 26))
        world.tables.append(table)
        connect(world, table)
    return world


def _people(world: World) -> None:
    rng = world.rng
    locals_ = [part for family in rng.sample(LOCAL_PARTS, 4) for part in family]
    domains = ["x.example", "x.example", "brev.example", "åäö.example", "x-post.example"]
    pool = list(dict.fromkeys(f"{local}@{rng.choice(domains)}" for local in locals_))
    rng.shuffle(pool)
    numbers = rng.sample(range(10000, 10040), 16)
    for n in range(rng.randrange(5, 11)):
        mine = [pool.pop() for _ in range(rng.choice((1, 1, 2)))]
        human = Human(n, mine, personnummer(rng), str(numbers[n]), f"user{n}")
        human.guest = rng.random() < 0.2
        if human.guest:
            human.emails = mine[:1]
        world.humans.append(human)
    registered = world.registered()
    if len(registered) > 2 and rng.random() < 0.6:
        family = rng.sample(registered, rng.choice((2, 2, 3)))
        world.families["hushållet@x.example"] = family


def _person_table(world: World, n: int, call: Names) -> Table:
    """Accounts. The first table knows every registered person; later ones know some."""
    rng = world.rng
    styles = ["serial", "serial", "text", "pair"] + ["number"] * (world.glue == "personnummer")
    table = _table(world, f"person{n}", call, rng.choice(styles))
    table.person = True
    more = {"personnummer", "customer_no", "user_name", "phone", "email2"} - {world.glue}
    if table.style == "number":
        more -= {"customer_no"}
        world.reached["key is identity"] += 1
    kinds = ["email", world.glue, *rng.sample(sorted(more), rng.randrange(0, 4))]
    columns = {kind: table.column(kind, "text") for kind in kinds}
    table.identities = {name: kind.removesuffix("2") for kind, name in columns.items()}
    if table.style == "number":
        table.identities[table.key[0]] = "customer_no"
    _partition(world, table)
    humans = [h for h in world.registered() if n == 0 or rng.random() < 0.5]
    accounts = [(human, nth) for human in humans for nth in range(2 if rng.random() < 0.25 else 1)]
    rng.shuffle(accounts)
    _rows(world, table, len(accounts))
    for (human, nth), row in zip(accounts, table.rows, strict=False):
        _fill_account(world, row, human, nth, columns)
    return table


def _fill_account(world: World, row: Row, human: Human, nth: int, columns: dict[str, str]) -> None:
    rng, table = world.rng, row.table
    told: set[Pair] = set()
    if table.style == "number":
        number = str(20000 + human.number) if nth else human.customer_no
        row.values[table.key[0]] = int(number)
        told.add(("customer_no", number))
    families = [address for address, members in world.families.items() if human in members]
    for kind, column in columns.items():
        if kind != world.glue and rng.random() < 0.2:
            continue
        if kind in ("email", "email2"):
            address = rng.choice([*human.emails, *families, *families])
            row.values[column] = any_case(rng, address)
            told.add(("email", address))
        elif kind == "phone":
            row.values[column] = rng.choice(("070-1740605", "070-1740606"))
            told.add(("phone", "+46" + str(row.values[column])[1:].replace("-", "")))
        else:
            value: str = getattr(human, kind)
            row.values[column] = spelled(rng, value) if kind == "personnummer" else value
            told.add((kind, value))
    if row.part:
        row.own.add(human)
        human.known |= told
        world.reached["second account"] += nth


def _table(world: World, plain: str, call: Names, style: str) -> Table:
    rng = world.rng
    table = Table(call(plain), {}, (), style, names(rng))
    if style == "pair":
        first = "text" if rng.random() < 0.6 else "int"
        key = [table.column("nyckel", first), table.column("del", "int")]
        if rng.random() < 0.5:
            key.reverse()
    else:
        key = [table.column("id", "int" if style in ("serial", "number") else "text")]
    table.key = tuple(key)
    if rng.random() < 0.3:
        table.alternative = table.column("kod", rng.choice(("text", "int")))
    for n in range(rng.randrange(0, 3)):
        table.column(f"övrigt{n}", rng.choice(("text", "int")))
    return table


def _partition(world: World, table: Table) -> None:
    """The datasets of the table: one, one that leaves rows out, or two side by side."""
    rng = world.rng
    number = sum(len(t.parts) for t in world.tables)
    kind = rng.choice(("whole", "whole", "whole", "some", "two"))
    if table.person and kind == "two":
        kind = "whole"
    if kind == "whole":
        table.parts = [Part(f"d{number}", table)]
        return
    column = table.column("slag", "text")
    wheres: list[dict[str, Any]] = [{column: "a"}, {column: "b"}]
    if kind == "some":
        wheres = [{column: rng.choice(("a", ("a", "b"), None, "not null"))}]
        world.reached["where leaves rows out"] += 1
    table.parts = [Part(f"d{number + i}", table, where) for i, where in enumerate(wheres)]


def _rows(world: World, table: Table, count: int) -> None:
    rng = world.rng
    keys = _keys(rng, table, count)
    others = _second_keys(rng, table, len(keys))
    for n, key in enumerate(keys):
        row = Row(table, dict.fromkeys(table.columns))
        row.values.update(zip(table.key, key, strict=True))
        if table.alternative:
            row.values[table.alternative] = others[n]
        for name, type_ in table.columns.items():
            if name.startswith("övrigt"):
                row.values[name] = rng.choice((None, 0, 7)) if type_ == "int" else rng.choice((None, "", "x"))
        for name in {name for part in table.parts for name in part.where}:
            row.values[name] = rng.choice(("a", "a", "a", "b", "b", "A", "a ", "c", None))
        row.part = next((p for p in table.parts if holds(p.where, row.values)), None)
        table.rows.append(row)


def _keys(rng: random.Random, table: Table, count: int) -> list[Key]:
    match table.style:
        case "serial" | "number":
            return [(n,) for n in rng.sample(range(0, count + 8), count)]
        case "text" | "digits":
            family = rng.choice(TEXT_KEYS) if table.style == "text" else TEXT_KEYS[1]
            more = [str(n) for n in range(count)] if table.style == "digits" else []
            return [(k,) for k in _some(rng, [*family, *more], count)]
    # Halves collide: the cells of a small grid, some missing.
    side = max(3, int(count**0.5) + 2)
    texts = _some(rng, [*rng.choice(TEXT_KEYS), *"abcdefghij"], side)
    grid: list[Key] = []
    for i in range(side):
        for j in range(side):
            cell = [texts[i % len(texts)] if table.columns[name] == "text" else (i if at == 0 else j)
                    for at, name in enumerate(table.key)]  # fmt: skip
            if table.columns[table.key[1]] == "text":
                cell[0], cell[1] = j, texts[i % len(texts)]
            grid.append(tuple(cell))
    grid = list(dict.fromkeys(grid))
    return rng.sample(grid, min(count, len(grid)))


def _second_keys(rng: random.Random, table: Table, count: int) -> list[Any]:
    if table.alternative is None:
        return []
    if table.columns[table.alternative] == "int":
        return rng.sample(range(0, count + 5), count)
    values: list[Any] = _some(rng, [*rng.choice(TEXT_KEYS), *rng.choice(TEXT_KEYS)], count)
    return values + [f"k{n}" for n in range(count - len(values))]


def _some(rng: random.Random, of: list[str], count: int) -> list[str]:
    distinct = list(dict.fromkeys(of))
    return rng.sample(distinct, min(count, len(distinct)))


def holds(when: dict[str, Any], values: dict[str, Any]) -> bool:
    """Do the row's own values keep all these conditions, exactly?"""
    return all(_one(wanted, values[name]) for name, wanted in when.items())


def _one(wanted: Any, value: Any) -> bool:
    if wanted is None:
        return value is None
    if wanted == "not null":
        return value is not None
    if isinstance(wanted, tuple | list):
        return any(_one(one, value) for one in wanted)
    return bool(value == wanted)

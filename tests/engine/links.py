"""The ways a row can point at somebody: each fills rows from objects and says its path."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from tests.engine.naming import any_case, near_address, near_key, spelled
from tests.engine.worlds import Pair, Part, Row, Table, World, holds

MOST_CHAINS = 24
MOST_LOOPS = 2


@dataclass(eq=False, kw_only=True)
class Link:
    """One subject path of all datasets of a table."""

    when: dict[str, Any] = field(default_factory=dict)

    def fill(self, world: World, row: Row) -> None:
        """Point the row at something, at nothing, or at what only looks like something."""
        raise NotImplementedError

    def paths(self) -> list[dict[str, Any]]:
        """The same in words of the data map."""
        raise NotImplementedError

    def targets(self) -> list[Part]:
        return []


@dataclass(eq=False, kw_only=True)
class Reference(Link):
    columns: tuple[str, ...]
    to: Part
    keys: tuple[str, ...]
    named: bool

    def fill(self, world: World, row: Row) -> None:
        at, values = aim(world, self.to.table, self.keys)
        for name, value in zip(self.columns, values, strict=True):
            row.values[name] = cast(row.table.columns[name], value)
        told = all(row.values[name] is not None for name in self.columns)
        if told and at is not None and at.part is self.to and holds(self.when, row.values):
            row.parents.add(at)
            world.reached["self reference"] += at.table is row.table
            world.reached["composite reference"] += len(self.columns) > 1
            world.reached["reference to another unique column"] += self.named and self.keys != at.table.key
            types = [row.table.columns[c] for c in self.columns]
            world.reached["cross-type reference"] += types != [at.table.columns[k] for k in self.keys]

    def paths(self) -> list[dict[str, Any]]:
        path: dict[str, Any] = {"by": "reference", "columns": list(self.columns), "to": self.to.id}
        if self.named:
            path["keys"] = list(self.keys)
        return [path | when(self.when)]

    def targets(self) -> list[Part]:
        return [self.to]


@dataclass(eq=False, kw_only=True)
class Identity(Link):
    column: str
    kind: str

    def fill(self, world: World, row: Row) -> None:
        pair, value = carried(world, self.kind)
        row.values[self.column] = value
        if pair and holds(self.when, row.values):
            row.carries.add(pair)
            world.reached[f"identity {self.kind}"] += 1

    def paths(self) -> list[dict[str, Any]]:
        return [{"by": "identity", "column": self.column, "kind": self.kind} | when(self.when)]


@dataclass(eq=False, kw_only=True)
class Polymorphic(Link):
    type: str
    column: str
    to: dict[str, Part]
    """What the type column says -> the dataset meant. `None`-like words mean no dataset."""

    def fill(self, world: World, row: Row) -> None:
        rng = world.rng
        word = rng.choice([*self.to, *self.to, "annat", None, next(iter(self.to)).upper()])
        meant = self.to.get(word) if word else None
        aimed = meant or rng.choice(list(self.to.values()))
        at, values = aim(world, aimed.table, aimed.table.key)
        row.values[self.type] = word
        row.values[self.column] = cast(row.table.columns[self.column], values[0])
        told = row.values[self.column] is not None and holds(self.when, row.values)
        if told and at is not None and meant is not None and at.part is meant:
            row.parents.add(at)
            others = [part for part in self.to.values() if part is not meant]
            world.reached["polymorphic with the same id elsewhere"] += any(
                str(other.key()[0]) == str(at.key()[0]) for part in others for other in part.rows()
            )

    def paths(self) -> list[dict[str, Any]]:
        return [
            {"by": "polymorphic", "type": self.type, "is": word, "columns": [self.column], "to": part.id}
            | when(self.when)
            for word, part in self.to.items()
        ]

    def targets(self) -> list[Part]:
        return list(self.to.values())


@dataclass(eq=False, kw_only=True)
class Json(Link):
    column: str
    at: tuple[str | int, ...]
    kind: str | None = None
    to: Part | None = None

    def fill(self, world: World, row: Row) -> None:
        rng = world.rng
        value: Any
        pair: Pair | None = None
        at: Row | None = None
        if self.to is None:
            pair, value = carried(world, str(self.kind))
        else:
            at, (value,) = aim(world, self.to.table, self.to.table.key)
            if at and rng.random() < 0.3:
                value = str(value)
        shape = rng.random()
        if shape < 0.1:
            row.values[self.column] = rng.choice((None, {}, {"annat": value}, [value]))
            return
        row.values[self.column] = nest(self.at, value, rng)
        if not holds(self.when, row.values):
            return
        if pair:
            row.carries.add(pair)
            world.reached["identity inside JSON"] += 1
        if at is not None and at.part is self.to:
            row.parents.add(at)
            world.reached["key inside JSON"] += 1

    def paths(self) -> list[dict[str, Any]]:
        path: dict[str, Any] = {"by": "json", "column": self.column, "at": list(self.at)}
        path |= {"kind": self.kind} if self.to is None else {"to": self.to.id}
        return [path | when(self.when)]

    def targets(self) -> list[Part]:
        return [] if self.to is None else [self.to]


@dataclass(eq=False, kw_only=True)
class Value(Link):
    column: str
    attribute: str
    word: str
    kind: str | None = None
    to: Part | None = None

    def fill(self, world: World, row: Row) -> None:
        pair: Pair | None = None
        at: Row | None = None
        if self.to is None:
            pair, value = carried(world, str(self.kind))
        else:
            at, (value,) = aim(world, self.to.table, self.to.table.key)
        row.values[self.attribute] = world.rng.choice(
            (self.word, self.word, "annat", self.word.upper(), None)
        )
        row.values[self.column] = None if value is None else str(value)
        if not holds(self.when, row.values):
            return
        if pair:
            row.carries.add(pair)
            world.reached["identity in a value column"] += 1
        if at is not None and at.part is self.to:
            row.parents.add(at)
            world.reached["key in a value column"] += 1

    def paths(self) -> list[dict[str, Any]]:
        path: dict[str, Any] = {"by": "value", "column": self.column}
        path |= {"kind": self.kind} if self.to is None else {"to": self.to.id}
        return [path | when(self.when)]

    def targets(self) -> list[Part]:
        return [] if self.to is None else [self.to]


@dataclass(eq=False, kw_only=True)
class Mention(Link):
    columns: tuple[str, ...]

    def fill(self, world: World, row: Row) -> None:
        rng = world.rng
        for name in self.columns:
            pieces: list[str] = []
            for _ in range(rng.choice((0, 1, 1, 2))):
                human = rng.choice(world.humans)
                if rng.random() < 0.25:
                    row.mentions.add(("personnummer", human.personnummer))
                    pieces.append(spelled(rng, human.personnummer))
                elif rng.random() < 0.3:
                    # Another's address that holds this one: letters directly before or after it.
                    address = rng.choice(human.emails or ["x@x.example"])
                    other = rng.choice((f"q{address}", f"hej.{address}", f"{address}.test", f"{address}x"))
                    pieces.append("anonym" if other in world.addresses() else other)
                elif human.emails:
                    address = rng.choice(human.emails)
                    row.mentions.add(("email", address))
                    pieces.append(any_case(rng, address) + rng.choice(("", "", ".", ",", ")")))
            words = [rng.choice(("Hej!", "se", "fråga:", "(om)", "\n", "100% säkert")) for _ in range(3)]
            row.values[name] = " ".join([words[0], *(f"{p} {words[1]}" for p in pieces), words[2]])
            world.reached["mention"] += bool(pieces)
        if not holds(self.when, row.values):
            row.mentions.clear()

    def paths(self) -> list[dict[str, Any]]:
        return [{"by": "mention", "columns": list(self.columns)} | when(self.when)]


def connect(world: World, table: Table) -> None:
    """Give the table its subject paths, and each row what it points at."""
    rng = world.rng
    _wish(world, table)
    # MariaDB copies a recursive query into each that builds on it: two in a row are enough.
    if rng.random() < 0.3 and loops(table.parts[0]) < MOST_LOOPS:
        table.links.append(_self(world, table))
    _fill(world, table)


def connect_person(world: World, table: Table) -> None:
    """A person who also belongs to another, as a contact belongs to a customer."""
    table.links.append(_reference_to(world, table, world.rng.choice(world.tables[0].parts)))
    _fill(world, table)
    world.reached["person who is also another's"] += 1


def _wish(world: World, table: Table) -> None:
    rng = world.rng
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3))):
        link = rng.choice(
            (_reference, _reference, _reference, _identity, _polymorphic, _json, _value, _mention)
        )(world, table)
        mention_twice = isinstance(link, Mention) and any(isinstance(other, Mention) for other in table.links)
        ahead = [t for t in link.targets() if t.table is not table]
        narrow = chains(table.parts[0], [*table.links, link]) <= MOST_CHAINS
        if narrow and not mention_twice and all(loops(target) <= MOST_LOOPS for target in ahead):
            table.links.append(link)
    if not table.links:
        table.links.append(_identity(world, table))


def _fill(world: World, table: Table) -> None:
    for row in table.rows:
        for name in table.columns.keys() - row.values.keys():
            row.values[name] = None
    for link in table.links:
        _conditions(world, table, link)
        for row in table.rows:
            link.fill(world, row)


def chains(part: Part, links: list[Link] | None = None) -> int:
    """How many ways lead from the dataset to a person."""
    total = 1 if part.table.person else 0
    for link in part.table.links if links is None else links:
        ahead = [target for target in link.targets() if target.table is not part.table]
        total += sum(chains(target) for target in ahead) or 1
    return total


def loops(part: Part) -> int:
    """How many tables that refer to themselves stand on the longest way."""
    here = any(target.table is part.table for link in part.table.links for target in link.targets())
    ahead = [t for link in part.table.links for t in link.targets() if t.table is not part.table]
    return here + max(map(loops, ahead), default=0)


def depth(part: Part) -> int:
    """How many tables the longest way leads through."""
    ahead = [t for link in part.table.links for t in link.targets() if t.table is not part.table]
    return 1 + max(map(depth, ahead), default=0)


def _conditions(world: World, table: Table, link: Link) -> None:
    rng = world.rng
    if isinstance(link, Value) or rng.random() > 0.15:
        return
    name = table.column("läge", "text")
    link.when[name] = rng.choice(("öppen", ("öppen", "stängd"), None, "not null"))
    for row in table.rows:
        row.values[name] = rng.choice(("öppen", "öppen", "stängd", "Öppen", "oppen", "öppen ", None))
    world.reached["condition on a path"] += 1


def _single(world: World, table: Table) -> bool:
    """Is there a dataset whose key is one column?"""
    return any(len(part.table.key) == 1 and part.table is not table for part in world.parts())


def _target(world: World, table: Table, *, single: bool = False) -> Part:
    """Somewhere to point: often a person, else a table that already leads to one."""
    rng = world.rng
    parts = [p for p in world.parts() if p.table is not table and (len(p.table.key) == 1 or not single)]
    people = [p for p in parts if p.table.person]
    others = [p for p in parts if not p.table.person and chains(p) <= 8]
    if others and (rng.random() < 0.6 or not people):
        return rng.choice(others[-3:])
    return rng.choice(people) if people else rng.choice(parts)


def _reference(world: World, table: Table) -> Link:
    return _reference_to(world, table, _target(world, table))


def _self(world: World, table: Table) -> Link:
    return _reference_to(world, table, world.rng.choice(table.parts))


def _reference_to(world: World, table: Table, to: Part) -> Reference:
    rng = world.rng
    keys, named = to.table.key, rng.random() < 0.3
    if to.table.alternative and rng.random() < 0.5:
        keys, named = (to.table.alternative,), True
    if named and len(keys) > 1 and rng.random() < 0.5:
        keys = keys[::-1]
    columns = tuple(table.column("till", _type(rng, to.table.columns[k])) for k in keys)
    return Reference(columns=columns, to=to, keys=keys, named=named)


def _type(rng: random.Random, of: str) -> str:
    return rng.choice(("text", "int")) if rng.random() < 0.2 else of


def _identity(world: World, table: Table) -> Link:
    kind = world.rng.choice(("email", "email", "email", "personnummer", "customer_no", "user_name"))
    return Identity(column=table.column("vem", "text"), kind=kind)


def _polymorphic(world: World, table: Table) -> Link:
    parts = [p for p in world.parts() if len(p.table.key) == 1 and p.table is not table and chains(p) <= 6]
    if len(parts) < 2:
        return _reference(world, table)
    rng = world.rng
    chosen = rng.sample(parts, 2)
    same = all(part.table.columns[part.table.key[0]] == "int" for part in chosen)
    type_ = "int" if same and rng.random() < 0.6 else "text"
    words = rng.choice((("kund", "ärende"), ("App.Kund", "App.Order"), ("a'b", 'a"b')))
    return Polymorphic(
        type=table.column("sort", "text"),
        column=table.column("objekt", type_),
        to=dict(zip(words, chosen, strict=True)),
    )


def _json(world: World, table: Table) -> Link:
    rng = world.rng
    at = rng.choice((("kund",), ("a", "b"), ("kund nr", "e-post"), ("lista", 0), ("x.y", "c'd", 1, "å")))
    if rng.random() < 0.5 and _single(world, table):
        return Json(column=table.column("data", "json"), at=at, to=_target(world, table, single=True))
    # JSON in a text column can be looked into, but not joined by, on PostgreSQL (X004).
    column = table.column("data", rng.choice(("json", "text_json")))
    return Json(column=column, at=at, kind=rng.choice(("email", "email", "customer_no")))


def _value(world: World, table: Table) -> Link:
    rng = world.rng
    attribute, column = table.column("egenskap", "text"), table.column("värde", "text")
    word = rng.choice(("email", "kund_id", "e-post"))
    link = Value(column=column, attribute=attribute, word=word, when={attribute: word})
    if rng.random() < 0.5 and _single(world, table):
        link.to = _target(world, table, single=True)
    else:
        link.kind = "email"
    return link


def _mention(world: World, table: Table) -> Link:
    return Mention(
        columns=tuple(table.column(f"fritext{n}", "text") for n in range(world.rng.choice((1, 1, 2))))
    )


def aim(world: World, table: Table, keys: tuple[str, ...]) -> tuple[Row | None, tuple[Any, ...]]:
    """A row and its key; or no row and a key that is NULL, half NULL, nobody's or nearly somebody's."""
    rng = world.rng
    taken = {tuple(row.values[k] for k in keys) for row in table.rows}
    chance = rng.random()
    nothing: tuple[Any, ...] = (None,) * len(keys)
    if chance < 0.1 or not table.rows:
        return None, nothing
    at = rng.choice(table.rows)
    values = tuple(at.values[k] for k in keys)
    if chance < 0.72:
        return at, values
    if len(keys) > 1:
        other = rng.choice(table.rows)
        mixed = tuple(rng.choice((a, other.values[k], None)) for a, k in zip(values, keys, strict=True))
        near = mixed
    else:
        (value,) = values
        near = (
            (near_key(rng, value),) if isinstance(value, str) else (rng.choice((value + 1000, -value - 1)),)
        )
    if near in taken or any(_same_number(near, key) for key in taken):
        return None, nothing
    world.reached["near miss of a key"] += 1
    return None, near


def _same_number(near: tuple[Any, ...], key: tuple[Any, ...]) -> bool:
    return all(a is not None and str(a) == str(b) for a, b in zip(near, key, strict=True))


def carried(world: World, kind: str) -> tuple[Pair | None, str | None]:
    """An identity and its spelling; or none and NULL or what only looks like one."""
    rng = world.rng
    human = rng.choice(world.humans)
    chance = rng.random()
    if chance < 0.1:
        return None, None
    if kind == "email":
        address = rng.choice([*human.emails, *world.families] or ["nobody@x.example"])
        if chance < 0.3:
            near = near_address(rng, address)
            if near in world.addresses():
                return None, None
            world.reached["near miss of an address"] += 1
            return None, rng.choice((near, f"{address} ", f" {address}"))
        return ("email", address), any_case(rng, address)
    value: str = getattr(human, kind)
    if chance < 0.2 and kind != "personnummer":
        return None, f"{value} "
    return (kind, value), spelled(rng, value) if kind == "personnummer" else value


def cast(type_: str, value: Any) -> Any:
    """The value as the column's type holds it. Text that is no plain number becomes NULL."""
    if value is None or type_ == "text":
        return None if value is None else str(value)
    if isinstance(value, str):
        return int(value) if value.isdecimal() and str(int(value)) == value else None
    return value


def nest(at: tuple[str | int, ...], value: Any, rng: random.Random) -> Any:
    """A JSON document that holds the value there, and something else beside it."""
    for step in reversed(at):
        if isinstance(step, int):
            value = [*("fyllning" for _ in range(step)), value, "efter"]
        else:
            value = {step: value, "annat": rng.choice((None, 1, "x"))}
    return value


def when(conditions: dict[str, Any]) -> dict[str, Any]:
    listed = {k: list(v) if isinstance(v, tuple) else v for k, v in conditions.items()}
    return {"when": listed} if listed else {}

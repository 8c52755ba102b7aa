"""The ways a row can point at somebody: each fills rows from objects and says its path."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from tests.engine.naming import any_case, near_address, near_key, spelled
from tests.engine.worlds import Pair, Part, Row, Table, World, holds


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
            row.ends[self] = at
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
            row.ends[self] = pair
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
            row.ends[self] = at
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
            row.ends[self] = pair
            world.reached["identity inside JSON"] += 1
        if at is not None and at.part is self.to:
            row.parents.add(at)
            row.ends[self] = at
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
            row.ends[self] = pair
            world.reached["identity in a value column"] += 1
        if at is not None and at.part is self.to:
            row.parents.add(at)
            row.ends[self] = at
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

"""Choosing how tables point at each other, and filling their rows accordingly."""

from __future__ import annotations

import random

from tests.engine.links import Identity, Json, Link, Mention, Polymorphic, Reference, Value
from tests.engine.worlds import Part, Table, World

MOST_CHAINS = 24
MOST_LOOPS = 2


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

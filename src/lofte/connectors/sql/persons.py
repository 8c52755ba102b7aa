"""The statement that finds persons: rows of a person dataset by any of their identities."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from lofte.connectors.sql.shapes import Compiled, Shaper, Slot, wanted_columns
from lofte.datamap.document import Kind
from lofte.datamap.identity import COMPARED, STRENGTH, Strength


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonShape:
    """A compiled statement over one person dataset."""

    dataset: str
    columns: tuple[str, ...]
    key: tuple[int, ...]
    identities: tuple[tuple[int, Kind], ...]
    """Where in the fetched row each identity stands, weak ones too."""
    kinds: frozenset[Kind]
    """Kinds by which the dataset can be asked."""
    slots: tuple[Slot, ...]
    statement: Compiled


def person_shape(shaper: Shaper, dataset: str) -> PersonShape:
    """The statement for one person dataset. Raises FaultsFound when the map does not fit."""
    entry = shaper.system.datasets[dataset]
    named = [(name, field.identity) for name, field in entry.fields.items() if field.identity is not None]
    columns = wanted_columns(entry)
    fetched = tuple(dict.fromkeys([*columns, *(name for name, _ in named)]))
    source = shaper.source(dataset, "t1")
    slots: dict[str, Slot] = {}
    nets = []
    for name, kind in named:
        if STRENGTH[kind] is Strength.WEAK:
            continue
        live = shaper.column(dataset, name)
        slot_name = f"{kind.value}_{live.type.value}"
        slots[slot_name] = Slot(name=slot_name, what="identity", live=(live,), kind=kind)
        nets.append(shaper.dialect.in_spellings(source.c[name], live, slot_name, COMPARED[kind]))
    for name in fetched:
        shaper.column(dataset, name)
    statement = sa.select(*(source.c[name] for name in fetched)).where(
        sa.or_(sa.false(), *nets), *shaper.conditions(dataset, source, entry.where)
    )
    return PersonShape(
        dataset=dataset,
        columns=columns,
        key=tuple(fetched.index(name) for name in entry.key),
        identities=tuple((fetched.index(name), kind) for name, kind in named),
        kinds=frozenset(slot.kind for slot in slots.values() if slot.kind is not None),
        slots=tuple(slots.values()),
        statement=shaper.compile(statement),
    )

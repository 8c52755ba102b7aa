"""What points at what in a live database: its foreign keys, and the paths of the map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lofte.connectors.sql.dialects import json_at
from lofte.connectors.sql.shapes import Shaper
from lofte.connectors.sql.verify import key_text
from lofte.datamap.catalogue import LiveColumn, LiveTable
from lofte.datamap.document import ByJson, ByPolymorphic, ByReference, ByValue, System, When
from lofte.datamap.paths import joined_columns, keys_of, table_of, target_of
from lofte.datamap.tracing import Key
from lofte.plan.facts import Tie


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A tie, and how it is read in a row."""

    tie: Tie
    table: LiveTable
    live: tuple[LiveColumn, ...]
    """The pointing columns."""
    when: When
    json: tuple[str | int, ...] | None = None

    @property
    def plain(self) -> bool:
        """Whether what stands in the columns is all that is looked at."""
        return not self.when and self.json is None

    def key(self, values: Mapping[str, Any]) -> Key | None:
        """What the row points at; None = nothing, or not by this tie."""
        if any(not _holds(values[name], wanted) for name, wanted in self.when.items()):
            return None
        parts = [values[name] for name in self.tie.columns]
        if self.json is not None:
            parts = [json_at(parts[0], self.json)]
        return None if any(part is None for part in parts) else tuple(key_text(part) for part in parts)


def ties_of(shaper: Shaper) -> tuple[Told, ...]:
    """The foreign keys that lead to mapped tables, then the map's own references."""
    told: list[Told] = []
    mapped = _mapped(shaper.system)
    for table in shaper.catalogue.tables:
        for reference in table.references:
            parents = mapped.get((reference.to_schema, reference.to_table), ())
            if not parents:
                continue
            live = tuple(c for name in reference.columns if (c := table.column(name)) is not None)
            tie = Tie(
                number=len(told),
                children=mapped.get((table.schema, table.name), ()),
                table=table.name,
                schema=table.schema,
                columns=reference.columns,
                parents=parents,
                keys=reference.to_columns or (shaper.system.datasets[parents[0]].key),
                on_delete=(reference.on_delete or "").upper(),
                nullable=any(c.nullable and c.name not in table.key for c in live),
            )
            told.append(Told(tie=tie, table=table, live=live, when={}))
    for id_, dataset in shaper.system.datasets.items():
        for path in dataset.subject:
            target = target_of(path)
            if target is None or not isinstance(path, ByReference | ByPolymorphic | ByJson | ByValue):
                continue
            columns = joined_columns(path)
            known = any(id_ in t.tie.children and t.tie.columns == columns for t in told if t.tie.declared)
            if known and not path.when and isinstance(path, ByReference):
                continue
            when = {**path.when, path.type: path.is_} if isinstance(path, ByPolymorphic) else path.when
            table = shaper.live(id_)
            live = tuple(shaper.column(id_, name) for name in columns)
            json = path.at if isinstance(path, ByJson) else None
            tie = Tie(
                number=len(told),
                children=(id_,),
                table=table.name,
                schema=table.schema,
                columns=columns,
                parents=(target,),
                keys=tuple(keys_of(path, shaper.system.datasets[target])),
                inside=json or (),
                declared=False,
                nullable=all(c.nullable and c.name not in table.key for c in live),
            )
            told.append(Told(tie=tie, table=table, live=live, when=when, json=json))
    return tuple(told)


def _mapped(system: System) -> dict[tuple[str | None, str], tuple[str, ...]]:
    found: dict[tuple[str | None, str], tuple[str, ...]] = {}
    for id_, dataset in system.datasets.items():
        at = (dataset.schema_, table_of(id_, dataset))
        found[at] = (*found.get(at, ()), id_)
    return found


def _holds(value: Any, wanted: Any) -> bool:
    if wanted is None:
        return value is None
    if wanted == "not null":
        return value is not None
    if isinstance(wanted, tuple | list):
        return any(_holds(value, one) for one in wanted)
    if value is None:
        return False
    if isinstance(wanted, bool):
        return bool(value) == wanted
    return key_text(value) == str(wanted)

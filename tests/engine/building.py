"""From a world of objects: the tables with their rows, and the data map."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from lofte.datamap.document import System
from tests.engine.worlds import Part, Table, World


def create(world: World, engine: sa.Engine, schema: str | None = None) -> None:
    """Make the tables and put in the rows."""
    metadata = sa.MetaData()
    with engine.begin() as connection:
        for table in world.tables:
            made = _table(table, metadata, engine.dialect.name, schema)
            made.create(connection)
            for rows in _alike(table):
                connection.execute(sa.insert(made), rows)


def _table(table: Table, metadata: sa.MetaData, dialect: str, schema: str | None) -> sa.Table:
    # A collation that takes anna and Anna for equal would refuse both as keys.
    exact = dialect != "mysql" or all(table.columns[k] == "int" for k in table.key)
    columns = [
        sa.Column(
            name,
            _type(type_, dialect),
            key=f"c{n}",
            primary_key=exact and name in table.key,
            autoincrement=False,
        )
        for n, (name, type_) in enumerate(table.columns.items())
    ]
    return sa.Table(table.name, metadata, *columns, schema=schema)


def _alike(table: Table) -> list[list[dict[str, Any]]]:
    names = list(table.columns)
    rows = [{f"c{n}": _stored(table.columns[name], row.values.get(name)) for n, name in enumerate(names)}
            for row in table.rows]  # fmt: skip
    return [rows] if rows else []


def _stored(type_: str, value: Any) -> Any:
    return json.dumps(value) if type_ == "text_json" and value is not None else value


def _type(type_: str, dialect: str) -> Any:
    match type_:
        case "int":
            return sa.BigInteger()
        case "json":
            return sa.JSON(none_as_null=True)
        case "text_json":
            return sa.Text()
        case _:
            return sa.String(191) if dialect == "mysql" else sa.Text()


def system(world: World, schema: str | None = None) -> System:
    """The data map: all that the engine is told."""
    return System.model_validate(
        {
            "system": 1,
            "id": "world",
            "name": {"en": f"World {world.seed}"},
            "url": "env:NOWHERE",
            "schemas": [schema] if schema else [],
            "datasets": {part.id: _dataset(part, schema) for part in world.parts()},
        }
    )


def _dataset(part: Part, schema: str | None) -> dict[str, Any]:
    table = part.table
    subject = [path for link in table.links for path in link.paths()]
    if table.person:
        subject.insert(0, {"by": "own"})
    fields: dict[str, Any] = {name: {"technical": True} for name in table.columns}
    for name, kind in table.identities.items():
        fields[name] = {"category": "contact", "identity": kind}
    where = {k: list(v) if isinstance(v, tuple) else v for k, v in part.where.items()}
    return {
        "table": table.name,
        "name": {"en": part.id},
        "key": list(table.key),
        "subject": subject,
        "fields": fields,
        **({"where": where} if where else {}),
        **({"schema": schema} if schema else {}),
    }

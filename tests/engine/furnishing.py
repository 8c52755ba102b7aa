"""From a dressed world: the tables with foreign keys and triggers, the data map, the policy."""

from __future__ import annotations

import functools
import json
from typing import Any

import sqlalchemy as sa

from lofte.datamap.document import DataMap, System
from lofte.policy.document import Policy
from tests.engine.building import system
from tests.engine.dressing import ANCHOR, Dressed, ForeignKey, Trigger
from tests.engine.worlds import Part, Table

LOG = "spår"
"""Where triggers write that they have fired."""
_EXACT = "utf8mb4_nopad_bin"


def settle(dressed: Dressed, url: str, *, schema: str | None = None) -> System:
    """Make the world in this database; what the engine is told of it."""
    engine = sa.create_engine(
        url, json_serializer=functools.partial(json.dumps, ensure_ascii=dressed.world.seed % 2 == 0)
    )
    try:
        with engine.begin() as db:
            _create(dressed, db, schema)
    finally:
        engine.dispose()
    return told(dressed, schema)


def _create(dressed: Dressed, db: sa.Connection, schema: str | None) -> None:
    metadata, dialect = sa.MetaData(), db.dialect.name
    exact = _exact(dressed)
    made = {t: _table(dressed, t, metadata, dialect, schema, exact) for t in dressed.world.tables}
    # Where it can be, foreign keys come after the rows: these may point at each other in a ring.
    constraints = [_foreign(made, key, f"band{n}") for n, key in enumerate(dressed.keys)]
    for table, live in made.items():
        live.create(db)
        rows = [
            {
                f"c{n}": _stored(type_, row.values.get(name))
                for n, (name, type_) in enumerate(table.columns.items())
            }
            for row in table.rows
        ]
        if rows:
            db.execute(sa.insert(live), rows)
    if dialect != "sqlite":
        for constraint in constraints:
            db.execute(sa.schema.AddConstraint(constraint))
    sa.Table(LOG, metadata, sa.Column("vad", sa.Text()), schema=schema).create(db)
    for n, trigger in enumerate(dressed.triggers):
        for sql in _trigger(n, trigger, db, schema):
            db.exec_driver_sql(sql)


def _exact(dressed: Dressed) -> set[tuple[Table, str]]:
    """Text columns that foreign keys compare: a database of any collation must take them as they are."""
    found: set[tuple[Table, str]] = set()
    for key in dressed.keys:
        found |= {(key.table, name) for name in key.columns} | {(key.to, name) for name in key.keys}
    return found


def _table(
    dressed: Dressed, table: Table, metadata: sa.MetaData, dialect: str, schema: str | None, exact: Any
) -> sa.Table:
    keyed = dialect != "mysql" or all(table.columns[k] == "int" or (table, k) in exact for k in table.key)
    columns = [
        sa.Column(
            name,
            _type(type_, dialect, (table, name) in exact),
            key=f"c{n}",
            nullable=(table, name) not in dressed.stiff and not (keyed and name in table.key),
            autoincrement=False,
        )
        for n, (name, type_) in enumerate(table.columns.items())
    ]
    made = sa.Table(table.name, metadata, *columns, schema=schema)
    names = list(table.columns)
    if keyed:
        # In the order of the key, not of the columns: MariaDB wants a foreign key in the same.
        made.append_constraint(sa.PrimaryKeyConstraint(*(made.c[f"c{names.index(k)}"] for k in table.key)))
    for keys in {key.keys for key in dressed.keys if key.to is table and key.keys != table.key}:
        made.append_constraint(sa.UniqueConstraint(*(made.c[f"c{names.index(k)}"] for k in keys)))
    return made


def _foreign(made: dict[Table, sa.Table], key: ForeignKey, name: str) -> sa.ForeignKeyConstraint:
    here, there = list(key.table.columns), list(key.to.columns)
    return sa.ForeignKeyConstraint(
        [made[key.table].c[f"c{here.index(c)}"] for c in key.columns],
        [made[key.to].c[f"c{there.index(k)}"] for k in key.keys],
        ondelete=key.on_delete or None,
        name=name,
        use_alter=True,
    )


def _trigger(n: int, trigger: Trigger, db: sa.Connection, schema: str | None) -> list[str]:
    quote = db.dialect.identifier_preparer.quote
    table, name = quote(trigger.table.name), quote(trigger.name)
    log = quote(LOG)
    if schema:
        table, log = f"{quote(schema)}.{table}", f"{quote(schema)}.{log}"
    note = f"insert into {log} (vad) values ('{n}')"
    head = f"create trigger {name} after {trigger.event} on {table}"
    if db.dialect.name == "sqlite":
        return [f"{head} begin {note}; end"]
    if db.dialect.name == "postgresql":
        function = quote(f"skriv {n}")
        function = f"{quote(schema)}.{function}" if schema else function
        body = f"create function {function}() returns trigger language plpgsql as "
        return [
            f"{body}$$ begin {note}; return null; end $$",
            f"{head} for each row execute function {function}()",
        ]
    return [f"{head} for each row {note}"]


def _type(type_: str, dialect: str, exact: bool) -> Any:
    match type_:
        case "int":
            return sa.BigInteger()
        case "date":
            return sa.Date()
        case "json":
            return sa.JSON(none_as_null=True)
        case "text_json":
            return sa.Text()
        case _ if dialect == "mysql":
            return sa.String(191, collation=_EXACT if exact else None)
    return sa.Text()


def _stored(type_: str, value: Any) -> Any:
    return json.dumps(value) if type_ == "text_json" and value is not None else value


# -- the data map and the policy --------------------------------------------------------------------


def told(dressed: Dressed, schema: str | None = None) -> System:
    """The data map: all that the engine is told."""
    map_ = system(dressed.world, schema).model_dump(mode="json", by_alias=True, exclude_defaults=True)
    for part in dressed.world.parts():
        map_["datasets"][part.id] |= _dataset(dressed, part)
        paths = map_["datasets"][part.id]["subject"]
        numbers = [n for n, path in enumerate(paths) if path["by"] != "own"]
        by_link = [link for link in part.table.links for _ in link.paths()]
        for n, link in zip(numbers, by_link, strict=True):
            if link in dressed.beside:
                paths[n]["beside"] = [dressed.beside[link]]
    return System.model_validate(map_)


def _dataset(dressed: Dressed, part: Part) -> dict[str, Any]:
    said: dict[str, Any] = {
        "fields": {name: word.plain() for name, word in dressed.words[part].items()},
        "purposes": list(dressed.purposes[part]),
        "anchors": dressed.anchors(part),
        "triggers": [{"name": t.name, "why": "it counts"} for t in dressed.triggers if part in t.accepted],
    }
    if dressed.shared[part]:
        said["shared"] = dressed.shared[part]
    return said


def datamap(map_: System) -> DataMap:
    return DataMap(systems=(map_,))


def _purpose(basis: str, categories: list[str], rules: list[str], **more: Any) -> dict[str, Any]:
    name = {"sv": "Något", "en": "Something"}
    return {"name": name, "categories": categories, "legal_basis": basis, "retention": rules, **more}


@functools.cache
def policy() -> Policy:
    """The promises of the company in every world."""
    from tests.plan.specimen import POLICY

    purposes = {
        "deliver": _purpose("6.1.b", ["contact"], ["active", "after"]),
        "books": _purpose("6.1.c", ["payment"], ["accounting"], law=["BFL-7-2"]),
        "letters": _purpose("6.1.a", ["letters"], ["consent"]),
        "support": _purpose("6.1.f", ["letters", "contact"], ["ticket"]),
        "news": _purpose("6.1.a", ["contact"], ["consent"], marketing={}),
    }
    assert purposes.keys() == ANCHOR.keys()
    retention = {
        "active": {"keep_until": "contract.end", "action": "next"},
        "after": {"keep_until": "contract.end + P3M", "action": "delete"},
        "accounting": {"keep_until": "year_end(invoice.date) + P7Y", "action": "delete", "law": "BFL-7-2"},
        "consent": {"keep_until": "consent.given + P2Y", "action": "delete"},
        "ticket": {"keep_until": "ticket.closed + P24M", "action": "delete"},
    }
    categories = {name: {"name": {"sv": name, "en": name}} for name in ("contact", "payment", "letters")}
    said = {k: v for k, v in POLICY.items() if k not in ("sources", "recipients", "automated_decisions")}
    return Policy.model_validate(
        said | {"purposes": purposes, "retention": retention, "categories": categories}
    )

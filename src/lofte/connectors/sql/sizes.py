"""How large tables are, counted no further than somebody needs to know; and what lies beneath them."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.sql import quoted_name

from lofte.datamap.catalogue import LiveTable
from lofte.plan.layers import Storage


def read(db: Connection, wanted: Mapping[str, tuple[LiveTable, int]]) -> dict[str, int]:
    """By name: how many rows its table has, or the number where the counting stopped. One statement;
    it reads no more rows than it counts."""
    if not wanted:
        return {}
    counts: list[sa.Select[tuple[int, int]]] = [
        sa.select(
            sa.literal_column(str(n), sa.Integer).label("n"), sa.func.count().label("rows")
        ).select_from(
            sa.select(sa.literal_column("1").label("one")).select_from(_table(live)).limit(most).subquery()
        )
        for n, (live, most) in enumerate(wanted.values())
    ]
    names = list(wanted)
    return {names[n]: rows for n, rows in db.execute(sa.union_all(*counts) if counts[1:] else counts[0])}


def _table(live: LiveTable) -> sa.TableClause:
    schema = quoted_name(live.schema, quote=True) if live.schema else None
    return sa.table(quoted_name(live.name, quote=True), schema=schema)


def storage(db: Connection) -> Storage:
    """What the database says of its free pages and its log. MariaDB counts as MySQL here."""
    if db.dialect.name == "sqlite":
        # Our own hand deletes with `secure_delete = on`: what goes is overwritten in the file at once.
        mode = db.exec_driver_sql("pragma journal_mode").scalar()
        return Storage(name="sqlite", overwrites=True, log=mode == "wal")
    kept = db.exec_driver_sql(
        "select variable_name, variable_value from information_schema.global_variables"
        " where variable_name in ('LOG_BIN', 'EXPIRE_LOGS_DAYS', 'BINLOG_EXPIRE_LOGS_SECONDS')"
    )
    said = {str(name).lower(): str(value) for name, value in kept}
    return Storage(name="mysql", log=said.get("log_bin") == "ON", log_days=_log_days(said))


def _log_days(said: dict[str, str]) -> int | None:
    """Days after which the binary log is purged; None = it says nothing, or never."""
    seconds = float(said.get("binlog_expire_logs_seconds") or 0)
    days = seconds / 86_400 or float(said.get("expire_logs_days") or 0)
    return ceil(days) or None

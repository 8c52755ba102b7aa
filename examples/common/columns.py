"""Columns as the example companies write them, the same on SQLite, PostgreSQL and MariaDB.

Text keys have a length because MariaDB asks for it. Collations are left to the database on
purpose: one that takes capitals or å for a is a case to be tested, not avoided.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, String, Table, func


def table(tables: MetaData, name: str, *parts: Any) -> Table:
    """A table, in full Unicode on MariaDB too."""
    return Table(name, tables, *parts, mysql_charset="utf8mb4")


def ident(name: str = "id") -> Column[int]:
    """A whole number as the primary key."""
    return Column(name, Integer, primary_key=True, autoincrement=False)


def to(name: str, target: str, *, nullable: bool = False) -> Column[int]:
    """A reference to another table's key, with an index."""
    return Column(name, Integer, ForeignKey(target), nullable=nullable, index=True)


def text(name: str, length: int = 200, **more: Any) -> Column[str]:
    """A text of at most so many characters; not null unless said."""
    return Column(name, String(length), nullable=more.pop("nullable", False), **more)


def look_up(table: Table, column: str) -> None:
    """Indexes for finding an address whatever capitals it has; MariaDB has no index on an expression."""
    name = f"{table.name}_{column}"
    Index(name, func.lower(table.c[column])).ddl_if(callable_=_not_maria)
    Index(f"{name}_plain", table.c[column]).ddl_if(callable_=_maria)


def _maria(*_given: Any, dialect: Any, **_more: Any) -> bool:
    return dialect.name in ("mysql", "mariadb")


def _not_maria(*_given: Any, dialect: Any, **_more: Any) -> bool:
    return not _maria(dialect=dialect)

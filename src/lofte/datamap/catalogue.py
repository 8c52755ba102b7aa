"""What a live system really holds: tables, columns, keys, references, indexes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class TypeClass(StrEnum):
    """The kinds of column type that matter for comparing."""

    INTEGER = "integer"
    NUMBER = "number"
    TEXT = "text"
    UUID = "uuid"
    DATE = "date"
    TIME = "time"
    BOOLEAN = "boolean"
    JSON = "json"
    BINARY = "binary"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveColumn:
    """A column as the database describes it."""

    name: str
    type: TypeClass
    nullable: bool = True
    case_blind: bool = False
    """The database itself takes capitals and small letters for equal (a `_ci` collation)."""
    collation: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveReference:
    """A declared foreign key."""

    columns: tuple[str, ...]
    to_schema: str | None
    to_table: str
    to_columns: tuple[str, ...]
    on_delete: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveTrigger:
    """Something the database does by itself when rows of a table change."""

    name: str
    events: frozenset[str]
    """Of `insert`, `update`, `delete`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveTable:
    """A table and everything declared about it."""

    schema: str | None
    """None = the connection's own schema."""
    name: str
    columns: tuple[LiveColumn, ...]
    key: tuple[str, ...] = ()
    references: tuple[LiveReference, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()
    """Leading columns of each index; an expression index on lower(x) is `lower:x`."""
    triggers: tuple[LiveTrigger, ...] = ()

    def column(self, name: str) -> LiveColumn | None:
        """The column with exactly this name."""
        return next((c for c in self.columns if c.name == name), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Catalogue:
    """All tables of one system, as they are now."""

    system: str
    dialect: str
    tables: tuple[LiveTable, ...]

    def table(self, name: str, schema: str | None = None) -> LiveTable | None:
        """The table with exactly this name in this schema."""
        return next((t for t in self.tables if t.name == name and t.schema == schema), None)

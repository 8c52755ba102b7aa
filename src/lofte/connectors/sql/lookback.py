"""Looking back at what was done, before it is made lasting: one statement for all tables.

What a row says now is taken as the database writes it, and compared here with what it should say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from lofte.connectors.sql.changed import says
from lofte.connectors.sql.setwise import Named, Source, as_text, fetched, selecting, sources
from lofte.connectors.sql.tables import quoted
from lofte.errors import Broken

MEMBERS = 100
"""Parts of one statement: SQLite takes 500."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """What should be gone from a table, and what rows of it should say."""

    place: str
    named: Named
    gone: Sequence[tuple[Any, ...]]
    says: Sequence[tuple[tuple[Any, ...], Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the statement: rows of one table. Without columns: rows that should not be there."""

    look: Look
    source: Source
    columns: tuple[str, ...]
    wanted: Sequence[Mapping[str, Any]]
    """By the number that travels with the key."""


def look_back(db: Connection, looks: Sequence[Look]) -> int:
    """Raises Broken when something is not as it should be; returns how many statements it took."""
    parts = [part for look in looks for part in _parts(db, look)]
    statements = 0
    for start in range(0, len(parts), MEMBERS):
        _compare(db, parts[start : start + MEMBERS])
        statements += 1
    return statements


def still_says(
    db: Connection, named: Named, rows: Sequence[tuple[tuple[Any, ...], Mapping[str, Sequence[Any]]]]
) -> list[frozenset[str]]:
    """Of each row, by its key, the columns that say one of the values that they may have been set to."""
    columns = tuple(dict.fromkeys(name for _, values in rows for name in values))
    columns = tuple(name for name in columns if name in named.table.names)
    listed = ", ".join(["v.c0", *(as_text(db, f"t.{quoted(db, name)}") for name in columns)])
    numbers = [(str(n),) for n in range(len(rows))]
    found: list[frozenset[str]] = [frozenset()] * len(rows)
    for source in sources(db, named, [key for key, _ in rows], numbers, 1) if columns else ():
        for number, *texts in fetched(db, selecting(db, named, listed, source), list(source.bound)):
            values = rows[int(number)][1]
            found[int(number)] = frozenset(
                name
                for name, text in zip(columns, texts, strict=True)
                if any(says(text, v, letters=named.table.column(name).text) for v in values.get(name, ()))
            )
    return found


def _parts(db: Connection, look: Look) -> Iterator[_Part]:
    if look.gone:
        for source in sources(db, look.named, look.gone, [("0",)] * len(look.gone), 1):
            yield _Part(look, source, (), ())
    if look.says:
        wanted = [values for _, values in look.says]
        columns = tuple(dict.fromkeys(name for values in wanted for name in values))
        numbers = [(str(n),) for n in range(len(wanted))]
        for source in sources(db, look.named, [key for key, _ in look.says], numbers, 1):
            yield _Part(look, source, columns, wanted)


def _compare(db: Connection, parts: Sequence[_Part]) -> None:
    width = max(len(part.columns) for part in parts)
    said = []
    bound: list[Any] = []
    for n, part in enumerate(parts):
        texts = [as_text(db, f"t.{quoted(db, name)}") for name in part.columns]
        listed = ", ".join([str(n), "v.c0", *texts, *[as_text(db, "null")] * (width - len(texts))])
        said.append(selecting(db, part.look.named, listed, part.source))
        bound += part.source.bound
    seen: dict[int, int] = {}
    for n, number, *values in fetched(db, " union all ".join(said), bound):
        part = parts[n]
        if not part.columns:
            raise Broken(f"a row of `{part.look.place}` is still there; nothing was done")
        seen[n] = seen.get(n, 0) + 1
        wanted = part.wanted[int(number)]
        for name, text in zip(part.columns, values, strict=False):
            letters = part.look.named.table.column(name).text
            if name in wanted and not says(text, wanted[name], letters=letters):
                raise Broken(f"`{part.look.place}.{name}` is not what it was set to; nothing was done")
    for n, part in enumerate(parts):
        if part.columns and seen.get(n, 0) != part.source.rows:
            raise Broken(f"rows of `{part.look.place}` are not there any more; nothing was done")

"""How each database compares: a wide net in SQL, an exact one in Python.

Every condition built here on a person's values finds at least the rows that are right; rows
that are only alike are dropped by `verify`. Conditions between columns (joins, `when`) are
exact here, because the columns in between do not leave the database.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import ColumnElement, quoted_name

from lofte.datamap.catalogue import LiveColumn, TypeClass
from lofte.datamap.identity import Compared
from lofte.datamap.phone import STRIPPED

Expression = ColumnElement[Any]
Condition = ColumnElement[bool]

_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
_ESCAPE = re.compile(r"\\u([0-9a-f]{4})")
_BIGGEST = 2**63
_CHARSETS = {
    "latin1": "cp1252",
    "latin2": "iso8859-2",
    "latin5": "iso8859-9",
    "latin7": "iso8859-13",
    "ascii": "ascii",
    "cp1250": "cp1250",
    "utf8": "utf-8",
    "utf8mb3": "utf-8",
}
"""Character sets of MariaDB that hold less than all letters, and Python's names of them."""
_TEXT = LiveColumn(name="", type=TypeClass.TEXT)


class _MariaText(ColumnElement[Any]):
    """Text in one character set, compared by its bytes and without padding."""

    inherit_cache = True
    type = sa.Text()

    def __init__(self, inner: Expression) -> None:
        self.inner = inner


class _MariaShort(_MariaText):
    """The same, no longer than a key or an address can be: fit for a temporary table in memory.
    A longer text is cut and then equals nobody's."""

    inherit_cache = True


class _MariaBinary(_MariaText):
    """The bytes of a text, in one character set."""

    inherit_cache = True


@compiles(_MariaText)
def _maria_text(element: _MariaText, compiler: Any, **kw: Any) -> str:
    inner = compiler.process(element.inner, **kw)
    return f"(CONVERT(CAST({inner} AS CHAR) USING utf8mb4) COLLATE utf8mb4_nopad_bin)"


@compiles(_MariaShort)
def _maria_short(element: _MariaShort, compiler: Any, **kw: Any) -> str:
    inner = compiler.process(element.inner, **kw)
    return f"(CONVERT(CAST({inner} AS CHAR(400)) USING utf8mb4) COLLATE utf8mb4_nopad_bin)"


@compiles(_MariaBinary)
def _maria_binary(element: _MariaBinary, compiler: Any, **kw: Any) -> str:
    return f"CAST(CONVERT({compiler.process(element.inner, **kw)} USING utf8mb4) AS BINARY)"


class Dialect:
    """The parts of SQL on which the three databases differ."""

    def __init__(self, name: str) -> None:
        self.name = "mariadb" if name == "mysql" else name

    # -- columns against the values of a person: a net that may be too wide -----------------

    def in_keys(self, columns: Sequence[Expression], live: Sequence[LiveColumn], slot: str) -> Condition:
        """The columns together hold one of the keys bound as `slot` (a composite key as a whole)."""
        if len(columns) == 1:
            return self._in(columns[0], live[0], slot)
        if self.name == "mariadb":
            columns = [self._wide(column, at) for column, at in zip(columns, live, strict=True)]
        pair = sa.tuple_(*columns)
        if self.name == "mariadb":
            return pair.op("IN", is_comparison=True)(sa.bindparam(slot))
        if self.name == "postgresql":
            arrays = [
                sa.cast(sa.bindparam(f"{slot}_{n}", type_=ARRAY(sa.Text)), ARRAY(column.type))
                for n, column in enumerate(columns)
            ]
            names = [f"k{n}" for n in range(len(columns))]
            table = sa.func.unnest(*arrays).table_valued(*names).render_derived()
            return pair.in_(sa.select(*(table.c[name] for name in names)))
        each = sa.func.json_each(sa.bindparam(slot)).table_valued("value")
        parts: list[Expression] = [
            sa.func.json_extract(each.c.value, sa.literal_column(f"'$[{n}]'")) for n in range(len(columns))
        ]
        return pair.in_(sa.select(*parts))

    def _wide(self, column: Expression, live: LiveColumn) -> Expression:
        """In a list of composite keys MariaDB loses texts that are not ASCII (10.11: `(a, b) IN ((...),
        (...))` where `a` is latin1), unless the column itself has all letters."""
        narrow = live.type is TypeClass.TEXT and not (live.collation or "utf8").startswith("utf8")
        return _MariaText(column) if narrow and not isinstance(column, _MariaText) else column

    def these_keys(self, columns: Sequence[Expression], live: Sequence[LiveColumn], slot: str) -> Condition:
        """The same for rows that are to be changed: by bytes too, where the database would take
        `Anna` for `anna`."""
        found = self.in_keys(columns, live, slot)
        plain = self.name == "postgresql"
        if all(at.type is not TypeClass.TEXT or (plain and not at.collation) for at in live):
            return found
        exact = [
            self.as_text(c, at) if at.type is TypeClass.TEXT else c
            for c, at in zip(columns, live, strict=True)
        ]
        return sa.and_(found, self.in_keys(exact, live, slot))

    def in_spellings(self, column: Expression, live: LiveColumn, slot: str, how: Compared) -> Condition:
        """The column holds one of the spellings bound as `slot`, compared as `how` says.

        A column that is itself blind to capitals is compared plainly, so that its index serves.
        """
        if how is Compared.DIGITS:
            return self._in(_stripped(self.as_text(column, live)), _TEXT, slot)
        if live.type is TypeClass.INTEGER:
            return self._in(column, live, slot)
        if live.type is not TypeClass.TEXT:
            return self._in(self.as_text(column, live), _TEXT, slot)
        if how is Compared.LOWERED and not (live.case_blind and self.name == "mariadb"):
            return self._in(sa.func.lower(column), live, slot)
        return self._in(column, live, slot)

    def contains_any(self, column: Expression, live: LiveColumn, slot: str, *, digits: bool) -> Condition:
        """The text holds one of the needles bound as `slot` (small letters; no wildcards exist)."""
        lowered: Expression = sa.func.lower(self.as_text(column, live))
        text = _stripped(lowered) if digits else lowered
        one: sa.Select[Any] = sa.select(sa.literal_column("1"))
        if self.name == "postgresql":
            each = (
                sa.func.unnest(sa.bindparam(slot, type_=ARRAY(sa.Text)))
                .table_valued("needle")
                .render_derived()
            )
            return sa.exists(one.select_from(each).where(sa.func.strpos(text, each.c.needle) > 0))
        if self.name == "mariadb":
            source = sa.text(f"JSON_TABLE(:{slot}, '$[*]' COLUMNS(needle TEXT PATH '$')) AS needles")
            needle = sa.literal_column("needles.needle COLLATE utf8mb4_nopad_bin", sa.Text)
            return sa.exists(one.select_from(source).where(sa.func.locate(needle, text) > 0))
        each = sa.func.json_each(sa.bindparam(slot)).table_valued("value")
        return sa.exists(one.select_from(each).where(sa.func.instr(text, each.c.value) > 0))

    def _in(self, column: Expression, live: LiveColumn, slot: str) -> Condition:
        if self.name == "mariadb":
            return column.op("IN", is_comparison=True)(sa.bindparam(slot))
        if self.name == "postgresql":
            bound = sa.bindparam(slot, type_=ARRAY(sa.Text))
            plain = live.type is TypeClass.TEXT
            return column == sa.func.any(bound if plain else sa.cast(bound, ARRAY(column.type)))
        each = sa.func.json_each(sa.bindparam(slot)).table_valued("value")
        return column.in_(sa.select(each.c.value))

    # -- what is bound ------------------------------------------------------------------------

    def bind(self, slot: str, values: Sequence[tuple[Any, ...]], width: int) -> dict[str, Any]:
        """The parameters of a slot of `width` columns. MariaDB knows no empty list: it gets one
        that equals nothing."""
        if self.name == "postgresql":
            if width == 1:
                return {slot: [v[0] for v in values]}
            return {f"{slot}_{n}": [v[n] for v in values] for n in range(width)}
        if self.name == "mariadb":
            plain = [v[0] for v in values] if width == 1 else list(values)
            return {slot: plain or ([None] if width == 1 else [(None,) * width])}
        return {slot: json.dumps([v[0] if width == 1 else v for v in values])}

    def bind_needles(self, slot: str, needles: Sequence[str]) -> dict[str, Any]:
        """The parameters of a `contains_any` slot."""
        return {slot: list(needles) if self.name == "postgresql" else json.dumps(list(needles))}

    def value(self, text: str, live: LiveColumn) -> tuple[Any, ...]:
        """What to bind so that the column equals this text; nothing when it cannot."""
        if not self.can_hold(live, text):
            return ()
        integer = _INTEGER.fullmatch(text) is not None and abs(int(text)) < _BIGGEST
        if live.type is TypeClass.INTEGER:
            return ((text if self.name == "postgresql" else int(text)),) if integer else ()
        if live.type is not TypeClass.TEXT and self.name == "sqlite" and integer:
            return (text, int(text))  # a column without a type compares 7 and '7' as unlike
        return (text,)

    def can_hold(self, live: LiveColumn, text: str) -> bool:
        """MariaDB refuses to compare a column with letters that its character set does not have."""
        charset = (live.collation or "").partition("_")[0]
        codec = _CHARSETS.get(charset) if self.name == "mariadb" else None
        if codec is None:
            return "\0" not in text or self.name != "postgresql"
        try:
            text.encode(codec)
        except UnicodeEncodeError:
            return False
        return charset not in ("utf8", "utf8mb3") or all(letter <= "\uffff" for letter in text)

    # -- columns against columns: exact -------------------------------------------------------

    def equal(self, a: Expression, live_a: LiveColumn, b: Expression, live_b: LiveColumn) -> Condition:
        """Two columns hold the same, byte for byte."""
        if live_a.type is not live_b.type:
            return self.exact(self.as_text(a, live_a)) == self.exact(self.as_text(b, live_b))
        if live_a.type is not TypeClass.TEXT:
            return a == b
        if self.name == "postgresql" and not (live_a.collation or live_b.collation):
            return a == b
        exact = self.exact(a) == self.exact(b)
        return exact if live_a.collation != live_b.collation else sa.and_(a == b, exact)

    def holds(self, column: Expression, live: LiveColumn, value: Any) -> Condition:
        """The column holds exactly this value of the data map (None = is null)."""
        if value is None:
            return column.is_(None)
        if value == "not null":
            return column.is_not(None)
        if isinstance(value, tuple | list):
            return sa.or_(*(self.holds(column, live, one) for one in value))
        if live.type is TypeClass.BOOLEAN and isinstance(value, bool | int):
            return column == sa.literal(bool(value), sa.Boolean)
        if live.type is TypeClass.INTEGER and isinstance(value, bool | int):
            return column == sa.literal(int(value), sa.BigInteger)
        literal = sa.literal(str(value), sa.Text)
        if not self.can_hold(live, str(value)):
            return sa.false()
        if live.type is TypeClass.TEXT:
            return sa.and_(column == literal, self.exact(column) == self.exact(literal))
        return self.exact(self.as_text(column, live)) == self.exact(literal)

    def exact(self, text: Expression) -> Expression:
        """The text compared by its bytes, whatever the column's collation."""
        if self.name == "mariadb":
            return _MariaBinary(text)
        return sa.collate(text, quoted_name("C" if self.name == "postgresql" else "BINARY", quote=True))

    def as_text(self, column: Expression, live: LiveColumn) -> Expression:
        """The column as text, compared by its bytes."""
        if self.name == "mariadb":
            return _MariaText(column)
        if live.type is TypeClass.TEXT:
            # SQLite's catalogue does not tell that a column is blind to case.
            return self.exact(column) if live.collation or self.name == "sqlite" else column
        return sa.cast(column, sa.Text)

    def carried(self, column: Expression, live: LiveColumn) -> Expression:
        """The column as text, as a recursive query carries it."""
        return _MariaShort(column) if self.name == "mariadb" else self.as_text(column, live)

    def nothing(self) -> Expression:
        """No text, of the type that texts have."""
        return _MariaShort(sa.null()) if self.name == "mariadb" else sa.cast(sa.null(), sa.Text)

    # -- JSON -----------------------------------------------------------------------------------

    def json_text(self, column: Expression, live: LiveColumn, at: Sequence[str | int]) -> Expression | None:
        """The value at a place in a JSON column as text; None where only Python can look
        (PostgreSQL text columns: one row that is no JSON would break the whole statement)."""
        if self.name == "postgresql":
            if live.type is not TypeClass.JSON:
                return None
            path = "{" + ",".join(json.dumps(str(p), ensure_ascii=False) for p in at) + "}"
            places = sa.cast(sa.literal(path, sa.Text), ARRAY(sa.Text))
            return column.op("#>>", return_type=sa.Text())(places)
        if self.name == "sqlite":
            return sa.func.lofte_json(column, sa.literal(json.dumps(list(at)), sa.Text), type_=sa.Text)
        valid = sa.func.json_valid(column) == sa.literal_column("1")
        spelled = [sa.func.json_extract(column, sa.literal(path, sa.Text)) for path in _json_paths(at)]
        value = sa.func.coalesce(*spelled) if len(spelled) > 1 else spelled[0]
        return _MariaText(sa.case((valid, sa.func.json_unquote(value))))


def sqlite_json(raw: Any, path: str) -> str | None:
    """The SQL function `lofte_json`. SQLite's own does not see that `\\u00e5` in a key is å."""
    value = json_at(raw, _place(path))
    return None if value is None else str(value)


@cache
def _place(path: str) -> tuple[str | int, ...]:
    """A place of the data map, read once: it is asked of every row."""
    return tuple(json.loads(path))


def json_at(raw: Any, at: Sequence[str | int]) -> str | int | float | None:
    """The single value at a place in a JSON document; None when there is none."""
    try:
        value = json.loads(raw) if isinstance(raw, str | bytes) else raw
        for part in at:
            value = value[part]
    except (ValueError, KeyError, IndexError, TypeError):
        return None
    return None if isinstance(value, dict | list | bool) else value


def _json_paths(at: Sequence[str | int]) -> list[str]:
    """A place as paths: MariaDB compares keys as they are written, and å may be written `\\u00e5`."""
    plain = _json_path(at, ascii_only=False)
    escaped = _json_path(at, ascii_only=True)
    capital = _ESCAPE.sub(lambda found: "\\u" + found[1].upper(), escaped)
    return list(dict.fromkeys([plain, escaped, capital]))


def _json_path(at: Sequence[str | int], *, ascii_only: bool) -> str:
    parts = (f"[{p}]" if isinstance(p, int) else "." + json.dumps(p, ensure_ascii=ascii_only) for p in at)
    return "$" + "".join(parts)


def _stripped(text: Expression) -> Expression:
    for mark in STRIPPED:
        text = sa.func.replace(text, mark, "")
    return text

"""Rows to JSON and CSV, many at a time.

This is the hot path of an access request. The encoders of the standard library do the work in
C for the common types; only columns that hold something else are touched value by value.

JSON is the authority. In CSV, a text that a spreadsheet would run as a formula gets an
apostrophe before it; the same text stands unchanged in JSON.
"""

from __future__ import annotations

import csv
import io
import math
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain
from json import JSONEncoder
from typing import Any
from uuid import UUID

Row = tuple[Any, ...]

BOM = "\ufeff"
"""Without it a Swedish spreadsheet reads å as Ã¥."""

_SIGN = r"[=+\-@\u2212\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b]"
_BLANK = (
    r"[ \x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\u00ad\u1680\u180e\u2000-\u200f\u2028-\u202f"
    r"\u205f-\u2064\u3000\ufeff]"
)
# A semicolon, a tab or a new line inside a cell begins a new cell where the list separator is
# not a comma, as in Swedish spreadsheets; so what follows one is looked at too.
_FORMULA = re.compile(rf"(\A(?={_BLANK}*+[\t\r\n])|(?:\A|[;\t\r\n])(?=(?:{_BLANK}|\")*+{_SIGN}))")
_SUSPECT = re.compile(rf"[,;\t\r\n\"]{_BLANK}*+{_SIGN}|[,\n]\"?{_BLANK}*+\t|[,\n]\"{_BLANK}*+[\r\n]")

_CSV_PLAIN = frozenset({str, int, float, Decimal, date, datetime, UUID, time, type(None)})


def neutral(text: str) -> str:
    """The text as a spreadsheet shows it: an apostrophe before what it would run."""
    return _FORMULA.sub(r"\1'", text)


def plain(value: Any) -> Any:
    """A value that JSON has no type for, as text a machine and a person can read."""
    write = _PLAIN.get(type(value))
    if write is not None:
        return write(value)
    for kind, write in _PLAIN.items():
        if isinstance(value, kind):
            return write(value)
    return str(value)


def _clean(value: Any) -> Any:
    """What the fast encoder refuses: numbers that are none, halves of letters."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {str(_clean(k)): _clean(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(v) for v in value]
    return value


def _seconds(value: timedelta) -> str:
    return f"PT{value.total_seconds():.6f}".rstrip("0").rstrip(".") + "S"


_PLAIN: dict[type, Callable[[Any], Any]] = {
    datetime: datetime.isoformat,
    date: date.isoformat,
    time: time.isoformat,
    Decimal: str,
    UUID: str,
    bytes: lambda v: b64encode(v).decode(),
    bytearray: lambda v: b64encode(v).decode(),
    memoryview: lambda v: b64encode(v).decode(),
    timedelta: _seconds,
    set: lambda v: sorted(map(str, v)),
    frozenset: lambda v: sorted(map(str, v)),
}

_encode = JSONEncoder(ensure_ascii=False, allow_nan=False, default=plain, separators=(",", ":")).encode


def to_json(value: Any) -> str:
    """Any value as JSON, letters unescaped."""
    try:
        text = _encode(value)
        text.encode()
    except (ValueError, UnicodeEncodeError):
        return _encode(_clean(value))
    return text


def json_rows(names: Sequence[str], rows: Iterable[Row]) -> bytes:
    """Rows as JSON objects with a comma between; without the brackets around them."""
    records = [dict(zip(names, row, strict=True)) for row in rows]
    try:
        return _encode(records)[1:-1].encode()
    except (ValueError, UnicodeEncodeError):
        return _encode(_clean(records))[1:-1].encode()


def csv_rows(rows: Sequence[Row]) -> bytes:
    """Rows as CSV lines, nothing in them that a spreadsheet would run."""
    if not set(map(type, chain.from_iterable(rows))) <= _CSV_PLAIN:
        rows = _columnwise(rows, _csv_cell, lambda kinds: not kinds <= _CSV_PLAIN)
    text = _csv(rows)
    if _SUSPECT.search("\n" + text):
        text = _csv(_columnwise(rows, _neutral_cell, lambda kinds: str in kinds))
    return text.encode("utf-8", "replace")


def csv_head(names: Sequence[str]) -> bytes:
    """The first line, with the mark that says UTF-8."""
    return (BOM + _csv([tuple(map(neutral, names))])).encode("utf-8", "replace")


def _csv(rows: Iterable[Row]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def _columnwise(
    rows: Sequence[Row], change: Callable[[Any], Any], concerned: Callable[[set[type]], bool]
) -> list[Row]:
    columns = [
        list(map(change, column)) if concerned(set(map(type, column))) else column
        for column in zip(*rows, strict=True)
    ]
    return list(zip(*columns, strict=True))


def _csv_cell(value: Any) -> Any:
    kind = type(value)
    if kind in _CSV_PLAIN:
        return value
    if kind is bool:
        return "true" if value else "false"
    if isinstance(value, dict | list | tuple):
        return to_json(value)
    return plain(value)


def _neutral_cell(value: Any) -> Any:
    return neutral(value) if type(value) is str else value

"""Rows as bytes, and back: every value returns with its exact type.

What cannot come back exactly is refused before anything is erased. JSON with tags: a value that
JSON itself keeps exactly stands as it is; any other stands as `[tag, text]`.
"""

from __future__ import annotations

import base64
import ipaddress
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from lofte.errors import Refused

_PLAIN = (str, int, float, bool, type(None))
_AS_IT_IS = frozenset((int, float, bool, type(None)))
_JSON = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"))
"""Made once: making it takes as long as a row."""


def pack(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """The rows as bytes. Raises Refused when a value has a type that would not come back as it was."""
    kinds = {kind for column in zip(*rows, strict=True) for kind in set(map(type, column))}
    if kinds <= _AT_ONCE:
        # All of it in one go; a half of a character is told by what is written for it.
        said = _TAGGED.encode([list(columns), rows])
        if "\\ud" not in said:
            return said.encode("ascii")
    packed = [
        [
            value if type(value) in _AS_IT_IS or (type(value) is str and value.isascii()) else _packed(value)
            for value in row
        ]
        for row in rows
    ]
    return _JSON.encode([list(columns), packed]).encode("ascii")


def unpack(stored: bytes) -> tuple[tuple[str, ...], tuple[tuple[Any, ...], ...]]:
    """The columns and the rows that were packed."""
    columns, rows = json.loads(stored)
    return tuple(columns), tuple(tuple(_unpacked(value) for value in row) for row in rows)


def _packed(value: Any) -> Any:
    kind = type(value)
    if kind is str:
        # JSON would join two lone halves of a character into one.
        if value.isascii() or not _has_halves(value):
            return value
        return ["s", _b64(value.encode("utf-8", "surrogatepass"))]
    if kind in _PLAIN:
        return value
    if kind is memoryview:
        return ["b", _b64(bytes(value))]
    known = _TO.get(kind)
    if known is None:
        raise Refused(
            f"a value of the type {kind.__name__} cannot be kept so that it comes back as it was; "
            "nothing is erased"
        )
    tag, write = known
    return [tag, write(value)]


def _unpacked(stored: Any) -> Any:
    return _FROM[stored[0]](stored[1]) if type(stored) is list else stored


def _has_halves(text: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def _b64(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _zone(zone: tzinfo | None, offset: timedelta | None) -> Any:
    """Where a moment is told: nowhere, in a zone that has a name, or so many microseconds from UTC."""
    if isinstance(zone, ZoneInfo) and zone.key:
        return zone.key
    if zone is None or offset is None:
        return None
    return offset // timedelta(microseconds=1)


def _zoned(stored: Any) -> tzinfo | None:
    if stored is None:
        return None
    return ZoneInfo(stored) if isinstance(stored, str) else timezone(timedelta(microseconds=stored))


def _moment(value: datetime) -> list[Any]:
    return [value.replace(tzinfo=None).isoformat(), _zone(value.tzinfo, value.utcoffset()), value.fold]


def _a_moment(stored: list[Any]) -> datetime:
    return datetime.fromisoformat(stored[0]).replace(tzinfo=_zoned(stored[1]), fold=stored[2])


def _hour(value: time) -> list[Any]:
    return [value.replace(tzinfo=None).isoformat(), _zone(value.tzinfo, value.utcoffset()), value.fold]


def _an_hour(stored: list[Any]) -> time:
    return time.fromisoformat(stored[0]).replace(tzinfo=_zoned(stored[1]), fold=stored[2])


_TO: dict[type, tuple[str, Callable[[Any], Any]]] = {
    bytes: ("b", _b64),
    bytearray: ("B", _b64),
    Decimal: ("n", str),
    datetime: ("t", _moment),
    date: ("d", date.isoformat),
    time: ("h", _hour),
    timedelta: ("i", lambda v: [v.days, v.seconds, v.microseconds]),
    UUID: ("u", str),
    list: ("l", lambda v: [_packed(each) for each in v]),
    tuple: ("p", lambda v: [_packed(each) for each in v]),
    dict: ("o", lambda v: [[_packed(name), _packed(each)] for name, each in v.items()]),
    ipaddress.IPv4Address: ("4", str),
    ipaddress.IPv6Address: ("6", str),
    ipaddress.IPv4Interface: ("4i", str),
    ipaddress.IPv6Interface: ("6i", str),
    ipaddress.IPv4Network: ("4n", str),
    ipaddress.IPv6Network: ("6n", str),
}
_FROM: dict[str, Callable[[Any], Any]] = {
    "s": lambda v: base64.b64decode(v).decode("utf-8", "surrogatepass"),
    "b": base64.b64decode,
    "B": lambda v: bytearray(base64.b64decode(v)),
    "n": Decimal,
    "t": _a_moment,
    "d": date.fromisoformat,
    "h": _an_hour,
    "i": lambda v: timedelta(v[0], v[1], v[2]),
    "u": UUID,
    "l": lambda v: [_unpacked(each) for each in v],
    "p": lambda v: tuple(_unpacked(each) for each in v),
    "o": lambda v: {_unpacked(name): _unpacked(each) for name, each in v},
    "4": ipaddress.IPv4Address,
    "6": ipaddress.IPv6Address,
    "4i": ipaddress.IPv4Interface,
    "6i": ipaddress.IPv6Interface,
    "4n": ipaddress.IPv4Network,
    "6n": ipaddress.IPv6Network,
}
_TAGGED = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), default=_packed)
_AT_ONCE = (frozenset(_PLAIN) | _TO.keys()) - {list, tuple, dict}
"""Types that JSON keeps exactly, and those that it asks us about."""

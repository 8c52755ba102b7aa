"""Raw values as people read them: dates, kronor, yes and no, codes explained."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal

from lofte.datamap.document import FieldMap, Unit
from lofte.law.calendar import STOCKHOLM
from lofte.requests.package.encode import to_json

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII)
_MOMENTS = {"sv": "d MMMM y 'kl.' HH.mm", "en": "d MMMM y 'at' HH:mm"}
_YES = {"sv": "Ja", "en": "Yes"}
_NO = {"sv": "Nej", "en": "No"}
_TRUE = frozenset({"1", "t", "true", "y", "yes", "j", "ja"})
_LONGEST = 4000
"""A longer text is cut in the page people read; it stands whole among the raw rows."""


def show(field: FieldMap, value: Any, language: str) -> str:
    """The value of a field in words. An empty string when there is none."""
    if value is None or value == "":
        return ""
    if field.codes and (code := field.codes.get(_code(value))):
        return code.say(language)
    if field.unit is Unit.ORE:
        return _kronor(value, language)
    if field.unit is Unit.YES_NO or isinstance(value, bool):
        return (_YES if str(value).strip().lower() in _TRUE else _NO)[language]
    if field.unit is Unit.BYTES:
        return _bytes(value, language)
    if isinstance(value, str):
        return _moment(value, language) or _cut(value)
    if isinstance(value, int) and field.category is None:
        return str(value)
    if isinstance(value, float):
        return format_decimal(Decimal(str(value)), locale=language)
    return raw(value)


def raw(value: Any) -> str:
    """The value as it stands in `data.json`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return to_json(value)
    return str(value)


def say_day(day: date, language: str) -> str:
    """A day as people write it in this language."""
    return format_date(day, "d MMMM y", locale=language)


def number(value: int, language: str) -> str:
    """A number with its thousands apart."""
    return format_decimal(value, locale=language)


def country(code: str, language: str) -> str:
    """The name of a country."""
    return str(Locale(language).territories.get(code, code))


def _code(value: Any) -> str:
    return raw(value)


def _moment(value: str, language: str) -> str | None:
    try:
        if _DATE.fullmatch(value):
            return say_day(date.fromisoformat(value), language)
        if _MOMENT.fullmatch(value):
            moment = datetime.fromisoformat(value)
            local = moment.astimezone(STOCKHOLM) if moment.tzinfo else moment
            if local.hour == local.minute == local.second == 0 and not moment.tzinfo:
                return say_day(local.date(), language)
            return format_datetime(local, _MOMENTS[language], locale=language)
    except (ValueError, OverflowError):
        return None
    return None


def _kronor(value: Any, language: str) -> str:
    try:
        amount = Decimal(str(value)) / 100
    except InvalidOperation:
        return raw(value)
    if language == "sv":
        return format_currency(amount, "SEK", locale="sv")
    return format_currency(amount, "SEK", "¤¤ #,##0.00", locale="en", currency_digits=False)


def _bytes(value: Any, language: str) -> str:
    try:
        size = Decimal(str(value))
    except InvalidOperation:
        return raw(value)
    units = ["B", "kB", "MB", "GB", "TB"]
    while abs(size) >= 1000 and len(units) > 1:
        size /= 1000
        units.pop(0)
    return f"{format_decimal(round(size, 1), locale=language)} {units[0]}"


def _cut(value: str) -> str:
    return value if len(value) <= _LONGEST else value[:_LONGEST] + " […]"

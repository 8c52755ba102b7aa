"""What an erasure sets: for each row the values it shall have, and whether it has them."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from lofte.connectors.sql.verify import key_text, spans
from lofte.datamap.document import Coarse, Kind
from lofte.datamap.letters import composed
from lofte.datamap.tracing import Key, People
from lofte.plan.facts import RowFact
from lofte.plan.verdict import Act, Change, How

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d")
_NO_DAY = ("infinity", "-infinity", "0000-00-00")
"""What databases write for no day: it says nothing already."""
_KINDS = (Kind.EMAIL, Kind.PERSONNUMMER, Kind.PHONE, Kind.CUSTOMER_NO, Kind.USER_NAME)
Wanted = dict[Key, dict[str, Any]]
"""By key, what the columns of a row shall say."""


class Changer:
    """Knows what rows shall say when an act is done."""

    def __init__(self, on: date, people: People | None = None) -> None:
        self._on = on
        self._identities = {
            person.subject: {(i.kind, i.value) for i in person.identities}
            for person in (people.persons if people else ())
        }

    def wanted(self, act: Act, columns: Sequence[str], rows: Mapping[Key, tuple[Any, ...]]) -> Wanted:
        """The rows of an act that are not yet as they should be, and what they shall say."""
        fixed = {n: c.value for n, c in act.changes.items() if c.how in (How.NULL, How.VALUE)}
        varying = [(n, c, columns.index(n)) for n, c in act.changes.items() if n not in fixed]
        at = {name: columns.index(name) for name in act.changes}
        found: Wanted = {}
        for fact in act.rows:
            row = rows[fact.key]
            values = dict(fixed)
            for name, change, place in varying:
                values[name] = self._new(change, fact, row[place])
            if not all(alike(row[at[name]], value) for name, value in values.items()):
                found[fact.key] = values
        return found

    def _new(self, change: Change, fact: RowFact, old: Any) -> Any:
        if change.how in (How.NULL, How.VALUE):
            return change.value
        if change.how is How.TEMPLATE:
            return str(change.value).replace("{key}", "-".join(fact.key))
        if old is None:
            return None
        if change.how is How.COARSE:
            return coarser(change.coarse, old)
        if change.how is How.JSON:
            return without(old, change.at)
        return self._masked(str(old), fact, str(change.value))

    def _masked(self, text: str, fact: RowFact, mask: str) -> str:
        """The text without the identities of these subjects."""
        mine = {each for subject in fact.subjects for each in self._identities.get(subject, ())}
        text = composed(text)
        found = ((kind, *each) for kind in _KINDS for each in spans(kind, text, self._on))
        places = sorted({(start, end) for kind, value, start, end in found if (kind, value) in mine})
        for start, end in reversed(_apart(places)):
            text = text[:start] + mask + text[end:]
        return text


def _apart(places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Places that do not lie over each other."""
    found: list[tuple[int, int]] = []
    for start, end in places:
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def coarser(how: Coarse | None, old: Any) -> Any:
    """A value made coarser; what cannot be understood is made a value that says nothing."""
    match how:
        case Coarse.YEAR | Coarse.MONTH:
            return _first_day(how, old)
        case Coarse.START:
            return str(old)[:2]
        case Coarse.HUNDREDS:
            return _hundreds(old)
    return _network(old)


def _first_day(how: Coarse, old: Any) -> Any:
    """The first day of the year or the month, at midnight where there was a time of the day."""
    text = old.isoformat() if isinstance(old, date) else str(old)
    if text.startswith(_NO_DAY):
        return old
    if not _is_day(text[:10]):
        return _nothing(old)
    day = f"{text[:4]}-01-01" if how is Coarse.YEAR else f"{text[:7]}-01"
    return day + (" 00:00:00" if isinstance(old, datetime) or len(text) > 10 else "")


def _is_day(text: str) -> bool:
    if not _MOMENT.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _hundreds(old: Any) -> Any:
    try:
        number = Decimal(str(old))
    except InvalidOperation:
        return _nothing(old)
    return int(number) // 100 * 100 if number.is_finite() else 0


def _network(old: Any) -> str:
    try:
        address = ipaddress.ip_address(str(old).strip())
    except ValueError:
        return ""
    width = 24 if address.version == 4 else 48
    return str(ipaddress.ip_network(f"{address}/{width}", strict=False).network_address)


def _nothing(old: Any) -> Any:
    """What says nothing where this stood."""
    return 0 if isinstance(old, int | float | Decimal) else ""


def without(old: Any, places: Sequence[Sequence[str | int]]) -> str:
    """A JSON document in which these places are null; the rest as it was. Of what is no JSON nobody
    can say what stands where: an empty document."""
    try:
        document = json.loads(old) if isinstance(old, str | bytes) else old
    except ValueError:
        return "{}"
    for place in places:
        inside = document
        try:
            for part in place[:-1]:
                inside = inside[part]
            inside[place[-1]] = None
        except (KeyError, IndexError, TypeError):
            continue
    return json.dumps(document, ensure_ascii=False)


def alike(found: Any, wanted: Any) -> bool:
    """Whether a value that was set is what stands there."""
    if found is None or wanted is None:
        return found is wanted
    if isinstance(found, dict | list):
        return bool(found == (json.loads(wanted) if isinstance(wanted, str) else wanted))
    if isinstance(wanted, bool):
        return bool(found) is wanted
    if isinstance(found, int | float | Decimal) and not isinstance(found, bool):
        return _same_number(str(found), wanted)
    if isinstance(found, date):
        return found.isoformat()[:10] == str(wanted)[:10]
    return _alike_text(key_text(found), wanted)


def says(text: str | None, wanted: Any, *, letters: bool) -> bool:
    """As `alike`, for a value as the database writes it; `letters` = the column holds text."""
    if text is None or wanted is None:
        return text is wanted
    if isinstance(wanted, bool):
        return text.lower() in (("true", "t", "1") if wanted else ("false", "f", "0"))
    if _alike_text(text, wanted):
        return True
    return not letters and _same_number(text, wanted)


def _alike_text(said: str, wanted: Any) -> bool:
    if said == str(wanted) or _same_json(said, wanted):
        return True
    return _MOMENT.match(said) is not None and _moment(said) == _moment(str(wanted))


def _same_number(text: str, wanted: Any) -> bool:
    try:
        return Decimal(text) == Decimal(str(wanted))
    except InvalidOperation:
        return False


def _moment(text: str) -> str:
    """Day and second of a moment, however it is written; a day is its midnight."""
    return f"{text[:10]} {text[11:19] or '00:00:00'}"


def _same_json(found: Any, wanted: Any) -> bool:
    """Whether both are documents, and say the same; a number in a text is not a document."""
    if str(found)[:1] not in ("{", "["):
        return False
    try:
        return bool(json.loads(found) == json.loads(wanted))
    except (TypeError, ValueError):
        return False

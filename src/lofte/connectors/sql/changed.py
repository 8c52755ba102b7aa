"""The UPDATE statements of an erasure: the same for many rows, or a value for each."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from lofte.connectors.sql.dialects import Condition
from lofte.connectors.sql.fact_shapes import FactShapes
from lofte.connectors.sql.facts import bind_keys
from lofte.connectors.sql.verify import key_text, spans
from lofte.datamap.catalogue import LiveColumn, TypeClass
from lofte.datamap.document import Coarse, Kind
from lofte.datamap.letters import composed
from lofte.datamap.tracing import Key, People
from lofte.plan.facts import RowFact
from lofte.plan.verdict import Act, Change, How

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d")
EACH = 500
"""Rows whose values stand in one statement."""
_KINDS = (Kind.EMAIL, Kind.PERSONNUMMER, Kind.PHONE, Kind.CUSTOMER_NO, Kind.USER_NAME)


class Changer:
    """Writes the updates of one plan, and remembers what they set."""

    def __init__(self, shapes: FactShapes, on: date) -> None:
        self._on = on
        self._shapes = shapes
        self._shaper = shapes.shaper
        self._dialect = shapes.shaper.dialect
        self._expected: dict[str, dict[Key, dict[str, Any]]] = {}

    def expected(self, dataset: str) -> Mapping[Key, Mapping[str, Any]]:
        """What has been set, by key."""
        return self._expected.get(dataset, {})

    def unlike(
        self, act: Act, columns: Sequence[str], rows: Mapping[Key, tuple[Any, ...]], people: People | None
    ) -> tuple[RowFact, ...]:
        """The rows of an act that are not yet as they should be."""
        at = {name: columns.index(name) for name in act.changes}
        return tuple(
            fact
            for fact in act.rows
            if any(
                not alike(rows[fact.key][at[n]], self._new(c, fact, rows[fact.key][at[n]], people))
                for n, c in act.changes.items()
            )
        )

    def updates(
        self,
        act: Act,
        some: Sequence[RowFact],
        columns: Sequence[str],
        rows: Mapping[Key, tuple[Any, ...]],
        people: People | None,
    ) -> Iterator[tuple[Any, Any, int]]:
        """Statement, parameters, and how many rows it must change."""
        fixed = {n: c.value for n, c in act.changes.items() if c.how in (How.NULL, How.VALUE)}
        varying = {n: c for n, c in act.changes.items() if n not in fixed}
        if not varying:
            yield self._same(act, some, fixed)
            return
        for start in range(0, len(some), EACH):
            part = some[start : start + EACH]
            each = {
                fact.key: {
                    n: self._new(c, fact, rows[fact.key][columns.index(n)], people)
                    for n, c in varying.items()
                }
                for fact in part
            }
            yield self._each(act, part, fixed, each)

    def _same(self, act: Act, some: Sequence[RowFact], fixed: Mapping[str, Any]) -> tuple[Any, Any, int]:
        table, where, bound = self._target(act, some)
        self._remember(act, some, {fact.key: dict(fixed) for fact in some})
        values = {table.c[n]: self._literal(act, n, v) for n, v in fixed.items()}
        return self._shaper.compile(sa.update(table).values(values).where(where)), bound, len(some)

    def _each(
        self,
        act: Act,
        some: Sequence[RowFact],
        fixed: Mapping[str, Any],
        each: Mapping[Key, Mapping[str, Any]],
    ) -> tuple[Any, Any, int]:
        table, where, bound = self._target(act, some)
        dataset = self._shapes.system.datasets[act.at.dataset]
        live = [self._shaper.column(act.at.dataset, name) for name in dataset.key]
        values = {table.c[n]: self._literal(act, n, v) for n, v in fixed.items()}
        for name in next(iter(each.values())):
            whens = []
            for fact in some:
                same = sa.and_(
                    *(
                        self._dialect.holds(table.c[k], at, _key_value(raw, text, at))
                        for k, at, raw, text in zip(dataset.key, live, fact.raw_key, fact.key, strict=True)
                    )
                )
                whens.append((same, self._literal(act, name, each[fact.key][name])))
            values[table.c[name]] = sa.case(*whens, else_=table.c[name])
        self._remember(act, some, {fact.key: {**fixed, **each[fact.key]} for fact in some})
        return self._shaper.compile(sa.update(table).values(values).where(where)), bound, len(some)

    def _target(self, act: Act, some: Sequence[RowFact]) -> tuple[Any, Condition, dict[str, Any]]:
        id_ = act.at.dataset
        dataset, table = self._shapes.system.datasets[id_], self._shaper.table(self._shaper.live(id_), None)
        live = [self._shaper.column(id_, name) for name in dataset.key]
        where = self._dialect.these_keys([table.c[name] for name in dataset.key], live, "these")
        return table, where, bind_keys(self._shaper, "these", [(f.key, f.raw_key) for f in some], live)

    def _literal(self, act: Act, name: str, value: Any) -> Any:
        """A value as the column takes it."""
        if value is None:
            return sa.null()
        live = self._shaper.column(act.at.dataset, name)
        table = self._shaper.live(act.at.dataset)
        if live.type is TypeClass.TEXT or self._dialect.name == "sqlite":
            kind = sa.Boolean if isinstance(value, bool) else _plain(value)
            return _unnamed(sa.literal(value, kind))
        if self._dialect.name == "postgresql":
            text = str(value).lower() if isinstance(value, bool) else str(value)
            return sa.cast(sa.literal(text, sa.Text), self._shaper.types[table.schema, table.name, name])
        return _unnamed(sa.literal(int(value) if isinstance(value, bool) else value, _plain(value)))

    def _remember(self, act: Act, some: Sequence[RowFact], values: Mapping[Key, Mapping[str, Any]]) -> None:
        known = self._expected.setdefault(act.at.dataset, {})
        for fact in some:
            known[fact.key] = {**known.get(fact.key, {}), **values[fact.key]}

    def _new(self, change: Change, fact: RowFact, old: Any, people: People | None) -> Any:
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
        return self._masked(str(old), fact, str(change.value), people)

    def _masked(self, text: str, fact: RowFact, mask: str, people: People | None) -> str:
        """The text without the identities of these subjects."""
        mine = {
            (i.kind, i.value)
            for person in (people.persons if people else ())
            if person.subject in fact.subjects
            for i in person.identities
        }
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
    if how in (Coarse.YEAR, Coarse.MONTH):
        text = old.isoformat() if isinstance(old, date) else str(old)
        head = text[:4] if how is Coarse.YEAR else text[:7]
        tail = "-01-01" if how is Coarse.YEAR else "-01"
        rest = " 00:00:00" if isinstance(old, datetime) or len(text) > 10 else ""
        return head + tail + rest
    if how is Coarse.START:
        return str(old)[:2]
    if how is Coarse.HUNDREDS:
        return int(Decimal(str(old))) // 100 * 100
    try:
        address = ipaddress.ip_address(str(old).strip())
    except ValueError:
        return ""
    width = 24 if address.version == 4 else 48
    return str(ipaddress.ip_network(f"{address}/{width}", strict=False).network_address)


def without(old: Any, places: Sequence[Sequence[str | int]]) -> str:
    """A JSON document in which these places are null; the rest as it was."""
    document = json.loads(old) if isinstance(old, str | bytes) else old
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
        return Decimal(str(found)) == Decimal(str(wanted))
    if isinstance(found, date):
        return found.isoformat()[:10] == str(wanted)[:10]
    said = key_text(found)
    if said == str(wanted) or _same_json(found, wanted):
        return True
    return _MOMENT.match(said) is not None and _moment(said) == _moment(str(wanted))


def _moment(text: str) -> str:
    """Day and second of a moment, however it is written; a day is its midnight."""
    return f"{text[:10]} {text[11:19] or '00:00:00'}"


def _same_json(found: Any, wanted: Any) -> bool:
    try:
        return bool(json.loads(found) == json.loads(wanted))
    except (TypeError, ValueError):
        return False


def _unnamed(value: Any) -> Any:
    """In brackets: else SQLAlchemy names the parameter after the column, which may be called
    anything, also what a parameter of ours is called."""
    return sa.sql.elements.Grouping(value)


def _plain(value: Any) -> Any:
    if isinstance(value, int):
        return sa.BigInteger
    return sa.Float if isinstance(value, float) else sa.Text


def _key_value(raw: Any, text: str, live: LiveColumn) -> Any:
    return raw if live.type is TypeClass.INTEGER and isinstance(raw, int) else text

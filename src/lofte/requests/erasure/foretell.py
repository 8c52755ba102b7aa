"""Foretelling: what a step is about to make lasting in a system is written down before it is.

Hard rules:
- It is on the disk before the system makes the change lasting. A process that dies before it could
  tell what it did leaves it here, and whoever goes on tells it.
- What became of rows that an attempt before has taken stands in its foretelling alone: they are gone,
  or nothing in them tells any more whose they were. If that attempt came to nothing, all its rows
  are planned anew, and its foretelling counts for nothing.
- Sealed under the request's own key; deleted in the transaction that tells it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import repeat
from typing import Any

from lofte.execution.house import House
from lofte.execution.store import drop, pick, pour, writing
from lofte.plan.records import Verb
from lofte.plan.scope import NOT_ASKED
from lofte.plan.verdict import ErasePlan, Verdict
from lofte.policy.retention import acts_on
from lofte.requests import sealing
from lofte.requests.erasure.evidence import Fate, Row, Touched
from lofte.requests.models import Foretold, Request

_WHAT = "foretold"
_AT_ONCE = 500
LOOK_AGAIN = timedelta(days=30)
"""After so long a row is looked at again that is kept until nobody knows when."""
NO_STAMPS: Mapping[Row, Mapping[str, str]] = {}
NO_STAMP: Mapping[str, str] = {}
Staying = tuple[str, str, int]
"""Dataset, column, rows: where the person may still be found."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tale:
    """What becomes of the rows of one person in one system."""

    fates: Mapping[Row, Fate]
    staying: tuple[Staying, ...]


def foretell(
    house: House,
    requests: Sequence[Request],
    step: str,
    plan: ErasePlan,
    touched: Touched,
    staying: Callable[[int], Iterable[Staying]],
    stamps: Mapping[Row, Mapping[str, str]] = NO_STAMPS,
    also: Callable[[], None] = lambda: None,
) -> tuple[Tale, ...]:
    """Write down what this attempt and those before it come to, for each request by its number;
    durable when it returns. Called when all is done, and before it is made lasting. What `also` writes
    is written in the same transaction, where there is anything to tell."""
    before, on = _before(house, requests, step, plan.system), house.today
    mine: dict[int, list[Verdict]] = {}
    for verdict in plan.verdicts:
        for number in verdict.fact.subjects:
            mine.setdefault(number, []).append(verdict)
    verbs = {(v.fact.at.dataset, key): v.verb for v in plan.verdicts for key in v.fact.keys} if before else {}
    tales = []
    for number, request in enumerate(requests):
        told = Tale(
            fates={f.row: f for f in [_fate(v, number, touched, on, stamps) for v in mine.get(number, ())]},
            staying=tuple(staying(number)),
        )
        earlier = before.get(request.pk)
        lasting = earlier is not None and _lasting(earlier, verbs, touched)
        tales.append(_joined(earlier, told) if earlier is not None and lasting else told)
    _write(house, requests, step, plan.system, tales, also)
    return tuple(tales)


def stamps_foretold(house: House, request: Request, step: str, system: str) -> dict[Row, Mapping[str, str]]:
    """What rows were to say after an attempt that nobody has told yet."""
    told = _before(house, [request], step, system).get(request.pk)
    return {row: fate.stamp for row, fate in told.fates.items()} if told is not None else {}


def forget(request: Request, step: str, system: str) -> None:
    """It is told; in the caller's transaction."""
    forget_each([request], step, system)


def forget_each(requests: Sequence[Request], step: str, system: str) -> None:
    """As `forget`, for many requests."""
    pks = [request.pk for request in requests]
    drop(Foretold, {"request_id": pks, "step": step, "system": system})


def _fate(
    verdict: Verdict, number: int, touched: Touched, on: date, stamps: Mapping[Row, Mapping[str, str]]
) -> Fate:
    row, keys = (verdict.fact.at.dataset, verdict.fact.key), verdict.fact.keys
    return Fate(
        dataset=row[0],
        key=row[1],
        verb=verdict.verb,
        ground=verdict.ground,
        until=verdict.until,
        law_until=verdict.law_until,
        due=day_of(verdict, on),
        done=row in touched.rows if len(keys) == 1 else touched.rows.issuperset(zip(repeat(row[0]), keys)),
        whose=touched.owners[row] == number,
        stamp=stamps.get(row, NO_STAMP),
        fellows=verdict.fact.fellows,
    )


def day_of(verdict: Verdict, on: date) -> date | None:
    """The day on which what is kept of the row goes, or is looked at again: when its contract runs,
    a hold stands, or rows that nobody asked for point at it, no day is known. None = it is not ours,
    stays because it is another's too, or was not asked about; what a law keeps of such a row has its day."""
    fact = verdict.fact
    if verdict.verb in (Verb.DELETE, Verb.UNLINK) or not fact.certain:
        return None
    if (fact.others and verdict.ground == "shared") or verdict.ground == NOT_ASKED:
        return None
    day = acts_on(verdict.until)
    return day if day is not None and day > on else on + LOOK_AGAIN


def _lasting(earlier: Tale, verbs: Mapping[Row, Verb], touched: Touched) -> bool:
    """Whether the attempt before was made lasting: something that it took is not there to be taken."""
    return any(
        fate.done and row not in touched.rows and verbs.get(row, Verb.CHANGE) not in (Verb.KEEP, Verb.DELETE)
        for row, fate in earlier.fates.items()
    )


def _joined(earlier: Tale, now: Tale) -> Tale:
    """Both together: what is planned now, and what could not be planned any more."""
    fates = dict(earlier.fates)
    for row, fate in ((fate.row, fate) for told in now.fates.values() for fate in told.apart()):
        before = fates.get(row)
        done = fate.done or (before is not None and before.done and fate.verb is not Verb.KEEP)
        fates[row] = replace(fate, done=done)
    spots: dict[tuple[str, str], int] = {}
    for dataset, column, rows in (*earlier.staying, *now.staying):
        spots[dataset, column] = max(rows, spots.get((dataset, column), 0))
    return Tale(fates=fates, staying=tuple((d, c, rows) for (d, c), rows in sorted(spots.items())))


def _write(
    house: House,
    requests: Sequence[Request],
    step: str,
    system: str,
    tales: Sequence[Tale],
    also: Callable[[], None],
) -> None:
    rows = [
        (request.pk, step, system, _sealed(house, request, tale))
        for request, tale in zip(requests, tales, strict=True)
        if tale.fates
    ]
    if rows:
        with writing():
            pour(
                Foretold,
                ("request_id", "step", "system", "fates"),
                rows,
                unique=("request_id", "step", "system"),
                update=("fates",),
            )
            also()


def _before(house: House, requests: Sequence[Request], step: str, system: str) -> dict[int, Tale]:
    """What attempts before have foretold and nobody has told, by request."""
    by_pk = {request.pk: request for request in requests}
    found: dict[int, Tale] = {}
    for start in range(0, len(requests), _AT_ONCE):
        pks = list(by_pk)[start : start + _AT_ONCE]
        where = {"request_id": pks, "step": step, "system": system}
        for pk, sealed in pick(Foretold, ("request_id", "fates"), where):
            found[pk] = _opened(house, by_pk[pk], sealed)
    return found


def _sealed(house: House, request: Request, tale: Tale) -> bytes:
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    alike: dict[tuple[Any, ...], list[Fate]] = {}
    for f in tale.fates.values():
        at = (f.dataset, f.verb, f.ground, f.until, f.due, f.done, f.whose, f.law_until, bool(f.stamp))
        alike.setdefault(at, []).append(f)
    fates = [
        [dataset, verb, ground, _text(until), _text(due), done, whose, _text(by_law),
         [key for f in same for key in f.keys], [dict(f.stamp) for f in same] if stamped else []]
        for (dataset, verb, ground, until, due, done, whose, by_law, stamped), same in alike.items()
    ]  # fmt: skip
    said = json.dumps({"fates": fates, "staying": tale.staying})
    return sealing.seal_text(key, said, _WHAT, request.ref)


def _opened(house: House, request: Request, sealed: bytes) -> Tale:
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    said = json.loads(sealing.unseal_text(key, sealed, _WHAT, request.ref))
    if isinstance(said, dict):
        told, staying = [f for each in said["fates"] for f in _alike(*each)], said["staying"]
    else:
        # As it was written before, each row by itself.
        told, staying = [_read(each) for each in said[0]], said[1]
    return Tale(fates={f.row: f for f in told}, staying=tuple((d, c, rows) for d, c, rows in staying))


def _alike(
    dataset: str,
    verb: str,
    ground: str,
    until: str,
    due: str,
    done: bool,
    whose: bool,
    by_law: str,
    keys: Sequence[Sequence[str]],
    stamps: Sequence[Mapping[str, str]],
) -> Iterable[Fate]:
    """Rows of one dataset with the same fate."""
    for n, key in enumerate(keys):
        yield Fate(
            dataset=dataset,
            key=tuple(key),
            verb=Verb(verb),
            ground=ground,
            until=_moment(until),
            law_until=_moment(by_law),
            due=_moment(due),
            done=done,
            whose=whose,
            stamp=stamps[n] if stamps else {},
        )


def _read(said: Sequence[Any]) -> Fate:
    dataset, key, verb, ground, until, due, done, whose, stamp, *more = said
    return Fate(
        dataset=dataset,
        key=tuple(key),
        verb=Verb(verb),
        ground=ground,
        until=_moment(until),
        law_until=_moment(more[0]) if more else None,
        due=_moment(due),
        done=done,
        whose=whose,
        stamp=stamp,
    )


def _text(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _moment(day: str) -> date | None:
    return date.fromisoformat(day) if day else None

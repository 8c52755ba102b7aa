"""Rows whose day has come and that no longer tell whose they were: a person says it (art. 5.1 d, 5.1 e).

Hard rules:
- Until somebody has said it the row stays, and waits: it is looked at again by itself, and goes if it tells
  again what it told.
- Who says that it is the person's still lets it go by what it tells now; a law or a hold is asked anew.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import QuerySet

from lofte.datamap.tracing import Key
from lofte.errors import Refused
from lofte.execution import journal, runner
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.ledger.kinds import Kind, Value
from lofte.requests import sealing
from lofte.requests.course.lock import alone, shown
from lofte.requests.erasure import sooner, whose
from lofte.requests.erasure.erase_system import Connect, opened
from lofte.requests.erasure.evidence import begins, named
from lofte.requests.erasure.foretell import LOOK_AGAIN
from lofte.requests.models import Deferral, Request
from lofte.requests.records.deferred import LATER, Doubt, DoubtSettled


class Whose(StrEnum):
    """What somebody has found."""

    THEIRS = "theirs"
    ANOTHERS = "anothers"


@dataclass(frozen=True, kw_only=True, slots=True)
class Doubted:
    """A row that somebody must look at."""

    number: str
    system: str
    dataset: str
    key: Key
    since: datetime


def waiting(house: House) -> tuple[Doubted, ...]:
    """The rows that somebody must look at, the oldest doubt first."""
    return tuple(
        Doubted(
            number=each.deferral.request.number,
            system=each.deferral.system,
            dataset=each.deferral.dataset,
            key=_key(house, each.deferral),
            since=each.at,
        )
        for each in _open().order_by("id")
    )


def unsettled() -> int:
    """How many rows somebody must look at."""
    return _open().count()


def settle(house: House, number: str, connect: Connect, found: Whose, *, dataset: str = "", by: str) -> int:
    """Say whose the rows of a request are that are in doubt, those of a dataset or all; returns how many.
    Raises Refused, AtWork, Unreachable."""
    if not by:
        raise Refused("say who you are: --by with the e-mail address of a handler, or LOFTE_BY")
    request = Request.objects.filter(number=number).first()
    doubts = list(_open().filter(deferral__request=request)) if request else []
    doubts = [each for each in doubts if dataset in ("", each.deferral.dataset)]
    if request is None or not doubts:
        raise Refused("no row of this request is in doubt; look at the list again")
    with alone(house, runner.owner("settle"), shown([request])) as held:
        stamps = _stamps(house, doubts, connect) if found is Whose.THEIRS else {}
        held.insist()
        with recorded(house):
            for each in doubts:
                DoubtSettled.objects.create(doubt=each, whose=found.value, by=by, at=house.now)
                if each.deferral_id in stamps:
                    Deferral.objects.filter(pk=each.deferral_id).update(stamp=stamps[each.deferral_id])
            rows = Deferral.objects.filter(pk__in=[each.deferral_id for each in doubts])
            if found is Whose.THEIRS:
                sooner.judge_rows(house, rows)
            else:
                rows.update(done_at=house.now)
            for system in sorted({each.deferral.system for each in doubts}):
                count = sum(each.deferral.system == system for each in doubts)
                said: dict[str, Value] = {"target": system, "rows": count, "whose": found.value, "by": by}
                note(Kind.DOUBT_SETTLED, request.ref, said, at=house.now, policy_version=house.policy_version)
    return len(doubts)


def still_new(deferrals: Iterable[int]) -> set[int]:
    """Those of these rows that nobody has been told of."""
    wanted = set(deferrals)
    return wanted - set(_open().filter(deferral__in=wanted).values_list("deferral_id", flat=True))


def doubt(
    house: House, request: Request, system: str, deferrals: Iterable[int], new: Collection[int]
) -> None:
    """Let these rows stay until somebody says whose they are, in the caller's transaction."""
    day = house.today + LOOK_AGAIN
    if Deferral.objects.filter(pk__in=list(deferrals)).update(due_on=day):
        journal.begin_each({request.ref: [(LATER, f"{named(system)}-{day:%Y%m%d}", begins(house, day))]})
    Doubt.objects.bulk_create(Doubt(deferral_id=pk, at=house.now) for pk in sorted(new))


def _open() -> QuerySet[Doubt]:
    found = Doubt.objects.filter(settled=None, deferral__done_at=None)
    return found.select_related("deferral", "deferral__request")


def _key(house: House, deferral: Deferral) -> Key:
    request = deferral.request
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    return tuple(json.loads(sealing.unseal_text(key, deferral.key, "deferral", request.ref)))


def _stamps(house: House, doubts: Iterable[Doubt], connect: Connect) -> dict[int, bytes]:
    """What the rows tell now, sealed, by their deferral; one that is gone tells nothing."""
    by_system: dict[str, dict[tuple[str, Key], Deferral]] = {}
    for each in doubts:
        row = (each.deferral.dataset, _key(house, each.deferral))
        by_system.setdefault(each.deferral.system, {})[row] = each.deferral
    sealed: dict[int, bytes] = {}
    for id_, rows in by_system.items():
        system = house.datamap.system(id_)
        keys: dict[str, list[Key]] = {}
        for dataset, key in rows:
            keys.setdefault(dataset, []).append(key)
        connector = opened(connect, system)
        try:
            with connector.session() as session:
                facts = session.facts_of(keys, house.today).rows
                told = whose.told(house, session, [(row, whose.telling(system, row)) for row in facts])
        finally:
            connector.close()
        for at, stamp in told.items():
            request = rows[at].request
            own = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
            sealed[rows[at].pk] = sealing.seal_text(own, json.dumps(dict(stamp)), "stamp", request.ref)
    return sealed

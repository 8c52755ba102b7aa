"""What a child of the zygote does: make what stands before a flow, run it, look and do it again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from lofte.connectors.sql.connector import SqlConnector
from lofte.errors import LofteError
from lofte.execution import restore_log, tombstones
from lofte.execution.models import LedgerEntry
from lofte.requests.erasure.undo import undo
from lofte.requests.models import Request
from tests.faults import looking, seeded
from tests.faults.flows import FLOWS, Flow
from tests.faults.world import Place, dump, fill

Acknowledge = Callable[..., None]
TRIES = 6
"""Times that the same thing is done again, ten minutes between, until it works."""


def make(place: Place, command: dict[str, Any], acknowledge: Acknowledge) -> None:
    """A store with its tables; only once, it is copied after."""
    from lofte.site.store import prepare

    prepare()


def before(place: Place, command: dict[str, Any], acknowledge: Acknowledge) -> None:
    """What stands before a flow."""
    place.house.folder.mkdir(mode=0o700, exist_ok=True)
    fill(place.shop)
    fill(f"sqlite:///{place.folder / 'first.sqlite3'}")
    FLOWS[command["flow"]].before(place)


def refill(place: Place, command: dict[str, Any], acknowledge: Acknowledge) -> None:
    """The shop as it was at first."""
    fill(place.shop)


def look(place: Place, command: dict[str, Any], acknowledge: Acknowledge) -> None:
    """All that is there, as it is compared."""
    acknowledge(now=looking.everything(place))


def act(place: Place, command: dict[str, Any], acknowledge: Acknowledge) -> None:
    """The flow, once; all that returned is acknowledged."""
    with seeded.fault(command.get("seed", "")), _acknowledging(acknowledge):
        FLOWS[command["flow"]].act(place)
    acknowledge(done=True)


def again(place: Place, command: dict[str, Any], acknowledge: Acknowledge) -> None:
    """Look at what a flow left, do it again, and look at all of it."""
    flow, wanted, said = FLOWS[command["flow"]], command["wanted"], command["said"]
    wrong = looking.whole(place) + _acknowledged(place, flow, wanted, said)
    with seeded.fault(command.get("seed", "")):
        wrong += _done_again(place, flow)
    wrong += looking.whole(place)
    now = json.loads(json.dumps(looking.everything(place), default=str))
    if wanted:
        wrong += _differences(wanted, now)
    wrong += _evidence(place, flow, command["first"])
    acknowledge(wrong=wrong, now=now)


def _done_again(place: Place, flow: Flow) -> list[str]:
    """As a person or the worker does it: again, until it is done."""
    for _ in range(TRIES):
        place.clock.go(minutes=10)
        try:
            flow.act(place)
        except LofteError as error:
            last = error
        else:
            return []
    return [f"done again it does not work: {type(last).__name__}: {last}"]


def _acknowledged(place: Place, flow: Flow, wanted: Any, said: list[dict[str, Any]]) -> list[str]:
    """What was acknowledged and is not there."""
    wrong = []
    last = LedgerEntry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    told = max((each["entries"] for each in said if "entries" in each), default=0)
    if last < told:
        wrong.append(f"{told} entries were acknowledged, and there are {last}")
    rows = max((each["kept"] for each in said if "kept" in each), default=0)
    if rows and _kept_records(place) < rows:
        wrong.append(f"{rows} sets of rows were acknowledged as kept, and there are {_kept_records(place)}")
    stones = max((each["stones"] for each in said if "stones" in each), default=0)
    if stones and _stones(place) < stones:
        wrong.append(f"{stones} tombstones were acknowledged, and there are {_stones(place)}")
    now = json.loads(json.dumps(dump(place.shop)))
    if wanted and any("acted" in each for each in said) and _last_act(flow, said) and now != wanted["shop"]:
        wrong.append("what was acknowledged as done in the shop is not there")
    if wanted and any(each.get("done") for each in said):
        entries = dict(looking.ledger(place))
        if entries != wanted["ledger"] or now != wanted["shop"]:
            wrong.append("all was acknowledged, and it is not as after a run without faults")
    return wrong


def _last_act(flow: Flow, said: list[dict[str, Any]]) -> bool:
    """Whether the acts acknowledged are all that the flow has."""
    return sum("acted" in each for each in said) >= _ACTS.get(flow.name, 1)


_ACTS = {"later": 2}


def _kept_records(place: Place) -> int:
    return sum(1 for r in Request.objects.all() for _ in restore_log.rows(place.house, r.ref))


def _stones(place: Place) -> int:
    from lofte.execution.append import records

    return sum(1 for _ in records(place.house.folder / "tombstones" / "shop.log"))


def _differences(wanted: Any, now: Any) -> Iterator[str]:
    """What is not as after a run without faults."""
    for part in ("shop", "records", "ledger"):
        for name in wanted[part].keys() | now[part].keys():
            one, other = wanted[part].get(name), now[part].get(name)
            if one != other:
                yield f"{part}: {name}: {other} instead of {one}"


def _evidence(place: Place, flow: Flow, first: Any) -> list[str]:
    """Whether what we say was done is what the shop shows, can be known again, and can be undone."""
    if not flow.undone:
        return []
    wrong = []
    gone, changed = looking.touched(first, json.loads(json.dumps(dump(place.shop))))
    kept, stones = looking.kept(place), looking.entombed(place)
    if flow.at is None and (missing := (gone | changed) - kept):
        wrong.append(f"these rows cannot be given back: {sorted(missing)}")
    if missing := gone - stones:
        wrong.append(f"these rows went, and no tombstone knows it: {sorted(missing)}")
    if flow.at is None:
        wrong += _told(gone, changed)
        for request in Request.objects.all():
            undo(place.house, request.number, place.back)
        if json.loads(json.dumps(dump(place.shop))) != first:
            wrong.append("undone, the shop is not as it was")
        if looking.entombed(place):
            wrong.append("undone, tombstones still stand")
    return wrong


def _told(gone: set[looking.Row], changed: set[looking.Row]) -> list[str]:
    """The counts of the evidence beside the difference of the dumps."""
    from lofte.requests.models import Erasure

    wrong = []
    for verbs, rows in ((("delete",), gone), (("change", "unlink"), changed)):
        for name in {n for n, _ in rows} | set(
            Erasure.objects.filter(verb__in=verbs).values_list("dataset", flat=True)
        ):
            told = sum(Erasure.objects.filter(verb__in=verbs, dataset=name).values_list("rows", flat=True))
            seen = sum(1 for n, _ in rows if n == name)
            if told != seen:
                wrong.append(f"evidence: {name}: {told} rows {'/'.join(verbs)}, and the shop shows {seen}")
    return wrong


# -- acknowledging --------------------------------------------------------------------------------


@contextmanager
def _acknowledging(acknowledge: Acknowledge) -> Iterator[None]:
    """Say each thing that returned: a transaction of ours, one of the shop's, rows kept, tombstones."""
    leave, keep, note = transaction.Atomic.__exit__, restore_log.keep_many, tombstones.note_many
    acting = SqlConnector.acting
    counted = {"kept": 0, "stones": 0}

    def left(self: Any, kind: Any, value: Any, trace: Any) -> Any:
        result = leave(self, kind, value, trace)
        if kind is None and not connection.in_atomic_block:
            last = LedgerEntry.objects.order_by("-seq").values_list("seq", flat=True).first()
            acknowledge(entries=last or 0)
        return result

    @contextmanager
    def acted(self: Any) -> Iterator[Any]:
        with acting(self) as session:
            yield session
        acknowledge(acted=True)

    def kept(*given: Any, **named: Any) -> None:
        keep(*given, **named)
        counted["kept"] += 1
        acknowledge(kept=counted["kept"])

    def noted(*given: Any, **named: Any) -> None:
        note(*given, **named)
        counted["stones"] += 1
        acknowledge(stones=counted["stones"])

    transaction.Atomic.__exit__, SqlConnector.acting = left, acted
    restore_log.keep_many, tombstones.note_many = kept, noted
    try:
        yield
    finally:
        transaction.Atomic.__exit__, SqlConnector.acting = leave, acting
        restore_log.keep_many, tombstones.note_many = keep, note

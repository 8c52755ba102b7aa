"""What is there after a flow: the shop, our own records, the ledger, what can be given back."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from lofte.connectors.sql.verify import key_text
from lofte.consent.models import (
    Notice,
    NoticeTold,
    Objection,
    Restriction,
    RestrictionLifted,
    StatusPutBack,
    StatusSet,
    Suppression,
)
from lofte.execution import book, exactly, restore_log, tombstones
from lofte.execution.models import Step
from lofte.ledger.kinds import Kind
from lofte.notices.models import PublishedPolicy
from lofte.requests import sealing
from lofte.requests.models import (
    Decision,
    Deferral,
    Erasure,
    HoldLifting,
    HoldRecord,
    PackageRecord,
    Request,
    Transition,
)
from lofte.requests.records.deferred import LATER
from tests.faults.world import SHOP, Place, dump

AGAIN = frozenset(
    {
        Kind.STEP_DONE,
        Kind.STEP_FAILED,
        Kind.ACCESS_INTENDED,
        Kind.ERASURE_INTENDED,
        Kind.ERASURE_VERIFIED,
        Kind.ERASURE_UNDO_INTENDED,
        Kind.ERASURE_REPLAY_INTENDED,
        Kind.RECTIFICATION_INTENDED,
        Kind.RECTIFICATION_RECORDED,
        Kind.STATUS_INTENDED,
    }
)
"""Entries that an attempt writes; a second attempt writes them again."""
_UNSTEADY = frozenset(
    {"attempt", "statements", "digest", "plan_digest", "map_digest", "policy_digest", "bytes"}
)
Row = tuple[str, tuple[str, ...]]


def ledger(place: Place) -> Counter[str]:
    """What the ledger says was done, without what differs from run to run."""
    said: Counter[str] = Counter()
    for entry, payload in book.opened():
        if entry.kind not in AGAIN:
            steady = {k: v for k, v in (payload or {}).items() if k not in _UNSTEADY}
            if entry.kind in (Kind.ERASURE_UNDONE, Kind.STATUS_SET) and not steady["rows"]:
                continue  # done again, there was nothing to do
            if steady.get("step") == LATER:
                # Days that are over may be taken in any order; together they take what they take.
                said[f"{entry.kind} {LATER}"] += steady["deleted"]
                continue
            said[f"{entry.kind} {json.dumps(steady, sort_keys=True)}"] += 1
    return said


def records(place: Place) -> dict[str, Any]:
    """Our own records, without random ids and moments."""
    house = place.house
    return {
        "requests": [(r.right, r.state) for r in Request.objects.order_by("id")],
        "steps": sorted((s.kind, s.target, s.state) for s in Step.objects.all()),
        "transitions": [(t.from_state, t.to_state) for t in Transition.objects.order_by("id")],
        "decisions": [(d.outcome, d.article) for d in Decision.objects.order_by("id")],
        "packages": PackageRecord.objects.count() and 1,
        "erasures": _erasures(),
        "deferrals": sorted(_deferrals(place)),
        "corrected": sorted({repr(r) for r in _corrected(place)}),
        "holds": [(h.kind, h.case, h.identities.count()) for h in HoldRecord.objects.order_by("id")],
        "liftings": HoldLifting.objects.count(),
        "restrictions": [r.ground for r in Restriction.objects.order_by("id")],
        "lifted": [r.outcome for r in RestrictionLifted.objects.order_by("id")],
        "notices": [(n.what, hasattr(n, "told")) for n in Notice.objects.order_by("id")],
        "told": NoticeTold.objects.count(),
        "statuses": sorted(set(_statuses(place))),
        "objections": [(o.absolute, o.purposes) for o in Objection.objects.order_by("id")],
        "suppressions": sorted((s.channel, s.why, s.turn) for s in Suppression.objects.all()),
        "published": [p.version for p in PublishedPolicy.objects.all()],
        "held": house.folder.is_dir() and bool(tombstones.restored(house.folder)),
        "left": sorted(p.relative_to(house.folder).parts[0] for p in _leavings(place)),
    }


def _erasures() -> list[tuple[Any, ...]]:
    """How many rows went which way, by step, system and dataset."""
    found: Counter[tuple[str, ...]] = Counter()
    for each in Erasure.objects.all():
        until = "" if each.until is None else each.until.isoformat()
        if each.step.startswith(LATER):
            if each.verb == "delete":
                found[LATER, each.dataset, each.verb, "", ""] += each.rows
            continue
        found[each.step, each.dataset, each.verb, each.ground, until] += each.rows
    return sorted((*at, rows) for at, rows in found.items())


def _deferrals(place: Place) -> Iterator[tuple[Any, ...]]:
    for row in Deferral.objects.select_related("request"):
        key = sealing.unwrap(place.house.keys.wrapping, row.request.key, row.request.ref)
        opened = sealing.unseal_text(key, row.key, "deferral", row.request.ref)
        yield row.dataset, opened, row.due_on.isoformat(), row.done_at is not None


def _corrected(place: Place) -> Iterator[tuple[Any, ...]]:
    from lofte.requests.answer.rectify import before_and_after

    for request in Request.objects.filter(right="rectification"):
        for at, names, rows in before_and_after(place.house, request):
            for row in rows:
                yield at.dataset, names, tuple(row)


def _statuses(place: Place) -> Iterator[tuple[Any, ...]]:
    for each in StatusSet.objects.all():
        key = sealing.unwrap(place.house.keys.wrapping, each.key, each.ref)
        _, rows = exactly.unpack(sealing.unseal_text(key, each.rows, "rows", each.ref).encode("ascii"))
        yield each.dataset, repr(sorted(rows)), StatusPutBack.objects.filter(status=each).exists()


def _leavings(place: Place) -> Iterator[Any]:
    """Files of work that is under way; when it has ended, none."""
    folder = place.house.folder
    yield from (folder / "spool").glob("*")
    yield from (folder / "packages").glob(".*")
    yield from place.out.glob(".*")


def whole(place: Place) -> list[str]:
    """What is wrong with the ledger."""
    wrong = []
    broken = book.verify(place.house.keys.ledger)
    if broken is not None:
        wrong.append(f"the ledger is broken at {broken.seq}")
    wrong += [f"entry {entry.seq} cannot be opened" for entry, payload in book.opened() if payload is None]
    return wrong


def touched(first: dict[str, Any], now: dict[str, Any]) -> tuple[set[Row], set[Row]]:
    """Rows of the shop that are gone, and rows that are changed."""
    gone, changed = set(), set()
    for name, rows in first.items():
        by_key = {row[0]: row for row in now[name]}
        for row in rows:
            there = by_key.get(row[0])
            if there is None:
                gone.add((name, (row[0],)))
            elif tuple(there) != tuple(row):
                changed.add((name, (row[0],)))
    return gone, changed


def kept(place: Place) -> set[Row]:
    """Rows that can be given back."""
    found = set()
    for request in Request.objects.all():
        for each in restore_log.rows(place.house, request.ref):
            at = [each.columns.index(name) for name in SHOP.datasets[each.dataset].key]
            for row in each.rows:
                found.add((each.dataset, tuple(key_text(row[n]) for n in at)))
    return found


def entombed(place: Place) -> set[Row]:
    """Rows that are known to have gone, when they come back."""
    found = tombstones.replay(place.house, "shop", place.before).found
    return {(again.dataset, again.key) for again in found if again.verbs}


def everything(place: Place) -> dict[str, Any]:
    """All of it, as it is compared."""
    return {"shop": dump(place.shop), "records": records(place), "ledger": dict(ledger(place))}

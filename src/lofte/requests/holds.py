"""Placing and lifting holds: what must stay although it would go (art. 17.3 e, 18.1 c).

A hold is about a person, who is known again by keyed hashes of what identifies them; the words
are sealed. What is placed is never changed, and never taken away: a lifting is a record beside it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from django.db.models import QuerySet

from lofte.datamap.identity import Identity
from lofte.errors import Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.ledger.kinds import Kind
from lofte.plan.holds import Hold, HoldKind, Lifting, in_force
from lofte.requests import sealing
from lofte.requests.models import HeldIdentity, HoldLifting, HoldRecord

PLACED = (HoldKind.LEGAL_CLAIM, HoldKind.INCIDENT)
"""Those that a person places; the others are computed."""
_CASE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./_-]{0,39}")


def place(
    house: House,
    *,
    kind: HoldKind,
    identities: Sequence[Identity],
    case: str,
    review_on: date,
    why: str,
    by: str,
    categories: Collection[str] = (),
) -> Hold:
    """Stop the erasure of a person's data, from now. A hold needs a case and a day when it is looked
    at again; one without an end is refused."""
    if kind not in PLACED:
        raise Refused("only a legal claim or an incident is placed; law and contract are computed")
    if not identities:
        raise Refused("a hold needs something to know the person by; give at least one identity")
    if not _CASE.fullmatch(case):
        raise Refused("write the number of the case, not what it is about: letters, digits, at most 40")
    if review_on <= house.today:
        raise Refused("the day of review must lie ahead")
    if not why.strip():
        raise Refused("write why: who claims what, or what is being looked into")
    ref = secrets.token_hex(16)
    with recorded(house):
        record = HoldRecord.objects.create(
            ref=ref,
            kind=kind,
            case=case,
            review_on=review_on,
            categories=sorted(categories),
            why=sealing.seal_text(house.keys.wrapping, why.strip(), "hold", ref),
            by=by,
            at=house.now,
        )
        known = {sealing.lookup(house.keys.lookup, identity) for identity in identities}
        HeldIdentity.objects.bulk_create(HeldIdentity(hold=record, lookup=each) for each in sorted(known))
        note(
            Kind.HOLD_PLACED,
            ref,
            {
                "article": kind.article,
                "hold": kind.value,
                "identities": len(known),
                "categories": len(set(categories)),
                "review_on": review_on.isoformat(),
                **({"by": by} if by else {}),
            },
            at=house.now,
            policy_version=house.policy_version,
        )
    return _hold(record)


def lift(house: House, ref: str, *, why: str, by: str) -> None:
    """End a hold. Ending it again changes nothing."""
    record = HoldRecord.objects.filter(ref=ref).first()
    if record is None:
        raise Refused("there is no such hold; look at the list again")
    if not why.strip():
        raise Refused("write why the data need not stay any longer")
    with recorded(house):
        if record.liftings.exists():
            return
        sealed = sealing.seal_text(house.keys.wrapping, why.strip(), "lifting", ref)
        HoldLifting.objects.create(hold=record, why=sealed, by=by, at=house.now)
        said = {"by": by} if by else {}
        note(Kind.HOLD_LIFTED, ref, said, at=house.now, policy_version=house.policy_version)


def standing(house: House, persons: Mapping[int, Iterable[Identity]]) -> dict[int, tuple[Hold, ...]]:
    """The holds in force on each of these persons, by whatever number they are asked for."""
    numbers: dict[str, set[int]] = {}
    for number, identities in persons.items():
        for identity in identities:
            numbers.setdefault(sealing.lookup(house.keys.lookup, identity), set()).add(number)
    held: dict[int, dict[str, Hold]] = {}
    records: dict[int, HoldRecord] = {}
    for each in _batched(HeldIdentity.objects.select_related("hold"), sorted(numbers)):
        records[each.hold_id] = each.hold
        for number in numbers[each.lookup]:
            held.setdefault(number, {})[each.hold.ref] = _hold(each.hold)
    liftings = [
        Lifting(hold=each.hold.ref, lifted_by=each.by, lifted_at=each.at)
        for each in HoldLifting.objects.filter(hold_id__in=records).select_related("hold")
    ]
    found = {number: in_force(holds.values(), liftings, house.now) for number, holds in held.items()}
    return {number: holds for number, holds in found.items() if holds}


def _batched(held: QuerySet[HeldIdentity], lookups: Sequence[str]) -> Iterator[HeldIdentity]:
    for start in range(0, len(lookups), 500):
        yield from held.filter(lookup__in=lookups[start : start + 500])


def _hold(record: HoldRecord) -> Hold:
    return Hold(
        ref=record.ref,
        kind=HoldKind(record.kind),
        case=record.case,
        review_on=record.review_on,
        placed_by=record.by,
        placed_at=record.at,
        categories=frozenset(record.categories),
    )

"""Placing and lifting holds: what must stay although it would go (art. 17.3 e, 18.1 c).

A hold is about a person, who is known again by keyed hashes of what identifies them; the words
are sealed. What is placed is never changed, and never taken away: a lifting is a record beside it.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, QuerySet

from lofte.consent.person import Connect, traced_in
from lofte.datamap.identity import STRENGTH, Identity, Strength
from lofte.errors import Refused, Unreachable
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.execution.store import pick
from lofte.ledger.kinds import Kind, Value
from lofte.plan.holds import Hold, HoldKind, Lifting, in_force
from lofte.requests import sealing
from lofte.requests.course.case import is_number
from lofte.requests.course.lock import insist_open
from lofte.requests.erasure import sooner
from lofte.requests.models import HeldIdentity, HoldLifting, HoldRecord

PLACED = (HoldKind.LEGAL_CLAIM, HoldKind.INCIDENT)
"""Those that a person places; the others are computed."""


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
    connect: Connect | None = None,
) -> Hold:
    """Stop the erasure of a person's data, from now. A hold needs a case and a day when it is looked
    at again; one without an end is refused. With `connect` it stands also for what the systems know
    the person by. Placing the same again changes nothing: whoever did not hear that it was placed may
    do it anew. Raises AtWork when rows of the person are just about to be gone: look at what is left, then
    place it.
    Raises Unreachable when it stands, and a system could not be asked."""
    if kind not in PLACED:
        raise Refused("only a legal claim or an incident is placed; law and contract are computed")
    if not identities:
        raise Refused("a hold needs something to know the person by; give at least one identity")
    theirs = [identity for identity in identities if not _is_weak(identity)]
    if not theirs:
        raise Refused(
            "this may be several people's; ask for something that is the person's alone, as an e-mail "
            "address or a customer number"
        )
    if not is_number(case, house.today):
        raise Refused("write the number of the case, not what it is about: letters, digits, at most 40")
    if review_on <= house.today:
        raise Refused("the day of review must lie ahead")
    if not why.strip():
        raise Refused("write why: who claims what, or what is being looked into")
    if unknown := sorted(set(categories) - house.policy.categories.keys()):
        raise Refused(
            f"the policy has no category `{unknown[0]}`; name one that it has, or none for all data"
        )
    ref = secrets.token_hex(16)
    known = {sealing.lookup(house.keys.lookup, identity) for identity in theirs}
    record = HoldRecord(
        ref=ref,
        kind=kind,
        case=case,
        review_on=review_on,
        categories=sorted(set(categories)),
        why=sealing.seal_text(house.keys.wrapping, why.strip(), "hold", ref),
        by=by,
        at=house.now,
    )
    with recorded(house):
        before = _placed_before(record, known)
        if before is None:
            insist_open(house, known)
            _stand(house, record, known)
    if connect is not None:
        _spread(house, before or record, theirs, connect)
    return _hold(before or record)


def _stand(house: House, record: HoldRecord, known: Collection[str]) -> None:
    """Let it stand, in the caller's `recorded` transaction."""
    record.save()
    HeldIdentity.objects.bulk_create(HeldIdentity(hold=record, lookup=each) for each in sorted(known))
    payload: dict[str, Value] = {
        "article": HoldKind(record.kind).article,
        "hold": HoldKind(record.kind).value,
        "identities": len(known),
        "categories": len(record.categories),
        "review_on": record.review_on.isoformat() if record.review_on else "",
        **({"by": record.by} if record.by else {}),
    }
    note(Kind.HOLD_PLACED, record.ref, payload, at=house.now, policy_version=house.policy_version)


def _spread(house: House, record: HoldRecord, identities: Sequence[Identity], connect: Connect) -> None:
    """Let a hold that stands stand for all that the systems know to be the person's alone. A system that
    is silent keeps it from none of the others."""
    found: set[Identity] = set()
    silent: Unreachable | None = None
    for system in house.datamap.systems:
        try:
            found |= traced_in(house, system, identities, connect)
        except Unreachable as error:
            silent = silent or error
    lookups = {sealing.lookup(house.keys.lookup, each) for each in found if not _is_weak(each)}
    with recorded(house):
        new = lookups - set(record.identities.values_list("lookup", flat=True))
        if new:
            insist_open(house, new)
            HeldIdentity.objects.bulk_create(HeldIdentity(hold=record, lookup=each) for each in sorted(new))
            more: dict[str, Value] = {"identities": len(new)}
            note(Kind.PERSON_MARKED, record.ref, more, at=house.now, policy_version=house.policy_version)
    if silent is not None:
        raise silent


def _is_weak(identity: Identity) -> bool:
    """Several people may have it; a hold on one of them keeps nothing of the others."""
    return STRENGTH[identity.kind] is Strength.WEAK


def _placed_before(new: HoldRecord, known: Collection[str]) -> HoldRecord | None:
    """The hold that stands and is the same in all; what systems told it was placed for too."""
    same = HoldRecord.objects.filter(
        kind=new.kind, case=new.case, review_on=new.review_on, liftings=None
    ).order_by("id")
    for record in same:
        lookups = set(record.identities.values_list("lookup", flat=True))
        if record.categories == new.categories and lookups >= set(known):
            return record
    return None


def lift(house: House, ref: str, *, why: str, by: str) -> None:
    """End a hold. What was erased but for it is looked at anew at once, and not first on the day of
    review. Ending it again changes nothing."""
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
        lookups = record.identities.values_list("lookup", flat=True)
        sooner.judge_now(house, sooner.of_lookups(lookups))


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """A hold in force, as somebody who looks after it wants to see it."""

    hold: Hold
    overdue: bool
    """Its day of review has passed, and nobody has lifted it."""
    identities: int
    """By how many identities the person is known."""


def all_standing(house: House) -> tuple[Standing, ...]:
    """The holds in force: those whose day of review has passed first, then by the day. The reason is
    opened in them."""
    found = []
    for record in HoldRecord.objects.filter(liftings=None).annotate(known=Count("identities")):
        why = sealing.unseal_text(house.keys.wrapping, record.why, "hold", record.ref)
        overdue = record.review_on is not None and record.review_on < house.today
        hold = replace(_hold(record), why=why)
        found.append(Standing(hold=hold, overdue=overdue, identities=record.known))
    return tuple(sorted(found, key=lambda each: (each.hold.review_on or date.max, each.hold.placed_at)))


def named(beginning: str) -> str:
    """The hold in force whose reference begins so; a list shows the first part. Raises Refused."""
    refs = list(HoldRecord.objects.filter(ref__startswith=beginning).values_list("ref", flat=True)[:2])
    if len(refs) != 1 or len(beginning) < 8:
        raise Refused("there is no such hold; look at the list again")
    return refs[0]


def standing(house: House, persons: Mapping[int, Iterable[Identity]]) -> dict[int, tuple[Hold, ...]]:
    """The holds in force on each of these persons, by whatever number they are asked for."""
    key = house.keys.lookup
    return standing_by(
        house,
        {n: [sealing.lookup(key, i) for i in ids if not _is_weak(i)] for n, ids in persons.items()},
    )


def standing_by(house: House, persons: Mapping[int, Iterable[str]]) -> dict[int, tuple[Hold, ...]]:
    """As `standing`, of persons who are known by keyed identities alone."""
    numbers: dict[str, set[int]] = {}
    for number, lookups in persons.items():
        for lookup in lookups:
            numbers.setdefault(lookup, set()).add(number)
    held: dict[int, dict[str, Hold]] = {}
    records: dict[int, HoldRecord] = {}
    for each in _batched(HeldIdentity.objects.select_related("hold"), _held_at_all(numbers)):
        records[each.hold_id] = each.hold
        for number in numbers[each.lookup]:
            held.setdefault(number, {})[each.hold.ref] = _hold(each.hold)
    liftings = [
        Lifting(hold=each.hold.ref, lifted_by=each.by, lifted_at=each.at)
        for each in HoldLifting.objects.filter(hold_id__in=records).select_related("hold")
    ]
    found = {number: in_force(holds.values(), liftings, house.now) for number, holds in held.items()}
    return {number: holds for number, holds in found.items() if holds}


def _held_at_all(lookups: Iterable[str]) -> list[str]:
    """Those of them that a hold was ever placed on: mostly none."""
    found: set[str] = set()
    asked = sorted(lookups)
    for start in range(0, len(asked), 500):
        found |= {at for (at,) in pick(HeldIdentity, ("lookup",), {"lookup": asked[start : start + 500]})}
    return sorted(found)


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

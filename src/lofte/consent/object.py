"""Objecting (art. 21).

Hard rules:
- An objection to direct marketing is absolute: it holds from this moment, asks for no reason and
  for no proof of who it is, and is never weighed. The address is suppressed in the same transaction.
- Any other objection stops its purposes until it is decided. Deciding that compelling grounds are
  shown lets them go on; upholding it stops them for good. Either is a record.
- Objecting again to the same changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lofte.consent import suppress
from lofte.consent.models import Objection, ObjectionDecided, Suppression
from lofte.consent.person import Connect, acts_about, mark, new_act, one_at_a_time, traced
from lofte.consent.suppress import PlacedFor
from lofte.datamap.identity import Identity
from lofte.errors import Conflict, Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.ledger.kinds import Kind
from lofte.plan.objection import objecting
from lofte.requests import sealing

_ABSOLUTE, _WEIGHED = "21.3", "21.1"


class Outcome(StrEnum):
    """How an objection was decided (art. 21.1)."""

    UPHELD = "upheld"
    GROUNDS_SHOWN = "grounds_shown"
    """Compelling legitimate grounds override, or a legal claim needs the data."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Objected:
    """What an objection came to."""

    objections: tuple[Objection, ...]
    suppressions: tuple[Suppression, ...]

    @property
    def waiting(self) -> tuple[Objection, ...]:
        """Those that somebody has to decide."""
        return tuple(o for o in self.objections if not o.absolute and not hasattr(o, "decided"))


def object_to(
    house: House,
    identities: Sequence[Identity],
    purposes: Collection[str] = (),
    *,
    connect: Connect | None = None,
    words: str = "",
    by: str = "",
    request: str = "",
) -> Objected:
    """Record an objection to these purposes; none named = all direct marketing.

    It stands for what was shown before anything is looked up. With `connect`, it then stands for
    all that the systems know to be the person's too; asked again after Unreachable, it does so."""
    if not identities:
        raise Refused("an objection needs something to know the person by; give at least one identity")
    stops = objecting(house.policy, purposes)
    objected = _record(house, identities, stops.absolute, stops.weighed, words, by, request)
    if connect is not None:
        known = traced(house, identities, connect)
        objected = _record(house, sorted(known), stops.absolute, stops.weighed, words, by, request)
    return objected


def decide(
    house: House, objection: Objection, outcome: Outcome, *, by: str, words: str = ""
) -> ObjectionDecided:
    """Decide an objection under art. 21.1. That grounds are shown needs them in words, and somebody
    who answers for it. Raises Refused for direct marketing, Conflict if it is decided."""
    if objection.absolute:
        raise Refused("an objection to direct marketing is not weighed (art. 21.3); it holds")
    if outcome is Outcome.GROUNDS_SHOWN and not words.strip():
        raise Refused("write the compelling grounds; without them the objection is upheld (art. 21.1)")
    with recorded(house):
        found = Objection.objects.select_for_update().get(pk=objection.pk)
        if hasattr(found, "decided"):
            raise Conflict("this objection is decided already; read it again")
        key = sealing.unwrap(house.keys.wrapping, found.key, found.ref)
        decided = ObjectionDecided.objects.create(
            objection=found,
            outcome=outcome,
            words=sealing.seal_text(key, words.strip(), "grounds", found.ref),
            **new_act(house, by, found.request),
        )
        note(
            Kind.OBJECTION_DECIDED,
            found.ref,
            {"article": _WEIGHED, "outcome": outcome.value, **({"by": by} if by else {})},
            at=house.now,
            policy_version=house.policy_version,
        )
    return decided


def standing(house: House, identities: Iterable[Identity]) -> list[Objection]:
    """The objections that stop something for this person now."""
    found = Objection.objects.filter(ref__in=acts_about(house, identities)).select_related("decided")
    return [o for o in found.order_by("id") if not _released(o)]


def words_of(house: House, objection: Objection) -> str:
    """What the person said of their situation."""
    key = sealing.unwrap(house.keys.wrapping, objection.key, objection.ref)
    return sealing.unseal_text(key, objection.words, "situation", objection.ref)


def _released(objection: Objection) -> bool:
    return hasattr(objection, "decided") and objection.decided.outcome == Outcome.GROUNDS_SHOWN


def _record(
    house: House,
    identities: Sequence[Identity],
    absolute: tuple[str, ...],
    weighed: tuple[str, ...],
    words: str,
    by: str,
    request: str,
) -> Objected:
    with recorded(house):
        one_at_a_time(house, identities)
        objections = tuple(
            _one(house, identities, purposes, is_absolute, words, by, request)
            for purposes, is_absolute in ((absolute, True), (weighed, False))
            if purposes
        )
        suppressions = (
            suppress.placed(house, identities, why=PlacedFor.OBJECTION, by=by, request=request)
            if absolute
            else ()
        )
    return Objected(objections=objections, suppressions=suppressions)


def _one(
    house: House,
    identities: Sequence[Identity],
    purposes: tuple[str, ...],
    absolute: bool,
    words: str,
    by: str,
    request: str,
) -> Objection:
    for before in standing(house, identities):
        if before.absolute == absolute and set(before.purposes) == set(purposes):
            _widen(house, before.ref, identities)
            return before
    act = new_act(house, by, request)
    key, wrapped = sealing.new_key(house.keys.wrapping, act["ref"])
    objection = Objection.objects.create(
        purposes=list(purposes),
        absolute=absolute,
        key=wrapped,
        words=sealing.seal_text(key, words.strip(), "situation", act["ref"]),
        **act,
    )
    mark(house, objection.ref, identities)
    article = _ABSOLUTE if absolute else _WEIGHED
    note(
        Kind.OBJECTION_RECORDED,
        objection.ref,
        {"article": article, "purposes": len(purposes), **({"by": by} if by else {})},
        at=house.now,
        policy_version=house.policy_version,
    )
    return objection


def _widen(house: House, act: str, identities: Iterable[Identity]) -> None:
    if new := mark(house, act, identities):
        note(Kind.PERSON_MARKED, act, {"identities": new}, at=house.now, policy_version=house.policy_version)

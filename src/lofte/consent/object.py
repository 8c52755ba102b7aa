"""Objecting (art. 21).

Hard rules:
- An objection to direct marketing is absolute: it holds from this moment, asks for no reason and
  for no proof of who it is, and is never weighed. The address is suppressed in the same transaction.
- Any other objection stops its purposes until it is decided. Deciding that compelling grounds are
  shown lets them go on; upholding it stops them for good. Either is a record.
- Objecting again to the same changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from lofte.consent import suppress
from lofte.consent.models import Objection, ObjectionDecided, Suppression
from lofte.consent.person import Connect, acts_about, mark, new_act, one_at_a_time, own_acts
from lofte.consent.spread import intend, spread
from lofte.consent.suppress import PlacedFor
from lofte.datamap.identity import Identity
from lofte.errors import Conflict, Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.ledger.kinds import Kind
from lofte.plan.objection import Objecting, objecting
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
    all that the systems know to be the person's too: a step of the journal for each system; asked again
    after Unreachable or AtWork, it does the rest."""
    if not identities:
        raise Refused("an objection needs something to know the person by; give at least one identity")
    stops = objecting(house.policy, purposes)
    said = _Said(house=house, stops=stops, words=words, by=by, request=request)
    with recorded(house):
        if request:
            intend(house, request, {"purposes": sorted(set(purposes))}, by=by)
        said.stand(identities)
    if connect is not None:
        about = request or said.objected.objections[0].ref
        spread(house, about, identities, connect, said.stand)
    return said.objected


def decide(
    house: House, objection: Objection, outcome: Outcome, *, by: str, words: str = ""
) -> ObjectionDecided:
    """Decide an objection under art. 21.1: somebody answers for it, and that grounds are shown needs
    them in words. Raises Refused, also for direct marketing; Conflict if it is decided."""
    if objection.absolute:
        raise Refused("an objection to direct marketing is not weighed (art. 21.3); it holds")
    if not by:
        raise Refused("say who you are: --by with the e-mail address of a handler, or LOFTE_BY")
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


def all_of(house: House, identities: Iterable[Identity]) -> list[Objection]:
    """Every objection of this person, also those that stop nothing any more."""
    return list(Objection.objects.filter(ref__in=acts_about(house, identities)).select_related("decided"))


def prevailed(house: House, known: Mapping[int, Iterable[Identity]]) -> dict[int, frozenset[str]]:
    """The purposes that go on though these persons have objected, by number of the person: compelling
    grounds were shown, and no later objection to them stands."""
    if not ObjectionDecided.objects.filter(outcome=Outcome.GROUNDS_SHOWN).exists():
        return {}
    found: dict[int, frozenset[str]] = {}
    for number, identities in known.items():
        about = Objection.objects.filter(ref__in=acts_about(house, identities)).select_related("decided")
        weighed = list(about)
        released = {purpose for each in weighed if _released(each) for purpose in each.purposes}
        stopped = {purpose for each in weighed if not _released(each) for purpose in each.purposes}
        if released - stopped:
            found[number] = frozenset(released - stopped)
    return found


def words_of(house: House, objection: Objection) -> str:
    """What the person said of their situation."""
    key = sealing.unwrap(house.keys.wrapping, objection.key, objection.ref)
    return sealing.unseal_text(key, objection.words, "situation", objection.ref)


def _released(objection: Objection) -> bool:
    return hasattr(objection, "decided") and objection.decided.outcome == Outcome.GROUNDS_SHOWN


@dataclass(kw_only=True, slots=True)
class _Said:
    """An objection as it was said, and what it has come to."""

    house: House
    stops: Objecting
    words: str
    by: str
    request: str
    objected: Objected = field(default_factory=lambda: Objected(objections=(), suppressions=()))

    def stand(self, identities: Sequence[Identity]) -> None:
        """Let it stand for these identities, in the caller's `recorded` transaction."""
        house, stops = self.house, self.stops
        one_at_a_time(house, identities)
        objections = tuple(
            _one(house, identities, purposes, is_absolute, self.words, self.by, self.request)
            for purposes, is_absolute in ((stops.absolute, True), (stops.weighed, False))
            if purposes
        )
        suppressions = (
            suppress.placed(house, identities, why=PlacedFor.OBJECTION, by=self.by, request=self.request)
            if stops.absolute
            else ()
        )
        self.objected = Objected(
            objections=objections,
            suppressions=tuple(dict.fromkeys((*self.objected.suppressions, *suppressions))),
        )


def _one(
    house: House,
    identities: Sequence[Identity],
    purposes: tuple[str, ...],
    absolute: bool,
    words: str,
    by: str,
    request: str,
) -> Objection:
    own = own_acts(house, identities)
    for before in standing(house, identities):
        if before.ref in own and before.absolute == absolute and set(before.purposes) == set(purposes):
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

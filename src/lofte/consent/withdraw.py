"""Withdrawing consent, as easily as it was given (art. 7.3).

It holds from this moment, for what was shown and for all that the systems know to be the person's.
Where the consent was to marketing, the addresses are suppressed in the same transaction. What was
done before stays lawful, and its history stays. Consent given anew ends the withdrawal by a record.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from lofte.consent import suppress
from lofte.consent.models import Suppression, Withdrawal, WithdrawalEnded
from lofte.consent.person import Connect, acts_about, mark, new_act, one_at_a_time, own_acts
from lofte.consent.spread import intend, spread
from lofte.consent.suppress import LiftedFor, PlacedFor
from lofte.datamap.identity import Identity
from lofte.errors import Conflict, Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.ledger.kinds import Kind
from lofte.plan.objection import marketing, withdrawing

_ARTICLE = "7.3"


@dataclass(frozen=True, kw_only=True, slots=True)
class Withdrawn:
    """What a withdrawal came to."""

    withdrawal: Withdrawal
    suppressions: tuple[Suppression, ...]


def withdraw(
    house: House,
    identities: Sequence[Identity],
    purposes: Collection[str] = (),
    *,
    connect: Connect | None = None,
    by: str = "",
    request: str = "",
) -> Withdrawn:
    """Record that the consent to these purposes is taken back; none named = to all on consent.
    Raises Refused if there is no such consent, Unreachable after what was shown is recorded."""
    if not identities:
        raise Refused("a withdrawal needs something to know the person by; give at least one identity")
    stops = withdrawing(house.policy, purposes)
    if not stops:
        raise Refused("no purpose of the policy rests on consent; there is nothing to withdraw (art. 7.3)")
    found: list[Withdrawn] = []

    def stand(those: Sequence[Identity]) -> None:
        found.append(_stand(house, those, stops, by, request))

    with recorded(house):
        if request:
            intend(house, request, {"purposes": sorted(set(purposes))}, by=by)
        stand(identities)
    if connect is not None:
        spread(house, request or found[0].withdrawal.ref, identities, connect, stand)
    suppressions = dict.fromkeys(each for withdrawn in found for each in withdrawn.suppressions)
    return Withdrawn(withdrawal=found[0].withdrawal, suppressions=tuple(suppressions))


def give_anew(
    house: House, withdrawal: Withdrawal, identities: Sequence[Identity] = (), *, by: str = ""
) -> WithdrawalEnded:
    """The person has consented again: the withdrawal ends, and the addresses they consented with
    may be written to. Raises Conflict if it has ended already."""
    with recorded(house):
        found = Withdrawal.objects.select_for_update().get(pk=withdrawal.pk)
        if hasattr(found, "ended"):
            raise Conflict("this withdrawal has ended already; read it again")
        ended = WithdrawalEnded.objects.create(withdrawal=found, **new_act(house, by, found.request))
        payload = {"by": by} if by else {}
        note(Kind.WITHDRAWAL_ENDED, found.ref, payload, at=house.now, policy_version=house.policy_version)
    if set(found.purposes) & marketing(house.policy):
        suppress.lift_for(house, identities, why=LiftedFor.CONSENT, by=by)
    return ended


def standing(house: House, identities: Iterable[Identity]) -> list[Withdrawal]:
    """The withdrawals that stop something for this person now."""
    return list(Withdrawal.objects.filter(ref__in=acts_about(house, identities), ended=None).order_by("id"))


def all_of(house: House, identities: Iterable[Identity]) -> list[Withdrawal]:
    """Every withdrawal of this person, also those that have ended."""
    return list(Withdrawal.objects.filter(ref__in=acts_about(house, identities)).select_related("ended"))


def _stand(
    house: House, identities: Sequence[Identity], purposes: tuple[str, ...], by: str, request: str
) -> Withdrawn:
    """Let it stand for these identities, in the caller's `recorded` transaction."""
    one_at_a_time(house, identities)
    withdrawal = _one(house, identities, purposes, by, request)
    suppressions = (
        suppress.placed(house, identities, why=PlacedFor.WITHDRAWAL, by=by, request=request)
        if set(purposes) & marketing(house.policy)
        else ()
    )
    return Withdrawn(withdrawal=withdrawal, suppressions=suppressions)


def _one(
    house: House, identities: Sequence[Identity], purposes: tuple[str, ...], by: str, request: str
) -> Withdrawal:
    own = own_acts(house, identities)
    for before in standing(house, identities):
        if before.ref in own and set(before.purposes) == set(purposes):
            new = mark(house, before.ref, identities)
            if new:
                _note(house, Kind.PERSON_MARKED, before.ref, {"identities": new})
            return before
    withdrawal = Withdrawal.objects.create(purposes=list(purposes), **new_act(house, by, request))
    mark(house, withdrawal.ref, identities)
    payload: dict[str, int | str] = {"article": _ARTICLE, "purposes": len(purposes)}
    _note(house, Kind.WITHDRAWAL_RECORDED, withdrawal.ref, payload | ({"by": by} if by else {}))
    return withdrawal


def _note(house: House, kind: Kind, ref: str, payload: dict[str, int | str] | dict[str, int]) -> None:
    note(kind, ref, dict(payload), at=house.now, policy_version=house.policy_version)

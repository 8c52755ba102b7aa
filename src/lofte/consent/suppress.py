"""Suppressing an address: nothing of the class is sent to it again (art. 21.3).

Hard rules:
- Placing it again changes nothing and leaves no entry.
- It is lifted by a record of its own, because the person wants messages again or because it was
  placed by mistake; never because time has passed.
- The address is not kept: a keyed HMAC of its canonical form and the channel is enough to refuse it.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from django.db.models import Max

from lofte.consent.models import Suppression, SuppressionLifted
from lofte.consent.person import CHANNELS, address_mark, new_act, one_at_a_time
from lofte.datamap.identity import Identity
from lofte.errors import Conflict, Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.ledger.kinds import Kind

MARKETING = "marketing"


class PlacedFor(StrEnum):
    """Why an address is suppressed."""

    OBJECTION = "objection"
    WITHDRAWAL = "withdrawal"
    UNSUBSCRIBE = "unsubscribe"
    CHANNEL = "channel"
    """The person wants to be reached in another way."""

    @property
    def article(self) -> str:
        """The right behind it."""
        return "7.3" if self is PlacedFor.WITHDRAWAL else "21.3"


class LiftedFor(StrEnum):
    """Why sending is allowed again."""

    CONSENT = "consent"
    """The person has said yes anew."""
    MISTAKE = "mistake"
    """It was another's address."""


def suppress(
    house: House, identities: Iterable[Identity], *, why: PlacedFor, by: str = "", request: str = ""
) -> tuple[Suppression, ...]:
    """Suppress every address among these identities, on each of its channels. At once, and
    without asking who it is: whoever stops advertising to an address harms nobody."""
    each = tuple(identities)
    with recorded(house):
        one_at_a_time(house, each)
        return placed(house, each, why=why, by=by, request=request)


def placed(
    house: House, identities: Iterable[Identity], *, why: PlacedFor, by: str, request: str
) -> tuple[Suppression, ...]:
    """As `suppress`, inside the caller's `recorded` transaction, where these are held."""
    return tuple(
        _place(house, identity, channel, why, by, request) for identity, channel in _addresses(identities)
    )


def lift(house: House, suppression: Suppression, *, why: LiftedFor, by: str = "") -> SuppressionLifted:
    """Allow sending again, by a new record. Raises Conflict if it is lifted already."""
    with recorded(house):
        found = Suppression.objects.select_for_update().get(pk=suppression.pk)
        if hasattr(found, "lifted"):
            raise Conflict("this suppression is lifted already; read it again")
        lifted = SuppressionLifted.objects.create(
            suppression=found, why=why, **new_act(house, by, found.request)
        )
        payload = {"why": why.value, **({"by": by} if by else {})}
        note(Kind.SUPPRESSION_LIFTED, found.ref, payload, at=house.now, policy_version=house.policy_version)
    return lifted


def standing(house: House, identity: Identity, channel: str, message_class: str) -> Suppression | None:
    """The suppression that holds for this address on this channel, if any."""
    return Suppression.objects.filter(
        address=address_mark(house, identity, channel), message_class=message_class, lifted=None
    ).first()


def lift_for(house: House, identities: Iterable[Identity], *, why: LiftedFor, by: str = "") -> int:
    """Lift what stands for these addresses; returns how many."""
    found = (standing(house, i, channel, MARKETING) for i, channel in _addresses(identities))
    standing_now = [s for s in found if s is not None]
    for suppression in standing_now:
        lift(house, suppression, why=why, by=by)
    return len(standing_now)


def _addresses(identities: Iterable[Identity]) -> list[tuple[Identity, str]]:
    each = dict.fromkeys(identities)
    return [(i, channel) for i in each for channel in CHANNELS.get(i.kind, ())]


def _place(
    house: House, identity: Identity, channel: str, why: PlacedFor, by: str, request: str
) -> Suppression:
    return place_by_mark(house, address_mark(house, identity, channel), channel, why, by, request)


def on_channel(house: House, identity: Identity, channel: str, *, by: str = "") -> Suppression:
    """The person wants no advertising on this one channel of the address."""
    if channel not in CHANNELS.get(identity.kind, ()):
        raise Refused(f"nothing is sent to a {identity.kind} by `{channel}`")
    with recorded(house):
        one_at_a_time(house, [identity])
        return _place(house, identity, channel, PlacedFor.CHANNEL, by, "")


def place_by_mark(
    house: House, address: str, channel: str, why: PlacedFor, by: str = "", request: str = ""
) -> Suppression:
    """Suppress the address with this `address_mark`, inside the caller's `recorded` transaction."""
    before = Suppression.objects.filter(address=address, message_class=MARKETING, lifted=None).first()
    if before is not None:
        return before
    turns = Suppression.objects.filter(address=address, message_class=MARKETING)
    suppression = Suppression.objects.create(
        address=address,
        channel=channel,
        message_class=MARKETING,
        turn=(turns.aggregate(last=Max("turn"))["last"] or 0) + 1,
        why=why,
        article=why.article,
        **new_act(house, by, request),
    )
    note(
        Kind.SUPPRESSION_PLACED,
        suppression.ref,
        {"article": why.article, "channel": channel, "why": why.value, **({"by": by} if by else {})},
        at=house.now,
        policy_version=house.policy_version,
    )
    return suppression

"""Being told of every new version by e-mail: asked for, confirmed from the mailbox, stopped by one click.

Hard rules:
- Nothing is sent to an address before somebody who reads its mail has said yes; then only this.
- Whether an address subscribes shows on no page: asking for it twice, or with an unknown one, looks the same.
- Who never says yes is forgotten after a week, and who says stop at once.
- A subscription is no consent to anything else, and no advertising is sent by it.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from lofte.datamap.document import Kind as IdentityKind
from lofte.datamap.identity import Identity
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.ledger.kinds import Kind
from lofte.mail.letters import letter
from lofte.mail.post import post
from lofte.notices.models import Subscription
from lofte.notices.people import address_of, person
from lofte.requests import sealing

WAITS = timedelta(days=7)
"""So long a question waits for its yes."""
_A_DAY = 3
"""Questions to one address in a day."""
_SEALED = "subscription"


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscriber:
    """Somebody who is told of every version."""

    address: Identity
    language: str
    stop: str
    """Where they say that they want no more."""


def ask(house: House, written: str, language: str) -> bool:
    """Ask the address whether it is to be told. False when it is no address; for all others True, whether or
    not it was known. Raises LedgerClosed."""
    address = address_of(house, written)
    if address is None:
        return False
    known = person(house, address)
    with recorded(house):
        found = Subscription.objects.filter(person=known).first()
        if found is not None and found.confirmed_at is not None:
            return True
        if found is None:
            found = _new(house, address, known, language)
        confirm = f"{house.url}/policy/subscribe/{token(house, found.ref)}"
        asked = letter(house, "subscribe", found.language, confirm=confirm)
        post(house, asked, address.value, most_a_day=_A_DAY, until=found.asked_at + WAITS)
    return True


def confirm(house: House, said: str) -> bool:
    """Whoever reads the mail of the address says yes. False when the question is not known any more."""
    with recorded(house):
        found = known_by(house, said)
        if found is None or (found.confirmed_at is None and house.now - found.asked_at > WAITS):
            return False
        if found.confirmed_at is None:
            Subscription.objects.filter(pk=found.pk).update(confirmed_at=house.now)
            note(Kind.SUBSCRIPTION_BEGUN, found.ref, {}, at=house.now, policy_version=house.policy_version)
    return True


def stop(house: House, said: str) -> None:
    """They want no more: all that is known of them here is erased. Said again it changes nothing."""
    with recorded(house):
        found = known_by(house, said)
        if found is not None:
            found.delete()
            note(Kind.SUBSCRIPTION_ENDED, found.ref, {}, at=house.now, policy_version=house.policy_version)


def token(house: House, ref: str) -> str:
    """What stands in the letter: it opens one subscription and tells nothing of whose it is."""
    return ref + sealing.keyed(house.keys.lookup, "notices/subscription", ref)[:32]


def known_by(house: House, said: str) -> Subscription | None:
    """The subscription that a token opens; None when there is none, or it is another's."""
    ref = said[:32]
    if not hmac.compare_digest(token(house, ref).encode(), said.encode()):
        return None
    return Subscription.objects.filter(ref=ref).first()


def subscribers(house: House, size: int) -> Iterator[list[Subscriber]]:
    """All who have said yes, so many at a time."""
    last = 0
    while True:
        found = list(
            Subscription.objects.filter(pk__gt=last).exclude(confirmed_at=None).order_by("pk")[:size]
        )
        if not found:
            return
        last = found[-1].pk
        yield [_opened(house, each) for each in found]


def due(now: datetime) -> bool:
    """Whether a question has waited too long."""
    return Subscription.objects.filter(confirmed_at=None, asked_at__lt=now - WAITS).exists()


def forget(house: House) -> int:
    """Erase those who never said yes. Returns how many."""
    with recorded(house):
        gone, _ = Subscription.objects.filter(confirmed_at=None, asked_at__lt=house.now - WAITS).delete()
        if gone:
            payload = {"subscriptions": gone}
            note(
                Kind.SUBSCRIPTION_EXPIRED,
                secrets.token_hex(16),
                payload,
                at=house.now,
                policy_version=house.policy_version,
            )
    return gone


def _new(house: House, address: Identity, known: str, language: str) -> Subscription:
    ref = secrets.token_hex(16)
    key, wrapped = sealing.new_key(house.keys.wrapping, ref)
    return Subscription.objects.create(
        ref=ref,
        person=known,
        key=wrapped,
        address=sealing.seal_text(key, address.value, _SEALED, ref),
        language=language if language in ("sv", "en") else house.policy.meta.record_language,
        asked_at=house.now,
    )


def _opened(house: House, each: Subscription) -> Subscriber:
    key = sealing.unwrap(house.keys.wrapping, each.key, each.ref)
    value = sealing.unseal_text(key, each.address, _SEALED, each.ref)
    return Subscriber(
        address=Identity(kind=IdentityKind.EMAIL, value=value),
        language=each.language,
        stop=f"{house.url}/policy/stop/{token(house, each.ref)}",
    )

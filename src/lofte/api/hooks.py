"""Who is told what happens (webhooks), and who may hand in messages (sources): added and ended.

Hard rules:
- A secret is shown once, and lies sealed.
- What is added is never changed; ending it is a record of its own.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from enum import StrEnum

from django.conf import settings

from lofte.api import address as addresses
from lofte.api import sign
from lofte.api.models import Source, SourceEnded, Webhook, WebhookEnded
from lofte.errors import Conflict, Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.ledger.kinds import Kind, Value
from lofte.requests import sealing
from lofte.requests.models import Transition, Warned

_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
MOST = 50


class Event(StrEnum):
    """What a webhook is told."""

    RECEIVED = "request.received"
    IDENTIFIED = "request.identified"
    READY = "request.ready"
    DELIVERED = "request.delivered"
    REFUSED = "request.refused"
    DUE_SOON = "request.due-soon"

    @property
    def says(self) -> str:
        """In a sentence."""
        return _SAYS[self]


_SAYS = {
    Event.RECEIVED: "A request has come in.",
    Event.IDENTIFIED: "It is known who is asking.",
    Event.READY: "The package is made, and waits to be handed over.",
    Event.DELIVERED: "The request is answered.",
    Event.REFUSED: "The request is refused.",
    Event.DUE_SOON: "The time to answer runs out.",
}


def add(house: House, *, address: str, events: Collection[Event], by: str) -> tuple[Webhook, str]:
    """Tell this address what happens from now on, and what its calls are signed with. Raises Refused,
    Unreachable."""
    if not events:
        raise Refused("choose at least one event")
    if Webhook.objects.filter(ended=None).count() >= MOST:
        raise Refused(f"there are {MOST} webhooks already; end one that is not needed")
    own = addresses.networks(settings.LOFTE_WEBHOOK_NETWORKS)
    addresses.reach(addresses.place(address), own)
    ref, secret = secrets.token_hex(16), sign.new_secret()
    with recorded(house):
        webhook = Webhook.objects.create(
            ref=ref,
            address=address,
            events=sorted(str(event) for event in set(events)),
            secret=sealing.seal_text(house.keys.wrapping, secret, "webhook", ref),
            seen_transition=_last(Transition),
            seen_warned=_last(Warned),
            by=by,
            at=house.now,
        )
        told: dict[str, Value] = {"events": len(webhook.events), **({"by": by} if by else {})}
        note(Kind.WEBHOOK_ADDED, ref, told, at=house.now, policy_version=house.policy_version)
    return webhook, secret


def end(house: House, webhook: Webhook, *, by: str) -> None:
    """Tell it nothing more. Ending it again changes nothing."""
    with recorded(house):
        locked = Webhook.objects.select_for_update().get(pk=webhook.pk)
        if WebhookEnded.objects.filter(webhook=locked).exists():
            return
        WebhookEnded.objects.create(webhook=locked, by=by, at=house.now)
        said = {"by": by} if by else {}
        note(Kind.WEBHOOK_ENDED, webhook.ref, said, at=house.now, policy_version=house.policy_version)


def secret_of(house: House, webhook: Webhook) -> str:
    """What its calls are signed with."""
    return sealing.unseal_text(house.keys.wrapping, webhook.secret, "webhook", webhook.ref)


def add_source(house: House, *, name: str, channel: str, by: str) -> tuple[Source, str]:
    """Let another program hand in messages, and what it signs them with. Raises Refused, Conflict when
    there is or was one of this name."""
    if not _NAME.fullmatch(name):
        raise Refused("name the source in small letters, digits and hyphens, at most 40")
    ref, secret = secrets.token_hex(16), sign.new_secret()
    with recorded(house):
        if Source.objects.filter(name=name).exists():
            raise Conflict("there is or was a source of this name; choose another name")
        source = Source.objects.create(
            ref=ref,
            name=name,
            channel=channel,
            secret=sealing.seal_text(house.keys.wrapping, secret, "source", ref),
            by=by,
            at=house.now,
        )
        told = {"channel": channel, **({"by": by} if by else {})}
        note(Kind.SOURCE_ADDED, ref, told, at=house.now, policy_version=house.policy_version)
    return source, secret


def end_source(house: House, source: Source, *, by: str) -> None:
    """Take nothing more from it. Ending it again changes nothing."""
    with recorded(house):
        locked = Source.objects.select_for_update().get(pk=source.pk)
        if SourceEnded.objects.filter(source=locked).exists():
            return
        SourceEnded.objects.create(source=locked, by=by, at=house.now)
        said = {"by": by} if by else {}
        note(Kind.SOURCE_ENDED, source.ref, said, at=house.now, policy_version=house.policy_version)


def source_that_signed(
    house: House, name: str, id_: str, timestamp: str, shown: str, body: bytes
) -> Source | None:
    """The source, if it signed this just now. The same work for one that is not there."""
    source = Source.objects.filter(name=name, ended=None).first()
    secret = (
        sealing.unseal_text(house.keys.wrapping, source.secret, "source", source.ref)
        if source
        else sign.new_secret()
    )
    return source if sign.holds(secret, id_, timestamp, shown, body, house.now) else None


def _last(model: type[Transition] | type[Warned]) -> int:
    last = model.objects.order_by("-pk").values_list("pk", flat=True).first()
    return last or 0

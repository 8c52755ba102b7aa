"""Putting a version of the policy in force (art. 12-14)."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date

from lofte.datamap.digest import digest as map_digest
from lofte.errors import Conflict, FaultsFound
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.fault import Fault, errors
from lofte.ledger.kinds import Kind
from lofte.notices.models import PublishedPolicy
from lofte.policy.digest import digest
from lofte.policy.document import Waiver


def publish(house: House, text: str, faults: Iterable[Fault] = ()) -> PublishedPolicy:
    """Put the house's policy, written as `text`, in force from its date.

    Publishing the same again changes nothing. Raises FaultsFound while an error is open that
    no waiver covers, and Conflict if this version was published with another content.
    """
    found = errors(faults)
    open_ = tuple(fault for fault in found if not waived(fault, house.policy.waivers))
    if open_:
        raise FaultsFound(open_)
    meta = house.policy.meta
    content = digest(house.policy)
    with recorded(house):
        before = PublishedPolicy.objects.filter(version=meta.version).first()
        if before is not None:
            return _same(before, content)
        published = PublishedPolicy.objects.create(
            ref=secrets.token_hex(16),
            version=meta.version,
            digest=content,
            map_digest=map_digest(house.datamap),
            text=canonical(text),
            effective_from=meta.effective_from,
            published_at=house.now,
        )
        note(
            Kind.POLICY_PUBLISHED,
            published.ref,
            {
                "version": meta.version,
                "digest": content,
                "map_digest": published.map_digest,
                "effective_from": meta.effective_from.isoformat(),
                "waived": len(found),
            },
            at=house.now,
            policy_version=meta.version,
        )
    return published


def in_force(on: date) -> PublishedPolicy | None:
    """The version that holds on this day: the one that took force last."""
    return (
        PublishedPolicy.objects.filter(effective_from__lte=on)
        .order_by("-effective_from", "-published_at", "-id")
        .first()
    )


def waived(fault: Fault, waivers: Iterable[Waiver]) -> bool:
    """True if the policy accepts this fault with a reason."""
    return any(w.fault == fault.number and w.path in (None, fault.place.path) for w in waivers)


def canonical(text: str) -> str:
    """The text with one kind of line end, one line end at the end, and no byte order mark."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    return lines + "\n"


def _same(before: PublishedPolicy, content: str) -> PublishedPolicy:
    if before.digest != content:
        raise Conflict(
            f"version {before.version} was published with another content; give `meta.version` a new value"
        )
    return before

"""Knowing who is asking (art. 12.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum

from lofte.datamap import asking
from lofte.datamap.identity import Identity
from lofte.errors import NotIdentified, Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind
from lofte.requests import sealing
from lofte.requests.course.move import move
from lofte.requests.course.receive import HARMLESS, add_identities, identities_of
from lofte.requests.course.roads import State
from lofte.requests.course.ticking import proven as proven_now
from lofte.requests.models import Identification, Request


class Level(IntEnum):
    """How sure we are that the person is who they say."""

    NOTHING = 0
    CONTACT = 1
    """Answered on an e-mail address or a telephone that we had before they asked."""
    TWO_WAYS = 2
    """Signed in with two factors, or answered on two contacts that we had before."""
    PROVEN = 3
    """Electronic identification, a code by letter to the registered address, or a visit."""


NEEDED: Mapping[Right, Level] = {
    Right.ACCESS: Level.TWO_WAYS,
    Right.PORTABILITY: Level.TWO_WAYS,
    Right.ERASURE: Level.TWO_WAYS,
    Right.RESTRICTION: Level.TWO_WAYS,
    Right.RECTIFICATION: Level.CONTACT,
    Right.HUMAN_REVIEW: Level.CONTACT,
    Right.OBJECTION: Level.NOTHING,
    Right.WITHDRAWAL: Level.NOTHING,
}
"""What is at stake decides what is asked; more than needed is never asked (art. 5.1 c)."""


def identify(
    house: House,
    request: Request,
    *,
    method: str,
    level: Level,
    by: str,
    proven: Sequence[Identity] = (),
) -> Request:
    """Record how the person was identified, by whom, and what more was proven to be theirs.
    Raises NotIdentified if that is not enough for what they ask."""
    with recorded(house):
        return identified(house, request, method=method, level=level, by=by, proven=proven)


def identified(
    house: House,
    request: Request,
    *,
    method: str,
    level: Level,
    by: str,
    proven: Sequence[Identity] = (),
) -> Request:
    """As `identify`, inside the caller's `recorded` transaction."""
    if not method.strip():
        raise Refused("write how the person was identified: what was shown, and where")
    if level < NEEDED[Right(request.right)]:
        raise NotIdentified(
            f"{request.right} needs identification at level {NEEDED[Right(request.right)]:d};"
            " ask for a sign-in or for a code to a contact that we had before"
        )
    if not proven and not request.identifiers.exists():
        raise NotIdentified("nothing that the person is known by is proven yet; give at least one identity")
    if proven and Right(request.right) not in HARMLESS:
        asking.insist(house.datamap, (*identities_of(house, request), *proven))
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    moved = move(house, request, State.IDENTIFIED, by=by)
    proven_now(house, moved, by=by)
    add_identities(house, moved, key, proven)
    Identification.objects.create(
        request=moved,
        method=sealing.seal_text(key, method.strip(), "method", request.ref),
        level=level,
        by=by,
        at=house.now,
    )
    note(
        Kind.REQUEST_IDENTIFIED,
        request.ref,
        {"level": int(level), **({"by": by} if by else {})},
        at=house.now,
        policy_version=house.policy_version,
    )
    return moved


def method_of(house: House, identification: Identification) -> str:
    """How the person was identified, in the handler's words."""
    request = identification.request
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    return sealing.unseal_text(key, identification.method, "method", request.ref)

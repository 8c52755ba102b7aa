"""Receiving a request (art. 12.2-12.3)."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from lofte.datamap import asking
from lofte.datamap.identity import Identity
from lofte.errors import Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.execution.store import pick
from lofte.law.calendar import civil_date, due
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind
from lofte.plan.scope import EVERYTHING, Scope, asked
from lofte.requests import sealing
from lofte.requests.course.roads import State
from lofte.requests.models import Case, Identifier, NumberSeries, Request, Transition

_AT_ONCE = 500
HARMLESS = frozenset({Right.OBJECTION, Right.WITHDRAWAL})
"""Rights that disclose and take nothing: any identity will do."""
PORTAL = "portal"
"""The channel of what somebody asks with their own hand."""


def receive(
    house: House,
    *,
    right: Right,
    identities: Sequence[Identity],
    channel: str,
    language: str = "sv",
    by: str = "",
    received_at: datetime | None = None,
    scope: Iterable[str] = (),
) -> Request:
    """Write down what a person asks, with the day by which it must be answered. The clock runs
    from when it reached us, not from when somebody typed it in. `scope` are the categories that they ask
    about, none = everything. Raises NotIdentified when what was shown cannot find a person, Refused for
    a category that we do not have."""
    if not identities:
        raise Refused("a request needs something to find the person by; give at least one identity")
    if right not in HARMLESS:
        asking.insist(house.datamap, identities)
    at = received_at or house.now
    if at > house.now:
        raise Refused("a request cannot be received tomorrow; give the day when it came")
    far = asked(house.policy, house.datamap, right, scope)
    with recorded(house):
        return received(
            house,
            right=right,
            identities=identities,
            channel=channel,
            language=language,
            by=by,
            at=at,
            scope=far,
        )


def received(
    house: House,
    *,
    right: Right,
    identities: Sequence[Identity],
    channel: str,
    language: str,
    by: str,
    at: datetime,
    case: Case | None = None,
    scope: Scope = EVERYTHING,
) -> Request:
    """As `receive`, inside the caller's `recorded` transaction, of what has been judged. Without a case
    it is one of its own."""
    ref = secrets.token_hex(16)
    key, wrapped = sealing.new_key(house.keys.wrapping, ref)
    request = Request.objects.create(
        ref=ref,
        case=case or open_case(channel=channel, language=language, by=by, at=at),
        number=_next_number(civil_date(at).year),
        right=right,
        scope=sorted(scope),
        channel=channel,
        language=language,
        received_at=at,
        due_on=due(civil_date(at)),
        policy_version=house.policy_version,
        state=State.RECEIVED,
        key=wrapped,
    )
    add_identities(house, request, key, identities)
    Transition.objects.create(request=request, to_state=State.RECEIVED, by=by, at=house.now)
    note(
        Kind.REQUEST_RECEIVED,
        ref,
        {
            "number": request.number,
            "right": right.value,
            "article": right.article,
            "channel": channel,
            "identities": len(set(identities)),
            "due_on": request.due_on.isoformat(),
            **({"categories": len(scope)} if scope else {}),
            **({"by": by} if by else {}),
        },
        at=house.now,
        policy_version=house.policy_version,
    )
    return request


def open_case(*, channel: str, language: str, by: str, at: datetime) -> Case:
    """A case for what came in one message. Inside the caller's transaction."""
    return Case.objects.create(
        ref=secrets.token_hex(16), channel=channel, language=language, received_at=at, by=by
    )


def add_identities(house: House, request: Request, key: bytes, identities: Sequence[Identity]) -> None:
    """Seal identities into a request, each once. Inside the caller's transaction."""
    Identifier.objects.bulk_create(
        (
            Identifier(
                request=request,
                kind=identity.kind,
                value=sealing.seal(key, identity, request.ref),
                lookup=sealing.lookup(house.keys.lookup, identity),
            )
            for identity in dict.fromkeys(identities)
        ),
        ignore_conflicts=True,
    )


def identities_of(house: House, request: Request) -> tuple[Identity, ...]:
    """The identities that a request holds, opened."""
    return identities_of_each(house, [request])[request.ref]


def identities_of_each(house: House, requests: Collection[Request]) -> dict[str, tuple[Identity, ...]]:
    """The same of many requests, by their random id."""
    by_pk = {request.pk: request for request in requests}
    keys = {pk: sealing.unwrap(house.keys.wrapping, r.key, r.ref) for pk, r in by_pk.items()}
    found: dict[str, list[Identity]] = {request.ref: [] for request in requests}
    pks = list(by_pk)
    for start in range(0, len(pks), _AT_ONCE):
        where = {"request_id": pks[start : start + _AT_ONCE]}
        for pk, value, kind in pick(Identifier, ("request_id", "value", "kind"), where, order=("id",)):
            ref = by_pk[pk].ref
            found[ref].append(sealing.unseal(keys[pk], value, kind, ref))
    return {ref: tuple(identities) for ref, identities in found.items()}


def earlier(house: House, identity: Identity) -> list[Request]:
    """The requests that hold this identity, newest first."""
    found = sealing.lookup(house.keys.lookup, identity)
    return list(Request.objects.filter(identifiers__lookup=found).order_by("-received_at", "-id"))


def _next_number(year: int) -> str:
    NumberSeries.objects.get_or_create(year=year)
    series = NumberSeries.objects.select_for_update().get(year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{year}-{series.last:06}"

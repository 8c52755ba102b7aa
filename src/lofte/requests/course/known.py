"""What systems have told that a person is known by, kept while their request is carried out.

Hard rules:
- It is written down before the rows that tell it are changed: whoever goes on after a power cut
  looks for the same identities.
- Sealed under the request's own key, and deleted as soon as the request is answered. One that is sent
  back keeps it: rows that told it may be gone already.
- While rows of the person are kept for a time, keyed digests of it stay, and nothing that can be read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lofte.consent.person import person_mark
from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.datamap.tracing import Person
from lofte.execution.house import House
from lofte.execution.store import drop, pick, pour
from lofte.requests import sealing
from lofte.requests.models import Deferral, DeferredIdentity, Discovered, Request

_WHAT = "discovered"
_AT_ONCE = 500
News = tuple[int, str, bytes]
"""Request, system, and what it has told, sealed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What a system has told of one person."""

    identities: frozenset[Identity]
    shared: frozenset[Identity]
    """Those of them that the system knows somebody else by too."""


def news(house: House, system: str, told: Iterable[tuple[Request, Person]]) -> list[News]:
    """What a system has told of these persons, beside what it told before, for `remember`. Nothing where
    it told nothing new."""
    told = list(told)
    before = {pk: found for pk, _, found in _rows(system, [request.pk for request, _ in told])}
    fresh: list[News] = []
    for request, person in told:
        key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
        found = before.get(request.pk)
        old = _opened(key, request, found) if found else Known(identities=frozenset(), shared=frozenset())
        both = Known(identities=old.identities | person.identities, shared=old.shared | person.shared)
        if both != old:
            fresh.append((request.pk, system, _sealed(key, request, both)))
    return fresh


def remember(news_: Sequence[News]) -> None:
    """Write it down, in the caller's transaction."""
    pour(
        Discovered,
        ("request_id", "system", "found"),
        news_,
        unique=("request_id", "system"),
        update=("found",),
    )


def again(house: House, requests: Sequence[Request]) -> Mapping[str, Mapping[str, Known]]:
    """By request and system, what was written down of the persons, opened."""
    by_pk = {request.pk: request for request in requests}
    found: dict[str, dict[str, Known]] = {request.ref: {} for request in requests}
    for pk, system, sealed in _rows("", list(by_pk)):
        request = by_pk[pk]
        key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
        found[request.ref][system] = _opened(key, request, sealed)
    return found


def keep_for_later(house: House, requests: Sequence[Request]) -> None:
    """Keep by what the persons are known again while rows of theirs wait for their day, in the caller's
    transaction: a hold may be placed on any of it by then."""
    pks = [request.pk for request in requests]
    waiting: set[int] = set()
    for start in range(0, len(pks), _AT_ONCE):
        where = {"request_id": pks[start : start + _AT_ONCE], "done_at": None}
        waiting |= {pk for (pk,) in pick(Deferral, ("request_id",), where)}
    keeping = [request for request in requests if request.pk in waiting]
    kept: list[tuple[int, str, str]] = []
    told = again(house, keeping) if keeping else {}
    for request in keeping:
        systems = told[request.ref].values()
        shared = {identity for each in systems for identity in each.shared}
        kept += (
            (
                request.pk,
                sealing.lookup(house.keys.lookup, identity),
                "" if identity in shared else person_mark(house, identity),
            )
            for identity in sorted({identity for each in systems for identity in each.identities})
        )
    pour(DeferredIdentity, ("request_id", "lookup", "mark"), kept, unique=("request_id", "lookup"))


def kept_for_later(request: Request) -> dict[str, str]:
    """What `keep_for_later` kept: as holds know it -> as restrictions know it, empty where somebody else
    has it too."""
    return dict(request.deferred_identities.order_by("lookup").values_list("lookup", "mark"))


def forget_later(request: Request) -> None:
    """Delete it when no row waits any more, in the caller's transaction."""
    if not Deferral.objects.filter(request=request, done_at=None).exists():
        request.deferred_identities.all().delete()


def forget(request: Request) -> None:
    """Delete it, in the caller's transaction."""
    request.discovered.all().delete()


def forget_each(requests: Sequence[Request]) -> None:
    """Delete it of all of these, in the caller's transaction."""
    drop(Discovered, {"request_id": [request.pk for request in requests]})


def _rows(system: str, requests: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """Request, system and what is sealed; of one system, or of all when none is named."""
    for start in range(0, len(requests), _AT_ONCE):
        where = {"request_id": requests[start : start + _AT_ONCE]} | ({"system": system} if system else {})
        yield from pick(Discovered, ("request_id", "system", "found"), where, order=("id",))


def _sealed(key: bytes, request: Request, known: Known) -> bytes:
    plain = [[i.kind.value, i.value, i in known.shared] for i in sorted(known.identities | known.shared)]
    return sealing.seal_text(key, json.dumps(plain), _WHAT, request.ref)


def _opened(key: bytes, request: Request, sealed: bytes) -> Known:
    plain = json.loads(sealing.unseal_text(key, sealed, _WHAT, request.ref))
    named = [(Identity(kind=Kind(kind), value=value), others) for kind, value, others in plain]
    return Known(
        identities=frozenset(identity for identity, _ in named),
        shared=frozenset(identity for identity, others in named if others),
    )

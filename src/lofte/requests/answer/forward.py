"""Passing a request on to the customers for whom the company only processes what was found (art. 28.3 e).

Hard rules:
- Nothing of what was found is disclosed; how much, in which dataset, and whose it is, is written down in the
  transaction in which the answer is made. Nobody has to remember it.
- Made again, an answer doubles nothing: a customer who was told is not told again of the same.
- The letter holds what the person is known by, so it is made when somebody asks for it, and kept nowhere.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lofte.errors import Conflict, Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.law.calendar import civil_date
from lofte.law.rights import Right
from lofte.ledger.forms import Form
from lofte.ledger.kinds import Kind
from lofte.plan import forwarding
from lofte.plan.records import DatasetRef
from lofte.policy.document import Text
from lofte.requests import sealing
from lofte.requests.course.protected import insist_reachable
from lofte.requests.course.receive import identities_of
from lofte.requests.models import Forwarded, ForwardedTold, Request

CHANNELS = tuple(Form.CHANNEL.value.split("|"))
_WHOSE = "whose"


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """A customer that is to be told."""

    ref: str
    number: str
    right: Right
    at: DatasetRef
    rows: int
    since: datetime


def queue(house: House, request: Request, found: Mapping[DatasetRef, Mapping[str, int]]) -> int:
    """Write down whose the rows are that were found, by dataset; returns how many customers are new. Inside
    the caller's `recorded` transaction."""
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    there = {(f.system, f.dataset, f.lookup) for f in request.forwarded.all()}
    new = 0
    for at, customers in found.items():
        for whose, rows in customers.items():
            lookup = _lookup(house, at, whose)
            if (at.system, at.dataset, lookup) in there:
                continue
            Forwarded.objects.create(
                ref=secrets.token_hex(16),
                request=request,
                system=at.system,
                dataset=at.dataset,
                lookup=lookup,
                whose=sealing.seal_text(key, whose, _WHOSE, request.ref),
                rows=rows,
                at=house.now,
            )
            new += 1
    if new:
        note(
            Kind.FORWARD_QUEUED,
            request.ref,
            {"customers": new, "article": "28.3.e"},
            at=house.now,
            policy_version=house.policy_version,
        )
    return new


def waiting(request: Request | None = None) -> tuple[Waiting, ...]:
    """The customers that are to be told, the oldest first; of one request, or of all."""
    found = Forwarded.objects.filter(told=None).exclude(request__key=b"").select_related("request")
    if request is not None:
        found = found.filter(request=request)
    return tuple(
        Waiting(
            ref=each.ref,
            number=each.request.number,
            right=Right(each.request.right),
            at=DatasetRef(system=each.system, dataset=each.dataset),
            rows=each.rows,
            since=each.at,
        )
        for each in found
    )


def letter(house: House, ref: str, *, by: str) -> Text:
    """What is written to the customer. That it was made, and the person's identities read for it, is noted
    first. Raises Refused when there is none, or the request's key is destroyed, OnlyByLetter when the
    person has a protected identity."""
    forwarded = _found(ref)
    request = forwarded.request
    insist_reachable(request.case_id)
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    identities = identities_of(house, request)
    with recorded(house):
        note(
            Kind.IDENTITY_SHOWN,
            request.ref,
            {"identities": len(identities), **({"by": by} if by else {})},
            at=house.now,
            policy_version=house.policy_version,
        )
    return forwarding.letter(
        house.policy,
        house.datamap,
        number=request.number,
        right=Right(request.right),
        received=civil_date(request.received_at),
        at=DatasetRef(system=forwarded.system, dataset=forwarded.dataset),
        whose=sealing.unseal_text(key, forwarded.whose, _WHOSE, request.ref),
        rows=forwarded.rows,
        identities=identities,
        on=house.today,
    )


def told(house: House, ref: str, *, channel: str, by: str) -> ForwardedTold:
    """The customer has been told. Raises Refused, Conflict when that is noted already."""
    if channel not in CHANNELS:
        raise Refused(f"a customer is told by one of: {', '.join(CHANNELS)}")
    with recorded(house):
        forwarded = Forwarded.objects.select_for_update(of=("self",)).get(pk=_found(ref).pk)
        if ForwardedTold.objects.filter(forwarded=forwarded).exists():
            raise Conflict("it is noted already that this customer has been told")
        made = ForwardedTold.objects.create(forwarded=forwarded, channel=channel, by=by, at=house.now)
        note(
            Kind.FORWARD_TOLD,
            forwarded.request.ref,
            {
                "system": forwarded.system,
                "dataset": forwarded.dataset,
                "channel": channel,
                **({"by": by} if by else {}),
            },
            at=house.now,
            policy_version=house.policy_version,
        )
    return made


def _found(ref: str) -> Forwarded:
    found = Forwarded.objects.filter(ref=ref).select_related("request").first()
    if found is None:
        raise Refused("there is nothing with this id that is passed on; read the request again")
    return found


def _lookup(house: House, at: DatasetRef, whose: str) -> str:
    return sealing.keyed(house.keys.lookup, "whose", str(at), whose)

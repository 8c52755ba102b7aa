"""What was kept for a hold or a restriction is judged anew as soon as that is lifted (art. 5.1 e, 17.1).

Nothing is promised by it: a law, another hold or another restriction that still wants the rows keeps
them, and they get their own day again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import F, QuerySet

from lofte.datamap.identity import Identity
from lofte.execution import journal
from lofte.execution.house import House
from lofte.execution.models import Step, StepState
from lofte.requests.course.receive import identities_of
from lofte.requests.erasure.evidence import named
from lofte.requests.models import Deferral, DeferredIdentity, Identifier, Request
from lofte.requests.records.deferred import LATER

_AT_ONCE = 500


def of_lookups(lookups: Iterable[str]) -> set[int]:
    """The requests that were shown one of these keyed identities, or whose person a system told to have
    one of them."""
    wanted, found = sorted(lookups), set[int]()
    for start in range(0, len(wanted), _AT_ONCE):
        shown = Identifier.objects.filter(lookup__in=wanted[start : start + _AT_ONCE])
        told = DeferredIdentity.objects.filter(lookup__in=wanted[start : start + _AT_ONCE])
        found |= {*shown.values_list("request_id", flat=True), *told.values_list("request_id", flat=True)}
    return found


def with_rows_left(house: House) -> dict[int, tuple[Identity, ...]]:
    """The requests that still have rows to erase, and the identities that they were shown."""
    left = Deferral.objects.filter(done_at=None).values("request")
    return {request.pk: identities_of(house, request) for request in Request.objects.filter(pk__in=left)}


def judge_now(house: House, requests: Collection[int]) -> int:
    """Let all that these requests still have to erase be looked at now, in the caller's `recorded`
    transaction. Returns how many rows."""
    return judge_rows(house, Deferral.objects.filter(request__in=requests, done_at=None))


def judge_rows(house: House, waiting: QuerySet[Deferral]) -> int:
    """The same of these rows alone."""
    steps = set(waiting.values_list("request__ref", "system"))
    for ref, system in sorted(steps):
        _begin(house, ref, f"{named(system)}-{house.today:%Y%m%d}")
    return waiting.update(due_on=house.today)


def _begin(house: House, request: str, target: str) -> None:
    """The step of today. One that has been done today is done again; whoever is at it has not seen the
    rows that come to it now, and is shut out."""
    Step.objects.filter(request=request, kind=LATER, target=target).update(
        state=StepState.WAITING,
        epoch=F("epoch") + 1,
        attempt=0,
        not_before=house.now,
        lease_owner="",
        lease_until=None,
        failure="",
        result={},
    )
    journal.begin(request, [(LATER, target)], house.now)

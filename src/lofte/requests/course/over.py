"""What was asked is over: the key of the request is destroyed, and what it sealed never opens again
(art. 5.1 e).

Hard rules:
- A key lives as long as anything may still be done for the request: while it is open, while its erasure can
  be undone, while rows of it wait for their day, while a recipient is to be told.
- What the person has a standing claim on is kept: a statement that goes with their data (art. 16), a
  restriction that is to be lifted (art. 18), a review (art. 22). Such requests are not looked at here.
- Shredded and noted in one transaction. What is left of the request are counts, days and codes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.db.models import Exists, OuterRef, Q, QuerySet

from lofte.execution import vault
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.execution.models import Step, StepState
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind, Value
from lofte.requests.course.refuse import SHOWN
from lofte.requests.course.roads import State
from lofte.requests.models import (
    Decision,
    Deferral,
    Identifier,
    PackageRecord,
    RecipientNotice,
    Request,
    Statement,
    Transition,
)

RIGHTS = (Right.ACCESS, Right.PORTABILITY, Right.ERASURE)
"""Those that are over when they are answered."""
WINDOW = vault.WINDOW
"""How long after the answer the key is kept: an erasure can be undone, a package be made again."""
REFUSED = timedelta(days=365)
"""How long after a refusal as unfounded or excessive: whoever refuses on these shows that it was so, to the
authority too (art. 12.5)."""
TOGETHER = 200
_OPEN = [state for state in State if state.open]


def due(folder: Path, now: datetime) -> bool:
    """Whether a request has a key whose time is out."""
    return next(_over(folder, now), None) is not None


def shred(house: House) -> int:
    """Destroy the keys of the requests that are over; returns how many."""
    done = 0
    for request in list(_over(house.folder, house.now)):
        with recorded(house):
            if not Request.objects.filter(pk=request.pk).exclude(key=b"").update(key=b""):
                continue
            sealed = Identifier.objects.filter(request=request).update(value=b"")
            said: dict[str, Value] = {"right": request.right, "identities": sealed, "days": WINDOW.days}
            note(Kind.KEY_SHREDDED, request.ref, said, at=house.now, policy_version=house.policy_version)
            done += 1
    return done


def _over(folder: Path, now: datetime) -> Iterator[Request]:
    undoable = vault.requests(folder)
    for request in _answered(now).iterator(chunk_size=TOGETHER):
        if request.ref not in undoable:
            yield request


def _answered(now: datetime) -> QuerySet[Request]:
    mine = {"request": OuterRef("pk")}
    # What opens a case lies under the key of its first request: it lives as long as any of them needs it.
    beside = Request.objects.filter(case=OuterRef("case"))
    waits = (
        Exists(Decision.objects.filter(**mine, ground__in=SHOWN, at__gt=now - REFUSED))
        | Exists(Transition.objects.filter(**mine, at__gt=now - WINDOW))
        | Exists(Deferral.objects.filter(**mine, done_at=None))
        | Exists(RecipientNotice.objects.filter(**mine, told=None))
        | Exists(Statement.objects.filter(**mine))
        | Exists(Step.objects.filter(~Q(state=StepState.DONE), request=OuterRef("ref")))
        | Exists(beside.filter(state__in=_OPEN))
        | Exists(PackageRecord.objects.filter(request__case=OuterRef("case"), until__gt=now))
    )
    ended = [state for state in State if not state.open]
    over = Request.objects.filter(state__in=ended, right__in=RIGHTS)
    return over.exclude(key=b"").exclude(waits)

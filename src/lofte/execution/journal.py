"""The journal of steps: what is to be done for a request, who is at it, how it went.

Hard rules:
- A step is claimed by one owner for a time; when the time is out, another may take it.
- Each claim raises the step's epoch. Who completes must be the owner, with that epoch, of a
  step that runs: exactly one row changes, or it is a Conflict and nothing is changed.
- A step's state and its entry in the ledger commit together.
- Results are counts. What a step found never stands in the journal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Q, QuerySet

from lofte.errors import Conflict
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.execution.models import Step, StepState
from lofte.execution.store import writing
from lofte.ledger.kinds import Kind

LEASE = timedelta(minutes=5)
ATTEMPTS = 8
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(hours=6)


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """The right to do a step, until the lease is out or somebody claims it anew."""

    step: int
    request: str
    kind: str
    target: str
    attempt: int
    owner: str
    epoch: int


def begin(request: str, steps: Iterable[tuple[str, str]], now: datetime) -> None:
    """Write down the steps (kind, target) of a request, in the caller's transaction. Steps that
    already stand there stay as they are."""
    start = Step.objects.filter(request=request).aggregate(last=Max("position"))["last"] or 0
    Step.objects.bulk_create(
        (
            Step(request=request, kind=kind, target=target, position=start + n, not_before=now)
            for n, (kind, target) in enumerate(steps, start=1)
        ),
        ignore_conflicts=True,
    )


def reopen(request: str, now: datetime) -> None:
    """Do the steps of a request again, in the caller's transaction; whoever was at them is shut out."""
    for step in Step.objects.select_for_update().filter(request=request):
        step.state = StepState.WAITING
        step.epoch += 1
        step.not_before = now
        step.lease_owner, step.lease_until, step.failure, step.result = "", None, "", {}
        step.save()


def hurry(request: str, now: datetime) -> None:
    """Let the steps of a request that wait after a failure be tried now; those that wait for a day
    that has not come keep waiting. In the caller's transaction."""
    Step.objects.filter(request=request, attempt__gt=0, state=StepState.WAITING).update(not_before=now)
    Step.objects.filter(request=request, state=StepState.FAILED).update(
        state=StepState.WAITING, not_before=now, attempt=0
    )


def claim(owner: str, now: datetime, *, request: str = "", kinds: Iterable[str] = ()) -> Claim | None:
    """Take the first step that is due, or whose lease is out. None = nothing to do."""
    with writing():
        due = _due(now)
        if request:
            due = due.filter(request=request)
        if kinds := tuple(kinds):
            due = due.filter(kind__in=kinds)
        step = due.select_for_update(skip_locked=True).order_by("not_before", "position", "id").first()
        if step is None:
            return None
        step.state = StepState.RUNNING
        step.attempt += 1
        step.epoch += 1
        step.lease_owner, step.lease_until = owner, now + LEASE
        step.save()
        return _claim(step)


def renew(claim: Claim, now: datetime) -> None:
    """Ask for more time. Raises Conflict if the step has been lost."""
    with writing():
        _change(claim, lease_until=now + LEASE)


def complete(house: House, claim: Claim, result: Mapping[str, int]) -> None:
    """The step is done; its state and its entry commit together. Raises Conflict."""
    with recorded(house):
        completed(house, claim, result)


def completed(house: House, claim: Claim, result: Mapping[str, int]) -> None:
    """As `complete`, inside the caller's `recorded` transaction, with what else the step changed."""
    _change(claim, state=StepState.DONE, lease_owner="", lease_until=None, result=dict(result), failure="")
    note(
        Kind.STEP_DONE,
        claim.request,
        {"step": claim.kind, "target": claim.target, "attempt": claim.attempt, **result},
        at=house.now,
        policy_version=house.policy_version,
    )


def fail(house: House, claim: Claim, reason: str) -> None:
    """The step did not work; it waits longer each time, and after the last attempt for a person."""
    over = claim.attempt >= ATTEMPTS
    with recorded(house):
        _change(
            claim,
            state=StepState.FAILED if over else StepState.WAITING,
            not_before=house.now + wait_after(claim.attempt),
            lease_owner="",
            lease_until=None,
            failure=reason,
        )
        note(
            Kind.STEP_FAILED,
            claim.request,
            {"step": claim.kind, "target": claim.target, "attempt": claim.attempt, "reason": reason},
            at=house.now,
            policy_version=house.policy_version,
        )


def wait_after(attempt: int) -> timedelta:
    """How long a step waits after its n-th failure: 30 s, doubled each time, six hours at most."""
    return min(_FIRST_WAIT * (1 << min(max(attempt - 1, 0), 30)), _LONGEST_WAIT)


def free(owner_prefix: str) -> int:
    """Give back the leases of owners that are known to be gone; returns how many."""
    with writing():
        return Step.objects.filter(state=StepState.RUNNING, lease_owner__startswith=owner_prefix).update(
            state=StepState.WAITING, lease_owner="", lease_until=None
        )


def steps(request: str) -> list[Step]:
    """The steps of a request, in order."""
    return list(Step.objects.filter(request=request).order_by("position"))


def _due(now: datetime) -> QuerySet[Step]:
    return Step.objects.filter(
        Q(state=StepState.WAITING, not_before__lte=now) | Q(state=StepState.RUNNING, lease_until__lt=now)
    )


def _change(claim: Claim, **values: object) -> None:
    changed = Step.objects.filter(
        pk=claim.step, state=StepState.RUNNING, lease_owner=claim.owner, epoch=claim.epoch
    ).update(**values)
    if changed != 1:
        raise Conflict("this step has been taken over by somebody else; look at the request again")


def _claim(step: Step) -> Claim:
    return Claim(
        step=step.pk,
        request=step.request,
        kind=step.kind,
        target=step.target,
        attempt=step.attempt,
        owner=step.lease_owner,
        epoch=step.epoch,
    )

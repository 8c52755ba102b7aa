"""The journal of steps: what is to be done for a request, who is at it, how it went.

Hard rules:
- A step is claimed by one owner for a time; when the time is out, another may take it.
- Each claim raises the step's epoch. Who completes must be the owner, with that epoch, of a
  step that runs: exactly one row changes, or it is a Conflict and nothing is changed.
- A step's state and its entry in the ledger commit together.
- Results are counts. What a step found never stands in the journal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from django.db.models import F, Q, QuerySet

from lofte.errors import Conflict
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.execution.models import Step, StepState
from lofte.execution.store import pick, pour, turn, writing
from lofte.ledger.kinds import Kind

_T = TypeVar("_T")
LEASE = timedelta(minutes=5)
ATTEMPTS = 8
FOR_A_PERSON = ("residual", "not_approved", "too_wide")
"""Why a step failed that no waiting mends: nobody tries it again by itself."""
_AT_ONCE = 500
_COLUMNS = (
    *("request", "kind", "target", "position", "state", "attempt", "not_before"),
    *("lease_owner", "lease_until", "epoch", "result", "failure"),
)
_SET = ("state", "lease_owner", "lease_until", "failure", "result")
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(hours=6)
_TAKEN_OVER = "this step has been taken over by somebody else; look at the request again"


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
    more: bool = False
    """Another step of the request, of the kinds that were asked for, was due too."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """A step that is done."""

    claim: Claim
    result: Mapping[str, int]
    aside: Mapping[str, Any] = field(default_factory=dict)
    """Counts for a later step, which the ledger need not know."""


def begin(request: str, steps: Iterable[tuple[str, str]], now: datetime) -> None:
    """Write down the steps (kind, target) of a request, in the caller's transaction. Steps that
    already stand there stay as they are."""
    begin_each({request: [(kind, target, now) for kind, target in steps]})


def begin_each(steps: Mapping[str, Sequence[tuple[str, str, datetime]]]) -> set[str]:
    """As `begin`, for many requests: request -> steps (kind, target, the moment before which it waits).
    Returns the requests that had steps before."""
    had: set[str] = set()
    for some in _some([request for request, wanted in steps.items() if wanted]):
        stand = pick(Step, ("request", "position"), {"request": some}, order=("position",))
        last: dict[str, int] = dict(stand)  # of each the last one stays
        pour(
            Step,
            _COLUMNS,
            (
                (request, kind, target, position, StepState.WAITING, 0, at, "", None, 0, {}, "")
                for request in some
                for position, (kind, target, at) in enumerate(steps[request], last.get(request, 0) + 1)
            ),
            unique=("request", "kind", "target"),
        )
        had |= last.keys()
    return had


def reopen(request: str, now: datetime, *, kinds: Iterable[str] = ()) -> None:
    """Do the steps of a request again, all or those of these kinds, in the caller's transaction;
    whoever was at them is shut out."""
    reopen_each([request], now, kinds=kinds)


def reopen_each(requests: Sequence[str], now: datetime, *, kinds: Iterable[str] = ()) -> None:
    """As `reopen`, for many requests."""
    kinds = tuple(kinds)
    for some in _some(requests):
        again = Step.objects.filter(request__in=some)
        (again.filter(kind__in=kinds) if kinds else again).update(
            state=StepState.WAITING,
            epoch=F("epoch") + 1,
            not_before=now,
            lease_owner="",
            lease_until=None,
            failure="",
            result={},
        )


def hurry(request: str, now: datetime) -> None:
    """Let the steps of a request that wait after a failure be tried now; those that wait for a day
    that has not come keep waiting. In the caller's transaction."""
    hurry_each([request], now)


def hurry_each(requests: Sequence[str], now: datetime) -> None:
    """As `hurry`, for many requests."""
    for some in _some(requests):
        these = Step.objects.filter(request__in=some)
        these.filter(attempt__gt=0, state=StepState.WAITING).update(not_before=now)
        these.filter(state=StepState.FAILED).update(state=StepState.WAITING, not_before=now, attempt=0)


def at_once(request: str, now: datetime, *, kinds: Iterable[str]) -> None:
    """Do what is left of the steps of these kinds now; when all are done, all of them again. At one
    that runs somebody is already. In the caller's transaction."""
    these = Step.objects.filter(request=request, kind__in=tuple(kinds))
    if not these.exclude(state=StepState.DONE).exists():
        these.update(state=StepState.WAITING, not_before=now, attempt=0)
        return
    these.filter(state=StepState.WAITING).update(not_before=now)
    these.filter(state=StepState.FAILED).update(state=StepState.WAITING, not_before=now, attempt=0)


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


def claim_each(owner: str, now: datetime, requests: Sequence[str], kinds: Iterable[str]) -> tuple[Claim, ...]:
    """As `claim`, for many requests at once: of each the first step that is due."""
    found: list[Claim] = []
    kinds = tuple(kinds)
    for some in _some(requests):
        with writing():
            found += claimed_each(owner, now, some, kinds)
    return tuple(found)


def claimed_each(
    owner: str, now: datetime, requests: Sequence[str], kinds: Sequence[str]
) -> tuple[Claim, ...]:
    """As `claim_each`, of so many as one statement takes, in the caller's transaction."""
    first: dict[str, _Due] = {}
    more: set[str] = set()
    for step in _due_of(now, requests, kinds):
        if first.setdefault(step.request, step) is not step:
            more.add(step.request)
    claims = tuple(_taken(step, owner, more=step.request in more) for step in first.values())
    turn(
        Step,
        ("id",),
        ("state", "attempt", "epoch", "lease_owner", "lease_until"),
        [(c.step, StepState.RUNNING, c.attempt, c.epoch, owner, now + LEASE) for c in claims],
    )
    return claims


def renew(claim: Claim, now: datetime) -> None:
    """Ask for more time. Raises Conflict if the step has been lost."""
    with writing():
        _change(claim, lease_until=now + LEASE)


def complete(house: House, claim: Claim, result: Mapping[str, int]) -> None:
    """The step is done; its state and its entry commit together. Raises Conflict."""
    with recorded(house):
        completed(house, claim, result)


def completed(
    house: House, claim: Claim, result: Mapping[str, int], *, aside: Mapping[str, Any] | None = None
) -> None:
    """As `complete`, inside the caller's `recorded` transaction, with what else the step changed.
    `aside` are counts for a later step, which the ledger need not know."""
    completed_each([Done(claim=claim, result=result, aside=aside or {})])
    note_done(house, claim, result)


def completed_each(done: Sequence[Done]) -> None:
    """As `completed`, of many steps, without their entries: `note_done` is the caller's. Raises
    Conflict when one of them has been lost; then none is done."""
    changes = [
        (c.step, StepState.RUNNING, c.owner, c.epoch, StepState.DONE, "", None, "", {**d.result, **d.aside})
        for d in done
        for c in (d.claim,)
    ]
    theirs = ("id", "state", "lease_owner", "epoch")
    if turn(Step, theirs, _SET, changes) != len(changes):
        raise Conflict(_TAKEN_OVER)


def note_done(house: House, claim: Claim, result: Mapping[str, int]) -> None:
    """The entry of a step that is done, in the transaction that completes it."""
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


def failed(house: House, claim: Claim, reason: str) -> bool:
    """As `fail`, of a step that somebody else may have taken meanwhile: then it is theirs, and nothing
    is written. Returns whether it was written."""
    try:
        fail(house, claim, reason)
    except Conflict:
        return False
    return True


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


class _Due(NamedTuple):
    """A step that is due, as it stands and nobody else has it."""

    id: int
    request: str
    kind: str
    target: str
    attempt: int
    epoch: int
    state: str
    not_before: datetime
    lease_until: datetime | None


def _due_of(now: datetime, requests: Sequence[str], kinds: Sequence[str]) -> Iterator[_Due]:
    """As `_due`, of these requests and kinds, in order and held."""
    where = {"request": requests, "kind": kinds, "state": (StepState.WAITING, StepState.RUNNING)}
    order = ("not_before", "position", "id")
    for row in pick(Step, _Due._fields, where, order=order, lock=True, skip=True):
        step = _Due(*row)
        if step.state == StepState.WAITING:
            due = step.not_before <= now
        else:
            due = step.lease_until is not None and step.lease_until < now
        if due:
            yield step


def _taken(step: _Due, owner: str, *, more: bool) -> Claim:
    return Claim(
        step=step.id,
        request=step.request,
        kind=step.kind,
        target=step.target,
        attempt=step.attempt + 1,
        owner=owner,
        epoch=step.epoch + 1,
        more=more,
    )


def _change(claim: Claim, **values: object) -> None:
    changed = Step.objects.filter(
        pk=claim.step, state=StepState.RUNNING, lease_owner=claim.owner, epoch=claim.epoch
    ).update(**values)
    if changed != 1:
        raise Conflict(_TAKEN_OVER)


def _some(all_: Sequence[_T]) -> Iterator[Sequence[_T]]:
    """As many as one statement takes."""
    return (all_[start : start + _AT_ONCE] for start in range(0, len(all_), _AT_ONCE))


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

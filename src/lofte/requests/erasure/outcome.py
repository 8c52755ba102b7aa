"""How far a request has come in each system, as somebody who waits wants to hear it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from lofte.execution import journal
from lofte.execution.book import opened_about
from lofte.execution.house import House
from lofte.execution.models import Step, StepState
from lofte.ledger.kinds import Kind
from lofte.plan.layers import Layer
from lofte.requests.course.order import CARRY_OUT
from lofte.requests.erasure import layers
from lofte.requests.models import Order, Request
from lofte.requests.records.deferred import LATER


@dataclass(frozen=True, kw_only=True, slots=True)
class SystemOutcome:
    """One step on one system: "waiting for the billing database since 10:02"."""

    system: str
    """Id of a system; `systems` for the check that looks through all of them."""
    step: str
    """The kind of the step: `erase`, `verify`, `search` ..."""
    state: StepState
    since: datetime
    """Done at; at work since; waiting, or waiting for a person, since the first failure."""
    why: str = ""
    """The code of the last failure: `unreachable`, `conflict` ..."""
    attempt: int = 0
    next_try: datetime | None = None
    """When it is tried again; None = it is done, at work, or waits for a person."""
    left: Mapping[str, int] = field(default_factory=dict)
    """Where the second scanner found something: `system.table.column` -> rows; never the value."""
    layers: tuple[Layer, ...] = ()
    """What may remain beneath the rows there, and until when."""


def outcome(house: House, request: Request) -> tuple[SystemOutcome, ...]:
    """The steps of a request, in order, but those that wait for their own day. Raises Broken when
    the ledger is not what was noted."""
    firsts, dones = _when(request)
    remaining = layers.of(request)
    return tuple(
        _one(step, firsts, dones, remaining.get(step.target, ()))
        for step in journal.steps(request.ref)
        if step.kind != LATER
    )


Moments = dict[tuple[str, str], datetime]


def _when(request: Request) -> tuple[Moments, Moments]:
    """When each step first failed, since it was last done; and when it was done."""
    firsts: Moments = {}
    dones: Moments = {}
    for entry, said in opened_about(request.ref, (Kind.STEP_DONE, Kind.STEP_FAILED)):
        if said is None:
            continue
        at = (str(said["step"]), str(said["target"]))
        if entry.kind == Kind.STEP_DONE:
            dones[at] = entry.at
            firsts.pop(at, None)
        else:
            firsts.setdefault(at, entry.at)
    return firsts, dones


def _one(step: Step, firsts: Moments, dones: Moments, remaining: tuple[Layer, ...]) -> SystemOutcome:
    at = (step.kind, step.target)
    state = StepState(step.state)
    if state is StepState.WAITING and step.failure in journal.FOR_A_PERSON:
        state = StepState.FAILED
    since = step.not_before
    if state is StepState.DONE:
        since = dones.get(at, since)
    elif state is StepState.RUNNING and step.lease_until is not None:
        since = step.lease_until - journal.LEASE
    else:
        since = firsts.get(at, since)
    return SystemOutcome(
        system=step.target,
        step=step.kind,
        state=state,
        since=since,
        why=step.failure,
        attempt=step.attempt,
        next_try=step.not_before if state is StepState.WAITING else None,
        left=step.result.get("left", {}) if state is not StepState.DONE else {},
        layers=remaining,
    )


def begun(made: Order) -> tuple[SystemOutcome, ...]:
    """How the beginning of an order goes: what keeps it, and when it is tried again."""
    return tuple(
        SystemOutcome(
            system=CARRY_OUT,
            step=step.kind,
            state=StepState(step.state),
            since=made.at,
            why=step.failure,
            attempt=step.attempt,
            next_try=step.not_before if step.state == StepState.WAITING else None,
        )
        for step in journal.steps(made.ref)
    )

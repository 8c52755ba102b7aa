"""What is broken, one thing at a time, and exactly which promises that breaks.

How to add a break: one line in a list of `cases` (what was done for persons) or `holdings` (what is held, by
whom, how safely). `turns` are the promises that shall turn red; nothing else may.

* `Break(what, turns, how)`: `how` takes what a proof is made from and gives it back broken. The words for it
  are here and in `world`: `without`, `said`, `counted`, `also`, `seen`, `later`, `policy_says`.
* `Real(what, turns, act)` in `real`: `act` breaks a copy of the world itself (its database, its workspace,
  its store), and the world is looked at anew.

An evaluator that no break turns red fails `test_every_evaluator_can_turn_red`, unless `table.NEVER` says why.
Run `python -m pytest tests/proof/mutations -k "name of the break"`: a failure shows what turned red instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lofte.ledger.kinds import Kind as K
from lofte.proof.report import Judging
from tests.proof.mutations.world import also, with_policy


@dataclass(frozen=True)
class Break:
    """One thing broken in the evidence."""

    what: str
    turns: str
    how: Callable[[Judging], Judging]


PORTED, CORRECTED, OBJECTED, REVIEWED, BLURRED, ERASED, HELD, REFUSED = (n * 32 for n in "12345678")
"""The cases that `world.also_done` notes."""
STRANGER = "9" * 32


def unanswered(right: str, due: str) -> Callable[[Judging], Judging]:
    return lambda j: also(j, K.REQUEST_RECEIVED, STRANGER, right=right, article="15", due_on=due)


def moved(kind: str, object_: str, entry: int) -> Callable[[Judging], Judging]:
    """As if this had been noted first (or at any number)."""

    def how(j: Judging) -> Judging:
        moved = (replace(e, entry=entry) if e.kind == kind and e.object == object_ else e for e in j.evidence)
        return replace(j, evidence=tuple(moved))

    return how


def steps(*steps: Callable[[Judging], Judging]) -> Callable[[Judging], Judging]:
    def how(j: Judging) -> Judging:
        for step in steps:
            j = step(j)
        return j

    return how


def delivered(j: Judging) -> str:
    return next(e.object for e in j.evidence if e.kind == K.REQUEST_DELIVERED and e.object != PORTED)


def of_delivered(step: Callable[[Judging, str], Judging]) -> Callable[[Judging], Judging]:
    return lambda j: step(j, delivered(j))


def policy_says(path: str, value: Any) -> Callable[[Judging], Judging]:
    """As if the policy said this at this path."""
    section, *rest = path.split(".")

    def changed(at: Any, names: list[str]) -> Any:
        if not names:
            return value
        name, *more = names
        return {**at, name: changed(at.get(name, {}), more)}

    return lambda j: with_policy(j, **{section: lambda d: changed(d, rest)})


def last(j: Judging, kind: str) -> Mapping[str, Any]:
    return next(e.facts for e in reversed(j.evidence) if e.kind == kind)

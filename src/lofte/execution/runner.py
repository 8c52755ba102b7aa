"""Running the steps of the journal, one after another.

A failure is written down and tried again later; the other steps go on.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lofte.errors import Broken, Conflict, LedgerClosed, LofteError, Unreachable
from lofte.execution import journal
from lofte.execution.house import House
from lofte.execution.journal import Claim

Act = Callable[[Claim], Mapping[str, int] | None]
"""Does the step and says how much it was, in counts; None = it has completed the step itself, in one
transaction with its evidence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """A step that did not work, and why."""

    claim: Claim
    error: LofteError


def owner(role: str) -> str:
    """A name for whoever claims steps: its role first, so that the leases of a dead one can be freed."""
    return f"{role}:{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"


def run(house: House, who: str, acts: Mapping[str, Act], *, request: str = "") -> tuple[Failure, ...]:
    """Do every step that is due, until none is left. Returns those that failed."""
    failures = []
    lost: set[object] = set()
    while claimed := journal.claim(who, house.now, request=request, kinds=acts):
        try:
            result = acts[claimed.kind](claimed)
            if result is not None:
                journal.complete(house, claimed, result)
        except LedgerClosed:
            raise
        except Exception as raised:
            error = told(raised)
            failures.append(Failure(claim=claimed, error=error))
            if not journal.failed(house, claimed, reason(error)):
                if claimed.step in lost:
                    break  # taken from us once more: whoever works beside us is at it, and we would go round
                lost.add(claimed.step)
    return tuple(failures)


def told(error: Exception) -> LofteError:
    """The error as it may be told: of one that nobody foresaw only its kind, for its words may hold
    what stands in a row."""
    if isinstance(error, LofteError):
        return error
    return Broken(
        f"the step was stopped by an error that nobody foresaw ({type(error).__name__}); "
        "the other steps go on, this one is tried again: tell whoever answers for Löfte which kind it was"
    )


def reason(error: LofteError) -> str:
    """The code of a failure, as the ledger knows it."""
    match error:
        case Unreachable():
            return "unreachable"
        case Broken():
            return "broken"
        case Conflict():
            return "conflict"
        case _:
            return "unknown"

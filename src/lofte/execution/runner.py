"""Running the steps of the journal, one after another.

A failure that has a name is written down and tried again later; the other steps go on.
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

Act = Callable[[Claim], Mapping[str, int]]
"""Does the step and says how much it was, in counts."""


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
    while claimed := journal.claim(who, house.now, request=request, kinds=acts):
        try:
            result = acts[claimed.kind](claimed)
            journal.complete(house, claimed, result)
        except (LedgerClosed, Conflict):
            raise
        except LofteError as error:
            journal.fail(house, claimed, reason(error))
            failures.append(Failure(claim=claimed, error=error))
    return tuple(failures)


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

"""How gently a sweep goes, and whether it may go at all (art. 24, 32).

Hard rules:
- After each part the system has as long a rest as the part took it, and longer while it is slower than it
  was: its own work comes first.
- A pause stops every sweep after the part it is at, and none begins, until somebody resumes. It is a record
  with who, when and why; what was begun goes on where it was.
"""

from __future__ import annotations

import secrets
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

from lofte.errors import Conflict, Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.ledger.kinds import Kind
from lofte.requests import sealing
from lofte.retention.models import Pause, PauseEnded

LONGEST = 5.0
"""Seconds of rest at most, however slow the system is."""
SLOWER = 2.0
"""How many times the usual a part may take before the rest is doubled."""
_LAST = 9


class Paused(Refused):
    """Somebody has paused the sweeps."""


@dataclass(kw_only=True, slots=True)
class Pace:
    """Rests between parts. `share` is the rest as a share of the part: 1 = as long, 0 = none."""

    share: float = 1.0
    sleep: Callable[[float], None] = time.sleep
    _parts: deque[float] = field(default_factory=lambda: deque(maxlen=_LAST))

    def rest(self, took: float) -> None:
        """After a part that took so many seconds."""
        usual = median(self._parts) if len(self._parts) == _LAST else took
        self._parts.append(took)
        wait = took * self.share * (2 if took > SLOWER * usual else 1)
        if wait > 0:
            self.sleep(min(wait, LONGEST))


def standing() -> Pause | None:
    """The pause that is in force."""
    return Pause.objects.filter(ended=None).order_by("-id").first()


def insist_going() -> None:
    """Raises Paused while the sweeps are paused."""
    if standing() is not None:
        raise Paused("the sweeps are paused; `lofte sweep resume` lets them go on where they were")


def pause(house: House, *, why: str, by: str) -> Pause:
    """Stop every sweep after the part it is at. Raises Refused without a reason, Conflict when they are
    paused already."""
    if not why.strip():
        raise Refused("say why the sweeps are paused")
    ref = secrets.token_hex(16)
    with recorded(house):
        if standing() is not None:
            raise Conflict("the sweeps are paused already")
        sealed = sealing.seal_text(house.keys.wrapping, why.strip(), "pause", ref)
        made = Pause.objects.create(ref=ref, at=house.now, by=by, why=sealed)
        said = {"by": by} if by else {}
        note(Kind.SWEEP_PAUSED, ref, said, at=house.now, policy_version=house.policy_version)
    return made


def resume(house: House, *, by: str) -> None:
    """Let them go on. Raises Conflict when they are not paused."""
    with recorded(house):
        found = standing()
        if found is None:
            raise Conflict("the sweeps are not paused")
        PauseEnded.objects.create(pause=found, at=house.now, by=by)
        said = {"by": by} if by else {}
        note(Kind.SWEEP_RESUMED, found.ref, said, at=house.now, policy_version=house.policy_version)


def reason(house: House, found: Pause) -> str:
    """Why it was paused, in the words of whoever did; empty when they are gone."""
    sealed = bytes(found.why)
    return sealing.unseal_text(house.keys.wrapping, sealed, "pause", found.ref) if sealed else ""

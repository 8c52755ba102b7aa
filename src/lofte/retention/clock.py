"""Whether the clock can be trusted with what cannot be taken back.

Hard rules:
- Time does not go back: a moment before the last one that was written down stops the sweep.
- Time does not leap: a night comes after the night before. More than a day past the night that was
  expected, with nothing noted in between, stops the sweep until somebody has looked at the clock.
- What a leaping clock has noted itself proves nothing: every gap since the last sweep that ended counts.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from itertools import pairwise

from lofte.errors import Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.execution.models import LedgerEntry
from lofte.ledger.kinds import Kind
from lofte.retention.models import ClockConfirmed, Stop

NIGHTLY = timedelta(days=1)
LATE = timedelta(days=1)
_NEARBY = timedelta(minutes=5)
"""Two machines with one store do not agree to the second."""


class ClockDoubted(Refused):
    """The clock has gone back, or has leapt; nothing is swept before somebody has looked at it."""


def doubt(house: House) -> str:
    """Why the clock is doubted, in words; empty = it is not."""
    now, moments = house.now, _moments()
    if moments and now < moments[-1] - _NEARBY:
        return "the clock shows an earlier time than what has already been written down"
    for earlier, later in pairwise([*moments, now]):
        if later - earlier > NIGHTLY + LATE:
            days = (later - earlier).days
            return f"the clock has leapt over {days} days in which nothing was swept and nothing noted"
    return ""


def insist(house: House) -> None:
    """Raises ClockDoubted, and notes the alarm, while the clock is doubted."""
    if why := doubt(house):
        with recorded(house):
            stop = Stop.objects.create(why="clock", at=house.now)
            object_ = f"{stop.pk:032x}"
            note(Kind.SWEEP_STOPPED, object_, {"why": "clock"}, at=house.now,
                 policy_version=house.policy_version)  # fmt: skip
        raise ClockDoubted(f"{why}; look at the clock, then run `lofte sweep --clock-is-right`")


def confirm(house: House, *, by: str) -> None:
    """Somebody has looked: the clock is right. What was before is not looked at again."""
    ref = secrets.token_hex(16)
    with recorded(house):
        ClockConfirmed.objects.create(ref=ref, by=by, at=house.now)
        said = {"by": by} if by else {}
        note(Kind.CLOCK_CONFIRMED, ref, said, at=house.now, policy_version=house.policy_version)


def _moments() -> list[datetime]:
    """The moments noted since the last sweep ended or somebody looked at the clock, that one first, in
    order. Alarms are no moments: they were noted by a clock that was doubted."""
    sure = (
        LedgerEntry.objects.filter(kind__in=(Kind.SWEEP_ENDED, Kind.CLOCK_CONFIRMED)).order_by("-seq").first()
    )
    if sure is None:
        return []
    since = LedgerEntry.objects.filter(seq__gt=sure.seq).exclude(kind=Kind.SWEEP_STOPPED)
    return sorted([sure.at, *since.values_list("at", flat=True)])

"""A person has shown who they are: what they ask in the case goes on by itself as far as that proves it.

Hard rules:
- Only what was proven, and what our systems know the same person by, is looked for from here on. What
  was typed and proven by nothing goes, out of all that the case holds: somebody else's number beside one's
  own address opens nothing, and lets nobody in later.
- What asks for more than was proven waits, and is told so.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db.models import Q

from lofte.datamap import asking
from lofte.datamap.identity import STRENGTH, Identity, Strength
from lofte.execution.house import House
from lofte.law.rights import Right
from lofte.requests import sealing
from lofte.requests.course.order import SEARCHED, ordered
from lofte.requests.course.receive import HARMLESS
from lofte.requests.course.roads import State
from lofte.requests.door.identify import NEEDED, Level, identified
from lofte.requests.models import Case, Identifier, Request


def proved(
    house: House,
    case: Case,
    *,
    level: Level,
    method: str,
    proven: Sequence[Identity],
    told: Collection[Identity] = (),
) -> tuple[Request, ...]:
    """The requests of the case that go on now, inside the caller's `recorded` transaction. `proven` are
    the person's own; `told` is what else was shown and our systems know the same person by."""
    waiting = case.items.filter(state=State.RECEIVED).order_by("id")
    going = [each for each in waiting if Level.NOTHING < NEEDED[Right(each.right)] <= level]
    if not (proven or told) or asking.faults(house.datamap, (*proven, *told)):
        return ()
    _forget_unproven(house, case, {sealing.lookup(house.keys.lookup, each) for each in (*proven, *told)})
    moved = [
        identified(house, request, method=method, level=level, by="", proven=proven) for request in going
    ]
    for request in moved:
        if request.right in SEARCHED:
            ordered(house, [request], by="")
    return tuple(moved)


def _forget_unproven(house: House, case: Case, sure: Collection[str]) -> None:
    """A no that is being obeyed keeps the address that it was said for: it needs no proof, and nobody gets
    in by an address. A number does let in, and stays nowhere."""
    unproven = Identifier.objects.filter(request__case=case).exclude(lookup__in=sure)
    obeyed = Q(request__right__in=HARMLESS, request__state__in=[each for each in State if each.open])
    unproven.exclude(obeyed).delete()
    unproven.filter(kind__in=[kind for kind in STRENGTH if STRENGTH[kind] is Strength.UNIQUE]).delete()


def missing(case: Case, level: Level) -> Level | None:
    """How much more must be proven before all that is asked goes on; None = nothing."""
    waiting = case.items.filter(state=State.RECEIVED).values_list("right", flat=True)
    needed = max((NEEDED[Right(right)] for right in waiting), default=Level.NOTHING)
    return needed if needed > level else None

"""Many persons at once: received together, approved together, carried out in one pass (art. 17).

Hard rules:
- All of a list is received, or nothing of it: one transaction.
- Each person has a request of their own, with its number, its day and its evidence. The round only
  says that they came together.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence

from lofte.datamap.identity import Identity
from lofte.datamap.listed import Listed
from lofte.errors import Refused
from lofte.execution.book import recorded
from lofte.execution.house import House
from lofte.fault import Fault, Place
from lofte.law.rights import Right
from lofte.requests import sealing
from lofte.requests.course.receive import received
from lofte.requests.course.roads import State
from lofte.requests.door.identify import Level, identified
from lofte.requests.erasure.approve import approve
from lofte.requests.erasure.shown import Shown
from lofte.requests.models import Identifier, Request, Round

_OPEN = (State.RECEIVED, State.IDENTIFIED, State.SEARCHING)
_AT_ONCE = 500


def asked_already(house: House, persons: Sequence[Listed]) -> tuple[Fault, ...]:
    """R015: persons of a list whose erasure is asked for and not answered yet, each with the number."""
    lines = {sealing.lookup(house.keys.lookup, i): p.line for p in persons for i in p.identities}
    numbers: dict[int, str] = {}
    for lookup, number in _asking(list(lines)).items():
        numbers.setdefault(lines[lookup], number)
    return tuple(
        Fault(
            number="R015",
            place=Place(line=line, path=number),
            what=f"this person has asked already, in request {number}",
            mend="take the line away, and go on with that request",
        )
        for line, number in sorted(numbers.items())
    )


def receive_round(
    house: House,
    persons: Sequence[tuple[Identity, ...]],
    *,
    method: str,
    level: Level,
    channel: str,
    language: str,
    by: str,
) -> Round:
    """Receive what all these persons ask, each identified in this way. Raises NotIdentified, Refused."""
    if not persons:
        raise Refused("there is nobody in the list")
    with recorded(house):
        made = Round.objects.create(ref=secrets.token_hex(16), by=by, at=house.now)
        requests = []
        for shown in persons:
            request = received(
                house,
                right=Right.ERASURE,
                identities=shown,
                channel=channel,
                language=language,
                by=by,
                at=house.now,
            )
            requests.append(identified(house, request, method=method, level=level, by=by, proven=shown))
        made.requests.set(requests)
    return made


def approve_all(house: House, seen: Mapping[Request, Shown], *, by: str, wide: str = "") -> int:
    """Approve each as it was seen; returns how many. One that is refused stops before those after it,
    and none is approved twice when it is done again."""
    done = 0
    for request, shown in seen.items():
        before = request.approvals.order_by("id").last()
        if before is not None and before.at >= shown.at:
            continue
        approve(house, request, shown.preview, by=by, wide=wide)
        done += 1
    return done


def _asking(lookups: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for start in range(0, len(lookups), _AT_ONCE):
        held = Identifier.objects.filter(
            lookup__in=lookups[start : start + _AT_ONCE],
            request__right=Right.ERASURE,
            request__state__in=_OPEN,
        )
        found |= dict(held.values_list("lookup", "request__number"))
    return found

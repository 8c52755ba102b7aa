"""A no that asks for no proof and no weighing is obeyed at once, by the house itself: an objection to direct
marketing, and consent taken back (art. 7.3, 21.3).

Hard rules:
- Only what somebody asked with their own hand in the portal. Where they wrote of their own situation, a
  person reads it first: it may be an objection that is weighed (art. 21.1).
- What was shown is stopped first, and stays stopped whatever the systems say; they are asked after it.
- What cannot be done by itself is left to a handler, and stops no other.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence

from django.db.models import Exists, OuterRef, QuerySet

from lofte.consent import object as objections
from lofte.consent import withdraw as withdrawals
from lofte.consent.models import Objection
from lofte.consent.person import Connect
from lofte.datamap.identity import Identity
from lofte.errors import LedgerClosed, Refused
from lofte.execution.book import recorded
from lofte.execution.house import House
from lofte.execution.models import Step, StepState
from lofte.law.rights import Right
from lofte.law.wording import Wording
from lofte.plan.objection import objecting, withdrawing
from lofte.requests.answer.grant import grant
from lofte.requests.course import asked
from lofte.requests.course.receive import HARMLESS, PORTAL, identities_of, received
from lofte.requests.course.roads import State
from lofte.requests.door.identify import Level, identified
from lofte.requests.door.preferences import proven
from lofte.requests.models import Asked, Case, Message, Request

_AT_ONCE = 50
_NOTHING = Wording(
    sv="Inget behövdes: det rör ett nej som ingen kan skadas av.",
    en="Nothing was needed: it is a no that can harm nobody.",
)
_log = logging.getLogger("lofte.requests")


def choose(house: House, case: Case, right: Right, purposes: Sequence[str]) -> Request:
    """Write down that whoever is in to this case says no to these purposes, as one more request of it: for
    what is proven to be theirs. Raises Refused when nothing is, or when the purposes do not rest on what
    this right is against."""
    (objecting if right is Right.OBJECTION else withdrawing)(house.policy, purposes)
    first, shown = case.items.order_by("id")[0], proven(house, case)
    if not shown:
        raise Refused("nothing is proven to be this person's yet; a code to an address that we had does it")
    with recorded(house):
        request = received(
            house,
            right=right,
            identities=shown,
            channel=PORTAL,
            language=first.language,
            by="",
            at=house.now,
            case=case,
        )
        asked.keep(house, request, {"purposes": sorted(set(purposes))}, by="")
    return request


def due(left: Collection[str] = ()) -> bool:
    """Whether somebody has said such a no, and it is not obeyed yet, but for those that are left."""
    return _waiting(left).exists()


def obey(house: House, connect: Connect, left: set[str] | None = None) -> int:
    """Obey every no that waits; returns how many are answered by it. What cannot be done by itself is put
    in `left`, and not tried again by whoever hands it in the next time. Raises LedgerClosed."""
    left = set() if left is None else left
    done = 0
    for request in list(_waiting(left)[:_AT_ONCE]):
        try:
            done += _obeyed(house, request, connect)
        except LedgerClosed:
            raise
        except Exception as error:  # whatever it is: its words may hold what stands in a row
            # Once it is begun its systems are asked again by themselves (`again`).
            _log.warning("request %s waits: %s", request.number, type(error).__name__)
            left.add(request.ref)
    return done


def _waiting(left: Collection[str]) -> QuerySet[Request]:
    mine = {"request": OuterRef("pk")}
    wrote = Exists(Message.objects.filter(**mine, outgoing=False)) & ~Exists(Asked.objects.filter(**mine))
    # Begun goes on by itself (`again`); what is weighed waits for a person.
    steps = Step.objects.filter(request=OuterRef("ref")).exclude(state=StepState.DONE)
    weighed = Objection.objects.filter(request=OuterRef("ref"), absolute=False, decided=None)
    begun = Exists(steps) | Exists(weighed)
    hand = Request.objects.filter(right__in=HARMLESS, channel=PORTAL, case__by="", identifiers__gt=0)
    open_ = hand.filter(state__in=(State.RECEIVED, State.IDENTIFIED))
    return open_.exclude(ref__in=left).exclude(wrote).exclude(begun).distinct().order_by("id")


def _obeyed(house: House, request: Request, connect: Connect) -> int:
    shown, purposes = identities_of(house, request), _purposes(house, request)
    if request.state == State.RECEIVED:
        with recorded(house):
            method = _NOTHING.say(request.language)
            identified(house, request, method=method, level=Level.NOTHING, by="")
    waits = _DO[Right(request.right)](house, shown, purposes, connect, request)
    if waits:
        return 0
    grant(house, request)
    return 1


def _purposes(house: House, request: Request) -> Sequence[str]:
    if not Asked.objects.filter(request=request).exists():
        return ()
    named: Sequence[str] = asked.terms(house, request).what.get("purposes", ())
    return named


def _object(
    house: House, shown: Sequence[Identity], purposes: Sequence[str], connect: Connect, request: Request
) -> bool:
    """True when somebody has to decide it."""
    objections.object_to(house, shown, purposes, request=request.ref)
    said = objections.object_to(house, shown, purposes, connect=connect, request=request.ref)
    return bool(said.waiting)


def _withdraw(
    house: House, shown: Sequence[Identity], purposes: Sequence[str], connect: Connect, request: Request
) -> bool:
    withdrawals.withdraw(house, shown, purposes, request=request.ref)
    withdrawals.withdraw(house, shown, purposes, connect=connect, request=request.ref)
    return False


_Do = Callable[[House, Sequence[Identity], Sequence[str], Connect, Request], bool]
_DO: Mapping[Right, _Do] = {Right.OBJECTION: _object, Right.WITHDRAWAL: _withdraw}

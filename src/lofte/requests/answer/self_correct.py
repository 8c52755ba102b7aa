"""A person corrects by themselves what does no harm: it is a request for rectification like any other,
carried out by the house without a handler (art. 16).

Hard rules:
- Only what the data map says so of (`correct`), and never what somebody is known or reached by: judged anew
  when it is asked, whatever the page offered.
- What is called wrong stands in the person's own rows; else it is left to a handler.
- What cannot be done by itself is left to a handler, and stops no other.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import asdict
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from lofte.datamap.document import Kind as IdentityKind
from lofte.datamap.harmless import offered
from lofte.datamap.identity import canonical
from lofte.errors import LedgerClosed, NotIdentified, Refused
from lofte.execution.book import recorded
from lofte.execution.house import House
from lofte.execution.models import Step
from lofte.fault import Fault, Place
from lofte.law.rights import Right
from lofte.law.wording import Wording
from lofte.plan.rectify import Correction
from lofte.plan.rectify import plan as planned
from lofte.requests.answer.own_data import destroy_of, may_look
from lofte.requests.answer.rectify import Reach, correction_of, rectify
from lofte.requests.course import asked
from lofte.requests.course.lock import AtWork
from lofte.requests.course.protected import insist_reachable
from lofte.requests.course.receive import PORTAL, received
from lofte.requests.course.roads import State
from lofte.requests.door.identify import NEEDED, Level, identified, method_of
from lofte.requests.door.preferences import proven
from lofte.requests.models import Asked, Case, Identification, Request
from lofte.requests.package.glance import Correctable

LONGEST = 200
"""Characters of a value."""
_AT_ONCE = 20
_SHOWN = Wording(sv="Visat i portalen", en="Shown in the portal")
_log = logging.getLogger("lofte.requests")


class Wrong(StrEnum):
    """What is wrong with a value that somebody wrote; the number stands in the fault."""

    EMPTY = "R021"
    SAME = "R022"
    LONG = "R023"
    CODE = "R024"
    """It is none of those that the system knows."""
    REACHED = "R025"
    """It is an address or a number by which somebody is reached or known: a handler takes that."""


_MEND = {
    Wrong.EMPTY: ("nothing is written", "Write what is right."),
    Wrong.SAME: ("what was wrong and what is right are the same", "Write what is right instead."),
    Wrong.LONG: ("it is too long, or has more than one line", f"Write at most {LONGEST} characters."),
    Wrong.CODE: ("the system does not know this value", "Choose one of those that it knows."),
    Wrong.REACHED: (
        "it is an address or a number that reaches or names somebody",
        "Ask a handler to change it.",
    ),
}


def judge(house: House, what: Correctable, was: str | None, now: str) -> Fault | None:
    """What is wrong with the new value, if anything."""
    wrong = _wrong(house, what, was, now)
    if wrong is None:
        return None
    said, mend = _MEND[wrong]
    return Fault(
        number=wrong.value, place=Place(path=f"{what['category']}.{what['item']}"), what=said, mend=mend
    )


def correct(
    house: House, case: Case, what: Correctable, was: str | None, now: str, *, level: Level
) -> Request:
    """Write down what is wrong and what is right, as one more request of the case; the worker carries it out.
    Raises Refused when it is not to be corrected so, or `now` has a fault, NotIdentified, OnlyByLetter."""
    insist_reachable(case)
    if not may_look(level):
        raise NotIdentified(
            f"this is corrected at level {NEEDED[Right.ACCESS]:d}; show more surely who you are"
        )
    item = (what["category"], what["item"])
    if item not in offered(house.datamap) or (was is None) == bool(what["values"]):
        raise Refused("this is not corrected without a handler; ask for a rectification")
    if (was is not None and was not in what["values"]) or _wrong(house, what, was, now):
        raise Refused("what is wrong or what is right is not as it was shown; look again")
    shown, first = proven(house, case), case.items.order_by("id")[0]
    correction = Correction(category=item[0], item=item[1], was=was, now=now.strip())
    planned(house.policy, house.datamap, correction)
    with recorded(house):
        request = received(
            house,
            right=Right.RECTIFICATION,
            identities=shown,
            channel=PORTAL,
            language=first.language,
            by="",
            at=house.now,
            case=case,
        )
        method = _method(house, case)
        identified(house, request, method=method, level=level, by="")
        asked.keep(house, request, asdict(correction), by="")
    destroy_of(house.folder, case)
    return request


def due(left: Collection[str] = ()) -> bool:
    """Whether somebody has corrected something, and it is not begun yet, but for those that are left."""
    return _waiting(left).exists()


def carry_out(house: House, reach: Reach, left: set[str] | None = None) -> int:
    """Carry out what waits; returns how many are answered by it. What cannot be done by itself is put in
    `left`; once begun, its systems are asked again by themselves. One whose person somebody is at work with
    waits for the next turn. Raises LedgerClosed."""
    left = set() if left is None else left
    done = 0
    for request in list(_waiting(left)[:_AT_ONCE]):
        try:
            correction, _by = correction_of(house, request)
            if (correction.category, correction.item) not in offered(house.datamap):
                raise Refused("the data map says no more that the person corrects it")
            done += any(rectify(house, request, correction, reach).rows.values())
        except LedgerClosed:
            raise
        except AtWork:
            continue  # the person's answer is being made, or the like: it is soon over
        except Exception as error:  # whatever it is: its words may hold what stands in a row
            _log.warning("request %s waits: %s", request.number, type(error).__name__)
        left.add(request.ref)
    return done


def _waiting(left: Collection[str]) -> QuerySet[Request]:
    """Those that a person wrote down with their own hand, and nobody else has touched."""
    mine = Asked.objects.filter(request=OuterRef("pk"), by="")
    begun = Step.objects.filter(request=OuterRef("ref"))
    hand = Request.objects.filter(right=Right.RECTIFICATION, channel=PORTAL, state=State.IDENTIFIED)
    found = hand.filter(Exists(mine), identifications__by="").exclude(Exists(begun)).exclude(ref__in=left)
    return found.distinct().order_by("id")


def _method(house: House, case: Case) -> str:
    """How the person has shown who they are in this case."""
    found = Identification.objects.filter(request__case=case, by="", level__gt=Level.NOTHING)
    for each in found.exclude(request__key=b"").select_related("request").order_by("-id"):
        return method_of(house, each)
    return _SHOWN.say(case.language)


def _wrong(house: House, what: Correctable, was: str | None, now: str) -> Wrong | None:
    said = now.strip()
    if not said:
        return Wrong.EMPTY
    if was is not None and said == was.strip():
        return Wrong.SAME
    if len(said) > LONGEST or not said.isprintable():
        return Wrong.LONG
    codes = _codes(house, what)
    if codes:
        return None if said in codes else Wrong.CODE
    reached: Any = (canonical(kind, said, house.today) for kind in _REACHING)
    return Wrong.REACHED if any(reached) else None


_REACHING = (IdentityKind.EMAIL, IdentityKind.PERSONNUMMER)


def _codes(house: House, what: Correctable) -> frozenset[str]:
    """The values that a system knows; empty = it takes any words."""
    return frozenset(
        code
        for system in house.datamap.systems
        for dataset in system.datasets.values()
        for field in dataset.fields.values()
        if field.correct and (field.category, field.item) == (what["category"], what["item"])
        for code in field.codes
    )

"""Carrying out what a person asks: an objection, a withdrawal, a rectification, a restriction (art. 7.3, 16,
18, 21). Each stands for what was shown before the systems are asked; one that does not answer is told as
such, and the same question, asked again, does the rest.
"""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Path

from lofte.accounts.scopes import Scope
from lofte.api import deeds, shapes
from lofte.api.door import at_work, by, house
from lofte.api.machine import route
from lofte.api.problem import NOT_THERE, Problem
from lofte.api.showing import asked_as, asked_for, whole_out
from lofte.consent import object as objections
from lofte.consent import restrict as restrictions
from lofte.consent import withdraw as withdrawals
from lofte.consent.enforce import enforce, put_back
from lofte.consent.models import Notice, Objection, Restriction
from lofte.execution.house import House
from lofte.law.rights import Right
from lofte.law.wording import Wording
from lofte.plan.objection import objecting, withdrawing
from lofte.plan.rectify import Correction
from lofte.plan.restriction import Told
from lofte.requests.answer import rectify as rectifying
from lofte.requests.answer.grant import grant
from lofte.requests.course.receive import identities_of
from lofte.requests.course.roads import State
from lofte.requests.door.identify import Level, identify
from lofte.requests.models import Request

WORK = Scope.REQUESTS_WORK
_NOTHING = Wording(
    sv="Inget behövdes: det rör ett nej som ingen kan skadas av.",
    en="Nothing was needed: it is a no that can harm nobody.",
)


@route("POST", "/requests/{number}/objection", WORK, gives={200: shapes.WholeOut}, tag="carrying out")
def object_to(request: HttpRequest, number: Path[shapes.Number], given: deeds.ObjectIn) -> shapes.WholeOut:
    """Let an objection stand (art. 21)

    To direct marketing it holds at once and is answered by it; another is weighed, and holds until then.
    Nobody need show who they are for it."""
    work, found = at_work(), asked_for(number, Right.OBJECTION)
    at, who = work.house, by(request)
    objecting(at.policy, given.purposes)
    shown = identities_of(at, found)
    _known(at, found, who)
    objections.object_to(at, shown, given.purposes, words=given.words, by=who, request=found.ref)
    said = objections.object_to(
        at, shown, given.purposes, connect=work.connect, words=given.words, by=who, request=found.ref
    )
    if not said.waiting:
        grant(at, found, by=who)
    return whole_out(asked_as(number), at)


@route(
    "POST",
    "/requests/{number}/objection/decision",
    Scope.REQUESTS_REFUSE,
    gives={200: shapes.WholeOut},
    tag="carrying out",
)
def weigh_objection(
    request: HttpRequest, number: Path[shapes.Number], given: deeds.WeighIn
) -> shapes.WholeOut:
    """Decide an objection that is weighed (art. 21.1)

    Compelling grounds are written in words; without them it is upheld."""
    at, found = house(), asked_for(number, Right.OBJECTION)
    objection = Objection.objects.filter(request=found.ref, absolute=False).first()
    if objection is None:
        raise Problem(
            NOT_THERE, "This request holds no objection that is weighed.", mend="Let it stand first."
        )
    objections.decide(at, objection, given.outcome, by=by(request), words=given.words)
    grant(at, found, by=by(request))
    return whole_out(asked_as(number), at)


@route("POST", "/requests/{number}/withdrawal", WORK, gives={200: shapes.WholeOut}, tag="carrying out")
def withdraw_consent(
    request: HttpRequest, number: Path[shapes.Number], given: deeds.WithdrawIn
) -> shapes.WholeOut:
    """Let a withdrawal of consent stand (art. 7.3)

    What rests on the consent ends at once, and the request is answered by it."""
    work, found = at_work(), asked_for(number, Right.WITHDRAWAL)
    at, who = work.house, by(request)
    withdrawing(at.policy, given.purposes)
    shown = identities_of(at, found)
    _known(at, found, who)
    withdrawals.withdraw(at, shown, given.purposes, by=who, request=found.ref)
    withdrawals.withdraw(at, shown, given.purposes, connect=work.connect, by=who, request=found.ref)
    grant(at, found, by=who)
    return whole_out(asked_as(number), at)


@route("POST", "/requests/{number}/rectification", WORK, gives={200: shapes.WholeOut}, tag="carrying out")
def rectify(request: HttpRequest, number: Path[shapes.Number], given: deeds.RectifyIn) -> shapes.WholeOut:
    """Write the right value wherever the wrong one stands, in every system (art. 16)"""
    work, found = at_work(), asked_for(number, Right.RECTIFICATION)
    correction = Correction(category=given.category, item=given.item, was=given.was, now=given.now)
    rectifying.rectify(work.house, found, correction, work.connect, by=by(request))
    return whole_out(asked_as(number), work.house)


@route("POST", "/requests/{number}/statement", WORK, gives={200: shapes.WholeOut}, tag="carrying out")
def complete(request: HttpRequest, number: Path[shapes.Number], given: deeds.StateIn) -> shapes.WholeOut:
    """Keep a statement with the person's data; the request is answered by it (art. 16, second sentence)"""
    at, found = house(), asked_for(number, Right.RECTIFICATION)
    rectifying.state(at, found, given.words, by=by(request))
    grant(at, found, by=by(request))
    return whole_out(asked_as(number), at)


@route("POST", "/requests/{number}/restriction", WORK, gives={200: shapes.WholeOut}, tag="carrying out")
def restrict(request: HttpRequest, number: Path[shapes.Number], given: deeds.RestrictIn) -> shapes.WholeOut:
    """Restrict the processing of a person's data (art. 18)

    Where the policy tells the person before the service stops, it stops when that is noted."""
    work, found = at_work(), asked_for(number, Right.RESTRICTION)
    at, who = work.house, by(request)
    shown = identities_of(at, found)
    record = restrictions.restrict(at, shown, given.ground, given.purposes, by=who, request=found.ref)
    restrictions.restrict(
        at, shown, given.ground, given.purposes, connect=work.connect, by=who, request=found.ref
    )
    if restrictions.stopped_by(at, record).told:
        enforce(at, record, shown, work.connect)
    return whole_out(asked_as(number), at)


@route("POST", "/requests/{number}/restriction/told", WORK, gives={200: shapes.WholeOut}, tag="carrying out")
def note_person_told(
    request: HttpRequest, number: Path[shapes.Number], given: deeds.PersonToldIn
) -> shapes.WholeOut:
    """Note that the person has been told that the service stops, or will be released (art. 18.3)

    When it is that it stops, the systems are told too."""
    work = at_work()
    at, record = work.house, _restriction(number)
    notice = Notice.objects.filter(about=record.ref, what=given.what).first()
    if notice is None:
        mend = "Announce the release first: POST /requests/{number}/restriction/release."
        raise Problem(NOT_THERE, "There is nothing of this kind to tell.", mend=mend)
    if not hasattr(notice, "told"):
        restrictions.tell(at, notice, channel=given.channel.value, by=by(request))
    if given.what is Told.STOP:
        enforce(at, record, identities_of(at, asked_as(number)), work.connect)
    return whole_out(asked_as(number), at)


@route(
    "POST", "/requests/{number}/restriction/release", WORK, gives={200: shapes.WholeOut}, tag="carrying out"
)
def announce_release(request: HttpRequest, number: Path[shapes.Number]) -> shapes.WholeOut:
    """Queue what the person is told before a restriction is lifted (art. 18.3)"""
    at = house()
    restrictions.announce_release(at, _restriction(number), by=by(request))
    return whole_out(asked_as(number), at)


@route("POST", "/requests/{number}/restriction/lift", WORK, gives={200: shapes.WholeOut}, tag="carrying out")
def lift_restriction(
    request: HttpRequest, number: Path[shapes.Number], given: deeds.LiftIn
) -> shapes.WholeOut:
    """Lift a restriction, when the person has been told (art. 18.3)

    Asked again, it does what a silent system left undone."""
    work, record = at_work(), _restriction(number)
    if not hasattr(record, "lifted"):
        restrictions.lift(work.house, record, given.outcome, by=by(request))
    put_back(work.house, record, work.connect)
    grant(work.house, asked_as(number), by=by(request))
    return whole_out(asked_as(number), work.house)


def _known(at: House, found: Request, who: str) -> None:
    """A no asks nobody who they are."""
    if found.state == State.RECEIVED:
        identify(at, found, method=_NOTHING.say(found.language), level=Level.NOTHING, by=who)


def _restriction(number: str) -> Restriction:
    found = asked_for(number, Right.RESTRICTION, open_=False)
    record = Restriction.objects.filter(request=found.ref).order_by("-id").first()
    if record is None:
        mend = "Restrict it first: POST /requests/{number}/restriction."
        raise Problem(NOT_THERE, "This request holds no restriction.", mend=mend)
    return record

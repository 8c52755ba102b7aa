"""Taking care of a request and of what hangs on it: whose it is, remarks, the answer let go, holds, and those
who are to be told."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Path, Status

from lofte.accounts.scopes import Scope
from lofte.api import deeds, shapes
from lofte.api.acting import identities
from lofte.api.door import at_work, by, house
from lofte.api.machine import route
from lofte.api.problem import INVALID, NOT_THERE, Problem, Where
from lofte.api.showing import asked_as, whole_out
from lofte.plan.holds import HoldKind
from lofte.requests.answer import forward, recipients
from lofte.requests.answer.deliver import mark_delivered
from lofte.requests.answer.reissue import reissue
from lofte.requests.answer.release import release
from lofte.requests.course import assign as assigning
from lofte.requests.course import order as ordering
from lofte.requests.course import remark as remarks
from lofte.requests.erasure import holds
from lofte.requests.models import Forwarded, HoldRecord, RecipientNotice

READ, WORK, CARE = Scope.REQUESTS_READ, Scope.REQUESTS_WORK, Scope.REQUESTS_CARE
HOLD = Scope.HOLDS_PLACE


@route("GET", "/handlers", CARE, gives={200: deeds.HandlersOut}, tag="care")
def list_handlers(request: HttpRequest) -> deeds.HandlersOut:
    """List those who may be given requests"""
    found = assigning.may_have()
    return deeds.HandlersOut(items=[deeds.HandlerOut(ref=each.ref, name=str(each)) for each in found])


@route("POST", "/requests/{number}/assignment", CARE, gives={204: None}, tag="care")
def assign(request: HttpRequest, number: Path[shapes.Number], given: deeds.AssignIn) -> HttpResponse:
    """Give a request to somebody, or to nobody"""
    assigning.assign(house(), asked_as(number), to=given.to or "", by=by(request))
    return HttpResponse(status=204)


@route("POST", "/requests/{number}/remarks", CARE, gives={204: None}, tag="care")
def remark(request: HttpRequest, number: Path[shapes.Number], given: deeds.RemarkIn) -> HttpResponse:
    """Write a note to those who work here

    It is kept sealed, and read in the console."""
    remarks.remark(house(), asked_as(number), given.words, by=by(request))
    return HttpResponse(status=204)


@route("POST", "/requests/{number}/release", WORK, gives={200: deeds.ReleasedOut}, tag="requests")
def release_package(request: HttpRequest, number: Path[shapes.Number]) -> deeds.ReleasedOut:
    """Let the person fetch the answer in the portal, and tell them so

    Only when they have shown there who they are. `told` 0 means that no letter could tell it."""
    released = release(house(), asked_as(number), by=by(request))
    return deeds.ReleasedOut(until=released.until, level=int(released.level), told=released.told)


@route("POST", "/requests/{number}/handed-over", WORK, gives={200: shapes.WholeOut}, tag="requests")
def hand_over(request: HttpRequest, number: Path[shapes.Number]) -> shapes.WholeOut:
    """Note that the person has got the answer; the request is answered by it"""
    at = house()
    mark_delivered(at, asked_as(number), by=by(request))
    return whole_out(asked_as(number), at)


@route("POST", "/requests/{number}/reissue", WORK, gives={201: shapes.WholeOut}, tag="requests")
def make_anew(request: HttpRequest, number: Path[shapes.Number]) -> Status[shapes.WholeOut]:
    """Make an answer anew that was not fetched in time, as a request of its own in the same case"""
    at, found = house(), asked_as(number)
    made = reissue(at, found, by=by(request), channel=found.channel)
    return Status(201, whole_out(asked_as(made.number), at))


@route("POST", "/requests/{number}/again", WORK, gives={202: shapes.WholeOut}, tag="requests")
def try_again(request: HttpRequest, number: Path[shapes.Number]) -> Status[shapes.WholeOut]:
    """Try now what waits after a failure"""
    at = house()
    ordering.hurry(at, asked_as(number))
    return Status(202, whole_out(asked_as(number), at))


@route("GET", "/holds", READ, gives={200: deeds.HoldsOut}, tag="holds")
def list_holds(request: HttpRequest) -> deeds.HoldsOut:
    """List the holds in force, by the day when each is looked at again"""
    found = HoldRecord.objects.filter(liftings=None).order_by("review_on", "id")
    items = [shapes.HoldOut(ref=each.ref, kind=each.kind, review_on=each.review_on) for each in found]
    return deeds.HoldsOut(items=items)


@route("POST", "/holds", HOLD, gives={201: shapes.HoldOut}, tag="holds")
def place_hold(request: HttpRequest, given: deeds.HoldIn) -> Status[shapes.HoldOut]:
    """Keep a person's data that would go (art. 17.3 e, 18.1 c)

    It stands for what is sent before the systems are asked. When one does not answer (503) it stands
    all the same; placed again, it stands for what that system knows too."""
    work = at_work()
    if given.review_on <= work.house.today:
        where = Where(at="body.review_on", what="The day must lie ahead.")
        raise Problem(INVALID, "What was sent is not as the document says.", where=[where])
    made = holds.place(
        work.house,
        kind=HoldKind(given.kind),
        identities=identities(work.house, given.identities),
        case=given.case,
        review_on=given.review_on,
        why=given.why,
        by=by(request),
        categories=given.categories,
        connect=work.connect,
    )
    return Status(201, shapes.HoldOut(ref=made.ref, kind=made.kind.value, review_on=made.review_on))


@route("POST", "/holds/{ref}/lift", HOLD, gives={204: None}, tag="holds")
def lift_hold(request: HttpRequest, ref: Path[shapes.Ref], given: deeds.WhyIn) -> HttpResponse:
    """End a hold; what was kept for it alone is looked at anew at once"""
    if not HoldRecord.objects.filter(ref=ref).exists():
        raise Problem(NOT_THERE, "There is no hold with this id.", mend="Look at GET /holds.")
    holds.lift(house(), ref, why=given.why, by=by(request))
    return HttpResponse(status=204)


@route("POST", "/recipients/{ref}/cannot", WORK, gives={204: None}, tag="recipients")
def note_cannot(request: HttpRequest, ref: Path[shapes.Ref], given: deeds.WhyIn) -> HttpResponse:
    """Note why a recipient cannot be told: impossible, or disproportionate effort (art. 19)"""
    notice = RecipientNotice.objects.filter(ref=ref).first()
    if notice is None:
        raise Problem(NOT_THERE, "There is no notice with this id.", mend="Look at GET /recipients.")
    recipients.cannot(house(), notice, why=given.why, by=by(request))
    return HttpResponse(status=204)


@route("GET", "/forwarded", READ, gives={200: deeds.ForwardedsOut}, tag="recipients")
def list_forwarded(request: HttpRequest) -> deeds.ForwardedsOut:
    """List the customers who answer for what was found, and are still to be told (art. 28.3 e)

    Who each is stands in the letter, which is read in the console."""
    return deeds.ForwardedsOut(
        items=[
            deeds.ForwardedOut(
                ref=each.ref,
                number=each.number,
                right=each.right.value,
                system=each.at.system,
                dataset=each.at.dataset,
                rows=each.rows,
                since=each.since,
            )
            for each in forward.waiting()
        ]
    )


@route("POST", "/forwarded/{ref}/told", WORK, gives={204: None}, tag="recipients")
def note_forwarded_told(request: HttpRequest, ref: Path[shapes.Ref], given: shapes.ToldIn) -> HttpResponse:
    """Note that a customer has been told (art. 28.3 e)"""
    if not Forwarded.objects.filter(ref=ref).exists():
        raise Problem(NOT_THERE, "There is nothing with this id.", mend="Look at GET /forwarded.")
    forward.told(house(), ref, channel=given.channel.value, by=by(request))
    return HttpResponse(status=204)

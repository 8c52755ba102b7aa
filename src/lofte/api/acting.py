"""Taking a request on: received, identified, waited for, extended, refused, searched, carried out, fetched.
Each is the operation that a handler's click is."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Path, Status

from lofte.accounts.scopes import Scope
from lofte.api import shapes
from lofte.api.door import by, house
from lofte.api.machine import route
from lofte.api.problem import NOT_THERE, REFUSED, Problem, of_faults
from lofte.api.showing import asked_as, case_out, request_out, whole_out
from lofte.datamap.identity import Identity, read
from lofte.execution.house import House
from lofte.fault import Fault, Place
from lofte.law.rights import Right
from lofte.plan.scope import Item
from lofte.requests.answer import recipients
from lofte.requests.answer.fetch import fetch
from lofte.requests.course import order as ordering
from lofte.requests.course import ticking
from lofte.requests.course.before import open_wish
from lofte.requests.course.refuse import refuse
from lofte.requests.course.scoped import scoped
from lofte.requests.course.take import judged, take
from lofte.requests.door.identify import Level, identify
from lofte.requests.models import RecipientNotice

WORK = Scope.REQUESTS_WORK


@route("POST", "/cases", Scope.REQUESTS_RECEIVE, gives={201: shapes.TakenOut}, tag="requests")
def receive_case(request: HttpRequest, given: shapes.CaseIn) -> Status[shapes.TakenOut]:
    """Receive what somebody asks: one case, with a request for each right

    A right is asked of everything, or of some categories of the policy (`scope`). A wish of the same person
    that is open already is linked, not doubled. The clock runs from `received_at`, else from now."""
    at = house()
    shown = identities(at, given.identities)
    asked = judged(at, [_item(each) for each in given.rights])
    there = [open_wish(at, item.right, shown, item.scope) for item in asked]
    case = take(
        at,
        rights=asked,
        identities=shown,
        channel=given.channel.value,
        language=given.language,
        words=given.words,
        by=by(request),
        received_at=given.received_at,
    )
    linked = list(dict.fromkeys(each.number for each in there if each is not None))
    return Status(201, shapes.TakenOut(**case_out(case, at).model_dump(), linked=linked))


def _item(given: Right | shapes.ItemIn) -> Item:
    return Item(given) if isinstance(given, Right) else Item(given.right, frozenset(given.scope))


@route(
    "POST",
    "/requests/{number}/identification",
    Scope.REQUESTS_IDENTIFY,
    gives={200: shapes.WholeOut},
    tag="requests",
)
def note_identification(
    request: HttpRequest, number: Path[shapes.Number], given: shapes.IdentifyIn
) -> shapes.WholeOut:
    """Note how the person showed who they are (art. 12.6)

    Which level is needed follows from the right; what does not reach it is refused."""
    at, found = house(), asked_as(number)
    proven = identities(at, given.identities)
    level = Level(given.level)
    identify(at, found, method=given.method, level=level, by=by(request), proven=proven)
    return whole_out(asked_as(number), at)


@route("POST", "/requests/{number}/wait", WORK, gives={200: shapes.RequestOut}, tag="requests")
def stop_clock(request: HttpRequest, number: Path[shapes.Number], given: shapes.WaitIn) -> shapes.RequestOut:
    """Stop the clock while the person is waited for (art. 12.6, recital 63)"""
    at = house()
    ticking.wait(at, asked_as(number), given.waits, why=given.why, by=by(request))
    return request_out(asked_as(number), at)


@route("POST", "/requests/{number}/go-on", WORK, gives={200: shapes.RequestOut}, tag="requests")
def resume_clock(request: HttpRequest, number: Path[shapes.Number]) -> shapes.RequestOut:
    """Let the clock go on: the person has answered"""
    at = house()
    ticking.go_on(at, asked_as(number), by=by(request))
    return request_out(asked_as(number), at)


@route("POST", "/requests/{number}/scope", WORK, gives={200: shapes.RequestOut}, tag="requests")
def note_scope(request: HttpRequest, number: Path[shapes.Number], given: shapes.ScopeIn) -> shapes.RequestOut:
    """Note how far the person asks, once they have been asked; the clock goes on (recital 63)"""
    at = house()
    scoped(at, asked_as(number), given.scope, by=by(request))
    return request_out(asked_as(number), at)


@route("POST", "/requests/{number}/extension", WORK, gives={200: shapes.RequestOut}, tag="requests")
def extend_time(
    request: HttpRequest, number: Path[shapes.Number], given: shapes.ExtendIn
) -> shapes.RequestOut:
    """Take one or two months more (art. 12.3)

    It counts when the person has been sent the letter; a handler finds it in the console."""
    at, found = house(), asked_as(number)
    ticking.extend(at, found, months=given.months, because=given.because, why=given.why, by=by(request))
    return request_out(asked_as(number), at)


@route(
    "POST",
    "/requests/{number}/refusal",
    Scope.REQUESTS_REFUSE,
    gives={200: shapes.WholeOut},
    tag="requests",
)
def refuse_request(
    request: HttpRequest, number: Path[shapes.Number], given: shapes.RefuseIn
) -> shapes.WholeOut:
    """Refuse, on a ground of the law (art. 12.2, 12.5)

    The person is told the reasons, and where to complain; a handler finds the letter in the console."""
    at = house()
    refuse(at, asked_as(number), ground=given.ground, by=by(request), why=given.why)
    return whole_out(asked_as(number), at)


@route("POST", "/requests/{number}/search", WORK, gives={202: shapes.WholeOut}, tag="requests")
def order_search(request: HttpRequest, number: Path[shapes.Number]) -> Status[shapes.WholeOut]:
    """Let the systems be searched, and the package made (art. 15, 20)

    The worker does it; the webhook event `request.ready` tells when it is there."""
    return _ordered(request, number, tuple(ordering.SEARCHED))


@route("POST", "/requests/{number}/erasure", WORK, gives={202: shapes.WholeOut}, tag="requests")
def carry_out_erasure(request: HttpRequest, number: Path[shapes.Number]) -> Status[shapes.WholeOut]:
    """Let an approved erasure be carried out (art. 17)

    Somebody has approved it, having seen what would happen."""
    return _ordered(request, number, (Right.ERASURE.value,))


@route(
    "POST",
    "/requests/{number}/package",
    Scope.PACKAGES_FETCH,
    gives={200: None},
    tag="requests",
    extra={
        "responses": {
            200: {
                "description": "The package: a ZIP file.",
                "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
            }
        }
    },
)
def fetch_package(request: HttpRequest, number: Path[shapes.Number]) -> HttpResponseBase:
    """Fetch the package: the person's data

    That it was fetched stands in the ledger before the first byte goes. By POST: a link that is followed
    by chance opens nothing. Give it to nobody but the person, by a way that was proven to be theirs."""
    content = fetch(house(), asked_as(number), by=by(request))
    return FileResponse(
        content,
        as_attachment=True,
        filename=f"registerutdrag-{number}.zip",
        content_type="application/zip",
    )


@route("POST", "/recipients/{ref}/told", WORK, gives={204: None}, tag="recipients")
def note_told(request: HttpRequest, ref: Path[shapes.Ref], given: shapes.ToldIn) -> HttpResponse:
    """Note that a recipient has been told (art. 19)"""
    notice = RecipientNotice.objects.filter(ref=ref).first()
    if notice is None:
        raise Problem(NOT_THERE, "There is no notice with this id.", mend="Look at GET /recipients.")
    recipients.told(house(), notice, channel=given.channel.value, by=by(request))
    return HttpResponse(status=204)


def identities(at: House, given: Sequence[shapes.IdentityIn], under: str = "body") -> tuple[Identity, ...]:
    """What was given, read. Raises Problem, with each that cannot be."""
    found = [
        read(each.kind, each.value, at.today, Place(path=f"{under}.identities.{place}.value"))
        for place, each in enumerate(given)
    ]
    faults = [each for each in found if isinstance(each, Fault)]
    if faults:
        raise of_faults(faults)
    return tuple(each for each in found if isinstance(each, Identity))


def _ordered(request: HttpRequest, number: str, rights: Sequence[str]) -> Status[shapes.WholeOut]:
    at, found = house(), asked_as(number)
    if found.right not in rights:
        raise Problem(REFUSED, f"This is a request for {found.right}.", mend="Look at what it asks for.")
    ordering.order(at, [found], by=by(request))
    return Status(202, whole_out(asked_as(number), at))

"""Records of the rooms, as the API shows them: never who a person is."""

from __future__ import annotations

from django.db.models import QuerySet

from lofte.api import shapes
from lofte.api.problem import NOT_THERE, Problem
from lofte.errors import Conflict, Refused
from lofte.execution.house import House
from lofte.law.clock import Waits
from lofte.law.rights import Right
from lofte.requests.course import order as ordering
from lofte.requests.course.roads import State
from lofte.requests.course.ticking import clock_of
from lofte.requests.models import Case, Request


def every_request() -> QuerySet[Request]:
    """The requests, with what showing them needs."""
    return Request.objects.select_related("case").prefetch_related("clock_events")


def asked_as(number: str) -> Request:
    """The request that people call by this number. Raises Problem."""
    found = every_request().filter(number=number).first()
    if found is None:
        raise Problem(NOT_THERE, "There is no request with this number.", mend="Look at GET /requests.")
    return found


def asked_for(number: str, right: Right, *, open_: bool = True) -> Request:
    """The request, when it is for this right and, with `open_`, not answered yet. Raises Problem, Refused,
    Conflict."""
    found = asked_as(number)
    if found.right != right:
        raise Refused(f"this is a request for {found.right}, not for {right}")
    if open_ and not State(found.state).open:
        raise Conflict("this request is answered already; read it again")
    return found


def clock_out(request: Request, house: House) -> shapes.ClockOut:
    """The time to answer, as it looks today."""
    clock, today = clock_of(request), house.today
    stopped = clock.stopped
    return shapes.ClockOut(
        received_on=clock.received,
        due_on=clock.due(today),
        first_due_on=clock.first_due(today),
        extended_months=clock.months - 1,
        stood_still_days=clock.stood_still(today),
        waits_for=Waits(stopped.waits) if stopped else None,
        waits_since=stopped.since if stopped else None,
    )


def request_out(request: Request, house: House) -> shapes.RequestOut:
    """A request in a list."""
    return shapes.RequestOut(
        number=request.number,
        ref=request.ref,
        case=request.case.ref if request.case else "",
        right=Right(request.right),
        article=Right(request.right).article,
        scope=request.scope,
        state=State(request.state),
        channel=request.channel,
        language=request.language,
        received_at=request.received_at,
        policy_version=request.policy_version,
        clock=clock_out(request, house),
    )


def whole_out(request: Request, house: House) -> shapes.WholeOut:
    """A request by itself, and how far it has come."""
    identified = request.identifications.order_by("-id").first()
    package = request.packages.order_by("-id").first()
    decided = [
        shapes.DecisionOut(outcome=each.outcome, ground=each.ground, article=each.article, at=each.at)
        for each in request.decisions.order_by("id")
    ]
    return shapes.WholeOut(
        **request_out(request, house).model_dump(),
        identified_level=identified.level if identified else None,
        ordered=ordering.open_order(request) is not None,
        approved=request.approvals.exists(),
        decisions=decided,
        package=shapes.PackageOut(bytes=package.size, sha256=package.sha256, made_at=package.made_at)
        if package
        else None,
    )


def case_out(case: Case, house: House) -> shapes.CaseOut:
    """What came in one message."""
    return shapes.CaseOut(
        ref=case.ref,
        channel=case.channel,
        language=case.language,
        received_at=case.received_at,
        requests=[request_out(each, house) for each in every_request().filter(case=case).order_by("id")],
    )

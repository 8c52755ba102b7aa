"""What takes two persons: a proposal and the decision on it, a plan that is seen and its approval. Whoever
let a program in is one person with it.
"""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Path, Status

from lofte.accounts.scopes import Scope
from lofte.api import deeds, shapes
from lofte.api.door import at_work, by, house
from lofte.api.machine import route
from lofte.api.problem import INVALID, NOT_THERE, Problem, Where
from lofte.api.showing import asked_as, asked_for, whole_out
from lofte.errors import Conflict
from lofte.execution.house import House
from lofte.law.rights import Right
from lofte.requests.answer import review as reviews
from lofte.requests.course import propose as proposals
from lofte.requests.course.propose import Terms
from lofte.requests.course.seconded import What
from lofte.requests.erasure import shown
from lofte.requests.erasure.approve import approve, digest_of
from lofte.requests.erasure.preview import Preview
from lofte.requests.models import Proposal, ProposalSettled

READ, WORK = Scope.REQUESTS_READ, Scope.REQUESTS_WORK


@route("GET", "/requests/{number}/proposals", READ, gives={200: deeds.ProposalsOut}, tag="decisions")
def list_proposals(request: HttpRequest, number: Path[shapes.Number]) -> deeds.ProposalsOut:
    """Read what has been proposed for a request, and what was decided

    Codes only; the words are read in the console."""
    at, found = house(), asked_as(number)
    return deeds.ProposalsOut(items=[_proposal(at, each) for each in found.proposals.order_by("id")])


@route("POST", "/requests/{number}/proposals", WORK, gives={201: deeds.ProposalOut}, tag="decisions")
def propose(
    request: HttpRequest, number: Path[shapes.Number], given: deeds.ProposeIn
) -> Status[deeds.ProposalOut]:
    """Propose a refusal, or more time, for another person to decide on

    Nothing is changed, and no clock stops."""
    at, found = house(), asked_as(number)
    made = proposals.propose(at, found, _terms(given), by=by(request))
    return Status(201, _proposal(at, made))


@route(
    "POST",
    "/requests/{number}/proposals/{ref}/decision",
    Scope.REQUESTS_REFUSE,
    gives={200: shapes.WholeOut},
    tag="decisions",
)
def decide_proposal(
    request: HttpRequest, number: Path[shapes.Number], ref: Path[shapes.Ref], given: deeds.SettleIn
) -> shapes.WholeOut:
    """Do as another person has proposed, or say why not

    Not for whoever proposed it, nor for a program that they let in."""
    at, found = house(), asked_as(number)
    there = Proposal.objects.filter(ref=ref, request=found).first()
    if there is None:
        mend = "Look at GET /requests/{number}/proposals."
        raise Problem(NOT_THERE, "There is no proposal with this id in this request.", mend=mend)
    if given.agree:
        proposals.agree(at, there, by=by(request))
    else:
        proposals.decline(at, there, why=given.why, by=by(request))
    return whole_out(asked_as(number), at)


@route("POST", "/requests/{number}/plan", WORK, gives={200: deeds.PlanOut}, tag="decisions")
def look_ahead(request: HttpRequest, number: Path[shapes.Number]) -> deeds.PlanOut:
    """Look at what an erasure would come to (art. 17)

    Reads the systems and changes nothing in them. By POST: it reads a person's rows."""
    work, found = at_work(), asked_for(number, Right.ERASURE)
    shown.show(work.house, [found], work.connect, by=by(request))
    seen = shown.last_shown(found)
    if seen is None:
        raise Conflict("what was seen cannot be read; look again")
    return _plan(seen.preview)


@route(
    "POST",
    "/requests/{number}/approval",
    Scope.ERASURES_APPROVE,
    gives={200: shapes.WholeOut},
    tag="decisions",
)
def approve_erasure(
    request: HttpRequest, number: Path[shapes.Number], given: deeds.ApproveIn
) -> shapes.WholeOut:
    """Let an erasure be carried out as it was seen (art. 17)

    `digest` says which plan a person has seen: let a person press the button. Where the policy wants a second
    person, it is not for whoever took the request in, nor for a program that they let in."""
    at, found = house(), asked_for(number, Right.ERASURE)
    seen = shown.last_shown(found)
    if seen is None:
        raise Conflict("nobody has looked at what would happen; look first")
    if digest_of(seen.preview) != given.digest:
        raise Conflict("somebody has looked again since; read what would happen now, then approve")
    approve(at, found, seen.preview, by=by(request), wide=given.wide)
    return whole_out(asked_as(number), at)


@route("POST", "/requests/{number}/review", WORK, gives={200: shapes.WholeOut}, tag="decisions")
def ask_review(request: HttpRequest, number: Path[shapes.Number], given: deeds.ReviewIn) -> shapes.WholeOut:
    """Write down which automated decision a human being is to review (art. 22.3)

    A human being decides it, in the console; no program does."""
    at, found = house(), asked_for(number, Right.HUMAN_REVIEW)
    reviews.ask(at, found, given.decision, view=given.view, case=given.case, by=by(request))
    return whole_out(asked_as(number), at)


def _terms(given: deeds.ProposeIn) -> Terms:
    lacking = "ground" if given.what is What.REFUSAL and given.ground is None else ""
    if given.what is What.EXTENSION and (given.months is None or given.because is None):
        lacking = "months" if given.months is None else "because"
    if lacking:
        where = Where(at=f"body.{lacking}", what=f"{given.what.value.capitalize()} needs this.")
        raise Problem(INVALID, "What was sent is not as the document says.", where=[where])
    if given.what is What.REFUSAL:
        return Terms(what=given.what, ground=str(given.ground), why=given.why)
    return Terms(what=given.what, months=given.months or 0, because=str(given.because), why=given.why)


def _proposal(at: House, proposal: Proposal) -> deeds.ProposalOut:
    terms = proposals.terms_of(at, proposal) if proposal.request.key else Terms(what=What(proposal.what))
    settled = ProposalSettled.objects.filter(proposal=proposal).first()
    return deeds.ProposalOut(
        ref=proposal.ref,
        what=terms.what,
        ground=terms.ground,
        months=terms.months,
        because=terms.because,
        at=proposal.at,
        settled=settled is not None,
        agreed=settled.agreed if settled else None,
    )


def _plan(preview: Preview) -> deeds.PlanOut:
    return deeds.PlanOut(
        digest=digest_of(preview),
        lines=[
            deeds.PlanLineOut(
                system=each.system,
                dataset=each.dataset,
                verb=each.verb.value,
                ground=each.ground,
                until=each.until,
                rows=each.rows,
            )
            for each in preview.lines
        ],
        silent=list(preview.silent),
        wide=preview.wide,
        ambiguous=bool(preview.ambiguous),
    )

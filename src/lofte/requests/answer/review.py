"""A machine's decision, looked at by a human being (art. 22.3).

Hard rules:
- The person's view and the reasons told to them lie sealed; the ledger holds who, when and how it went.
- Who decides is a person with the permission, and never the one who stood behind the decision that is
  reviewed. When somebody is assigned, nobody else decides.
- The request is answered by the decision of a human being and by nothing else, in one transaction.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from lofte.accounts.models import Handler
from lofte.accounts.roles import Permission
from lofte.consent import withdraw
from lofte.errors import Conflict, Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.law.calendar import civil_date
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind, Value
from lofte.plan import review as planned
from lofte.plan.review import ARTICLE, Outcome
from lofte.policy.document import Text
from lofte.requests import sealing
from lofte.requests.answer.grant import granted
from lofte.requests.course.case import is_number
from lofte.requests.course.receive import identities_of
from lofte.requests.course.roads import State
from lofte.requests.models import Request, Review, ReviewAssigned, ReviewDecided

_VIEW, _WHY = "view", "reasons"
_DROPPED = (State.REFUSED, State.WITHDRAWN)


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """A review that waits for a human being."""

    review: Review
    number: str
    decision: str
    name: Text
    since: datetime
    assigned_to: str
    """The handler's random id; empty while nobody has it."""
    withdrawn: bool
    """The consent that the decision rests on is taken back."""


def ask(
    house: House,
    request: Request,
    decision: str,
    *,
    view: str = "",
    case: str = "",
    made_by: str = "",
    by: str = "",
) -> Review:
    """Write down which decision the person wants reviewed, and what they say of it. `case` is the
    company's own number of it, `made_by` the handler who stood behind it, where known. Raises Refused
    when the decision is none that is reviewed; the message says what the person may do instead."""
    _open(request)
    known = planned.reviewable(house.policy, decision)
    if case.strip() and not is_number(case.strip(), house.today):
        raise Refused("write the number of the decision, not what it is about: letters, digits, at most 40")
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    before = Review.objects.filter(request=request).first()
    if before is not None:
        raise Conflict("this request holds a review already; read it again")
    payload: dict[str, Value] = {"article": ARTICLE, "decision": decision}
    if known.basis is not None:
        payload |= {"basis": known.basis, "withdrawn": int(withdrawn(house, request, decision))}
    with recorded(house):
        review = Review.objects.create(
            ref=secrets.token_hex(16),
            request=request,
            decision=decision,
            case=case.strip(),
            made_by=made_by,
            view=sealing.seal_text(key, view.strip(), _VIEW, request.ref),
            at=house.now,
        )
        _note(house, Kind.REVIEW_ASKED, request, payload | ({"by": by} if by else {}))
    return review


def assign(house: House, review: Review, *, to: str, by: str) -> ReviewAssigned:
    """Give the review to a handler (by random id). Assigning anew adds a record; the last one counts.
    Raises Refused when they may not review it, Conflict when it is decided."""
    _may(review, to)
    with recorded(house):
        _undecided(review)
        assigned = ReviewAssigned.objects.create(review=review, to=to, by=by, at=house.now)
        payload: dict[str, Value] = {"to": to}
        _note(house, Kind.REVIEW_ASSIGNED, review.request, payload | ({"by": by} if by else {}))
    return assigned


def decide(house: House, review: Review, outcome: Outcome, *, why: str, by: str) -> ReviewDecided:
    """Record what a human being decided and why, and answer the request. `by` is their random id.

    Raises Refused (no reasons, no human being, not theirs to decide, upheld without the consent that it
    rests on), Conflict when it is decided."""
    if not why.strip():
        raise Refused("write the reasons; the person is told them (art. 22.3)")
    _may(review, by)
    request = review.request
    _open(request)
    planned.settle(outcome, withdrawn=withdrawn(house, request, review.decision))
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    with recorded(house):
        assigned = _undecided(review)
        if assigned and assigned != by:
            raise Refused("this review is assigned to somebody else; assign it anew first")
        decided = ReviewDecided.objects.create(
            review=review,
            outcome=outcome.value,
            why=sealing.seal_text(key, why.strip(), _WHY, request.ref),
            by=by,
            at=house.now,
        )
        payload: dict[str, Value] = {"article": ARTICLE, "decision": review.decision}
        _note(house, Kind.REVIEW_DECIDED, request, payload | {"outcome": outcome.value, "by": by})
        granted(house, request, by=by, outcome=outcome.value)
    return decided


def waiting(house: House) -> tuple[Waiting, ...]:
    """The reviews that nobody has decided yet, the oldest first."""
    found = Review.objects.filter(decided=None).select_related("request").order_by("id")
    return tuple(_waiting(house, each) for each in found if State(each.request.state) not in _DROPPED)


def find(number: str) -> Review:
    """The review of the request with this number. Raises Refused."""
    found = Review.objects.filter(request__number=number).select_related("request").first()
    if found is None:
        raise Refused("this request holds no review; see its number")
    return found


def view_of(house: House, review: Review) -> str:
    """What the person says of the decision, opened."""
    request = review.request
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    return sealing.unseal_text(key, review.view, _VIEW, request.ref)


def letter(house: House, review: Review) -> Text:
    """What the person is told, made now and kept nowhere. Raises Refused while nobody has decided."""
    decided = ReviewDecided.objects.filter(review=review).first()
    if decided is None:
        raise Refused("no human being has decided yet; there is nothing to tell")
    request = review.request
    planned.reviewable(house.policy, review.decision)
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    return planned.letter(
        house.policy,
        review.decision,
        Outcome(decided.outcome),
        why=sealing.unseal_text(key, decided.why, _WHY, request.ref),
        number=request.number,
        withdrawn=withdrawn(house, request, review.decision),
        on=civil_date(decided.at),
    )


def withdrawn(house: House, request: Request, decision: str) -> bool:
    """Whether the consent that the decision rests on is taken back; False when it rests on something
    else, or is no longer in the policy."""
    if decision not in house.policy.automated_decisions:
        return False
    purposes = set(planned.consented(house.policy, decision))
    standing = withdraw.standing(house, identities_of(house, request)) if purposes else []
    return any(purposes & set(each.purposes) for each in standing)


def _open(request: Request) -> None:
    request.refresh_from_db()
    if request.right != Right.HUMAN_REVIEW:
        raise Refused(f"this is a request for {request.right}, not for human review")
    if request.state == State.RECEIVED:
        raise Refused("the person is not identified yet; identify them first (art. 12.6)")
    if not State(request.state).open:
        raise Conflict("this request is answered already; read it again")


def _may(review: Review, who: str) -> None:
    handler = Handler.objects.filter(ref=who).first() if who else None
    if handler is None or not handler.may(Permission.REVIEW_DECISION):
        raise Refused(
            "a human being with the right to review decides this (art. 22.3); see `lofte handler list`"
        )
    if review.made_by and review.made_by == who:
        raise Refused("whoever stood behind the decision does not review it; choose somebody else")


def _undecided(review: Review) -> str:
    """To whom it is assigned, nobody = empty; the row is held until the transaction ends."""
    Review.objects.select_for_update().get(pk=review.pk)
    if ReviewDecided.objects.filter(review=review).exists():
        raise Conflict("this review is decided already; read it again")
    return _assigned(review)


def _assigned(review: Review) -> str:
    last = ReviewAssigned.objects.filter(review=review).order_by("-id").first()
    return last.to if last else ""


def _waiting(house: House, review: Review) -> Waiting:
    known = house.policy.automated_decisions.get(review.decision)
    return Waiting(
        review=review,
        number=review.request.number,
        decision=review.decision,
        name=(known.name if known else None) or Text(en=review.decision),
        since=review.at,
        assigned_to=_assigned(review),
        withdrawn=withdrawn(house, review.request, review.decision),
    )


def _note(house: House, kind: Kind, request: Request, payload: dict[str, Value]) -> None:
    note(kind, request.ref, payload, at=house.now, policy_version=house.policy_version)

"""Refusing a request, with the ground that the law gives (art. 12.4-12.5)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from lofte.errors import Refused
from lofte.execution import runner
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.execution.models import Step, StepState
from lofte.law.calendar import civil_date
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind
from lofte.plan import refusal
from lofte.plan.records import Verb
from lofte.policy.document import Text
from lofte.requests import sealing
from lofte.requests.course.lock import alone, shown
from lofte.requests.course.move import move
from lofte.requests.course.roads import State
from lofte.requests.course.seconded import What, second
from lofte.requests.course.tell import news
from lofte.requests.models import Decision, Proposal, Request
from lofte.requests.records.deferred import LATER


class Ground(StrEnum):
    """Why a request may be refused as a whole."""

    UNIDENTIFIED = "unidentified"
    UNFOUNDED = "unfounded"
    EXCESSIVE = "excessive"
    NOT_CONTROLLER = "not_controller"


_WHY = "refusal"
ARTICLE: Mapping[Ground, str] = {
    Ground.UNIDENTIFIED: "12.2",
    Ground.UNFOUNDED: "12.5",
    Ground.EXCESSIVE: "12.5",
    Ground.NOT_CONTROLLER: "28.3.e",
}


SHOWN = frozenset({Ground.UNFOUNDED, Ground.EXCESSIVE})
"""Whoever refuses on these shows that it is so (art. 12.5)."""


def refuse(
    house: House,
    request: Request,
    *,
    ground: Ground,
    by: str,
    why: str = "",
    proposal: Proposal | None = None,
) -> Request:
    """Refuse, and record who decided it on what ground. `why` is told to the person. Raises Refused where
    the law asks for reasons and there are none, and where the policy wants a second person and nobody has
    proposed it; Conflict; AtWork while it is being carried out."""
    if ground in SHOWN and not why.strip():
        raise Refused("write why: whoever refuses as unfounded or excessive shows that it is so (art. 12.5)")
    # Not while somebody carries it out: what is refused is not done, and what is done not refused.
    with alone(house, runner.owner("refuse"), shown([request])), recorded(house):
        second(house, request, What.REFUSAL, proposal, by=by)
        moved = move(house, request, State.REFUSED, by=by, why=ground)
        Step.objects.filter(request=request.ref).exclude(kind=LATER).exclude(state=StepState.DONE).delete()
        key = sealing.unwrap(house.keys.wrapping, moved.key, moved.ref)
        Decision.objects.create(
            request=moved,
            outcome="refused",
            ground=ground,
            article=ARTICLE[ground],
            why=sealing.seal_text(key, why.strip(), _WHY, moved.ref) if why.strip() else b"",
            by=by,
            at=house.now,
        )
        note(
            Kind.REQUEST_REFUSED,
            request.ref,
            {"ground": ground.value, "article": ARTICLE[ground], **({"by": by} if by else {})},
            at=house.now,
            policy_version=house.policy_version,
        )
        news(house, [moved])
    return moved


def refusal_letter(house: House, request: Request) -> Text | None:
    """What the person is told, with its reasons and where to complain (art. 12.4); None when the request
    is not refused."""
    decision = request.decisions.filter(outcome="refused").order_by("-id").first()
    if decision is None:
        return None
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    why = sealing.unseal_text(key, bytes(decision.why), _WHY, request.ref) if decision.why else ""
    return refusal_words(house, request, Ground(decision.ground), why)


def refusal_words(house: House, request: Request, ground: Ground, why: str) -> Text:
    """The letter about a refusal on this ground, with these words of a handler's."""
    return refusal.letter(
        house.policy,
        number=request.number,
        right=Right(request.right),
        received=civil_date(request.received_at),
        ground=ground,
        why=why,
        begun=request.erasures.exclude(verb=Verb.KEEP).filter(rows__gt=0).exists(),
    )

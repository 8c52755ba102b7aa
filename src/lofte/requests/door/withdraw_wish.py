"""A person takes back what they asked: it is recorded, and nothing more is done (art. 12.2).

Hard rules:
- Only whoever has shown that the case is theirs takes it back, and they are told on the contacts that they
  have shown.
- What has begun to change a system is not taken back half done.
"""

from __future__ import annotations

from lofte.errors import Conflict
from lofte.execution import runner
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.execution.models import Step, StepState
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind, Value
from lofte.mail.letters import letter
from lofte.mail.post import post
from lofte.requests.course.lock import alone, shown
from lofte.requests.course.move import move
from lofte.requests.course.order import SEARCHED
from lofte.requests.course.reached import proven_contacts
from lofte.requests.course.roads import State
from lofte.requests.models import PackageRecord, Request

_MOST_A_DAY = 5


def withdraw_wish(house: House, request: Request) -> Request:
    """The request, taken back. Raises Conflict when it is answered or is being carried out, AtWork while
    somebody works with the person."""
    with alone(house, runner.owner("withdraw"), shown([request])), recorded(house):
        may_be_withdrawn(request)
        moved = move(house, request, State.WITHDRAWN)
        Step.objects.filter(request=request.ref).exclude(state=StepState.DONE).delete()
        PackageRecord.objects.filter(request=request, gone_at=None).update(until=house.now)
        said: dict[str, Value] = {"right": request.right}
        note(Kind.REQUEST_WITHDRAWN, request.ref, said, at=house.now, policy_version=house.policy_version)
        _tell(house, request)
    return moved


def may_be_withdrawn(request: Request) -> None:
    """Nothing, when it may be taken back now. Raises Conflict."""
    request.refresh_from_db()
    state = State(request.state)
    if not state.open:
        raise Conflict("the request is answered already; there is nothing to take back")
    changes = request.right not in SEARCHED
    if changes and (state is State.SEARCHING or Step.objects.filter(request=request.ref).exists()):
        raise Conflict("this is being carried out already, and cannot be taken back any more")


def _tell(house: House, request: Request) -> None:
    case = request.case
    said = letter(
        house,
        "withdrawn",
        request.language,
        number=request.number,
        right=Right(request.right).name_in(request.language),
    )
    for contact in proven_contacts(house, case) if case else ():
        if contact.kind == "email":
            post(house, said, contact.value, about=request, most_a_day=_MOST_A_DAY)

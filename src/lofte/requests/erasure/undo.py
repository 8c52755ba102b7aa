"""Undoing an erasure that was a mistake, while the window is open.

Hard rules:
- An erasure that is still open is not undone: it would go on. It is refused first.
- What was kept for a time does not go by itself any more: that is settled in the transaction that tells
  that the rows are back, with who gave them back and when.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lofte.datamap.document import System
from lofte.errors import Conflict, Refused
from lofte.execution import restore_log, runner
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.execution.models import Step, StepState
from lofte.execution.restore_log import Back, GivenBack
from lofte.ledger.kinds import Kind, Value
from lofte.requests.answer import recipients
from lofte.requests.course import known
from lofte.requests.course.lock import alone, shown
from lofte.requests.course.roads import State
from lofte.requests.erasure.erase_system import DEIDENTIFY, ERASE
from lofte.requests.erasure.evidence import named
from lofte.requests.erasure.restored import insist_there
from lofte.requests.models import Deferral, Request, Undone
from lofte.requests.records.deferred import LATER


def undo(house: House, number: str, connect: Callable[[System], Back], *, by: str = "") -> GivenBack:
    """Give back what was erased for a request, by its number. What somebody has written since is left,
    and told. Raises
    Refused when there is no such request, it is still open, or the window is over; Conflict when
    somebody else's row stands where one of these stood, or when somebody is at work with the person
    (`lock`)."""
    request = Request.objects.filter(number=number).first()
    if request is None:
        raise Refused("there is no request with this number; it is written as 2026-000123")
    with alone(house, runner.owner("undo"), shown([request])) as held:
        _insist_ended(house, request)
        for system in set(request.erasures.values_list("system", flat=True)):
            insist_there(house.folder, house.keys.lookup, only=system)
        undoing = _Undoing(house, request, by)
        back = restore_log.undo(house, request.ref, connect, by=by, insist=held.insist, close=undoing.close)
        undoing.close_rest()
        recipients.recall(house, request, by=by)
        return back


def _insist_ended(house: House, request: Request) -> None:
    """Raises Refused while the request goes on by itself, Conflict while somebody is at it."""
    request.refresh_from_db()
    if State(request.state).open:
        raise Refused(
            f"request {request.number} is still open, and would go on erasing what comes back; "
            "refuse it first, then undo it"
        )
    running = Step.objects.filter(request=request.ref, state=StepState.RUNNING)
    if running.filter(lease_until__gte=house.now).exists():
        raise Conflict("somebody is at work with this request; try again when it is done")


class _Undoing:
    """What is settled of a request when its rows are back."""

    def __init__(self, house: House, request: Request, by: str) -> None:
        self._house, self._request, self._by = house, request, by
        self._whole = False

    def close(self, system: str, steps: frozenset[str], rows: int) -> Mapping[str, Value]:
        """As `restore_log.Close`. What was kept for a time, and whose day had come, may be given back by
        itself: then the rest keeps its day."""
        if not steps & {ERASE, DEIDENTIFY}:
            self._record(system, rows, 0)
            return {}
        self._whole = True
        deferred = self._let_be(system)
        self._record(system, rows, deferred)
        return {"deferred": deferred} if deferred else {}

    def close_rest(self) -> None:
        """The systems where all was kept for a time, so that nothing had to be given back."""
        left = Deferral.objects.filter(request=self._request, done_at=None).order_by("system")
        systems = list(left.values_list("system", flat=True).distinct()) if self._whole else []
        for system in systems:
            with recorded(self._house):
                deferred = self._let_be(system)
                self._record(system, 0, deferred)
                said: dict[str, Value] = {"target": system, "rows": 0, "deferred": deferred}
                said |= {"by": self._by} if self._by else {}
                note(
                    Kind.ERASURE_UNDONE,
                    self._request.ref,
                    said,
                    at=self._house.now,
                    policy_version=self._house.policy_version,
                )

    def _let_be(self, system: str) -> int:
        """What waits for its day in a system waits no more; how many rows."""
        steps = Step.objects.filter(request=self._request.ref, kind=LATER).exclude(state=StepState.DONE)
        going = [step.pk for step in steps if step.target.rpartition("-")[0] == named(system)]
        Step.objects.filter(pk__in=going).delete()
        waiting = Deferral.objects.filter(request=self._request, system=system, done_at=None)
        deferred = waiting.count()
        waiting.delete()
        known.forget_later(self._request)
        return deferred

    def _record(self, system: str, rows: int, deferred: int) -> None:
        if rows or deferred:
            Undone.objects.create(
                request=self._request,
                system=system,
                rows=rows,
                deferred=deferred,
                by=self._by,
                at=self._house.now,
            )

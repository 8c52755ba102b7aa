"""Going on with what was stopped: a system did not answer, somebody else was at work with the person,
or whoever was at it died.

Every right goes on from what is written down: what exactly was asked, by whom, and which steps of the
journal are left. A request that needs a person (a doubt, a refusal, a step that failed for the last
time) is left to one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from django.db.models import Q

from lofte.consent import enforce
from lofte.consent import object as objections
from lofte.consent import restrict as restrictions
from lofte.consent import withdraw as withdrawals
from lofte.consent.models import Objection, Restriction
from lofte.consent.spread import TRACE
from lofte.errors import LedgerClosed
from lofte.execution.house import House
from lofte.execution.journal import FOR_A_PERSON, LEASE
from lofte.execution.models import Step, StepState
from lofte.law.rights import Right
from lofte.plan.living import USUAL
from lofte.plan.restriction import Ground
from lofte.requests.answer.fulfil import fulfil_access
from lofte.requests.answer.grant import grant
from lofte.requests.answer.portable import fulfil_portability
from lofte.requests.answer.rectify import correction_of, rectify
from lofte.requests.course import asked
from lofte.requests.course.receive import identities_of
from lofte.requests.course.roads import State
from lofte.requests.course.search import Connect
from lofte.requests.erasure.deidentify import deidentify
from lofte.requests.erasure.erase import erase
from lofte.requests.erasure.erase_system import DEIDENTIFY
from lofte.requests.models import Request
from lofte.requests.records.deferred import LATER

_UNDER_WAY = (State.IDENTIFIED, State.SEARCHING)
_AFTERWARDS = (Right.RESTRICTION, Right.ACCESS)
_log = logging.getLogger("lofte.requests")


def due_again(now: datetime) -> list[Request]:
    """Requests under way, of any right, restrictions that were answered and are being lifted, and answers
    that are being supplemented: those in which a step failed and has waited long enough, or was left by
    somebody who died, and at which nobody is at work. A step that failed for the last
    time, or for a reason that no waiting mends, waits for a person instead."""
    steps = Step.objects.exclude(kind=LATER)
    of = steps.values("request")
    failed = Q(state=StepState.WAITING, not_before__lte=now) & ~Q(failure="")
    never_begun = Q(state=StepState.WAITING, not_before__lte=now - LEASE)
    left = Q(state=StepState.RUNNING, lease_until__lt=now)
    at_work = of.filter(state=StepState.RUNNING, lease_until__gte=now)
    for_a_person = of.filter(Q(state=StepState.FAILED) | Q(failure__in=FOR_A_PERSON))
    return list(
        Request.objects.filter(Q(state__in=_UNDER_WAY) | Q(right__in=_AFTERWARDS, state=State.DELIVERED))
        .filter(right__in=_GO_ON, ref__in=of.filter(failed | never_begun | left))
        .exclude(ref__in=at_work)
        .exclude(ref__in=for_a_person)
        .order_by("due_on", "id")
    )


def do_due(house: House, connect: Connect) -> int:
    """Go on with every request that is due again; returns how many came to their end. One that cannot
    go on stops no other. Raises LedgerClosed."""
    done = 0
    for request in due_again(house.now):
        try:
            _GO_ON[request.right](house, request, connect)
        except LedgerClosed:
            raise
        except Exception as error:  # whatever it is: its words may hold what stands in a row
            _log.warning("request %s waits: %s", request.number, type(error).__name__)
        else:
            done += 1
    return done


def _access(house: House, request: Request, connect: Connect) -> None:
    fulfil_access(house, request, connect)


def _portability(house: House, request: Request, connect: Connect) -> None:
    fulfil_portability(house, request, connect)


def _erasure(house: House, request: Request, connect: Connect) -> None:
    """On the same grounds, and approved by the same, as it was begun; what was to be de-identified is
    not erased."""
    terms = asked.terms(house, request)
    if terms.what.get(DEIDENTIFY):
        grounds, approved = terms.what.get("grounds", USUAL), terms.what.get("approved_by", "")
        deidentify(house, request, connect, grounds=grounds, by=terms.by, approved_by=approved)
        return
    erase(
        house,
        [request],
        connect,
        grounds=terms.what.get("grounds", USUAL),
        by=terms.by,
        approved_by=terms.what.get("approved_by", ""),
        accepted=terms.what.get("accepted", ()),
    )


def _rectification(house: House, request: Request, connect: Connect) -> None:
    correction, by = correction_of(house, request)
    rectify(house, request, correction, connect, by=by)


def _objection(house: House, request: Request, connect: Connect) -> None:
    terms = asked.terms(house, request)
    shown = identities_of(house, request)
    purposes = terms.what["purposes"]
    objections.object_to(house, shown, purposes, connect=connect, by=terms.by, request=request.ref)
    if not Objection.objects.filter(request=request.ref, absolute=False, decided=None).exists():
        grant(house, request, by=terms.by)


def _withdrawal(house: House, request: Request, connect: Connect) -> None:
    terms = asked.terms(house, request)
    shown = identities_of(house, request)
    purposes = terms.what["purposes"]
    withdrawals.withdraw(house, shown, purposes, connect=connect, by=terms.by, request=request.ref)
    grant(house, request, by=terms.by)


def _restriction(house: House, request: Request, connect: Connect) -> None:
    """What the systems know, what they are to say, and, once it is lifted, what they say no longer."""
    terms = asked.terms(house, request)
    shown = identities_of(house, request)
    open_ = Step.objects.filter(request=request.ref).exclude(state=StepState.DONE)
    kinds = set(open_.values_list("kind", flat=True))
    if TRACE in kinds:
        ground, purposes = Ground(terms.what["ground"]), terms.what["purposes"]
        restrictions.restrict(
            house, shown, ground, purposes, connect=connect, by=terms.by, request=request.ref
        )
    restriction = Restriction.objects.filter(request=request.ref).order_by("-id").first()
    if restriction is None:
        return
    if hasattr(restriction, "lifted"):
        enforce.put_back(house, restriction, connect)
        grant(house, request, by=restriction.lifted.by or terms.by)
    elif enforce.HOLD in kinds:
        enforce.enforce(house, restriction, shown, connect)


_GO_ON: Mapping[str, Callable[[House, Request, Connect], None]] = {
    Right.ACCESS.value: _access,
    Right.PORTABILITY.value: _portability,
    Right.ERASURE.value: _erasure,
    Right.RECTIFICATION.value: _rectification,
    Right.OBJECTION.value: _objection,
    Right.WITHDRAWAL.value: _withdrawal,
    Right.RESTRICTION.value: _restriction,
}

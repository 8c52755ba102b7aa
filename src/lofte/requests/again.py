"""Trying again what could not be answered because a system did not answer."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db.models import Q

from lofte.errors import Ambiguous, Conflict, Unreachable
from lofte.execution.house import House
from lofte.execution.models import Step, StepState
from lofte.law.rights import Right
from lofte.requests.fulfil import fulfil_access
from lofte.requests.models import Request
from lofte.requests.portable import fulfil_portability
from lofte.requests.roads import State
from lofte.requests.search import Connect

_FULFIL = {Right.ACCESS.value: fulfil_access, Right.PORTABILITY.value: fulfil_portability}
_log = logging.getLogger("lofte.requests")


def due_again(now: datetime) -> list[Request]:
    """Requests that are being searched, in which a step failed and has waited long enough, or
    was left by somebody who died, and at which nobody is at work. A step that failed for the
    last time waits for a person instead."""
    of = Step.objects.values("request")
    failed = Q(state=StepState.WAITING, not_before__lte=now) & ~Q(failure="")
    left = Q(state=StepState.RUNNING, lease_until__lt=now)
    waited = of.filter(failed | left)
    at_work = of.filter(state=StepState.RUNNING, lease_until__gte=now)
    for_a_person = of.filter(state=StepState.FAILED)
    return list(
        Request.objects.filter(state=State.SEARCHING, right__in=_FULFIL, ref__in=waited)
        .exclude(ref__in=at_work)
        .exclude(ref__in=for_a_person)
    )


def fulfil_due(house: House, connect: Connect) -> int:
    """Fulfil every request that is due again; the package waits in the house. Returns how many
    became ready."""
    ready = 0
    for request in due_again(house.now):
        try:
            _FULFIL[request.right](house, request, connect)
        except (Unreachable, Ambiguous, Conflict) as error:
            _log.warning("request %s waits: %s", request.number, type(error).__name__)
        else:
            ready += 1
    return ready

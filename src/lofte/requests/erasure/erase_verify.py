"""Verifying an erasure with other eyes: a second scanner looks through everything."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lofte.connectors.protocol import Left
from lofte.datamap.document import System
from lofte.datamap.identity import STRENGTH, Strength
from lofte.errors import Residue as Residue
from lofte.execution import journal
from lofte.execution.book import note, recorded
from lofte.execution.journal import Claim, Done
from lofte.execution.models import Step, StepState
from lofte.execution.store import pick, writing
from lofte.ledger.kinds import Kind
from lofte.requests.erasure import evidence
from lofte.requests.erasure.erase_system import DEIDENTIFY, ERASE, STAYING, VERIFY, Work, opened
from lofte.requests.models import Request

_LEFT = "left"


def remember(claims: Sequence[Claim], residue: Residue) -> None:
    """Where something was found, with the step that failed: whoever looks at the request sees it."""
    with writing():
        Step.objects.filter(pk__in=[claim.step for claim in claims]).update(result={_LEFT: residue.places})


def left_of(request: Request) -> dict[str, int]:
    """Where something of the person still stood when it was looked for last; place -> rows."""
    found: dict[str, int] = {}
    for result in Step.objects.filter(request=request.ref, kind=VERIFY).values_list("result", flat=True):
        found |= result.get(_LEFT, {})
    return found


# -- verification -----------------------------------------------------------------------------------


def verify(work: Work, claims: Sequence[Claim], then: Callable[[], None] = lambda: None) -> None:
    """Look through every table of every system once more, with other eyes. What tells nobody apart
    (a telephone number that a household shares) is counted and stops nothing. What `then` writes is
    written in the same transaction as the evidence that nothing is left."""
    found: list[tuple[str, Left]] = []
    weak = 0
    refs = {claim.request for claim in claims}
    requests = [request for request in work.requests if request.ref in refs]
    sought = {identity for each in work.sought(requests).values() for identity in each}
    telling = {identity for identity in sought if STRENGTH[identity.kind] is not Strength.WEAK}
    for system in work.house.datamap.systems:
        allowed = _allowed(work, system, requests)
        connector = opened(work.connect, system)
        try:
            found += [(system.id, left) for left in connector.left(telling, allowed)]
            if sought - telling:
                weak += sum(each.rows for each in connector.left(sought - telling, allowed))
        finally:
            connector.close()
    places = {f"{system}.{left.table}.{left.column}": left.rows for system, left in found}
    open_ = {place: rows for place, rows in places.items() if place not in work.accepted}
    with recorded(work.house):
        for claim in claims:
            note(
                Kind.ERASURE_VERIFIED,
                claim.request,
                {
                    "systems": len(work.house.datamap.systems),
                    "residual": sum(open_.values()),
                    "accepted": sum(places.values()) - sum(open_.values()),
                    "weak": weak,
                    **({"by": work.by} if work.by else {}),
                },
                at=work.house.now,
                policy_version=work.house.policy_version,
            )
            if not open_:
                journal.note_done(work.house, claim, {"rows": 0})
        if not open_:
            journal.completed_each([Done(claim=claim, result={"rows": 0}) for claim in claims])
            then()
    if open_:
        raise Residue(open_)


def _allowed(work: Work, system: System, requests: Sequence[Request]) -> dict[tuple[str, str], int]:
    """In how many rows of a dataset's column these persons still stood when the system's step was done:
    as it was counted then, in the rows that are kept."""
    refs = [request.ref for request in requests]
    done = {"request": refs, "kind": (ERASE, DEIDENTIFY), "target": system.id, "state": StepState.DONE}
    found: dict[tuple[str, str], int] = {}
    for (result,) in pick(Step, ("result",), done):
        for dataset, column, rows in result.get(STAYING, ()):
            found[dataset, column] = found.get((dataset, column), 0) + rows
    return found | evidence.of_others(work.house, system.id)

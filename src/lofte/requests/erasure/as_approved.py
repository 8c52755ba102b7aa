"""Holding what is carried out to what was approved.

Hard rules:
- A plan on other grounds, by another policy or map, or of a person who is known otherwise than when it
  was approved stops; so does one that has grown by more than ten rows and ten per cent, or takes what
  was not seen to be taken. It is approved anew.
- Where the policy asks for a second person, whoever approved is compared once more with those who took
  the request in.
- A plan that passes a cap stops, unless somebody who may approve has let it through by name, with
  a reason.
- That a plan was stopped stands in the ledger and in the log.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from lofte.accounts.token import makers
from lofte.errors import Conflict, Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.execution.store import pick
from lofte.ledger.kinds import Kind
from lofte.plan import preview as told
from lofte.plan.preview import TAKES, Line
from lofte.plan.scope import marks
from lofte.plan.verdict import ErasePlan
from lofte.requests import sealing
from lofte.requests.course.receive import PORTAL
from lofte.requests.models import Approval, Identification, Identifier, Request, Transition

Measure = Callable[[Mapping[str, int]], Mapping[str, int]]
_log = logging.getLogger("lofte.requests")


@dataclass(frozen=True, kw_only=True, slots=True)
class Stop:
    """One plan that was stopped, in counts."""

    request: str
    """The reference that stands in the ledger."""
    system: str
    why: str
    """`not_approved`, `wider` or `too_wide`."""
    rows: int
    allowed: int


class NotApproved(Conflict):
    """The plan is not the one that was approved; somebody must look at it again."""

    def __init__(self, says: str, stops: Iterable[Stop]) -> None:
        super().__init__(says)
        self.stops = tuple(stops)


class OverCap(Refused):
    """The plan takes more than the cap; somebody who may approve must let it through by name."""

    def __init__(self, says: str, stops: Iterable[Stop]) -> None:
        super().__init__(says)
        self.stops = tuple(stops)


def insist(
    house: House, requests: Sequence[Request], plan: ErasePlan, measure: Measure
) -> tuple[int | None, ...]:
    """By request: 1 when the plan is exactly what was approved, 0 when it is not and no wider, None
    when nobody was asked. `measure` counts tables, as far as is said. Nothing has been changed yet.
    Raises NotApproved, OverCap."""
    cap = told.cap_of(house.policy)
    approvals = approvals_of(requests)
    strangers = _not_theirs(house, plan, requests, approvals)
    persons = told.by_person(plan)
    wanted = told.to_measure(persons.values(), cap)
    sizes = measure(wanted) if wanted else {}
    asked = house.policy.rights.erasure is not None and house.policy.rights.erasure.approval is not None
    found: list[int | None] = []
    missing: list[Stop] = []
    passed: list[Stop] = []
    for number, request in enumerate(requests):
        approval, verdicts = approvals.get(request.pk), persons.get(number, ())
        lines = told.lines(plan.system, verdicts) if approval is not None or asked else ()
        if request.pk in strangers:
            missing.append(_stop(request, plan, lines))
        else:
            missing += _not_approved(house, request, plan, approval, lines)
        wide = told.too_wide(plan.system, verdicts, cap, sizes)
        if wide and not (approval and bytes(approval.wide)):
            passed += over(request.ref, wide)
        same = approval is not None and approval.digests.get(plan.system) == told.digest(plan, verdicts)
        found.append(int(same) if approval is not None else None)
    if passed:
        raise OverCap(
            f"the plan for {plan.system} takes more than the cap for one person; look at the preview, "
            "and let it be approved with a reason or mend the map",
            passed,
        )
    if missing:
        raise NotApproved(
            f"the plan for {plan.system} is not as it was approved; look at the preview again, "
            "and let it be approved anew",
            missing,
        )
    return tuple(found)


def approval_of(request: Request) -> Approval | None:
    """The last approval; None = nobody has approved it."""
    return approvals_of([request]).get(request.pk)


def approvals_of(requests: Sequence[Request]) -> dict[int, Approval]:
    """The last approval of each, by key of the request."""
    pks = [r.pk for r in requests]
    if not pick(Approval, ("id",), {"request_id": pks}, at_most=1):
        return {}
    found = Approval.objects.filter(request__in=pks).order_by("id")
    return {each.request_id: each for each in found}


def looked_for(requests: Sequence[Request]) -> dict[int, str]:
    """Digest of the keyed identities of each, by key of the request."""
    found: dict[int, set[str]] = {request.pk: set() for request in requests}
    rows = Identifier.objects.filter(request__in=list(found))
    for pk, lookup in rows.values_list("request_id", "lookup"):
        found[pk].add(lookup)
    return {pk: sealing.lookups_digest(lookups) for pk, lookups in found.items()}


def hands(requests: Sequence[Request]) -> dict[int, set[str]]:
    """Who received and who identified each, by key of the request; empty = nobody has signed it. Of a
    program also who let it in. What the person asked in the portal and proved there themselves, nobody here
    has taken in: nobody is its first person."""
    found: dict[int, set[str]] = {request.pk: set() for request in requests}
    received = Transition.objects.filter(request__in=list(found), from_state="")
    identified = Identification.objects.filter(request__in=list(found))
    for pk, by in [*received.values_list("request_id", "by"), *identified.values_list("request_id", "by")]:
        found[pk].add(by)
    portal = Request.objects.filter(pk__in=list(found), channel=PORTAL, case__by="")
    for pk in portal.filter(identifications__by="").values_list("pk", flat=True):
        found[pk].discard("")
    let_in = makers({by for of in found.values() for by in of})
    return {pk: of | {let_in[by] for by in of if by in let_in} for pk, of in found.items()}


def _not_theirs(
    house: House, plan: ErasePlan, requests: Sequence[Request], approvals: Mapping[int, Approval]
) -> set[int]:
    """The requests whose approval is of something else than what is planned now, or by one who may not."""
    approved = [request for request in requests if request.pk in approvals]
    if not approved:
        return set()
    known = looked_for(approved)
    times = Counter(
        Identification.objects.filter(request__in=list(known)).values_list("request_id", flat=True)
    )
    terms = house.policy.rights.erasure
    second = terms is not None and terms.approval == "second_person"
    first = hands(approved) if second else {}
    scopes = {request.pk: request.scope for request in approved}
    persons = makers({approvals[pk].by for pk in known})  # a program is the person who let it in
    return {
        pk
        for pk in known
        if not _same(approvals[pk], plan, scopes[pk], known[pk], times[pk])
        or (second and first[pk] & {"", approvals[pk].by, persons.get(approvals[pk].by, "")})
    }


def _same(approval: Approval, plan: ErasePlan, scope: Iterable[str], known: str, identified: int) -> bool:
    """Whether what is planned is what was asked for when it was approved."""
    return (
        set(approval.grounds) == {*plan.grounds, *marks(frozenset(scope))}
        and approval.policy_digest == plan.policy_digest
        and approval.map_digest == plan.map_digest
        and (approval.identities, approval.identified) == (known, identified)
    )


def over(request: str, wide: Iterable[told.TooWide]) -> list[Stop]:
    """What passes a cap, as it stops a plan."""
    return [
        Stop(
            request=request,
            system=w.system,
            why="too_wide",
            rows=w.rows,
            allowed=w.of * w.cap // 100 if w.of else w.cap,
        )
        for w in wide
    ]


def _not_approved(
    house: House, request: Request, plan: ErasePlan, approval: Approval | None, lines: Sequence[Line]
) -> list[Stop]:
    rows = sum(line.rows for line in lines if line.verb in TAKES)
    if approval is None:
        terms = house.policy.rights.erasure
        if terms is None or terms.approval is None:
            return []
        return [_stop(request, plan, lines)]
    if plan.system not in approval.digests and rows:
        # It did not answer when the rest was looked at: nobody has seen what is in it.
        return [Stop(request=request.ref, system=plan.system, why="wider", rows=rows, allowed=0)]
    seen = {(s, d, v): n for s, d, v, n in approval.counts}
    wider = told.wider(seen, lines)
    return [
        Stop(request=request.ref, system=w.system, why="wider", rows=w.rows, allowed=w.approved)
        for w in wider
    ]


def _stop(request: Request, plan: ErasePlan, lines: Sequence[Line]) -> Stop:
    """Nobody has approved this."""
    rows = sum(line.rows for line in lines if line.verb in TAKES)
    return Stop(request=request.ref, system=plan.system, why="not_approved", rows=rows, allowed=0)


def alarm(house: House, error: NotApproved | OverCap) -> None:
    """Tell the ledger and the log that a plan was stopped."""
    with recorded(house):
        for stop in error.stops:
            note(
                Kind.ERASURE_STOPPED,
                stop.request,
                {"target": stop.system, "why": stop.why, "rows": stop.rows, "allowed": stop.allowed},
                at=house.now,
                policy_version=house.policy_version,
            )
    for stop in error.stops:
        _log.warning(
            "erasure stopped (%s): %d rows in %s, %d allowed", stop.why, stop.rows, stop.system, stop.allowed
        )

"""Erasing what a person has asked to have erased (art. 17), in one pass for any number of requests.

Hard rules:
- Intent before act: that we are about to erase has its number in the ledger before a row is touched.
- The plan is made anew in the transaction that carries it out, with the holds that stand at that
  moment; they are asked for once more before it is made lasting. A hold wins, whenever it came.
- Rows are in the restore log and their tombstones on the disk before they are changed.
- One transaction per system. When it is lasting, its counts, what is kept for a time and the
  entry in the ledger commit together with the step.
- An answer that was lost is not guessed: what an earlier attempt took is known from the restore log.
- One person, one erasure at a time. The request is answered when every system is done and a second
  scanner has found nothing that should be gone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from lofte.datamap.digest import digest as map_digest
from lofte.errors import Ambiguous, Conflict, LedgerClosed, LofteError, Refused
from lofte.execution import journal, runner
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.execution.journal import Claim
from lofte.execution.store import on_sqlite
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind
from lofte.plan.living import GROUNDS, USUAL
from lofte.plan.records import Subject
from lofte.policy.digest import digest as policy_digest
from lofte.requests.erase_system import (
    ERASE,
    EVERYWHERE,
    TRIES,
    VERIFY,
    Connect,
    One,
    Tell,
    Work,
    opened,
    silent,
)
from lofte.requests.erase_verify import Residue, verify
from lofte.requests.grant import grant
from lofte.requests.models import Erasure, Request
from lofte.requests.move import move
from lofte.requests.receive import identities_of
from lofte.requests.roads import State


@dataclass(frozen=True, kw_only=True, slots=True)
class Erased:
    """How it went for one request, in counts."""

    number: str
    state: str
    rows: Mapping[tuple[str, str, str], int]
    """(system, dataset, verb) -> rows."""


def erase(
    house: House,
    requests: Sequence[Request],
    connect: Connect,
    *,
    grounds: Sequence[str] = USUAL,
    by: str = "",
    approved_by: str = "",
    accepted: Collection[str] = (),
    tell: Tell = silent,
) -> tuple[Erased, ...]:
    """Erase what these requests ask. Doing it again goes on where it was stopped. `accepted` are places
    (`system.table.column`) where a handler has looked at what the second scanner found, and lets it be.
    Raises Conflict, Unreachable (the systems that answered are done), FaultsFound, Residue, Broken,
    LedgerClosed."""
    if unknown := set(grounds) - set(GROUNDS):
        raise Refused(
            f"{', '.join(sorted(unknown))} is no ground for erasure; use one of {', '.join(GROUNDS)}"
        )
    for request in requests:
        request.refresh_from_db()
        if request.right != Right.ERASURE:
            raise Refused(f"this is a request for {request.right}, not for erasure")
    going = [r for r in requests if r.state != State.DELIVERED]
    work = Work(
        house=house,
        requests=going,
        connect=connect,
        grounds=tuple(grounds),
        owner=runner.owner("erase"),
        tell=tell,
        by=by,
        accepted=frozenset(accepted),
    )
    for request in going:
        _intend(work, request, by, approved_by)
    failures = _every(work, ERASE, lambda system, claims: _erase_in(work, system, claims))
    if failures:
        raise failures[0]
    if going and work.ambiguous and not work.persons:
        raise Ambiguous(
            "more than one person answers to this identity; ask for another, as a customer number"
        )
    failures = _every(work, VERIFY, lambda _, claims: verify(work, claims))
    if failures:
        raise failures[0]
    for request in going:
        _insist_done(request)
        grant(house, request, by=by)
    return tuple(_erased(request) for request in requests)


def _intend(work: Work, request: Request, by: str, approved_by: str) -> None:
    """Say what is about to be erased, and write down the steps."""
    house = work.house
    systems = sorted(system.id for system in house.datamap.systems)
    with recorded(house):
        alone(house, request)
        if request.state != State.SEARCHING:
            move(house, request, State.SEARCHING, by=by)
        journal.begin(request.ref, [*((ERASE, s) for s in systems), (VERIFY, EVERYWHERE)], house.now)
        journal.hurry(request.ref, house.now)
        note(
            Kind.ERASURE_INTENDED,
            request.ref,
            {
                "article": work.grounds[0] if len(work.grounds) == 1 else "17.1",
                "systems": len(systems),
                "policy_digest": policy_digest(house.policy),
                "map_digest": map_digest(house.datamap),
                **({"by": by} if by else {}),
                **({"approved_by": approved_by} if approved_by else {}),
            },
            at=house.now,
            policy_version=house.policy_version,
        )


def alone(house: House, request: Request) -> None:
    """Raises Conflict while another request of the same person is being carried out. In the caller's
    transaction."""
    lookups = sorted(request.identifiers.values_list("lookup", flat=True))
    if not on_sqlite():
        with connection.cursor() as cursor:
            for lookup in lookups:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(lookup[:15], 16)])
    others = Request.objects.filter(state=State.SEARCHING, identifiers__lookup__in=lookups)
    if others.exclude(pk=request.pk).exists():
        raise Conflict("another request of the same person is being carried out; try again when it is done")


def _every(work: Work, kind: str, do: Callable[[str, list[Claim]], None]) -> list[LofteError]:
    """Do every step of this kind that is due, those of one system together. What fails is written
    down and tried again later; the others go on."""
    failures: list[LofteError] = []
    while True:
        groups: dict[str, list[Claim]] = {}
        for request in work.requests:
            claim = journal.claim(work.owner, work.house.now, request=request.ref, kinds=[kind])
            if claim is not None:
                groups.setdefault(claim.target, []).append(claim)
        if not groups:
            return failures
        for target, claims in groups.items():
            work.tell(kind, target)
            try:
                do(target, claims)
            except LedgerClosed:
                raise
            except LofteError as error:
                for claim in claims:
                    journal.fail(work.house, claim, _reason(error))
                failures.append(error)


def _reason(error: LofteError) -> str:
    return "residual" if isinstance(error, Residue) else runner.reason(error)


# -- one system ------------------------------------------------------------------------------------


def _erase_in(work: Work, system: str, claims: Sequence[Claim]) -> None:
    by_ref = {request.ref: request for request in work.requests}
    requests = [by_ref[claim.request] for claim in claims]
    subjects = [Subject(ref=r.ref, identities=identities_of(work.house, r)) for r in requests]
    connector = opened(work.connect, work.house.datamap.system(system))
    try:
        for left in range(TRIES - 1, -1, -1):
            try:
                one = One(work, system, requests, subjects)
                with connector.acting() as session:
                    one.act(session)
                break
            except Conflict:
                if not left:
                    raise
        one.remember()
        with recorded(work.house):
            for number, claim in enumerate(claims):
                one.record(claim, requests[number], number)
    finally:
        connector.close()


# -- the end ------------------------------------------------------------------------------------------


def _insist_done(request: Request) -> None:
    open_ = [s for s in journal.steps(request.ref) if s.kind in (ERASE, VERIFY) and s.state != "done"]
    if open_:
        raise Conflict(f"somebody else is at {open_[0].target} for this request; look at it again")


def _erased(request: Request) -> Erased:
    rows: dict[tuple[str, str, str], int] = {}
    for each in Erasure.objects.filter(request=request):
        at = (each.system, each.dataset, each.verb)
        rows[at] = rows.get(at, 0) + each.rows
    request.refresh_from_db()
    return Erased(number=request.number, state=request.state, rows=rows)

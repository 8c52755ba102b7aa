"""What was kept for a time goes on its day, by itself and in the same case (art. 5.1 e, 17.3).

The rows are known by their keys, which were sealed when the rest was erased: nothing in them need
tell any more whose they were. A law or a hold that still wants them then is obeyed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from lofte.connectors.protocol import Acting
from lofte.consent.restrict import as_holds
from lofte.datamap.tracing import Key
from lofte.execution import runner
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.execution.journal import Claim
from lofte.ledger.kinds import Kind
from lofte.plan import erase as erasing
from lofte.plan.records import Subject, Verb
from lofte.plan.verdict import ErasePlan
from lofte.requests import evidence, holds, sealing
from lofte.requests.erase_system import Connect, Keeper, opened
from lofte.requests.evidence import LATER, Row, Touched
from lofte.requests.models import Deferral, Request
from lofte.requests.receive import identities_of

GROUND = "17.1.a"


def erase_later(house: House, connect: Connect, *, who: str = "") -> tuple[runner.Failure, ...]:
    """Do all that is due by now. What fails is tried again later, and returned."""
    acts = {LATER: lambda claim: _act(house, connect, claim)}
    return runner.run(house, who or runner.owner("erase-later"), acts)


def _act(house: House, connect: Connect, claim: Claim) -> Mapping[str, int]:
    request = Request.objects.get(ref=claim.request)
    named = claim.target.rpartition("-")[0]
    system = next(s for s in house.datamap.systems if evidence.named(s.id) == named)
    rows = list(
        Deferral.objects.filter(request=request, system=system.id, due_on__lte=house.today, done_at=None)
    )
    named_rows = {row.pk: (row.dataset, _key(house, request, row)) for row in rows}
    subject = Subject(ref=request.ref, identities=identities_of(house, request))
    connector = opened(connect, system)
    try:
        with connector.acting() as session:
            plan, touched, statements = _in_one(house, session, request, subject, named_rows.values())
    finally:
        connector.close()
    lines = evidence.lines(plan, touched, 0, {})
    counts = evidence.counts(lines)
    staying = {(v.fact.at.dataset, v.fact.key) for v in plan.verdicts if v.verb is not Verb.DELETE}
    done = [pk for pk, at in named_rows.items() if at not in staying]
    with recorded(house):
        Deferral.objects.filter(pk__in=done).update(done_at=house.now)
        evidence.save(house, request, f"{LATER}-{house.today:%Y%m%d}", plan.system, lines)
        deferred = evidence.defer(house, request, plan, 0)
        note(
            Kind.ERASURE_DONE,
            request.ref,
            {
                "step": LATER,
                "target": plan.system,
                "plan_digest": plan.digest,
                **counts,
                "deferred": deferred,
                "statements": statements,
            },
            at=house.now,
            policy_version=house.policy_version,
        )
    return {"rows": counts["deleted"], "statements": statements}


def _in_one(
    house: House, session: Acting, request: Request, subject: Subject, rows: Iterable[Row]
) -> tuple[ErasePlan, Touched, int]:
    """The plan, and what was done, in the transaction that the session is."""
    by_dataset: dict[str, list[Key]] = {}
    for dataset, key in rows:
        by_dataset.setdefault(dataset, []).append(key)
    facts = session.facts_of(by_dataset, house.today)
    placed = holds.standing(house, {0: subject.identities}).get(0, ())
    # Nobody has asked for this erasure now: a restriction that has come since keeps the rows.
    held = {0: (*placed, *as_holds(house, {0: subject.identities}).get(0, ()))}
    plan = erasing.plan(
        house.policy, house.datamap, facts, [subject], house.today, grounds=[GROUND], holds=held
    )
    touched = Touched.of(plan)
    keeper = Keeper(house, LATER, (request,), touched, (GROUND,), {})
    acted = session.act(plan, keeper.keep)
    return plan, touched, facts.statements + acted.statements


def _key(house: House, request: Request, row: Deferral) -> Key:
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    return tuple(json.loads(sealing.unseal_text(key, row.key, "deferral", request.ref)))

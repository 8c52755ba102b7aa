"""From promises and evidence to findings.

* Every promise of the policy gets one line; none is left out because it cannot be judged.
* Kept takes evidence. What has none is unproven; what no part of Löfte shows yet names that part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from lofte.policy.document import Language, Policy
from lofte.policy.notice import notice
from lofte.policy.promises import Promise, promises
from lofte.proof import (
    access,
    erasing,
    forwarding,
    grounds,
    packs,
    publication,
    restricted,
    retention,
    reviewing,
    rights,
)
from lofte.proof.records import Case, Evidence, Line, Verdict, lacking
from lofte.proof.unbuilt import MISSING, UNKNOWN

Evaluator = Callable[[Case], Verdict]

EVALUATORS: Mapping[str, Evaluator] = {
    "P001": publication.four_things_told,
    "P002": publication.controller_named,
    "P003": grounds.scope_covers_map,
    "P005": publication.in_force_from,
    "P006": publication.updated_shown,
    "P011": grounds.every_category_used,
    "P013": packs.law_followed,
    "P023": grounds.number_has_ground,
    "P027": retention.nothing_past,
    "P033": retention.nothing_past,
    "P034": forwarding.others_data_forwarded,
    "P037": grounds.contracts_behind_rows,
    "P038": grounds.duties_have_statutes,
    "P048": retention.nothing_past,
    "P061": rights.marketing_forbidden,
    "P062": erasing.erased_when_objected,
    "P097": access.answered_in_time,
    "P098": access.reports_whole,
    "P099": access.free_of_charge,
    "P101": access.all_answered_in_time,
    "P103": rights.corrected_everywhere,
    "P104": rights.statements_kept,
    "P105": restricted.only_stored,
    "P106": restricted.service_stopped,
    "P107": restricted.lifted_as_promised,
    "P108": rights.portable_whole,
    "P109": erasing.erased_everywhere,
    "P110": erasing.erased_everywhere,
    "P111": erasing.erased_everywhere,
    "P112": reviewing.tells_nobody,
    "P116": access.identified_first,
    "P118": erasing.kept_by_law,
    "P119": erasing.claims_looked_after,
    "P120": erasing.contracts_hold,
    "P121": reviewing.reviewed_by_a_human,
    "P134": retention.everything_in_time,
    "P135": retention.kept_as_the_law_says,
    "P136": retention.other_use_stopped,
    "P137": retention.everything_in_time,
    "P139": erasing.claims_looked_after,
    "P146": publication.contact_shown,
    "P147": publication.officer_shown,
    "P148": publication.contact_shown,
    "P149": publication.complaint_shown,
    "P150": publication.complaint_shown,
    "P153": retention.nothing_past,
}


def evaluate(
    policy: Policy, evidence: Sequence[Evidence], now: datetime, language: Language | None = None
) -> tuple[Line, ...]:
    """Every promise of the policy, with what the evidence says of it (art. 5.2)."""
    ordered = tuple(sorted(evidence, key=_place))
    texts = {spoken: notice(policy, spoken) for spoken in policy.meta.languages}
    return tuple(
        _line(promise, Case(promise=promise, policy=policy, evidence=ordered, now=now, texts=texts))
        for promise in promises(policy, language)
    )


def judge(case: Case) -> Verdict:
    """What the evaluator of this promise finds; without one, which part is missing."""
    return EVALUATORS.get(case.promise.id, _missing)(case)


def _place(evidence: Evidence) -> tuple[bool, int, datetime]:
    """Ledger entries by number, then live checks by time."""
    return (evidence.entry is None, evidence.entry or 0, evidence.at)


def _line(promise: Promise, case: Case) -> Line:
    verdict = judge(case)
    return Line(
        promise=promise,
        finding=verdict.finding,
        reason=verdict.reason,
        entries=tuple(sorted({e.entry for e in verdict.evidence if e.entry is not None})),
        as_of=max((e.at for e in verdict.evidence), default=None),
        mend=verdict.mend,
        checks=tuple(e for e in verdict.evidence if e.entry is None),
        missing=verdict.missing,
    )


def _missing(case: Case) -> Verdict:
    return lacking(MISSING.get(case.promise.id, UNKNOWN))

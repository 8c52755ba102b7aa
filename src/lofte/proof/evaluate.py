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
    asking,
    columns,
    consented,
    cookies,
    deciding,
    disclosures,
    erasing,
    forms,
    forwarding,
    grounds,
    links,
    marketing,
    packs,
    processors,
    publication,
    purposes,
    restricted,
    retention,
    reviewing,
    rights,
    security,
    statistics,
    transfers,
    versions,
)
from lofte.proof.records import Case, Evidence, Line, Verdict, lacking
from lofte.proof.unbuilt import MISSING, UNKNOWN

Evaluator = Callable[[Case], Verdict]

EVALUATORS: Mapping[str, Evaluator] = {
    "P001": publication.four_things_told,
    "P002": publication.controller_named,
    "P003": grounds.scope_covers_map,
    "P004": links.documents_linked,
    "P005": publication.in_force_from,
    "P006": publication.updated_shown,
    "P007": forms.can_be_read,
    "P008": consented.never_assumed,
    "P009": consented.asked_before_others,
    "P010": security.each_measure,
    "P011": grounds.every_category_used,
    "P012": security.least_used,
    "P013": packs.law_followed,
    "P014": security.answered_for,
    "P015": forms.every_source_told,
    "P016": forms.collectors_held,
    "P017": forms.collectors_held,
    "P018": forms.fields_mapped,
    "P019": forms.forms_have_rules,
    "P020": cookies.counts_visits,
    "P021": columns.messages_given,
    "P022": columns.columns_as_told,
    "P023": grounds.number_has_ground,
    "P024": columns.columns_as_told,
    "P025": columns.columns_as_told,
    "P026": columns.columns_as_told,
    "P027": retention.nothing_past,
    "P028": columns.messages_given,
    "P029": columns.columns_as_told,
    "P030": columns.columns_as_told,
    "P031": columns.customer_number_found,
    "P032": columns.numbers_are_personal,
    "P033": retention.nothing_past,
    "P034": forwarding.others_data_forwarded,
    "P035": processors.agreement_offered,
    "P036": processors.agreement_offered,
    "P037": grounds.contracts_behind_rows,
    "P038": grounds.duties_have_statutes,
    "P039": links.links_alive,
    "P040": marketing.interest_weighed,
    "P041": consented.decided_on_ground,
    "P042": purposes.used_as_told,
    "P043": purposes.kept_no_longer,
    "P044": purposes.kept_no_longer,
    "P045": purposes.by_law,
    "P046": purposes.used_as_told,
    "P047": purposes.logs_for_these_ends,
    "P048": retention.nothing_past,
    "P049": consented.waits_for_yes,
    "P050": purposes.sums_only,
    "P051": purposes.explained,
    "P052": purposes.by_contract,
    "P053": purposes.used_as_told,
    "P054": marketing.messages_sorted,
    "P055": marketing.messages_sorted,
    "P056": marketing.messages_sorted,
    "P057": marketing.only_the_willing,
    "P058": marketing.only_the_willing,
    "P059": marketing.asked_for_and_stopped,
    "P060": marketing.nobody_elses_advertising,
    "P061": rights.marketing_forbidden,
    "P062": erasing.erased_when_objected,
    "P063": consented.waits_for_yes,
    "P064": disclosures.nobody_else,
    "P065": disclosures.nobody_else,
    "P066": disclosures.nobody_else,
    "P067": disclosures.single_items,
    "P068": disclosures.only_when_decided,
    "P069": disclosures.only_when_decided,
    "P070": processors.bound_to_silence,
    "P071": disclosures.only_when_decided,
    "P072": disclosures.to_these_as_told,
    "P073": disclosures.to_who_needs_it,
    "P074": disclosures.to_these_as_told,
    "P075": disclosures.to_these_as_told,
    "P076": disclosures.only_when_decided,
    "P077": disclosures.nobody_else,
    "P078": disclosures.only_on_demand,
    "P079": disclosures.only_on_demand,
    "P080": statistics.nobody_in_statistics,
    "P081": statistics.nobody_in_statistics,
    "P082": processors.bound_to_purpose,
    "P083": processors.all_registered,
    "P084": processors.all_agreed,
    "P085": processors.kinds_told,
    "P086": processors.chain_agreed,
    "P087": transfers.within_the_eea,
    "P088": transfers.with_a_valid_tool,
    "P089": transfers.with_equal_protection,
    "P090": security.network_limited,
    "P091": security.levels_of_access,
    "P092": security.alarmed,
    "P093": security.intrusion_stopped,
    "P094": security.built_in,
    "P095": security.nothing_lost_or_altered,
    "P096": security.traceable,
    "P097": access.answered_in_time,
    "P098": access.reports_whole,
    "P099": access.free_of_charge,
    "P100": asking.own_data_shown,
    "P101": access.all_answered_in_time,
    "P102": asking.corrected_by_portal,
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
    "P113": consented.taken_back_as_easily,
    "P114": asking.ways_to_ask_open,
    "P115": asking.open_to_everybody,
    "P116": access.identified_first,
    "P117": deciding.decided_one_by_one,
    "P118": erasing.kept_by_law,
    "P119": erasing.claims_looked_after,
    "P120": erasing.contracts_hold,
    "P121": reviewing.reviewed_by_a_human,
    "P122": deciding.analyses_decide_nothing,
    "P123": cookies.all_told,
    "P124": cookies.waits_for_yes,
    "P125": cookies.choice_is_free,
    "P126": cookies.works_without_yes,
    "P127": cookies.tool_asks,
    "P128": cookies.taken_back,
    "P129": cookies.counts_visits,
    "P130": cookies.advertises,
    "P131": cookies.taken_back,
    "P132": cookies.remembers_choices,
    "P133": cookies.both_lifetimes,
    "P134": retention.everything_in_time,
    "P135": retention.kept_as_the_law_says,
    "P136": retention.other_use_stopped,
    "P137": retention.everything_in_time,
    "P138": forms.period_told_at_collection,
    "P139": erasing.claims_looked_after,
    "P140": versions.versions_kept,
    "P141": versions.told_before,
    "P142": versions.told_in_portal,
    "P143": versions.told_on_site,
    "P144": versions.archive_open,
    "P145": asking.ways_to_write_open,
    "P146": publication.contact_shown,
    "P147": publication.officer_shown,
    "P148": publication.contact_shown,
    "P149": publication.complaint_shown,
    "P150": publication.complaint_shown,
    "P151": consented.waits_for_yes,
    "P152": asking.others_sites_named,
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

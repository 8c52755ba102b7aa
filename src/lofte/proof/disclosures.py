"""Promises about who gets data: those who are told of, for what is told, and nobody else (art. 13.1 e).

* Looked at are the recipients that the data map says got rows, those that the ledger says were told of a
  change (art. 19), and the register of processors. A recipient that is not told breaks the promise.
* What a person sent by hand stands in none of these. So that nothing else left is unproven until there is a
  register of disclosures, and that is said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from lofte.datamap.catalogue import Catalogue
from lofte.datamap.checks.case import NOWHERE, At
from lofte.datamap.checks.case import Case as Judged
from lofte.datamap.document import DataMap
from lofte.ledger.kinds import Kind
from lofte.policy.document import Policy, Text
from lofte.proof.columns import LOOK
from lofte.proof.records import Case, Check, Evidence, Finding, Verdict, broken, kept, lacking, unproven
from lofte.proof.security import levels_of_access

DISCLOSURES = Text(sv="register över utlämnanden", en="the register of disclosures")
DEMANDS = Text(
    sv="register över myndigheters förfrågningar, med lagrum, beslut och vad som lämnades",
    en="the register of authorities' demands, with provision, decision and what was given",
)
DECISIONS = Text(
    sv="beslut om utlämnande, med grund och vem som godkänt",
    en="decisions on disclosure, with ground and who approved",
)
_ONLY_THEN = ("law", "claim")
_TOLD = (Kind.RECIPIENT_QUEUED, Kind.RECIPIENT_TOLD, Kind.RECIPIENT_IMPOSSIBLE)
_UNSEEN = Text(
    sv="Det är inte sett efter i systemen vilka som får uppgifter.",
    en="Nobody has looked in the systems at who gets data.",
)
_TELL = Text(
    sv="Sluta lämna ut uppgifterna, eller berätta om mottagaren i policyn innan ni gör det.",
    en="Stop disclosing the data, or tell of the recipient in the policy before you do.",
)


# -- counting -----------------------------------------------------------------------------------------------


def counted(
    policy: Policy, datamap: DataMap, catalogues: Mapping[str, Catalogue], at: datetime
) -> tuple[Evidence, ...]:
    """For each recipient of the policy or the map: the live datasets whose rows it got."""
    judged = Judged(policy=policy, datamap=datamap, catalogues=catalogues, places=NOWHERE)
    live = [found for found, _, _ in judged.live() if found.dataset.role == "controller"]
    silent = sum(system.id not in catalogues for system in datamap.systems)
    everybody = dict.fromkeys((*policy.recipients, *(r for found in live for r in found.dataset.recipients)))
    return tuple(
        Evidence(
            kind=Check.RECIPIENT,
            at=at,
            policy_version=policy.meta.version,
            facts={
                "recipient": id_,
                "listed": int(id_ in policy.recipients),
                "datasets": sum(id_ in found.dataset.recipients for found in live),
                "apart": sum(_apart(policy, id_, found) for found in live),
                "unserved": sum(_unserved(policy, id_, found) for found in live),
                "silent": silent,
            },
        )
        for id_ in everybody
    )


def _apart(policy: Policy, id_: str, at: At) -> bool:
    """It got rows with none of the data that it is told to get."""
    told = set(policy.recipients[id_].categories) if id_ in policy.recipients else set()
    held = {decided.category for _, decided in at.fields() if decided.category}
    return id_ in at.dataset.recipients and bool(told) and not told & held


def _unserved(policy: Policy, id_: str, at: At) -> bool:
    """It got rows, and no purpose of theirs names it."""
    purposes = [policy.purposes[p] for p in at.dataset.purposes if p in policy.purposes]
    return id_ in at.dataset.recipients and not any(id_ in purpose.recipients for purpose in purposes)


# -- the promises -------------------------------------------------------------------------------------------


def nobody_else(case: Case) -> Verdict:
    """P064, P065, P066, P077: data go to those who are told of and to nobody else, and are not sold."""
    return _or_lacking(_as_told(case, None), DISCLOSURES)


def single_items(case: Case) -> Verdict:
    """P067: a supplier who looks for a fault gets just the data that it is about."""
    return _or_lacking(_as_told(case, _named(case)), DISCLOSURES)


def only_when_decided(case: Case) -> Verdict:
    """P068, P069, P071, P076: data leave for a claim or a law only when somebody has decided it."""
    return _only_then(case, DECISIONS)


def only_on_demand(case: Case) -> Verdict:
    """P078, P079: authorities get data only when a law entitles them to (art. 6.1 c)."""
    return _only_then(case, DEMANDS)


def to_these_as_told(case: Case) -> Verdict:
    """P072, P074, P075: those who are named get what is told, for the purposes that are told."""
    return _as_told(case, _named(case))


def to_who_needs_it(case: Case) -> Verdict:
    """P073: people here get data by their role, and those outside as it is told."""
    inside, outside = levels_of_access(case), _as_told(case, _named(case))
    worst = inside if inside.finding is not Finding.KEPT else outside
    if worst.finding is not Finding.KEPT:
        return worst
    return kept(
        f"{inside.reason.sv} {outside.reason.sv}",
        f"{inside.reason.en} {outside.reason.en}",
        *inside.evidence,
        *outside.evidence,
    )


def _or_lacking(verdict: Verdict, part: Text) -> Verdict:
    """What was seen breaks it, or shows only a part of it."""
    if verdict.finding is not Finding.KEPT:
        return verdict
    return lacking(part, verdict.reason, *verdict.evidence)


def _only_then(case: Case, part: Text) -> Verdict:
    named = _named(case)
    usual = [
        e
        for e in _checks(case, named)
        if e.count("datasets")
        and (found := case.policy.recipients.get(str(e.facts["recipient"])))
        and found.ground in _ONLY_THEN
    ]
    if usual:
        names = ", ".join(case.called(e.facts["recipient"]) for e in usual)
        return broken(
            Text(
                sv=f"Kartan säger att de får uppgifter som det är, utan beslut: {names}.",
                en=f"The map says that they get data as it is, without a decision: {names}.",
            ),
            Text(
                sv="Ta bort dem ur `recipients` i datakartan, eller berätta vad de får och varför.",
                en="Take them out of `recipients` in the data map, or tell what they get and why.",
            ),
            *usual,
        )
    wrong = _wrong(case, named)
    return wrong or lacking(part, None, *_checks(case, named))


def _as_told(case: Case, named: Collection[str] | None) -> Verdict:
    if wrong := _wrong(case, named):
        return wrong
    checks = _checks(case, named)
    if not checks:
        return unproven(_UNSEEN, LOOK)
    if any(e.count("silent") for e in checks):
        return unproven(Text(sv="Ett system svarade inte.", en="A system did not answer."), LOOK, *checks)
    served = [e for e in checks if e.count("datasets")]
    if not served:
        names = ", ".join(case.called(e.facts["recipient"]) for e in checks)
        return unproven(
            Text(
                sv=f"Ingen datamängd i systemen säger att de fått uppgifter: {names}.",
                en=f"No dataset of the systems says that they got data: {names}.",
            ),
            None,
            *checks,
        )
    count = sum(e.count("datasets") or 0 for e in served)
    entries = tuple(_entries(case, named))
    return kept(
        f"Mottagare som får uppgifter ur systemen: {len(served)}, ur {count} datamängder. Alla får det som "
        "berättas.",
        f"Recipients that get data of the systems: {len(served)}, of {count} datasets. All get what is told.",
        *checks,
        *entries,
    )


def _wrong(case: Case, named: Collection[str] | None) -> Verdict | None:
    """A recipient that is not told, or gets what is not told; a promise about some is not about others."""
    checks = _checks(case, named)
    strange = [e for e in checks if not e.count("listed")]
    strange += [e for e in _entries(case, named) if e.facts.get("recipient") not in case.policy.recipients]
    strange += [e for e in case.of(Check.PROCESSOR) if named is None and not e.count("told")]
    if strange:
        names = ", ".join(sorted({case.called(e.facts["recipient"]) for e in strange}))
        return broken(
            Text(
                sv=f"Får uppgifter utan att det berättas: {names}.",
                en=f"Gets data without anybody being told: {names}.",
            ),
            _TELL,
            *strange,
        )
    beyond = [e for e in checks if e.count("apart") or e.count("unserved")]
    if beyond:
        names = ", ".join(case.called(e.facts["recipient"]) for e in beyond)
        return broken(
            Text(
                sv=f"Får andra uppgifter, eller för annat, än det berättas: {names}.",
                en=f"Gets other data, or for other purposes, than is told: {names}.",
            ),
            _TELL,
            *beyond,
        )
    return None


def _named(case: Case) -> tuple[str, ...]:
    """The recipients that the promise stands on: by themselves, or through its purposes."""
    heads = [path.split(".") for path in case.promise.paths]
    named = [head[1] for head in heads if head[0] == "recipients" and len(head) > 1]
    if not named:
        purposes = (case.policy.purposes.get(head[1]) for head in heads if head[0] == "purposes" and head[1:])
        named = [id_ for purpose in purposes if purpose for id_ in purpose.recipients]
    return tuple(dict.fromkeys(named))


def _checks(case: Case, named: Collection[str] | None) -> tuple[Evidence, ...]:
    newest = {e.facts.get("recipient"): e for e in case.of(Check.RECIPIENT)}
    return tuple(e for id_, e in newest.items() if named is None or id_ in named)


def _entries(case: Case, named: Collection[str] | None) -> Iterator[Evidence]:
    """What the ledger says was told to recipients, by the version in force."""
    version = case.policy.meta.version
    for kind in _TOLD:
        for e in case.of(kind):
            if e.policy_version in ("", version) and (named is None or e.facts.get("recipient") in named):
                yield e

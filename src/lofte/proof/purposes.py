"""Promises about what data are used for: every dataset has the purposes that are told, and holds no more
than they need (art. 5.1 b-c, 25).

What is counted are the live systems by the data map, and what programs asked the gate. What a program does
that never asks Löfte is not seen; the reasons say what was looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from lofte.datamap.catalogue import Catalogue
from lofte.datamap.checks.case import NOWHERE, At
from lofte.datamap.checks.case import Case as Judged
from lofte.datamap.document import DataMap
from lofte.law.statutes import STATUTES
from lofte.ledger.kinds import Kind
from lofte.policy.document import Policy, Text
from lofte.proof.columns import LOOK
from lofte.proof.counting import so_many
from lofte.proof.records import Case, Check, Evidence, Finding, Verdict, broken, kept, lacking, unproven
from lofte.proof.retention import nothing_past

LOG_READERS = Text(
    sv="uppgift om vilka som läser systemens loggar", en="a record of who reads the logs of the systems"
)
STATISTICS = Text(sv="prövning av den statistik som tas fram", en="the test of the statistics that are made")


# -- counting -----------------------------------------------------------------------------------------------


def counted(
    policy: Policy, datamap: DataMap, catalogues: Mapping[str, Catalogue], at: datetime
) -> tuple[Evidence, ...]:
    """For each purpose: the live datasets that serve it, and the columns in them that no purpose needs."""
    judged = Judged(policy=policy, datamap=datamap, catalogues=catalogues, places=NOWHERE)
    live = [found for found, _, _ in judged.live() if found.dataset.role == "controller"]
    untagged = sum(_untagged(policy, found) for found in live)
    silent = sum(system.id not in catalogues for system in datamap.systems)
    return tuple(
        Evidence(
            kind=Check.PURPOSE,
            at=at,
            policy_version=policy.meta.version,
            facts={
                "purpose": id_,
                "datasets": sum(id_ in found.dataset.purposes for found in live),
                "outside": sum(_outside(policy, f) for f in live if id_ in f.dataset.purposes),
                "untagged": untagged,
                "silent": silent,
            },
        )
        for id_ in policy.purposes
    )


def _untagged(policy: Policy, at: At) -> bool:
    """Personal data without a purpose, or under one that nobody is told of."""
    personal = any(decided.category for _, decided in at.fields())
    told = [purpose for purpose in at.dataset.purposes if purpose in policy.purposes]
    return personal and (not told or len(told) < len(at.dataset.purposes))


def _outside(policy: Policy, at: At) -> int:
    """Columns of a category that none of the dataset's purposes uses."""
    told = [policy.purposes[p] for p in at.dataset.purposes if p in policy.purposes]
    needed = {category for purpose in told for category in purpose.categories}
    return sum(decided.category is not None and decided.category not in needed for _, decided in at.fields())


# -- the promises -------------------------------------------------------------------------------------------


def used_as_told(case: Case) -> Verdict:
    """P012, P042, P046, P053: what is held serves a purpose that is told, and is no more than it needs."""
    checks, asked = _of(case), _strangers(case)
    if not checks:
        return unproven(
            Text(
                sv="Ändamålen är inte prövade mot systemen.",
                en="The purposes have not been checked against the systems.",
            ),
            LOOK,
        )
    if any(each.count("silent") for each in checks):
        return unproven(Text(sv="Ett system svarade inte.", en="A system did not answer."), LOOK, *checks)
    if untagged := max(each.count("untagged") or 0 for each in checks):
        return broken(
            Text(
                sv=f"{untagged} datamängder med personuppgifter har inget ändamål som berättas.",
                en=f"{untagged} datasets with personal data have no purpose that is told.",
            ),
            Text(
                sv="Ange ändamålen i datakartan, eller sluta spara uppgifterna.",
                en="State the purposes in the data map, or stop keeping the data.",
            ),
            *checks,
        )
    if wide := [each for each in checks if each.count("outside")]:
        names = ", ".join(str(each.facts["purpose"]) for each in wide)
        return broken(
            Text(
                sv=f"Det finns kolumner som inget ändamål behöver, i det som hör till: {names}.",
                en=f"There are columns that no purpose needs, in what belongs to: {names}.",
            ),
            Text(
                sv="Ta bort uppgifterna, eller ge ändamålet kategorin i policyn.",
                en="Take the data away, or give the purpose the category in the policy.",
            ),
            *wide,
        )
    return _seen(case, checks, asked)


def _seen(case: Case, checks: tuple[Evidence, ...], asked: tuple[Evidence, ...]) -> Verdict:
    idle = [str(each.facts["purpose"]) for each in checks if not each.count("datasets")]
    if len(idle) == len(checks):
        return unproven(
            Text(
                sv=f"Ingen datamängd i systemen har ändamålet: {', '.join(idle)}.",
                en=f"No dataset of the systems has the purpose: {', '.join(idle)}.",
            ),
            None,
            *checks,
        )
    count = sum(each.count("datasets") or 0 for each in checks)
    refused = sum(each.count("refused") or 0 for each in asked)
    sv = (
        f"{len(checks)} ändamål är jämförda med {so_many(count, 'datamängd', 'datamängder')} i systemen. "
        "Där finns inget som inte behövs för ändamålen."
    )
    en = (
        f"{so_many(len(checks), 'purpose was', 'purposes were')} compared with "
        f"{so_many(count, 'dataset', 'datasets')} of the systems. Nothing there goes beyond what they need."
    )
    if refused:
        sv += f" Program som frågade för ett annat ändamål fick nej {refused} gånger."
        en += f" Programs that asked for another purpose were refused {refused} times."
    return kept(sv, en, *checks, *asked)


def kept_no_longer(case: Case) -> Verdict:
    """P043, P044: used as told, and gone when the time of the purpose is out."""
    used = used_as_told(case)
    return used if used.finding is not Finding.KEPT else _with(used, nothing_past(case))


def by_law(case: Case) -> Verdict:
    """P045: the books are kept because a statute in force demands it (art. 6.1 c)."""
    day = case.today
    bare = [
        id_
        for id_ in _purposes(case)
        if case.policy.purposes[id_].legal_basis == "6.1.c"
        and not any(law in STATUTES and STATUTES[law].in_force(day) for law in case.policy.purposes[id_].law)
    ]
    if bare or not any(case.policy.purposes[id_].legal_basis == "6.1.c" for id_ in _purposes(case)):
        return broken(
            Text(
                sv=f"Bokföringen vilar inte på ett lagrum som gäller: {', '.join(bare or _purposes(case))}.",
                en=f"The books do not rest on a rule in force: {', '.join(bare or _purposes(case))}.",
            ),
            Text(sv="Ange grunden 6.1.c och lagrummet under `law`.", en="State 6.1.c and the rule in `law`."),
        )
    return used_as_told(case)


def by_contract(case: Case) -> Verdict:
    """P052: what is needed for an order or a contract rests on it (art. 6.1 b)."""
    other = [id_ for id_ in _purposes(case) if case.policy.purposes[id_].legal_basis != "6.1.b"]
    if other:
        return broken(
            Text(
                sv=f"Vilar inte på avtal: {', '.join(other)}.",
                en=f"Does not rest on contract: {', '.join(other)}.",
            ),
            Text(sv="Ange grunden 6.1.b, eller ta bort löftet.", en="State 6.1.b, or take the promise away."),
        )
    return used_as_told(case)


def explained(case: Case) -> Verdict:
    """P051: the purpose is explained in words, and used so."""
    mute = [id_ for id_ in _purposes(case) if not case.policy.purposes[id_].text]
    if mute:
        return broken(
            Text(sv=f"Utan förklaring: {', '.join(mute)}.", en=f"Not explained: {', '.join(mute)}."),
            Text(sv="Skriv `text` för ändamålet.", en="Write `text` of the purpose."),
        )
    return used_as_told(case)


def logs_for_these_ends(case: Case) -> Verdict:
    """P047: logs are used for the ends that are told, by those who need them, and no longer."""
    judged = kept_no_longer(case)
    if judged.finding is not Finding.KEPT:
        return judged
    return lacking(LOG_READERS, judged.reason, *judged.evidence)


def sums_only(case: Case) -> Verdict:
    """P050: what is found out about the site is sums, of nobody in particular."""
    judged = used_as_told(case)
    if judged.finding is not Finding.KEPT:
        return judged
    return lacking(STATISTICS, judged.reason, *judged.evidence)


def _with(first: Verdict, second: Verdict) -> Verdict:
    """Both must hold; what the second lacks is said."""
    evidence = (*first.evidence, *second.evidence)
    reason = Text(
        sv=f"{first.reason.sv} {second.reason.sv}",
        en=f"{first.reason.en} {second.reason.en}",
    )
    return Verdict(finding=second.finding, reason=reason, evidence=evidence, mend=second.mend)


def _purposes(case: Case) -> tuple[str, ...]:
    """The purposes that the promise stands on; one about all of them stands on all."""
    named = (path.split(".")[1] for path in case.promise.paths if path.startswith("purposes."))
    found = tuple(dict.fromkeys(name for name in named if name in case.policy.purposes))
    return found or tuple(case.policy.purposes)


def _of(case: Case) -> tuple[Evidence, ...]:
    newest = {e.facts.get("purpose"): e for e in case.of(Check.PURPOSE)}
    return tuple(newest[id_] for id_ in _purposes(case) if id_ in newest)


def _strangers(case: Case) -> tuple[Evidence, ...]:
    """What programs asked the gate for a purpose that nobody is told of, and were refused."""
    return tuple(e for e in case.of(Kind.GATE_REFUSED) if e.facts.get("why") == "unknown_purpose")

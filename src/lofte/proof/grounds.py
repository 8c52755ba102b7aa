"""Promises that policy, law and data map show together: grounds, periods, scope (art. 5, 6)."""

from __future__ import annotations

from lofte.law.statutes import STATUTES
from lofte.policy.document import Text
from lofte.policy.retention import always_reaches, read
from lofte.proof.publication import publication
from lofte.proof.records import Case, Check, Verdict, broken, kept, unproven

_CHECK = Text(sv="Kör `lofte check` mot systemen.", en="Run `lofte check` against the systems.")


def scope_covers_map(case: Case) -> Verdict:
    """P003: no mapped field lies outside the policy, and no column outside the map."""
    check = case.last(Check.MAP)
    if check is None or not check.count("live"):
        return unproven(
            Text(
                sv="Datakartan är inte prövad mot systemen.",
                en="The data map has not been checked against the systems.",
            ),
            _CHECK,
            *([check] if check else []),
        )
    gaps = check.count("gaps") or 0
    if gaps:
        return broken(
            Text(
                sv=f"{gaps} ställen i kartan eller systemen täcks inte av policyn.",
                en=f"{gaps} places in the map or the systems are not covered by the policy.",
            ),
            Text(sv="Rätta det som `lofte check` visar.", en="Mend what `lofte check` shows."),
            check,
        )
    return kept("Alla fält i alla system täcks av policyn.", "All fields of all systems are covered.", check)


def every_category_used(case: Case) -> Verdict:
    """P011: nothing is collected that no purpose needs (art. 5.1 c)."""
    used = {c for purpose in case.policy.purposes.values() for c in purpose.categories}
    idle = sorted(set(case.policy.categories) - used)
    if idle:
        names = ", ".join(idle)
        return broken(
            Text(sv=f"Inget ändamål använder: {names}.", en=f"No purpose uses: {names}."),
            Text(
                sv="Sluta samla in dem, eller ange ändamålet.",
                en="Stop collecting them, or state the purpose.",
            ),
        )
    return scope_covers_map(case)


def duties_have_statutes(case: Case) -> Verdict:
    """P038: each purpose that rests on a legal obligation names a rule in force (art. 6.1 c)."""
    duties = {id_: p for id_, p in case.policy.purposes.items() if p.legal_basis == "6.1.c"}
    day = case.today
    bare = [
        id_
        for id_, p in duties.items()
        if not any(law in STATUTES and STATUTES[law].in_force(day) for law in p.law)
    ]
    if bare:
        names = ", ".join(bare)
        return broken(
            Text(sv=f"Utan gällande lagrum: {names}.", en=f"Without a rule in force: {names}."),
            Text(sv="Ange lagrummet under `law`.", en="Name the rule under `law`."),
        )
    entry = publication(case)
    said = f"{len(duties)} av {len(duties)} ändamål har ett gällande lagrum."
    en = f"{len(duties)} of {len(duties)} purposes name a rule in force."
    return kept(said, en, entry) if entry else unproven(Text(sv=said, en=en))


def contracts_behind_rows(case: Case) -> Verdict:
    """P037: what rests on a contract has one. The ground is stated; rows are not sampled yet."""
    count = sum(1 for p in case.policy.purposes.values() if p.legal_basis == "6.1.b")
    return unproven(
        Text(
            sv=f"{count} ändamål anger avtal som grund. Att raderna har ett avtal prövas inte än.",
            en=f"{count} purposes state contract as ground. That rows have a contract is not checked yet.",
        )
    )


def every_purpose_has_period(case: Case) -> Verdict:
    """Each purpose has a period that can be computed; whether it is kept is counted (`proof.retention`)."""
    policy = case.policy
    bare = [
        id_ for id_, p in policy.purposes.items() if not [r for r in p.retention if r in policy.retention]
    ]
    if bare:
        names = ", ".join(bare)
        return broken(
            Text(sv=f"Utan gallringsregel: {names}.", en=f"Without a retention rule: {names}."),
            Text(
                sv="Ge varje ändamål en regel.",
                en="Give each purpose a rule.",
            ),
        )
    count = len(policy.purposes)
    return unproven(
        Text(
            sv=f"{count} av {count} ändamål har en regel.",
            en=f"{count} of {count} purposes have a rule.",
        )
    )


def law_is_reached(case: Case) -> Verdict:
    """A rule that names a statute keeps at least as long as the statute demands."""
    short = []
    for id_, rule in case.policy.retention.items():
        least = STATUTES[rule.law].keep if rule.law in STATUTES else None
        if least and not always_reaches(read(rule.keep_until), read(least)):
            short.append(id_)
    if short:
        names = ", ".join(short)
        return broken(
            Text(sv=f"Kortare än lagen kräver: {names}.", en=f"Shorter than the law demands: {names}."),
            Text(sv="Förläng tiden till lagens.", en="Lengthen the period to that of the law."),
        )
    return unproven(
        Text(
            sv="Reglerna når så långt som lagen kräver.",
            en="The rules reach as far as the law demands.",
        )
    )


def number_has_ground(case: Case) -> Verdict:
    """P023: the national number has a ground and is masked; who looked at it is not logged yet."""
    category = case.policy.categories.get("national_id")
    if category is None or category.ground is None or category.mask == "none":
        return broken(
            Text(
                sv="Personnummer saknar grund eller mask.", en="The national number lacks a ground or a mask."
            ),
            Text(sv="Ange `ground` och `mask`.", en="State `ground` and `mask`."),
        )
    return unproven(
        Text(
            sv="Grunden är angiven och numret maskas. Logg över vem som sett det finns inte än.",
            en="The ground is stated and the number is masked. A log of who saw it does not exist yet.",
        )
    )

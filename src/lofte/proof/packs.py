"""The promise that the law is followed, and the packs of rules that a proof is judged by (art. 5.2)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from lofte.law import packs
from lofte.law.calendar import civil_date
from lofte.policy.document import Text
from lofte.proof.records import Case, Check, Evidence, Verdict, broken, kept, unproven


def judged_by(at: datetime, policy_version: str, on: Collection[str] = ()) -> tuple[Evidence, ...]:
    """The packs that count, as evidence: each with its version, its age in days, and whether it is old."""
    today = civil_date(at)
    return tuple(
        Evidence(
            kind=Check.PACK,
            at=at,
            object=pack.id,
            policy_version=policy_version,
            facts={"version": pack.version, "age": pack.age(today), "stale": int(pack.is_stale(today))},
        )
        for pack in packs.chosen(on)
    )


def named(case: Case) -> tuple[Evidence, ...]:
    """The newest look at each pack, in the order of the packs."""
    newest = {each.object: each for each in case.of(Check.PACK)}
    return tuple(newest[id_] for id_ in packs.PACKS if id_ in newest)


def law_followed(case: Case) -> Verdict:
    """P013: every check that the law demands was made by rules that somebody has looked at lately, and
    found nothing wrong."""
    looked, checked = named(case), case.last(Check.MAP)
    if not looked or checked is None:
        return unproven(
            Text(sv="Reglerna är inte prövade än.", en="The rules have not been applied yet."),
            Text(sv="Kör `lofte prove`.", en="Run `lofte prove`."),
        )
    versions = ", ".join(str(each.facts.get("version")) for each in looked)
    wrong = checked.count("errors") or 0
    if wrong:
        return broken(
            Text(
                sv=f"{wrong} fel i policy eller datakarta, efter reglerna {versions}.",
                en=f"{wrong} errors in policy or data map, by the rules {versions}.",
            ),
            Text(sv="Rätta felen: `lofte check`.", en="Mend the errors: `lofte check`."),
            checked,
            *looked,
        )
    old = [each for each in looked if each.count("stale")]
    if old:
        ids = ", ".join(each.object for each in old)
        return unproven(
            Text(sv=f"Länge sedan någon såg över {ids}.", en=f"Nobody has looked at {ids} for long."),
            Text(
                sv="Uppgradera Löfte: `lofte law` visar hur gamla reglerna är.",
                en="Upgrade Löfte: `lofte law` shows how old the rules are.",
            ),
            checked,
            *looked,
        )
    if not checked.count("live"):
        return unproven(
            Text(sv="Systemen är inte sedda.", en="The systems have not been looked into."),
            Text(sv="Kör `lofte prove` utan --offline.", en="Run `lofte prove` without --offline."),
            checked,
            *looked,
        )
    return kept(
        f"Alla kontroller är gjorda och utan fel, efter reglerna {versions}.",
        f"Every check was made and found no error, by the rules {versions}.",
        checked,
        *looked,
    )

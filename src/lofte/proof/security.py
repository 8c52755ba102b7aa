"""Promises about security: what Löfte can see of the measures that are told, and what it cannot (art. 32).

Seen are who may do what here, how the systems and the mail are reached, the ledger, restores, and the logs
that the systems hold. Not seen are the company's networks, its alarms and its disks; a promise about those
is unproven and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from lofte.ledger.kinds import Kind
from lofte.policy.document import Text
from lofte.policy.notice.words import MEASURES
from lofte.proof.grounds import scope_covers_map
from lofte.proof.publication import controller_named
from lofte.proof.purposes import used_as_told
from lofte.proof.records import Case, Check, Evidence, Finding, Verdict, broken, kept, lacking, unproven

TESTED = timedelta(days=365)
"""A restore that is older shows nothing of the backups of today."""

NETWORK = Text(sv="prövning av nätets gränser", en="the test of the limits of the network")
ALARMS = Text(sv="prov av larm i systemen", en="the test of alarms in the systems")
INTRUSION = Text(sv="prov av skyddet mot intrång", en="the test of the protection against intrusion")
DISKS = Text(
    sv="uppgift om att systemens diskar är krypterade", en="a record of whether the disks are encrypted"
)
LOGS = Text(sv="uppgift om systemens egna loggar", en="a record of the systems' own logs")
_UNCOUNTED = Text(sv="Det är inte räknat än.", en="It has not been counted yet.")
_PROVE = Text(sv="Kör `lofte prove`.", en="Run `lofte prove`.")


def levels_of_access(case: Case) -> Verdict:
    """P091: each who works here may do what their role may, and nobody has a right beside the table of
    roles (art. 32.4)."""
    check = _measure(case, "access_levels")
    if check is None or not check.count("total"):
        return unproven(
            Text(
                sv="Ingen som arbetar här har ett konto än.", en="Nobody who works here has an account yet."
            ),
            None,
            *([check] if check else []),
        )
    total, wrong = check.count("total") or 0, check.count("wrong") or 0
    if wrong:
        return broken(
            Text(
                sv=f"{wrong} av {total} konton har mer än en roll ger, eller ingen roll.",
                en=f"{wrong} of {total} accounts have more than a role gives, or no role.",
            ),
            Text(sv="Ge dem en roll, eller stäng kontot.", en="Give them a role, or close the account."),
            check,
        )
    return kept(
        f"{total} konton, vart och ett med den behörighet som rollen ger och ingen annan.",
        f"{total} accounts, each with what its role may and nothing else.",
        check,
    )


def two_steps(case: Case) -> Verdict:
    """Each open account of somebody who works here asks for a second step at the sign-in."""
    check = _measure(case, "two_factor")
    if check is None or not check.count("total"):
        return unproven(_UNCOUNTED, _PROVE)
    total, wrong = check.count("total") or 0, check.count("wrong") or 0
    if wrong:
        return broken(
            Text(
                sv=f"{wrong} av {total} konton saknar tvåstegsinloggning.",
                en=f"{wrong} of {total} accounts have no two-step sign-in.",
            ),
            Text(
                sv="Låt dem slå på det under Min inloggning.", en="Let them turn it on under their sign-in."
            ),
            check,
        )
    return kept(
        f"{total} av {total} konton har tvåstegsinloggning.",
        f"{total} of {total} accounts have two-step sign-in.",
        check,
    )


def encrypted_on_the_way(case: Case) -> Verdict:
    """What Löfte says to systems and mail servers, and its own pages, go encrypted or stay on the machine
    (art. 32.1 a)."""
    check = _measure(case, "encryption_in_transit")
    if check is None or not check.count("total"):
        return unproven(_UNCOUNTED, _PROVE)
    total, wrong, silent = (check.count(name) or 0 for name in ("total", "wrong", "silent"))
    if wrong:
        return broken(
            Text(
                sv=f"{wrong} av {total} förbindelser går okrypterade över ett nät.",
                en=f"{wrong} of {total} connections go over a network without encryption.",
            ),
            Text(
                sv="Slå på TLS i databasens eller e-postens adress.",
                en="Turn TLS on in the address of the database or the mail.",
            ),
            check,
        )
    if silent:
        return unproven(Text(sv="Ett system svarade inte.", en="A system did not answer."), _PROVE, check)
    return kept(
        f"{total} av {total} förbindelser är krypterade eller stannar på maskinen.",
        f"{total} of {total} connections are encrypted or stay on the machine.",
        check,
    )


def built_in(case: Case) -> Verdict:
    """P094: no column comes into use without a decision about it (art. 25)."""
    return scope_covers_map(case)


def traceable(case: Case) -> Verdict:
    """P096: sign-ins and changes are logged in the systems, and what is done here stands in a ledger that
    shows if it was changed (art. 32)."""
    here = _ledger(case)
    if here.finding is not Finding.KEPT:
        return here
    logs = [e for e in case.of(Check.COLUMNS) if e.facts.get("category") == "history" and e.count("columns")]
    if not logs:
        return lacking(LOGS, here.reason, *here.evidence)
    columns = logs[-1].count("columns")
    return kept(
        f"{here.reason.sv} Systemen har logg över inloggningar och ändringar ({columns} kolumner).",
        f"{here.reason.en} The systems hold logs of sign-ins and changes ({columns} columns).",
        *here.evidence,
        logs[-1],
    )


def backups_tested(case: Case) -> Verdict:
    """Within a year a backup was put back, and who had been erased was erased again (art. 32.1 c-d)."""
    last = case.last(Kind.ERASURE_REPLAYED)
    if last is None or case.now - last.at > TESTED:
        return unproven(
            Text(
                sv="Ingen säkerhetskopia har provats det senaste året.",
                en="No backup has been tried in the last year.",
            ),
            Text(
                sv="Läs tillbaka en kopia på prov, och kör `lofte restored`.",
                en="Put a backup back as a trial, and run `lofte restored`.",
            ),
            *([last] if last else []),
        )
    return kept(
        "En säkerhetskopia lästes tillbaka, och de som var raderade raderades igen.",
        "A backup was put back, and those who had been erased were erased again.",
        last,
    )


def nothing_lost_or_altered(case: Case) -> Verdict:
    """P095: nothing is lost or changed unseen: the ledger is whole, and backups are tried (art. 32.1)."""
    return _together(_ledger(case), backups_tested(case))


def network_limited(case: Case) -> Verdict:
    """P090: the company's network is out of sight."""
    return lacking(NETWORK)


def alarmed(case: Case) -> Verdict:
    """P092: the systems' alarms are out of sight."""
    return lacking(ALARMS)


def intrusion_stopped(case: Case) -> Verdict:
    """P093: what keeps intruders out of the systems is out of sight."""
    return lacking(INTRUSION)


_BY_MEASURE: Mapping[str, Callable[[Case], Verdict]] = {
    "access_levels": levels_of_access,
    "two_factor": two_steps,
    "encryption_in_transit": encrypted_on_the_way,
    "encryption_at_rest": lambda case: lacking(DISKS),
    "login_log": traceable,
    "change_log": traceable,
    "alarms": alarmed,
    "tested_backups": backups_tested,
    "network_limits": network_limited,
    "intrusion_protection": intrusion_stopped,
    "privacy_by_design": built_in,
}


def each_measure(case: Case) -> Verdict:
    """P010: every measure that is told is in place; those that cannot be seen are named."""
    judged = {m: _BY_MEASURE[m](case) for m in case.policy.security.measures if m in _BY_MEASURE}
    wrong = {m: v for m, v in judged.items() if v.finding is Finding.BROKEN}
    if wrong:
        first = next(iter(wrong.values()))
        evidence = [e for v in wrong.values() for e in v.evidence]
        return broken(first.reason, first.mend or _PROVE, *evidence)
    shown = [e for v in judged.values() if v.finding is Finding.KEPT for e in v.evidence]
    unseen = {m: v for m, v in judged.items() if v.finding is not Finding.KEPT}
    if unseen or not judged:
        sv, en = (", ".join(MEASURES[m].say(language) for m in unseen) for language in ("sv", "en"))
        seen = Text(
            sv=f"{len(judged) - len(unseen)} av {len(judged)} åtgärder är visade. Inte visat: {sv}.",
            en=f"{len(judged) - len(unseen)} of {len(judged)} measures are shown. Not shown: {en}.",
        )
        part = next((v.missing for v in unseen.values() if v.missing), None)
        return lacking(part, seen, *shown) if part else unproven(seen, _PROVE, *shown)
    return kept(
        f"{len(judged)} av {len(judged)} åtgärder är visade.",
        f"{len(judged)} of {len(judged)} measures are shown.",
        *shown,
    )


def answered_for(case: Case) -> Verdict:
    """P014: the company answers for what it does: who it is is told, what was done is noted where it cannot
    be changed unseen, and the map holds no error (art. 5.2)."""
    named, here, check = controller_named(case), _ledger(case), case.last(Check.MAP)
    for verdict in (named, here):
        if verdict.finding is not Finding.KEPT:
            return verdict
    if check is None or not check.count("live"):
        return unproven(
            Text(
                sv="Datakartan är inte prövad mot systemen.",
                en="The data map has not been checked against the systems.",
            ),
            _PROVE,
            *here.evidence,
        )
    if errors := check.count("errors"):
        return broken(
            Text(
                sv=f"Policy och datakarta har {errors} fel som ingen har rättat.",
                en=f"Policy and data map have {errors} errors that nobody has mended.",
            ),
            Text(sv="Rätta det som `lofte check` visar.", en="Mend what `lofte check` shows."),
            check,
        )
    return kept(
        f"{named.reason.sv} {here.reason.sv}",
        f"{named.reason.en} {here.reason.en}",
        *named.evidence,
        *here.evidence,
        check,
    )


def least_used(case: Case) -> Verdict:
    """P012: data are used for the purposes that are told and no others, and no more of them than these
    need (art. 25.2)."""
    return used_as_told(case)


def _together(*verdicts: Verdict) -> Verdict:
    """All must hold; the worst is told."""
    order = (Finding.BROKEN, Finding.UNPROVEN, Finding.KEPT)
    worst = min(verdicts, key=lambda v: order.index(v.finding))
    if worst.finding is not Finding.KEPT:
        return worst
    sv, en = (" ".join(v.reason.say(language) for v in verdicts) for language in ("sv", "en"))
    return kept(sv, en, *(e for v in verdicts for e in v.evidence))


def _ledger(case: Case) -> Verdict:
    """Whether the whole ledger follows from its first entry."""
    check = _measure(case, "ledger")
    if check is None or not check.count("total"):
        return unproven(Text(sv="Liggaren är inte läst.", en="The ledger has not been read."), _PROVE)
    if check.count("wrong"):
        return broken(
            Text(sv="Liggaren är bruten.", en="The ledger is broken."),
            Text(sv="Kör `lofte ledger verify`.", en="Run `lofte ledger verify`."),
            check,
        )
    total = check.count("total")
    return kept(f"Liggaren är hel ({total} anteckningar).", f"The ledger is whole ({total} entries).", check)


def _measure(case: Case, name: str) -> Evidence | None:
    found = [e for e in case.of(Check.MEASURE) if e.facts.get("measure") == name]
    return found[-1] if found else None

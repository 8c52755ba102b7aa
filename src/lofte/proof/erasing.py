"""Promises about erasure and about what is kept in spite of it (art. 17).

* An erasure counts when every system of its intent has told what it did, and a second scanner has
  found nothing afterwards that should be gone. One that was granted without that is broken.
* What is kept is counted by a live check of the records of each case.
"""

from __future__ import annotations

from lofte.law.rights import Right
from lofte.ledger.kinds import Kind
from lofte.policy.document import Text
from lofte.proof.counting import so_many
from lofte.proof.course import Course, courses
from lofte.proof.records import Case, Check, Evidence, Verdict, broken, kept, unproven

OBJECTED = "17.1.c"
_INTENDED = (Kind.ERASURE_INTENDED, Kind.DEIDENTIFY_INTENDED)
"""What is de-identified is gone as a person's data; its own test is another promise."""
NOBODY_ASKED = Text(sv="Ingen har begärt radering än.", en="Nobody has asked for erasure yet.")
_LOOK = Text(
    sv="Sök igenom systemen igen: `lofte request erase --number`.",
    en="Look through the systems again: `lofte request erase --number`.",
)
_COUNT = Text(sv="Räkna undantagen: `lofte prove`.", en="Count what is kept: `lofte prove`.")


def erased_everywhere(case: Case) -> Verdict:
    """P109, P110, P111: what should go is gone from every system, and other eyes have looked."""
    return _judged([c for c in courses(case, (Right.ERASURE,)) if _stands(c)])


def erased_when_objected(case: Case) -> Verdict:
    """P062: whoever objects to direct marketing may have the data for it erased; that nothing may be
    sent stays known, as a keyed hash (art. 17.1 c, 21.3)."""
    mistaken = [e for e in case.of(Kind.SUPPRESSION_LIFTED) if e.facts.get("why") == "mistake"]
    if mistaken:
        return broken(
            Text(
                sv=f"{len(mistaken)} reklamspärrar togs bort utan att personen bett om det.",
                en=f"{len(mistaken)} suppressions were lifted though the person had not asked for it.",
            ),
            Text(sv="Spärra adresserna igen.", en="Suppress the addresses again."),
            *mistaken,
        )
    done = [c for c in courses(case, (Right.ERASURE,)) if _stands(c) and _grounds(c) & {OBJECTED, "17.1"}]
    return _judged(done)


def _stands(course: Course) -> bool:
    """It was granted, and has not been taken back as a mistake."""
    return course.granted is not None and course.first(Kind.ERASURE_UNDONE) is None


def _grounds(course: Course) -> set[str]:
    """The grounds it was intended on; `17.1` = the usual ones together, objection among them."""
    return {str(e.facts.get("article", "")) for e in course.of(*_INTENDED)}


def _judged(done: list[Course]) -> Verdict:
    if not done:
        return unproven(NOBODY_ASKED)
    faulty = [c for c in done if not _whole(c)]
    if faulty:
        return broken(
            Text(
                sv=f"{len(faulty)} av {len(done)} raderingar är inte visade: ett system är tyst, eller "
                "ingen har letat efteråt.",
                en=f"{len(faulty)} of {len(done)} erasures are not shown: a system is silent, or "
                "nobody has looked afterwards.",
            ),
            _LOOK,
            *(e for c in faulty for e in c.entries),
        )
    rows = sum(e.count("deleted") or 0 for c in done for e in c.of(Kind.ERASURE_DONE))
    proofs = [e for c in done for e in c.of(Kind.ERASURE_DONE, Kind.ERASURE_VERIFIED)]
    return kept(
        f"{len(done)} av {len(done)} raderingar är gjorda i alla system ({rows} rader), och en andra "
        "sökning fann inget kvar som skulle bort.",
        f"{len(done)} of {len(done)} erasures are done in all systems ({rows} rows), and a second search "
        "found nothing left that should be gone.",
        *proofs,
    )


def _whole(course: Course) -> bool:
    """Every system has told what was done, and the last look before the grant found nothing."""
    intended, granted = course.first(*_INTENDED), course.granted
    if intended is None or granted is None:
        return False
    told = {e.facts.get("target") for e in course.before(granted, Kind.ERASURE_DONE)}
    looks = course.before(granted, Kind.ERASURE_VERIFIED)
    return len(told) >= (intended.count("systems") or 0) and bool(looks) and looks[-1].count("residual") == 0


# -- what is kept ---------------------------------------------------------------------------------


def kept_by_law(case: Case) -> Verdict:
    """P118: what is kept for a law is kept by a named statute and until a computed day (art. 17.3 b)."""
    check = case.last(Check.KEPT)
    if check is None:
        return unproven(Text(sv="Undantagen är inte räknade.", en="What is kept is not counted."), _COUNT)
    endless = check.count("law_without_end") or 0
    if endless:
        return broken(
            Text(
                sv=f"{endless} rader hålls kvar för en lag utan slutdatum.",
                en=f"{endless} rows are kept for a law without an end.",
            ),
            Text(sv="Ge regeln en period i policyn.", en="Give the rule a period in the policy."),
            check,
        )
    rows = check.count("law_rows") or 0
    if not rows:
        return unproven(
            Text(
                sv="Ingen radering har hållit kvar rader för en lag än.",
                en="No erasure has kept rows for a law yet.",
            ),
            None,
            check,
        )
    return kept(
        f"{rows} rader hålls kvar för en namngiven lag, alla till en bestämd dag.",
        f"{rows} rows are kept for a named statute, all until a computed day.",
        check,
    )


def claims_looked_after(case: Case) -> Verdict:
    """P119, P139: what is kept for a legal claim has a case and a day when it is looked at again, and
    that day has not passed (art. 17.3 e)."""
    check = case.last(Check.KEPT)
    if check is None:
        return unproven(Text(sv="Stoppen är inte räknade.", en="The holds are not counted."), _COUNT)
    overdue, placed = check.count("holds_overdue") or 0, check.count("holds") or 0
    if overdue:
        return broken(
            Text(
                sv=f"{overdue} av {placed} gallringsstopp skulle ha prövats igen.",
                en=f"{overdue} of {placed} holds should have been looked at again.",
            ),
            Text(
                sv="Pröva dem: `lofte hold list --overdue`.", en="Look at them: `lofte hold list --overdue`."
            ),
            check,
        )
    proofs: list[Evidence] = [*case.of(Kind.HOLD_PLACED), *case.of(Kind.HOLD_LIFTED)]
    if not proofs:
        return unproven(Text(sv="Inget stopp är lagt än.", en="No hold has been placed yet."), None, check)
    return kept(
        f"{placed} gallringsstopp gäller; inget har passerat dagen då det prövas igen.",
        f"{so_many(placed, 'hold is', 'holds are')} in force; "
        "none has passed the day when it is looked at again.",
        check,
        *proofs,
    )


def contracts_hold(case: Case) -> Verdict:
    """P120: what a running contract needs is kept while it runs, by its own dates (art. 6.1 b)."""
    check = case.last(Check.KEPT)
    if check is None:
        return unproven(Text(sv="Undantagen är inte räknade.", en="What is kept is not counted."), _COUNT)
    rows = check.count("contract_rows") or 0
    if not rows:
        return unproven(
            Text(
                sv="Ingen radering har rört ett avtal som löper än.",
                en="No erasure has met a running contract yet.",
            ),
            None,
            check,
        )
    return kept(
        f"{rows} rader hölls kvar för avtal som löper; stoppet räknas ur avtalets egna datum.",
        f"{rows} rows were kept for running contracts; the hold is computed from the contract's own dates.",
        check,
    )

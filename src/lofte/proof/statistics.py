"""Promises about statistics: nobody can be told from them (recital 26)."""

from __future__ import annotations

from lofte.ledger.kinds import Kind
from lofte.policy.document import Text
from lofte.proof.records import Case, Check, Evidence, Verdict, broken, kept, unproven


def nobody_in_statistics(case: Case) -> Verdict:
    """P080, P081: statistics leave only where nobody can be told from them. Seen are who gets rows, the
    test that de-identified rows must pass, and each release of figures with its smallest group."""
    terms = case.policy.statistics
    least = terms.min_group if terms else 2
    rows = [
        e
        for e in case.of(Check.RECIPIENT)
        if terms and e.facts.get("recipient") in terms.recipients and e.count("unserved")
    ]
    if rows:
        names = ", ".join(case.called(e.facts["recipient"]) for e in rows)
        return broken(
            Text(
                sv=f"Skulle få statistik men får rader om personer: {names}.",
                en=f"Was to get statistics but gets rows about people: {names}.",
            ),
            Text(
                sv="Sluta lämna ut raderna, eller ange ett ändamål för det.",
                en="Stop handing over the rows, or state a purpose for it.",
            ),
            *rows,
        )
    tests = tuple(case.of(Kind.DEIDENTIFY_TESTED))
    narrow = [e for e in tests if e.count("passed") and (e.count("smallest") or 0) < least]
    if narrow:
        return broken(
            Text(
                sv=f"Rader räknades som avidentifierade i grupper på färre än {least} personer.",
                en=f"Rows counted as de-identified in groups of fewer than {least} people.",
            ),
            Text(sv="Avidentifiera dem grövre.", en="De-identify them more coarsely."),
            *narrow,
        )
    return _released(case, least, tests)


def _released(case: Case, least: int, tests: tuple[Evidence, ...]) -> Verdict:
    """What figures left, to whom, and of how many people at least."""
    terms, released = case.policy.statistics, tuple(case.of(Kind.FIGURES_RELEASED))
    told = terms.recipients if terms else ()
    wrong = [
        e for e in released if (e.count("smallest") or 0) < least or e.facts.get("recipient") not in told
    ]
    if wrong:
        return broken(
            Text(
                sv=f"{len(wrong)} av {len(released)} gånger gick statistik till någon som inte berättas, "
                f"eller om färre än {least} personer.",
                en=f"{len(wrong)} of {len(released)} times statistics went to somebody who is not told, or "
                f"were of fewer than {least} people.",
            ),
            Text(sv="Utred det som en incident.", en="Investigate it as an incident."),
            *wrong,
        )
    if not released:
        return unproven(
            Text(sv="Ingen statistik har lämnats ut än.", en="No statistics have been handed out yet."),
            None,
            *tests,
        )
    return kept(
        f"Statistik har lämnats ut {len(released)} gånger, varje gång om grupper på minst {least} personer.",
        f"Statistics were handed out {len(released)} times, each time of groups of at least {least} people.",
        *released,
    )

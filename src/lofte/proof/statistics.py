"""Promises about statistics: nobody can be told from them (recital 26)."""

from __future__ import annotations

from lofte.ledger.kinds import Kind
from lofte.policy.document import Text
from lofte.proof.purposes import STATISTICS
from lofte.proof.records import Case, Check, Verdict, broken, lacking


def nobody_in_statistics(case: Case) -> Verdict:
    """P080, P081: statistics leave only where nobody can be told from them. Seen are who gets rows, and the
    test that de-identified rows must pass; what figures leave is recorded nowhere yet."""
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
    passed = sum(bool(e.count("passed")) for e in tests)
    seen = Text(
        sv=f"{passed} av {len(tests)} prov av avidentifierade rader gav grupper på minst {least} personer.",
        en=f"{passed} of {len(tests)} tests of de-identified rows gave groups of at least {least} people.",
    )
    return lacking(STATISTICS, seen if tests else None, *tests)

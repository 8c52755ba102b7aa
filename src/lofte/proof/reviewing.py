"""Promises about de-identification and about what machines decide (art. 17, 22)."""

from __future__ import annotations

from lofte.law.rights import Right
from lofte.ledger.kinds import Kind
from lofte.policy.document import Text
from lofte.proof.course import Course, courses
from lofte.proof.records import Case, Verdict, broken, kept, unproven


def tells_nobody(case: Case) -> Verdict:
    """P112: what is called de-identified passed its test in every system: nothing of the person was left,
    and every row that stays is one among at least k persons (recital 26)."""
    done = [c for c in courses(case, (Right.ERASURE,)) if c.granted and c.first(Kind.DEIDENTIFY_INTENDED)]
    done = [c for c in done if not c.of(Kind.ERASURE_INTENDED)]
    if not done:
        return unproven(Text(sv="Ingen är avidentifierad än.", en="Nobody has been de-identified yet."))
    faulty = [c for c in done if not _passed(c)]
    if faulty:
        return broken(
            Text(
                sv=f"{len(faulty)} av {len(done)} avidentifieringar är inte prövade i alla system.",
                en=f"{len(faulty)} of {len(done)} de-identifications are not tested in all systems.",
            ),
            Text(
                sv="Ta tillbaka dem med `lofte undo`, eller radera.",
                en="Take them back with `lofte undo`, or erase.",
            ),
            *(e for c in faulty for e in c.entries),
        )
    tests = [e for c in done for e in c.of(Kind.DEIDENTIFY_TESTED) if e.count("passed")]
    rows = sum(e.count("rows") or 0 for e in tests)
    least = min((e.count("k") or 0 for e in tests), default=0)
    return kept(
        f"{len(done)} av {len(done)} avidentifieringar är prövade i alla system: inget om personen är kvar, "
        f"och var och en av {rows} rader är en bland minst {least} personer.",
        f"{len(done)} of {len(done)} de-identifications are tested in all systems: nothing of the person is "
        f"left, and each of {rows} rows is one among at least {least} persons.",
        *tests,
    )


def _passed(course: Course) -> bool:
    """In every system the test was passed, before the grant and by its own figures."""
    intended, granted = course.first(Kind.DEIDENTIFY_INTENDED), course.granted
    if intended is None or granted is None:
        return False
    passed = {
        e.facts.get("target")
        for e in course.before(granted, Kind.DEIDENTIFY_TESTED)
        if e.count("passed")
        and e.count("residual") == 0
        and (not e.count("rows") or (e.count("smallest") or 0) >= (e.count("k") or 0) > 1)
    }
    told = {e.facts.get("target") for e in course.before(granted, Kind.ERASURE_DONE)}
    return told <= passed and len(passed) >= (intended.count("systems") or 0)


def reviewed_by_a_human(case: Case) -> Verdict:
    """P121: a machine's decision of art. 22 rests on something the law names, and whoever asks has it
    reviewed by a human being (art. 22.2-22.3)."""
    decisions = case.policy.automated_decisions
    groundless = [id_ for id_, d in decisions.items() if d.exists and d.art22 and d.basis is None]
    if groundless:
        named = ", ".join(f"`{id_}`" for id_ in groundless)
        return broken(
            Text(sv=f"{named} vilar inte på något.", en=f"{named} rests on nothing."),
            Text(sv="Skriv `basis` i policyn.", en="Write `basis` in the policy."),
        )
    asked = [c for c in courses(case, (Right.HUMAN_REVIEW,)) if c.first(Kind.REVIEW_ASKED)]
    faulty = [c for c in asked if not _answered(c, case)]
    if faulty:
        return broken(
            Text(
                sv=f"{len(faulty)} av {len(asked)} omprövningar är inte avgjorda av en människa i tid.",
                en=f"{len(faulty)} of {len(asked)} reviews are not decided by a human being in time.",
            ),
            Text(sv="Avgör dem: `lofte review list`.", en="Decide them: `lofte review list`."),
            *(e for c in faulty for e in c.entries),
        )
    decided = [e for c in asked for e in c.of(Kind.REVIEW_DECIDED)]
    if not decided:
        return unproven(Text(sv="Ingen omprövning är avgjord än.", en="No review has been decided yet."))
    return kept(
        f"{len(decided)} omprövningar är avgjorda av en människa, med skäl.",
        f"{len(decided)} reviews are decided by a human being, with reasons.",
        *decided,
    )


def _answered(course: Course, case: Case) -> bool:
    """Nothing ends it but the decision of somebody, and it is not late."""
    if course.granted is not None:
        before = course.before(course.granted, Kind.REVIEW_DECIDED)
        return any(e.facts.get("by") for e in before) and not course.late(case.today)
    return course.ended is not None or not course.late(case.today)

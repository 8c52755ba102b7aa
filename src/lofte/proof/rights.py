"""Promises about rectification, portability and saying no, judged from what each case left in the ledger
(art. 16, 20, 21)."""

from __future__ import annotations

from lofte.law.rights import Right
from lofte.ledger.kinds import Kind
from lofte.policy.document import Text
from lofte.proof.course import Course, courses
from lofte.proof.records import Case, Verdict, broken, kept, unproven

_ABSOLUTE = "21.3"


def corrected_everywhere(case: Case) -> Verdict:
    """P103: what is wrong is corrected in every system that holds it, and what stood there is recorded
    before it is changed (art. 16)."""
    done = [c for c in courses(case, (Right.RECTIFICATION,)) if c.granted]
    if not done:
        return unproven(Text(sv="Ingen rättelse är gjord än.", en="No rectification has been made yet."))
    faulty = [c for c in done if not _corrected(c)]
    if faulty:
        return broken(
            Text(
                sv=f"{len(faulty)} av {len(done)} rättelser är inte gjorda i alla system.",
                en=f"{len(faulty)} of {len(done)} rectifications are not made in all systems.",
            ),
            Text(
                sv="Gör klart dem: `lofte request rectify --number`.",
                en="Finish them: `lofte request rectify --number`.",
            ),
            *(e for c in faulty for e in c.entries),
        )
    proofs = [e for c in done for e in c.of(Kind.RECTIFICATION_RECORDED, Kind.RECTIFICATION_DONE)]
    if left := sum(e.count("left") or 0 for e in proofs):
        return unproven(
            Text(
                sv=f"{left} rader som också är någon annans säger ännu det som var fel.",
                en=f"{left} rows that are somebody else's too still say what was wrong.",
            ),
            Text(sv="Pröva raderna för hand i systemet.", en="Look at the rows by hand in the system."),
            *proofs,
        )
    return kept(
        f"{len(done)} av {len(done)} rättelser är gjorda i alla system; vad som stod där är förseglat.",
        f"{len(done)} of {len(done)} rectifications are made in all systems; what stood there is sealed.",
        *proofs,
    )


def _corrected(course: Course) -> bool:
    """Every system has answered, and none changed more rows than were recorded before."""
    intended, granted = course.first(Kind.RECTIFICATION_INTENDED), course.granted
    if granted is None:
        return False
    if intended is None:
        return bool(course.of(Kind.STATEMENT_KEPT))
    recorded: dict[object, int] = {}
    for entry in course.of(Kind.RECTIFICATION_RECORDED):
        at = entry.facts.get("system")
        recorded[at] = recorded.get(at, 0) + (entry.count("rows") or 0)
    changed: dict[object, int] = {}
    for entry in course.before(granted, Kind.RECTIFICATION_DONE):
        at = entry.facts.get("system")
        changed[at] = changed.get(at, 0) + (entry.count("rows") or 0)
    whole = len(changed) >= (intended.count("systems") or 0)
    return whole and all(rows <= recorded.get(at, 0) for at, rows in changed.items())


def statements_kept(case: Case) -> Verdict:
    """P104: what the person wants to add stands with their data (art. 16, second sentence)."""
    statements = list(case.of(Kind.STATEMENT_KEPT))
    if not statements:
        return unproven(Text(sv="Ingen har lämnat en komplettering än.", en="Nobody has added anything yet."))
    return kept(
        f"{len(statements)} kompletteringar står med uppgifterna och följer med i varje utdrag.",
        f"{len(statements)} statements stand with the data and go with every report.",
        *statements,
    )


def portable_whole(case: Case) -> Verdict:
    """P108: what was given can be read by a machine, comes from all systems, and is the package that
    was sealed (art. 20)."""
    done = [c for c in courses(case, (Right.PORTABILITY,)) if c.first(Kind.REQUEST_DELIVERED)]
    if not done:
        return unproven(
            Text(sv="Inget portabelt utdrag är överlämnat än.", en="No portable package delivered yet.")
        )
    faulty = [c for c in done if not c.package_whole(Kind.PORTABILITY_INTENDED)]
    if faulty:
        return broken(
            Text(
                sv=f"{len(faulty)} av {len(done)} portabla utdrag är inte hela, eller inte de förseglade.",
                en=f"{len(faulty)} of {len(done)} portable packages are not whole, or not those sealed.",
            ),
            Text(sv="Gör om dem och lämna över dem igen.", en="Make them again and deliver them again."),
            *(e for c in faulty for e in c.entries),
        )
    return kept(
        f"{len(done)} portabla utdrag är överlämnade, i JSON och CSV efter ett publicerat schema.",
        f"{len(done)} portable packages have been delivered, in JSON and CSV by a published schema.",
        *(e for c in done for e in c.entries),
    )


def marketing_forbidden(case: Case) -> Verdict:
    """P061: a no to direct marketing is not weighed, and holds at once (art. 21.2-21.3)."""
    said = [e for e in case.of(Kind.OBJECTION_RECORDED) if e.facts.get("article") == _ABSOLUTE]
    placed = [e for e in case.of(Kind.SUPPRESSION_PLACED) if e.facts.get("why") != "withdrawal"]
    weighed = {e.object for e in case.of(Kind.OBJECTION_DECIDED)}
    wrong = [e for e in said if e.object in weighed]
    if wrong:
        return broken(
            Text(
                sv=f"{len(wrong)} invändningar mot reklam har prövats; de ska bara följas.",
                en=f"{len(wrong)} objections to marketing were weighed; they are only to be obeyed.",
            ),
            Text(sv="Följ dem, vad prövningen än gav.", en="Obey them, whatever was decided."),
            *wrong,
        )
    if not said:
        return unproven(
            Text(sv="Ingen har sagt nej till reklam än.", en="Nobody has said no to marketing yet.")
        )
    return kept(
        f"{len(said)} invändningar mot reklam gäller sedan de kom; {len(placed)} adresser är spärrade.",
        f"{len(said)} objections to marketing hold since they came; {len(placed)} addresses are suppressed.",
        *said,
        *placed,
    )

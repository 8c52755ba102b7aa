"""Promises about requests for access, judged from what each request left in the ledger (art. 12, 15).

* A request in time is one that was delivered or refused on or before its last day.
* A package counts when every system of its plan was read, and what was delivered is what was sealed.
"""

from __future__ import annotations

from lofte.law.rights import Right
from lofte.ledger.kinds import Kind
from lofte.policy.document import Text
from lofte.proof.counting import so_many
from lofte.proof.course import Course, courses
from lofte.proof.records import Case, Verdict, broken, kept, unproven

NOBODY_ASKED = Text(sv="Ingen har begärt registerutdrag än.", en="Nobody has asked for access yet.")


def answered_in_time(case: Case) -> Verdict:
    """P097: everybody who asks for a report gets an answer, within the time of the law (art. 12.3, 15)."""
    return _in_time(case, (Right.ACCESS,))


def all_answered_in_time(case: Case) -> Verdict:
    """P101: whatever right is used, the answer comes within the time of the law (art. 12.3)."""
    return _in_time(case, tuple(Right))


def _in_time(case: Case, rights: tuple[Right, ...]) -> Verdict:
    asked = list(courses(case, rights))
    late = [c for c in asked if c.late(case.today)]
    if late:
        count = len(late)
        return broken(
            Text(
                sv=f"{count} av {len(asked)} begäranden passerade sin sista dag.",
                en=f"{count} of {len(asked)} requests went past their last day.",
            ),
            Text(
                sv="Svara på dem nu och berätta varför det dröjde.",
                en="Answer them now and say why it took so long.",
            ),
            *(c.received for c in late),
        )
    if lost := [c for c in asked if c.unreachable]:
        return _told_nobody(lost, len(asked))
    ended = [c.ended for c in asked if c.ended]
    if not asked:
        return unproven(NOBODY_ASKED)
    if not ended:
        return unproven(
            Text(
                sv=f"{len(asked)} begäran pågår, ingen är avslutad än.",
                en=f"{len(asked)} under way, none ended yet.",
            ),
            None,
            *(c.received for c in asked),
        )
    return kept(
        f"{len(ended)} av {len(asked)} begäranden är besvarade, alla i tid.",
        f"{len(ended)} of {len(asked)} requests are answered, all in time.",
        *ended,
    )


def _told_nobody(lost: list[Course], asked: int) -> Verdict:
    """An answer that was made, and let go, and of which the person never heard is no answer (art. 12.3)."""
    return broken(
        Text(
            sv=f"{len(lost)} av {asked} svar låg framme utan att någon fick veta det, och är borta.",
            en=f"{len(lost)} of {asked} answers lay ready while nobody was told, and are gone.",
        ),
        Text(
            sv="Gör om svaren, och lämna över dem på ett sätt som når personen.",
            en="Make the answers anew, and hand them over in a way that reaches the person.",
        ),
        *(e for c in lost for e in c.of(Kind.PACKAGE_RELEASED, Kind.PACKAGE_EXPIRED)),
    )


def reports_whole(case: Case) -> Verdict:
    """P098: each report was made from all systems, and is the one that was delivered (art. 15.1, 15.3)."""
    delivered = [c for c in courses(case) if c.first(Kind.REQUEST_DELIVERED)]
    if not delivered:
        return unproven(
            Text(sv="Inget registerutdrag är överlämnat än.", en="No report has been delivered yet.")
        )
    faulty = [c for c in delivered if not c.package_whole(Kind.ACCESS_INTENDED)]
    if faulty:
        return broken(
            Text(
                sv=f"{len(faulty)} av {len(delivered)} utdrag är inte hela, eller inte de som förseglades.",
                en=f"{len(faulty)} of {len(delivered)} reports are not whole, or not those that were sealed.",
            ),
            Text(sv="Gör om dem och lämna över dem igen.", en="Make them again and deliver them again."),
            *(e for c in faulty for e in c.entries),
        )
    return kept(
        f"{so_many(len(delivered), 'registerutdrag är överlämnat', 'registerutdrag är överlämnade')}. "
        "Varje utdrag gjordes ur alla system i sin plan.",
        f"{so_many(len(delivered), 'report has', 'reports have')} been delivered. "
        "Each was made from all systems in its plan.",
        *(e for c in delivered for e in c.entries),
    )


def free_of_charge(case: Case) -> Verdict:
    """P099: nobody pays for a report (art. 12.5). No step of Löfte takes a fee; a fee could
    stand only in the policy."""
    amount = case.policy.rights.defaults.fee.amount
    if amount:
        return broken(
            Text(
                sv=f"Policyn tar ut {amount} {case.policy.rights.defaults.fee.currency}.",
                en=f"The policy charges {amount} {case.policy.rights.defaults.fee.currency}.",
            ),
            Text(sv="Sätt avgiften till 0.", en="Set the fee to 0."),
        )
    delivered = [e for c in courses(case) if (e := c.first(Kind.REQUEST_DELIVERED))]
    if not delivered:
        return unproven(NOBODY_ASKED)
    return kept(
        f"Avgiften är 0 i policyn, och inget steg tar betalt. "
        f"{so_many(len(delivered), 'utdrag är överlämnat', 'utdrag är överlämnade')}.",
        f"The fee is 0 in the policy, and no step charges anything. "
        f"{so_many(len(delivered), 'report', 'reports')} delivered.",
        *delivered,
    )


def identified_first(case: Case) -> Verdict:
    """P116: nobody gets a report before we know who is asking (art. 12.6)."""
    delivered = [c for c in courses(case) if c.first(Kind.REQUEST_DELIVERED)]
    early = [c for c in delivered if not _identified(c)]
    if early:
        return broken(
            Text(
                sv=f"{len(early)} utdrag lämnades över utan att någon identifierats först.",
                en=f"{len(early)} reports were delivered without identification first.",
            ),
            Text(
                sv="Utred det som en personuppgiftsincident.", en="Investigate it as a personal data breach."
            ),
            *(e for c in early for e in c.entries),
        )
    if not delivered:
        return unproven(NOBODY_ASKED)
    proofs = [e for c in delivered if (e := c.first(Kind.REQUEST_IDENTIFIED))]
    return kept(
        f"I {len(delivered)} av {len(delivered)} ärenden identifierades personen innan något lämnades ut.",
        f"In {len(delivered)} of {len(delivered)} cases the person was identified before anything was given.",
        *proofs,
    )


def _identified(course: Course) -> bool:
    """The last word before delivery is that the person was identified, not that two persons
    answered. Order in the ledger is the number of the entry, never the time."""
    known = False
    for entry in course.entries:
        if entry.kind == Kind.REQUEST_DELIVERED:
            return known
        if entry.kind in (Kind.REQUEST_IDENTIFIED, Kind.REQUEST_AMBIGUOUS):
            known = entry.kind == Kind.REQUEST_IDENTIFIED
    return False

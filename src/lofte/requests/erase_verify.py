"""Verifying an erasure with other eyes: a second scanner looks through everything."""

from __future__ import annotations

from collections.abc import Sequence

from lofte.connectors.protocol import Erasing, Left
from lofte.datamap.document import System
from lofte.datamap.identity import STRENGTH, Strength
from lofte.errors import Broken
from lofte.execution import journal
from lofte.execution.book import note, recorded
from lofte.execution.journal import Claim
from lofte.ledger.kinds import Kind
from lofte.plan import erase as erasing
from lofte.plan.records import Subject
from lofte.requests import evidence, holds
from lofte.requests.erase_system import Work, opened
from lofte.requests.receive import identities_of


class Residue(Broken):
    """The second scanner found what should be gone; the request is not answered until it is."""


# -- verification -----------------------------------------------------------------------------------


def verify(work: Work, claims: Sequence[Claim]) -> None:
    """Look through every table of every system once more, with other eyes. What tells nobody apart
    (a telephone number that a household shares) is counted and stops nothing."""
    found: list[tuple[str, Left]] = []
    weak = 0
    refs = {claim.request for claim in claims}
    for system in work.house.datamap.systems:
        connector = opened(work.connect, system)
        try:
            if system.id not in work.allowed:
                _know_again(work, system, connector)
            known = work.sought(refs)
            telling = {i for i in known if STRENGTH[i.kind] is not Strength.WEAK}
            found += [(system.id, left) for left in connector.left(telling, work.allowed[system.id])]
            if known - telling:
                weak += sum(e.rows for e in connector.left(known - telling, work.allowed[system.id]))
        finally:
            connector.close()
    places = {f"{system}.{left.table}.{left.column}": left.rows for system, left in found}
    open_ = {place: rows for place, rows in places.items() if place not in work.accepted}
    with recorded(work.house):
        for claim in claims:
            note(
                Kind.ERASURE_VERIFIED,
                claim.request,
                {
                    "systems": len(work.house.datamap.systems),
                    "residual": sum(open_.values()),
                    "accepted": sum(places.values()) - sum(open_.values()),
                    "weak": weak,
                    **({"by": work.by} if work.by else {}),
                },
                at=work.house.now,
                policy_version=work.house.policy_version,
            )
            if not open_:
                journal.completed(work.house, claim, {"rows": 0})
    if open_:
        where = ", ".join(sorted(open_))
        raise Residue(
            f"something of the person still stands in {where}; map it, erase it there, or accept it"
        )


def _know_again(work: Work, system: System, connector: Erasing) -> None:
    """What a process that is gone knew of this system, as far as it can be known again."""
    subjects = [Subject(ref=r.ref, identities=identities_of(work.house, r)) for r in work.requests]
    with connector.session() as session:
        facts = session.facts(subjects, work.house.today)
        people = session.known
    own = {p.subject: set(p.identities - p.shared) for p in people.persons}
    work.shared |= {i for person in people.persons for i in person.shared}
    work.known[system.id] = {r.ref: own.get(n, set()) for n, r in enumerate(work.requests)}
    standing = holds.standing(work.house, {p.subject: p.identities for p in people.persons})
    plan = erasing.plan(
        work.house.policy,
        work.house.datamap,
        facts,
        subjects,
        work.house.today,
        grounds=work.grounds,
        holds=standing,
    )
    work.allowed[system.id] = evidence.allowed(work.house, plan)

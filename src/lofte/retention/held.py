"""Whose rows stay although their time is out: who has a hold or a restriction (art. 17.3 e, 18).

A hold knows its person only as keyed hashes, so every identity in the system is hashed and looked up,
once, and again when somebody places or lifts one. The rows of those who are met are asked for anew in
each transaction that lets rows go. Where nobody is held, nothing is read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from django.db.models import Count, Max

from lofte.connectors.protocol import Acting
from lofte.connectors.sweeping import DueRows, SweepingSession
from lofte.consent.models import Mark, Restriction, RestrictionLifted
from lofte.consent.person import person_mark
from lofte.consent.restrict import as_holds
from lofte.datamap.document import System
from lofte.datamap.identity import Identity
from lofte.errors import Conflict
from lofte.execution.house import House
from lofte.plan.holds import holding
from lofte.plan.living import Row
from lofte.plan.records import Subject
from lofte.requests import sealing
from lofte.requests.erasure import holds
from lofte.requests.models import HeldIdentity, HoldLifting, HoldRecord

Stamp = tuple[int, ...]


@dataclass(kw_only=True, slots=True)
class Held:
    """Who is held in one system, while a sweep is at work there."""

    house: House
    system: System
    _stamp: Stamp | None = None
    _who: frozenset[Identity] = field(default=frozenset(), repr=False)

    def rows(self, session: SweepingSession) -> tuple[frozenset[Row], frozenset[str]]:
        """The rows that stay by a hold or a restriction, as the system is in this transaction; and the
        datasets in which a held person's rows cannot be told from another's: there nothing goes."""
        self._look(session.due(self.house.policy.controller.fiscal_year_end))
        if not self._who:
            return frozenset(), frozenset()
        subjects = [Subject(ref=str(n), identities=(i,)) for n, i in enumerate(sorted(self._who))]
        facts = cast(Acting, session).facts(subjects, self.house.today)
        known = {person.subject: person.identities for person in session.known.persons}
        placed, restricted = holds.standing(self.house, known), as_holds(self.house, known)
        found = set()
        for row in facts.rows:
            dataset = self.system.datasets[row.at.dataset]
            on_it = (h for n in row.subjects for h in (*placed.get(n, ()), *restricted.get(n, ())))
            if holding(on_it, dataset) is not None:
                found.add((row.at.dataset, row.key))
        return frozenset(found), frozenset(id_ for id_, rows in facts.shared.items() if rows)

    def insist_same(self) -> None:
        """Raises Conflict when a hold or a restriction was placed or lifted since `rows`."""
        if stamp() != self._stamp:
            raise Conflict("a hold was placed while the rows were on their way; nothing went")

    def _look(self, due: DueRows) -> None:
        now = stamp()
        if now == self._stamp:
            return
        lookups = set(HeldIdentity.objects.filter(hold__liftings=None).values_list("lookup", flat=True))
        acts = Restriction.objects.filter(lifted=None).values("ref")
        marks = set(Mark.objects.filter(act__in=acts).values_list("person", flat=True))
        who = set()
        for identity in due.everybody(self.house.today) if lookups or marks else ():
            if identity not in who and (
                sealing.lookup(self.house.keys.lookup, identity) in lookups
                or person_mark(self.house, identity) in marks
            ):
                who.add(identity)
        self._who, self._stamp = frozenset(who), now


def stamp() -> Stamp:
    """Changes whenever somebody is held or let go."""
    models = (HoldRecord, HoldLifting, HeldIdentity, Restriction, RestrictionLifted, Mark)
    found: list[int] = []
    for model in models:
        said = model._default_manager.aggregate(last=Max("pk"), rows=Count("pk"))
        found += [said["last"] or 0, said["rows"] or 0]
    return tuple(found)

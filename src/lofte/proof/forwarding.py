"""The promise about what we hold only as processor: it is never given out by us, the question is passed on
to the customer who answers for it, and the person hears of that (art. 28.3 e).

* That a customer was found is no evidence that they were told: the entry of the telling is.
* A customer who has not been told when the last day of the answer has passed was told too late.
* What a request leaves in the ledger and what its records hold must agree: rows that were found, and
  nobody written down to tell, prove nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lofte.law.rights import Right
from lofte.ledger.kinds import Kind
from lofte.policy.document import Text
from lofte.proof.course import Course, courses
from lofte.proof.records import Case, Check, Evidence, Verdict, broken, kept, unproven

_TELL = Text(
    sv="Berätta för dem: sidan Kunder som svarar, i ärendehanteringen.",
    en="Tell them: the page Customers who answer, in the console.",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Passing:
    """The customers of one request, and how many of them have been told."""

    course: Course
    queued: tuple[Evidence, ...]
    told: tuple[Evidence, ...]

    @property
    def customers(self) -> int:
        return sum(e.count("customers") or 0 for e in self.queued)

    @property
    def waiting(self) -> int:
        return max(self.customers - len(self.told), 0)

    def late(self, case: Case) -> bool:
        """Somebody waits although the last day is over, or the telling came after it."""
        over = case.today > self.course.due and not self.course.waits
        return (bool(self.waiting) and over) or any(self.course.after_due(e) for e in self.told)


def others_data_forwarded(case: Case) -> Verdict:
    """P034: what we hold only as processor is never given out; the customer is told (art. 28.3 e)."""
    check = case.last(Check.FORWARDING)
    if check is None or check.count("given") is None:
        return unproven(
            Text(
                sv="Ingen har räknat rader som vi bara är biträde för.",
                en="Nobody has counted rows that we hold only as processor.",
            ),
            Text(sv="Kör kontrollen av utlämnade rader.", en="Run the check of the rows that were given."),
        )
    if given := check.count("given") or 0:
        return broken(
            Text(
                sv=f"{given} rader som vi bara är biträde för har lämnats ut.",
                en=f"{given} rows that we hold only as processor have been given out.",
            ),
            Text(
                sv="Rätta rollen i datakartan och utred utlämnandet.",
                en="Correct the role in the data map and investigate the disclosure.",
            ),
            check,
        )
    return _told(case, check, _passed_on(case))


def _passed_on(case: Case) -> list[_Passing]:
    """Each request that touched such rows. Who took the wish back wants nobody told."""
    found = (
        _Passing(course=c, queued=c.of(Kind.FORWARD_QUEUED), told=c.of(Kind.FORWARD_TOLD))
        for c in courses(case, tuple(Right))
        if not c.first(Kind.REQUEST_WITHDRAWN)
    )
    return [each for each in found if each.queued]


def _told(case: Case, check: Evidence, every: Sequence[_Passing]) -> Verdict:
    rows = check.count("forwarded") or 0
    proofs = [e for each in every for e in (*each.queued, *each.told)]
    if late := [each for each in every if each.late(case)]:
        return broken(
            Text(
                sv=f"I {len(late)} ärenden fick kunden som ansvarar för uppgifterna inte veta det i tid.",
                en=f"In {len(late)} cases the customer who answers for the data was not told in time.",
            ),
            _TELL,
            *(e for each in late for e in (*each.queued, *each.told)),
        )
    if waiting := sum(each.waiting for each in every):
        return unproven(
            Text(
                sv=f"{waiting} kunder som ansvarar för uppgifterna har inte fått veta det än.",
                en=f"{waiting} customers who answer for the data have not been told yet.",
            ),
            _TELL,
            *proofs,
        )
    if not every:
        nobody = Text(
            sv="Ingen begäran har rört uppgifter som vi bara är biträde för.",
            en="No request has touched data that we hold only as processor.",
        )
        unknown = Text(
            sv=f"{rows} rader ska till kunden som ansvarar för dem, men ingen är uppskriven att få veta det.",
            en=f"{rows} rows are to go to the customer who answers for them, but nobody is written down "
            "to be told.",
        )
        return unproven(unknown if rows else nobody, None, check)
    customers = sum(each.customers for each in every)
    return kept(
        f"Ingen rad lämnades ut. {customers} kunder som ansvarar för uppgifterna har fått veta det i tid.",
        f"No row was given out. {customers} customers who answer for the data were told in time.",
        check,
        *proofs,
    )

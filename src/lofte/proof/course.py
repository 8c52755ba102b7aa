"""The course of a request, as the ledger tells it: from receipt to end."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from lofte.law.calendar import civil_date
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind
from lofte.proof.records import Case, Evidence

ENDS = (Kind.REQUEST_DELIVERED, Kind.REQUEST_GRANTED, Kind.REQUEST_REFUSED, Kind.REQUEST_WITHDRAWN)
"""A package was handed over, what was asked is done, it was refused, or the person took it back."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """What the ledger tells of one request, from receipt to end."""

    received: Evidence
    entries: tuple[Evidence, ...]

    def of(self, *kinds: str) -> tuple[Evidence, ...]:
        """The entries of any of these kinds, in order."""
        return tuple(e for e in self.entries if e.kind in kinds)

    def first(self, *kinds: str) -> Evidence | None:
        """The first entry of any of these kinds."""
        return next(iter(self.of(*kinds)), None)

    def last(self, *kinds: str) -> Evidence | None:
        """The last entry of any of these kinds."""
        return next(reversed(self.of(*kinds)), None)

    def before(self, end: Evidence, *kinds: str) -> tuple[Evidence, ...]:
        """The entries of these kinds that stand before another. The order of the ledger is the number
        of the entry, never the time."""
        return tuple(e for e in self.of(*kinds) if (e.entry or 0) < (end.entry or 0))

    def package_whole(self, intent: str) -> bool:
        """Whether all systems of the intent were read, and what was delivered is what was sealed."""
        intended, delivered = self.first(intent), self.first(Kind.REQUEST_DELIVERED)
        if intended is None or delivered is None:
            return False
        seals = {e.facts.get("digest") for e in self.of(Kind.PACKAGE_SEALED)}
        read = {e.facts.get("target") for e in self.of(Kind.STEP_DONE) if e.facts.get("step") == "read"}
        return delivered.facts.get("digest") in seals and len(read) >= (intended.count("systems") or 0)

    @property
    def ended(self) -> Evidence | None:
        """The delivery, the grant, the refusal, or that it was taken back."""
        return self.first(*ENDS)

    @property
    def unreachable(self) -> bool:
        """The answer was let go, no letter told it, nobody fetched it, and it is gone."""
        released, expired = self.last(Kind.PACKAGE_RELEASED), self.last(Kind.PACKAGE_EXPIRED)
        if released is None or expired is None or (expired.entry or 0) < (released.entry or 0):
            return False
        return not released.count("told") and not self.of(Kind.PACKAGE_FETCHED)

    @property
    def granted(self) -> Evidence | None:
        """That what was asked is done."""
        return self.first(Kind.REQUEST_GRANTED)

    @property
    def due(self) -> date:
        """The last day for the answer, with what has moved it: a stop that is over, an extension that the
        person was told of (art. 12.3, 12.6)."""
        moved = self.last(Kind.DEADLINE_RESUMED, Kind.DEADLINE_EXTENDED) or self.received
        return date.fromisoformat(str(moved.facts["due_on"]))

    @property
    def waits(self) -> bool:
        """The clock stands still: the person has been asked, and has not answered."""
        last = self.last(Kind.DEADLINE_STOPPED, Kind.DEADLINE_RESUMED)
        return last is not None and last.kind == Kind.DEADLINE_STOPPED

    def after_due(self, entry: Evidence) -> bool:
        """Whether this was done when the last day had passed."""
        return civil_date(entry.at) > self.due

    def late(self, today: date) -> bool:
        """Whether the answer came, or will come, after the last day."""
        if self.ended is None and self.waits:
            return False
        return (civil_date(self.ended.at) if self.ended else today) > self.due


def courses(case: Case, rights: Collection[str] = (Right.ACCESS,)) -> Iterator[Course]:
    """Each request for these rights, in order of receipt."""
    for received in case.of(Kind.REQUEST_RECEIVED):
        if received.facts.get("right") in rights and "due_on" in received.facts:
            about = tuple(e for e in case.evidence if e.object == received.object)
            yield Course(received=received, entries=about)

"""What else lies in the demo's house: an erasure that is done, one that waits for an approver, a
restriction in force, and a hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from lofte.cli.words import gettext as _
from lofte.cli.words import language

if TYPE_CHECKING:
    from lofte.connectors.protocol import Connector
    from lofte.datamap.document import System
    from lofte.datamap.identity import Identity
    from lofte.execution.house import House
    from lofte.law.rights import Right
    from lofte.requests.models import Request

KINDS = ("erased", "waiting", "restricted", "held")


def chosen(world: Any) -> dict[str, list[list[str]]]:
    """A private person for each case, by the identities they show."""
    alone = [
        p
        for p in world.persons
        if p.personnummer and len(p.accounts) == 1 and not p.protected and not _shares(world, p)
    ]
    return {
        kind: [list(s) for s in p.identities] for kind, p in zip(KINDS, alone[-len(KINDS) :], strict=True)
    }


def _shares(world: Any, person: Any) -> bool:
    return any(tuple(spelled) in set(world.ambiguous) for spelled in person.identities)


@dataclass(frozen=True, kw_only=True, slots=True)
class Cases:
    """Makes what is missing of the cases."""

    house: House
    connect: Callable[[System], Connector]
    shown: Mapping[str, Sequence[Identity]]
    """Kind of case -> what its person shows."""
    handler: str
    approver: str
    """Random ids of those who do it."""

    def make(self, next_: Callable[[str, int | None], None]) -> None:
        """All four. Done again, it makes only what is not there."""
        from lofte.consent.models import Restriction
        from lofte.law.rights import Right
        from lofte.requests.course.roads import State
        from lofte.requests.models import HoldRecord, Request

        asked = Request.objects.filter(right=Right.ERASURE)
        if not asked.filter(state=State.DELIVERED).exists():
            next_(_("A customer is erased, and the books are kept"), None)
            self._erased()
        if asked.count() < 2:
            next_(_("Another asks to be erased, and waits for approval"), None)
            self._asked(Right.ERASURE, "waiting")
        if not Restriction.objects.exists():
            next_(_("A customer disputes what we hold about them"), None)
            self._restricted()
        if not HoldRecord.objects.exists():
            self._held()

    def _erased(self) -> None:
        from lofte.law.rights import Right
        from lofte.requests.erasure.approve import approve
        from lofte.requests.erasure.erase import erase
        from lofte.requests.erasure.preview import preview
        from lofte.requests.models import Request

        request = Request.objects.filter(right=Right.ERASURE).first() or self._asked(Right.ERASURE, "erased")
        approve(self.house, request, preview(self.house, request, self.connect), by=self.approver)
        erase(self.house, [request], self.connect, by=self.handler, approved_by=self.approver)

    def _restricted(self) -> None:
        from lofte.consent.restrict import restrict
        from lofte.law.rights import Right
        from lofte.plan.restriction import Ground

        request = self._asked(Right.RESTRICTION, "restricted")
        who = self.shown["restricted"]
        restrict(self.house, who, Ground.ACCURACY, connect=self.connect, by=self.handler, request=request.ref)

    def _held(self) -> None:
        from lofte.plan.holds import HoldKind
        from lofte.requests.erasure.holds import place

        place(
            self.house,
            kind=HoldKind.LEGAL_CLAIM,
            identities=self.shown["held"],
            case="2026-17",
            review_on=self.house.today + timedelta(days=90),
            why=_("a dispute over an invoice"),
            by=self.handler,
        )

    def _asked(self, right: Right, kind: str) -> Request:
        from lofte.requests.course.receive import receive
        from lofte.requests.door.identify import Level, identify

        request = receive(
            self.house,
            right=right,
            identities=self.shown[kind],
            channel="email",
            language="sv" if language() == "sv" else "en",
        )
        method = _("a code to the telephone number on file, and one to the e-mail address on file")
        return identify(
            self.house,
            request,
            method=method,
            level=Level.TWO_WAYS,
            by=self.handler,
            proven=self.shown[kind],
        )

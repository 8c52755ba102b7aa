"""What else lies in the demo's house: an erasure that is done, one that waits for an approver, rows of a
third in doubt, a restriction in force, a hold, and the first sweep."""

from __future__ import annotations

import importlib
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
    from lofte.plan.holds import Hold
    from lofte.requests.models import Request

KINDS = ("erased", "waiting", "restricted", "held", "asks", "chats")
DOUBTED = "doubted"
_HELD_BACK = "correspondence"


def asks(world: Any) -> Any:
    """Who asks what is held about them: the one with most to be found, of those the company knows best."""

    def rows(person: Any) -> int:
        found = _answer(world, person)
        return len([key for keys in found.certain.values() for key in keys]) + 100 * len(found.mention)

    return max(world.well_known, key=rows)


def chosen(world: Any) -> dict[str, list[list[str]]]:
    """A person for each case, by the identities they show; `doubted` where the company has letters."""
    alone = [p for p in world.alone if len(_answer(world, p).certain) > 1]
    cases = dict(zip(KINDS, alone[-len(KINDS) :], strict=True))
    if world.LETTERS:
        wrote = (p for p in reversed(alone[: -len(KINDS)]) if world.LETTERS[0] in _answer(world, p).certain)
        cases[DOUBTED] = next(wrote)
    return {kind: [list(s) for s in p.identities] for kind, p in cases.items()}


def _answer(world: Any, person: Any) -> Any:
    return importlib.import_module("examples.common.world").expected(world, person)


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
    change: Callable[[Sequence[Identity]], None]
    """Write another address on a ticket of this person, as somebody at the support desk would."""

    def make(self, next_: Callable[[str, int | None], None]) -> None:
        """All of them. Done again, it makes only what is not there."""
        from lofte.consent.models import Restriction
        from lofte.law.rights import Right
        from lofte.requests.course.roads import State
        from lofte.requests.models import HoldRecord, Request
        from lofte.requests.records.deferred import Doubt
        from lofte.retention.models import Sweep

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
        if DOUBTED in self.shown and not Doubt.objects.exists():
            next_(_("A dispute ends, and a row no longer tells whose it is"), None)
            self._doubted()
        if not Sweep.objects.exclude(end=None).exists():
            next_(_("What has had its time leaves: the first sweep"), None)
            self._swept()

    def _erased(self) -> None:
        from lofte.law.rights import Right
        from lofte.requests.models import Request

        request = Request.objects.filter(right=Right.ERASURE).first() or self._asked(Right.ERASURE, "erased")
        self._erase(request)

    def _erase(self, request: Request) -> None:
        from lofte.requests.erasure.approve import approve
        from lofte.requests.erasure.erase import erase
        from lofte.requests.erasure.preview import preview

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
        self._hold("held", case="2026-17")

    def _hold(self, kind: str, *, case: str, categories: Sequence[str] = ()) -> Hold:
        from lofte.plan.holds import HoldKind
        from lofte.requests.erasure.holds import place

        return place(
            self.house,
            kind=HoldKind.LEGAL_CLAIM,
            identities=self.shown[kind],
            case=case,
            review_on=self.house.today + timedelta(days=90),
            why=_("a dispute over an invoice"),
            by=self.handler,
            categories=categories,
        )

    def _doubted(self) -> None:
        """A dispute keeps somebody's tickets when the rest goes; meanwhile another address is written on
        one of them. When the dispute ends, nobody but a person can say whose it is."""
        from lofte.law.rights import Right
        from lofte.requests.erasure.holds import lift
        from lofte.requests.erasure.later import erase_later

        hold = self._hold(DOUBTED, case="2026-18", categories=[_HELD_BACK])
        self._erase(self._asked(Right.ERASURE, DOUBTED))
        self.change(self.shown[DOUBTED])
        lift(self.house, hold.ref, why=_("the parties have agreed"), by=self.handler)
        erase_later(self.house, self.connect)

    def _swept(self) -> None:
        """Somebody who may approve has seen what would leave; then it leaves."""
        from lofte.retention import ahead
        from lofte.retention.approve import approve
        from lofte.retention.sweep import sweep

        approve(self.house, ahead.tasks(self.house, self.connect, self.house.today), by=self.approver)
        sweep(self.house, self.connect, by=self.approver)

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

"""The flows that write: each as a person or the worker does it, and does it again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from lofte.consent.enforce import enforce, put_back
from lofte.consent.models import Restriction
from lofte.consent.object import object_to
from lofte.consent.restrict import announce_release, lift, restrict, tell, waiting_notices
from lofte.errors import Conflict
from lofte.law.rights import Right
from lofte.notices.publish import publish
from lofte.plan.holds import HoldKind
from lofte.plan.rectify import Correction
from lofte.plan.restriction import Ground, Outcome
from lofte.requests.answer.fulfil import fulfil_access
from lofte.requests.answer.rectify import rectify
from lofte.requests.course.receive import receive
from lofte.requests.door.identify import Level, identify
from lofte.requests.erasure import holds
from lofte.requests.erasure.erase import erase
from lofte.requests.erasure.erase_again import erasing
from lofte.requests.erasure.later import erase_later
from lofte.requests.erasure.restored import replay
from lofte.requests.erasure.undo import undo
from lofte.requests.models import Request
from tests.faults.world import ANNA, BERTIL, NOW, Place, fill

LONG_AFTER = datetime(2032, 1, 2, 9, 0, tzinfo=UTC)
"""When what the law kept may go."""


@dataclass(frozen=True, kw_only=True)
class Flow:
    """One way of writing: what stands before it, and what is done."""

    name: str
    before: Callable[[Place], None]
    act: Callable[[Place], None]
    shop: str = "sqlite"
    at: datetime | None = None
    """When it is done, if not at once."""
    undone: bool = False
    """What it took from the shop can be given back, and its tombstones know it."""


def _asked(place: Place, right: Right) -> Request:
    request = receive(place.house, right=right, identities=[ANNA], channel="letter", by=BERTIL)
    return identify(place.house, request, method="BankID", level=Level.PROVEN, by=BERTIL)


def _one() -> Request:
    return Request.objects.get()


def _erase(place: Place) -> None:
    erase(place.house, [_one()], place.connect, by=BERTIL)


def _erased(place: Place) -> None:
    _asked(place, Right.ERASURE)
    _erase(place)


def _access(place: Place) -> None:
    fulfil_access(place.house, _one(), place.connect, place.out, by=BERTIL)


def _later(place: Place) -> None:
    for failure in erase_later(place.house, place.connect):
        raise failure.error


def _undo(place: Place) -> None:
    undo(place.house, _one().number, place.back)


def _restored(place: Place) -> None:
    """The backup is there again."""
    _erased(place)
    fill(place.shop)


def _replay(place: Place) -> None:
    taken = NOW - timedelta(days=1)
    replay(place.house, "shop", place.back, erasing(place.house, place.connect), taken_at=taken)


def _rectify(place: Place) -> None:
    correction = Correction(category="contact", item="name", was="Anna", now="Anna Ny")
    rectify(place.house, _one(), correction, place.connect, by=BERTIL)


def _restrict(place: Place) -> None:
    restriction = restrict(
        place.house, [ANNA], Ground.ACCURACY, connect=place.connect, by=BERTIL, request=_one().ref
    )
    _tell(place)
    enforce(place.house, restriction, [ANNA], place.connect)


def _tell(place: Place) -> None:
    for notice in waiting_notices():
        tell(place.house, notice, channel="email", by=BERTIL)


def _restricted(place: Place) -> None:
    _asked(place, Right.RESTRICTION)
    _restrict(place)


def _lift(place: Place) -> None:
    restriction = Restriction.objects.get()
    announce_release(place.house, restriction, by=BERTIL)
    _tell(place)
    try:
        lift(place.house, restriction, Outcome.CORRECTED, by=BERTIL)
    except Conflict:
        assert hasattr(Restriction.objects.get(), "lifted")
    put_back(place.house, restriction, place.connect)


def _object(place: Place) -> None:
    object_to(place.house, [ANNA], connect=place.connect, by=BERTIL, request=_one().ref)


def _hold(place: Place) -> None:
    holds.place(
        place.house,
        kind=HoldKind.LEGAL_CLAIM,
        identities=[ANNA],
        case="T 17-26",
        review_on=date(2027, 3, 1),
        why="A claim is made in court.",
        by=BERTIL,
    )


def _publish(place: Place) -> None:
    publish(place.house, "policy: 1\n")


def _nothing(place: Place) -> None:
    pass


def _asks(right: Right) -> Callable[[Place], None]:
    def before(place: Place) -> None:
        _asked(place, right)

    return before


FLOWS = {
    flow.name: flow
    for flow in (
        Flow(name="access", before=_asks(Right.ACCESS), act=_access),
        Flow(name="erase", before=_asks(Right.ERASURE), act=_erase, undone=True),
        Flow(name="erase-postgres", before=_asks(Right.ERASURE), act=_erase, shop="postgres", undone=True),
        Flow(name="later", before=_erased, act=_later, at=LONG_AFTER, undone=True),
        Flow(name="undo", before=_erased, act=_undo),
        Flow(name="restored", before=_restored, act=_replay),
        Flow(name="rectify", before=_asks(Right.RECTIFICATION), act=_rectify),
        Flow(name="restrict", before=_asks(Right.RESTRICTION), act=_restrict),
        Flow(name="lift", before=_restricted, act=_lift),
        Flow(name="object", before=_asks(Right.OBJECTION), act=_object),
        Flow(name="hold", before=_nothing, act=_hold),
        Flow(name="publish", before=_nothing, act=_publish),
    )
}

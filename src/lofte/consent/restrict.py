"""Restricting processing: stored, and not used (art. 18).

Hard rules:
- It holds from this moment. Only the service goes on until the person is told that it stops, where
  the policy promises to tell before.
- What the person is to be told stands in a queue as a record, and that they were told is a record.
- It is lifted only as corrected or established, and only when the person has been told that it
  will be (art. 18.3).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from lofte.consent.models import Mark, Notice, NoticeTold, Restriction, RestrictionLifted
from lofte.consent.person import (
    Connect,
    acts_about,
    is_weak,
    mark,
    new_act,
    one_at_a_time,
    own_acts,
    person_mark,
    same_person,
    traced,
)
from lofte.consent.spread import intend, spread
from lofte.datamap.identity import Identity
from lofte.errors import Conflict, Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind, Value
from lofte.plan.holds import Hold, HoldKind
from lofte.plan.objection import known
from lofte.plan.restriction import Ground, Outcome, Told, obeys, releasing, stopped, tells_before_stop
from lofte.plan.scope import purposes as asked_purposes
from lofte.requests.answer import recipients
from lofte.requests.answer.grant import grant
from lofte.requests.course.roads import State
from lofte.requests.erasure import sooner
from lofte.requests.models import Request

_RELEASE = "18.3"
_LOOK_AGAIN = timedelta(days=30)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stopped:
    """A restriction that holds, and the purposes that it stops by now."""

    restriction: Restriction
    purposes: frozenset[str]
    told: bool
    """The person has been told that the service stops, or need not be."""


def restrict(
    house: House,
    identities: Sequence[Identity],
    ground: Ground,
    purposes: Collection[str] = (),
    *,
    connect: Connect | None = None,
    by: str = "",
    request: str = "",
) -> Restriction:
    """Restrict the processing for these purposes, none named = all, and queue what the person is
    told first. Restricting again changes nothing. Raises Unreachable after what was shown is
    restricted."""
    if not identities:
        raise Refused("a restriction needs something to know the person by; give at least one identity")
    if all(map(is_weak, identities)):
        raise Refused(
            "this may be several people's; ask for something that is the person's alone, as an e-mail "
            "address or a customer number"
        )
    purposes = purposes or _asked(house, request)
    for id_ in purposes:
        known(house.policy, id_)
    found: list[Restriction] = []

    def stand(those: Sequence[Identity]) -> None:
        found.append(_stand(house, those, ground, purposes, by, request))

    with recorded(house):
        if request:
            what = {"ground": ground.value, "purposes": sorted(set(purposes))}
            intend(house, request, what, by=by)
        stand(identities)
    if connect is not None:
        spread(house, request or found[0].ref, identities, connect, stand)
    if connect is not None and request:
        everything = sorted(traced(house, identities, connect))
        rows = recipients.held(house, everything, connect, purposes)
        with recorded(house):
            recipients.queue_restricted(house, request, rows)
        _answered_by_another(house, found[0], request)
    return found[0]


def _asked(house: House, request: str) -> Collection[str]:
    """The purposes that a request for some categories comes to; none = all. Raises Refused when no
    purpose keeps to these categories: nothing more is stopped than what was asked."""
    scope = Request.objects.filter(ref=request).values_list("scope", flat=True).first() if request else None
    return asked_purposes(house.policy, scope or ())


def _answered_by_another(house: House, restriction: Restriction, request: str) -> None:
    """The same was asked before and stands already: the second request is answered with the first."""
    first = Request.objects.filter(ref=restriction.request).first()
    if restriction.request != request and first is not None and first.state == State.DELIVERED:
        grant(house, Request.objects.get(ref=request), by=restriction.by)


def tell(house: House, notice: Notice, *, channel: str, by: str = "") -> NoticeTold:
    """Record that the person has been told. Raises Conflict if they were told already."""
    with recorded(house):
        found = Notice.objects.select_for_update().get(pk=notice.pk)
        if hasattr(found, "told"):
            raise Conflict("this has been told already; read it again")
        told = NoticeTold.objects.create(notice=found, channel=channel, **new_act(house, by, found.request))
        payload: dict[str, Value] = {"notice": found.what, "channel": channel}
        _note(house, Kind.NOTICE_TOLD, found.about, payload | ({"by": by} if by else {}))
    return told


def announce_release(house: House, restriction: Restriction, *, by: str = "") -> Notice:
    """Queue the notice that the restriction will be lifted (art. 18.3). Again changes nothing."""
    with recorded(house):
        return _queue(house, restriction, Told.RELEASE, by)


def lift(house: House, restriction: Restriction, outcome: Outcome, *, by: str) -> RestrictionLifted:
    """Lift it, by a new record; what was erased but for it is looked at anew at once. Raises Refused
    unless the person has been told before (art. 18.3), and when the policy does not let it end so;
    Conflict if it is lifted."""
    releasing(house.policy, outcome)
    with recorded(house):
        found = Restriction.objects.select_for_update().get(pk=restriction.pk)
        if hasattr(found, "lifted"):
            raise Conflict("this restriction is lifted already; read it again")
        if not _told(found, Told.RELEASE):
            raise Refused("the person is told before a restriction is lifted (art. 18.3); tell them first")
        lifted = RestrictionLifted.objects.create(
            restriction=found, outcome=outcome, **new_act(house, by, found.request)
        )
        payload: dict[str, Value] = {"outcome": outcome.value}
        _note(house, Kind.RESTRICTION_LIFTED, found.ref, payload | ({"by": by} if by else {}))
        _tell_recipients(house, found, by)
        sooner.judge_now(house, _erased_meanwhile(house, found))
    return lifted


def standing(house: House, identities: Iterable[Identity]) -> list[Stopped]:
    """The restrictions that hold for this person now, and what they stop."""
    found = Restriction.objects.filter(ref__in=acts_about(house, identities), lifted=None).order_by("id")
    return [stopped_by(house, each) for each in found]


def stopped_by(house: House, restriction: Restriction) -> Stopped:
    """What a restriction that holds stops by now."""
    told = not tells_before_stop(house.policy) or _told(restriction, Told.STOP)
    purposes = stopped(house.policy, restriction.purposes, told_of_stop=told)
    return Stopped(restriction=restriction, purposes=purposes, told=told)


def obeyed(
    house: House,
    identities: Iterable[Identity],
    right: Right,
    *,
    erasing_for: str = "",
    asked_by_person: bool = False,
) -> None:
    """Every plan of ours asks here before it touches a person's data. Raises Refused, with the
    article, while a restriction forbids it; reading for the person is never forbidden."""
    for each in standing(house, identities):
        ground = Ground(each.restriction.ground)
        why = obeys(right, ground, erasing_for=erasing_for, asked_by_person=asked_by_person)
        if why is not None:
            raise Refused(why)


def as_holds(house: House, persons: Mapping[int, Iterable[Identity]]) -> dict[int, tuple[Hold, ...]]:
    """The restrictions in force, as what stops an erasure that the person has not asked for now:
    one by the house itself, on its day. Looked at again every thirty days."""
    held = {}
    for number, identities in persons.items():
        holds = tuple(_as_hold(house, each.restriction) for each in standing(house, identities))
        if holds:
            held[number] = holds
    return held


def as_holds_by(house: House, marks: Collection[str]) -> tuple[Hold, ...]:
    """As `as_holds`, of one person who is known by marks alone."""
    acts = Mark.objects.filter(person__in=sorted(marks), weak=False).values("act")
    found = Restriction.objects.filter(ref__in=acts, lifted=None).order_by("id")
    return tuple(_as_hold(house, each) for each in found)


def waiting_notices(about: str = "") -> list[Notice]:
    """What people are still to be told, of one restriction or of all, oldest first."""
    waiting = Notice.objects.filter(told=None).order_by("id")
    return list(waiting.filter(about=about) if about else waiting)


def _stand(
    house: House,
    identities: Sequence[Identity],
    ground: Ground,
    purposes: Collection[str],
    by: str,
    request: str,
) -> Restriction:
    """Let it stand for these identities, in the caller's `recorded` transaction."""
    one_at_a_time(house, identities)
    own = own_acts(house, identities)
    for before in standing(house, identities):
        same = before.restriction
        if same.ref in own and same.ground == ground and set(same.purposes) == set(purposes):
            if new := mark(house, same.ref, identities):
                _note(house, Kind.PERSON_MARKED, same.ref, {"identities": new})
            return same
    restriction = Restriction.objects.create(
        ground=ground, purposes=sorted(set(purposes)), **new_act(house, by, request)
    )
    mark(house, restriction.ref, identities)
    if tells_before_stop(house.policy):
        _queue(house, restriction, Told.STOP, by)
    payload: dict[str, Value] = {"article": ground.article, "purposes": len(set(purposes))}
    _note(house, Kind.RESTRICTION_PLACED, restriction.ref, payload | ({"by": by} if by else {}))
    return restriction


def _tell_recipients(house: House, restriction: Restriction, by: str) -> None:
    """Those who wait to be told of it are not told; those who were told hear that it is lifted, when no
    other restriction of the person holds (art. 19)."""
    recipients.recall_restricted(house, restriction.request, by=by)
    together = Restriction.objects.filter(ref__in=same_person(restriction.ref).values("act"))
    if not together.filter(lifted=None).exists():
        for request in sorted({each.request for each in together if each.request}):
            recipients.queue_lifted(house, request)


def _erased_meanwhile(house: House, restriction: Restriction) -> set[int]:
    """The requests of the person whose rows may have been kept for the restriction."""
    marks = set(Mark.objects.filter(act=restriction.ref, weak=False).values_list("person", flat=True))
    left = sooner.with_rows_left(house)
    return {pk for pk, shown in left.items() if any(person_mark(house, i) in marks for i in shown)}


def _as_hold(house: House, restriction: Restriction) -> Hold:
    return Hold(
        ref=restriction.ref,
        kind=HoldKind.RESTRICTION,
        case="",
        review_on=house.today + _LOOK_AGAIN,
        placed_by=restriction.by,
        placed_at=restriction.at,
    )


def _told(restriction: Restriction, what: Told) -> bool:
    return NoticeTold.objects.filter(notice__about=restriction.ref, notice__what=what).exists()


def _queue(house: House, restriction: Restriction, what: Told, by: str) -> Notice:
    before = Notice.objects.filter(about=restriction.ref, what=what).first()
    if before is not None:
        return before
    notice = Notice.objects.create(
        about=restriction.ref, what=what, **new_act(house, by, restriction.request)
    )
    article = _RELEASE if what is Told.RELEASE else Ground(restriction.ground).article
    _note(house, Kind.NOTICE_QUEUED, restriction.ref, {"notice": what.value, "article": article})
    return notice


def _note(house: House, kind: Kind, ref: str, payload: dict[str, Value]) -> None:
    note(kind, ref, payload, at=house.now, policy_version=house.policy_version)

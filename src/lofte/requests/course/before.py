"""What the same person has asked before and is not answered about, and what is kept since an erasure.

A person is known by keyed identities, as they were shown or as a system told them. Whoever shows another
number of the same kind is somebody else, though an address be the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db.models import Q, QuerySet

from lofte.datamap.identity import STRENGTH, Identity, Strength
from lofte.errors import Refused
from lofte.execution.house import House
from lofte.law.rights import Right
from lofte.plan.records import Verb
from lofte.plan.scope import EVERYTHING, Scope, within
from lofte.requests import sealing
from lofte.requests.course.receive import identities_of
from lofte.requests.course.roads import State
from lofte.requests.models import Deferral, Erasure, Identifier, Request

OPEN = (State.RECEIVED, State.IDENTIFIED, State.SEARCHING)
_UNANSWERED = [state for state in State if state.open]
_NOBODYS = tuple(kind.value for kind, strength in STRENGTH.items() if strength is Strength.WEAK)
_ONE_EACH = tuple(kind.value for kind, strength in STRENGTH.items() if strength is Strength.UNIQUE)


def open_wish(
    house: House, right: Right, shown: Collection[Identity], scope: Scope = EVERYTHING
) -> Request | None:
    """The request of the person who shows this, for the same right and no less, that is not answered yet:
    the same wish is gone on with, not doubled (art. 12.3); a wider one is another. None when there is
    none."""
    among = Request.objects.filter(state__in=_UNANSWERED)
    return next((r for r in _same(house, shown, among, right) if within(scope, r.scope)), None)


def same_wishes(request: Request) -> Sequence[Request]:
    """The other requests of the same right that are open and that the same person has made, as far as what
    they are known by tells: for those who work here, never for whoever asks. A wish from the portal is not
    joined to another there, for that would say that it is known (art. 12.3)."""
    rows = request.identifiers.exclude(kind__in=_NOBODYS).values_list("kind", "lookup")
    mine = _by_kind(rows)
    wanted = [lookup for some in mine.values() for lookup in some]
    among = Request.objects.filter(state__in=_UNANSWERED, right=request.right, identifiers__lookup__in=wanted)
    found = among.exclude(pk=request.pk).order_by("number").distinct()
    return [other for other in found if not _somebody_else(mine, other)]


def waiting(house: House, shown: Collection[Identity]) -> str:
    """The number of the erasure of everything that this person has asked for and is not answered about;
    empty when there is none."""
    for request in _same(house, shown, Request.objects.filter(state__in=OPEN)):
        if not request.scope:
            return request.number
    return ""


def insist_first(house: House, request: Request) -> None:
    """Raises Refused when the person has asked before for no less, and is not answered yet: one case is
    gone on with, not doubled."""
    earlier = Request.objects.filter(state__in=OPEN, pk__lt=request.pk)
    for other in _same(house, identities_of(house, request), earlier):
        if not within(request.scope, other.scope):
            continue
        raise Refused(f"this person has asked already, in request {other.number}; go on with that one")


def kept(house: House, shown: Collection[Identity], *, but: int | None = None) -> tuple[str, ...]:
    """The numbers of the cases in which something of this person is kept or not gone yet; `but` is the
    case that is asked about."""
    others = Request.objects.exclude(pk=but) if but else Request.objects.all()
    same = _same(house, shown, others)
    if not same:
        return ()
    pks = [request.pk for request in same]
    later = set(Deferral.objects.filter(request__in=pks, done_at=None).values_list("request_id", flat=True))
    staying = Erasure.objects.filter(request__in=pks).filter(Q(until=None) | Q(until__gte=house.today))
    left = staying.filter(~Q(verb=Verb.DELETE) & ~Q(ground=""), rows__gt=0)
    begun = Erasure.objects.filter(request__in=[r.pk for r in same if r.state in OPEN], rows__gt=0)
    standing = later | {pk for some in (left, begun) for pk in some.values_list("request_id", flat=True)}
    return tuple(request.number for request in same if request.pk in standing)


def _same(
    house: House, shown: Collection[Identity], among: QuerySet[Request], right: Right = Right.ERASURE
) -> Sequence[Request]:
    """The requests for this right of the person who shows this, in order."""
    telling = [i for i in shown if STRENGTH[i.kind] is not Strength.WEAK]
    mine = _by_kind((i.kind.value, sealing.lookup(house.keys.lookup, i)) for i in telling)
    wanted = [lookup for some in mine.values() for lookup in some]
    if not wanted:
        return ()
    told = Q(identifiers__lookup__in=wanted) | Q(deferred_identities__lookup__in=wanted)
    found = among.filter(told, right=right).order_by("number").distinct()
    return [request for request in found if not _somebody_else(mine, request)]


def _somebody_else(mine: Mapping[str, set[str]], request: Request) -> bool:
    rows = Identifier.objects.filter(request=request).values_list("kind", "lookup")
    theirs = _by_kind(rows)
    return any(mine[kind].isdisjoint(theirs[kind]) for kind in _ONE_EACH if kind in mine and kind in theirs)


def _by_kind(rows: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for kind, lookup in rows:
        found[kind].add(lookup)
    return found

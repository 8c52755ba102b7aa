"""Who takes care of a request: taken on, given to another, let go. One at a time; the last record counts."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Max, OuterRef, Subquery

from lofte.accounts.models import Handler
from lofte.accounts.roles import Permission
from lofte.errors import Conflict, Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.ledger.kinds import Kind, Value
from lofte.requests.course.roads import State
from lofte.requests.models import Assigned, Request

_AT_ONCE = 500


def assign(house: House, request: Request, *, to: str, by: str) -> Assigned | None:
    """Give a request to a handler (by random id), or to nobody. None when they have it already. Raises
    Refused when they may not work on it, Conflict when it is answered."""
    if to:
        insist_may_have(to)
    with recorded(house):
        now_is = Request.objects.select_for_update().get(pk=request.pk)
        if not State(now_is.state).open:
            raise Conflict("this request is answered already; read it again")
        if assigned_to([now_is]).get(now_is.pk, "") == to:
            return None
        assigned = Assigned.objects.create(request=now_is, to=to, by=by, at=house.now)
        payload: dict[str, Value] = {key: ref for key, ref in (("to", to), ("by", by)) if ref}
        note(
            Kind.REQUEST_ASSIGNED,
            now_is.ref,
            payload,
            at=house.now,
            policy_version=house.policy_version,
        )
    return assigned


def insist_may_have(to: str) -> None:
    """Nothing, when this handler may be given requests. Raises Refused."""
    if to not in {each.ref for each in may_have()}:
        raise Refused("only who works on requests can be given one; choose somebody else")


def may_have() -> list[Handler]:
    """Those who may be given requests, by name."""
    working = [
        each for each in Handler.objects.filter(is_active=True) if each.may(Permission.WORK_ON_REQUESTS)
    ]
    return sorted(working, key=lambda each: str(each).casefold())


def assigned_to(requests: Sequence[Request]) -> dict[int, str]:
    """Who has each of these, by key of the request; none stands for nobody."""
    found: dict[int, str] = {}
    pks = [request.pk for request in requests]
    for start in range(0, len(pks), _AT_ONCE):
        of = Assigned.objects.filter(request__in=pks[start : start + _AT_ONCE]).order_by().values("request")
        newest = of.annotate(newest=Max("id")).values("newest")
        found |= dict(Assigned.objects.filter(pk__in=newest).values_list("request_id", "to"))
    return {pk: to for pk, to in found.items() if to}


def who_has() -> Subquery:
    """The same inside a question about many requests; NULL or empty = nobody."""
    return Subquery(Assigned.objects.filter(request=OuterRef("pk")).order_by("-id").values("to")[:1])

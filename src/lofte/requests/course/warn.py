"""Warning whoever takes care of a request that its time runs out (art. 12.3), and saying it once.

Hard rules:
- Each mark of `law.clock` is told once for each last day; that it is told is a record and an entry, in one
  transaction with the letter. Two workers, or one that starts anew, tell it no twice.
- When several marks have passed unseen, one letter tells where it stands now. Who has many requests gets
  one letter of them all: a morning's letters are read, a hundred are not.
- A letter holds a number, a right and days. Who asks stands in none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max

from lofte.accounts.models import Handler
from lofte.accounts.roles import Permission
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.law.calendar import civil_date
from lofte.law.clock import Mark, reached
from lofte.ledger.kinds import Kind
from lofte.mail import chat
from lofte.mail.letters import letter
from lofte.mail.post import post
from lofte.plan.words import say_date
from lofte.requests.course.assign import assigned_to
from lofte.requests.course.roads import State
from lofte.requests.course.ticking import clock_of
from lofte.requests.models import Request, Warned

AT_ONCE = 50
"""Requests in a letter."""
LANGUAGE = "sv"
"""What those who work here are written to in."""
_OPEN = [state.value for state in State if state.open]
_RIGHTS: Mapping[str, str] = {
    "access": "registerutdrag",
    "rectification": "rättelse",
    "erasure": "radering",
    "restriction": "begränsning",
    "portability": "dataportabilitet",
    "objection": "invändning",
    "withdrawal": "återkallat samtycke",
    "human_review": "mänsklig omprövning",
}


def warn(house: House, *, in_chat: bool = False) -> int:
    """Tell those whose requests run out of time; returns how many requests were told of. With `in_chat`
    also in the chat of those who work here. One whose clock
    stands still is told of when it goes on: nobody can hurry before."""
    waiting = Request.objects.filter(state__in=_OPEN).prefetch_related("clock_events")
    due = [
        _Due(request=request, marks=marks)
        for request, told in _since(waiting.annotate(told=Max("warnings__at")))
        if (marks := reached(clock_of(request), told, house.today))
    ]
    if not due:
        return 0
    done = 0
    for to, some in _by_handler(due):
        for start in range(0, len(some), AT_ONCE):
            done += _told(house, some[start : start + AT_ONCE], to, in_chat=in_chat)
    return done


@dataclass(frozen=True, kw_only=True, slots=True)
class _Due:
    """A request, and the marks that it has reached since it was last told of."""

    request: Request
    marks: tuple[Mark, ...]


def _by_handler(due: Sequence[_Due]) -> Iterable[tuple[tuple[Handler, ...], list[_Due]]]:
    """Who is told of which: who takes care of it, else all who carry out."""
    has = assigned_to([each.request for each in due])
    working = [each for each in Handler.objects.filter(is_active=True) if each.may(Permission.FULFIL_REQUEST)]
    by_ref = {each.ref: each for each in Handler.objects.filter(ref__in=has.values(), is_active=True)}
    found: dict[str, list[_Due]] = {}
    for each in due:
        to = has.get(each.request.pk, "")
        found.setdefault(to if to in by_ref else "", []).append(each)
    for ref, some in found.items():
        yield (by_ref[ref],) if ref else tuple(working), some


def mark_name(mark: Mark) -> str:
    """What a mark is called in the store and in the ledger."""
    return f"gone-{mark.gone}" if mark.gone else f"left-{mark.left}"


def _since(requests: Iterable[Request]) -> Iterable[tuple[Request, date]]:
    """Each with the day from which marks are new."""
    for request in requests:
        told = getattr(request, "told", None)
        received = civil_date(request.received_at) - timedelta(days=1)
        yield request, civil_date(told) if told else received


def _told(house: House, some: Sequence[_Due], to: Sequence[Handler], *, in_chat: bool) -> int:
    """The marks of these written down, and one letter to each; returns how many were new. What another
    worker was quicker with is left out."""
    with recorded(house):
        keys = [each.request.pk for each in some]
        list(Request.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
        new = [(each.request, marks) for each in some if (marks := _new(house, each))]
        if not new:
            return 0
        addresses = [*(each.email for each in to), *([chat.TO] if in_chat else [])]
        letters = sum(_post(house, [request for request, _ in new], each) for each in addresses)
        for request, marks in new:
            day = clock_of(request).due(house.today)
            Warned.objects.bulk_create(
                Warned(request=request, mark=mark, due_on=day, at=house.now) for mark in marks
            )
            note(
                Kind.DEADLINE_WARNED,
                request.ref,
                {"mark": marks[-1], "due_on": day.isoformat(), "letters": letters},
                at=house.now,
                policy_version=house.policy_version,
            )
    return len(new)


def _new(house: House, each: _Due) -> list[str]:
    """The marks that nobody has been told of with this last day."""
    day = clock_of(each.request).due(house.today)
    there = set(Warned.objects.filter(request=each.request, due_on=day).values_list("mark", flat=True))
    return [name for mark in each.marks if (name := mark_name(mark)) not in there]


def _post(house: House, requests: Sequence[Request], to: str) -> bool:
    facts = [_facts(house, request) for request in requests]
    if len(requests) == 1:
        written, about = letter(house, "deadline", LANGUAGE, **facts[0]), requests[0]
        return post(house, written, to, about=about) is not None
    lines = "\n".join("{number} ({right}), {due}: {left}".format(**each) for each in facts)
    written = letter(house, "deadlines", LANGUAGE, many=str(len(requests)), requests=lines)
    return post(house, written, to) is not None


def _facts(house: House, request: Request) -> dict[str, str]:
    day = clock_of(request).due(house.today)
    return {
        "number": request.number,
        "right": _RIGHTS.get(request.right, request.right),
        "left": _left((day - house.today).days),
        "due": say_date(day).say(LANGUAGE),
    }


def _left(days: int) -> str:
    """As people say it."""
    if days == 0:
        return "sista dagen är i dag"
    many = "1 dag" if abs(days) == 1 else f"{abs(days)} dagar"
    return f"{many} kvar" if days > 0 else f"{many} för sent"

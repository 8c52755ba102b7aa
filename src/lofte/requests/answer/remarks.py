"""What those who work here have noted about the person, in the person's answer: it is held about them, as all
else (art. 15.1).

Hard rules:
- What a remark tells of others is taken out: their numbers and addresses at once, their names when somebody
  has looked (art. 15.4). A remark that names somebody waits, as a row does.
- Only remarks on requests of this person, known by an identity that is not weak, are given; on another
  request of theirs only when it was shown there who they are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import Q

from lofte.datamap.identity import STRENGTH, Identity, Strength
from lofte.detect.names import propose, take_out
from lofte.detect.text import DOTS, redact
from lofte.execution.house import House
from lofte.law.calendar import civil_date
from lofte.plan.records import DatasetRef
from lofte.requests import sealing
from lofte.requests.answer.weigh import Scale
from lofte.requests.course.remark import words_of
from lofte.requests.models import Remark, Request

REMARKS = DatasetRef(system="lofte", dataset="remarks")
"""Where they stand, among what is found and what is looked at."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Remarks:
    """Remarks as the person gets them, each with its day and its request, and how many wait or are kept
    back for others' sake."""

    given: tuple[str, ...] = ()
    waiting: int = 0
    kept_back: int = 0


def remarks_of(
    house: House, request: Request, scale: Scale, identities: Collection[Identity], *, called: Collection[str]
) -> Remarks:
    """The remarks on this person, the first first. `identities` and the names they are `called` are the
    person's own and stay."""
    given, waiting, back = [], 0, 0
    for remark in _about(house, request, identities):
        text = redact(words_of(house, remark), identities, house.today)
        names = propose(text, own=called)
        if names:
            said = scale.weigh(REMARKS, {"remark": text}, names, certain=True)
            if said.give is None:
                waiting += 1
                continue
            if not said.give:
                back += 1
                continue
            text = take_out(text, said.words, DOTS)
        given.append(f"{civil_date(remark.at)} ({remark.request.number})\n{text}")
    return Remarks(given=tuple(given), waiting=waiting, kept_back=back)


def _about(house: House, request: Request, identities: Collection[Identity]) -> Iterator[Remark]:
    lookups = [
        sealing.lookup(house.keys.lookup, each)
        for each in identities
        if STRENGTH[each.kind] is not Strength.WEAK
    ]
    theirs = Q(request__identifiers__lookup__in=lookups, request__identifications__isnull=False)
    mine = Q(request=request) | (Q(request__case=request.case) if request.case_id else Q())
    found = Remark.objects.filter(mine | theirs).exclude(request__key=b"")
    yield from found.select_related("request").distinct().order_by("id")

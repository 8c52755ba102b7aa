"""The person has signed in with e-ID: which cases are theirs, and what goes on by it (art. 12.6).

Hard rules:
- An e-ID says who looks, and not whose case it is. A case is theirs when the number stands in it, or when
  our own systems know one person by that number and by all that the case holds.
- Is the number unknown to our systems, it only stands there because somebody typed it: whoever has it is let
  into no case that somebody has proven to be theirs in another way.
- The person is found by the number alone, whatever else was typed, and the rest is theirs or is dropped: an
  address of somebody else beside one's own number is never seen to be known.
- Beside the number, only what our systems know the same person by is looked for. Do they not know the
  number at all, nothing goes on by it: to look for less than was asked would give too small an answer.
- A mark of a protected identity is looked for before the case opens, where the data map has such a column.
- Nothing goes on unasked: the person says which case they mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lofte.datamap.identity import Identity
from lofte.datamap.protected import has_columns
from lofte.execution.book import recorded
from lofte.execution.house import House
from lofte.law.wording import Wording
from lofte.requests import sealing
from lofte.requests.course.protected import is_protected
from lofte.requests.course.receive import identities_of
from lofte.requests.course.search import Connect
from lofte.requests.door.contacts import OnFile, on_file
from lofte.requests.door.identify import Level, method_of
from lofte.requests.door.protected import protect
from lofte.requests.door.proved import missing, proved
from lofte.requests.models import Case, Challenge, Identification, Request

METHOD = Wording(sv="e-legitimation i portalen", en="e-ID in the portal")


@dataclass(frozen=True, kw_only=True, slots=True)
class Entered:
    """Whether the case opened, and whether something in it still waits for another proof."""

    theirs: bool
    level: Level = Level.NOTHING
    """How surely the case is theirs: a number that only somebody typed into it shows where it stands, and
    opens nothing."""
    waits: bool = False
    opens: bool = True
    """Whether the case may be read in the portal: that of somebody with a protected identity may not."""


def cases_of(house: House, shown: Sequence[Identity]) -> tuple[Case, ...]:
    """The cases that hold what was shown, the newest first."""
    lookups = [sealing.lookup(house.keys.lookup, each) for each in shown]
    found = Case.objects.filter(items__identifiers__lookup__in=lookups)
    return tuple(found.distinct().order_by("-received_at", "-id")[:50])


def may_be_chosen(case: Case) -> bool:
    """Whether it is named to whoever has signed in."""
    return not is_protected(case)


def enter(house: House, case: Case, shown: Sequence[Identity], connect: Connect) -> Entered:
    """Open a case by e-ID, and let what is asked in it go on. Raises Unreachable when a system does not
    answer, which may know the person by more."""
    there, holds = _identities(house, case), case in cases_of(house, shown)
    found = _found(house, there, shown, connect) if there else OnFile()
    told = found.told
    if not holds and not (told and set(there) <= set(told)):
        return Entered(theirs=False)
    if not told and _is_anothers(house, case, shown):
        return Entered(theirs=False)
    if found.protected:
        protect(house, case, "")
    if told:
        with recorded(house):
            proved(
                house,
                case,
                level=Level.PROVEN,
                method=METHOD.say(case.language),
                proven=[each for each in shown if each in told],
                told=[each for each in told if each not in shown],
            )
    level = Level.PROVEN if told else Level.NOTHING
    waits = missing(case, Level.NOTHING) is not None
    return Entered(theirs=True, level=level, waits=waits, opens=not is_protected(case))


def _found(house: House, there: Sequence[Identity], shown: Sequence[Identity], connect: Connect) -> OnFile:
    """What belongs to whom the e-ID names, as our systems know it; all that was shown, when the case holds
    nothing else. Nothing told = they do not know that number."""
    others = [each for each in there if each not in shown]
    if not others and not has_columns(house.datamap):
        return OnFile(told=tuple(shown))
    found = on_file(house, [*shown, *others], connect, by=shown)
    if not others:
        return replace(found, told=tuple(shown))
    return found if any(each in found.told for each in shown) else OnFile()


def _is_anothers(house: House, case: Case, shown: Sequence[Identity]) -> bool:
    """Whether somebody has shown in another way that the case is theirs: by anything but the e-ID of whoever
    looks now."""
    if Challenge.objects.filter(case=case).exclude(passed=None).exists():
        return True
    lookups = [sealing.lookup(house.keys.lookup, each) for each in shown]
    known = Identification.objects.filter(request__case=case, level__gt=Level.NOTHING)
    return any(
        each.by
        or not each.request.key
        or method_of(house, each) not in (METHOD.sv, METHOD.en)
        or not each.request.identifiers.filter(lookup__in=lookups).exists()
        for each in known.select_related("request")
    )


def _identities(house: House, case: Case) -> tuple[Identity, ...]:
    """What the requests of the case hold; of one whose key is destroyed, nothing is known any more."""
    living = Request.objects.filter(case=case).exclude(key=b"").order_by("id")
    return tuple(dict.fromkeys(each for request in living for each in identities_of(house, request)))

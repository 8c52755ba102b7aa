"""What we have about the person, on a page: looked up by the worker, shown when they open it, and corrected
there by themselves where it does no harm (art. 15, 16)."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from lofte.errors import Conflict, LedgerClosed, Refused
from lofte.execution.house import House
from lofte.law.rights import Right
from lofte.portal import eid
from lofte.portal.doorway import at_the_door, at_work
from lofte.portal.mine_words import NEEDS
from lofte.portal.visitor import Visitor, visitor
from lofte.requests.answer import own_data, self_correct
from lofte.requests.answer.own_data import Seen, Standing
from lofte.requests.answer.self_correct import LONGEST, Wrong
from lofte.requests.door.identify import NEEDED, Level
from lofte.requests.models import Case
from lofte.requests.package.glance import Part

WRONG: dict[str, str | Promise] = {
    Wrong.EMPTY: lazy("Write what is right."),
    Wrong.SAME: lazy("That is what stands there already. Write what is right instead."),
    Wrong.LONG: lazy("Write one line of at most 200 characters."),
    Wrong.CODE: lazy("We do not know this value. Write one of those that we use."),
    Wrong.REACHED: lazy(
        "This is an address or a number that somebody is known by. Ask for a rectification instead."
    ),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """Something that the person may correct."""

    id: str
    item: str
    name: str
    was: str
    written: str = ""
    wrong: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_door
def own_page(request: HttpRequest) -> HttpResponse:
    """How far the look-up has come; by POST it is ordered, opened, or something in it corrected."""
    who = visitor(request)
    if who is None:
        return redirect("portal:mine")
    house, case = at_work().house, Case.objects.get(ref=who.case)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    if own_data.may_look(who.level):
        try:
            if act == "order":
                own_data.order(house, case, level=who.level)
                return redirect("portal:own-data")
            if act == "open":
                return _shown(request, house, case, who)
            if act == "correct":
                return _corrected(request, house, case, who)
        except LedgerClosed:
            raise
        except Conflict:
            return redirect("portal:own-data")
        except Refused:
            return _page(request, who, Standing.NOT_HERE)
        return _page(request, who, own_data.standing(house, case))
    return _page(request, who, Standing.NOTHING, status=403 if act else 200)


def _page(request: HttpRequest, who: Visitor, standing: Standing, *, status: int = 200) -> HttpResponse:
    missing = not own_data.may_look(who.level)
    page = {
        "here": "mine",
        "standing": standing.value,
        "missing": missing,
        "needs": NEEDS[NEEDED[Right.ACCESS]] if missing else "",
        "sign_in": eid.name() if missing else "",
    }
    return render(request, "portal/own_data.html", page, status=status)


def _shown(
    request: HttpRequest,
    house: House,
    case: Case,
    who: Visitor,
    wrong: dict[str, tuple[str, str]] | None = None,
) -> HttpResponse:
    seen = own_data.look(house, case, level=who.level)
    language = "en" if get_language() == "en" else "sv"
    side = seen.sides[language]
    page = {
        "here": "mine",
        "categories": side["categories"],
        "parts": [_paired(part) for part in side["parts"]],
        "more": seen.more,
        "waiting": seen.waiting,
        "lines": _lines(seen, language, wrong or {}),
        "longest": LONGEST,
        "sign_in": eid.name() if seen.more else "",
        "surest": NEEDS[Level.PROVEN] if seen.more else "",
    }
    return render(request, "portal/own_data_shown.html", page, status=422 if wrong else 200)


def _paired(part: Part) -> dict[str, object]:
    """A dataset with what each cell is called beside it; a cell that is empty is left out."""
    rows = [[pair for pair in zip(part["heads"], row, strict=True) if pair[1]] for row in part["rows"]]
    return {**part, "rows": rows, "fewer": part["count"] > len(rows)}


def _lines(seen: Seen, language: str, wrong: dict[str, tuple[str, str]]) -> list[Line]:
    lines = []
    for number, each in enumerate(seen.whole["correctable"]):
        for place, was in enumerate(each["values"] or [""]):
            id_ = f"{number}-{place}"
            written, why = wrong.get(id_, ("", ""))
            name = each["en"] if language == "en" else each["sv"]
            item = f"{each['category']}.{each['item']}"
            lines.append(Line(id=id_, item=item, name=name, was=was, written=written, wrong=why))
    return lines


def _corrected(request: HttpRequest, house: House, case: Case, who: Visitor) -> HttpResponse:
    """Write down what the person says is right; a value with a fault is told at its field."""
    id_, now = request.POST.get("line", ""), request.POST.get("now", "")[: LONGEST + 1]
    found = own_data.at_hand(house, case, level=who.level)
    number, _dash, place = id_.partition("-")
    offered = found["correctable"]
    if not (number.isdecimal() and place.isdecimal() and int(number) < len(offered)):
        return redirect("portal:own-data")
    what = offered[int(number)]
    values: list[str | None] = [*what["values"]] or [None]
    if int(place) >= len(values):
        return redirect("portal:own-data")
    was = values[int(place)]
    if not _as_on_the_page(request, f"{what['category']}.{what['item']}", was or ""):
        return redirect("portal:own-data")
    fault = self_correct.judge(house, what, was, now)
    if fault is not None:
        return _shown(request, house, case, who, {id_: (now, str(WRONG[fault.number]))})
    made = self_correct.correct(house, case, what, was, now, level=who.level)
    messages.success(
        request, _("We have it, and correct it now, as request %(number)s.") % {"number": made.number}
    )
    return redirect("portal:mine")


def _as_on_the_page(request: HttpRequest, item: str, was: str) -> bool:
    """Whether what is corrected is what stood on the page: it may have been looked up anew since, in another
    window."""
    said = (request.POST.get("item", item), request.POST.get("was", was))
    return [each.split() for each in said] == [each.split() for each in (item, was)]

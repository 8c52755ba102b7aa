"""How far something is asked: everything, or some kinds of data, as somebody reads them and says them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lofte.errors import Conflict, Refused
from lofte.execution.house import House
from lofte.plan.scope import choices, named
from lofte.portal.doorway import at_the_door, at_work
from lofte.portal.visitor import visitor
from lofte.requests.course.scoped import scoped
from lofte.requests.door.identify import Level
from lofte.requests.models import Request


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A kind of data that may be chosen."""

    id: str
    name: str
    chosen: bool = False


def kinds(house: House, chosen: Collection[str] = ()) -> tuple[Kind, ...]:
    """The kinds of data that we have, in plain words; none where there is but one to choose."""
    language = _language()
    held = choices(house.policy, house.datamap)
    if len(held) < 2:
        return ()
    return tuple(
        Kind(id=id_, name=_capital(name.say(language)), chosen=id_ in chosen) for id_, name in held.items()
    )


def asked_about(house: House, request: Request) -> tuple[str, ...]:
    """What a request is limited to, in words; nothing = everything."""
    return tuple(_capital(name.say(_language())) for name in named(house.policy, request.scope))


@require_POST
@at_the_door
def scope_page(request: HttpRequest, number: str) -> HttpResponse:
    """Say what is meant, when we have asked: the time goes on from today."""
    who = visitor(request)
    if who is None or who.level < Level.CONTACT:
        return redirect("portal:mine")
    found = Request.objects.filter(case__ref=who.case, number=number).first()
    if found is None:
        raise Http404
    picked = request.POST.getlist("kinds")
    if not picked and request.POST.get("all") != "1":
        messages.error(request, _("Choose at least one kind of data, or everything."))
        return redirect("portal:mine")
    try:
        scoped(at_work().house, found, () if request.POST.get("all") == "1" else picked)
        messages.success(request, _("Thank you. We go on with what you said."))
    except (Conflict, Refused):
        messages.error(request, _("It cannot be said now: it is said already, or answered."))
    return redirect("portal:mine")


def _language() -> str:
    return "en" if get_language() == "en" else "sv"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

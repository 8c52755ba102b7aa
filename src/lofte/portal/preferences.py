"""A person's own choices: what their data may be used for, said no to by a button (art. 7.3, 21)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from lofte.errors import Conflict, Refused
from lofte.execution.house import House
from lofte.notices.models import PublishedPolicy
from lofte.portal.doorway import at_the_door, at_work
from lofte.portal.visitor import Visitor, visitor
from lofte.requests.door.preferences import Against, Preference, history, preferences
from lofte.requests.models import Case
from lofte.requests.worker.at_once import choose

_GROUPS = (
    (
        Against.MARKETING,
        lazy("Advertising"),
        lazy("You may say no at any time, and need no reason. It stops at once."),
    ),
    (
        Against.CONSENT,
        lazy("What you have said yes to"),
        lazy("You may take a yes back at any time. What was done before stays lawful."),
    ),
    (
        Against.INTEREST,
        lazy("What we do because we have an interest in it"),
        lazy("If you say no it stops, and somebody weighs whether our reasons are stronger than yours."),
    ),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A purpose as the page shows it."""

    purpose: str
    name: str
    text: str
    since: date | None
    doing: bool
    weighed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """The purposes that one says no to in the same way."""

    id: str
    name: str
    text: str
    choices: tuple[Choice, ...]


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_door
def preferences_page(request: HttpRequest) -> HttpResponse:
    """What the data of whoever is in may be used for, and a no to each of it."""
    who = visitor(request)
    if who is None:
        return redirect("portal:mine")
    house, case = at_work().house, Case.objects.get(ref=who.case)
    if request.method == "POST":
        return _say_no(request, house, case)
    try:
        stands = preferences(house, case)
        before = history(house, case)
    except Refused:
        messages.error(request, _("This case is over, and nothing of it can be read any more."))
        return redirect("portal:mine")
    language = "en" if get_language() == "en" else "sv"
    return render(
        request,
        "portal/preferences.html",
        {
            "groups": [
                Group(id=against, name=str(name), text=str(text), choices=_choices(stands, against, language))
                for against, name, text in _GROUPS
                if any(each.against is against for each in stands)
            ],
            "history": [(said, ", ".join(name.say(language) for name in said.purposes)) for said in before],
            "versions": _versions(who, case),
            "here": "preferences",
        },
    )


def _say_no(request: HttpRequest, house: House, case: Case) -> HttpResponse:
    """The no that was pressed; one that is said already, or that nobody can say, changes nothing."""
    purpose = request.POST.get("purpose", "")
    there = next((each for each in preferences(house, case) if each.purpose == purpose), None)
    if there is None or there.since or there.doing:
        messages.info(request, _("Nothing was changed."))
        return redirect("portal:preferences")
    try:
        choose(house, case, there.against.right, [purpose])
        messages.success(
            request, _("We have it, and obey it now. It may take a minute before it shows here.")
        )
    except (Conflict, Refused):
        messages.error(request, _("It could not be noted. Try again, or write to us."))
    return redirect("portal:preferences")


def _choices(stands: tuple[Preference, ...], against: Against, language: str) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            purpose=each.purpose,
            name=each.name.say(language),
            text=each.text.say(language) if each.text else "",
            since=each.since,
            doing=each.doing,
            weighed=each.weighed,
        )
        for each in stands
        if each.against is against
    )


def _versions(who: Visitor, case: Case) -> list[tuple[PublishedPolicy, bool]]:
    """The versions of the policy, the newest first, and which of them held when the person asked."""
    applied = set(case.items.values_list("policy_version", flat=True))
    published = PublishedPolicy.objects.order_by("-effective_from", "-id")
    return [(each, each.version in applied) for each in published]

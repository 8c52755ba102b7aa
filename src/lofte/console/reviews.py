"""Human reviews in the console: a machine's decision that a person wants a human being to look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lofte.accounts.roles import Permission
from lofte.console import forms
from lofte.console.allowed import acting, allowed, at_work, handler
from lofte.console.pages import handlers
from lofte.plan.review import Outcome
from lofte.requests.answer import review as reviews
from lofte.requests.answer.review import Waiting


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewLine:
    """A review that waits for a human being."""

    number: str
    decision: str
    case: str
    since: datetime
    who: str
    """Who has it; empty while nobody has."""
    withdrawn: bool


@require_safe
@allowed(Permission.SEE_REQUESTS)
@acting("requests")
def review_list(request: HttpRequest) -> HttpResponseBase:
    """The reviews that nobody has decided yet, the oldest first."""
    lines = [_line(each) for each in reviews.waiting(at_work().house)]
    return render(request, "console/reviews.html", {"here": "watch", "lines": lines})


@require_POST
@allowed(Permission.REVIEW_DECISION)
@acting("reviews")
def take(request: HttpRequest, number: str) -> HttpResponseBase:
    """Whoever presses takes it on; nobody else decides it then."""
    mine = handler(request).ref
    reviews.assign(at_work().house, _waiting(number).review, to=mine, by=mine)
    return redirect("console:review", number=number)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Permission.REVIEW_DECISION)
@acting("reviews")
def review_page(request: HttpRequest, number: str) -> HttpResponseBase:
    """What the person says of the decision, how the machine decides, and what a human being decides."""
    waiting, form = _waiting(number), forms.Decide(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        outcome, mine = Outcome(given["outcome"]), handler(request).ref
        reviews.decide(at_work().house, waiting.review, outcome, why=given["why"], by=mine)
        messages.success(request, _("It is decided. The person is told the reasons."))
        return redirect("console:request", number=number)
    house = at_work().house
    language = get_language() or "sv"
    known = house.policy.automated_decisions.get(waiting.decision)
    return render(
        request,
        "console/review.html",
        {
            "here": "watch",
            "line": _line(waiting),
            "view": reviews.view_of(house, waiting.review),
            "logic": known.logic.say(language) if known else "",
            "effects": known.effects.say(language) if known else "",
            "form": form,
        },
    )


def _waiting(number: str) -> Waiting:
    for each in reviews.waiting(at_work().house):
        if each.number == number:
            return each
    raise Http404


def _line(waiting: Waiting) -> ReviewLine:
    who = waiting.assigned_to
    return ReviewLine(
        number=waiting.number,
        decision=waiting.name.say(get_language() or "sv"),
        case=waiting.review.case,
        since=waiting.since,
        who=handlers({who})[who] if who else "",
        withdrawn=waiting.withdrawn,
    )

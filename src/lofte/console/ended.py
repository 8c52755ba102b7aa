"""What is over: holds that are lifted, restrictions that have ended, recipients that are told, reviews
that are decided. Nothing leaves a list without standing in this one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lofte.accounts.roles import Permission
from lofte.consent.models import RestrictionLifted
from lofte.console import words
from lofte.console.allowed import allowed
from lofte.console.names import now_called
from lofte.console.pages import handlers
from lofte.plan.holds import HoldKind
from lofte.requests.models import HoldLifting, RecipientTold, Request, ReviewDecided

MOST = 200
"""So many are shown, the last first; the ledger has them all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EndedLine:
    """Something that is over."""

    name: str
    number: str
    """Of the request it was for; empty for none."""
    what: str
    how: str
    at: datetime
    by: str


@require_safe
@allowed(Permission.SEE_REQUESTS)
def hold_list(request: HttpRequest) -> HttpResponseBase:
    """The holds that are lifted."""
    found = HoldLifting.objects.select_related("hold").order_by("-id")[:MOST]
    lines = (
        EndedLine(
            name=each.hold.case,
            number="",
            what=str(words.HOLDS[HoldKind(each.hold.kind)]),
            how=_("Lifted"),
            at=each.at,
            by=each.by,
        )
        for each in found
    )
    return _page(request, "holds", gettext_lazy("Lifted holds"), lines)


@require_safe
@allowed(Permission.SEE_REQUESTS)
def restriction_list(request: HttpRequest) -> HttpResponseBase:
    """The restrictions that have ended."""
    found = RestrictionLifted.objects.select_related("restriction").order_by("-id")[:MOST]
    asked = (each.restriction.request for each in found)
    numbers = dict(Request.objects.filter(ref__in=asked).values_list("ref", "number"))
    lines = (
        EndedLine(
            name=numbers.get(each.restriction.request, ""),
            number=numbers.get(each.restriction.request, ""),
            what=words.called(words.RESTRICTED, each.restriction.ground),
            how=words.called(words.RESTRICTION_ENDS, each.outcome),
            at=each.at,
            by=each.by,
        )
        for each in found
    )
    return _page(request, "restrictions", gettext_lazy("Ended restrictions"), lines)


@require_safe
@allowed(Permission.SEE_REQUESTS)
def recipient_list(request: HttpRequest) -> HttpResponseBase:
    """The recipients that are told, or could not be."""
    called = now_called(get_language() or "sv")
    found = RecipientTold.objects.select_related("notice__request").order_by("-id")[:MOST]
    lines = (
        EndedLine(
            name=called.recipient(each.notice.recipient),
            number=each.notice.request.number,
            what=words.right_called(each.notice.right)[0],
            how=words.called(words.CHANNELS, each.channel) if each.channel else _("Could not be told"),
            at=each.at,
            by=each.by,
        )
        for each in found
    )
    return _page(request, "recipients", gettext_lazy("Recipients that are told"), lines)


@require_safe
@allowed(Permission.SEE_REQUESTS)
def review_list(request: HttpRequest) -> HttpResponseBase:
    """The reviews that a human being has decided."""
    called = now_called(get_language() or "sv")
    found = ReviewDecided.objects.select_related("review__request").order_by("-id")[:MOST]
    lines = (
        EndedLine(
            name=each.review.request.number,
            number=each.review.request.number,
            what=called.decision(each.review.decision),
            how=words.called(words.DECIDED, each.outcome),
            at=each.at,
            by=each.by,
        )
        for each in found
    )
    return _page(request, "reviews", gettext_lazy("Decided reviews"), lines)


def _page(
    request: HttpRequest, kind: str, title: str | Promise, lines: Iterable[EndedLine]
) -> HttpResponseBase:
    told = list(lines)
    who = handlers({each.by for each in told})
    context = {
        "here": "watch",
        "kind": kind,
        "open": f"console:{kind}",
        "ended": f"console:{kind}-ended",
        "title": title,
        "lines": [(each, who[each.by]) for each in told],
        "most": MOST if len(told) == MOST else 0,
    }
    return render(request, "console/ended.html", context)

"""Holds in the console: what must stay although it would go, whose review is due, placing and lifting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lofte.accounts.roles import Permission
from lofte.consent.person import is_known
from lofte.console import forms, words
from lofte.console.allowed import acting, allowed, at_work, handler
from lofte.console.deadline import Deadline, seen_from
from lofte.console.names import Names, now_called
from lofte.console.pages import handlers
from lofte.errors import Unreachable
from lofte.plan.holds import HoldKind
from lofte.requests.erasure import holds
from lofte.requests.models import HoldRecord


@dataclass(frozen=True, kw_only=True, slots=True)
class HoldLine:
    """A hold in force."""

    ref: str
    case: str
    kind: str
    article: str
    categories: str
    who: str
    placed: datetime
    review: Deadline


@require_safe
@allowed(Permission.SEE_REQUESTS)
def hold_list(request: HttpRequest) -> HttpResponseBase:
    """The holds in force, those whose review is overdue first."""
    found = list(HoldRecord.objects.filter(liftings=None).order_by("review_on", "id"))
    return render(
        request,
        "console/holds.html",
        {
            "here": "watch",
            "lines": _lines(found),
            "overdue": sum(1 for each in found if each.review_on and each.review_on < timezone.localdate()),
            "may_place": handler(request).may(Permission.PLACE_HOLD),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Permission.PLACE_HOLD)
@acting("holds")
def place(request: HttpRequest) -> HttpResponseBase:
    """Keep what would go, from now."""
    house = at_work().house
    called = now_called(get_language() or "sv")
    categories = [(id_, called.category(id_)) for id_ in house.policy.categories]
    form = forms.PlaceHold(request.POST or None, house=house, categories=categories)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["review_on"] <= house.today:
            form.add_error("review_on", _("The day must lie ahead."))
        else:
            _place(request, form)
            return redirect("console:holds")
    return render(request, "console/place_hold.html", {"here": "watch", "form": form})


def _place(request: HttpRequest, form: forms.PlaceHold) -> None:
    given, work = form.cleaned_data, at_work()
    silent: Unreachable | None = None
    known: bool | None = None
    try:
        holds.place(
            work.house,
            kind=form.what_for,
            identities=form.identities,
            case=given["case"],
            review_on=given["review_on"],
            why=given["why"],
            by=handler(request).ref,
            categories=given["categories"],
            connect=work.connect,
        )
        known = is_known(work.house, form.identities, work.connect)
    except Unreachable as error:
        silent = error
    messages.success(request, _("The hold is placed. It stops every erasure of this person from now on."))
    if known is False:
        messages.warning(
            request, _("No system knows one person by this. The hold stands; see that it is right.")
        )
    if silent is not None:
        raise silent  # it stands for what was shown; placed again, it stands for the rest too


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Permission.PLACE_HOLD)
@acting("holds")
def lift(request: HttpRequest, ref: str) -> HttpResponseBase:
    """End a hold: by a record of who and why."""
    record, form = _in_force(ref), forms.Why(request.POST or None)
    if request.method == "POST" and form.is_valid():
        holds.lift(at_work().house, ref, why=form.cleaned_data["why"], by=handler(request).ref)
        messages.success(request, _("The hold is lifted. It stands in the ledger who did it."))
        return redirect("console:holds")
    return render(
        request, "console/lift_hold.html", {"here": "watch", "form": form, "hold": _lines([record])[0]}
    )


def _in_force(ref: str) -> HoldRecord:
    record = HoldRecord.objects.filter(ref=ref, liftings=None).first()
    if record is None:
        raise Http404
    return record


def _lines(records: list[HoldRecord]) -> list[HoldLine]:
    who = handlers({each.by for each in records})
    called = now_called(get_language() or "sv")
    return [_line(each, who[each.by], called) for each in records]


def _line(record: HoldRecord, who: str, called: Names) -> HoldLine:
    kind = HoldKind(record.kind)
    return HoldLine(
        ref=record.ref,
        case=record.case,
        kind=str(words.HOLDS.get(kind, kind.value)),
        article=_("art. %(article)s") % {"article": kind.article},
        categories=", ".join(called.category(id_) for id_ in record.categories),
        who=who,
        placed=record.at,
        review=seen_from(timezone.localdate(), record.review_on, done=False),
    )

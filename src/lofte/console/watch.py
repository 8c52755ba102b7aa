"""What somebody must look after though no request is opened: holds, restrictions, recipients, reviews."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from lofte.accounts.roles import Permission
from lofte.consent.models import Notice, Restriction, RestrictionBreach
from lofte.console.allowed import allowed
from lofte.console.deadline import Tone
from lofte.intake.settle import unread_of
from lofte.intake.settle import waiting as mail_waiting
from lofte.requests.answer import forward
from lofte.requests.course.before import same_wishes
from lofte.requests.course.roads import State
from lofte.requests.erasure.doubted import unsettled
from lofte.requests.models import HoldRecord, RecipientNotice, Request, Review


@dataclass(frozen=True, kw_only=True, slots=True)
class Matter:
    """One kind of thing to look after."""

    name: str
    about: str
    page: str
    all: int
    urgent: str
    """What waits for somebody, in words; empty = nothing."""
    tone: Tone


@require_safe
@allowed(Permission.SEE_REQUESTS)
def watch(request: HttpRequest) -> HttpResponseBase:
    """How much of each there is, and how much of it waits for somebody."""
    matters = (_mail(), _doubts(), _holds(), _restrictions(), _recipients(), _forwarded(), _reviews())
    return render(request, "console/watch.html", {"here": "watch", "matters": matters})


def elsewhere(request: Request) -> tuple[tuple[str, str], ...]:
    """Other places where something of this request stands: their address, empty where it is no page, and
    what they are called."""
    found: list[tuple[str, str]] = []
    if unread := unread_of(request):
        said = ngettext("%(n)d message waits to be read", "%(n)d messages wait to be read", unread)
        found.append((reverse("console:inbox"), said % {"n": unread}))
    beside = Request.objects.filter(case=request.case_id).exclude(pk=request.pk) if request.case_id else ()
    for other in beside:
        found.append(
            (
                reverse("console:request", args=[other.number]),
                _("%(number)s, which came with it") % {"number": other.number},
            )
        )
    for other in same_wishes(request) if State(request.state).open else ():
        found.append(
            (
                reverse("console:request", args=[other.number]),
                _("%(number)s, the same wish, not answered yet") % {"number": other.number},
            )
        )
    for each in request.rounds.all():
        found.append((reverse("console:round", args=[each.ref]), _("The list it came with")))
    if Restriction.objects.filter(request=request.ref, lifted=None).exists():
        found.append((reverse("console:restriction", args=[request.number]), _("The restriction")))
    if Review.objects.filter(request=request, decided=None).exists():
        found.append((reverse("console:review", args=[request.number]), _("The review")))
    if request.forwarded.filter(told=None).exists():
        found.append((reverse("console:forwarded"), _("Customers who answer")))
    if request.recipient_notices.filter(told=None).exists():
        found.append((reverse("console:recipients"), _("Recipients to be told")))
    return tuple(found)


def _mail() -> Matter:
    waiting = len(mail_waiting())
    said = ngettext("%(n)d is to be read", "%(n)d are to be read", waiting)
    return Matter(
        name=_("E-mail that waits"),
        about=_("What came by e-mail and only a person may judge (art. 12.2)."),
        page="console:inbox",
        all=waiting,
        urgent=said % {"n": waiting} if waiting else "",
        tone=Tone.SOON,
    )


def _doubts() -> Matter:
    waiting = unsettled()
    said = ngettext("%(n)d row waits", "%(n)d rows wait", waiting)
    return Matter(
        name=_("Rows in doubt"),
        about=_("Rows whose day has come, and that no longer tell whose they are (art. 5.1 d)."),
        page="console:doubts",
        all=waiting,
        urgent=said % {"n": waiting} if waiting else "",
        tone=Tone.SOON,
    )


def _holds() -> Matter:
    found = HoldRecord.objects.filter(liftings=None)
    overdue = found.filter(review_on__lt=timezone.localdate()).count()
    said = ngettext("%(n)d is to be looked at again", "%(n)d are to be looked at again", overdue)
    return Matter(
        name=_("Holds"),
        about=_("Data that must stay although they would go (art. 17.3 e)."),
        page="console:holds",
        all=found.count(),
        urgent=said % {"n": overdue} if overdue else "",
        tone=Tone.LATE,
    )


def _forwarded() -> Matter:
    waiting = len(forward.waiting())
    said = ngettext("%(n)d is to be told", "%(n)d are to be told", waiting)
    return Matter(
        name=_("Customers who answer"),
        about=_("Somebody was found in what is only processed for a customer (art. 28.3 e)."),
        page="console:forwarded",
        all=waiting,
        urgent=said % {"n": waiting} if waiting else "",
        tone=Tone.SOON,
    )


def _restrictions() -> Matter:
    found = Restriction.objects.filter(lifted=None).exclude(request="")
    waiting = Notice.objects.filter(told=None, about__in=found.values("ref")).count()
    breached = RestrictionBreach.objects.filter(ended=None).values("restriction").distinct().count()
    said = ngettext("%(n)d person is to be told", "%(n)d persons are to be told", waiting)
    if breached:
        said, waiting = ngettext("%(n)d is not obeyed", "%(n)d are not obeyed", breached), breached
    return Matter(
        name=_("Restrictions"),
        about=_("Data that are stored and not used (art. 18)."),
        page="console:restrictions",
        all=found.count(),
        urgent=said % {"n": waiting} if waiting else "",
        tone=Tone.LATE if breached else Tone.SOON,
    )


def _recipients() -> Matter:
    waiting = RecipientNotice.objects.filter(told=None).count()
    said = ngettext("%(n)d is to be told", "%(n)d are to be told", waiting)
    return Matter(
        name=_("Recipients"),
        about=_("Those who got the data, and are told what became of them (art. 19)."),
        page="console:recipients",
        all=waiting,
        urgent=said % {"n": waiting} if waiting else "",
        tone=Tone.SOON,
    )


def _reviews() -> Matter:
    dropped = (State.REFUSED, State.WITHDRAWN)
    waiting = Review.objects.filter(decided=None).exclude(request__state__in=dropped).count()
    said = ngettext("%(n)d waits for a human being", "%(n)d wait for a human being", waiting)
    return Matter(
        name=_("Human reviews"),
        about=_("A machine's decisions that people want reviewed (art. 22.3)."),
        page="console:reviews",
        all=waiting,
        urgent=said % {"n": waiting} if waiting else "",
        tone=Tone.SOON,
    )

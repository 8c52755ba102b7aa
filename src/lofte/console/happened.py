"""What has happened to a request, in order: its states, and the records that stand beside them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from lofte.consent.models import Notice, Restriction
from lofte.console import words
from lofte.console.names import names
from lofte.console.pages import Moment, handlers
from lofte.law.rights import Right
from lofte.plan.records import Verb
from lofte.requests.course.roads import State
from lofte.requests.models import Request
from lofte.requests.records.deferred import LATER

_PERSON = "person"
Told = tuple[datetime, str, str, str]
"""When, by whom, what and why."""


def happened(request: Request) -> tuple[Moment, ...]:
    """All that is on record, the first first."""
    found = [
        *_states(request),
        *_clock(request),
        *_erasure(request),
        *_restriction(request),
        *_recipients(request),
        *_cared(request),
    ]
    found.sort(key=lambda each: each[0])
    who = {**handlers({by for _at, by, _what, _why in found}), _PERSON: _("The person")}
    return tuple(Moment(what=what, when=at, who=who[by], why=why) for at, by, what, why in found)


def _states(request: Request) -> Iterable[Told]:
    erasures = request.erasures.exclude(step__startswith=LATER)
    nothing = request.right == Right.ERASURE and not erasures.exclude(verb=Verb.KEEP).exists()
    for each in request.transitions.all():
        what = str(words.state_face(each.to_state, request.right).name)
        if nothing and each.to_state == State.DELIVERED:
            what = _("Answered")  # nothing was carried out: all of it is kept, or there was nothing
        yield each.at, each.by, what, words.called(words.GROUNDS, each.why) if each.why else ""


def _clock(request: Request) -> Iterable[Told]:
    for each in request.clock_events.all():
        if each.what == "stop":
            yield each.at, each.by, _("The clock was stopped"), words.called(words.WAITS, each.waits)
        elif each.what == "go_on":
            yield each.at, each.by, _("The clock goes on"), ""
        else:
            said = ngettext("%(n)d month more", "%(n)d months more", each.months)
            yield each.at, each.by, _("The time was extended"), said % {"n": each.months}


def _erasure(request: Request) -> Iterable[Told]:
    """Looked at, approved, ordered. Looked at again, only the last stands here."""
    if seen := request.shown_plans.last():
        yield seen.at, seen.by, _("Looked through"), ""
    for approval in request.approvals.all():
        yield approval.at, approval.by, _("Approved"), ""
    for order in request.orders.all():
        yield order.at, order.by, _("Ordered"), ""
    for back in request.undone.all():
        said = ngettext("%(n)d row is as it was again.", "%(n)d rows are as they were again.", back.rows)
        yield back.at, back.by, _("Undone"), said % {"n": back.rows}


def _restriction(request: Request) -> Iterable[Told]:
    for record in Restriction.objects.filter(request=request.ref).order_by("id"):
        yield record.at, record.by, _("Restricted"), words.called(words.RESTRICTED, record.ground)
        for notice in Notice.objects.filter(about=record.ref, told__isnull=False).select_related("told"):
            how = words.called(words.CHANNELS, notice.told.channel)
            why = f"{words.called(words.NOTICES, notice.what)}. {how}."
            yield notice.told.at, notice.told.by, _("The person was told"), why
        if hasattr(record, "lifted"):
            lifted = record.lifted
            yield (
                lifted.at,
                lifted.by,
                _("The restriction was lifted"),
                words.called(words.RESTRICTION_ENDS, lifted.outcome),
            )


def _recipients(request: Request) -> Iterable[Told]:
    called = names(request.policy_version, get_language() or "sv")
    for notice in request.recipient_notices.exclude(told=None).select_related("told"):
        name, told = called.recipient(notice.recipient), notice.told
        if told.channel:
            how = words.called(words.CHANNELS, told.channel)
            yield told.at, told.by, _("A recipient was told"), f"{name}. {how}."
        else:
            yield told.at, told.by, _("A recipient could not be told"), f"{name}."


def _cared(request: Request) -> Iterable[Told]:
    """Given to somebody, remarked on, said, warned of; never what is written."""
    given = list(request.assignments.all())
    names = handlers({each.to for each in given if each.to})
    for each in given:
        if each.to:
            yield each.at, each.by, _("Given to somebody"), names[each.to]
        else:
            yield each.at, each.by, _("Let go"), ""
    for remark in request.remarks.all():
        yield remark.at, remark.by, _("A remark was written"), ""
    for message in request.messages.all():
        what = _("The person was written to") if message.outgoing else _("The person wrote")
        yield (
            message.at,
            message.by or ("" if message.outgoing else _PERSON),
            what,
            words.called(words.CHANNELS, message.channel),
        )
    told: dict[datetime, date] = {each.at: each.due_on for each in request.warnings.all()}
    for at, due in told.items():
        why = _("The last day is %(day)s.") % {"day": date_format(due, "j F Y")}
        yield at, "", _("Those who work here were told that the time runs out"), why

"""E-mail that waits for a handler: listed without a word of it, opened by who needs it, settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from lofte.accounts.roles import Permission
from lofte.console import case_forms as forms
from lofte.console import words
from lofte.console.allowed import acting, allowed, at_work, handler
from lofte.intake import settle as settling
from lofte.intake.models import Mail, MailOfRequest
from lofte.law.rights import Right
from lofte.requests.course.remark import looked

MOST = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class MailLine:
    """A message that waits: when it came and why, and nothing of what it says."""

    ref: str
    came: datetime
    why: str
    rights: tuple[str, ...]
    """What it seems to ask."""
    requests: tuple[str, ...]
    """Numbers of those that it belongs to."""
    faults: tuple[str, ...]


@require_safe
@allowed(Permission.SEE_REQUESTS)
def mail_list(request: HttpRequest) -> HttpResponseBase:
    """The messages that nobody has looked at, the oldest first."""
    waiting = settling.waiting()
    page = {
        "here": "watch",
        "lines": _lines(waiting[:MOST]),
        "count": len(waiting),
        "may_open": handler(request).may(Permission.RECEIVE_REQUEST),
    }
    return render(request, "console/inbox.html", page)


@require_POST
@allowed(Permission.RECEIVE_REQUEST)
@acting("inbox")
def show(request: HttpRequest, ref: str) -> HttpResponseBase:
    """A message, opened. By POST: a link that is followed by chance opens none, and each look is noted."""
    house = at_work().house
    shown = settling.show(house, ref)
    looked(house, shown.mail.ref, "mail", 1, by=handler(request).ref)
    found = shown.mail
    # What says more in a request asks for that one once more at most.
    asks = () if shown.requests else (*found.rights, *found.perhaps)
    seems = [right for right in asks if right in words.RIGHTS]
    settled = hasattr(found, "settled")
    page = {
        "here": "watch",
        "line": _lines([found])[0],
        "letter": shown.letter,
        "origin": [(name, getattr(found, name.lower()) or _("unknown")) for name in ("SPF", "DKIM", "DMARC")],
        "settled": settled,
        "form": None if settled else forms.Settle(initial={"rights": seems}),
    }
    return render(request, "console/mail.html", page)


@require_POST
@allowed(Permission.RECEIVE_REQUEST)
@acting("inbox")
def settle(request: HttpRequest, ref: str) -> HttpResponseBase:
    """Decide what a message is: a request for each of these rights, or none."""
    form = forms.Settle(request.POST)
    rights = [Right(each) for each in form.cleaned_data["rights"]] if form.is_valid() else None
    if rights is None:
        messages.error(request, _("Choose among the rights that are shown, or none."))
        return redirect("console:inbox")
    opened = settling.settle(at_work().house, ref, rights, by=handler(request).ref)
    if not opened:
        messages.success(request, _("It is noted that the message asks for nothing new."))
        return redirect("console:inbox")
    said = ngettext("Request %(numbers)s is opened.", "Requests %(numbers)s are opened.", len(opened))
    messages.success(request, said % {"numbers": ", ".join(each.number for each in opened)})
    return redirect("console:request", number=opened[0].number)


def _lines(found: list[Mail]) -> list[MailLine]:
    belongs: dict[int, list[str]] = {}
    for mail, number in (
        MailOfRequest.objects.filter(mail__in=found).order_by("id").values_list("mail", "request__number")
    ):
        belongs.setdefault(mail, []).append(number)
    return [
        MailLine(
            ref=each.ref,
            came=each.received_at,
            why=words.mail_called(each.outcome, each.why),
            rights=tuple(words.right_called(right)[0] for right in (*each.rights, *each.perhaps)),
            requests=tuple(belongs.get(each.pk, ())),
            faults=tuple(each.faults),
        )
        for each in found
    ]

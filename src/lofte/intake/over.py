"""A message whose case is over is forgotten: its key is destroyed, and what it sealed never opens again
(art. 5.1 e). So is one that nobody has settled. That it came, when, and what became of it stays."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.intake.acknowledge import PAUSES
from lofte.intake.judge import Outcome
from lofte.intake.models import Acknowledgement, Mail, Settled
from lofte.ledger.kinds import Kind
from lofte.requests.course.over import TOGETHER, WINDOW
from lofte.requests.course.roads import State
from lofte.requests.models import Request, Transition

UNSETTLED = timedelta(days=90)
"""How long a message waits for a handler; it is a stranger's letter, and may ask for nothing."""
_log = logging.getLogger("lofte.intake")
_OPEN = [state for state in State if state.open]


def forget(house: House) -> int:
    """Forget the messages that nobody waits for; returns how many. A message lives as long as its
    requests can be complained of and gone back on (`requests.over.WINDOW`); one that nobody has looked at
    and that belongs to no request, for `UNSETTLED`."""
    since = house.now - WINDOW
    mine, its = {"mail": OuterRef("pk")}, {"mails__mail": OuterRef("pk")}
    seen = Exists(Settled.objects.filter(**mine, at__lte=since))
    needed = (
        Exists(Request.objects.filter(**its, state__in=_OPEN))
        | Exists(Transition.objects.filter(request__mails__mail=OuterRef("pk"), at__gt=since))
        | Exists(Acknowledgement.objects.filter(**mine, sent_at=None, attempts__lt=len(PAUSES)))
    )
    done = Q(outcome=Outcome.OPENED) | seen
    unsettled = ~done & Q(settled=None, taken_at__lte=house.now - UNSETTLED)
    kept = Mail.objects.exclude(key=b"").exclude(needed)
    forgotten = _forgotten(house, kept.filter(done), WINDOW)
    unread = _forgotten(house, kept.filter(unsettled), UNSETTLED)
    if unread:
        _log.warning("not settled in %d days, and destroyed: %d messages", UNSETTLED.days, unread)
    return forgotten + unread


def _forgotten(house: House, mails: QuerySet[Mail], lived: timedelta) -> int:
    found = list(mails.values_list("pk", "ref")[:TOGETHER])
    for pk, ref in found:
        with recorded(house):
            Mail.objects.filter(pk=pk).update(key=b"", raw=b"", sender="")
            Acknowledgement.objects.filter(mail=pk).update(address=b"", recipient="")
            said = {"days": lived.days}
            note(Kind.KEY_SHREDDED, ref, said, at=house.now, policy_version=house.policy_version)
    return len(found)

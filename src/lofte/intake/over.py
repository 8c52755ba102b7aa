"""A message whose case is over is forgotten: its key is destroyed, and what it sealed never opens again
(art. 5.1 e). That it came, when, and what became of it stays."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.intake.acknowledge import PAUSES
from lofte.intake.judge import Outcome
from lofte.intake.models import Acknowledgement, Mail, Settled
from lofte.ledger.kinds import Kind
from lofte.requests.models import Request, Transition
from lofte.requests.over import TOGETHER, WINDOW
from lofte.requests.roads import State

_OPEN = [state for state in State if state.open]


def forget(house: House) -> int:
    """Forget the messages that nobody waits for and nobody is to look at; returns how many. A message
    lives as long as its requests can be complained of and gone back on (`requests.over.WINDOW`)."""
    since = house.now - WINDOW
    mine, its = {"mail": OuterRef("pk")}, {"mails__mail": OuterRef("pk")}
    seen = Exists(Settled.objects.filter(**mine, at__lte=since))
    needed = (
        Exists(Request.objects.filter(**its, state__in=_OPEN))
        | Exists(Transition.objects.filter(request__mails__mail=OuterRef("pk"), at__gt=since))
        | Exists(Acknowledgement.objects.filter(**mine, sent_at=None, attempts__lt=len(PAUSES)))
    )
    done = Mail.objects.filter(Q(outcome=Outcome.OPENED) | seen).exclude(key=b"").exclude(needed)
    found = list(done.values_list("pk", "ref")[:TOGETHER])
    for pk, ref in found:
        with recorded(house):
            Mail.objects.filter(pk=pk).update(key=b"", raw=b"", sender="")
            said = {"days": WINDOW.days}
            note(Kind.KEY_SHREDDED, ref, said, at=house.now, policy_version=house.policy_version)
    return len(found)

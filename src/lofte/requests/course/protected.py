"""Whether the person of a case has a protected identity: the one thing that every way of sending asks
(offentlighets- och sekretesslagen 22 kap. 1 §, folkbokföringslagen 16 §).

Hard rules:
- Nothing goes by e-mail, text message or telephone, and the portal opens nothing. The person is reached by
  a letter that the Tax Agency passes on, or in a visit.
- What sends asks here, in the transaction in which it sends, and again before what was queued leaves.
- What a handler has said of one case holds for every case of whoever shows the same; what somebody only says
  of themselves holds for their own case, or anybody could close another's.
"""

from __future__ import annotations

from django.db.models import Q

from lofte.datamap.identity import STRENGTH, Identity, Strength
from lofte.errors import Refused
from lofte.requests.models import Case, Identifier, Protected, Request

HIDDEN = "•••"
"""What a handler reads in place of a contact."""


_NOBODYS = tuple(kind.value for kind, strength in STRENGTH.items() if strength is Strength.WEAK)


class OnlyByLetter(Refused):
    """The person has a protected identity: reach them by a letter that the Tax Agency passes on."""


def is_protected(case: Case | int | None) -> bool:
    """Whether the last that was said of this case, or by a handler of another of the same person, is that the
    person has a protected identity."""
    if case is None:
        return False
    shown = Identifier.objects.filter(request__case=case).exclude(kind__in=_NOBODYS).values("lookup")
    theirs = Identifier.objects.filter(lookup__in=shown).values("request__case")
    last = Protected.objects.filter(Q(case=case) | (~Q(by="") & Q(case__in=theirs))).order_by("id").last()
    return last is not None and last.on


def insist_reachable(case: Case | int | None) -> None:
    """Nothing, when the person of the case may be written to and may come in by the portal. Raises
    OnlyByLetter."""
    if is_protected(case):
        raise OnlyByLetter(
            "the person has a protected identity; send a letter by the Tax Agency, or hand it over in a visit"
        )


def seen_by_handler(request: Request, identity: Identity) -> str:
    """An identity as a handler reads it: nothing of it where the person has a protected identity, for what
    is read here is read over a shoulder, too."""
    return HIDDEN if is_protected(request.case_id) else identity.value

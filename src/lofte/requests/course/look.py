"""Why somebody looks at what is hidden of a request, where the policy asks for it (art. 5.2, 32.4).

Hard rules:
- Where the policy asks, nothing is shown before a reason is kept. It is sealed under the request's key and
  goes with it; that somebody looked stands in the ledger, as always.
- A reason holds for one person, one request and one kind of thing, for half an hour.
"""

from __future__ import annotations

from datetime import timedelta

from lofte.errors import Refused
from lofte.execution.house import House
from lofte.execution.store import writing
from lofte.requests import sealing
from lofte.requests.models import Look, Request

HOLDS = timedelta(minutes=30)
LONGEST = 500
_WHAT = "look"


def asks(house: House, request: Request, what: str, *, by: str) -> bool:
    """Whether this handler must say why before they look at `what`: the policy wants it, and they have not
    just said it."""
    if not house.policy.rights.defaults.reason_for_look:
        return False
    return not request.looks.filter(what=what, by=by, at__gt=house.now - HOLDS).exists()


def because(house: House, request: Request, what: str, reason: str, *, by: str) -> Look:
    """Keep the reason. Raises Refused for none, one too long, or when the key of the request is destroyed."""
    if not reason.strip():
        raise Refused("write why you look; it is kept with the request")
    if len(reason) > LONGEST:
        raise Refused(f"a reason has at most {LONGEST} letters")
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    with writing():
        return Look.objects.create(
            request=request,
            what=what,
            reason=sealing.seal_text(key, reason.strip(), _WHAT, request.ref),
            by=by,
            at=house.now,
        )


def reason_of(house: House, look: Look) -> str:
    """The reason, opened: for whoever goes through who has looked. Raises Refused when the key of the
    request is destroyed."""
    of = look.request
    key = sealing.unwrap(house.keys.wrapping, of.key, of.ref)
    return sealing.unseal_text(key, bytes(look.reason), _WHAT, of.ref)

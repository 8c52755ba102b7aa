"""By what the person of a case is reached: the contacts that a code was passed for (art. 12.6)."""

from __future__ import annotations

from lofte.datamap.document import Kind as IdentityKind
from lofte.datamap.identity import Identity
from lofte.errors import Refused
from lofte.execution.house import House
from lofte.requests import sealing
from lofte.requests.models import Case, Challenge, Request

KINDS = {"email": IdentityKind.EMAIL, "sms": IdentityKind.PHONE, "call": IdentityKind.PHONE}
"""The kind of contact that a code goes to, by its way."""


def proven_contacts(house: House, case: Case) -> tuple[Identity, ...]:
    """The contacts of a case that a code was passed for: where its person is reached. Raises Refused when
    the key of the case is destroyed."""
    passed = Challenge.objects.filter(case=case, way__in=KINDS).exclude(passed=None)
    return tuple(dict.fromkeys(contact_of(house, each) for each in passed))


def contact_of(house: House, challenge: Challenge) -> Identity:
    """Where the code of a challenge went. Raises Refused when the key of the case is destroyed."""
    first = first_of(challenge.case)
    key = sealing.unwrap(house.keys.wrapping, first.key, first.ref)
    return sealing.unseal(key, challenge.identity, KINDS[challenge.way], first.ref)


def first_of(case: Case) -> Request:
    """The request whose key seals what belongs to the whole case. Raises Refused when there is none."""
    first = case.items.order_by("id").first()
    if first is None:
        raise Refused("there is no request in this case; look at its number again")
    return first
